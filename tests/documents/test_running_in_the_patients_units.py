"""This week's running as the patient reads it: five plans worked out by hand, in kilometres and in miles; the runs never pass the week."""

from __future__ import annotations

import dataclasses
import re
from datetime import datetime, timedelta

import pytest

from kneeclinic.documents.handout import handout_pdf
from kneeclinic.progress.running_week import propose_load
from kneeclinic.record import Case, LoadPlan, Observation, Run
from kneeclinic.rules.facts import facts_of
from kneeclinic.rules.running_plan import CROSS_TRAINING, NO_IMPACT
from kneeclinic.rules.running_plan import _cadence as cadence_cue
from kneeclinic.rules.suggest import suggest
from kneeclinic.vocabulary import Side, Units

from .paper_builders import CLINIC, SIX, TODAY, a_program, a_runner, knowledge, text_of

GREEN = ((12, 4), (10, 4), (8, 4), (5, 4), (3, 4), (1, 5))


def runs_of(days: tuple[tuple[int, float], ...], *, pains: dict[int, int] | None = None) -> tuple[Run, ...]:
    """Days ago and kilometres; pain of 1 where nothing else is said, settled within the hour."""
    found = []
    for ago, km in days:
        on = TODAY - timedelta(days=ago)
        found.append(Run(f"run{ago}", "patient", "episode", datetime(on.year, on.month, on.day, 8), km, pain_during=(pains or {}).get(ago, 1),
                         pain_next_morning=1, settled_within_60_min=True))
    return tuple(found)


def proposed(runs: tuple[Run, ...], units: Units) -> Case:
    case = dataclasses.replace(a_runner(a_program(*SIX), units=units), runs=runs)
    found = propose_load(case, suggest(case, knowledge(), TODAY), knowledge(), TODAY, case.program.items)
    plan = dataclasses.replace(found.plan, cross_training="bike", cadence_cue="171 to 179", footwear_note="the old pair")
    return dataclasses.replace(case, programs=(dataclasses.replace(case.program, load=plan),))


def sheet(case: Case) -> str:
    return text_of(handout_pdf(case, knowledge(), TODAY, CLINIC, therapist="Linden"))


# Worked out by hand: mean of the two weeks, times 1.1 (green), 1 (a run above 2/10) or 0.7 (a run above 5/10), down to half a kilometre; the
# longest is 0.9 times the longest tolerated run; the week is at most three of those.
BY_HAND = {
    "green: 12.5 x 1.1, longest 5 x 0.9": (runs_of(GREEN), 13.5, 4.5, ("13.5 km", "4.5 km", "4.5 km"), ("8.4 miles", "2.8 miles", "2.7 mi")),
    "one run at 4: hold 12.5, held to 3 x 3.5": (runs_of(GREEN, pains={1: 4}), 10.5, 3.5, ("10.5 km", "3.5 km", "3.5 km"),
                                                ("6.5 miles", "2.2 miles", "2.1 mi")),
    "one run at 7: 12.5 x 0.7": (runs_of(GREEN, pains={1: 7}), 8.5, 3.5, ("8.5 km", "3.5 km", "2.5 km"), ("5.3 miles", "2.2 miles", "1.5 mi")),
    "ten kilometres and more: 21.5 x 1.1, longest 12 x 0.9": (runs_of(((12, 10), (9, 10), (5, 11), (2, 12))), 23.5, 10.5,
                                                              ("23.5 km", "10.5 km", "6.5 km"), ("14.6 miles", "6.5 miles", "4 mi")),
    "two runs of 4: 4 x 1.1, down to half a kilometre": (runs_of(((9, 4), (2, 4))), 4.0, 3.5, ("4 km", "3.5 km", "1 km"),
                                                         ("2.5 miles", "2.2 miles", "0.6 mi")),
}


@pytest.mark.parametrize("units", list(Units))
@pytest.mark.parametrize("who", list(BY_HAND))
def test_the_plan_of_the_week_is_what_a_hand_works_out_and_stands_on_the_sheet(who: str, units: Units) -> None:
    runs, weekly, longest, metric, imperial = BY_HAND[who]
    case = proposed(runs, units)
    assert (case.program.load.weekly_km, case.program.load.longest_run_km) == (weekly, longest)
    week, long, one = imperial if units is Units.IMPERIAL else metric
    text = sheet(case)
    assert f"All runs this week: {week} at most" in text and f"Longest run: {long} at most" in text and f"Run {one}" in text
    for said in ("3 runs this week", "Rest days: Monday, Wednesday, Friday, Saturday", "Other sport: bike", "Step rate: 171 to 179",
                 "Shoes: the old pair"):
        assert said in text
    assert (" km" in text) is (units is Units.METRIC)


@pytest.mark.parametrize("units", list(Units))
@pytest.mark.parametrize("weekly", [3.5, 5, 7.7, 10, 10.5, 11, 12.5, 14.484, 16.093, 20, 33.3])
@pytest.mark.parametrize("runs", [2, 3, 4, 5])
def test_the_runs_of_the_strip_together_never_pass_the_week(units: Units, weekly: float, runs: int) -> None:
    plan = LoadPlan(weekly_km=weekly, longest_run_km=round(weekly / runs * 1.3, 1), runs_per_week=runs)
    text = sheet(a_runner(a_program("clamshell", load=plan), units=units))
    sign, word = ("mi", "miles") if units is Units.IMPERIAL else ("km", "km")
    strip = [float(one) for one in re.findall(rf"Run (\d+(?:\.\d)?) {sign}\b", text)]
    whole = float(re.search(rf"All runs this week: (\d+(?:\.\d)?) {word}", text).group(1))
    assert len(strip) == runs
    assert whole - 0.1 * (runs + 1) <= sum(strip) <= whole + 1e-6


def test_what_was_typed_in_miles_is_read_in_miles() -> None:
    plan = LoadPlan(weekly_km=round(9 * 1.609344, 3), longest_run_km=round(3 * 1.609344, 3), runs_per_week=3)
    assert sheet(a_runner(a_program("clamshell", load=plan), units=Units.IMPERIAL)).count("Run 3 mi") == 3


@pytest.mark.parametrize("cadence", [None, 163])
def test_the_cue_that_the_findings_propose_is_read_in_the_language_of_the_sheet(cadence: int | None) -> None:
    case = a_runner(a_program("clamshell"))
    told = (Observation("o", "v", "episode", "patient", "cadence", Side.NONE, cadence, TODAY),) if cadence else ()
    facts = facts_of(dataclasses.replace(case, observations=told), knowledge(), TODAY)
    cue = cadence_cue(facts, {one.id: one.value for one in knowledge().running.thresholds})
    plan = LoadPlan(weekly_km=10, cadence_cue=cue, cross_training=CROSS_TRAINING, note=NO_IMPACT)
    found = a_runner(a_program("clamshell", load=plan))
    spanish = text_of(handout_pdf(found, knowledge(), TODAY, CLINIC, therapist="Linden", language="es"))
    assert ("171 a 179 pasos por minuto (ahora 163)" if cadence else "5 a 10 % más pasos por minuto") in spanish
    assert "steps a minute" not in spanish and "bicycle" not in spanish and "No running" not in spanish
    assert cue in sheet(found) and NO_IMPACT in sheet(found)


def test_a_cue_that_was_typed_stays_as_typed() -> None:
    plan = LoadPlan(weekly_km=10, cadence_cue="Quick and quiet steps, 5 to 10 % more steps a minute at most")
    found = a_runner(a_program("clamshell", load=plan))
    assert plan.cadence_cue in text_of(handout_pdf(found, knowledge(), TODAY, CLINIC, therapist="Linden", language="es"))
