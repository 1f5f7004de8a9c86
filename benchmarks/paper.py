"""Paper: one figure, one handout, a hundred handouts, against a minimal canvas page as the floor and WeasyPrint (where it is installed) as a peer."""

from __future__ import annotations

import importlib
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from benchmarks.measure import Row, median_ms, paired_ms
from kneeclinic.documents.finished import pack_pdf
from kneeclinic.documents.handout import handout_pdf
from kneeclinic.figures import exercise_scene
from kneeclinic.figures.paper import draw_scene, scene_pdf
from kneeclinic.figures.svg import render_svg
from kneeclinic.knowledge import Knowledge, load_knowledge
from kneeclinic.record import Case, ClinicProfile, Dose, Episode, LoadPlan, Patient, Program, ProgramItem, TapeNote
from kneeclinic.vocabulary import AffectedSide, Sex, TapeComponent

TODAY = date(2026, 1, 5)
CLINIC = ClinicProfile(name="Benchmark Clinic", phone="555-0100")
SIX = ("clamshell", "donkey_kick", "slr_hold", "bridge", "mini_squat", "side_plank_knees")


def a_case(knowledge: Knowledge, name: str = "Demo") -> Case:
    items = []
    for one in SIX:
        facts = knowledge.exercise(one)
        side = AffectedSide.RIGHT if facts.sided else AffectedSide.BOTH
        items.append(ProgramItem(one, side, Dose(facts.dose.sets, facts.dose.reps, facts.dose.hold_s, None, facts.dose.days_per_week)))
    patient = Patient("patient", "K-1", name, "Aster", date(1989, 1, 2), Sex.FEMALE)
    episode = Episode("episode", "patient", AffectedSide.RIGHT, TODAY - timedelta(days=20), "therapist")
    return Case(patient, episode, programs=(Program("program", "episode", "patient", 1, TODAY, 1, tuple(items)),))


def a_full_case(knowledge: Knowledge) -> Case:
    """The same with tape and running: all that one sheet holds."""
    case = a_case(knowledge)
    tape = TapeNote(AffectedSide.RIGHT, (TapeComponent.GLIDE,), "inward", "while running", TODAY, TODAY + timedelta(days=28), "step-down", 6, 2)
    load = LoadPlan(weekly_km=12, longest_run_km=5, runs_per_week=3, walk_run_stage=2, rest_days=(1, 5), cross_training="bike")
    return replace(case, programs=(replace(case.programs[0], tape=tape, load=load),))


def floor() -> bytes:
    """Two canvas pages with one line of text each: the least that ReportLab can do."""
    target = BytesIO()
    canvas = Canvas(target, invariant=1)
    for _ in range(2):
        canvas.drawString(50, 700, "floor")
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def rows() -> list[Row]:
    knowledge = load_knowledge()
    case = a_case(knowledge)

    def handout() -> bytes:
        return handout_pdf(case, knowledge, TODAY, CLINIC, therapist="Therapist")

    def pack() -> int:
        return sum(len(handout_pdf(a_case(knowledge, f"Demo {number}"), knowledge, TODAY, CLINIC, therapist="Therapist")) for number in range(100))

    scene = exercise_scene("donkey_kick", knowledge.poses, "right")
    canvas = Canvas(BytesIO())
    found = [Row("one figure onto an open canvas", median_ms(lambda: draw_scene(canvas, scene, 0, 0, 140, 92), 50))]
    ours, least = paired_ms(lambda: scene_pdf(scene), floor)
    found.append(Row("one figure as a PDF of its own", ours, "two minimal canvas pages", least))
    found.append(Row("one figure as SVG", median_ms(lambda: render_svg(scene), 50)))
    ours, least = paired_ms(handout, floor)
    found.append(Row("handout, 2 pages, 6 exercises", ours, "two minimal canvas pages", least))
    full = a_full_case(knowledge)
    found.append(Row("the same sheet with tape and running", median_ms(
        lambda: handout_pdf(full, knowledge, TODAY, CLINIC, therapist="Therapist"))))
    if has_weasyprint():
        html = weasy_page(knowledge, case)
        ours, peer = paired_ms(handout, lambda: weasy(html), 5)
        found.append(Row("handout, 2 pages, 6 exercises", ours, "WeasyPrint, the same two pages", peer))
    found.append(Row("pack of 100 handouts", median_ms(pack, 3, 0)))
    papers = [handout() for _ in range(100)]
    found.append(Row("these 100 put into one file to print", median_ms(lambda: pack_pdf(papers), 3, 0)))
    return found


def has_weasyprint() -> bool:
    """Whether WeasyPrint is installed and finds Pango, which it draws with."""
    try:
        importlib.import_module("weasyprint")
    except (ImportError, OSError):
        return False
    return True


def weasy_page(knowledge: Knowledge, case: Case) -> str:
    """The same content as HTML with the same drawings, for the peer."""
    program = case.program
    assert program
    cells = [
        f"<td><h3>{knowledge.words(one.exercise, 'en').name}</h3>"
        f"{render_svg(exercise_scene(one.exercise, knowledge.poses, 'right'), 140)}<ol>"
        + "".join(f"<li>{cue}</li>" for cue in knowledge.words(one.exercise, "en").cues) + "</ol></td>"
        for one in program.items
    ]
    cards = f"<table>{''.join(f'<tr>{cells[at]}{cells[at + 1]}</tr>' for at in range(0, len(cells), 2))}</table>"
    say = knowledge.wording["en"].text
    rule = "".join(f"<p><b>{say[f'pain_{one}_range']}: {say[f'pain_{one}_name']}</b> {say[f'pain_{one}_what']}</p>"
                   for one in ("go_on", "keep", "step_back"))
    row = "<tr><td>{name}</td>" + "<td>&nbsp;</td>" * 7 + "</tr>"
    names = [*(knowledge.words(one.exercise, "en").name for one in program.items), say["worst_pain"], say["next_morning"]]
    table = f"<table border=1>{''.join(row.format(name=one) for one in names)}</table>"
    style = "@page {size: A4; margin: 12mm} body {font: 9.5pt Noto Sans} h3, ol, p {margin: 2pt} svg {width: 120pt; height: 80pt}"
    second = f"<div style='break-before:page'>{rule}{table}</div>"
    return f"<html><style>{style}</style><body><h1>Your program</h1>{cards}{second}</body></html>"


def weasy(html: str) -> bytes:
    from weasyprint import HTML

    return bytes(HTML(string=html).write_pdf())
