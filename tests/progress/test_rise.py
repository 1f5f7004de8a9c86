"""A rise of pain is called when several tellings stand behind it, and a single jump only when it is beyond noise."""

from __future__ import annotations

from datetime import timedelta

import pytest
from progress_builders import START, week, worst_pain

from kneeclinic.progress.rise import Rise, clear_rise
from kneeclinic.progress.series import Point


def told(*values: float | None) -> list[Point]:
    """One telling a week, at its end; None = not told."""
    return [Point(week(at + 1) - timedelta(days=1), value, "check-in") for at, value in enumerate(values) if value is not None]


def rise(points: list[Point], weeks: float | None = None, **fields: float | None) -> Rise | None:
    return clear_rise(points, worst_pain(**fields), week(weeks) if weeks is not None else points[-1].on + timedelta(days=1))


@pytest.mark.parametrize("values", [(4, 7), (2, 2, 2, 5), (4, 4, 4, 6, 6), (3, 3, 4, 5, 6), (5, None, 5, None, 8), (8, 6, 4, 3, 6, 6)])
def test_a_rise_is_seen_as_soon_as_it_is_beyond_noise(values):
    assert rise(told(*values)) is not None


@pytest.mark.parametrize("values", [(4,), (4, 6), (4, 4, 5, 4, 5), (5, 3, 5), (4, 4, 4, 6, 4), (7, 5, 3, 4, 4), (2, 2, 2, 5, 5, 2)])
def test_a_wobble_a_pair_within_noise_or_what_is_over_is_no_rise(values):
    assert rise(told(*values)) is None


def test_the_rise_tells_from_where_to_where_and_over_how_many_weeks():
    found = rise(told(3, 3, 3, 6))
    assert found is not None
    assert (found.before, found.now, found.newest, found.weeks, found.size) == (3, 6, 6, 1, 3)
    slow = rise(told(4, 4, 4, 5, 6, 6))
    assert slow is not None
    assert (slow.now, slow.weeks) == (6, 2)


def test_the_visit_of_the_same_week_counts_with_the_check_in():
    thursday, sunday = week(4) - timedelta(days=4), week(4) - timedelta(days=1)
    assert rise([*told(3, 3, 3), Point(sunday, 6, "check-in")]) is not None
    assert rise([*told(3, 3, 3), Point(thursday, 3, "visit"), Point(sunday, 6, "check-in")]) is None


def test_of_two_knees_on_a_day_the_worse_counts():
    sunday = week(4) - timedelta(days=1)
    found = rise([*told(3, 3, 3), Point(sunday, 6, "visit"), Point(sunday, 1, "visit")])
    assert found is not None
    assert found.newest == 6


def test_pain_of_long_ago_is_neither_now_nor_before():
    assert rise(told(2, 2, 2, 6), weeks=6) is None
    assert rise([Point(START, 2, "visit"), *told(*[None] * 11, 6)]) is None


def test_without_the_noise_or_the_important_change_of_the_measure_nothing_is_called():
    assert rise(told(2, 2, 2, 9), sdc=None) is None
    assert rise(told(2, 2, 2, 9), mic=None) is None
    assert rise([], weeks=1) is None
