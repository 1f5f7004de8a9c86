"""The sheet that a patient takes home: what to do, how often, when to stop, and a diary to bring back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import permutations, product

from kneeclinic.documents.diary_grid import DiaryGrid
from kneeclinic.documents.exercise_card import LARGE, SINGLE, STANDARD, CardStyle, ExerciseCard
from kneeclinic.documents.handout_parts import Parts, Style
from kneeclinic.documents.layout import Block, Heights, Row, Sheet, Words, lay_out, paged
from kneeclinic.documents.pain_rule import PainRule
from kneeclinic.documents.panels import Panel
from kneeclinic.documents.pocket import pocket_pdf
from kneeclinic.documents.speech import Speech
from kneeclinic.knowledge import Knowledge
from kneeclinic.record import Case, ClinicProfile
from kneeclinic.vocabulary import Layout, NotFound, Paper

ONE_SHEET = 2
"""Pages of one sheet, printed on both sides."""
SHORT_CUES = 3
MOST_TO_ORDER = 4
"""Panels whose orders are all tried."""
COMFORTABLE = 2
"""Sizes that are tried before all exercises stand together on the front; smaller ones only to save a page."""
TALLEST_ROW = 24.0
TWO_LINES, ONE_LINE = 2.5, 1.9
"""Height of a row of the diary against its letters: for names on two lines, and on one."""
LARGE_DIARY = (18.0, 16.5, 15.0, 14.0)
"""Sizes of the letters of the diary in large print, largest first; where none of them has room it stays as it is."""
SMALL_HOLE = 110.0
"""Points at the foot of the first page that may stay empty before the pain rule is moved up to fill it."""
ROOMY = Style(STANDARD, 9.5, 2, 1.0, 100)
AMPLE = Style(CardStyle(name=13.5, dose=25, text=10.5, figure_height=116, leading=1.25), 10.5, 2, 1.0, 112, row=22)
GENEROUS = Style(CardStyle(name=15, dose=28, text=11.5, figure_height=136, leading=1.28), 11.5, 2, 1.0, 124, gap=10, row=24)
FEW_EXERCISES = 4
"""Up to so many, the sheet has room for larger letters."""
TIGHT = replace(STANDARD, most_cues=SHORT_CUES, leading=1.17)
STYLES = {
    Layout.STANDARD: (
        ROOMY,
        replace(ROOMY, card=replace(STANDARD, figure_height=88), figure=92, leading=1.22, gap=8, row=18),
        replace(ROOMY, card=replace(STANDARD, figure_height=88, most_cues=SHORT_CUES), figure=92, leading=1.2, gap=8, row=18, margin=30, pad=7),
        replace(ROOMY, card=replace(TIGHT, figure_height=80, pad=7), figure=88, leading=1.18, gap=6.5, row=17, margin=28, pad=7),
        replace(ROOMY, card=replace(TIGHT, figure_height=72, pad=6), figure=80, leading=1.16, gap=5, row=17, margin=25, pad=6),
        replace(ROOMY, card=replace(TIGHT, name=12, dose=20, figure_height=64, pad=5.5), figure=78, leading=1.16, gap=4.5, row=17, margin=22, pad=6),
    ),
    Layout.LARGE: (
        Style(LARGE, 18, 1, 1.7, 170),
        Style(replace(LARGE, figure_height=150, most_cues=SHORT_CUES, leading=1.18), 18, 1, 1.7, 150, leading=1.2, gap=8),
        Style(replace(LARGE, figure_height=128, most_cues=SHORT_CUES, leading=1.16, pad=7), 18, 1, 1.7, 130, leading=1.18, gap=7, margin=30),
    ),
    Layout.SINGLE: (
        Style(SINGLE, 12, 1, 1.2, 120),
        Style(SINGLE, 11.5, 1, 1.2, 110, leading=1.2, gap=7, margin=30),
        Style(SINGLE, 11, 1, 1.1, 100, leading=1.16, gap=6, margin=28, pad=7),
    ),
}
"""Sizes of each layout, roomiest first; the first that keeps the program on one sheet is taken, else the first with the fewest pages."""


def handout_pdf(case: Case, knowledge: Knowledge, today: date, profile: ClinicProfile, *, therapist: str, language: str = "",
                layout: Layout = Layout.STANDARD, paper: Paper | None = None) -> bytes:
    """The handout of the current program as PDF bytes (invariant: same input, same bytes).

    `language` defaults to the patient's, `paper` to the clinic's. Raises NotFound when the episode has no program yet.
    """
    program = case.program
    if program is None:
        raise NotFound("This episode has no program yet: save one on the program page, then print the handout.")
    speech = Speech(knowledge, language or case.patient.language, case.patient.units)
    parts = Parts(case, program, knowledge, speech, today, profile, therapist)
    if layout is Layout.POCKET:
        return pocket_pdf(parts, paper or profile.paper)
    found = _fitted(parts, layout, paper or profile.paper)
    return lay_out(_diary_filled(found.blocks, found.sheet, found.known, large=layout is Layout.LARGE), found.sheet, known=found.known)


def _diary_filled(blocks: list[Block], sheet: Sheet, known: Heights, *, large: bool = False) -> list[Block]:
    """The diary with rows as tall, and in large print with letters as large, as its page has room for: what is left over is given to who
    writes by hand."""
    diary = blocks[-1]
    pages = paged(blocks, sheet, known)
    if not isinstance(diary, DiaryGrid) or not diary.rows or diary not in pages[-1]:
        return blocks
    left = sheet.room(len(pages)) - sum(one.height(sheet.width) + sheet.gap for one in pages[-1]) + sheet.gap
    room = left + diary.height(sheet.width)
    for size, lines in product(LARGE_DIARY if large else (), (TWO_LINES, ONE_LINE)):
        larger = replace(diary, size=size, row=lines * size)
        if larger.height(sheet.width) <= room - 2:
            return [*blocks[:-1], larger]
    row = min(TALLEST_ROW, diary.row_height + max(0.0, left - 2) / len(diary.rows))
    return [*blocks[:-1], replace(diary, row=row)]


@dataclass(frozen=True)
class Attempt:
    """The sheet at one size: pages needed, whether all exercises stand on the first, the hole at its foot, and how far the rule was moved."""

    pages: int
    apart: bool
    hole: float
    moved: int
    blocks: list[Block]
    sheet: Sheet
    known: Heights

    @property
    def cost(self) -> tuple[int, bool, float, int]:
        return self.pages, self.apart, self.hole, self.moved


def _fitted(parts: Parts, layout: Layout, paper: Paper) -> Attempt:
    """The roomiest sizes that keep all on one sheet, all exercises on its front and no hole below them where a little less
    room does it; else the fewest pages."""
    tried: list[Attempt] = []
    is_short = layout is Layout.STANDARD and len(parts.program.items) <= FEW_EXERCISES
    for style in ((GENEROUS, AMPLE) if is_short else ()) + STYLES[layout]:
        tried.append(_attempt(parts, style, paper))
        if tried[-1].pages <= ONE_SHEET and not tried[-1].apart and not tried[-1].hole:
            return tried[-1]
        if len(tried) > COMFORTABLE + 2 * is_short and any(one.pages <= ONE_SHEET for one in tried):
            break
    fewest = max(ONE_SHEET, min(one.pages for one in tried))
    whole = [one for one in tried if one.pages <= fewest and not one.apart]
    return min(whole, key=lambda one: one.hole) if whole else next(one for one in tried if one.pages <= fewest)


def _attempt(parts: Parts, style: Style, paper: Paper) -> Attempt:
    """The best order of the parts at one size."""
    sheet, known = parts.sheet(style, paper), Heights()
    orders = _rule_moved_up(parts.blocks(style)) if style.columns > 1 else _rest_in_any_order(parts.blocks(style))
    return min((_judged(blocks, moved, sheet, known) for moved, blocks in enumerate(orders)), key=lambda one: one.cost)


def _judged(blocks: list[Block], moved: int, sheet: Sheet, known: Heights) -> Attempt:
    pages = paged(blocks, sheet, known)
    used = sum(known[id(one)][1] + sheet.gap for one in pages[0] if id(one) in known)
    hole = 0.0 if len(pages) == 1 else max(0.0, round(sheet.room(1) - used - SMALL_HOLE))
    apart = any(isinstance(one, Row | ExerciseCard) for page in pages[1:] for one in page)
    return Attempt(len(pages), apart, hole, moved, blocks, sheet, known)


def _rest_in_any_order(blocks: list[Block]) -> list[list[Block]]:
    """The blocks as they are, and with what follows the pain rule in every other order: in large letters a page is soon half empty."""
    rule = next(number for number, one in enumerate(blocks) if isinstance(one, PainRule))
    rest = [one for one in blocks[rule + 1:-1] if isinstance(one, Panel)]
    if len(rest) + rule + 2 != len(blocks) or not 1 < len(rest) <= MOST_TO_ORDER:
        return [blocks]
    return [[*blocks[:rule + 1], *one, blocks[-1]] for one in permutations(rest)]


def _rule_moved_up(blocks: list[Block]) -> list[list[Block]]:
    """The blocks as they are, and with the pain rule before the last row of cards, the last two, and so on, to fill the first page."""
    end = next(number for number, one in enumerate(blocks) if isinstance(one, PainRule)) + 1
    start = end - 2 if isinstance(blocks[end - 2], Words) else end - 1
    found = [blocks]
    while start > 0 and isinstance(blocks[start - 1], Row | ExerciseCard):
        blocks = [*blocks[:start - 1], *blocks[start:end], blocks[start - 1], *blocks[end:]]
        found.append(blocks)
        start, end = start - 1, end - 1
    return found
