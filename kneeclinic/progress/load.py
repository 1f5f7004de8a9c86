"""Running load: kilometres by week, how fast it rises, and the distance at which pain begins.

Why a run counts less with age
------------------------------
A knee in rehabilitation takes more every week. With eight weeks of runs counted alike, the short painful runs of the first weeks hold the
curve up where the newest, longer ones no longer hurt, and a runner who is nearly well reads "above 2/10 at every distance". In simulated
runners (24 rated runs in eight weeks, noise of about a point) whose tolerated distance grows by 5, 10 and 15 % a week the estimate lies 19,
37 and 47 % below the truth with equal weights, 14, 24 and 29 % below with a half-life of 14 days; where nothing grows both are unbiased with
the same scatter of 7 %. Still cautious, and no longer wrong by half.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.adherence import facts_of_weeks
from kneeclinic.progress.ceiling import RunCeiling, ceiling_below
from kneeclinic.progress.isotonic import rising_fit
from kneeclinic.record.case import Case
from kneeclinic.record.weeks import Run
from kneeclinic.rules import load as rules_load
from kneeclinic.rules.facts import facts_of
from kneeclinic.vocabulary import Side

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


class RatedRun(NamedTuple):
    """Distance in km (or metres downhill), worst pain, and how much the run counts: 1 today, half after the half-life."""

    dose: float
    pain: float
    weight: float


@dataclass(frozen=True)
class PainThreshold:
    """The distance up to which runs are expected to stay at or below the tolerated pain, in km.

    `km` None: the pain of all runs stayed within the limit (`within` True) or above it (`within` False). `steps` are distance and
    expected pain, rising. `tolerated_km` is the longest recent run that was in fact tolerated, `ceiling_km` what a run may reach next week
    (see `run_ceiling`).
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


@dataclass(frozen=True)
class DescentThreshold:
    """The same for metres downhill a run; None where pain stays on one side of the limit."""

    metres: float | None
    low: float | None
    high: float | None
    n: int
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
    """The distance at which pain passes the tolerated, from the runs of eight weeks; None with too few rated runs or too little spread.

    Pain may only rise with distance (isotonic fit); a run counts half every 14 days; the interval (95 %) comes from 400 seeded resamples of
    the runs.
    """
    runs, limit = rated_runs(case, knowledge, today), running_threshold(knowledge, "run_pain_most")
    if not _tell_a_curve(runs, knowledge):
        return None
    distances, fitted = _curve(runs)
    km = _crossing(distances, fitted, limit)
    low, high = _interval(runs, limit) if km is not None else (None, None)
    facts, within = facts_of(case, knowledge, today), fitted[-1] <= limit
    tolerated = facts.number("pain_threshold_km", Side.NONE)
    ceiling = ceiling_below(case, knowledge, today, facts, km, hurts_from_start=fitted[0] > limit)
    sentence = " ".join(one for one in (_sentence(km, low, high, runs, limit, within), ceiling.sentence) if one)
    return PainThreshold(km, low, high, len(runs), within, limit, tuple(zip(distances, fitted, strict=True)), tolerated,
                         ceiling.km, sentence)


def run_ceiling(case: Case, knowledge: Knowledge, today: date) -> RunCeiling:
    """How far a run may go next week, with or without enough runs for a curve."""
    runs, limit = rated_runs(case, knowledge, today), running_threshold(knowledge, "run_pain_most")
    km, hurts = None, False
    if _tell_a_curve(runs, knowledge):
        distances, fitted = _curve(runs)
        km, hurts = _crossing(distances, fitted, limit), fitted[0] > limit
    return ceiling_below(case, knowledge, today, facts_of(case, knowledge, today), km, hurts_from_start=hurts)


def _tell_a_curve(runs: Sequence[RatedRun], knowledge: Knowledge) -> bool:
    """Enough rated runs, of clearly different length."""
    return len(runs) >= running_threshold(knowledge, "runs_needed") and runs[-1].dose >= running_threshold(knowledge, "runs_spread") * runs[0].dose


def descent_threshold(case: Case, knowledge: Knowledge, today: date) -> DescentThreshold | None:
    """Metres downhill up to which runs stayed at or below the tolerated pain; None with too few runs that know their descent, or too even ones."""
    runs, limit = rated_runs(case, knowledge, today, descent=True), running_threshold(knowledge, "run_pain_most")
    even = not runs or runs[-1].dose - runs[0].dose < running_threshold(knowledge, "descent_spread_m")
    if len(runs) < running_threshold(knowledge, "runs_needed") or even:
        return None
    metres = _crossing(*_curve(runs), limit)
    if metres is None:
        return DescentThreshold(None, None, None, len(runs), f"Over {len(runs)} runs, pain does not pass {limit:g}/10 with the metres downhill.")
    low, high = _interval(runs, limit)
    return DescentThreshold(metres, low, high, len(runs), f"Downhill, up to {metres:.0f} m a run ({low:.0f} to {high:.0f} m, 95 % interval, "
                            f"{len(runs)} runs) stayed at {limit:g}/10 or below and settled.")


def running_threshold(knowledge: Knowledge, id: str) -> float:
    """One number of the running knowledge."""
    return next(one.value for one in knowledge.running.thresholds if one.id == id)


def rated_runs(case: Case, knowledge: Knowledge, today: date, *, descent: bool = False) -> list[RatedRun]:
    """The runs of eight weeks whose pain was told, shortest first. A run that did not settle counts as not tolerated."""
    since = today - timedelta(days=int(running_threshold(knowledge, "runs_window_days")) - 1)
    limit = running_threshold(knowledge, "run_pain_most")
    runs = [run for run in case.runs if run.invalidated_at is None and since <= run.on <= today and run.km > 0]
    newest = sorted(runs, key=lambda run: run.started)[-RUNS_MOST:]
    half_life = running_threshold(knowledge, "runs_half_life_days")
    rated = [(run.descent_m if descent else run.km, _pain(run, limit), 0.5 ** ((today - run.on).days / half_life)) for run in newest]
    return sorted(RatedRun(dose, pain, weight) for dose, pain, weight in rated if dose is not None and pain is not None)


def _pain(run: Run, limit: float) -> float | None:
    told = [float(one) for one in (run.pain_during, run.pain_next_morning) if one is not None]
    if told and run.settled_within_60_min is False:
        told.append(limit + 1)
    return max(told) if told else None


def _curve(runs: Sequence[RatedRun]) -> tuple[list[float], list[float]]:
    """Distances and expected pain, one value a distance; runs of one distance count together."""
    by_distance: dict[float, list[RatedRun]] = {}
    for run in sorted(runs):
        by_distance.setdefault(run.dose, []).append(run)
    weights = [sum(run.weight for run in alike) for alike in by_distance.values()]
    means = [sum(run.weight * run.pain for run in alike) / weight for alike, weight in zip(by_distance.values(), weights, strict=True)]
    return list(by_distance), rising_fit(means, weights)


def _crossing(distances: Sequence[float], fitted: Sequence[float], limit: float) -> float | None:
    """The distance at which the staircase, joined by straight lines, passes the limit; None when it does not."""
    if fitted[0] > limit or fitted[-1] <= limit:
        return None
    above = next(index for index, pain in enumerate(fitted) if pain > limit)
    low_km, low_pain, high_km, high_pain = distances[above - 1], fitted[above - 1], distances[above], fitted[above]
    return low_km + (high_km - low_km) * (limit - low_pain) / (high_pain - low_pain)


def _interval(runs: Sequence[RatedRun], limit: float) -> tuple[float, float]:
    chance = random.Random(SEED)
    found = []
    for _ in range(RESAMPLES):
        distances, fitted = _curve(chance.choices(runs, k=len(runs)))
        km = _crossing(distances, fitted, limit)
        found.append(km if km is not None else (runs[-1].dose if fitted[-1] <= limit else runs[0].dose))
    found.sort()
    return found[int(TAIL * RESAMPLES)], found[int((1 - TAIL) * RESAMPLES) - 1]


def _sentence(
    km: float | None, low: float | None, high: float | None, runs: Sequence[RatedRun], limit: float, within: bool,
) -> str:
    if km is not None:
        told = f"{low:.1f} to {high:.1f} km, 95 % interval, {len(runs)} runs, newer ones count more"
        return f"Up to {km:.1f} km ({told}) stayed at {limit:g}/10 or below and settled."
    if within:
        return f"Runs up to {runs[-1].dose:.1f} km, the longest of {len(runs)}, are expected to stay at {limit:g}/10 or below and to settle."
    return f"Pain is expected above {limit:g}/10 from {runs[0].dose:.1f} km on, the shortest of {len(runs)} runs."
