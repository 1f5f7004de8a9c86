"""The weeks between visits: check-ins, runs, planned visits, weekly reviews, snoozed alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kneeclinic.vocabulary import CheckInSource, Decision, PlannedState, VisitKind


@dataclass(frozen=True)
class CheckInDay:
    """One day as the patient lived it. `done`: exercise ids ticked; pain 0-10; None = not told."""

    on: date
    done: tuple[str, ...] = ()
    pain_usual: int | None = None
    pain_worst: int | None = None
    pain_next_morning: int | None = None
    tape_worn: bool | None = None
    km: float | None = None


@dataclass(frozen=True)
class CheckIn:
    """A week. Totals stand even where days are unknown; sessions are exercise sessions (one exercise on one day)."""

    id: str
    episode_id: str
    patient_id: str
    week_start: date
    source: CheckInSource
    sessions_done: int | None = None
    sessions_prescribed: int | None = None
    pain_usual: int | None = None
    pain_worst: int | None = None
    pain_next_morning: int | None = None
    tape_days: int | None = None
    km: float | None = None
    note: str = ""
    days: tuple[CheckInDay, ...] = ()
    program_id: str = ""
    entered_by: str = ""
    entered_at: datetime | None = None
    invalidated_at: datetime | None = None

    @property
    def week_end(self) -> date:
        return self.week_start + timedelta(days=6)


@dataclass(frozen=True)
class Run:
    """One run. Cadence in steps a minute (both feet), climb and descent in metres, `started` local clinic time."""

    id: str
    patient_id: str
    episode_id: str
    started: datetime
    km: float
    minutes: float | None = None
    cadence_spm: float | None = None
    climb_m: float | None = None
    descent_m: float | None = None
    pain_during: int | None = None
    pain_next_morning: int | None = None
    settled_within_60_min: bool | None = None
    source: str = "told"
    file_name: str = ""
    file_hash: str = ""
    note: str = ""
    entered_by: str = ""
    entered_at: datetime | None = None
    invalidated_at: datetime | None = None

    @property
    def on(self) -> date:
        return self.started.date()


@dataclass(frozen=True)
class PlannedVisit:
    """A visit that was agreed: what `next`, `today` and `overdue` mean."""

    id: str
    episode_id: str
    patient_id: str
    on: date
    therapist: str
    kind: VisitKind
    state: PlannedState = PlannedState.PLANNED
    at: str = ""
    note: str = ""
    entered_by: str = ""
    entered_at: datetime | None = None


@dataclass(frozen=True)
class Review:
    """A weekly decision: the rule that suggested, what was decided, why, and the program version it made."""

    id: str
    episode_id: str
    patient_id: str
    week_start: date
    suggested_rule: str
    suggested: Decision
    decision: Decision
    because: tuple[str, ...]
    reason: str
    clinician: str
    edition: str
    note: str = ""
    program_id: str = ""
    decided_at: datetime | None = None
    undone_at: datetime | None = None


@dataclass(frozen=True)
class Snooze:
    """An alert put to sleep until a date, with the reason."""

    id: str
    episode_id: str
    alert: str
    until: date
    reason: str
    by: str
    at: datetime | None = None
