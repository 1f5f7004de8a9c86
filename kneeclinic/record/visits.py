"""What was found on one day: the visit, its note and its observations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from kneeclinic.vocabulary import Side, VisitKind, VisitState

Value = float | str


@dataclass(frozen=True)
class Amendment:
    """Words added to a signed note, never in place of it."""

    id: str
    visit_id: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Visit:
    """One meeting. `note` maps a section id or one of subjective, objective, assessment, plan to free text."""

    id: str
    episode_id: str
    patient_id: str
    kind: VisitKind
    on: date
    clinician: str
    state: VisitState = VisitState.DRAFT
    note: Mapping[str, str] = field(default_factory=dict)
    signed_by: str = ""
    signed_at: datetime | None = None
    amendments: tuple[Amendment, ...] = ()
    edition: str = ""
    version: int = 1
    entered_by: str = ""
    entered_at: datetime | None = None

    @property
    def is_signed(self) -> bool:
        return self.state is VisitState.SIGNED


@dataclass(frozen=True)
class Observation:
    """One value of one measure on one side. Numbers, scores and flags (0/1) are floats in the catalogue's unit, choices and texts are strings.

    `items` holds the answers of a questionnaire in the catalogue's order, None = not answered.
    """

    id: str
    visit_id: str
    episode_id: str
    patient_id: str
    measure: str
    side: Side
    value: Value
    on: date
    items: tuple[float | None, ...] | None = None
    note: str = ""
    carried: bool = False
    entered_by: str = ""
    entered_at: datetime | None = None
    invalidated_at: datetime | None = None
    invalidated_by: str = ""
    invalidated_why: str = ""

    @property
    def is_valid(self) -> bool:
        return self.invalidated_at is None

    @property
    def number(self) -> float | None:
        """The value as a number, or None for a choice or a text."""
        return None if isinstance(self.value, str) else float(self.value)
