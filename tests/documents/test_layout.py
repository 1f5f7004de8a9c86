"""Blocks on pages."""

from __future__ import annotations

import pypdfium2 as pdfium
import pytest

from kneeclinic.documents.layout import Block, Heading, Row, Sheet, Space, Words, lay_out, paged
from kneeclinic.vocabulary import Paper


class Box(Block):
    def __init__(self, tall: float) -> None:
        self.tall = tall

    def height(self, width: float) -> float:
        return self.tall

    def draw(self, canvas, x: float, top: float, width: float) -> None:
        canvas.rect(x, top - self.tall, width, self.tall)


def sheet(paper: Paper = Paper.A4) -> Sheet:
    return Sheet(paper=paper, title="A title", author="A clinic", language="en", head=lambda *_: None, head_height=50,
                 later_head_height=20, foot=lambda page, pages: ("A clinic", f"Page {page} of {pages}"))


def test_blocks_that_fit_stay_on_one_page() -> None:
    assert len(paged([Box(100), Box(100)], sheet())) == 1


def test_a_block_that_does_not_fit_begins_the_next_page() -> None:
    pages = paged([Box(400), Box(400)], sheet())
    assert [len(page) for page in pages] == [1, 1]


def test_a_heading_is_never_the_last_thing_on_a_page() -> None:
    room = sheet().room(1)
    heading = Heading("Exercises")
    pages = paged([Box(room - 60), heading, Box(200)], sheet())
    assert [heading in page for page in pages] == [False, True]


def test_a_long_text_goes_over_to_the_next_page_and_loses_no_word() -> None:
    words = " ".join(f"word{number}" for number in range(2500))
    pages = paged([Words(words)], sheet())
    assert len(pages) > 1
    assert " ".join(part.text.replace("\n", " ") for page in pages for part in page) == words
    assert all(sum(part.height(sheet().width) for part in page) <= sheet().room(number) for number, page in enumerate(pages, 1))


def test_a_block_taller_than_a_page_is_named() -> None:
    with pytest.raises(ValueError, match="Box is taller"):
        paged([Box(3000)], sheet())


def test_space_at_the_head_of_a_page_is_dropped() -> None:
    assert paged([Space(30), Box(10)], sheet())[0][0].height(1) == 10


def test_the_pdf_says_its_title_language_and_page_numbers_and_is_the_same_each_time() -> None:
    blocks = [Box(500), Box(500), Row((Box(10), Box(20)), 2)]
    first, second = lay_out(blocks, sheet()), lay_out(blocks, sheet())
    assert first == second
    document = pdfium.PdfDocument(first)
    assert document.get_metadata_value("Title") == "A title"
    assert b"/Lang" in first
    assert len(document) == 2
    assert "Page 2 of 2" in document[1].get_textpage().get_text_bounded()
