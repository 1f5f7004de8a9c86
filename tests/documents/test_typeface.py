"""Letters on paper."""

from __future__ import annotations

from io import BytesIO

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface


def page_with(text: str) -> pdfium.PdfDocument:
    target = BytesIO()
    canvas = Canvas(target, invariant=1)
    typeface.draw(canvas, 50, 700, text, 20)
    canvas.save()
    return pdfium.PdfDocument(target.getvalue())


@pytest.mark.parametrize("name", ["O'Brien & <Smith>", "Zoë Çelik", "Ωμέγα Παπαδοπούλου", "Пётр Ильич", "Đặng Thị", "Łódź", "\"Quoted\""])
def test_a_latin_greek_or_cyrillic_name_is_read_back_from_the_page_as_typed(name: str) -> None:
    assert page_with(name)[0].get_textpage().get_text_bounded().strip() == name


@pytest.mark.parametrize("name", ["محمد عبد الله", "שלום עולם", "हिन्दी", "น้ำใจดี", "Հայաստան", "საქართველო"])
def test_a_name_in_a_shipped_script_is_written_with_a_font_that_has_every_letter(name: str) -> None:
    assert typeface.writable(name).replace(" ", "") == name.replace(" ", "")
    assert all(run.font != "NotoSans-Regular" for run in typeface.runs(name) if run.text.strip())
    bitmap = page_with(name)[0].render(scale=1, grayscale=True).to_numpy()
    assert (bitmap < 128).sum() > 50


def test_arabic_letters_are_joined_and_run_from_right_to_left() -> None:
    alone = sum(typeface.width(letter, 20) for letter in "بببب")
    assert typeface.width("بببب", 20) < alone, "joined letters are narrower than letters that stand alone"
    runs = typeface.runs("أحمد Ahmed")
    assert runs[0].text.strip() == "Ahmed"
    assert runs[-1].rtl


def test_a_sign_that_no_font_can_write_is_left_out_instead_of_printed_as_a_box() -> None:
    assert typeface.writable("Mia \U0001f3c3\U0001f3fd\ufe0f Runner") == "Mia Runner"
    assert typeface.writable("\U0001f9bf\U0001f9bf") == ""


@given(st.text(max_size=200), st.floats(min_value=40, max_value=400))
def test_wrapped_lines_fit_and_lose_no_letter(text: str, room: float) -> None:
    clean = typeface.writable(text)
    lines = typeface.wrap(clean, room, 9.5)
    assert "".join("".join(line.split()) for line in lines) == "".join(clean.split())
    assert all(typeface.width(line, 9.5) <= room + 0.01 or len(line) == 1 for line in lines)


def test_text_that_does_not_fit_gets_smaller_and_then_shortened() -> None:
    text, size = typeface.fitted("A rather long name for so small a box", 60, 12, 8)
    assert size == 8
    assert text.endswith("…")
    assert typeface.width(text, size) <= 60
    assert typeface.fitted("Short", 60, 12, 8) == ("Short", 12)
