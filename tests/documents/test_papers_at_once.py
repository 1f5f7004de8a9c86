"""Eight people print at the same moment: every paper, picture and finding is byte for byte what it is when one works alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DESK = '''
import hashlib, random, sys, threading
from concurrent.futures import ThreadPoolExecutor

from kneeclinic.charts.symmetry import symmetry_figure
from kneeclinic.charts.trend import trend_figure
from kneeclinic.charts.week import pain_adherence_load_figure
from kneeclinic.documents.discharge_summary import discharge_summary_pdf
from kneeclinic.documents.handout import handout_pdf
from kneeclinic.documents.letter import referral_letter_pdf
from kneeclinic.documents.progress_report import progress_report_pdf
from kneeclinic.documents.review_sheet import review_sheet_pdf
from kneeclinic.figures import exercise_scene
from kneeclinic.figures.svg import render_svg
from kneeclinic.progress.review import weekly_review
from kneeclinic.rules.assembly import assemble
from kneeclinic.rules.suggest import suggest
from kneeclinic.vocabulary import Layout
from tests.documents.paper_builders import CLINIC, TODAY, a_program, a_runner, knowledge, some_load, some_tape

sys.setswitchinterval(1e-5)
NAMES = ("Aster", "Ñandú Íñigo", "مريم أحمد", "प्रिया शर्मा", "สมชาย ใจดี", "דוד לוי", "Արամ", "გიორგი", "Ольга", "Nguyễn Thị Ánh")
KNOWN = knowledge()
IDS = list(KNOWN.exercises)


def jobs():
    for number, name in enumerate(NAMES):
        case = a_runner(a_program(*IDS[5 * number:5 * number + 6], tape=some_tape(), load=some_load()), given_name=name)
        told = {"therapist": name, "language": ("en", "es")[number % 2]}
        for layout in Layout:
            yield f"handout {layout}", number, lambda case=case, told=told, layout=layout: handout_pdf(
                case, KNOWN, TODAY, CLINIC, layout=layout, **told)
        for make in (referral_letter_pdf, progress_report_pdf, discharge_summary_pdf):
            yield make.__name__, number, lambda case=case, make=make: make(case, KNOWN, TODAY, CLINIC, therapist="T. Demo")
        yield "review", number, lambda case=case: review_sheet_pdf([(case, weekly_review(case, KNOWN, TODAY))], KNOWN, TODAY, CLINIC)
        yield "findings", number, lambda case=case: repr(assemble(suggest(case, KNOWN, TODAY), case, KNOWN, TODAY)).encode()
        yield "trend", number, lambda case=case: trend_figure(case, KNOWN, "pain_worst", TODAY).to_json().encode()
        yield "weeks", number, lambda case=case: pain_adherence_load_figure(case, KNOWN, TODAY).to_json().encode()
        yield "symmetry", number, lambda case=case: symmetry_figure(case, KNOWN, TODAY).to_json().encode()
        yield "picture", number, lambda number=number: render_svg(
            exercise_scene(IDS[number], KNOWN.poses, "left"), 300).encode()


def told(job):
    kind, number, make = job
    return f"{kind} {number} {hashlib.sha256(make()).hexdigest()}"


everything = list(jobs())
hands = int(sys.argv[1])
together = threading.Barrier(hands)


def desk(number):
    mine = random.Random(number).sample(everything, len(everything)) if hands > 1 else everything
    together.wait()
    return [told(job) for job in mine]


with ThreadPoolExecutor(hands) as pool:
    print("\\n".join(sorted({line for lines in pool.map(desk, range(hands)) for line in lines})))
'''


def desks(hands: int) -> list[str]:
    """What so many threads of a fresh process made of the same work, each kind of result once."""
    ran = subprocess.run([sys.executable, "-c", DESK, str(hands)], capture_output=True, text=True, timeout=300, check=False, cwd=ROOT,
                         env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert ran.returncode == 0, ran.stderr[-1500:]
    return ran.stdout.splitlines()


def test_eight_who_print_at_once_get_the_papers_of_one_who_prints_alone() -> None:
    """In processes of their own, from the first font on: what is loaded, shaped and embedded is shared by all threads."""
    alone = desks(1)
    assert len(alone) > 120
    assert desks(8) == alone
