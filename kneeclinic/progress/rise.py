"""Has pain truly gone up in the last weeks? The newest one to three weeks against the two or three before, beyond noise.

Why not this week against last
------------------------------
Two tellings of an unchanged pain often differ by two points. On the simulated caseload of `tests/simulation` the rule "two more than last
week" is right in three of ten weeks and misses three of ten true rises; means of several weeks, with the boundary of a pair, are right in
more than seven of ten and miss less than one of ten.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from kneeclinic.knowledge.schema import Measure
from kneeclinic.progress.noise import BOUNDARY_PAIR, standard_error
from kneeclinic.progress.series import Point
from kneeclinic.progress.week import FRESH_DAYS

NEW_WEEKS = (1, 2, 3)
EARLIER_WEEKS = (2, 3)
NEWEST_DAYS = 5
"""What was told so many days before the newest telling counts with it: the visit of the same week, not last week's check-in."""
WINDOW_WEEKS = 8
"""Pain of longer ago is another story (product default)."""
LEAST_SHARE = 0.7
"""Of the important change: the least rise of two means that is worth a minute (product default)."""
STILL_UP_SHARE = 0.5
"""Of the important change: what must be left of the rise in the newest week, else it is over (product default)."""


@dataclass(frozen=True)
class Rise:
    """Mean pain before and in the newest `weeks` weeks, and the newest week's own."""

    before: float
    now: float
    newest: float
    weeks: int

    @property
    def size(self) -> float:
        return self.now - self.before


def clear_rise(points: Sequence[Point], measure: Measure, today: date) -> Rise | None:
    """The largest rise beyond noise; None when there is none, or when pain was not told lately. Of two knees on a day the worse counts."""
    if not points or (today - points[-1].on).days > FRESH_DAYS or measure.sdc is None or measure.mic is None:
        return None
    told = _by_week(points)
    error = standard_error(measure.sdc, 1.0)
    found = [
        rise for count in NEW_WEEKS if count == 1 or count - 1 in told
        for earlier in EARLIER_WEEKS if (rise := _rise(told, count, earlier, measure.mic, error)) is not None
    ]
    return max(found, key=lambda one: one.size, default=None)


def _by_week(points: Sequence[Point]) -> dict[int, list[float]]:
    """What was told, week by week counted back from the newest telling: 0 = the newest week."""
    by_day: dict[date, float] = {}
    for point in points:
        by_day[point.on] = max(point.value, by_day.get(point.on, 0.0))
    newest = max(by_day)
    weeks = defaultdict(list)
    for on, value in by_day.items():
        weeks[((newest - on).days + 7 - NEWEST_DAYS) // 7].append(value)
    return weeks


def _rise(told: dict[int, list[float]], count: int, earlier: int, important: float, error: float) -> Rise | None:
    new = [value for week in range(count) for value in told.get(week, [])]
    weeks_before = sorted(week for week in told if count <= week <= WINDOW_WEEKS)[:earlier]
    old = [value for week in weeks_before for value in told[week]]
    if not old:
        return None
    rise = Rise(fmean(old), fmean(new), fmean(told[0]), count)
    is_clear = rise.size >= BOUNDARY_PAIR * error * math.sqrt(1 / len(new) + 1 / len(old))
    is_up = rise.size >= LEAST_SHARE * important and rise.newest - rise.before >= STILL_UP_SHARE * important
    return rise if is_clear and is_up else None
