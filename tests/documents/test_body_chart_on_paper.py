"""Where it hurts is drawn and said on every paper that tells a colleague of the knee."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2 as pdfium
import pytest

from kneeclinic.documents.letter import referral_letter_pdf
from kneeclinic.documents.progress_report import progress_report_pdf
from kneeclinic.documents.visit_note import visit_note_pdf
from kneeclinic.knowledge import load_knowledge
from kneeclinic.knowledge.body_chart import NOTE_PART
from kneeclinic.record import ClinicProfile
from tests.documents.clinical_builders import a_course
from tests.documents.paper_builders import TODAY

KNOWLEDGE = load_knowledge()
PROFILE = ClinicProfile(name="Test clinic")


def text(data: bytes) -> str:
    return " ".join(" ".join(one.get_textpage().get_text_bounded() for one in pdfium.PdfDocument(data)).split())


def charted():
    case = a_course()
    first, *between, last = case.visits
    marked = (replace(first, note={**first.note, NOTE_PART: "R.front.patella sharp 7; R.inner.below ache 3"}), *between,
              replace(last, note={**last.note, NOTE_PART: "R.front.patella ache 2"}))
    return replace(case, visits=marked)


def test_the_progress_report_sets_the_first_chart_beside_the_newest() -> None:
    told = text(progress_report_pdf(charted(), KNOWLEDGE, TODAY, PROFILE, therapist="A. B."))
    assert told.index("behind the kneecap: sharp 7/10") < told.index("behind the kneecap: dull ache 2/10")
    assert "Where it hurts" in told and "inner side, below the joint line: dull ache 3/10" in told


def test_the_letter_says_the_newest_chart_in_words() -> None:
    told = text(referral_letter_pdf(charted(), KNOWLEDGE, TODAY, PROFILE, therapist="A. B."))
    assert "behind the kneecap: dull ache 2/10" in told and "sharp 7/10" not in told


@pytest.mark.parametrize("which", [0, -1])
def test_the_note_holds_the_chart_of_its_own_visit(which: int) -> None:
    case = charted()
    told = text(visit_note_pdf(case, case.visits[which], KNOWLEDGE, TODAY, PROFILE))
    assert ("sharp 7/10" in told) is (which == 0) and "Inner side R" in told
