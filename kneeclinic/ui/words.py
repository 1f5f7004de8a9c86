"""How the screens say things: sides, states, verdicts, dates and numbers, each with a word and a shape, never colour alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from kneeclinic.knowledge.schema import Exercise, Measure
from kneeclinic.progress.amounts import LB_PER_KG, rounds_words
from kneeclinic.record import Dose, Observation, Patient
from kneeclinic.rules.because import CARRIED
from kneeclinic.vocabulary import (
    AffectedSide,
    CauseGroup,
    Decision,
    EpisodeStatus,
    FlagLevel,
    MeasureKind,
    Role,
    Sex,
    Side,
    SuggestionKind,
    TapeComponent,
    Units,
    Verdict,
    VisitKind,
)

SIDE_MARK = {"left": "◐", "right": "◑", "both": "●", "none": ""}
SIDE_WORD = {"left": "Left", "right": "Right", "both": "Both", "none": "Person"}
VERDICT = {
    Verdict.BETTER: ("▲", "better", "green"),
    Verdict.POSSIBLY_BETTER: ("△", "possibly better", "green"),
    Verdict.NO_REAL_CHANGE: ("■", "no real change", "gray"),
    Verdict.POSSIBLY_WORSE: ("▽", "possibly worse", "orange"),
    Verdict.WORSE: ("▼", "worse", "red"),
    Verdict.NOT_JUDGED: ("○", "not judged", "gray"),
}
FLAG_WORD = {
    FlagLevel.EMERGENCY: ("Emergency", "red"),
    FlagLevel.REFER: ("Refer", "red"),
    FlagLevel.LIMIT: ("Limit load", "orange"),
    FlagLevel.INFORM: ("Take note", "gray"),
}
VISIT_WORD = {
    VisitKind.FIRST: "First visit", VisitKind.FOLLOW_UP: "Follow-up", VisitKind.WEEKLY: "Weekly re-test", VisitKind.DISCHARGE: "Discharge visit",
}
STATUS_WORD = {
    EpisodeStatus.OPEN: "In treatment", EpisodeStatus.PAUSED: "Paused", EpisodeStatus.DISCHARGED: "Discharged",
    EpisodeStatus.DROPPED_OUT: "Dropped out", EpisodeStatus.REFERRED: "Referred",
}
CAUSE_WORD = {
    CauseGroup.OVERUSE: "Overuse", CauseGroup.TRAUMA: "Direct blow or fall", CauseGroup.MALALIGNMENT: "Alignment",
    CauseGroup.FOOT: "Foot", CauseGroup.MUSCLE: "Weak or unbalanced thigh muscles",
}
DECISION_WORD = {
    Decision.PROGRESS: ("Progress", ":material/trending_up:"), Decision.HOLD: ("Hold", ":material/pause:"),
    Decision.REGRESS: ("Step back", ":material/trending_down:"), Decision.REASSESS: ("Re-assess", ":material/search:"),
    Decision.REFER: ("Refer", ":material/forward_to_inbox:"), Decision.DISCHARGE: ("Plan discharge", ":material/flag_circle:"),
    Decision.STOP_SUPPORT: ("Stop tape or orthosis", ":material/block:"),
}
ROLE_WORD = {
    Role.LEAD: "Lead clinician", Role.CLINICIAN: "Clinician", Role.ASSISTANT: "Assistant", Role.FRONT_DESK: "Front desk", Role.READ_ONLY: "Read only",
}
SEX_WORD = {Sex.FEMALE: "Female", Sex.MALE: "Male", Sex.OTHER: "Other"}
TAPE_WORD = {
    TapeComponent.GLIDE: "Glide", TapeComponent.TILT: "Tilt", TapeComponent.ROTATION: "Rotation", TapeComponent.AP_TILT: "Front-back tilt",
}
KIND_WORD = {
    SuggestionKind.EXERCISE: "Exercise", SuggestionKind.SUPPORT: "Tape and orthosis", SuggestionKind.LOAD: "Running load",
    SuggestionKind.ADVICE: "Advice", SuggestionKind.REFER: "Refer",
}
STANDING_WORD = {"checked": "checked against its source", "common-practice": "common practice", "product-default": "product default"}
LANGUAGE_WORD = {"en": "English", "es": "Español"}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
KM_PER_MILE = 1.609344


def side_label(side: Side | AffectedSide | str) -> str:
    """Mark and word, always the same: ◐ Left, ◑ Right."""
    mark = SIDE_MARK[str(side)]
    return f"{mark} {SIDE_WORD[str(side)]}".strip()


def knee(side: AffectedSide) -> str:
    return f"{SIDE_MARK[side]} {'both knees' if side is AffectedSide.BOTH else f'{side} knee'}"


def verdict_words(verdict: Verdict) -> str:
    """Shape and word for a table cell."""
    shape, word, _ = VERDICT[verdict]
    return f"{shape} {word}"


def verdict_badge(verdict: Verdict) -> str:
    shape, word, colour = VERDICT[verdict]
    return f":{colour}-badge[{shape} {word}]"


def day(on: date | None, *, year: bool = False) -> str:
    """Mon 3 Aug, or with the year."""
    if on is None:
        return "not set"
    return f"{WEEKDAYS[on.weekday()]} {on.day} {on:%b}" + (f" {on.year}" if year else "")


def moment(at: datetime | None) -> str:
    return "" if at is None else f"{at.day} {at:%b %Y}, {at:%H:%M}"


def ago(on: date, today: date) -> str:
    days = (today - on).days
    if days == 0:
        return "today"
    if days < 0:
        return "tomorrow" if days == -1 else f"in {-days} days"
    return "yesterday" if days == 1 else f"{days} days ago"


def number(value: float | None, decimals: int = 0) -> str:
    return "–" if value is None else f"{value:.{decimals}f}"


def value_words(measure: Measure, value: float | str | None) -> str:
    """A value as a person reads it: choice label, yes or no, number with its unit."""
    if value is None:
        return "–"
    if measure.kind is MeasureKind.FLAG:
        return "yes" if float(value) else "no"
    if isinstance(value, str):
        if value in measure.choices and measure.choice_labels:
            return measure.choice_labels[measure.choices.index(value)]
        return value
    unit = measure.unit if measure.unit.startswith("/") or not measure.unit else f" {measure.unit}"
    return f"{value:.{measure.decimals}f}{unit}"


def observed(measure: Measure, one: Observation) -> str:
    """A value as it was entered; one that was taken over says so."""
    return value_words(measure, one.value) + (CARRIED if one.carried else "")


def measure_name(measure: Measure, side: Side | str) -> str:
    return measure.label if str(side) == "none" else f"{measure.label}, {side}"


def dose_words(dose: Dose, exercise: Exercise | None = None, units: Units = Units.METRIC) -> str:
    """3 x 12 each way, hold 3 s, 3 days a week."""
    parts: list[str] = []
    if dose.sets and dose.reps:
        parts.append(f"{dose.sets} × {dose.reps}")
    elif dose.sets and dose.hold_s:
        parts.append(f"{dose.sets} × {dose.hold_s:g} s")
    elif dose.sets:
        parts.append(f"{dose.sets} sets")
    if parts and exercise is not None and exercise.rounds > 1:
        parts[0] += f" {rounds_words(exercise)}"
    if dose.reps and dose.hold_s:
        parts.append(f"hold {dose.hold_s:g} s")
    if dose.minutes:
        parts.append(f"{dose.minutes:g} min")
    if dose.load_kg:
        parts.append(f"{dose.load_kg * LB_PER_KG:.0f} lb" if units is Units.IMPERIAL else f"{dose.load_kg:g} kg")
    parts.append("every day" if dose.days_per_week == 7 else f"{dose.days_per_week} days a week")
    return ", ".join(parts)


def distance(km: float | None, units: Units) -> str:
    if km is None:
        return "–"
    shown, unit = (km / KM_PER_MILE, "mi") if units is Units.IMPERIAL else (km, "km")
    return f"{shown:.1f}".removesuffix(".0") + f" {unit}"


def safe(text: str) -> str:
    """Typed text as it was typed: nothing in it is read as markup."""
    out = []
    for one in text:
        out.append(f"\\{one}" if one in "\\`*_{}[]()#+-.!|<>~:$" else one)
    return "".join(out).replace("\n", "  \n")


def listed(words: Iterable[str]) -> str:
    found = [one for one in words if one]
    return found[0] if len(found) == 1 else ", ".join(found[:-1]) + " and " + found[-1] if found else ""


def who(patient: Patient, today: date) -> str:
    return f"{patient.full_name}, {patient.age_on(today)}"
