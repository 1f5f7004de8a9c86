"""One problem of one patient: which knee, since when, what for, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kneeclinic.vocabulary import AffectedSide, CauseGroup, EpisodeStatus, Side


@dataclass(frozen=True)
class Goal:
    """A value to reach by a date. `target` in the measure's unit; baseline is the value when the goal was set."""

    id: str
    measure: str
    side: Side
    target: float
    by: date
    baseline: float | None
    set_on: date
    note: str = ""
    dropped_on: date | None = None


@dataclass(frozen=True)
class Imaging:
    """A picture of the knee that was asked for: kind (x-ray, mri, ct, ultrasound, other), dates, result in words."""

    id: str
    kind: str
    ordered_on: date
    done_on: date | None = None
    result: str = ""


@dataclass(frozen=True)
class Episode:
    """One problem; `side` is what is treated, `primary_cause` one of `cause_groups`."""

    id: str
    patient_id: str
    side: AffectedSide
    opened_on: date
    therapist: str
    problem: str = ""
    onset_on: date | None = None
    cause_groups: tuple[CauseGroup, ...] = ()
    primary_cause: CauseGroup | None = None
    icd10: tuple[str, ...] = ()
    referrer: str = ""
    status: EpisodeStatus = EpisodeStatus.OPEN
    closed_on: date | None = None
    closing_reason: str = ""
    goals: tuple[Goal, ...] = ()
    imaging: tuple[Imaging, ...] = ()
    version: int = 1
    entered_by: str = ""
    entered_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.status in (EpisodeStatus.OPEN, EpisodeStatus.PAUSED)

    def week_on(self, day: date) -> int:
        """Week of the episode, 1 for the first seven days."""
        return max(0, (day - self.opened_on).days) // 7 + 1
