"""The sheet that a patient takes home: what to do, how often, when to stop, and a diary to bring back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kneeclinic.documents.diary_grid import DiaryGrid
from kneeclinic.documents.exercise_card import LARGE, SINGLE, STANDARD, ExerciseCard
from kneeclinic.documents.handout_parts import Parts, Style
from kneeclinic.documents.layout import Block, Heights, Row, Sheet, Words, lay_out, paged
from kneeclinic.documents.pain_rule import PainRule
from kneeclinic.documents.pocket import pocket_pdf
from kneeclinic.documents.speech import Speech
from kneeclinic.knowledge import Knowledge
from kneeclinic.record import Case, ClinicProfile
from kneeclinic.vocabulary import Layout, NotFound, Paper

ONE_SHEET = 2
"""Pages of one sheet, printed on both sides."""
SHORT_CUES = 3
TALLEST_ROW = 24.0
SMALL_HOLE = 110.0
"""Points at the foot of the first page that may stay empty before the pain rule is moved up to fill it."""
ROOMY = Style(STANDARD, 9.5, 2, 1.0, 100)
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
    blocks, sheet, known = _fitted(parts, layout, paper or profile.paper)
    return lay_out(_diary_filled(blocks, sheet, known), sheet, known=known)


def _diary_filled(blocks: list[Block], sheet: Sheet, known: Heights) -> list[Block]:
    """The diary with rows as tall as its page has room for: what is left over is given to who writes by hand."""
    diary = blocks[-1]
    pages = paged(blocks, sheet, known)
    if not isinstance(diary, DiaryGrid) or not diary.rows or diary not in pages[-1]:
        return blocks
    left = sheet.room(len(pages)) - sum(one.height(sheet.width) + sheet.gap for one in pages[-1]) + sheet.gap
    row = min(TALLEST_ROW, diary.row_height + max(0.0, left - 2) / len(diary.rows))
    return [*blocks[:-1], replace(diary, row=row)]


def _fitted(parts: Parts, layout: Layout, paper: Paper) -> tuple[list[Block], Sheet, Heights]:
    """The blocks at the roomiest sizes that still make the fewest pages, or one sheet."""
    best: tuple[int, list[Block], Sheet, Heights] | None = None
    for style in STYLES[layout]:
        sheet, known = parts.sheet(style, paper), Heights()
        candidates = _rule_moved_up(parts.blocks(style)) if style.columns > 1 else [parts.blocks(style)]
        count, _, _, blocks = min(((*_waste(one, sheet, known), place, one) for place, one in enumerate(candidates)), key=lambda one: one[:3])
        if best is None or count < best[0]:
            best = (count, blocks, sheet, known)
        if count <= ONE_SHEET:
            break
    assert best is not None
    return best[1:]


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


def _waste(blocks: list[Block], sheet: Sheet, known: Heights) -> tuple[int, float]:
    """Pages needed, then how large a hole the first page has at its foot: the less of both, the better the sheet."""
    pages = paged(blocks, sheet, known)
    if len(pages) == 1:
        return 1, 0
    used = sum(known[id(one)][1] + sheet.gap for one in pages[0] if id(one) in known)
    return len(pages), max(0, round(sheet.room(1) - used - SMALL_HOLE))
