"""How far one run may go next week, and why there is no such distance where running hurts throughout or is stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.amounts import day_text
from kneeclinic.progress.week import effusion_week
from kneeclinic.record.case import Case
from kneeclinic.rules.facts import Facts
from kneeclinic.rules.load import has_hurt, runs_within, shortest_painful_km
from kneeclinic.rules.red_flags import RaisedFlag, raised
from kneeclinic.vocabulary import FlagLevel, Side

RUNS_TO_SAY_EVERY = 2
"""One painful run is a bad day; from two on it is every distance."""


@dataclass(frozen=True)
class RunCeiling:
    """`km` None: nothing tolerated is known, every distance `hurts`, or `stop` says why there is no running. `of`: what it is a share of."""

    km: float | None
    of: float | None
    sentence: str
    hurts: bool = False
    stop: str = ""


def no_running(case: Case, knowledge: Knowledge, today: date, facts: Facts) -> str:
    """Why nothing is run today: a red flag, or fluid in the knee; empty where running is not stopped."""
    flags = [one for one in raised(facts) if one.level is not FlagLevel.INFORM]
    blocking = next((one for one in flags if one.level.blocks), None)
    if blocking is not None:
        return _by_flag(blocking)
    grade, _ = effusion_week(case, knowledge, today)
    grades = knowledge.measure("stroke_test").choices
    least = next(one.thresholds["effusion_from"] for one in knowledge.reviews if one.id == "WR2")
    if grade is not None and grades.index(grade) >= least:
        tested = max(test.on for side in (Side.LEFT, Side.RIGHT) for test in case.series("stroke_test", side, today) if test.value == grade)
        return f"No running: fluid {grade} in the knee, tested on {day_text(tested, year=False)}."
    return _by_flag(flags[0]) if flags else ""


def _by_flag(flag: RaisedFlag) -> str:
    return f"No running: red flag, {flag.title[:1].lower()}{flag.title[1:]}."


def ceiling_below(case: Case, knowledge: Knowledge, today: date, facts: Facts, begins_km: float | None, *, hurts_from_start: bool) -> RunCeiling:
    """A share of the shortest of three distances: the longest tolerated, the one at which pain begins, the shortest that hurt lately."""
    limits = {one.id: one.value for one in knowledge.running.thresholds}
    stop, most = no_running(case, knowledge, today, facts), limits["run_pain_most"]
    if stop:
        return RunCeiling(None, None, stop, stop=stop)
    rated = [run for run in runs_within(facts, int(limits["recent_run_days"])) if run.pain_during is not None or run.pain_next_morning is not None]
    every = len(rated) >= RUNS_TO_SAY_EVERY and all(has_hurt(run, most) for run in rated)
    if every or hurts_from_start:
        what = f"Every distance so far hurt more than {most:g}/10" if every else f"Expected pain is above {most:g}/10 at every distance so far"
        return RunCeiling(None, None, f"{what}: no ceiling; walk-run or rest as the plan says.", hurts=True)
    tolerated, painful = facts.number("pain_threshold_km", Side.NONE), shortest_painful_km(facts)
    bases = [(begins_km, "where pain begins"), (tolerated, "the longest tolerated run")]
    known = [(km, why) for km, why in bases if km is not None]
    if not known:
        return RunCeiling(None, None, "")
    least, why = min([*known, *([(painful, "the shortest run that hurt lately")] if painful is not None else [])], key=lambda one: one[0])
    ceiling = least * limits["ceiling_percent"] / 100
    share = f"{limits['ceiling_percent']:g} % of {least:.1f} km, {why}"
    return RunCeiling(ceiling, least, f"Ceiling of next week's longest run: {ceiling:.1f} km ({share}).")
