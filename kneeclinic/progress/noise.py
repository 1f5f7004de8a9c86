"""How large a change must be before measurement noise can no longer explain it.

Why these two readings and these boundaries
-------------------------------------------
Measurement error is independent from day to day with the standard error of measurement SEM = SDC / (1.96 * sqrt 2). A series is read
twice: as a *steady* change (least-squares slope times the time between first and last value) and as *where the patient stands now*
(mean of the last four values minus the baseline). The clearer of the two, in standard errors, is taken. Neither alone is enough: at
week six of an AKPS course the slope sees a gain that came in the first week and stayed in about half of the patients, the present mean
misses a gain that comes late.

The boundaries come from 200,000 seeded courses of an unchanged patient with normal error, looked at after every weekly value. With
`BOUNDARY_PAIR` 2.3 and `BOUNDARY_SERIES` 2.5 the reading is beyond noise in the good direction at any look in 3.5 % of six-week and 5.5
% of twelve-week courses, before the important change is asked for as well (AKPS: 3.6 % and 5.4 %, worst pain: 3.3 % and 5.0 %). 2.3 for
a pair is 1.17 times the SDC, so it is never below it; and a value that is only repeated never takes a verdict back, because the present
mean of two equal values stands at 2.3 * sqrt(2) / sqrt(1.5) = 2.66. `tests/progress/test_simulation.py` holds the figures for each
measure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

BOUNDARY_PAIR = 2.3
BOUNDARY_SERIES = 2.5
CERTAIN_95 = 1.96
RECENT_VALUES = 4
DUST = 1e-9
"""Binary fractions differ by so much where two readings are equally clear."""


@dataclass(frozen=True)
class Reading:
    """A change in the measure's unit from baseline to now, and its standard error."""

    kind: Literal["pair", "steady", "present"]
    change: float
    error: float

    @property
    def z(self) -> float:
        return self.change / self.error

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the change."""
        return self.change - CERTAIN_95 * self.error, self.change + CERTAIN_95 * self.error


def standard_error(sdc: float, step: float = 0.0) -> float:
    """SEM of one value, in the measure's unit, from the smallest detectable change of a pair; a scale in steps adds the rounding.

    The rounding (step²/12) matters for short scales: without it an unchanged pain of 6 would be called better in 4.4 % of six-week
    courses instead of 3.3 %.
    """
    return math.sqrt((sdc / (CERTAIN_95 * math.sqrt(2))) ** 2 + step**2 / 12)


def boundary(n: int) -> float:
    """How many standard errors a reading of `n` values must exceed."""
    return BOUNDARY_PAIR if n == 2 else BOUNDARY_SERIES


def clearest_reading(values: Sequence[float], weeks: Sequence[float], sem: float) -> Reading:
    """The clearer of the steady and the present reading of two or more values at rising weeks."""
    if len(values) == 2:
        return Reading("pair", values[1] - values[0], sem * math.sqrt(2))
    steady, present = _steady(values, weeks, sem), _present(values, sem)
    return steady if abs(steady.z) > abs(present.z) + DUST else present


def _steady(values: Sequence[float], weeks: Sequence[float], sem: float) -> Reading:
    middle = sum(weeks) / len(weeks)
    spread = sum((week - middle) ** 2 for week in weeks)
    slope = sum((week - middle) * (value - values[0]) for week, value in zip(weeks, values, strict=True)) / spread
    elapsed = weeks[-1] - weeks[0]
    return Reading("steady", slope * elapsed, sem * elapsed / math.sqrt(spread))


def _present(values: Sequence[float], sem: float) -> Reading:
    recent = values[-min(RECENT_VALUES, len(values) - 1):]
    return Reading("present", sum(recent) / len(recent) - values[0], sem * math.sqrt(1 + 1 / len(recent)))
