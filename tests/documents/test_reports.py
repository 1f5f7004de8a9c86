"""Progress report, referral letter and discharge summary read back from paper."""

from __future__ import annotations

import dataclasses

import pypdfium2 as pdfium
import pytest

from kneeclinic.documents.discharge_summary import discharge_summary_pdf
from kneeclinic.documents.letter import referral_letter_pdf
from kneeclinic.documents.progress_report import progress_report_pdf
from kneeclinic.progress.change import VERDICT_WORDS, judge_case
from kneeclinic.record import Case, ClinicProfile, Imaging
from kneeclinic.vocabulary import AffectedSide, EpisodeStatus, Side
from tests.documents.clinical_builders import LONG, SHARP, TODAY, a_course, a_visit, an_empty_course, an_imperial_clinic, seen, the_worst
from tests.documents.paper_builders import CLINIC, a_program, an_item, knowledge, some_load, text_of

SWOLLEN = a_course(observations=(seen("akps", 60, 42), seen("akps", 70), seen("stroke_test", "2+"), seen("anticoagulants", 1, 0, Side.NONE)))


def report(case: Case, clinic: ClinicProfile = CLINIC) -> str:
    return text_of(progress_report_pdf(case, knowledge(), TODAY, clinic, therapist="Anna Moss, PT"))


def letter(case: Case, **words: str) -> bytes:
    return referral_letter_pdf(case, knowledge(), TODAY, CLINIC, therapist="Anna Moss, PT", **words)


def discharge(case: Case) -> str:
    return text_of(discharge_summary_pdf(case, knowledge(), TODAY, CLINIC, therapist="Anna Moss, PT"))


def test_the_report_says_the_verdict_that_the_screen_says() -> None:
    verdict = judge_case(a_course(), knowledge(), "akps", Side.RIGHT, TODAY)
    text = report(a_course())
    assert f"Anterior knee pain scale (AKPS), right 60/100 (9 Oct) 88/100 (20 Nov) +28 3 14 10 {VERDICT_WORDS[verdict.verdict]}" in text
    assert verdict.clinician_words in text


def test_the_charts_name_noise_important_change_goal_and_tape() -> None:
    text = report(a_course())
    for words in ("noise around the first", "important change", "goal 88", "first 60", "now 88", "program 2, tape on"):
        assert words in text


def test_the_report_holds_the_weeks_the_goal_and_the_program() -> None:
    text = report(a_course())
    assert "Done at home: 45 of 54 sessions (83 %) in 3 weeks that were told." in text
    assert "15 of 18 83 %" in text
    assert "Half marathon" in text and "reached" in text
    assert "Program, version 2" in text and "stops on 18 Dec 2026 (in 28 days)" in text


def test_carried_values_are_no_new_look_in_the_report() -> None:
    assert "Lower extremity functional scale (LEFS) 52/80 (9 Oct) 1 10.7 9 one value only" in report(a_course())


def test_an_imperial_clinic_reads_miles_and_pounds() -> None:
    program = a_program(load=some_load(), items=(an_item("clamshell", dose=dataclasses.replace(an_item("clamshell").dose, load_kg=5.0)),))
    text = report(a_course(programs=(program,)), an_imperial_clinic())
    assert "11.0 lb" in text and "7.5 mi" in text
    assert " km" not in text and " kg" not in text


def test_nothing_on_record_is_said_in_words() -> None:
    text = report(an_empty_course())
    for words in ("Nothing has been measured yet.", "nothing to draw", "No goal is set.", "No week was told of", "No program was given yet."):
        assert words in text
    assert "Nothing has been measured yet." in text_of(letter(an_empty_course()))
    assert "No goal was set." in discharge(an_empty_course())


def test_a_report_of_a_closed_episode_speaks_of_its_last_day() -> None:
    case = a_course()
    closed = dataclasses.replace(case.episode, status=EpisodeStatus.DISCHARGED, closed_on=TODAY.replace(day=7), closing_reason="Goals reached")
    text = discharge(dataclasses.replace(case, episode=closed))
    assert "Discharged on 7 Nov 2026: Goals reached" in text
    assert "72/100 (6 Nov)" in text
    assert "88/100 (20 Nov)" not in text
    assert "preliminary" not in text


def test_the_letter_is_one_page_with_reason_flags_findings_course_and_question() -> None:
    data = letter(SWOLLEN, to="Dr. Ash\n5 Hill Road", reason=f"Please look at the fluid. {SHARP}")
    assert len(pdfium.PdfDocument(data)) == 1
    text = text_of(data)
    order = ["Dr. Ash", "5 Hill Road", "Re: Demo Aster", "Please look at the fluid.", "Refer: Marked or lasting swelling", "Key findings", "Course",
             "What we ask", "Anna Moss, PT"]
    assert [text.index(one) for one in order] == sorted(text.index(one) for one in order)
    assert SHARP in text
    assert "Stroke test, right: 2+ (2+ or more), 20 Nov 2026." in text
    assert "takes blood thinners" in text
    assert "Possibly better: worst pain, last 7 days (5/10 to 3/10), anterior knee pain scale (60/100 to 70/100)." in text
    assert "Stop the program" not in text, "what the therapist has to do is not written to the physician"


def test_the_letter_of_the_plain_and_of_a_flagged_course_stay_on_one_page_with_both_knees_and_imaging() -> None:
    episode = dataclasses.replace(SWOLLEN.episode, side=AffectedSide.BOTH, imaging=(Imaging("i", "x-ray", TODAY, TODAY, "No fracture. " * 10),))
    case = dataclasses.replace(SWOLLEN, episode=episode, observations=the_worst().observations)
    assert len(pdfium.PdfDocument(letter(case, reason="Fluid again. " * 20))) == 1


def test_a_reason_of_two_thousand_characters_is_printed_whole() -> None:
    assert text_of(letter(SWOLLEN, reason=LONG)).count("<more>") == LONG.count("<more>")


def test_a_carried_value_in_the_letter_tells_where_it_comes_from() -> None:
    assert "52/80 (carried from 9 Oct 2026)" in text_of(letter(a_course()))


def test_without_a_flag_the_letter_asks_for_an_opinion() -> None:
    text = text_of(letter(a_course()))
    assert "Red flags" not in text
    assert "your opinion on the diagnosis" in text


def test_a_patient_who_was_referred_is_told_so_and_the_letter_takes_over_the_reason() -> None:
    case = a_course()
    closed = dataclasses.replace(case.episode, status=EpisodeStatus.REFERRED, closed_on=TODAY, closing_reason="No gain in eight weeks.")
    case = dataclasses.replace(case, episode=closed)
    assert "Referred on 20 Nov 2026: No gain in eight weeks." in discharge(case)
    assert "No gain in eight weeks." in text_of(letter(case))
    assert "No gain in eight weeks." not in text_of(letter(case, reason="Fluid."))


def test_one_visit_is_not_called_a_treatment() -> None:
    assert "We saw Demo Aster with pain" in text_of(letter(a_course(a_visit())))


def test_the_discharge_summary_tells_what_was_done_with_days() -> None:
    text = discharge(a_course())
    assert "preliminary" in text
    assert "3 signed visits from 9 Oct 2026 to 20 Nov 2026" in text
    assert "tape (glide), right knee from 6 Nov 2026" in text
    assert "Advice to the patient: Stop and call us" in text


def test_a_flag_that_stands_at_the_end_stands_first() -> None:
    text = discharge(SWOLLEN)
    assert text.index("Red flags that stand at the end") < text.index("Why the patient came")
    assert "Stop the program and refer" in text


@pytest.mark.parametrize("values", [1, 2])
def test_a_chart_is_drawn_from_two_values_on(values: int) -> None:
    found = tuple(seen("pain_worst", 7 - ago // 7, ago) for ago in (42, 14)[:values])
    assert ("noise around the first" in report(a_course(observations=found, check_ins=()))) is (values == 2)
