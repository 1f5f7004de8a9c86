"""This week's running: how far and how often, worked out from the runs so far, and on which days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations, pairwise
from statistics import fmean

from kneeclinic.knowledge import Knowledge
from kneeclinic.knowledge.schema import RunStage
from kneeclinic.progress.load import load_history, load_rise, run_ceiling, running_threshold
from kneeclinic.record import Case, LoadPlan, ProgramItem, Run
from kneeclinic.rules.facts import facts_of
from kneeclinic.rules.findings import Findings
from kneeclinic.rules.half_load import is_strength
from kneeclinic.rules.running_plan import running_plan

WEEK = 7
RECENT_DAYS = 14
LONGEST_SHARE = 1.4
"""The long run is at most so many times the mean run of the week, else the others become strolls (product default)."""
STEP_KM = 0.5


@dataclass(frozen=True)
class LoadProposal:
    """A plan of the week and the sentences that it follows from."""

    plan: LoadPlan
    because: tuple[str, ...]


@dataclass(frozen=True)
class RunDay:
    """One day of the calendar (0 = Monday): `run`, `rest` from running, or `free` for other sport; kilometres or the walk-run stage of a run."""

    day: int
    kind: str
    km: float | None = None
    stage: RunStage | None = None


def propose_load(case: Case, findings: Findings, knowledge: Knowledge, today: date, items: Iterable[ProgramItem] = ()) -> LoadProposal | None:
    """The running that the runs so far allow; None where nobody runs and no rule speaks of it.

    Starts from the mean of the last two weeks that were told of; rises by the usual share only when every rated run of two weeks was tolerated
    and the load did not jump; the longest run stays below the pain threshold. No rule of the findings is ever exceeded.
    """
    facts = facts_of(case, knowledge, today)
    allowed = running_plan(findings, facts)
    ceiling = run_ceiling(case, knowledge, today)
    if ceiling.stop or (allowed is not None and allowed.weekly_km == 0):
        none = allowed if allowed is not None and allowed.weekly_km == 0 else LoadPlan(weekly_km=0.0, runs_per_week=0)
        return LoadProposal(none, (ceiling.stop or none.note or "The findings allow no running.",))
    told = [one.km for one in load_history(case, today, weeks=2) if one.km is not None]
    before = case.program.load if case.program else None
    if allowed is None and not told and before is None:
        return None
    plan = before or LoadPlan()
    runs = int(running_threshold(knowledge, "runs_per_week"))
    plan = replace(plan, runs_per_week=plan.runs_per_week or runs)
    because: list[str] = []
    runs_well = False
    if told and fmean(told) > 0:
        factor, why = _step(case, knowledge, today)
        plan = replace(plan, weekly_km=_down(fmean(told) * factor))
        runs_well = factor > 1 and plan.walk_run_stage is None
        because.append(f"{fmean(told):.1f} km a week in the last two weeks: {why}")
    plan = replace(plan, longest_run_km=_down(ceiling.km) if ceiling.km is not None else None if ceiling.hurts else plan.longest_run_km)
    because += [ceiling.sentence] if ceiling.sentence else []
    plan = _within(plan, allowed, because, runs_well)
    if ceiling.hurts:
        plan = _walk_run_or_rest(plan, case, knowledge, today, because)
    if plan.weekly_km is not None and plan.longest_run_km and plan.runs_per_week and plan.weekly_km > plan.longest_run_km * plan.runs_per_week:
        plan = replace(plan, weekly_km=_down(plan.longest_run_km * plan.runs_per_week))
        because.append(f"The week is held to {plan.runs_per_week} runs of that length.")
    if plan.weekly_km is not None and plan.longest_run_km is not None and plan.longest_run_km > plan.weekly_km:
        plan = replace(plan, longest_run_km=plan.weekly_km)
    strength = {day for one in items if is_strength(knowledge, one) for day in one.planned_days}
    days = _spread(plan.runs_per_week or 0, range(WEEK), strength)
    return LoadProposal(replace(plan, rest_days=tuple(day for day in range(WEEK) if day not in days)), tuple(because))


def running_week(plan: LoadPlan, knowledge: Knowledge, items: Iterable[ProgramItem] = ()) -> tuple[RunDay, ...]:
    """Seven days, Monday first: the runs as far apart as the rest days allow, away from strength days, the long one last."""
    strength = {day for one in items if is_strength(knowledge, one) for day in one.planned_days}
    stage = next((one for one in knowledge.running.stages if one.stage == plan.walk_run_stage), None)
    runs = plan.runs_per_week
    if runs is None:
        runs = int(running_threshold(knowledge, "runs_per_week")) if plan.weekly_km or stage else 0
    days = () if plan.weekly_km == 0 else _spread(runs, [day for day in range(WEEK) if day not in plan.rest_days], strength)
    far = dict(zip(days, _shares(plan, len(days)), strict=True)) if stage is None else {}
    return tuple(
        RunDay(day, "run", far.get(day), stage) if day in days else RunDay(day, "rest" if day in plan.rest_days else "free") for day in range(WEEK)
    )


def _step(case: Case, knowledge: Knowledge, today: date) -> tuple[float, str]:
    """What the week is multiplied with, and why."""
    limit = running_threshold(knowledge, "run_pain_most")
    rated, worst = _rated_lately(case, today), _worst_lately(case, today)
    rise = load_rise(case, knowledge, today)
    red = next(one.low for one in knowledge.pain_zones if one.zone == "red")
    if worst is not None and worst >= red:
        cut = running_threshold(knowledge, "overload_cut_percent")
        return cut / 100, f"pain of {worst}/10 with a run, so cut to {cut:g} %."
    if rise.is_warning:
        return 1.0, f"it rose by {rise.percent:.0f} % in two weeks, so hold."
    if worst is None or len(rated) < running_threshold(knowledge, "green_runs_to_rise"):
        return 1.0, "too few runs with a told pain to rise, so hold."
    if worst > limit or any(run.settled_within_60_min is False for run in rated):
        return 1.0, f"pain up to {worst}/10 with a run, so hold."
    more = running_threshold(knowledge, "weekly_rise_percent")
    return 1 + more / 100, f"{len(rated)} runs at {worst}/10 or less, so {more:g} % more."


def _walk_run_or_rest(plan: LoadPlan, case: Case, knowledge: Knowledge, today: date, because: list[str]) -> LoadPlan:
    """Where every distance hurts: the stage of the plan or the first one; rest where a run of the last two weeks hurt much."""
    red = next(one.low for one in knowledge.pain_zones if one.zone == "red")
    if (_worst_lately(case, today) or 0) >= red:
        because.append("A run of the last two weeks hurt that much: rest from running.")
        return replace(plan, weekly_km=0.0, longest_run_km=None, runs_per_week=0, walk_run_stage=None)
    stage = plan.walk_run_stage or 1
    because.append(f"Walk-run stage {stage} in place of kilometres, until it stays below.")
    return replace(plan, weekly_km=None, longest_run_km=None, walk_run_stage=stage)


def _worst_lately(case: Case, today: date) -> int | None:
    """The worst pain with a run of the last two weeks."""
    return max((max(run.pain_during or 0, run.pain_next_morning or 0) for run in _rated_lately(case, today)), default=None)


def _rated_lately(case: Case, today: date) -> list[Run]:
    since = today - timedelta(days=RECENT_DAYS - 1)
    return [run for run in case.runs if run.invalidated_at is None and since <= run.on <= today and run.pain_during is not None]


def _within(plan: LoadPlan, allowed: LoadPlan | None, because: list[str], runs_well: bool) -> LoadPlan:
    """The plan under what the findings allow. A walk-run stage says how far by itself; who already runs without trouble does not go back to it."""
    if allowed is None:
        return plan
    if allowed.weekly_km is not None and (plan.weekly_km is None or plan.weekly_km > allowed.weekly_km):
        plan = replace(plan, weekly_km=allowed.weekly_km)
        because.append(f"The findings hold the week to {allowed.weekly_km:g} km.")
    if allowed.longest_run_km is not None:
        plan = replace(plan, longest_run_km=min(plan.longest_run_km or allowed.longest_run_km, allowed.longest_run_km))
    if allowed.walk_run_stage is not None and runs_well:
        because.append("The walk-run table is not needed: the runs so far were tolerated.")
    elif allowed.walk_run_stage is not None:
        plan = replace(plan, walk_run_stage=allowed.walk_run_stage, weekly_km=allowed.weekly_km, longest_run_km=allowed.longest_run_km)
        because.append(f"The findings ask for walk-run stage {allowed.walk_run_stage}; the stage says how far.")
    return replace(plan, cross_training=plan.cross_training or allowed.cross_training, cadence_cue=plan.cadence_cue or allowed.cadence_cue)


def _spread(runs: int, days: Iterable[int], strength: Collection[int]) -> tuple[int, ...]:
    """So many days, as far apart as they can be round the week, then away from strength, then late in the week."""
    free = list(days)
    runs = min(runs, len(free))
    if runs <= 0:
        return ()

    def worth(chosen: tuple[int, ...]) -> tuple[int, int, int]:
        gaps = [later - earlier for earlier, later in pairwise((*chosen, chosen[0] + WEEK))]
        return min(gaps), -sum(day in strength for day in chosen), sum(chosen)

    return max(combinations(free, runs), key=worth)


def _shares(plan: LoadPlan, runs: int) -> Sequence[float | None]:
    """Kilometres of each run, the longest last; None where the plan gives no distance."""
    if not runs or plan.weekly_km is None:
        return [plan.longest_run_km if plan.weekly_km is None else None] * runs
    mean = plan.weekly_km / runs
    most = plan.longest_run_km if plan.longest_run_km is not None else mean
    if runs == 1 or most <= mean:
        return [min(mean, most)] * runs
    long = min(most, mean * LONGEST_SHARE)
    return [(plan.weekly_km - long) / (runs - 1)] * (runs - 1) + [long]


def _down(km: float) -> float:
    return round(int(km / STEP_KM + 1e-9) * STEP_KM, 1)
