"""What the four papers for colleagues share: nothing leaves the page, nothing is read as markup, the worst case is printed whole."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pypdfium2 as pdfium
import pytest

from kneeclinic.documents.discharge_summary import discharge_summary_pdf
from kneeclinic.documents.letter import referral_letter_pdf
from kneeclinic.documents.progress_report import progress_report_pdf
from kneeclinic.documents.visit_note import visit_note_pdf
from kneeclinic.record import Case, ClinicProfile
from tests.documents.clinical_builders import (
    LONG,
    SHARP,
    TODAY,
    a_course,
    a_draft,
    a_visit,
    a_wordy_clinic,
    an_empty_course,
    an_imperial_clinic,
    seen,
    the_worst,
)
from tests.documents.paper_builders import CLINIC, knowledge, pages_of, text_of

Box = tuple[float, float, float, float]
Paper = Callable[[Case, ClinicProfile], bytes]
PAPERS: dict[str, Paper] = {
    "visit note": lambda case, clinic: visit_note_pdf(case, case.visits[-1] if case.visits else a_visit(), knowledge(), TODAY, clinic),
    "draft note": lambda case, clinic: visit_note_pdf(
        case, a_draft(note=case.visits[-1].note if case.visits else {}), knowledge(), TODAY, clinic),
    "progress report": lambda case, clinic: progress_report_pdf(case, knowledge(), TODAY, clinic, therapist=case.therapist_name("therapist")),
    "referral letter": lambda case, clinic: referral_letter_pdf(case, knowledge(), TODAY, clinic, therapist=case.therapist_name("therapist")),
    "discharge summary": lambda case, clinic: discharge_summary_pdf(case, knowledge(), TODAY, clinic, therapist=case.therapist_name("therapist")),
}
CASES: dict[str, Callable[[], tuple[Case, ClinicProfile]]] = {
    "plain": lambda: (a_course(), CLINIC), "nothing on record": lambda: (an_empty_course(), CLINIC), "worst": lambda: (the_worst(), CLINIC),
    "worst on letter paper": lambda: (the_worst(), an_imperial_clinic()), "wordy clinic": lambda: (a_course(), a_wordy_clinic()),
    "one value": lambda: (a_course(a_visit(), observations=(seen("akps", 60),)), CLINIC),
}
QUIET_EDGE_MM = 4


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("paper", PAPERS)
def test_no_ink_is_near_the_edge_and_no_page_is_blank(paper: str, case: str) -> None:
    scale = 1.5
    edge = int(QUIET_EDGE_MM / 25.4 * 72 * scale)
    for page in pages_of(PAPERS[paper](*CASES[case]()), scale):
        inner = page[edge:-edge, edge:-edge]
        assert (np.delete(page, np.s_[edge:-edge], 0) > 250).all()
        assert (np.delete(page, np.s_[edge:-edge], 1) > 250).all()
        body = inner[int(0.07 * len(inner)):int(0.93 * len(inner))]
        assert (body < 128).sum() > 100, "a page carries more than its head and foot"


@pytest.mark.parametrize("paper", PAPERS)
def test_no_two_lines_of_text_overlap(paper: str) -> None:
    for case in CASES.values():
        for page in pdfium.PdfDocument(PAPERS[paper](*case())):
            assert not overlaps(page), f"page {page}"


def overlaps(page: pdfium.PdfPage) -> list[tuple[Box, Box]]:
    """Boxes of text objects that share more than a sliver."""
    boxes = [one.get_bounds() for one in page.get_objects() if one.type == 1]
    found = []
    for number, (left, low, right, high) in enumerate(boxes):
        for other in boxes[number + 1:]:
            wide = min(right, other[2]) - max(left, other[0])
            tall = min(high, other[3]) - max(low, other[1])
            if wide > 1 and tall > 1.2:
                found.append(((left, low, right, high), other))
    return found


@pytest.mark.parametrize("paper", PAPERS)
def test_a_name_with_signs_of_markup_is_printed_as_typed(paper: str) -> None:
    case = a_course()
    case = dataclasses.replace(case, patient=dataclasses.replace(case.patient, given_name="Zoë", family_name=SHARP))
    assert f"Zoë {SHARP}" in text_of(PAPERS[paper](case, CLINIC))


@pytest.mark.parametrize("paper", PAPERS)
def test_every_page_names_the_patient(paper: str) -> None:
    case = the_worst()
    case = dataclasses.replace(case, patient=dataclasses.replace(case.patient, given_name="Rosa", family_name="Field", number="K-7"))
    for page in pdfium.PdfDocument(PAPERS[paper](case, CLINIC)):
        text = page.get_textpage().get_text_bounded()
        assert "Rosa Field" in text
        assert "K-7" in text


@pytest.mark.parametrize("paper", PAPERS)
def test_the_same_record_gives_the_same_bytes(paper: str) -> None:
    assert PAPERS[paper](a_course(), CLINIC) == PAPERS[paper](a_course(), CLINIC)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_paper_has_title_and_language(paper: str) -> None:
    data = PAPERS[paper](a_course(), CLINIC)
    assert pdfium.PdfDocument(data).get_metadata_value("Title")
    assert b"/Lang" in data


@pytest.mark.parametrize(("paper", "times"), [("visit note", 10), ("draft note", 6), ("discharge summary", 1)])
def test_long_texts_are_printed_to_their_last_word(paper: str, times: int) -> None:
    text = text_of(PAPERS[paper](the_worst(), CLINIC))
    assert text.count("no pain & <more> pain") >= times * LONG.count("<more>")


@pytest.mark.parametrize("name", ["محمد عبد الله", "שלום עולם", "Пётр Ильич", "Đặng Thị"])
@pytest.mark.parametrize("paper", PAPERS)
def test_any_script_of_a_name_makes_a_paper(paper: str, name: str) -> None:
    case = a_course()
    case = dataclasses.replace(case, patient=dataclasses.replace(case.patient, given_name=name, family_name=""))
    assert PAPERS[paper](case, CLINIC).startswith(b"%PDF")
