"""The pocket card: the whole program on one sheet of paper, folded three times to eight small pages."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.exercise_card import POCKET
from kneeclinic.documents.layout import SIZES
from kneeclinic.documents.palette import ACCENT, INK, LINE, WASH
from kneeclinic.documents.panels import Panel
from kneeclinic.figures.paper import draw_scene
from kneeclinic.record import ProgramItem
from kneeclinic.vocabulary import Paper

if TYPE_CHECKING:
    from kneeclinic.documents.handout import Parts

COLUMNS, ROWS = 2, 4
PAD = 5 * mm
SIZE = 9.5
PANELS_FOR_EXERCISES = COLUMNS * ROWS - 2


def pocket_pdf(parts: Parts, paper: Paper) -> bytes:
    """One page of eight panels as PDF bytes: cover with the pain rule's call, pain rule, then up to two exercises a panel."""
    width, height = SIZES[paper]
    target = BytesIO()
    canvas = Canvas(target, pagesize=(width, height), invariant=1, pageCompression=1, lang=parts.speech.language,
                    initialFontName=typeface.first_font())
    canvas.setTitle(parts.title)
    canvas.setAuthor(parts.profile.name)
    canvas.setSubject(parts.speech.say("handout_title"))
    items = list(parts.program.items)
    a_panel = 1 if len(items) <= PANELS_FOR_EXERCISES else 2
    sheets = [items[start:start + a_panel * PANELS_FOR_EXERCISES] for start in range(0, max(1, len(items)), a_panel * PANELS_FOR_EXERCISES)]
    for chunk in sheets:
        _folds(canvas, width, height)
        panels = [chunk[start:start + a_panel] for start in range(0, len(chunk), a_panel)]
        wide, tall = width / COLUMNS, height / ROWS
        for number in range(COLUMNS * ROWS):
            x, top = (number % COLUMNS) * wide + PAD, height - (number // COLUMNS) * tall - PAD
            room, deep = wide - 2 * PAD, tall - 2 * PAD
            if number == 0:
                lower = _cover(canvas, parts, x, top, room)
                _extras(canvas, parts.running(SIZE), x, lower - 8, room, top - deep)
            elif number == 1:
                lower = _rule(canvas, parts, x, top, room)
                _extras(canvas, parts.worn(SIZE), x, lower - 4, room, top - deep)
            elif number - 2 < len(panels):
                for place, item in enumerate(panels[number - 2]):
                    _exercise(canvas, parts, item, x, top - place * deep / a_panel, room, deep / a_panel)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _folds(canvas: Canvas, width: float, height: float) -> None:
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.setDash(2, 3)
    edge = 5 * mm
    canvas.line(width / 2, edge, width / 2, height - edge)
    for row in range(1, ROWS):
        canvas.line(edge, height * row / ROWS, width - edge, height * row / ROWS)
    canvas.setDash()


def _lines(canvas: Canvas, text: str, x: float, y: float, room: float, size: float, bold: bool = False) -> float:
    for line in typeface.wrap(text, room, size, bold):
        typeface.draw(canvas, x, y - size, line, size, bold=bold, color=INK)
        y -= size * typeface.LEADING
    return y


def _cover(canvas: Canvas, parts: Parts, x: float, top: float, room: float) -> float:
    name, size = typeface.fitted(parts.profile.name, room, SIZE + 1, 7.5, True)
    typeface.draw(canvas, x, top - size, name, size, bold=True, color=ACCENT)
    y = _lines(canvas, parts.title, x, top - 20, room, 13, True)
    y = _lines(canvas, parts.speech.say("handout_for", name=parts.first_name), x, y - 3, room, SIZE + 1)
    y = _lines(canvas, f"{parts.speech.say('therapist', name=parts.therapist)}, {parts.speech.day(parts.today)}", x, y, room, SIZE)
    y = _lines(canvas, parts.speech.say("stop_and_call"), x, y - 6, room, SIZE, True)
    if parts.profile.phone:
        call, size = typeface.fitted(parts.speech.say("call_whom", clinic=parts.profile.name, phone=parts.profile.phone), room, 13, 7.5, True)
        typeface.draw(canvas, x, y - size - 3, call, size, bold=True, color=INK)
        y -= size + 6
    return y


def _extras(canvas: Canvas, panels: list[Panel], x: float, y: float, room: float, lowest: float) -> None:
    """The first lines of running, tape or brace, as many as the panel has room for; never half a sentence."""
    for panel in panels:
        lines = [(panel.title, True), *((f"{one.lead} {one.words}".strip(), bool(one.lead)) for one in panel.lines)]
        if y - _tall(lines[0], room) - _tall(lines[1], room) < lowest:
            return
        for line in lines:
            if y - _tall(line, room) < lowest:
                return
            y = _lines(canvas, line[0], x, y, room, SIZE, line[1])
        y -= 4


def _tall(line: tuple[str, bool], room: float) -> float:
    return len(typeface.wrap(line[0], room, SIZE, line[1])) * SIZE * typeface.LEADING


def _rule(canvas: Canvas, parts: Parts, x: float, top: float, room: float) -> float:
    rule = parts.pain_rule(SIZE, stacked=True)
    y = _lines(canvas, rule.title, x, top, room, 11.5, True) - 3
    for band in rule.bands:
        y = _lines(canvas, f"{band.scale}: {band.name}", x, y, room, SIZE + 1, True)
        y = _lines(canvas, band.advice, x, y, room, SIZE) - 4
    return y


def _exercise(canvas: Canvas, parts: Parts, item: ProgramItem, x: float, top: float, room: float, deep: float) -> None:
    exercise, words = parts.knowledge.exercise(item.exercise), parts.speech.words(item.exercise)
    name, size = typeface.fitted(words.name, room, 11, SIZE, True)
    typeface.draw(canvas, x, top - size, name, size, bold=True, color=INK)
    card = parts.card(item, POCKET)
    roomy = deep > 40 * mm
    picture = 72.0 if roomy else deep - 34
    draw_scene(canvas, card.scene, x, top - 16 - picture, room * 0.5, picture)
    left = x + room * 0.5 + 6
    canvas.setFillColor(WASH)
    canvas.roundRect(left - 3, top - 16 - picture, room * 0.5 - 3, picture, 3, stroke=0, fill=1)
    dose, size = typeface.fitted(card.dose, room * 0.5 - 12, 17, SIZE, True)
    typeface.draw(canvas, left + 2, top - 16 - size - 4, dose, size, bold=True, color=INK)
    y = top - 16 - size - 10
    leg = parts.speech.leg(item.side, exercise.sided)
    for detail in (*((leg,) if leg else ()), *card.dose_details):
        if y - SIZE * typeface.LEADING < top - 16 - picture:
            break
        y = _lines(canvas, detail, left + 2, y, room * 0.5 - 12, SIZE)
    if not roomy:
        return
    y = top - 16 - picture - 4
    for number, cue in enumerate(words.cues, start=1):
        text = f"{number}  {cue}"
        if y - len(typeface.wrap(text, room, SIZE)) * SIZE * typeface.LEADING < top - deep:
            break
        y = _lines(canvas, text, x, y, room, SIZE)

