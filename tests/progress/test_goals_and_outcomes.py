"""Goals, recovery bands and how the clinic does."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from progress_builders import START, a_check_in, a_goal, a_program, a_runner, an_observation, week

from kneeclinic.progress.goals import all_goals_reached, goal_status, goals_status
from kneeclinic.progress.outcomes import outcomes
from kneeclinic.progress.proportion import Proportion
from kneeclinic.progress.recovery import course_of, recovery_bands
from kneeclinic.ui.outcomes_view import enough_for
from kneeclinic.vocabulary import EpisodeStatus, Side


def stands(knowledge, value_by_week, goal, today):
    case = a_runner(observations=[an_observation(goal.measure, value, week(at)) for at, value in value_by_week.items()],
                    episode={"goals": (goal,)})
    return goal_status(case, knowledge, goal, today)


@pytest.mark.parametrize(
    ("values", "today", "state", "share"),
    [({0: 60}, 0, "on_the_way", 0.0), ({0: 60, 4: 75}, 4, "on_the_way", 0.75), ({0: 60, 6: 62}, 6, "behind", 0.1),
     ({0: 60, 6: 80}, 6, "reached", 1.0), ({0: 60, 6: 85}, 9, "reached", 1.0), ({0: 60, 6: 70}, 9, "missed", 0.5),
     ({0: 60, 6: 50}, 6, "behind", 0.0), ({}, 2, "no_value", 0.0)],
)
def test_a_goal_says_how_far_it_is(knowledge, values, today, state, share):
    found = stands(knowledge, values, a_goal("akps", 80, week(8)), week(today))
    assert (found.state, found.share) == (state, pytest.approx(share))


def test_a_goal_for_pain_counts_downwards_and_its_sentence_names_the_numbers(knowledge):
    found = stands(knowledge, {0: 7, 4: 2}, a_goal("pain_worst", 2, week(8)), week(4))
    assert found.state == "reached"
    assert "2 of 2 by 2 Mar 2026, reached." in found.sentence


def test_a_goal_without_a_better_direction_goes_the_way_from_baseline_to_target(knowledge):
    goal = a_goal("girth_joint_line", 36, week(8), baseline=38)
    assert stands(knowledge, {0: 38, 4: 35.5}, goal, week(4)).state == "reached"
    assert stands(knowledge, {0: 38, 4: 39}, goal, week(4)).state == "behind"
    assert stands(knowledge, {0: 38, 4: 41}, a_goal("girth_joint_line", 40, week(8), baseline=38), week(4)).state == "reached"


def test_a_goal_set_for_its_own_day_expects_everything_at_once(knowledge):
    assert stands(knowledge, {0: 60}, a_goal("akps", 80, START), START).expected == 1.0


def test_all_goals_reached_needs_at_least_one_goal_and_ignores_the_dropped(knowledge):
    dropped = a_goal("lefs", 80, week(8), Side.NONE, dropped_on=week(1))
    case = a_runner(observations=[an_observation("akps", 85, week(2))], episode={"goals": (a_goal("akps", 80, week(8)), dropped)})
    assert all_goals_reached(case, knowledge, week(2))
    assert len(goals_status(case, knowledge, week(2))) == 1
    assert not all_goals_reached(case, knowledge, START)
    assert not all_goals_reached(a_runner(), knowledge, week(2))


def a_past_course(at, *, status=EpisodeStatus.DISCHARGED, gain=25, template="hip_starter", pain=6, done=12):
    base = 55 + at % 10
    course = [an_observation("akps", min(100, base + round(gain * min(1, weeks / 6))), week(weeks)) for weeks in (0, 2, 4, 6, 12)]
    case = a_runner(observations=[*course, an_observation("pain_worst", pain)], programs=(a_program(template=template, phase=at % 3),),
                    check_ins=(a_check_in(1, sessions_done=done, sessions_prescribed=14),),
                    episode={"status": status, "closed_on": week(10 + at % 4) if status is not EpisodeStatus.OPEN else None})
    return replace(case, patient=replace(case.patient, id=f"patient-{at}"))


def test_recovery_bands_need_thirty_discharged_episodes(knowledge):
    cases = [a_past_course(at) for at in range(30)]
    assert recovery_bands(cases[:29], knowledge, "akps", week(20)) is None
    bands = recovery_bands(cases, knowledge, "akps", week(20))
    assert (bands.episodes, [one.week for one in bands.weeks]) == (30, [0, 2, 4, 6, 12])
    for one in bands.weeks:
        assert one.p10 <= one.p25 <= one.p50 <= one.p75 <= one.p90
    assert bands.weeks[0].p50 == pytest.approx(59.5)
    still_open = [a_past_course(at, status=EpisodeStatus.OPEN) for at in range(30)]
    assert recovery_bands(still_open, knowledge, "akps", week(20)) is None


def test_a_week_that_few_patients_have_is_left_out_of_the_bands(knowledge):
    cases = [a_past_course(at) for at in range(30)]
    rare = replace(cases[0], observations=(*cases[0].observations, an_observation("akps", 90, week(9))))
    assert 9 not in [one.week for one in recovery_bands([rare, *cases[1:]], knowledge, "akps", week(20)).weeks]


def test_the_course_of_a_patient_stands_on_weeks(knowledge):
    assert course_of(a_past_course(0), knowledge, "akps", week(20)) == {0: 55, 2: 63, 4: 72, 6: 80, 12: 80}


def test_outcomes_tell_share_interval_time_and_drop_out(knowledge):
    cases = [a_past_course(at) for at in range(10)] + [a_past_course(at, gain=0, status=EpisodeStatus.DROPPED_OUT) for at in range(5)]
    found = outcomes([*cases, a_runner()], knowledge, week(20))
    assert found.episodes == 15
    assert (found.really_better[6].hits, found.really_better[6].n) == (10, 15)
    assert found.drop_out.sentence.startswith("5 of 15 (33 %, 95 % interval 15 to 58 %")
    assert found.median_days_to_discharge == 77 + 0.0
    assert found.discharged == 10


def test_a_course_that_has_not_reached_the_week_is_not_judged_for_it(knowledge):
    young = outcomes([a_past_course(0, status=EpisodeStatus.OPEN)], knowledge, week(7))
    assert young.really_better[6].n == 1
    assert young.really_better[12].n == 0
    assert young.median_days_to_discharge is None
    assert young.drop_out.sentence == "no patient yet"


def test_a_patient_who_was_never_measured_twice_is_counted_but_not_judged(knowledge):
    lost = a_runner(programs=(a_program(),))
    found = outcomes([lost], knowledge, week(20))
    assert (found.episodes, found.really_better[12].n) == (1, 0)
    assert {one.name for one in found.groups} == {"begun in phase 1", "own program", "not known"}


def test_groups_of_fewer_than_five_are_hidden(knowledge):
    cases = [a_past_course(at, template="hip_starter") for at in range(6)] + [a_past_course(at, template="calm_down", pain=3) for at in range(4)]
    found = outcomes(cases, knowledge, week(20))
    templates = {one.name: one for one in found.groups if one.by == "template"}
    assert templates["Hip starter"].really_better[12].n == 6
    assert templates["Phase 0, calm down"].hidden
    assert templates["Phase 0, calm down"].really_better == {}
    assert found.hidden_groups == sum(one.hidden for one in found.groups) >= 2


def test_bands_of_severity_stand_in_their_own_order(knowledge):
    cases = [a_past_course(at, pain=pain) for at, pain in enumerate((7, 2, 4))]
    names = [one.name for one in outcomes(cases, knowledge, week(20)).groups if one.by == "start severity"]
    assert names == ["mild: worst pain 0-3", "moderate: worst pain 4-5", "severe: worst pain 6-10"]


def test_the_wilson_interval_is_the_published_one():
    low, high = Proportion(8, 10).interval
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    assert Proportion(0, 0).interval is None and Proportion(0, 0).share is None


@given(st.integers(1, 200), st.integers(0, 200))
def test_the_interval_holds_the_share_and_stays_between_nothing_and_all(n, hits):
    one = Proportion(min(hits, n), n)
    low, high = one.interval
    assert 0 <= low <= one.share <= high <= 1


def test_the_interval_covers_the_true_share_nearly_as_often_as_it_says():
    chance = random.Random(2)
    held = 0
    for _ in range(2000):
        true = chance.uniform(0.1, 0.9)
        low, high = Proportion(sum(chance.random() < true for _ in range(25)), 25).interval
        held += low <= true <= high
    assert held / 2000 >= 0.94


def test_verdicts_of_checkpoints_use_only_what_was_known_by_then(knowledge):
    late = a_runner(observations=[an_observation("akps", 55), an_observation("akps", 60, week(6)), an_observation("akps", 95, week(11))],
                    programs=(a_program(),))
    found = outcomes([late], knowledge, week(20))
    assert (found.really_better[6].hits, found.really_better[12].hits) == (0, 1)


def test_the_tiles_follow_the_rule_of_the_groups():
    assert enough_for(Proportion(1, 2), 5) == ("too few: 2", "5 are needed")
    assert enough_for(Proportion(3, 6), 5)[0] == "50 %"
    assert enough_for(Proportion(0, 0), 5)[0] == "–"
