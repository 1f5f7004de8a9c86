"""The weekly review on paper."""

from __future__ import annotations

import dataclasses
import re
from datetime import datetime, timedelta

import pypdfium2 as pdfium
import pytest

from kneeclinic.documents.review_sheet import review_sheet_pdf
from kneeclinic.progress.difference import difference
from kneeclinic.progress.review import weekly_review
from kneeclinic.record import Case, CheckIn, Dose, Observation, Review
from kneeclinic.vocabulary import CheckInSource, Decision, Paper, Side, Units
from tests.documents.clinical_builders import a_course, seen
from tests.documents.paper_builders import CLINIC, SIX, TODAY, a_program, a_runner, an_item, knowledge, some_load, some_tape, text_of

MONDAY = TODAY - timedelta(days=TODAY.weekday())


def a_week(weeks_ago: int, worst: int, done: int = 15) -> CheckIn:
    return CheckIn(f"week{weeks_ago}", "episode", "patient", MONDAY - timedelta(weeks=weeks_ago), CheckInSource.TOLD, done, 18, 2, worst, 2)


def a_value(measure: str, value: float | str, days_ago: int) -> Observation:
    return Observation(f"{measure}{days_ago}", "visit", "episode", "patient", measure, Side.RIGHT, value, TODAY - timedelta(days=days_ago))


def a_reviewed_runner(**changes: object) -> Case:
    case = a_runner(a_program(tape=some_tape(), load=some_load(), starts_on=TODAY - timedelta(days=21)))
    values = tuple(a_value("pain_worst", worst, days) for worst, days in ((7, 21), (6, 14), (4, 7)))
    return dataclasses.replace(case, check_ins=(a_week(2, 6), a_week(1, 5), a_week(0, 4)), observations=values, **changes)


def sheet(*cases: Case) -> bytes:
    return review_sheet_pdf([(one, weekly_review(one, knowledge(), TODAY)) for one in cases], knowledge(), TODAY, CLINIC)


@pytest.mark.parametrize("paper", list(Paper))
def test_a_patient_with_flags_tape_running_and_four_verdicts_is_one_page_on_either_paper(paper: Paper) -> None:
    case = a_course(observations=(*a_course().observations, seen("stroke_test", "2+")))
    found = weekly_review(case, knowledge(), TODAY)
    assert found.flags and len(found.verdicts) >= 4
    clinic = dataclasses.replace(CLINIC, paper=paper)
    assert len(pdfium.PdfDocument(review_sheet_pdf([(case, found)], knowledge(), TODAY, clinic))) == 1
    assert len(pdfium.PdfDocument(review_sheet_pdf([(case, found)] * 3, knowledge(), TODAY, clinic))) == 4


def test_one_patient_is_one_page_with_the_rule_and_its_reason() -> None:
    case = a_reviewed_runner()
    data = sheet(case)
    found = weekly_review(case, knowledge(), TODAY).decision
    assert len(pdfium.PdfDocument(data)) == 1
    text = text_of(data)
    assert found.rule in text
    assert found.because[0] in text
    assert "Demo Aster" in text
    assert "Clamshell" in text


def test_this_week_stands_beside_last_week() -> None:
    case = a_reviewed_runner()
    worst = next(tile for tile in weekly_review(case, knowledge(), TODAY).tiles if tile.label == "Worst pain")
    assert worst.last != worst.now
    assert f"Worst pain (/10) {worst.now:g} last week {worst.last:g}" in text_of(sheet(case))


def test_a_pack_has_a_summary_and_then_a_page_a_patient() -> None:
    data = sheet(*[a_reviewed_runner()] * 3)
    assert len(pdfium.PdfDocument(data)) == 4
    assert "3 patients" in text_of(data)


def test_a_red_flag_stands_before_everything_else() -> None:
    case = a_reviewed_runner()
    swollen = dataclasses.replace(case, observations=(*case.observations, a_value("stroke_test", "2+", 0)))
    text = text_of(sheet(swollen))
    assert text.index("Red flags") < text.index("WR1")


def test_a_decision_that_was_taken_is_printed_with_its_reason() -> None:
    review = Review("review", "episode", "patient", MONDAY, "WR5", Decision.HOLD, Decision.REGRESS, (), "She travels all week", "therapist", "1",
                    decided_at=datetime(2026, 11, 20, 9))
    text = text_of(sheet(a_reviewed_runner(reviews=(review,))))
    assert "She travels all week" in text
    assert "Step back" in text


def test_an_override_of_the_lead_is_printed() -> None:
    case = a_reviewed_runner()
    items = (dataclasses.replace(case.program.items[0], override_reason="Agreed with the surgeon"), *case.program.items[1:])
    case = dataclasses.replace(case, programs=(dataclasses.replace(case.program, items=items),))
    assert "Agreed with the surgeon" in text_of(sheet(case))


def test_an_empty_caseload_is_one_page_that_says_so() -> None:
    assert "nobody is on the caseload" in text_of(sheet())


def test_a_patient_without_any_data_still_gets_a_page() -> None:
    text = text_of(sheet(dataclasses.replace(a_runner(), programs=())))
    assert "No program yet" in text
    assert "not told" in text


def test_a_clinic_that_counts_in_miles_and_pounds_reads_no_kilometre_and_no_kilogram() -> None:
    """Week, program, proposed change and running plan; all in the units of the clinic."""
    items = (an_item("clamshell", dose=Dose(3, 15, None, None, 3, 5.0)), an_item("bridge"))
    case = a_reviewed_runner(programs=(a_program(items=items, load=some_load(), starts_on=TODAY - timedelta(days=21)),))
    case = dataclasses.replace(case, check_ins=tuple(dataclasses.replace(one, km=16.1) for one in case.check_ins))
    heavier = (dataclasses.replace(items[0], dose=Dose(3, 15, None, None, 3, 6.0)), items[1])
    changes = difference(case.program, dataclasses.replace(case.program, items=heavier), knowledge())
    found = dataclasses.replace(weekly_review(case, knowledge(), TODAY), changes=changes)
    imperial = dataclasses.replace(CLINIC, units=Units.IMPERIAL)
    text = text_of(review_sheet_pdf([(case, found)], knowledge(), TODAY, imperial))
    assert not re.search(r"\bkm\b|\bkg\b|\d{4}-\d\d-\d\d", text), text
    assert "Running (mi)" in text and " 10 " in text
    assert "11.0 lb" in text and "7.5 mi a week" in text
    assert "Change: Harder: Clamshell, 3 x 15, 11.0 lb" in text and "13.2 lb" in text


def test_what_is_done_each_way_is_printed_so() -> None:
    case = a_reviewed_runner(programs=(a_program("lateral_band_walk", "dead_bug", "sl_stance_reach", starts_on=TODAY - timedelta(days=21)),))
    text = text_of(sheet(case))
    assert "each way" in text and "each side" in text and "in each of 3 directions" in text


@pytest.mark.parametrize("letters", [0, 100, 500])
@pytest.mark.parametrize("count", [6, 12])
def test_a_patient_has_one_page_however_much_is_noted_and_the_reason_to_override_stands_in_full(letters: int, count: int) -> None:
    many = (*SIX, "calf_raise", "wall_squat", "hamstring_supine_pull", "quad_stretch_stand", "sl_stance_reach", "roll_itb")[:count]
    why = "Seen together with the physician on Tuesday: the knee bears it, the swelling is gone and the race is in a week."
    items = tuple(an_item(one, note=("Use the yellow band. " * 30)[:letters].strip(), override_reason=why if one == "mini_squat" else "")
                  for one in many)
    case = a_reviewed_runner(programs=(a_program(items=items, load=some_load(), tape=some_tape(), starts_on=TODAY - timedelta(days=21)),))
    data = sheet(case)
    assert len(pdfium.PdfDocument(data)) == 1
    assert why in text_of(data) and ("…" in text_of(data)) is (letters > 90)


def test_a_long_reason_for_tape_stands_in_full_under_the_table_and_makes_no_column_of_a_page() -> None:
    why = " ".join(f"Reason number {number} is read to its end." for number in range(1, 25))
    case = a_reviewed_runner(programs=(a_program(tape=dataclasses.replace(some_tape(), note=why), starts_on=TODAY - timedelta(days=21)),))
    data = sheet(case)
    assert why in text_of(data) and "see below" in text_of(data)
    assert len(pdfium.PdfDocument(data)) == 1
