"""Who truly gets worse or stops coming is found, and seldom is anybody called without need."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import pstdev

import pytest

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.caseload import REASON_IDS
from tests.simulation.courses import SHARES
from tests.simulation.report import report
from tests.simulation.runners import PATIENTS, SEED, WEEKS, look_day, runners
from tests.simulation.scores import PATIENCE, Seen, decisions, progressed_while_worse, score, scores, watch

RECALL, PRECISION = 0.9, 0.7
"""What worsening and silence must reach; precision is asked of every alert but a plateau."""
PLATEAU_PRECISION, PLATEAU_RECALL = 0.6, 0.78
"""Four weeks of noisy pain can hardly tell a slow gain from none: held here so that it gets no worse."""
DECISIONS = {"WR1": 1.0, "WR2": 0.85, "WR3": 0.65, "WR4": 0.75, "WR5": 0.8, "WR6": 0.85, "WR7": 0.75, "WR8": 0.55, "WR9": 1.0}
"""Least share of decisions that fit the truth. WR2 is fluid of 1+ or more; its other half, a rise to a trace, is held below by how seldom it
comes. WR10 needs reviews that were held, of which the simulation knows none."""
MISREAD = 0.05
"""One test in ten is read a grade wrong, half of them too high: so often does a dry knee show a trace."""


def test_the_caseload_is_large_enough_and_holds_every_kind_of_course(seen: list[Seen]):
    assert PATIENTS >= 200
    assert WEEKS >= 10
    assert {one.runner.course.kind for one in seen} == set(SHARES)
    assert sum(SHARES.values()) == 100


@pytest.mark.parametrize("alert", ["worsening", "stopped_checking_in"])
def test_who_gets_worse_or_stops_is_found_within_two_weeks(seen, alert):
    found = scores(seen)[alert]
    assert found.stretches >= 25
    assert found.recall >= RECALL, report(seen)


@pytest.mark.soak
def test_finding_who_gets_worse_is_no_luck_of_one_seed(knowledge: Knowledge):
    """One caseload holds fifty or sixty true rises: its recall scatters from 88 to 98 per cent. Eight together say what the rule does."""
    found = [scores(watch(runners(knowledge, 240, WEEKS, seed), knowledge, reviewed=False))["worsening"] for seed in range(1, 9)]
    caught, stretches = sum(one.caught for one in found), sum(one.stretches for one in found)
    assert stretches >= 300
    assert caught / stretches >= RECALL, [(one.caught, one.stretches) for one in found]
    assert sum(one.right for one in found) / sum(one.weeks for one in found) >= PRECISION


@pytest.mark.parametrize("alert", [alert for alert in PATIENCE if alert != "plateau"])
def test_seven_in_ten_weeks_with_an_alert_are_right(seen, alert):
    found = scores(seen)[alert]
    assert found.weeks >= 30
    assert found.precision >= PRECISION, report(seen)


def test_a_plateau_is_found_no_worse_than_it_was(seen):
    found = scores(seen)["plateau"]
    assert found.recall >= PLATEAU_RECALL
    assert found.precision >= PLATEAU_PRECISION


@pytest.mark.parametrize("alert", ["red_flag", "overdue", "support_overdue"])
def test_what_needs_no_measurement_is_never_wrong_and_never_missed(seen, alert):
    found = scores(seen)[alert]
    assert found.recall == 1
    assert found.precision == 1


@pytest.mark.parametrize("rule", DECISIONS)
def test_the_decisions_of_the_review_fit_the_truth(seen, rule):
    found = next(one for one in decisions(seen) if one.rule == rule)
    assert found.weeks >= 20
    assert found.precision >= DECISIONS[rule], report(seen)


def test_a_dry_knee_that_was_misread_seldom_decides_a_week(seen):
    """WR2 asks for a halved load after a rise of one grade, and two examiners differ by a grade: the price of the rule, kept small because a
    rise is news for 13 days and the next test ends it."""
    weeks = sum(len(one.rules) for one in seen)
    traces = sum(sum(one.traces) for one in seen)
    assert 0 < traces <= MISREAD * weeks
    tests = sum(value.measure == "stroke_test" for one in seen for value in one.runner.observations)
    assert traces <= 2 * MISREAD * tests


def test_fluid_that_is_there_is_acted_on_by_the_review(seen):
    """Of the weeks in which a test had read fluid of a flare as it truly was."""
    tested = acted = 0
    for one in seen:
        for at, week in enumerate(one.runner.course.weeks):
            day = look_day(at + 1)
            read = {value.value for value in one.runner.case_on(day).observations if value.measure == "stroke_test" and (day - value.on).days < 7}
            if week.fluid == 2 and "1+" in read:
                tested, acted = tested + 1, acted + (one.rules[at] in ("WR1", "WR2"))
    assert tested >= 10
    assert acted == tested


def test_nearly_nobody_is_told_to_do_more_while_getting_worse(seen):
    progressed, worse = progressed_while_worse(seen)
    assert worse > 100
    assert progressed <= 0.02 * worse


def test_no_look_at_a_simulated_runner_fails_and_every_reason_comes_up(seen):
    assert all(len(one.rules) == WEEKS for one in seen)
    assert {alert for one in seen for raised in one.raised for alert in raised} == set(REASON_IDS)


def test_the_same_seed_gives_the_same_caseload_and_another_seed_another(knowledge: Knowledge):
    day = look_day(6)
    first, again, other = ([one.case_on(day) for one in runners(knowledge, 20, 8, seed)] for seed in (SEED, SEED, SEED + 1))
    assert first == again
    assert first != other


def test_told_pain_scatters_around_the_truth_as_the_detectable_change_says(seen, knowledge: Knowledge):
    """Away from the ends of the scale, rounding to whole numbers included."""
    sdc = knowledge.measure("pain_worst").sdc
    assert sdc is not None
    errors = [
        week.pain_worst - one.runner.course.weeks[(week.week_start - look_day(0)).days // 7].worst
        for one in seen for week in one.runner.check_ins
        if week.pain_worst is not None and 3 <= one.runner.course.weeks[(week.week_start - look_day(0)).days // 7].worst <= 7
    ]
    assert len(errors) > 1000
    assert pstdev(errors) == pytest.approx(math.sqrt((sdc / (1.96 * math.sqrt(2))) ** 2 + 1 / 12), rel=0.06)


def test_nothing_of_a_later_day_is_in_a_record(seen):
    for one in seen[:60]:
        case = one.runner.case_on(look_day(5))
        assert all(each.on <= look_day(5) for each in (*case.visits, *case.observations, *case.runs))
        assert all(each.starts_on <= look_day(5) for each in case.programs)
        assert all(each.entered_at.date() <= look_day(5) for each in case.check_ins)


@pytest.mark.parametrize("alert", ["worsening", "stopped_checking_in", "plateau"])
def test_the_scoring_gives_full_marks_to_the_truth_and_none_to_silence(seen, alert):
    perfect = score(alert, seen, lambda one, at: alert in one.true[at])
    silent = score(alert, seen, lambda one, at: False)
    always = score(alert, seen, lambda one, at: True)
    assert (perfect.recall, perfect.precision, perfect.delay) == (1, 1, 0)
    assert (silent.recall, silent.precision) == (0, None)
    assert always.recall == 1
    assert always.precision < PRECISION


def test_the_scoring_sees_an_alert_that_comes_too_late(seen):
    late = score("worsening", seen, lambda one, at: at >= 3 and "worsening" in one.true[at - 3] and "worsening" not in one.true[at - 2])
    assert late.recall < RECALL


def test_a_clinic_with_few_who_get_worse_still_gets_useful_alerts(seen):
    """Half of the flares and wrong diagnoses left out: fewer true alerts stand against the same false ones."""
    rare = [one for at, one in enumerate(seen) if at % 2 or "worsening" not in frozenset().union(*one.true)]
    assert 0.4 * len(seen) < len(rare) < len(seen)
    assert scores(rare)["worsening"].precision >= 0.6


def test_a_runner_nobody_heard_of_can_be_found_silent_but_not_worse(seen, knowledge: Knowledge):
    gone = next(one.runner for one in seen if one.runner.course.weeks[-1].gone)
    quiet = replace(gone, check_ins=[], visits=gone.visits[:1])
    [found] = watch([quiet], knowledge, reviewed=False)
    assert "stopped_checking_in" in found.raised[-1]
    assert "worsening" not in found.raised[-1]


def test_the_report_names_every_alert(seen):
    text = report(seen)
    print(f"\n{text}")
    assert all(alert in text for alert in PATIENCE)
