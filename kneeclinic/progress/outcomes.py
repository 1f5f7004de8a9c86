"""How the clinic does: share really better by week 6 and 12, time to discharge, drop-out, and what adherence has to do with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean, median

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.adherence import adherence
from kneeclinic.progress.load import running_threshold
from kneeclinic.progress.proportion import Proportion
from kneeclinic.progress.series import main_side, values_of
from kneeclinic.progress.week import main_verdict
from kneeclinic.record.case import Case
from kneeclinic.vocabulary import EpisodeStatus, Verdict

CHECKPOINTS = (6, 12)
ENDED = (EpisodeStatus.DISCHARGED, EpisodeStatus.DROPPED_OUT, EpisodeStatus.REFERRED)
ADHERENCE_BANDS = ((0.0, 60.0, "under 60 % of sessions"), (60.0, 80.0, "60 to 80 % of sessions"), (80.0, 1e9, "80 % of sessions or more"))
SEVERITY_BANDS = ((0.0, 4.0, "mild: worst pain 0-3"), (4.0, 6.0, "moderate: worst pain 4-5"), (6.0, 11.0, "severe: worst pain 6-10"))


@dataclass(frozen=True)
class CourseResult:
    """What one episode adds: its groups, mean adherence in per cent, the verdicts at the checkpoints that it has reached and was judged at."""

    template: str
    phase: str
    severity: str
    adherence: float | None
    verdicts: dict[int, Verdict]
    status: EpisodeStatus
    days: int | None


@dataclass(frozen=True)
class Group:
    """One row of a breakdown. `hidden`: too few patients; then only `n` is told."""

    by: str
    name: str
    n: int
    hidden: bool
    really_better: dict[int, Proportion]


@dataclass(frozen=True)
class Outcomes:
    """Figures of the clinic, each with its n. `really_better`: verdict better, by week, of those judged. Times in days."""

    episodes: int
    really_better: dict[int, Proportion]
    median_days_to_discharge: float | None
    discharged: int
    drop_out: Proportion
    groups: tuple[Group, ...]
    hidden_groups: int
    small_group: int
    """Groups of fewer patients are hidden: too few to tell from chance, and too easy to recognise."""


def outcomes(cases: Iterable[Case], knowledge: Knowledge, today: date) -> Outcomes:
    """Figures over all episodes that have a program. A median needs as many discharged episodes as a group that is shown."""
    small = int(running_threshold(knowledge, "small_group"))
    results = [_result(case, knowledge, today) for case in cases if case.programs]
    days = [one.days for one in results if one.status is EpisodeStatus.DISCHARGED and one.days is not None]
    ended = [one for one in results if one.status in ENDED]
    groups = tuple(_groups(results, small))
    return Outcomes(
        episodes=len(results),
        really_better={week: _better(results, week) for week in CHECKPOINTS},
        median_days_to_discharge=median(days) if len(days) >= small else None,
        discharged=len(days),
        drop_out=Proportion(sum(one.status is EpisodeStatus.DROPPED_OUT for one in ended), len(ended)),
        groups=groups,
        hidden_groups=sum(one.hidden for one in groups),
        small_group=small,
    )


def _result(case: Case, knowledge: Knowledge, today: date) -> CourseResult:
    first, opened = case.programs[0], case.episode.opened_on
    verdicts: dict[int, Verdict] = {}
    grace = int(running_threshold(knowledge, "checkpoint_grace_days"))
    for week in CHECKPOINTS:
        day = opened + timedelta(weeks=week, days=grace)
        if today >= opened + timedelta(weeks=week):
            found = main_verdict(case, knowledge, min(day, today))
            if found.verdict is not Verdict.NOT_JUDGED:
                verdicts[week] = found.verdict
    pains = values_of(case, knowledge, "pain_worst", main_side(case, today), today)
    percents = [week.percent for week in adherence(case, today).by_week if week.percent is not None]
    mean = fmean(percents) if percents else None
    closed = case.episode.closed_on
    return CourseResult(
        template=knowledge.templates[first.template].label if first.template in knowledge.templates else "own program",
        phase=f"begun in phase {first.phase}",
        severity=_band(SEVERITY_BANDS, pains[0].value if pains else None),
        adherence=mean,
        verdicts=verdicts,
        status=case.episode.status,
        days=(closed - opened).days if closed else None,
    )


def _band(bands: Iterable[tuple[float, float, str]], value: float | None) -> str:
    return next((name for low, high, name in bands if value is not None and low <= value < high), "not known")


def _better(results: Iterable[CourseResult], week: int) -> Proportion:
    judged = [one.verdicts[week] for one in results if week in one.verdicts]
    return Proportion(sum(verdict is Verdict.BETTER for verdict in judged), len(judged))


def _groups(results: list[CourseResult], small: int) -> Iterable[Group]:
    ways: tuple[tuple[str, Callable[[CourseResult], str]], ...] = (
        ("phase at start", lambda one: one.phase),
        ("template", lambda one: one.template),
        ("start severity", lambda one: one.severity),
        ("adherence", lambda one: _band(ADHERENCE_BANDS, one.adherence)),
    )
    for by, name_of in ways:
        names: dict[str, list[CourseResult]] = {}
        for one in results:
            names.setdefault(name_of(one), []).append(one)
        for name in sorted(names, key=lambda name: _rank(by, name)):
            members = names[name]
            hidden = len(members) < small
            better = {} if hidden else {week: _better(members, week) for week in CHECKPOINTS}
            yield Group(by, name, len(members), hidden, {week: one for week, one in better.items() if one.n >= small})


def _rank(by: str, name: str) -> tuple[int, str]:
    order = [label for _, _, label in (*SEVERITY_BANDS, *ADHERENCE_BANDS)]
    return (order.index(name) if name in order else len(order), name)
