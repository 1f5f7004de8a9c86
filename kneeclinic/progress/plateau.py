"""Does a knee that still hurts no longer move? The course of pain over four weeks, and what the weekly review calls no gain.

Why the fitted course and not "no change beyond noise"
-----------------------------------------------------
Over three or four weeks noise hides a slow gain, so "no change beyond noise" is true of nearly everybody who improves slowly: on simulated
caseloads (`tests/simulation`, other seeds than the tests use) it found 91 % of plateaus, and 47 % of its weeks were right. The line fitted
to five weeks of pain, with less than half the important change in four weeks as the cut, finds 86 %, and 67 % of its weeks are right. Most
of the difference: who gets worse stands on no plateau, and faithful work is asked of the weeks looked at, not of the last one alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import fmean

from kneeclinic.knowledge.schema import Measure
from kneeclinic.progress.adherence import WeekDone
from kneeclinic.progress.series import Point

LEAST_WEEKS = 2.8
"""Three weeks from the first to the last value, a day more or less."""
LEAST_VALUES = 3
COURSE_WEEKS = 4
LEAST_SHARE = 0.5
"""Of the important change: who gains so much in four weeks is under way (product default)."""
NEWEST_DAYS = 13
"""Pain of so many days says how it is now: one late answer is allowed."""


def window(points: Sequence[Point], today: date, days: float) -> tuple[Point, ...]:
    return tuple(point for point in points if today - timedelta(days=days) <= point.on <= today)


def stands_still(points: Sequence[Point], measure: Measure) -> bool:
    """The line through the points falls by less than half the important change in four weeks, and rises by less than a whole one."""
    weeks = [(point.on - points[0].on).days / 7 for point in points]
    if len(points) < LEAST_VALUES or weeks[-1] < LEAST_WEEKS or measure.mic is None:
        return False
    gain = -slope(weeks, [point.value for point in points]) * COURSE_WEEKS
    return -measure.mic < gain < LEAST_SHARE * measure.mic


def slope(weeks: Sequence[float], values: Sequence[float]) -> float:
    """Least squares, in units a week; the weeks must differ."""
    middle = fmean(weeks)
    spread = sum((week - middle) ** 2 for week in weeks)
    return sum((week - middle) * value for week, value in zip(weeks, values, strict=True)) / spread


def still_hurts(points: Sequence[Point], today: date, least: float) -> bool:
    """The mean of what was told lately."""
    newest = [point.value for point in window(points, today, NEWEST_DAYS)]
    return bool(newest) and fmean(newest) >= least


def is_faithful(weeks: Sequence[WeekDone], today: date, days: float, least: float) -> bool:
    """Whether enough was done over the weeks looked at; where nothing was told nobody is blamed."""
    told = [week.percent for week in weeks if week.percent is not None and week.week_start >= today - timedelta(days=days)]
    return not told or fmean(told) >= least
