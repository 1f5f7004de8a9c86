"""The visit note that is drafted from the data."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from kneeclinic.knowledge import Knowledge, load_knowledge
from kneeclinic.progress.visit_words import NoteDraft, draft_note
from kneeclinic.record import Case, Observation, TapeNote, Visit
from kneeclinic.vocabulary import AffectedSide, Side, TapeComponent, Units, VisitState
from tests.progress.progress_builders import (
    LEFT,
    PERSON,
    RIGHT,
    START,
    a_check_in,
    a_goal,
    a_program,
    a_run,
    a_runner,
    a_visit,
    an_item,
    an_observation,
    week,
)


@cache
def knowledge() -> Knowledge:
    return load_knowledge()


FIRST = a_visit(START)
TODAY = week(4)
NOW = dataclasses.replace(a_visit(TODAY), state=VisitState.DRAFT)


def seen(measure: str, value: float | str, on: Any = TODAY, side: Side = RIGHT, **fields: Any) -> Observation:
    return an_observation(measure, value, on, side, **fields)


def drafted(*observations: Observation, visit: Visit = NOW, units: Units = Units.METRIC, **parts: Any) -> NoteDraft:
    return draft_note(a_case(*observations, visit=visit, **parts), knowledge(), TODAY, visit, units=units)


def a_case(*observations: Observation, visit: Visit = NOW, visits: tuple[Visit, ...] | None = None, **parts: Any) -> Case:
    return a_runner(visits=visits if visits is not None else (FIRST, visit), observations=observations, **parts)


def test_a_changed_value_tells_what_it_was() -> None:
    note = drafted(seen("pain_worst", 6, START), seen("pain_worst", 4))
    assert "Worst pain 4/10 (was 6/10)" in note.subjective
    assert note.changed == 1


def test_an_unchanged_value_is_named_once_and_not_counted_as_changed() -> None:
    note = drafted(seen("pain_worst", 4, START), seen("pain_worst", 4))
    assert "Measured again without change (1), right: Worst pain 4/10." in note.subjective
    assert note.changed == 0


def test_a_carried_value_is_named_counted_and_dated() -> None:
    note = drafted(seen("akps", 70, START), seen("akps", 70, carried=True), seen("hip_abduction_force", 120, START),
                   seen("hip_abduction_force", 120, carried=True))
    assert note.carried == 2
    assert note.changed == 0
    assert "Carried, not measured today (1), right: AKPS 70/100 (of 5 Jan 2026)." in note.subjective
    assert "Carried, not measured today (1), right: Hip abd 120 N (of 5 Jan 2026)." in note.objective


def test_a_carried_value_is_no_news_for_a_verdict() -> None:
    note = drafted(seen("akps", 60, START), seen("akps", 60, carried=True))
    assert "AKPS right: 60 to 60" not in note.assessment


def test_what_was_not_looked_at_today_is_not_in_the_note() -> None:
    note = drafted(seen("pain_worst", 6, START), seen("stroke_test", "0", START), seen("pain_worst", 4))
    assert "Effusion" not in note.objective


def test_comparison_is_with_the_last_signed_visit_not_with_an_unsigned_one() -> None:
    unsigned = dataclasses.replace(a_visit(week(2)), state=VisitState.DRAFT)
    note = drafted(seen("pain_worst", 6, START), seen("pain_worst", 3, week(2)), seen("pain_worst", 4), visits=(FIRST, unsigned, NOW))
    assert "4/10 (was 6/10)" in note.subjective


def test_the_first_visit_lists_everything_as_baseline_without_comparison() -> None:
    note = draft_note(a_runner(visits=(FIRST,), observations=(seen("pain_worst", 6, START), seen("locking", 0, START))), knowledge(), START, FIRST)
    assert "(was" not in note.subjective and "first value" not in note.subjective
    assert "Baseline: Worst pain right 6/10." in note.assessment
    assert "Asked or tested and negative, right: true locking." in note.subjective


def test_a_red_flag_is_the_first_line_of_the_note_and_blocks_the_program() -> None:
    note = drafted(seen("stroke_test", "2+"), seen("pain_worst", 4), programs=(a_program(),))
    assert note.subjective.startswith("RED FLAG, refer: Marked or lasting swelling")
    assert note.assessment.startswith("RF1, refer:")
    assert note.plan.startswith("RF1: Stop the program")
    assert "is not to be done until the flag is cleared" in note.plan
    assert "goes on unchanged" not in note.plan


def test_a_flag_that_is_gone_is_said() -> None:
    note = drafted(seen("locking", 1, START), seen("locking", 0))
    assert "No longer raised since 5 Jan 2026" in note.assessment


def test_without_a_flag_the_note_says_how_much_was_asked() -> None:
    note = drafted(seen("fever_hot_joint", 0), seen("limp", 0))
    assert "No red flag is raised by what is on record (2 of 17 screening questions have an answer)." in note.assessment


def test_a_verdict_stands_with_its_numbers_and_a_changed_verdict_tells_the_old_one() -> None:
    note = drafted(seen("pain_worst", 8, START), seen("pain_worst", 7, week(2)), seen("pain_worst", 2),
                   visits=(FIRST, a_visit(week(2)), NOW))
    assert "Worst pain right: 8 to 2 (3 values)" in note.assessment
    assert "95 % interval" in note.assessment
    assert "At the last visit: no real change." in note.assessment


def test_phase_names_criteria_met_not_met_and_missing() -> None:
    note = drafted(seen("pain_worst", 3), seen("lateral_step_down", 5))
    assert "Phase 1" in note.assessment
    assert "Met: worst pain 5 or less" in note.assessment
    assert "Not met: lateral step-down 3 or less" in note.assessment
    assert "Not on record: strength symmetry" in note.assessment


def test_the_plan_holds_the_difference_of_the_program_since_the_last_signed_visit() -> None:
    programs = (a_program(an_item("clamshell", reps=10)), a_program(an_item("clamshell", reps=15), an_item("bridge"), version=2, starts_on=TODAY))
    note = drafted(seen("pain_worst", 3), programs=programs)
    assert "Program version 2 from 2 Feb 2026, changed from version 1:" in note.plan
    assert "3 x 10, 1 s, 3 / week becomes 3 x 15, 1 s, 3 / week" in note.plan
    assert "New: Bridge" in note.plan


def test_an_unchanged_program_is_one_sentence() -> None:
    assert "Program version 1 goes on unchanged (1 exercise)." in drafted(seen("pain_worst", 3), programs=(a_program(),)).plan


def test_tape_is_told_with_its_stop_date_and_an_overdue_one_with_what_to_do() -> None:
    tape = TapeNote(AffectedSide.RIGHT, (TapeComponent.GLIDE,), "inwards", "while running", START, TODAY - timedelta(days=2), "step-down", 6, 2)
    note = drafted(seen("pain_worst", 3), programs=(a_program(tape=tape),))
    assert "Tape (glide), right knee, since 5 Jan 2026, stops on 31 Jan 2026 (2 days ago: take it off, or give a reason)." in note.plan


def test_free_text_is_kept_word_for_word_below_the_sentences() -> None:
    typed = "Patient says:\n  *ran* with O'Brien & <Smith>  twice"
    visit = dataclasses.replace(NOW, note={"subjective": typed, "strength": "Dynamometer slipped once"})
    note = drafted(seen("pain_worst", 4), visit=visit)
    assert note.subjective.endswith(typed)
    assert "Strength: Dynamometer slipped once" in note.objective


def test_a_draft_that_was_taken_over_is_not_drafted_twice() -> None:
    found = (seen("pain_worst", 6, START), seen("pain_worst", 4), seen("stroke_test", "0"))
    first = drafted(*found, visit=dataclasses.replace(NOW, note={"plan": "Rest"}))
    taken = {part: getattr(first, part) for part in ("subjective", "objective", "assessment", "plan")}
    assert drafted(*found, visit=dataclasses.replace(NOW, note=taken)) == first


def test_weeks_between_the_visits_are_told_in_one_sentence() -> None:
    check_ins = tuple(a_check_in(number, sessions_done=done, sessions_prescribed=10, pain_worst=worst)
                      for number, done, worst in ((1, 5, 5), (2, 9, 4)))
    note = drafted(seen("pain_worst", 3), check_ins=check_ins, runs=(a_run(week(1), 5.0), a_run(week(2), 6.5)))
    assert "Since the visit of 5 Jan 2026: 2 check-ins, 14 of 20 sessions done (70 %), worst pain told 5/10, 2 runs, 11.5 km, longest 6.5 km." \
        in note.subjective


def test_goals_stand_with_value_and_target() -> None:
    note = drafted(seen("akps", 60, START), seen("akps", 80), episode={"goals": (a_goal("akps", 88, week(12)),)})
    assert "Goals: AKPS right 88/100 by 30 Mar 2026: now 80/100, on the way." in note.assessment


def test_a_clinic_with_miles_and_pounds_reads_miles_and_pounds() -> None:
    note = drafted(seen("km_week", 16.09344, side=PERSON), seen("body_mass", 60, side=PERSON), units=Units.IMPERIAL,
                   programs=(a_program(an_item("clamshell", load_kg=2.0)), a_program(an_item("clamshell", load_kg=4.0), version=2, starts_on=TODAY)))
    assert "10 mi" in note.subjective and "km" not in note.subjective.replace("km/week", "")
    assert "132.3 lb" in note.objective
    assert "4.4 lb, 3 / week becomes 3 x 15, 1 s, 8.8 lb" in note.plan


def test_findings_of_later_days_are_not_in_the_note_of_an_earlier_visit() -> None:
    early = dataclasses.replace(a_visit(week(2)), state=VisitState.DRAFT)
    case = a_case(seen("pain_worst", 6, START), seen("pain_worst", 5, week(2)), seen("stroke_test", "2+", TODAY), visits=(FIRST, early, NOW))
    note = draft_note(case, knowledge(), TODAY, early)
    assert "RED FLAG" not in note.subjective
    assert "RF1" not in note.assessment


def test_both_knees_stand_side_by_side() -> None:
    note = drafted(seen("pain_worst", 4, side=LEFT), seen("pain_worst", 6, side=RIGHT))
    assert "Worst pain left 4/10 (first value), right 6/10 (first value)" in note.subjective


def test_an_empty_visit_says_so_and_drafting_changes_nothing() -> None:
    case = a_case()
    before = repr(case)
    note = draft_note(case, knowledge(), TODAY, NOW)
    assert note.objective == "Nothing was measured at this visit."
    assert "No program yet." in note.plan
    assert (note.changed, note.carried) == (0, 0)
    assert repr(case) == before


def test_an_invalidated_value_is_not_in_the_note() -> None:
    wrong = dataclasses.replace(seen("pain_worst", 9), invalidated_at=None)
    gone = dataclasses.replace(wrong, invalidated_at=datetime(2026, 2, 2))
    assert "9/10" not in drafted(gone).subjective
    assert "9/10" in drafted(wrong).subjective
