"""The patient and the clinic as they were entered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from kneeclinic.vocabulary import DEFAULT_MINUTES_A_DAY, HOME_EQUIPMENT, Paper, Role, Sex, Units


@dataclass(frozen=True)
class Patient:
    """One person. Names, birth date, contact and number are encrypted in the store. Height and mass are measures."""

    id: str
    number: str
    given_name: str
    family_name: str
    birth_date: date
    sex: Sex
    phone: str = ""
    email: str = ""
    language: str = "en"
    units: Units = Units.METRIC
    sport: str = ""
    equipment: tuple[str, ...] = HOME_EQUIPMENT
    minutes_a_day: int = DEFAULT_MINUTES_A_DAY
    consent_on: date | None = None
    note: str = ""
    version: int = 1
    entered_by: str = ""
    entered_at: datetime | None = None

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def age_on(self, day: date) -> int:
        """Whole years on `day`."""
        had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (0 if had_birthday else 1)


@dataclass(frozen=True)
class ClinicProfile:
    """What the clinic is called on paper and how it shows numbers and dates. `week_start`: 0 = Monday … 6 = Sunday."""

    name: str
    address: str = ""
    phone: str = ""
    logo_png: bytes = field(default=b"", repr=False)
    time_zone: str = "UTC"
    week_start: int = 0
    units: Units = Units.METRIC
    paper: Paper = Paper.A4
    language: str = "en"
    is_demo: bool = False
    knowledge_reviewed_by: str = ""
    knowledge_reviewed_edition: str = ""
    knowledge_reviewed_on: date | None = None
    second_factor_roles: tuple[Role, ...] = ()
    """Who signs in with a password must have a second factor in these roles."""
