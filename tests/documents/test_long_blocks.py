"""Shared blocks with more in them than a page or a line holds."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from itertools import pairwise

import pypdfium2 as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.chart_block import ChartBlock, ChartEvent, ChartLine, spread
from kneeclinic.documents.layout import Block, Heading, paged
from kneeclinic.documents.letterhead import letterhead
from kneeclinic.documents.panels import Line, Panel
from kneeclinic.documents.table_block import TableBlock
from tests.documents.paper_builders import CLINIC, TODAY

WORDS = " ".join(f"word{number}" for number in range(3000))
SHEET = letterhead(CLINIC, "A title", subtitle="", language="en")


def pages(*blocks: Block) -> list[list[Block]]:
    found = paged(blocks, SHEET)
    assert all(sum(one.height(SHEET.width) for one in page) <= SHEET.room(number) + 0.01 for number, page in enumerate(found, 1))
    return found


def test_a_row_longer_than_a_page_goes_over_and_loses_no_word() -> None:
    parts = [one for page in pages(TableBlock(("A", "B"), (("x", WORDS), ("y", "z")), (0.3, 0.7))) for one in page]
    assert len(parts) > 1
    assert " ".join(row[1].replace("\n", " ") for one in parts for row in one.rows) == f"{WORDS} z"  # type: ignore[attr-defined]


def test_an_entry_of_a_panel_longer_than_a_page_goes_over_and_loses_no_word() -> None:
    parts = [one for page in pages(Panel("Title", (Line("short", "Lead:"), Line(WORDS, "Why:"), Line("end")), strong=True)) for one in page]
    assert len(parts) > 1
    text = " ".join(line.words.replace("\n", " ") for one in parts for line in one.lines)  # type: ignore[attr-defined]
    assert text == f"short {WORDS} end"


def test_a_heading_stays_with_the_first_row_of_its_table() -> None:
    tall = TableBlock(("A " * 60, "B"), (("x " * 200, "y"), ("z", "z")), (0.3, 0.7))
    heading = Heading("Values")
    for gap in range(20, 200, 7):
        found = pages(TableBlock(("", ""), (("line\n" * int((SHEET.room(1) - gap) // 12.2), "b"),), (0.5, 0.5)), heading, tall)
        page = next(one for one in found if heading in one)
        assert page[-1] is not heading


@pytest.mark.parametrize("text", ["Hacia dónde tirar: ", " á b ", "Dosis – ", "Später:  "])
def test_blanks_at_either_end_have_their_width(text: str) -> None:
    bare = text.strip()
    blanks = len(text) - len(bare)
    assert "".join(run.text for run in typeface.runs(text, True)) == text
    assert typeface.width(text, 10, True) == pytest.approx(typeface.width(bare, 10, True) + blanks * typeface.width(" ", 10, True))


def test_a_rare_blank_and_a_control_character_neither_join_words_nor_print() -> None:
    assert "".join(run.text for run in typeface.runs("12\u2009mm\u00a0é\x07")) == "12 mm é"
    assert "".join(run.text for run in typeface.runs("a\x07b")) == "ab"


def test_labels_beside_a_chart_never_touch() -> None:
    found = spread([10, 10.5, 11, 50], 8, 0, 60)
    assert all(after - before >= 8 - 1e-9 for before, after in pairwise(found))
    assert spread([58, 59, 60], 8, 0, 60)[-1] == 60
    assert spread([5, 30], 8, 0, 60) == [5, 30]


def test_events_of_near_days_get_rows_of_their_own() -> None:
    points = tuple((TODAY - timedelta(days=40 - 10 * number), float(number)) for number in range(5))
    events = tuple(ChartEvent(TODAY - timedelta(days=20 - number), f"a rather long event {number}") for number in range(4))
    bare = ChartBlock("Pain", (ChartLine("", points),), 0, 10, points[0][0], TODAY)
    busy = ChartBlock("Pain", (ChartLine("", points),), 0, 10, points[0][0], TODAY, events=events)
    assert busy.height(300) > bare.height(300) + 3 * busy.size


def test_a_long_address_leaves_room_for_the_title() -> None:
    sheet = letterhead(CLINIC, "Referral", subtitle="", language="en", right=("A street with a name that is longer than any other " * 4,))
    target = BytesIO()
    canvas = Canvas(target, pagesize=sheet.size)
    sheet.head(canvas, sheet.margin, sheet.size[1] - sheet.margin, sheet.width, 1)
    canvas.save()
    assert "Referral" in pdfium.PdfDocument(target.getvalue())[0].get_textpage().get_text_bounded()
