"""Adherence and load rise agree with a slow second computation on every simulated runner in every week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.adherence import adherence
from kneeclinic.progress.load import load_rise
from kneeclinic.record import Case
from tests.simulation.runners import WEEKS, look_day
from tests.simulation.scores import Seen
from tests.simulation.twins import adherence_percent, load_rise_percent

Answer = Callable[[Case, date], float | None]


def compared(seen: list[Seen], product: Answer, twin: Answer) -> tuple[int, list[str]]:
    """How many answers were numbers, and where the two differ."""
    numbers, differ = 0, []
    for one in seen:
        for week in range(1, WEEKS + 1):
            day = look_day(week)
            case = one.runner.case_on(day)
            ours, theirs = product(case, day), twin(case, day)
            numbers += theirs is not None
            if ours != (None if theirs is None else pytest.approx(theirs, abs=1e-5)):
                differ.append(f"{case.patient.id} week {week}: {ours} and {theirs}")
    return numbers, differ


def test_adherence_agrees_with_a_slow_second_computation(seen):
    numbers, differ = compared(seen, lambda case, day: adherence(case, day).percent_7d, adherence_percent)
    assert numbers > 1000
    assert differ == []


def test_the_rise_of_running_load_agrees_with_a_slow_second_computation(seen, knowledge: Knowledge):
    numbers, differ = compared(seen, lambda case, day: load_rise(case, knowledge, day).percent, load_rise_percent)
    assert numbers > 500
    assert differ == []


def test_the_comparison_can_fail(seen):
    _, differ = compared(seen[:20], lambda case, day: 50.0, adherence_percent)
    assert differ
