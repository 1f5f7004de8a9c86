"""An unchanged patient is seldom called better, and one who truly gains twice the important change nearly always is."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest
from progress_builders import a_measure, worst_pain

from kneeclinic.knowledge.schema import Measure
from kneeclinic.progress.change import judge
from kneeclinic.vocabulary import Better, Verdict

COURSES = 3000
LOOKS = 7
"""Baseline and six weekly looks."""

AKPS = a_measure()
AKPS_SMALLER_SDC = a_measure(sdc=13)
KOOS_PF = a_measure(id="koos_pf", sdc=16, mic=16.4, decimals=1)
LEFS = a_measure(id="lefs", sdc=10.7, mic=9, hard=(0, 80))
PAIN = worst_pain()
VAS = worst_pain(id="vas_worst", sdc=20, mic=20, hard=(0, 100))
PSFS = a_measure(id="psfs", sdc=2.4, mic=2.3, hard=(0, 10), decimals=1)
TRUE = [(AKPS, 62), (AKPS_SMALLER_SDC, 62), (KOOS_PF, 55), (LEFS, 50), (PAIN, 6), (PAIN, 5.5), (VAS, 60), (PSFS, 4.2)]
IDS = [f"{measure.id}-{measure.sdc:g}-true-{true:g}" for measure, true in TRUE]

SHAPES: dict[str, Callable[[float], float]] = {
    "the same step every week": lambda week: week / 6,
    "all in the first week": lambda week: min(1.0, week),
    "all by week two": lambda week: min(1.0, week / 2),
    "all by week three": lambda week: min(1.0, week / 3),
    "nothing before week three": lambda week: max(0.0, (week - 3) / 3),
}


def test_every_judged_measure_of_the_knowledge_is_simulated(knowledge):
    def noise(measure: Measure) -> tuple[object, ...]:
        return measure.sdc, measure.mic, measure.hard, measure.decimals

    judged = {noise(one) for one in knowledge.measures.values() if one.sdc and one.mic and one.better is not Better.NEITHER}
    assert judged <= {noise(measure) for measure, _ in TRUE}


def a_course(chance: random.Random, measure: Measure, true: float, gain: Callable[[float], float] = lambda week: 0.0) -> list[float]:
    """Seven weekly values with the noise that the SDC stands for, rounded as the scale is, kept within its limits."""
    assert measure.sdc and measure.mic and measure.hard
    good = 1 if measure.better is Better.HIGHER else -1
    low, high = measure.hard
    values = []
    for week in range(LOOKS):
        value = true + good * 2 * measure.mic * gain(week) + chance.gauss(0, measure.sdc / (1.96 * math.sqrt(2)))
        values.append(min(high, max(low, round(value, measure.decimals))))
    return values


def share_called(measure: Measure, true: float, verdict: Verdict) -> float:
    """Share of unchanged patients who get `verdict` at any look of the six weeks."""
    chance = random.Random(20260105)
    courses = [a_course(chance, measure, true) for _ in range(COURSES)]
    return sum(any(judge(measure, course[:n]).verdict is verdict for n in range(2, LOOKS + 1)) for course in courses) / COURSES


@pytest.mark.parametrize(("measure", "true"), TRUE, ids=IDS)
def test_an_unchanged_patient_is_called_better_at_any_look_in_at_most_five_per_cent_of_courses(measure, true):
    assert share_called(measure, true, Verdict.BETTER) <= 0.05


@pytest.mark.parametrize(("measure", "true"), [TRUE[0], TRUE[4]], ids=[IDS[0], IDS[4]])
def test_an_unchanged_patient_is_called_worse_no_more_often(measure, true):
    assert share_called(measure, true, Verdict.WORSE) <= 0.05


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("measure", "true"), TRUE, ids=IDS)
def test_a_gain_of_twice_the_important_change_is_called_better_at_week_six_in_at_least_eighty_per_cent(measure, true, shape):
    chance = random.Random(7)
    courses = [a_course(chance, measure, true, SHAPES[shape]) for _ in range(COURSES)]
    assert sum(judge(measure, course).verdict is Verdict.BETTER for course in courses) / COURSES >= 0.80


def test_the_simulation_can_fail_last_minus_first_beyond_the_sdc_breaks_the_promise():
    chance = random.Random(3)
    courses = [a_course(chance, AKPS, 62) for _ in range(COURSES)]
    naive = sum(any(course[n] - course[0] > 14 for n in range(1, LOOKS)) for course in courses) / COURSES
    assert naive > 0.05
