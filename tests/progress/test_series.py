"""The values of one measure over time, from visits and check-ins."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from progress_builders import LEFT, PERSON, RIGHT, START, a_check_in, a_day, a_runner, an_observation, week

from kneeclinic.progress.change import judge_case
from kneeclinic.progress.series import last_day_told, main_side, pain_series, values_of
from kneeclinic.vocabulary import AffectedSide, Verdict


def values(case, knowledge, measure, side=RIGHT, today=None):
    return [point.value for point in values_of(case, knowledge, measure, side, today or week(20))]


def test_pain_comes_from_visits_and_check_ins_in_the_order_of_the_days():
    case = a_runner(observations=[an_observation("pain_worst", 7), an_observation("pain_worst", 3, week(3))],
                    check_ins=(a_check_in(1, pain_worst=6), a_check_in(2, pain_worst=5)))
    assert [(point.value, point.source) for point in pain_series(case, "pain_worst")] == [
        (7, "visit"), (6, "check-in"), (5, "check-in"), (3, "visit")]


def test_a_week_told_by_days_counts_its_worst_and_its_mean_usual_pain():
    days = (a_day(START, pain_worst=2, pain_usual=1, pain_next_morning=1), a_day(week(0.5), pain_worst=5, pain_usual=3))
    case = a_runner(check_ins=(a_check_in(1, days=days),))
    assert [point.value for point in pain_series(case, "pain_worst")] == [5]
    assert [point.value for point in pain_series(case, "pain_usual")] == [2]
    assert [point.value for point in pain_series(case, "pain_rest_24h")] == [1]


def test_a_week_without_pain_and_an_invalid_check_in_give_no_point():
    case = a_runner(check_ins=(a_check_in(1), a_check_in(2, pain_worst=5, invalidated_at=datetime(2026, 2, 1))))
    assert pain_series(case, "pain_worst") == ()


def test_a_check_in_speaks_for_the_treated_knee_only():
    case = a_runner(check_ins=(a_check_in(1, pain_worst=6),))
    assert pain_series(case, "pain_worst", LEFT) == ()
    assert len(pain_series(case, "pain_worst", RIGHT)) == 1
    assert len(pain_series(a_runner(AffectedSide.BOTH, check_ins=case.check_ins), "pain_worst", LEFT)) == 1


def test_a_check_in_entered_early_stands_on_the_day_it_was_told():
    early = a_check_in(2, entered_at=datetime(2026, 1, 14, 9))
    assert last_day_told(early) == datetime(2026, 1, 14).date()
    assert last_day_told(a_check_in(2, entered_at=datetime(2026, 3, 1))) == early.week_end
    assert last_day_told(a_check_in(2, entered_at=datetime(2026, 1, 1))) == early.week_start
    assert last_day_told(a_check_in(2)) == early.week_end


def test_carried_values_and_values_after_today_are_no_look(knowledge):
    case = a_runner(observations=[an_observation("akps", 62), an_observation("akps", 62, week(4), carried=True), an_observation("akps", 80, week(8))])
    assert values(case, knowledge, "akps") == [62, 80]
    assert values(case, knowledge, "akps", today=week(5)) == [62]


def test_the_last_value_of_a_day_counts(knowledge):
    case = a_runner(observations=[an_observation("akps", 62), an_observation("akps", 65)])
    assert values(case, knowledge, "akps") == [65]


def test_a_value_of_the_person_is_found_whichever_side_is_asked(knowledge):
    case = a_runner(observations=[an_observation("lefs", 50, side=PERSON)])
    assert values(case, knowledge, "lefs", LEFT) == [50]
    assert values(case, knowledge, "akps", PERSON) == []


def test_symmetry_is_computed_on_the_days_on_which_strength_was_measured(knowledge):
    case = a_runner(observations=[
        an_observation("hip_abduction_force", 150), an_observation("hip_abduction_force", 200, side=LEFT), an_observation("akps", 70, week(2)),
        an_observation("hip_abduction_force", 180, week(4)), an_observation("hip_abduction_force", 200, week(4), side=LEFT),
    ])
    assert values(case, knowledge, "hip_abduction_lsi") == [75, 90]


@pytest.mark.parametrize(("symmetry", "force", "other"), [("knee_extension_lsi", "knee_extension_force", "knee_extension_rom"),
                                                          ("hop_lsi", "single_leg_hop", "pain_on_hop")])
def test_a_visit_without_the_test_is_no_new_look_at_its_symmetry(knowledge, symmetry, force, other):
    """A range of motion, or the pain of a hop, has the name of the test in its own and measures no strength."""
    once = [an_observation(force, 60, START), an_observation(force, 80, START, LEFT)]
    later = [an_observation(other, 0, week(number)) for number in (2, 4)]
    assert values(a_runner(observations=[*once, *later]), knowledge, symmetry) == [75]


def test_with_both_knees_the_one_that_hurts_more_is_looked_at_first():
    def both(left, right):
        found = [an_observation("pain_worst", value, side=side) for side, value in ((LEFT, left), (RIGHT, right)) if value is not None]
        return main_side(a_runner(AffectedSide.BOTH, observations=found), week(1))

    assert both(3, 6) is RIGHT
    assert both(6, 3) is LEFT
    assert both(4, 4) is LEFT
    assert both(None, 0) is RIGHT
    assert main_side(a_runner(), week(1)) is RIGHT


def test_a_changed_side_never_mixes_the_knees(knowledge):
    case = a_runner(observations=[an_observation("akps", 62), an_observation("akps", 90, week(2), side=LEFT)])
    changed = replace(case, episode=replace(case.episode, side=AffectedSide.LEFT))
    assert judge_case(changed, knowledge, "akps", PERSON, week(3)).first == 90
    assert judge_case(changed, knowledge, "akps", RIGHT, week(3)).n == 1


def test_the_verdict_of_a_case_reads_the_weeks_from_the_dates(knowledge):
    case = a_runner(observations=[an_observation("akps", value, week(at)) for at, value in ((0, 50), (2, 60), (8, 85))])
    verdict = judge_case(case, knowledge, "akps", RIGHT, week(9))
    assert (verdict.verdict, verdict.n, verdict.first, verdict.last) == (Verdict.BETTER, 3, 50, 85)
    assert judge_case(a_runner(), knowledge, "akps", RIGHT, week(9)).verdict is Verdict.NOT_JUDGED


@pytest.mark.parametrize("measure", ["load_rise_14d", "age"])
def test_a_computed_measure_without_days_of_its_own_has_no_course(knowledge, measure):
    assert values(a_runner(), knowledge, measure) == []
