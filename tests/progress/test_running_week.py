"""The week's running follows from the runs so far, and the calendar keeps its rest days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from progress_builders import START, a_program, a_run, a_runner, an_observation

from kneeclinic.knowledge import load_knowledge
from kneeclinic.progress.running_week import LoadProposal, propose_load, running_week
from kneeclinic.record import LoadPlan
from kneeclinic.rules.suggest import suggest
from kneeclinic.vocabulary import Side

TODAY = START + timedelta(weeks=6)
KNOWLEDGE = load_knowledge()


def runs(*kms: float, pain: int | None = 1):
    """A run every third day up to yesterday, the newest last."""
    return tuple(a_run(TODAY - timedelta(days=1 + 3 * ago), km, pain, settled_within_60_min=True) for ago, km in enumerate(reversed(kms)))[::-1]


def proposed(*done, **parts) -> LoadProposal | None:
    case = a_runner(runs=done, **parts)
    return propose_load(case, suggest(case, KNOWLEDGE, TODAY), KNOWLEDGE, TODAY)


def test_green_runs_raise_the_week_by_the_usual_share_and_no_more():
    found = proposed(*runs(*[4.0] * 10))
    weekly = found.plan.weekly_km
    told = sum(km for km in [4.0] * 5) / 2
    assert told < weekly <= told * 1.1
    assert "10 % more" in found.because[0]


def test_the_longest_run_stays_below_the_distance_that_was_tolerated():
    assert proposed(*runs(*[5.0] * 10)).plan.longest_run_km == 4.5


def test_pain_with_a_run_holds_the_week_and_much_pain_cuts_it():
    easy = tuple(a_run(TODAY - timedelta(days=2 + 6 * ago), 3.9, 1, settled_within_60_min=True) for ago in range(4))
    held, cut = proposed(*easy, *runs(*[4.0] * 10, pain=4)), proposed(*easy, *runs(*[4.0] * 10, pain=7))
    assert "hold" in held.because[0]
    assert "cut to 70 %" in cut.because[0]
    assert cut.plan.weekly_km < held.plan.weekly_km


def test_a_load_that_jumped_is_held_though_nothing_hurt():
    assert "hold" in proposed(*runs(*[2.0] * 6, *[5.0] * 5)).because[0]


def test_runs_without_a_told_pain_do_not_raise_the_week():
    assert "too few runs" in proposed(*runs(*[4.0] * 10, pain=None)).because[0]


@pytest.mark.parametrize(("pain", "stage", "weekly"), [(4, 1, None), (7, None, 0)])
def test_where_every_distance_hurts_there_is_no_ceiling_but_walk_run_or_rest(pain, stage, weekly):
    found = proposed(*runs(3.4, 3.6, 3.4, 3.6, pain=pain))
    assert "Every distance so far hurt more than 2/10: no ceiling; walk-run or rest as the plan says." in found.because
    assert (found.plan.longest_run_km, found.plan.walk_run_stage, found.plan.weekly_km) == (None, stage, weekly)


def test_who_does_not_run_gets_no_running():
    assert proposed() is None


@pytest.mark.parametrize(("plan", "days"), [
    (LoadPlan(weekly_km=12, longest_run_km=5, runs_per_week=3, rest_days=(0, 4)), 3), (LoadPlan(weekly_km=0), 0), (LoadPlan(walk_run_stage=2), 3),
    (LoadPlan(weekly_km=10, runs_per_week=7, rest_days=(6,)), 6), (LoadPlan(), 0),
])
def test_the_calendar_holds_as_many_runs_as_there_is_room_for(plan, days):
    week = running_week(plan, KNOWLEDGE)
    assert [one.day for one in week] == list(range(7))
    assert sum(one.kind == "run" for one in week) == days
    assert all(week[day].kind == "rest" for day in plan.rest_days)


def test_a_walk_run_stage_stands_in_place_of_kilometres():
    week = [one for one in running_week(LoadPlan(weekly_km=9, walk_run_stage=3), KNOWLEDGE) if one.kind == "run"]
    assert {(one.km, one.stage.stage) for one in week} == {(None, 3)}


@given(st.floats(1, 80), st.none() | st.floats(1, 40), st.integers(1, 7), st.sets(st.integers(0, 6), max_size=5))
def test_no_calendar_goes_beyond_the_plan(weekly, longest, count, rest):
    plan = LoadPlan(weekly_km=weekly, longest_run_km=longest, runs_per_week=count, rest_days=tuple(sorted(rest)))
    ran = [one.km for one in running_week(plan, KNOWLEDGE) if one.kind == "run"]
    assert sum(ran) <= weekly + 0.1 * len(ran)
    assert longest is None or max(ran) <= longest + 0.1
    assert len(ran) == min(count, 7 - len(rest))


def test_fluid_in_the_knee_leaves_no_running_whatever_was_run():
    found = proposed(*runs(*[4.0] * 10), observations=[an_observation("stroke_test", "1+", TODAY)])
    assert found.plan.weekly_km == 0 and found.because == ("No running: fluid 1+ in the knee, tested on 16 Feb.",)


def test_a_plan_without_a_run_since_stands_as_it_was():
    planned = a_program(load=LoadPlan(weekly_km=12, runs_per_week=2), starts_on=START)
    case = a_runner(programs=(planned,))
    found = propose_load(case, suggest(case, KNOWLEDGE, TODAY), KNOWLEDGE, TODAY)
    assert (found.plan.weekly_km, found.plan.runs_per_week) == (12, 2)


def test_who_may_begin_again_begins_with_the_stage_that_the_findings_ask_for():
    left, right, person = Side.LEFT, Side.RIGHT, Side.NONE
    told = (("hip_abduction_force", right, 190), ("hip_abduction_force", left, 200), ("knee_extension_force", right, 390),
            ("knee_extension_force", left, 400), ("pain_worst", right, 2), ("pain_usual", right, 1), ("walk_30_pain", person, 1),
            ("stroke_test", right, "0"))
    ready = [an_observation(measure, value, TODAY, side) for measure, side, value in told]
    found = proposed(observations=ready)
    assert found is not None and found.plan.walk_run_stage == 1
    assert any(one.startswith("The findings ask for walk-run stage 1") for one in found.because)


def test_pain_told_in_running_caps_the_longest_run_by_what_was_tolerated():
    found = proposed(*runs(*[4.0] * 10), observations=[an_observation("pain_running", 4, TODAY)])
    assert found.plan.longest_run_km == 3.5, "90 % of 4 km, rounded down to half a kilometre"


def test_who_already_runs_without_trouble_is_not_sent_back_to_walk_and_run():
    left, right, person = Side.LEFT, Side.RIGHT, Side.NONE
    told = (("hip_abduction_force", right, 190), ("hip_abduction_force", left, 200), ("knee_extension_force", right, 390),
            ("knee_extension_force", left, 400), ("pain_worst", right, 2), ("pain_usual", right, 1), ("walk_30_pain", person, 1),
            ("stroke_test", right, "0"))
    found = proposed(*runs(*[4.0] * 10), observations=[an_observation(measure, value, TODAY, side) for measure, side, value in told])
    assert found.plan.walk_run_stage is None and found.plan.weekly_km
