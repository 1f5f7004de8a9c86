"""How runners who are done recovered, week by week: the band a new patient can be compared with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import quantiles

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.load import running_threshold
from kneeclinic.progress.series import Point, main_side, values_of
from kneeclinic.record.case import Case
from kneeclinic.vocabulary import EpisodeStatus, Side

LAST_WEEK = 16


@dataclass(frozen=True)
class RecoveryWeek:
    """Percentiles of one week of the episode (0 = the first seven days) over `n` patients."""

    week: int
    n: int
    p10: float
    p25: float
    p50: float
    p75: float
    p90: float


@dataclass(frozen=True)
class RecoveryBands:
    measure: str
    episodes: int
    weeks: tuple[RecoveryWeek, ...]


def recovery_bands(cases: Iterable[Case], knowledge: Knowledge, measure: str, today: date) -> RecoveryBands | None:
    """Percentiles by week over discharged episodes, each patient once a week; None with too few episodes that have the measure."""
    courses = [course for case in cases if case.episode.status is EpisodeStatus.DISCHARGED
               if len(course := by_week(case, values_of(case, knowledge, measure, main_side(case, today), today))) > 1]
    if len(courses) < running_threshold(knowledge, "recovery_episodes"):
        return None
    weeks = []
    for week in range(LAST_WEEK + 1):
        values = [course[week] for course in courses if week in course]
        if len(values) >= running_threshold(knowledge, "recovery_values"):
            cut = quantiles(values, n=20, method="inclusive")
            weeks.append(RecoveryWeek(week, len(values), cut[1], cut[4], cut[9], cut[14], cut[17]))
    return RecoveryBands(measure, len(courses), tuple(weeks))


def by_week(case: Case, points: Iterable[Point]) -> dict[int, float]:
    """The last value of each week since the episode was opened; the first seven days are 0 here, week 1 on the screen."""
    return {max(0, (point.on - case.episode.opened_on).days // 7): point.value for point in points}


def course_of(case: Case, knowledge: Knowledge, measure: str, today: date, side: Side = Side.NONE) -> dict[int, float]:
    """One patient's values on the weeks of the recovery chart."""
    return by_week(case, values_of(case, knowledge, measure, side, today))
