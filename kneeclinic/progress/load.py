"""Running load: kilometres by week, how fast it rises, and the distance at which pain begins."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.adherence import facts_of_weeks
from kneeclinic.progress.isotonic import rising_fit
from kneeclinic.record.case import Case
from kneeclinic.record.weeks import Run
from kneeclinic.rules import load as rules_load
from kneeclinic.rules.facts import facts_of
from kneeclinic.vocabulary import Side

RUNS_NEEDED = 8
"""Fewer runs cannot carry a dose-response curve (product default)."""
SPREAD_NEEDED = 1.5
"""The longest run must be this many times the shortest: without spread there is no dose to compare (product default)."""
WINDOW_DAYS = 56
"""Older runs tell of another knee (product default)."""
RESAMPLES = 400
TAIL = 0.025
SEED = 20260105
RUNS_MOST = 60
"""The newest runs that are used, so that the estimate stays fast for who runs daily."""


@dataclass(frozen=True)
class LoadWeek:
    """Kilometres of seven days that end on `last_day`; None = nobody said."""

    last_day: date
    km: float | None


@dataclass(frozen=True)
class LoadRise:
    """Rise of the weekly distance over the last 14 days against the 14 before, in per cent."""

    percent: float | None
    warn_from: float

    @property
    def is_warning(self) -> bool:
        return self.percent is not None and self.percent > self.warn_from


@dataclass(frozen=True)
class PainThreshold:
    """The distance up to which runs are expected to stay at or below the tolerated pain, in km.

    `km` None: the pain of all runs stayed within the limit (`within` True) or above it (`within` False). `steps` are distance and
    expected pain, rising. `tolerated_km` is the longest recent run that was in fact tolerated, `ceiling_km` the share of it that a run may
    reach next week.
    """

    km: float | None
    low: float | None
    high: float | None
    n: int
    within: bool
    limit: float
    steps: tuple[tuple[float, float], ...]
    tolerated_km: float | None
    ceiling_km: float | None
    sentence: str


def load_history(case: Case, today: date, weeks: int = 12) -> tuple[LoadWeek, ...]:
    """Kilometres of the last `weeks` periods of seven days, oldest first, the last one ending today."""
    facts = facts_of_weeks(case, today)
    return tuple(LoadWeek(today - timedelta(days=7 * ago), rules_load.week_km(facts, ago)) for ago in reversed(range(weeks)))


def load_rise(case: Case, knowledge: Knowledge, today: date) -> LoadRise:
    """The computed measure `load_rise_14d` with the rise that is warned of."""
    rise = facts_of(case, knowledge, today).number("load_rise_14d", Side.NONE)
    return LoadRise(rise, running_threshold(knowledge, "load_rise_warn_percent"))


def pain_threshold(case: Case, knowledge: Knowledge, today: date) -> PainThreshold | None:
    """The distance at which pain passes the tolerated, from the runs of eight weeks; None with fewer than 8 rated runs or too little spread.

    Pain may only rise with distance (isotonic fit); the interval (95 %) comes from 400 seeded resamples of the runs.
    """
    runs = rated_runs(case, today)
    if len(runs) < RUNS_NEEDED or runs[-1][0] < SPREAD_NEEDED * runs[0][0]:
        return None
    limit = running_threshold(knowledge, "run_pain_most")
    distances, fitted = _curve(runs)
    km = _crossing(distances, fitted, limit)
    low, high = _interval(runs, limit) if km is not None else (None, None)
    tolerated = facts_of(case, knowledge, today).number("pain_threshold_km", Side.NONE)
    ceiling = None if tolerated is None else tolerated * running_threshold(knowledge, "ceiling_percent") / 100
    within = fitted[-1] <= limit
    return PainThreshold(
        km, low, high, len(runs), within, limit, tuple(zip(distances, fitted, strict=True)), tolerated, ceiling,
        _sentence(km, low, high, runs, limit, within, ceiling),
    )


def running_threshold(knowledge: Knowledge, id: str) -> float:
    """One number of the running knowledge."""
    return next(one.value for one in knowledge.running.thresholds if one.id == id)


def rated_runs(case: Case, today: date) -> list[tuple[float, float]]:
    """Distance and worst pain of the runs, shortest first."""
    since = today - timedelta(days=WINDOW_DAYS - 1)
    runs = [run for run in case.runs if run.invalidated_at is None and since <= run.on <= today and run.km > 0]
    newest = sorted(runs, key=lambda run: run.started)[-RUNS_MOST:]
    return sorted((run.km, pain) for run in newest if (pain := _pain(run)) is not None)


def _pain(run: Run) -> float | None:
    told = [float(one) for one in (run.pain_during, run.pain_next_morning) if one is not None]
    return max(told) if told else None


def _curve(runs: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Distances and expected pain, one value a distance; runs of one distance count together."""
    by_distance: dict[float, list[float]] = {}
    for km, pain in sorted(runs):
        by_distance.setdefault(km, []).append(pain)
    means = [sum(pains) / len(pains) for pains in by_distance.values()]
    return list(by_distance), rising_fit(means, [len(pains) for pains in by_distance.values()])


def _crossing(distances: Sequence[float], fitted: Sequence[float], limit: float) -> float | None:
    """The distance at which the staircase, joined by straight lines, passes the limit; None when it does not."""
    if fitted[0] > limit or fitted[-1] <= limit:
        return None
    above = next(index for index, pain in enumerate(fitted) if pain > limit)
    low_km, low_pain, high_km, high_pain = distances[above - 1], fitted[above - 1], distances[above], fitted[above]
    return low_km + (high_km - low_km) * (limit - low_pain) / (high_pain - low_pain)


def _interval(runs: Sequence[tuple[float, float]], limit: float) -> tuple[float, float]:
    chance = random.Random(SEED)
    found = []
    for _ in range(RESAMPLES):
        distances, fitted = _curve(chance.choices(runs, k=len(runs)))
        km = _crossing(distances, fitted, limit)
        found.append(km if km is not None else (runs[-1][0] if fitted[-1] <= limit else runs[0][0]))
    found.sort()
    return found[int(TAIL * RESAMPLES)], found[int((1 - TAIL) * RESAMPLES) - 1]


def _sentence(
    km: float | None, low: float | None, high: float | None, runs: Sequence[tuple[float, float]], limit: float, within: bool,
    ceiling: float | None,
) -> str:
    if km is not None:
        text = f"Pain passes {limit:g}/10 at about {km:.1f} km (95 % interval {low:.1f} to {high:.1f} km, {len(runs)} runs)."
    elif within:
        text = f"Pain is expected to stay at {limit:g}/10 or less up to {runs[-1][0]:.1f} km, the longest of {len(runs)} runs."
    else:
        text = f"Pain is expected above {limit:g}/10 from {runs[0][0]:.1f} km on, the shortest of {len(runs)} runs."
    return text if ceiling is None else f"{text} Next week's longest run: {ceiling:.1f} km."
