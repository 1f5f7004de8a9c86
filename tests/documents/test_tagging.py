"""What a screen reader finds in a paper: its structure, read with pdfium, and once more with poppler."""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from kneeclinic.documents import typeface
from kneeclinic.documents.handout import handout_pdf
from kneeclinic.documents.tagging import TaggedCanvas, decoration, figure, group, hex_words, tagged
from kneeclinic.vocabulary import Layout
from tests.documents.paper_builders import CLINIC, SIX, TODAY, a_program, a_runner, knowledge, some_load, some_tape
from tests.documents.test_every_paper import CASES, PAPERS, PROFILES

RAW = pdfium.raw
PLAIN = {"first form": "plain", "weekly form": "plain"}


@dataclass(frozen=True)
class Node:
    kind: str
    alt: str
    language: str
    parts: tuple[Node, ...]

    def all(self) -> Iterator[Node]:
        yield self
        for one in self.parts:
            yield from one.all()


def word(function: object, node: object) -> str:
    size = function(node, None, 0)  # type: ignore[operator]
    buffer = ctypes.create_string_buffer(max(2, size))
    function(node, buffer, size)  # type: ignore[operator]
    return buffer.raw[:size].decode("utf-16-le").rstrip("\0")


def read(node: object) -> Node:
    parts = [RAW.FPDF_StructElement_GetChildAtIndex(node, place) for place in range(RAW.FPDF_StructElement_CountChildren(node))]
    return Node(word(RAW.FPDF_StructElement_GetType, node), word(RAW.FPDF_StructElement_GetAltText, node),
                word(RAW.FPDF_StructElement_GetLang, node), tuple(read(one) for one in parts if one))


def nodes(data: bytes) -> list[Node]:
    """Every element of every page, in reading order."""
    found: list[Node] = []
    for page in pdfium.PdfDocument(data):
        tree = RAW.FPDF_StructTree_GetForPage(page)
        assert tree
        for place in range(RAW.FPDF_StructTree_CountChildren(tree)):
            found += read(RAW.FPDF_StructTree_GetChildAtIndex(tree, place)).all()
        RAW.FPDF_StructTree_Close(tree)
    return found


def full(**options: object) -> bytes:
    case = a_runner(a_program(*SIX, tape=some_tape(), load=some_load()))
    return handout_pdf(case, knowledge(), TODAY, CLINIC, therapist="D. Demo", **options)


@pytest.mark.parametrize("paper", list(PAPERS))
def test_every_paper_is_tagged_with_one_title_and_words_for_every_drawing(paper: str) -> None:
    case = CASES["plain" if paper.startswith("handout") or "form" in paper else "course"]()
    data = PAPERS[paper](case, PROFILES["plain"])
    document = pdfium.PdfDocument(data)
    assert RAW.FPDFCatalog_IsTagged(document)
    found = nodes(data)
    kinds = [one.kind for one in found]
    assert "H1" in kinds
    assert all(one.alt.strip() for one in found if one.kind == "Figure")
    assert b"/DisplayDocTitle true" in data


@pytest.mark.parametrize("paper", list(PAPERS))
def test_a_table_has_as_many_cells_in_each_row_and_its_heads_say_what_they_head(paper: str) -> None:
    case = CASES["plain" if paper.startswith("handout") or "form" in paper else "course"]()
    data = PAPERS[paper](case, PROFILES["plain"])
    written = {int(number): text for number, text in re.findall(rb"\n(\d+) 0 obj\n(<</Type /StructElem.*?)\nendobj", data, re.DOTALL)}
    kinds = {number: re.search(rb"/S /(\w+)", text)[1].decode() for number, text in written.items()}  # type: ignore[index]
    parts = {number: [int(one) for one in re.findall(rb"(\d+) 0 R", text[text.rindex(b"/K ["):])] for number, text in written.items()}
    for table in (number for number, kind in kinds.items() if kind == "Table"):
        rows = [row for row in parts[table] if kinds[row] == "TR"]
        assert rows and len({len(parts[row]) for row in rows}) == 1
    heads = [text for number, text in written.items() if kinds[number] == "TH"]
    assert all(re.search(rb"/A <</O /Table /Scope /(Column|Row)>>", text) for text in heads)
    assert re.search(rb'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">[^<]+</rdf:li>', data)


def test_the_title_is_told_in_both_places_whatever_it_holds() -> None:
    target = BytesIO()
    canvas = TaggedCanvas(target, size=(200, 200), language="en", title="Knee & <b>hip", font=typeface.first_font())
    canvas.showPage()
    canvas.save()
    assert b"Knee &amp; &lt;b&gt;hip</rdf:li>" in target.getvalue()
    assert pdfium.PdfDocument(target.getvalue()).get_metadata_value("Title") == "Knee & <b>hip"


@pytest.mark.parametrize("layout", list(Layout))
def test_a_handout_has_a_heading_a_drawing_and_a_list_for_each_exercise(layout: Layout) -> None:
    found = nodes(full(layout=layout))
    said = [one.alt for one in found if one.kind == "Figure"]
    assert len(said) >= len(SIX)
    assert len(set(said)) == len(said), "each drawing has words of its own"
    assert sum(one.kind == "H2" for one in found) >= len(SIX)
    assert sum(one.kind == "L" for one in found) >= len(SIX)


def test_in_spanish_the_words_of_a_drawing_are_spanish() -> None:
    found = [one for one in nodes(full(language="es")) if one.kind == "Figure"]
    words = knowledge().words("clamshell", "es")
    assert found[0].alt == f"{words.name}: {' '.join(words.cues)}"
    assert {one.language for one in found} == {""}, "of the language of the paper"


def test_poppler_reads_the_parts_in_the_order_of_the_page_with_blanks_between_lines(tmp_path: Path) -> None:
    if not shutil.which("pdfinfo"):
        pytest.skip("needs the package poppler-utils")
    file = tmp_path / "paper.pdf"
    file.write_bytes(full())
    text = subprocess.run(["pdfinfo", "-struct-text", str(file)], capture_output=True, text=True, check=True).stdout
    text = " ".join(text.split())
    words = knowledge().wording["en"].text
    cards = [knowledge().words(one, "en") for one in SIX]
    order = ["Your program, week 4", words["week_title"], *(one.name for one in cards), words["pain_keep_what"], words["tape_step_2"],
             words["running_keep"], words["diary_how"]]
    places = [text.index(one) for one in order]
    assert places == sorted(places)
    for one in cards:
        assert " ".join(one.mistake.split()) in text
    assert "Page 1 of" not in text, "heads and feet are not read aloud"


def test_a_name_in_shaped_letters_carries_its_words_as_typed() -> None:
    target = BytesIO()
    canvas = TaggedCanvas(target, size=(300, 300), language="en", title="t", font=typeface.first_font())
    canvas.setPageCompression(0)
    with tagged(canvas, "P"):
        typeface.draw(canvas, 20, 100, "محمد Ali", 20)
    typeface.draw(canvas, 20, 50, "Ali", 20)
    canvas.showPage()
    canvas.save()
    assert target.getvalue().count(b"/ActualText") == 1
    assert f"/ActualText {hex_words('محمد Ali ')}".encode() in target.getvalue()


def test_marks_do_not_nest_empty_groups_vanish_and_a_plain_canvas_stays_plain() -> None:
    target = BytesIO()
    canvas = TaggedCanvas(target, size=(300, 300), language="en", title="t", font=typeface.first_font())
    with group(canvas, "L"):
        pass
    with tagged(canvas, "P"), tagged(canvas, "H2"), figure(canvas, "words", 0, 0, 1, 1):
        typeface.draw(canvas, 20, 100, "inside", 12)
    with decoration(canvas):
        typeface.draw(canvas, 20, 50, "not read", 12)
    canvas.showPage()
    canvas.save()
    assert [one.kind for one in nodes(target.getvalue())] == ["Document", "P"]
