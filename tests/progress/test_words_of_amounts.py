"""Amounts, doses, running plans and supports as they are written down, in both systems of units."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from progress_builders import LEFT, RIGHT, START, a_measure, a_program, a_review, a_runner, a_visit, an_item, an_observation, week

from kneeclinic.progress.amounts import (
    KM_PER_MILE,
    change_words,
    counted,
    day_text,
    distance_text,
    dose_words,
    in_units,
    load_words,
    name_of,
    number_text,
    run_text,
    sentence,
    unit_of,
    value_text,
)
from kneeclinic.progress.difference import difference
from kneeclinic.progress.supports import support_periods, supports_of
from kneeclinic.progress.visit_words import draft_note
from kneeclinic.record.programs import DeviceNote, Dose, LoadPlan, TapeNote
from kneeclinic.vocabulary import AffectedSide, Decision, TapeComponent, Units

METRIC, IMPERIAL = Units.METRIC, Units.IMPERIAL


def test_units_of_the_other_system_are_printed_with_their_numbers(knowledge):
    km = knowledge.measure("km_week")
    assert (unit_of(km, METRIC), unit_of(km, IMPERIAL)) == ("km", "mi")
    assert in_units(km, 16.09344, IMPERIAL) == pytest.approx(10)
    assert in_units(km, 10, METRIC) == 10
    assert value_text(km, 16.09344, IMPERIAL) == "10 mi"
    assert unit_of(a_measure(unit="count"), METRIC) == ""
    assert number_text(a_measure(decimals=0), 62.5, METRIC) == "62.5", "a value is never rounded away"
    assert number_text(a_measure(decimals=1), -0.0, METRIC) == "0"


def test_a_scale_with_two_directions_keeps_its_sign_and_a_score_its_end(knowledge):
    assert value_text(knowledge.measure("groc"), 3) == "+3"
    assert value_text(knowledge.measure("akps"), 62) == "62/100"
    assert value_text(knowledge.measure("pain_worst"), 3) == "3/10"
    assert value_text(knowledge.measure("stroke_test"), "trace") == "trace"


def test_the_short_name_stands_without_the_unit_that_follows_anyway():
    assert name_of(a_measure(short="Wall lunge cm", unit="cm")) == "Wall lunge"
    assert name_of(a_measure(short="", label="Long")) == "Long"
    assert name_of(a_measure(short="a/b", label="Long")) == "Long"
    assert name_of(a_measure(short="AKPS", unit="")) == "AKPS"


def test_dates_are_written_so_that_nobody_reads_the_month_for_the_day():
    assert day_text(None) == "not set"
    assert day_text(START) == f"{START.day} Jan {START.year}"


@pytest.mark.parametrize(("dose", "metric", "imperial"), [
    (Dose(3, 15, hold_s=3, load_kg=2.5, days_per_week=3), "3 x 15, hold 3 s, 2.5 kg, 3 / week", "3 x 15, hold 3 s, 5.5 lb, 3 / week"),
    (Dose(3, None, hold_s=30, days_per_week=7), "3 x 30 s, 7 / week", "3 x 30 s, 7 / week"),
    (Dose(2, None, minutes=5, tempo="3-1-3", days_per_week=2), "2 sets, 5 min, tempo 3-1-3, 2 / week", "2 sets, 5 min, tempo 3-1-3, 2 / week"),
])
def test_a_dose_in_words(dose, metric, imperial):
    assert (dose_words(dose, METRIC), dose_words(dose, IMPERIAL)) == (metric, imperial)


def test_the_running_plan_in_one_line():
    plan = LoadPlan(weekly_km=16.1, longest_run_km=6, runs_per_week=3, walk_run_stage=2, cross_training="bike", cadence_cue="quick feet",
                    footwear_note="old pair", note="flat")
    assert load_words(plan, METRIC) == ("16.1 km a week, longest run 6 km, 3 runs a week, walk-run stage 2, other training: bike, "
                                        "cadence: quick feet, shoes: old pair, note: flat")
    assert load_words(LoadPlan(weekly_km=0, longest_run_km=5, runs_per_week=2), METRIC) == "no running"
    assert load_words(LoadPlan(), METRIC) == ""
    assert distance_text(16.09344, IMPERIAL) == "10.0 mi" and counted(1, "run") == "1 run"


@pytest.mark.parametrize(("before", "after", "said"), [
    (LoadPlan(weekly_km=16.09344), LoadPlan(weekly_km=32.18688), "miles a week: 10.0 to 20.0"),
    (None, LoadPlan(weekly_km=16.09344), "10.0"),
    (LoadPlan(weekly_km=16.09344, longest_run_km=8), LoadPlan(weekly_km=16.09344, longest_run_km=6), "miles longest run: 5.0 to 3.7"),
])
def test_a_change_of_the_running_plan_is_told_in_miles(knowledge, before, after, said):
    old, new = a_program(load=before), a_program(version=2, load=after)
    [change] = [one for one in difference(old, new, knowledge) if one.what == "load"]
    assert said in change_words(change, before, after, IMPERIAL)
    assert "km" in change_words(change, before, after, METRIC)


def test_a_changed_load_is_told_in_pounds_and_a_day_in_words(knowledge):
    old, new = a_program(an_item(load_kg=2.0)), a_program(an_item(load_kg=4.0), version=2)
    said = [change_words(one, None, None, IMPERIAL) for one in difference(old, new, knowledge)]
    assert any("8.8 lb" in one for one in said) and not any(re.search(r"\d kg", one) for one in said)


TAPE = TapeNote(AffectedSide.RIGHT, (TapeComponent.GLIDE,), "Inwards", "Sport", START, week(4), retest_before=5, retest_after=2,
                retest_task="step-down")
BRACE = DeviceNote("orthosis_prefab", AffectedSide.BOTH, "Pronation", "all day", START, week(6))


def test_a_support_says_when_it_stops(knowledge):
    [tape] = supports_of(a_program(tape=TAPE), knowledge)
    assert "(in 7 days)" in tape.stops(week(3)) and "(today)" in tape.stops(week(4))
    assert "1 day ago: take it off, or give a reason" in tape.stops(week(4) + timedelta(days=1))
    assert "Pull: inwards." in tape.text(week(1)) and "Re-test, step-down: pain 5/10 without, 2/10 with it." in tape.text(week(1))
    assert "Pull" not in tape.text(week(1), whole=False)


def test_what_was_worn_keeps_its_first_day_and_the_day_it_came_off(knowledge):
    case = a_runner(programs=(a_program(tape=TAPE), a_program(version=2, starts_on=week(2), tape=TAPE, devices=(BRACE,)),
                              a_program(version=3, starts_on=week(4), devices=(BRACE,)), a_program(version=4, starts_on=week(9))))
    found = support_periods(case, knowledge, week(5))
    assert [(on, off) for _, on, off in found] == [(START, week(4)), (START, None)]
    assert support_periods(a_runner(programs=(a_program(),)), knowledge, week(5)) == ()


def test_a_note_says_what_was_decided_since_the_last_visit(knowledge):
    visits = (a_visit(START), a_visit(week(4)))
    other = a_review(week(3), suggested=Decision.HOLD, decision=Decision.REGRESS, reason="calm week")
    same = a_review(week(2))
    case = a_runner(visits=visits, observations=[an_observation("pain_worst", 4, week(4))], reviews=(same, other), programs=(a_program(),))
    plan = draft_note(case, knowledge, week(4), visits[1]).plan
    assert "Decided since the last visit" in plan and "calm week" in plan


def test_a_paused_program_is_said_to_be_paused(knowledge):
    visits = (a_visit(START), a_visit(week(4)))
    case = a_runner(visits=visits, observations=[an_observation("pain_worst", 4, week(4))],
                    programs=(a_program(), a_program(version=2, starts_on=week(4), paused=True)))
    assert "paused" in draft_note(case, knowledge, week(4), visits[1]).plan


def test_a_brace_that_was_worn_is_named_with_its_knees_when_it_came_off(knowledge):
    case = a_runner(programs=(a_program(devices=(BRACE,)), a_program(version=2, starts_on=week(3)), a_program(version=3, starts_on=week(8))))
    [(label, on, off)] = support_periods(case, knowledge, week(5))
    assert label.endswith("both knees") and (on, off) == (START, week(3))


def test_a_tape_without_a_re_test_says_only_what_is_known(knowledge):
    bare = TapeNote(AffectedSide.RIGHT, (), "", "", START, week(4))
    [tape] = supports_of(a_program(tape=bare), knowledge)
    assert tape.text(week(1)).startswith("Tape, right knee, since 5 Jan") and tape.details == ()
    assert sentence("  ") == ""


def test_a_computed_value_that_did_not_move_is_not_told_again(knowledge):
    visits = (a_visit(START), a_visit(week(4)))
    legs = [an_observation("hip_abduction_force", value, on, side) for on in (START, week(4)) for side, value in ((RIGHT, 90), (LEFT, 100))]
    fresh = [*legs, an_observation("knee_extension_force", 300, week(4), RIGHT), an_observation("knee_extension_force", 400, week(4), LEFT)]
    note = draft_note(a_runner(visits=visits, observations=fresh), knowledge, week(4), visits[1])
    assert "75 %" in note.objective and "90 %" not in note.objective


@pytest.mark.parametrize("weekly", [5.0, 10.0, 17.3, 32.0])
@pytest.mark.parametrize("units", list(Units))
def test_the_runs_of_a_week_as_they_are_written_never_add_up_to_more_than_the_week(weekly, units):
    shown = [float(run_text(weekly / 3, units).split()[0]) for _ in range(3)]
    most = weekly / KM_PER_MILE if units is Units.IMPERIAL else weekly
    assert sum(shown) <= most + 1e-9
    assert sum(shown) > most - 0.31
