"""The plan of a visit note: the program as it begins, the next visit, verdicts that stand, and who was seen first on one day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from progress_builders import START, a_planned, a_program, a_runner, a_visit, an_item, an_observation, week

from kneeclinic.progress.amounts import distances_in, leg_text, rounds_words
from kneeclinic.progress.visit_values import visit_before
from kneeclinic.progress.visit_words import draft_note
from kneeclinic.record.programs import LoadPlan
from kneeclinic.vocabulary import AffectedSide, PlannedState, Units


def plan_of(case, knowledge, visit, units=Units.METRIC):
    return draft_note(case, knowledge, visit.on, visit, units=units).plan


def test_the_first_program_is_told_whole_with_leg_dose_and_running(knowledge):
    items = (an_item("clamshell"), an_item("dead_bug", side=AffectedSide.BOTH))
    case = a_runner(visits=(a_visit(START),), programs=(a_program(*items, load=LoadPlan(weekly_km=16.0)),))
    plan = plan_of(case, knowledge, case.visits[0])
    assert "Program version 1 from 5 Jan 2026 (2 exercises)" in plan
    assert "right leg" in plan and "both legs" in plan and "each side" in plan
    assert "16 km" in plan
    assert "9.9 mi" in plan_of(case, knowledge, case.visits[0], Units.IMPERIAL)
    no_running = replace(case, programs=(a_program(*items),))
    assert "Running" not in plan_of(no_running, knowledge, case.visits[0])


def test_the_next_visit_is_the_first_that_is_still_planned(knowledge):
    done, later, sooner = a_planned(week(1), PlannedState.DONE), a_planned(week(3)), replace(a_planned(week(2)), at="14:30")
    case = a_runner(visits=(a_visit(START),), planned=(done, later, sooner), programs=(a_program(),))
    assert "Next visit: 19 Jan 2026, 14:30 (follow-up)." in plan_of(case, knowledge, case.visits[0])
    assert "Next visit" not in plan_of(replace(case, planned=(done,)), knowledge, case.visits[0])


def test_a_verdict_without_a_new_value_is_said_to_stand(knowledge):
    values = [an_observation("akps", 60), an_observation("akps", 62, week(2)), an_observation("pain_worst", 4, week(4))]
    case = a_runner(visits=(a_visit(START), a_visit(week(2)), a_visit(week(4))), observations=values)
    said = draft_note(case, knowledge, week(4), case.visits[2]).assessment
    assert "No new value since the last visit, the verdict stands: AKPS right no real change." in said


def test_of_two_visits_on_one_day_the_one_entered_earlier_came_before():
    morning = replace(a_visit(START), id="morning", entered_at=datetime(2026, 1, 5, 9, tzinfo=UTC))
    noon = replace(a_visit(START), id="noon", entered_at=datetime(2026, 1, 5, 12))
    case = a_runner(visits=(noon, morning, replace(a_visit(START - timedelta(days=7)), id="earlier")))
    assert visit_before(case, noon).id == "morning"
    assert visit_before(case, morning).id == "earlier"


def test_legs_are_named():
    assert (leg_text(AffectedSide.BOTH), leg_text(AffectedSide.LEFT)) == ("both legs", "left leg")


@pytest.mark.parametrize(("exercise", "words"), [
    ("clamshell", ""), ("dead_bug", "each side"), ("monster_walk", "each way"), ("sl_stance_reach", "in each of 3 directions")])
def test_how_often_a_set_is_done_is_said_where_it_is_more_than_once(knowledge, exercise, words):
    assert rounds_words(knowledge.exercise(exercise)) == words


def test_the_kilometres_of_a_sentence_are_told_in_miles_and_nothing_else_of_it():
    said = "Ran 16.1 km of 8 km planned, at 9.5 km/h over 3 weeks."
    assert distances_in(said, Units.METRIC) == said
    assert distances_in("Ran 16.09344 km of 8 km planned.", Units.IMPERIAL) == "Ran 10.0 mi of 5.0 mi planned."
    assert distances_in("12 weeks, 3 runs", Units.IMPERIAL) == "12 weeks, 3 runs"
