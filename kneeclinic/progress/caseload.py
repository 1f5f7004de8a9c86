"""Who needs me today, and why: all open patients in the order of what a minute is worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.reasons import CALM, LOOK, REASON_IDS, RED, TODAY, Glance, Reason, reasons
from kneeclinic.record.case import Case
from kneeclinic.record.weeks import Snooze
from kneeclinic.vocabulary import AffectedSide, EpisodeStatus, PlannedState, Verdict

__all__ = ["CALM", "LOOK", "REASON_IDS", "RED", "TODAY", "CaseloadRow", "RANK", "caseload", "caseload_row", "most_urgent_first"]

SPARK_POINTS = 12
RANK = {reason: place for place, reason in enumerate(REASON_IDS)}


@dataclass(frozen=True)
class CaseloadRow:
    """One patient on the list. `severity`: 3 red flag, 2 act today, 1 have a look, 0 on course; `weight` orders rows of one reason.

    `pain_points` and `adherence_points` (0-100) are the newest twelve, oldest first. `snoozed_until` tells that a more urgent reason sleeps.
    """

    episode_id: str
    patient_id: str
    name: str
    number: str
    age: int
    side: AffectedSide
    phase: int
    week: int
    reason_id: str
    reason: str
    severity: int
    weight: float
    pain_points: tuple[float, ...]
    adherence_points: tuple[float, ...]
    verdict: Verdict
    measure: str
    next_visit: date | None
    overdue_days: int
    therapist: str
    snoozed_until: date | None
    snoozed_reason: str = ""
    all_reasons: tuple[str, ...] = ()
    """Ids of every reason that holds, sleeping ones too."""
    status: EpisodeStatus = EpisodeStatus.OPEN
    alerts: tuple[Reason, ...] = ()
    """Every reason that holds and is awake, the most urgent first; on course only when nothing else is."""


def caseload(cases: Iterable[Case], knowledge: Knowledge, today: date) -> tuple[CaseloadRow, ...]:
    """Open episodes, the most urgent first: by reason, then by its weight, then by name."""
    return most_urgent_first(caseload_row(case, knowledge, today) for case in cases if case.episode.is_open)


def most_urgent_first(rows: Iterable[CaseloadRow]) -> tuple[CaseloadRow, ...]:
    """Rows in the order of what a minute is worth."""
    return tuple(sorted(rows, key=lambda row: (-row.severity, RANK[row.reason_id], -row.weight, row.name, row.number)))


def caseload_row(case: Case, knowledge: Knowledge, today: date) -> CaseloadRow:
    """The row of one patient. A reason put to sleep gives way to the next; a red flag wakes again when something new was found since."""
    at = Glance(case, knowledge, today)
    found = list(reasons(at))
    asleep = {one.id: nap for one in found if (nap := _nap(case, one, today)) is not None}
    awake = tuple(one for one in found if one.id not in asleep)
    shown = awake[0]
    naps = [asleep[one.id] for one in found if one.id in asleep]
    coming = [one.on for one in case.planned if one.state is PlannedState.PLANNED and one.on >= today]
    return CaseloadRow(
        case.episode.id, case.patient.id, case.patient.full_name, case.patient.number, case.patient.age_on(today), case.episode.side,
        at.phase.number, case.episode.week_on(today), shown.id, shown.sentence, shown.severity, shown.weight,
        tuple(point.value for point in at.pain_points[-SPARK_POINTS:]),
        tuple(week.percent for week in at.adherence.by_week if week.percent is not None)[-SPARK_POINTS:],
        at.verdict.verdict, at.verdict.measure, min(coming, default=None), at.overdue_days, case.episode.therapist,
        max((one.until for one in naps), default=None), naps[0].reason if naps else "", tuple(one.id for one in found),
        case.episode.status, awake[:-1] or awake,
    )


def _nap(case: Case, reason: Reason, today: date) -> Snooze | None:
    """The snooze that covers a reason today. on_course cannot sleep."""
    if reason.id == "on_course":
        return None
    naps = [one for one in case.snoozes if one.alert == reason.id and today < one.until]
    if reason.severity == RED:
        newest = max((one.on for one in case.observations if one.on <= today), default=date.min)
        naps = [one for one in naps if one.at is not None and one.at.date() >= newest]
    return max(naps, key=lambda one: one.until, default=None)
