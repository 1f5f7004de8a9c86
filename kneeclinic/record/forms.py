"""What a person typed, checked for shape: the forms that actions accept. Limits that need the catalogue are checked by actions."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from kneeclinic.record.programs import DeviceNote, LoadPlan, ProgramItem, SuggestionAnswer, TapeNote
from kneeclinic.vocabulary import (
    DEFAULT_MINUTES_A_DAY,
    EQUIPMENT,
    HOME_EQUIPMENT,
    LANGUAGES,
    AffectedSide,
    CauseGroup,
    CheckInSource,
    Decision,
    Sex,
    Side,
    Units,
    VisitKind,
)

NAME_LENGTH = 200
NOTE_LENGTH = 20_000


class Form(BaseModel):
    """Base of every form: unknown fields are refused, surrounding blanks are removed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True, arbitrary_types_allowed=True)


class PatientForm(Form):
    number: str = Field(min_length=1, max_length=40)
    given_name: str = Field(min_length=1, max_length=NAME_LENGTH)
    family_name: str = Field(default="", max_length=NAME_LENGTH)
    birth_date: date
    sex: Sex
    phone: str = Field(default="", max_length=60)
    email: str = Field(default="", max_length=200)
    language: str = "en"
    units: Units = Units.METRIC
    sport: str = Field(default="", max_length=200)
    equipment: tuple[str, ...] = HOME_EQUIPMENT
    minutes_a_day: int = Field(default=DEFAULT_MINUTES_A_DAY, ge=5, le=90)
    consent_on: date | None = None
    note: str = Field(default="", max_length=NOTE_LENGTH)

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str) -> str:
        if value not in LANGUAGES:
            raise ValueError(f"language {value!r} is not one of {', '.join(LANGUAGES)}")
        return value

    @field_validator("equipment")
    @classmethod
    def _known_equipment(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [one for one in value if one not in EQUIPMENT]
        if unknown:
            raise ValueError(f"equipment {', '.join(unknown)} is unknown; allowed: {', '.join(EQUIPMENT)}")
        return value


class EpisodeForm(Form):
    side: AffectedSide
    opened_on: date
    therapist: str = ""
    problem: str = Field(default="", max_length=NOTE_LENGTH)
    onset_on: date | None = None
    cause_groups: tuple[CauseGroup, ...] = ()
    primary_cause: CauseGroup | None = None
    icd10: tuple[str, ...] = ()
    referrer: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _dates_and_cause(self) -> EpisodeForm:
        if self.onset_on and self.onset_on > self.opened_on:
            raise ValueError("onset_on: the problem cannot begin after the episode was opened")
        if self.primary_cause and self.primary_cause not in self.cause_groups:
            raise ValueError("primary_cause: choose it among the cause groups that are ticked")
        return self


class GoalForm(Form):
    measure: str
    side: Side
    target: float
    by: date
    note: str = Field(default="", max_length=2_000)


class ImagingForm(Form):
    kind: str = Field(min_length=1, max_length=60)
    ordered_on: date
    done_on: date | None = None
    result: str = Field(default="", max_length=NOTE_LENGTH)

    @model_validator(mode="after")
    def _order(self) -> ImagingForm:
        if self.done_on and self.done_on < self.ordered_on:
            raise ValueError("done_on: the picture cannot be taken before it was ordered")
        return self


class ObservationForm(Form):
    """One value. For a score either `value` (a total) or `items` (None = not answered) is given."""

    measure: str
    side: Side = Side.NONE
    value: float | str | None = None
    items: tuple[float | None, ...] | None = None
    note: str = Field(default="", max_length=NOTE_LENGTH)
    carried: bool = False


class ProgramForm(Form):
    starts_on: date
    items: tuple[ProgramItem, ...]
    tape: TapeNote | None = None
    devices: tuple[DeviceNote, ...] = ()
    load: LoadPlan | None = None
    answers: tuple[SuggestionAnswer, ...] = ()
    note: str = Field(default="", max_length=NOTE_LENGTH)
    template: str = ""
    phase: int | None = Field(default=None, ge=0, le=4)


class CheckInDayForm(Form):
    on: date
    done: tuple[str, ...] = ()
    pain_usual: int | None = Field(default=None, ge=0, le=10)
    pain_worst: int | None = Field(default=None, ge=0, le=10)
    pain_next_morning: int | None = Field(default=None, ge=0, le=10)
    tape_worn: bool | None = None
    km: float | None = Field(default=None, ge=0, le=200)


class CheckInForm(Form):
    week_start: date
    source: CheckInSource = CheckInSource.TOLD
    sessions_done: int | None = Field(default=None, ge=0, le=200)
    sessions_prescribed: int | None = Field(default=None, ge=0, le=200)
    pain_usual: int | None = Field(default=None, ge=0, le=10)
    pain_worst: int | None = Field(default=None, ge=0, le=10)
    pain_next_morning: int | None = Field(default=None, ge=0, le=10)
    tape_days: int | None = Field(default=None, ge=0, le=7)
    km: float | None = Field(default=None, ge=0, le=300)
    note: str = Field(default="", max_length=NOTE_LENGTH)
    days: tuple[CheckInDayForm, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> CheckInForm:
        if self.pain_worst is not None and self.pain_usual is not None and self.pain_worst < self.pain_usual:
            raise ValueError(f"pain_worst: {self.pain_worst} is below the usual pain of the same week ({self.pain_usual})")
        for day in self.days:
            if not 0 <= (day.on - self.week_start).days <= 6:
                raise ValueError(f"days: {day.on} is not in the week that begins on {self.week_start}")
        return self


class RunForm(Form):
    started: datetime
    km: float = Field(ge=0, le=200)
    minutes: float | None = Field(default=None, ge=0, le=3000)
    cadence_spm: float | None = Field(default=None, ge=0, le=300)
    climb_m: float | None = Field(default=None, ge=0, le=20_000)
    descent_m: float | None = Field(default=None, ge=0, le=20_000)
    pain_during: int | None = Field(default=None, ge=0, le=10)
    pain_next_morning: int | None = Field(default=None, ge=0, le=10)
    settled_within_60_min: bool | None = None
    source: str = "told"
    file_name: str = Field(default="", max_length=300)
    file_hash: str = ""
    note: str = Field(default="", max_length=2_000)


class PlanForm(Form):
    """A visit to come."""

    on: date
    kind: VisitKind = VisitKind.FOLLOW_UP
    therapist: str = ""
    at: str = Field(default="", max_length=5)
    note: str = Field(default="", max_length=2_000)


class ReviewForm(Form):
    """The decision of one week; `reason` is required when it differs from what was suggested."""

    week_start: date
    decision: Decision
    reason: str = Field(default="", max_length=2_000)
    note: str = Field(default="", max_length=NOTE_LENGTH)
    program: ProgramForm | None = None
