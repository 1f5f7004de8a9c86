"""A fictional patient in one TOML file: what was found goes in, a case and its day come out."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.knowledge.loader import load_knowledge
from kneeclinic.record import Case, CheckIn, Episode, Observation, Patient, Run, Visit
from kneeclinic.rules.validation import check_side, check_together, check_value, find_measure
from kneeclinic.vocabulary import (
    AGE_YEARS,
    DEFAULT_MINUTES_A_DAY,
    EQUIPMENT,
    HOME_EQUIPMENT,
    AffectedSide,
    CheckInSource,
    Refused,
    Sex,
    Side,
    VisitKind,
    VisitState,
)

WHO = "case file"
ID = "case"
MOST_BYTES = 1_000_000
EARLIEST = date(1900, 1, 1)
DATE_NEEDED = "a date such as 2026-03-31 is allowed"


def _day(value: object) -> object:
    """TOML gives a date, a date with time, or a text."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError(DATE_NEEDED) from None


Day = Annotated[date, BeforeValidator(_day)]
Pain = Annotated[int, Field(strict=True, ge=0, le=10)]
Sessions = Annotated[int, Field(strict=True, ge=0, le=200)]
Number = Annotated[float, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PatientPart(Part):
    age: Annotated[int, Field(strict=True, ge=AGE_YEARS.hard[0], le=AGE_YEARS.hard[1])]
    sex: Sex
    side: AffectedSide
    minutes: Annotated[int, Field(strict=True, ge=1, le=300)] = DEFAULT_MINUTES_A_DAY
    sport: str = ""
    equipment: tuple[str, ...] = HOME_EQUIPMENT
    name: str = ""
    number: str = ""
    language: str = "en"


class ObservationPart(Part):
    measure: str
    side: str = ""
    value: Any = None
    items: tuple[Any, ...] | None = None
    date: Day | None = None
    note: str = ""


class CheckInPart(Part):
    date: Day
    sessions_done: Sessions | None = None
    sessions_prescribed: Sessions | None = None
    pain_usual: Pain | None = None
    pain_worst: Pain | None = None
    pain_next_morning: Pain | None = None
    km: Number | None = Field(default=None, ge=0, le=300)
    note: str = ""


class RunPart(Part):
    date: Day
    km: Number = Field(ge=0, le=200)
    minutes: Number | None = Field(default=None, ge=0, le=3000)
    pain_during: Pain | None = None
    pain_next_morning: Pain | None = None
    settled_within_60_min: Flag | None = None
    cadence_spm: Number | None = Field(default=None, ge=0, le=300)
    note: str = ""


PARTS: dict[str, type[Part]] = {"observation": ObservationPart, "check_in": CheckInPart, "run": RunPart}
ALLOWED = ("patient", *PARTS, "today", "story", "title", "name", "note", "expected")


@dataclass(frozen=True)
class Read:
    """The parts of a case file, each checked for its shape."""

    patient: PatientPart
    observations: tuple[ObservationPart, ...]
    check_ins: tuple[CheckInPart, ...]
    runs: tuple[RunPart, ...]
    today: date


def read_case(path: Path | str, knowledge: Knowledge | None = None) -> tuple[Case, date]:
    """The case and its day: `today` of the file, else its newest date (never after the day of reading), else the day of reading.

    A check-in of a date tells of the seven days up to it. Raises Refused with one line that names the measure or field,
    what came and what is allowed.
    """
    source = Path(path)
    try:
        if source.stat().st_size > MOST_BYTES:
            raise Refused(f"{source.name}: the file is larger than {MOST_BYTES:,} bytes; a case file is small.")
        document = tomllib.loads(source.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Refused(f"{source}: cannot be read ({error.strerror}); name a case file.") from error
    except RecursionError as error:
        raise Refused(f"{source.name}: is not TOML that can be read: too many brackets inside each other.") from error
    except ValueError as error:  # also a byte that is not UTF-8, or a number of thousands of digits
        raise Refused(f"{source.name}: is not TOML: {' '.join(str(error).split())}.") from error
    return case_of(document, knowledge or load_knowledge())


def case_of(document: Mapping[str, Any], knowledge: Knowledge) -> tuple[Case, date]:
    """As `read_case`, for a document at hand."""
    read = _parts(document)
    patient, episode = _people(read)
    case = Case(
        patient,
        episode,
        visits=_visits(read),
        observations=_observations(read, knowledge),
        check_ins=tuple(_check_in(number, part) for number, part in enumerate(sorted(read.check_ins, key=lambda one: one.date))),
        runs=tuple(_run(number, part) for number, part in enumerate(sorted(read.runs, key=lambda one: one.date))),
        names={WHO: WHO},
    )
    return case, read.today


def _parts(document: Mapping[str, Any]) -> Read:
    for key in document:
        if key not in ALLOWED:
            raise Refused(f"{key}: is no part of a case file; allowed: {', '.join(ALLOWED)}.")
    if not isinstance(document.get("patient"), dict):
        raise Refused("patient: is missing; a table [patient] with age, sex and side is needed.")
    patient = _shaped("patient", PatientPart, document["patient"])
    unknown = [one for one in patient.equipment if one not in EQUIPMENT]
    if unknown:
        raise Refused(f"patient.equipment: {', '.join(unknown)} came; allowed: {', '.join(EQUIPMENT)}.")
    rows: dict[str, list[Any]] = {}
    for name, part in PARTS.items():
        given = document.get(name, [])
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            raise Refused(f"{name}: must be written as [[{name}]].")
        rows[name] = [_shaped(_place(name, number, one), part, one) for number, one in enumerate(given, start=1)]
    dates = [one.date for part in rows.values() for one in part if one.date is not None]
    today = _today(document, dates)
    for one in dates:
        if one < EARLIEST:
            raise Refused(f"date: {one} came; {EARLIEST} or later is allowed.")
        if one > today:
            raise Refused(f"date: {one} came; {today} (today{' of this file' if 'today' in document else ''}) or earlier is allowed.")
    return Read(patient, tuple(rows["observation"]), tuple(rows["check_in"]), tuple(rows["run"]), today)


def _place(name: str, number: int, row: Mapping[str, Any]) -> str:
    """How a refusal names the row: by its measure where it has one."""
    measure = row.get("measure")
    return measure if name == "observation" and isinstance(measure, str) and measure else f"{name} {number}"


def _today(document: Mapping[str, Any], dates: list[date]) -> date:
    given, now = document.get("today"), datetime.now().astimezone().date()
    if given is None:
        return min(max(dates, default=now), now)
    try:
        day = _day(given)
    except ValueError:
        day = None
    if not isinstance(day, date) or day < EARLIEST:
        raise Refused(f"today: {' '.join(str(given).split())[:60]} came; {DATE_NEEDED}, not before {EARLIEST}.")
    return day


def _shaped(place: str, part: type[Any], row: Mapping[str, Any]) -> Any:
    """The row in its shape; the first fault as one line."""
    try:
        return part(**row)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        field = ".".join(str(one) for one in (place, *fault["loc"]))
        if fault["type"] == "missing":
            raise Refused(f"{field}: is missing; it is needed.") from error
        if fault["type"] == "extra_forbidden":
            raise Refused(f"{field}: is no field here; allowed: {', '.join(part.model_fields)}.") from error
        came = " ".join(repr(fault["input"]).split())[:60]
        raise Refused(f"{field}: {came} came; {_span(part, str(fault['loc'][0])) or _allowed(fault)}.") from error


def _span(part: type[Part], field: str) -> str:
    """What a number of the case file may be, or an empty text for a field that holds none."""
    schema = part.model_json_schema()["properties"][field]
    for one in schema.get("anyOf", [schema]):
        if "minimum" in one:
            noun = "a whole number" if one["type"] == "integer" else "a number"
            return f"{noun} from {one['minimum']:g} to {one['maximum']:g} is allowed"
    return ""


def _allowed(fault: Mapping[str, Any]) -> str:
    if fault["type"] == "tuple_type":
        return "should be a list in square brackets"
    if fault["type"] == "bool_type":
        return "true or false is allowed"
    message = str(fault["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    return message[0].lower() + message[1:]


def _birth_date(age: int, today: date) -> date:
    try:
        return today.replace(year=today.year - age)
    except ValueError:  # 29 February
        return today.replace(year=today.year - age, day=28)


def _people(read: Read) -> tuple[Patient, Episode]:
    part = read.patient
    dates = [*(one.date for one in read.observations), *(one.date for one in read.check_ins), *(one.date for one in read.runs)]
    first = min([one for one in dates if one is not None], default=read.today)
    patient = Patient(
        id=ID, number=part.number or ID, given_name=part.name or "Case", family_name="", birth_date=_birth_date(part.age, read.today),
        sex=part.sex, language=part.language, sport=part.sport, equipment=part.equipment, minutes_a_day=part.minutes, entered_by=WHO,
    )
    return patient, Episode(id=ID, patient_id=ID, side=part.side, opened_on=first, therapist=WHO, entered_by=WHO)


def _visit_id(on: date) -> str:
    return f"visit-{on.isoformat()}"


def _visits(read: Read) -> tuple[Visit, ...]:
    days = sorted({one.date or read.today for one in read.observations})
    return tuple(
        Visit(_visit_id(on), ID, ID, VisitKind.FOLLOW_UP if number else VisitKind.FIRST, on, WHO, VisitState.SIGNED)
        for number, on in enumerate(days)
    )


def _observations(read: Read, knowledge: Knowledge) -> tuple[Observation, ...]:
    found = [_observation(number, part, read.today, knowledge) for number, part in enumerate(read.observations, start=1)]
    for on in {one.on for one in found}:
        check_together((one.measure, one.side, one.value) for one in found if one.on == on)
    return tuple(sorted(found, key=lambda one: one.on))


def _observation(number: int, part: ObservationPart, today: date, knowledge: Knowledge) -> Observation:
    measure = find_measure(knowledge, part.measure)
    side = check_side(measure, part.side or None)
    items = None if part.items is None else tuple(None if one == "-" else one for one in part.items)
    if part.value is None and items is None:
        raise Refused(f"{measure.id}: nothing came; a value is needed.")
    checked = check_value(measure, side, part.value, items)
    on = part.date or today
    return Observation(
        id=f"observation-{number}", visit_id=_visit_id(on), episode_id=ID, patient_id=ID, measure=measure.id, side=Side(side),
        value=checked.value, on=on, items=checked.items, note=part.note, entered_by=WHO,
    )


def _check_in(number: int, part: CheckInPart) -> CheckIn:
    if part.pain_worst is not None and part.pain_usual is not None and part.pain_worst < part.pain_usual:
        raise Refused(f"check_in {part.date}: pain_worst: {part.pain_worst} came; {part.pain_usual} (pain_usual) or more is allowed.")
    return CheckIn(
        id=f"check-in-{number}", episode_id=ID, patient_id=ID, week_start=part.date - timedelta(days=6), source=CheckInSource.TOLD,
        sessions_done=part.sessions_done, sessions_prescribed=part.sessions_prescribed, pain_usual=part.pain_usual,
        pain_worst=part.pain_worst, pain_next_morning=part.pain_next_morning, km=part.km, note=part.note, entered_by=WHO,
    )


def _run(number: int, part: RunPart) -> Run:
    return Run(
        id=f"run-{number}", patient_id=ID, episode_id=ID, started=datetime.combine(part.date, time()), km=part.km, minutes=part.minutes,
        cadence_spm=part.cadence_spm, pain_during=part.pain_during, pain_next_morning=part.pain_next_morning,
        settled_within_60_min=part.settled_within_60_min, note=part.note, entered_by=WHO,
    )
