"""Computed measures: the formula, and no value where something is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.record.case import Case
from kneeclinic.record.programs import Dose, Program, ProgramItem
from kneeclinic.record.weeks import CheckIn, CheckInDay, Run
from kneeclinic.rules.facts import facts_of
from kneeclinic.vocabulary import AffectedSide, CheckInSource, Side
from tests.rules.builders import TODAY, a_runner

R, L, N = Side.RIGHT, Side.LEFT, Side.NONE


def value(knowledge: Knowledge, measure: str, knee: Side, *values: tuple, **more: object) -> object:
    return facts_of(a_runner(knowledge, *values, **more), knowledge, TODAY).value(measure, knee)


def test_symmetry_is_the_affected_leg_against_the_other(knowledge: Knowledge) -> None:
    forces = (("hip_abduction_force", "right", 150), ("hip_abduction_force", "left", 200))
    assert value(knowledge, "hip_abduction_lsi", R, *forces) == 75
    assert value(knowledge, "hip_abduction_lsi", L, *forces) is None
    assert value(knowledge, "hip_abduction_lsi", L, *forces, side="left") == pytest.approx(133.333, abs=0.001)
    assert value(knowledge, "hip_abduction_lsi", R, forces[0]) is None


def test_symmetry_of_two_affected_legs_is_weaker_over_stronger(knowledge: Knowledge) -> None:
    forces = (("hip_abduction_force", "right", 200), ("hip_abduction_force", "left", 150))
    assert [value(knowledge, "hip_abduction_lsi", side, *forces, side="both") for side in (L, R)] == [75, 75]


def test_strength_is_set_against_body_weight_and_lever(knowledge: Knowledge) -> None:
    known = (("knee_extension_force", "right", 300), ("knee_extension_lever", "right", 0.3), ("body_mass", 60))
    assert value(knowledge, "knee_extension_bw", R, *known) == pytest.approx(50.968, abs=0.001)
    assert value(knowledge, "knee_extension_torque", R, *known) == pytest.approx(1.5)
    assert value(knowledge, "knee_extension_bw", R, known[0]) is None
    assert value(knowledge, "knee_extension_torque", R, known[0], known[2]) is None


def test_body_mass_index_needs_both_values(knowledge: Knowledge) -> None:
    assert value(knowledge, "bmi", N, ("body_mass", 70), ("height", 175)) == pytest.approx(22.857, abs=0.001)
    assert value(knowledge, "bmi", N, ("body_mass", 70)) is None


def test_a_trial_counts_when_it_hurt_before_and_both_values_are_of_one_day(knowledge: Knowledge) -> None:
    before, after = ("tape_trial_before", "right", 6), ("tape_trial_after", "right", 3)
    assert value(knowledge, "tape_trial_drop", R, before, after) == 50
    assert value(knowledge, "tape_trial_drop", R, before) is None
    assert value(knowledge, "tape_trial_drop", R, ("tape_trial_before", "right", 0), after) is None
    assert value(knowledge, "tape_trial_drop", R, (*before, TODAY - timedelta(7)), after) is None
    assert value(knowledge, "insert_trial_drop", R, ("insert_trial_before", "right", 4), ("insert_trial_after", "right", 5)) == -25


def test_wells_counts_what_was_asked(knowledge: Knowledge) -> None:
    assert value(knowledge, "wells_score", N) is None
    assert value(knowledge, "wells_score", N, ("wells_cancer", 0)) == 0
    assert value(knowledge, "wells_score", N, ("wells_cancer", 1), ("wells_past_dvt", 1), ("wells_other_cause", 1)) == 0


def test_a_value_that_was_entered_for_a_computed_measure_counts_where_nothing_can_be_computed(knowledge: Knowledge) -> None:
    told = ("hip_abduction_lsi", "right", 84)
    assert value(knowledge, "hip_abduction_lsi", R, told) == 84
    forces = (("hip_abduction_force", "right", 150), ("hip_abduction_force", "left", 200))
    assert value(knowledge, "hip_abduction_lsi", R, told, *forces) == 75


def test_facts_know_only_what_was_valid_on_the_day(knowledge: Knowledge) -> None:
    case = a_runner(knowledge, ("pain_squat", "right", 4, TODAY - timedelta(10)), ("pain_squat", "right", 2))
    assert facts_of(case, knowledge, TODAY).value("pain_squat", R) == 2
    assert facts_of(case, knowledge, TODAY - timedelta(1)).value("pain_squat", R) == 4
    assert facts_of(case, knowledge, TODAY - timedelta(11)).value("pain_squat", R) is None
    assert facts_of(case, knowledge, TODAY).value("pain_squat", L) is None


def test_a_supposed_value_changes_what_is_computed_from_it(knowledge: Knowledge) -> None:
    facts = facts_of(a_runner(knowledge, ("body_mass", 70), ("height", 175)), knowledge, TODAY)
    assert facts.supposing("body_mass", N, 100.0).value("bmi", N) == pytest.approx(32.65, abs=0.01)
    assert facts.value("bmi", N) == pytest.approx(22.86, abs=0.01)


@pytest.mark.parametrize(
    ("values", "weeks"),
    [
        ((("akps", "right", 60, 28), ("akps", "right", 69, 0)), 4),
        ((("akps", "right", 60, 28), ("akps", "right", 70, 0)), 0),
        ((("akps", "right", 60, 28), ("akps", "right", 62, 0), ("groc", "", 2, 0)), 0),
        ((("akps", "right", 60, 28), ("akps", "right", 62, 0), ("groc", "", 1, 0)), 4),
        ((("akps", "right", 60, 28), ("akps", "right", 62, 0), ("koos_pf", "right", 40, 28), ("koos_pf", "right", 60, 0)), 0),
        ((("lefs", "", 40, 21), ("lefs", "", 44, 0)), 3),
        ((("lefs", "", 40, 21), ("lefs", "", 49, 0), ("pain_worst", "right", 5, 21), ("pain_worst", "right", 5, 0)), 0),
        ((("pain_worst", "right", 5, 35), ("pain_worst", "right", 4, 0)), 5),
        ((("pain_worst", "right", 5, 35), ("pain_worst", "right", 3, 0)), 0),
        ((("pain_worst", "right", 5, 0),), None),
        ((("pain_worst", "left", 5, 35), ("pain_worst", "left", 5, 0)), None),
    ],
)
def test_weeks_without_gain_follow_the_leading_measure(knowledge: Knowledge, values: tuple, weeks: int | None) -> None:
    rows = [(measure, side, number, TODAY - timedelta(ago)) for measure, side, number, ago in values]
    assert value(knowledge, "weeks_without_gain", N, *rows) == weeks


def test_without_a_known_important_change_nothing_is_judged(knowledge: Knowledge) -> None:
    measures = {**knowledge.measures, "lefs": knowledge.measure("lefs").model_copy(update={"mic": None})}
    case = a_runner(knowledge, ("lefs", "", 40, TODAY - timedelta(30)), ("lefs", "", 40))
    assert facts_of(case, replace(knowledge, measures=measures), TODAY).value("weeks_without_gain", N) is None


def a_week(ago: int, **fields: object) -> dict:
    return {"date": TODAY - timedelta(ago), **fields}


@pytest.mark.parametrize(
    ("km", "rise"),
    [
        ({21: 20, 14: 20, 7: 27, 0: 27}, 35),
        ({21: 20, 14: 20, 7: 20, 0: 20}, 0),
        ({14: 20, 0: 30}, 50),
        ({7: 20, 0: 30}, 50),
        ({21: 20, 7: 20, 0: 20}, 0),
        ({21: 0, 14: 0, 0: 20}, None),
        ({0: 20}, None),
        ({21: 20, 14: 20}, None),
        ({21: 0.001, 14: 0.001, 0: 40}, 1000),
        ({}, None),
    ],
)
def test_load_rise_compares_weeks_that_were_told(knowledge: Knowledge, km: dict[int, float], rise: float | None) -> None:
    check_ins = tuple(a_week(ago, km=one) for ago, one in km.items())
    assert value(knowledge, "load_rise_14d", N, check_ins=check_ins) == rise


def test_runs_and_the_told_total_of_a_week_are_not_added_up(knowledge: Knowledge) -> None:
    runs = tuple(a_week(ago, km=5) for ago in (14, 16, 0, 2, 4))
    assert value(knowledge, "load_rise_14d", N, runs=runs) == 50
    assert value(knowledge, "load_rise_14d", N, runs=runs, check_ins=(a_week(0, km=12),)) == 50
    assert value(knowledge, "load_rise_14d", N, runs=runs, check_ins=(a_week(0, km=20),)) == 100


def test_adherence_is_that_of_the_newest_week_that_was_told(knowledge: Knowledge) -> None:
    half = a_week(0, sessions_done=5, sessions_prescribed=10)
    assert value(knowledge, "adherence_7d", N, check_ins=(a_week(7, sessions_done=9, sessions_prescribed=10), half)) == 50
    assert value(knowledge, "adherence_7d", N, check_ins=(a_week(7, sessions_done=9, sessions_prescribed=10),)) == 90
    assert value(knowledge, "adherence_7d", N, check_ins=(a_week(8, sessions_done=9, sessions_prescribed=10),)) is None
    assert value(knowledge, "adherence_7d", N, check_ins=(a_week(0, sessions_done=5),)) is None
    assert value(knowledge, "adherence_7d", N, check_ins=(a_week(0, sessions_done=5, sessions_prescribed=0),)) is None


def test_adherence_counts_ticks_against_the_program_where_no_total_was_told(knowledge: Knowledge) -> None:
    items = (ProgramItem("clamshell", AffectedSide.RIGHT, Dose(3, 15, days_per_week=3)), ProgramItem("bridge", AffectedSide.BOTH, Dose(3, 12)))
    program = Program("p", "case", "case", 1, TODAY - timedelta(30), 1, items)
    days = (CheckInDay(TODAY - timedelta(3), done=("clamshell", "bridge")), CheckInDay(TODAY - timedelta(1), done=("bridge",)))
    week = CheckIn("c", "case", "case", TODAY - timedelta(6), CheckInSource.PAPER, days=days)
    blank = a_runner(knowledge)
    case = Case(blank.patient, blank.episode, programs=(program,), check_ins=(week,))
    assert facts_of(case, knowledge, TODAY).value("adherence_7d", N) == 50
    untold = CheckIn("c", "case", "case", TODAY - timedelta(6), CheckInSource.PAPER)
    assert facts_of(Case(blank.patient, blank.episode, programs=(program,), check_ins=(untold,)), knowledge, TODAY).value("adherence_7d", N) is None


def test_the_pain_threshold_is_the_longest_run_that_was_tolerated(knowledge: Knowledge) -> None:
    runs = (
        a_week(3, km=4, pain_during=2, settled_within_60_min=True),
        a_week(5, km=6, pain_during=0),
        a_week(6, km=8, pain_during=2),
        a_week(7, km=9, pain_during=3, settled_within_60_min=True),
        a_week(8, km=10, pain_during=0, settled_within_60_min=False),
        a_week(28, km=12, pain_during=0),
        a_week(9, km=11),
    )
    assert value(knowledge, "pain_threshold_km", N, runs=runs) == 6
    assert value(knowledge, "pain_threshold_km", N) is None


def test_the_newest_run_of_the_week_says_whether_pain_settled(knowledge: Knowledge) -> None:
    early, late = a_week(5, km=4, settled_within_60_min=False), a_week(2, km=4, settled_within_60_min=True)
    assert value(knowledge, "run_not_settled", N, runs=(early, late)) == 0
    assert value(knowledge, "run_not_settled", N, runs=(early,)) == 1
    assert value(knowledge, "run_not_settled", N, runs=(a_week(7, km=4, settled_within_60_min=False),)) is None


def test_an_invalid_run_or_check_in_does_not_count(knowledge: Knowledge) -> None:
    blank = a_runner(knowledge)
    when = datetime(2026, 3, 29)
    run = Run("r", "case", "case", when, 5, pain_during=9, settled_within_60_min=False, invalidated_at=when)
    week = CheckIn("c", "case", "case", date(2026, 3, 24), CheckInSource.TOLD, pain_worst=9, invalidated_at=when)
    facts = facts_of(Case(blank.patient, blank.episode, runs=(run,), check_ins=(week,)), knowledge, TODAY)
    assert [facts.value(one, N) for one in ("run_not_settled", "load_rise_14d")] == [None, None]
    assert [facts.value(one, R) for one in ("pain_running", "pain_worst")] == [None, None]


@pytest.mark.parametrize(
    ("visit", "told", "worst"),
    [
        ((3, 0), (5, 2), 5),
        ((6, 0), (5, 2), 6),
        ((3, 0), (8, 7), 3),
        ((3, 20), (8, 30), 3),
        ((3, 30), (8, 20), 8),
        ((3, 0), None, 3),
        (None, (4, 50), 4),
    ],
)
def test_worst_pain_is_the_highest_word_of_the_last_week_else_the_newest(
    knowledge: Knowledge, visit: tuple | None, told: tuple | None, worst: float
) -> None:
    values = [("pain_worst", "right", visit[0], TODAY - timedelta(visit[1]))] if visit else []
    check_ins = (a_week(told[1], pain_worst=told[0]),) if told else ()
    assert value(knowledge, "pain_worst", R, *values, check_ins=check_ins) == worst
    assert value(knowledge, "pain_worst", L, *values, check_ins=check_ins) is None


def test_the_next_morning_speaks_for_pain_at_24_hours_and_runs_for_pain_in_running(knowledge: Knowledge) -> None:
    assert value(knowledge, "pain_rest_24h", R, check_ins=(a_week(0, pain_next_morning=6),)) == 6
    runs = (a_week(5, km=4, pain_during=7), a_week(1, km=4, pain_during=3))
    assert value(knowledge, "pain_running", R, runs=runs) == 3
    assert value(knowledge, "pain_running", R, ("pain_running", "right", 4), runs=runs) == 4
