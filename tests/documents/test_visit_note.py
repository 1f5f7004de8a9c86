"""The visit note on paper."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pypdfium2 as pdfium

from kneeclinic.documents.visit_note import visit_note_pdf
from kneeclinic.record import Amendment, Visit
from kneeclinic.vocabulary import Side
from tests.documents.clinical_builders import SHARP, TODAY, a_course, a_draft, a_visit, seen
from tests.documents.paper_builders import CLINIC, knowledge, text_of

SIGNED = a_visit(note={"subjective": f"Ran twice. {SHARP}", "plan": "Go on.", "strength": "Left arm tired"})


def printed(visit: Visit, **changes: object) -> str:
    case = a_course(a_visit(42), a_visit(14), visit)
    return text_of(visit_note_pdf(dataclasses.replace(case, **changes), visit, knowledge(), TODAY, CLINIC))


def test_a_signed_note_is_the_text_as_signed_with_name_time_and_edition() -> None:
    text = printed(SIGNED)
    assert f"Ran twice. {SHARP}" in text
    assert "Strength: Left arm tired" in text
    assert "Signed by Anna Moss, PT, 20 Nov 2026, 14:03. No amendment since." in text
    assert "edition 2026.11" in text
    assert "DRAFT" not in text


def test_a_signed_note_is_not_written_anew_when_the_record_goes_on() -> None:
    text = printed(SIGNED)
    assert "(was" not in text
    assert "Phase" not in text
    assert "Nothing was written under objective and assessment." not in text, "the note on strength stands under objective"
    assert "Nothing was written under assessment." in text


def test_time_is_that_of_the_clinic() -> None:
    clinic = dataclasses.replace(CLINIC, time_zone="America/New_York")
    assert "20 Nov 2026, 09:03" in text_of(visit_note_pdf(a_course(SIGNED), SIGNED, knowledge(), TODAY, clinic))


def test_amendments_stand_below_with_date_and_name_oldest_first() -> None:
    amendments = tuple(
        Amendment(str(hour), "visit0", f"Correction {hour}", "other", datetime(2026, 11, 21, hour, 30, tzinfo=UTC)) for hour in (16, 9))
    text = printed(dataclasses.replace(SIGNED, amendments=amendments))
    assert "21 Nov 2026, 09:30, Ben Reed: Correction 9" in text
    assert text.index("Correction 9") < text.index("Correction 16")
    assert text.index("Go on.") < text.index("Correction 9")
    assert "2 amendments since." in text


def test_values_of_the_visit_stand_left_and_right_and_carried_ones_are_marked() -> None:
    text = printed(SIGNED)
    assert "Hip abduction force 162 N 150 N" in text
    assert "Lower extremity functional scale 52/80 carried from 9 Oct 2026" in text
    assert "(1 carried, not measured on the day)" in text
    assert "72/100" not in text, "values of other visits are not in this note"


def test_a_draft_says_so_on_every_page_and_carries_the_sentences() -> None:
    visit = a_draft(note={"plan": "word " * 3000})
    case = a_course(a_visit(42), a_visit(14), visit)
    document = pdfium.PdfDocument(visit_note_pdf(case, visit, knowledge(), TODAY, CLINIC))
    texts = [page.get_textpage().get_text_bounded() for page in document]
    assert len(texts) > 1
    assert all("DRAFT" in text for text in texts)
    assert "not signed" in texts[0]
    assert "AKPS 88/100 (was 72/100)" in " ".join(texts[0].split())
    assert "Signed by" not in " ".join(texts)


def test_a_red_flag_is_in_the_first_lines_of_a_draft() -> None:
    text = printed(a_draft(), observations=(seen("stroke_test", "3+"), seen("pain_worst", 4)))
    assert text.index("RED FLAG, refer") < text.index("Worst pain")


def test_a_value_taken_back_is_printed_as_such_when_all_that_was_entered_is_given() -> None:
    wrong = seen("pain_worst", 9, invalidated_at=datetime(2026, 11, 21, 8, tzinfo=UTC), invalidated_by="other", invalidated_why="Wrong knee")
    case = a_course(SIGNED)
    text = text_of(visit_note_pdf(case, SIGNED, knowledge(), TODAY, CLINIC, entered=(wrong, seen("pain_worst", 2, 0, Side.LEFT))))
    assert "Worst pain, last 7 days (right) 9/10: Ben Reed, 21 Nov 2026, 08:00. Wrong knee" in text


def test_a_note_on_a_value_and_an_incomplete_questionnaire_are_told() -> None:
    items = (*(8.0,) * 12, None)
    text = printed(SIGNED, observations=(seen("akps", 88, items=items, note="Read out to him"),))
    assert "88/100, 12 of 13 items" in text
    assert "Anterior knee pain scale (right), note: Read out to him" in text
