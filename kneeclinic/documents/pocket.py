"""The pocket card: the whole program on one sheet of paper, folded three times to eight small pages."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.exercise_card import POCKET, ExerciseCard
from kneeclinic.documents.layout import SIZES, wrap_after
from kneeclinic.documents.palette import ACCENT, INK, LINE, PAPER
from kneeclinic.documents.panels import Panel
from kneeclinic.documents.tagging import TaggedCanvas, figure, group, list_item, tagged
from kneeclinic.figures.paper import draw_scene
from kneeclinic.vocabulary import Paper as PaperSize

if TYPE_CHECKING:
    from kneeclinic.documents.handout_parts import Parts

COLUMNS, ROWS = 2, 4
PAD = 5 * mm
SIZE = 9.5
LEADING = 1.2
HEAD, INDENT = 22.0, 11.0
SYMBOL = 18.0
LEAST_DOSE = 14.0
LEAST_PICTURE, LARGEST_PICTURE = 68.0, 100.0
PANELS_FOR_EXERCISES = COLUMNS * ROWS - 2


def pocket_pdf(parts: Parts, paper: PaperSize) -> bytes:
    """One page of eight panels as PDF bytes: cover with the pain rule's call, pain rule, then up to two exercises a panel."""
    width, height = SIZES[paper]
    target = BytesIO()
    canvas = TaggedCanvas(target, size=(width, height), language=parts.speech.language, title=parts.title, font=typeface.first_font())
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
                    _exercise(canvas, parts, items.index(item) + 1, x, top - place * deep / a_panel, room, deep / a_panel)
        if chunk is sheets[-1]:
            free = range(2 + len(panels), COLUMNS * ROWS)
            _in_full(canvas, [*parts.in_words(SIZE), *parts.running(SIZE)],
                     [((one % COLUMNS) * wide + PAD, height - (one // COLUMNS) * tall - PAD) for one in free], room, deep)
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


def _lines(canvas: Canvas, text: str, x: float, y: float, room: float, size: float, bold: bool = False, kind: str = "P") -> float:
    with tagged(canvas, kind):
        for line in typeface.wrap(text, room, size, bold):
            typeface.draw(canvas, x, y - size, line, size, bold=bold, color=INK)
            y -= size * LEADING
    return y


def _cover(canvas: Canvas, parts: Parts, x: float, top: float, room: float) -> float:
    name, size = typeface.fitted(parts.profile.name, room, SIZE + 1, 7.5, True)
    typeface.draw(canvas, x, top - size, name, size, bold=True, color=ACCENT)
    y = _lines(canvas, parts.title, x, top - 20, room, 13, True, "H1")
    y = _lines(canvas, parts.speech.say("handout_for", name=parts.first_name), x, y - 3, room, SIZE + 1)
    y = _lines(canvas, f"{parts.speech.say('therapist', name=parts.therapist)}, {parts.speech.day(parts.today)}", x, y, room, SIZE)
    y = _lines(canvas, parts.speech.say("stop_and_call"), x, y - 5, room, SIZE, True)
    y = _lines(canvas, parts.speech.say("call_emergency"), x, y, room, SIZE)
    if parts.profile.phone:
        call, size = typeface.fitted(parts.call(), room, 13, 7.5, True)
        typeface.draw(canvas, x, y - size - 3, call, size, bold=True, color=INK)
        y -= size + 6
    return y


def _extras(canvas: Canvas, panels: list[Panel], x: float, y: float, room: float, lowest: float) -> None:
    """The first lines of running, tape or brace, as many as the panel has room for; never half a sentence."""
    for panel in panels:
        lines = [(panel.title, True), *([(panel.aside, True)] if panel.aside else [])]
        lines += [(f"{one.lead} {one.words}".strip(), bool(one.lead) and not one.words) for one in panel.lines]
        if len(lines) > 1 and y - _tall(lines[0], room) - _tall(lines[1], room) < lowest:
            return
        for line in lines:
            if y - _tall(line, room) < lowest:
                return
            y = _lines(canvas, line[0], x, y, room, SIZE, line[1])
        y -= 4


def _in_full(canvas: Canvas, panels: list[Panel], free: list[tuple[float, float]], room: float, deep: float) -> None:
    """Tape, brace and running with every step on the small pages that no exercise takes: each whole, or not at all."""
    for panel in panels:
        lines = [(panel.title, True), *([(panel.aside, True)] if panel.aside else [])]
        lines += [(f"{one.number or ''} {one.lead} {one.words}".strip(), bool(one.lead) and not one.words) for one in panel.lines]
        pages: list[list[tuple[str, bool]]] = [[]]
        for line in lines:
            if sum(_tall(one, room) for one in (*pages[-1], line)) > deep:
                pages.append([])
            pages[-1].append(line)
        if len(pages) > len(free):
            continue
        for page in pages:
            x, y = free.pop(0)
            for words, bold in page:
                y = _lines(canvas, words, x, y, room, SIZE, bold)


def _tall(line: tuple[str, bool], room: float) -> float:
    return len(typeface.wrap(line[0], room, SIZE, line[1])) * SIZE * LEADING


def _rule(canvas: Canvas, parts: Parts, x: float, top: float, room: float) -> float:
    rule = parts.pain_rule(SIZE, stacked=True)
    y = _lines(canvas, rule.title, x, top, room, 11.5, True, "H2") - 3
    for band in rule.bands:
        rule.draw_shape(canvas, band.shape, x + 1, y - SYMBOL - 1, SYMBOL)
        left = SYMBOL + 8
        y = _lines(canvas, f"{band.scale}: {band.name}", x + left, y, room - left, SIZE + 1, True)
        y = _lines(canvas, band.advice, x + left, y, room - left, SIZE) - 4
    return y


def _exercise(canvas: Canvas, parts: Parts, number: int, x: float, top: float, room: float, deep: float) -> None:
    """Number and name, drawing beside the dose, then as many cues as there is room for; the drawing takes what they leave."""
    item = parts.program.items[number - 1]
    card = parts.card(item, POCKET)
    radius = 7.0
    canvas.setFillColor(ACCENT)
    canvas.circle(x + radius, top - 8, radius, stroke=0, fill=1)
    name, size = typeface.fitted(card.name, room - 2 * radius - 6, 11.5, SIZE, True)
    with tagged(canvas, "H2"):
        typeface.draw(canvas, x + radius, top - 11.2, str(number), 9, bold=True, align="center", color=PAPER)
        typeface.draw(canvas, x + 2 * radius + 6, top - 12, name, size, bold=True, color=INK)
    roomy = deep > 40 * mm
    entries = _cues(card.cues, (card.labels[0], card.mistake), room, deep - HEAD - LEAST_PICTURE - 5) if roomy else []
    picture = min(LARGEST_PICTURE, deep - HEAD - (_cues_tall(entries, room) + 5 if entries else 8))
    half = room * 0.52
    with figure(canvas, card.alt or card.scene.alt_text, x, top - HEAD - picture, half, picture, "" if card.alt else "en"):
        draw_scene(canvas, card.scene, x, top - HEAD - picture, half, picture)
    left, wide = x + half + 6, room - half - 6
    canvas.setStrokeColor(ACCENT)
    canvas.setLineWidth(1.2)
    canvas.roundRect(left, top - HEAD - picture + 0.6, wide - 0.6, picture - 1.2, 4, stroke=1, fill=0)
    details = _details(card, wide - 10, picture - LEAST_DOSE * 1.2 - 4)
    dose, size = typeface.fitted(card.dose, wide - 10, min(19.0, (picture - 4 - len(details) * SIZE * LEADING) / 1.2), SIZE, True)
    y = top - HEAD - (picture - size * 1.1 - len(details) * SIZE * LEADING) / 2 - size * 0.85
    with tagged(canvas, "P"):
        typeface.draw(canvas, left + wide / 2, y, dose, size, bold=True, align="center", color=INK)
        y -= size * 0.25 + SIZE
        for detail in details:
            typeface.draw(canvas, left + wide / 2, y, detail, SIZE, align="center", color=INK)
            y -= SIZE * LEADING
    y = top - HEAD - picture - 5
    with group(canvas, "L"):
        _draw_cues(canvas, entries, x, y, room)


def _details(card: ExerciseCard, room: float, tall: float) -> list[str]:
    """Leg, hold and days under the dose, each on a line of its own, or run together where there is no room for so many lines."""
    said = [one for one in (card.leg, *card.dose_details) if one]
    apart = [line for one in said for line in typeface.wrap(one, room, SIZE)]
    return apart if len(apart) * SIZE * LEADING <= tall else list(typeface.wrap(" · ".join(said), room, SIZE))


def _draw_cues(canvas: Canvas, entries: list[tuple[str, str]], x: float, y: float, room: float) -> None:
    for lead, words in entries:
        numbered = lead.isdigit()
        taken = 0.0 if numbered else typeface.width(f"{lead} ", SIZE, True) - INDENT
        with list_item(canvas):
            typeface.draw(canvas, x, y - SIZE, lead, SIZE, bold=True, color=ACCENT if numbered else INK)
            for place, line in enumerate(wrap_after(words, room - INDENT, taken, SIZE)):
                typeface.draw(canvas, x + INDENT + (taken if place == 0 else 0), y - SIZE, line, SIZE, color=INK)
                y -= SIZE * LEADING


def _cues(cues: tuple[str, ...], mistake: tuple[str, str], room: float, tall: float) -> list[tuple[str, str]]:
    """Numbered cues and the mistake, as many as fit into `tall` points; never half a sentence."""
    found: list[tuple[str, str]] = []
    for one in (*((str(number), cue) for number, cue in enumerate(cues, start=1)), mistake):
        if _cues_tall([*found, one], room) > tall:
            break
        found.append(one)
    return found


def _cues_tall(entries: list[tuple[str, str]], room: float) -> float:
    tall = 0
    for lead, words in entries:
        taken = 0.0 if lead.isdigit() else typeface.width(f"{lead} ", SIZE, True) - INDENT
        tall += len(wrap_after(words, room - INDENT, taken, SIZE))
    return tall * SIZE * LEADING
