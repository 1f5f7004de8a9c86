"""What was wrong in a form, said so that the person who typed it knows where and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

FIELDS = {
    "number": "Clinic number", "given_name": "Given name", "family_name": "Family name", "birth_date": "Birth date", "sex": "Sex",
    "phone": "Telephone", "email": "E-mail", "language": "Language", "units": "Units", "sport": "Sport and activity",
    "equipment": "Equipment at home", "minutes_a_day": "Minutes a day for exercises", "consent_on": "Consent given on", "note": "Note",
    "side": "Knee", "opened_on": "First seen on", "therapist": "Therapist", "problem": "The problem in a few words", "onset_on": "Began on",
    "cause_groups": "Cause groups", "primary_cause": "Primary cause", "icd10": "ICD-10-CM codes", "referrer": "Referred by",
    "measure": "Measure", "target": "Target", "by": "By", "kind": "Kind", "ordered_on": "Ordered on", "done_on": "Done on", "result": "Result",
    "value": "Value", "items": "Items", "carried": "Carried", "starts_on": "Starts on", "tape": "Tape", "devices": "Brace or orthosis",
    "load": "Running", "answers": "Answers to suggestions", "template": "Template", "phase": "Phase", "week_start": "Week", "source": "Source",
    "sessions_done": "Sessions done", "sessions_prescribed": "Sessions prescribed", "pain_usual": "Usual pain", "pain_worst": "Worst pain",
    "pain_next_morning": "Pain the next morning", "tape_days": "Days with tape", "tape_worn": "Tape worn", "km": "Distance", "days": "Days",
    "done": "Exercises done", "started": "Start of the run", "minutes": "Minutes", "cadence_spm": "Cadence", "climb_m": "Climb",
    "descent_m": "Descent", "pain_during": "Pain during the run", "settled_within_60_min": "Settled within 60 minutes", "file_name": "File",
    "on": "Day", "at": "Time", "decision": "Decision", "reason": "Reason", "why": "Reason", "text": "Text", "status": "How it ends", "name": "Name",
    "display_name": "Name to show", "address": "Address", "logo_png": "Logo", "time_zone": "Time zone", "paper": "Paper", "exercise": "Exercise",
    "dose": "Dose", "sets": "Sets", "reps": "Repetitions", "hold_s": "Hold", "days_per_week": "Days a week", "load_kg": "Load", "tempo": "Tempo",
    "pain_limit": "Pain limit", "direction": "Direction of the pull", "wear": "When worn", "started_on": "Begins on", "stop_on": "Stops on",
    "components": "Components", "retest_before": "Pain before", "retest_after": "Pain after", "device": "Device", "weekly_km": "Kilometres a week",
    "longest_run_km": "Longest run", "runs_per_week": "Runs a week", "walk_run_stage": "Walk-run stage", "rest_days": "Rest days",
    "override_reason": "Reason to keep it", "password": "Password", "role": "Role", "until": "Until",
    "program": "Program", "file_hash": "File", "alert": "Alert",
    "planned_on": "Day",
}
"""Field of a form to the word on the screen."""
ROWS = {"days": "Day", "items": "Exercise", "devices": "Device", "answers": "Answer", "icd10": "Code", "equipment": "Equipment", "tries": "Try"}
_HEAD = re.compile(r"^([a-z][a-z0-9_]*): ")
_ID = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")


def fault_sentences(error: ValidationError) -> tuple[str, ...]:
    """One sentence a fault: where, what, and what to do. None speaks of the machinery behind the form."""
    return tuple(dict.fromkeys(_sentence(one) for one in error.errors()))


def fault_text(error: ValidationError, most: int = 3) -> str:
    """The first faults in one line."""
    found = fault_sentences(error)
    more = f" {len(found) - most} more fields need a look." if len(found) > most else ""
    return " ".join(found[:most]) + more


def in_words(message: str, names: Mapping[str, str] | None = None) -> str:
    """A refusal with the words of the screen in place of the names of fields; `names` adds measures and exercises."""
    known = {**FIELDS, **(names or {})}
    head = _HEAD.match(message)
    if head and head[1] in known:
        message = f"{known[head[1]]}: {message[head.end():]}"
    return _ID.sub(lambda found: _lower(known[found[0]]) if found[0] in known else found[0], message)


def fault_words(fault: Any) -> str:
    """What is wrong with one field, without its name."""
    if fault["type"] == "value_error":
        return in_words(str(fault["msg"]).removeprefix("Value error, ")).rstrip(".")
    return _what(str(fault["type"]), fault.get("ctx") or {}, fault.get("input")).rstrip(".")


def _sentence(fault: Any) -> str:
    where = _where(fault["loc"])
    context, came = fault.get("ctx") or {}, fault.get("input")
    if fault["type"] == "value_error":
        said = in_words(str(fault["msg"]).removeprefix("Value error, "))
        said = said if said.endswith(".") else f"{said}."
        return said if not where or said.startswith(where) else f"{where}: {said}"
    return f"{where}: {_what(str(fault['type']), context, came)}" if where else _what(str(fault["type"]), context, came)


def _where(place: tuple[Any, ...]) -> str:
    words: list[str] = []
    for part in place:
        if isinstance(part, int):
            row = f"{ROWS.get(str(place[0]), 'Entry')} {part + 1}"
            words = [row]
        elif isinstance(part, str) and not part.startswith(("function-", "tuple", "nullable")):
            word = FIELDS.get(part, part.replace("_", " ").capitalize())
            words.append(_lower(word) if words else word)
    return ", ".join(words)


def _what(kind: str, limits: Mapping[str, Any], came: Any) -> str:
    shown = f"“{str(came)[:40]}”" if isinstance(came, str | int | float | date) else "this entry"
    if kind == "missing" or came is None:
        return "this is needed; fill it in."
    if kind == "string_too_short":
        return "this is empty; write something."
    if kind in ("string_too_long", "bytes_too_long", "too_long"):
        return f"{len(came)} characters are too many; at most {limits.get('max_length')} fit. Shorten it."
    if kind in ("greater_than_equal", "greater_than"):
        return f"{came} is too low; enter {_bound(limits, 'ge', 'gt', 'or more', 'above')}."
    if kind in ("less_than_equal", "less_than"):
        return f"{came} is too high; enter {_bound(limits, 'le', 'lt', 'or less', 'below')}."
    if kind == "int_from_float":
        return f"{came} is no whole number; leave out the decimals."
    if kind.startswith("int_"):
        return f"{shown} is no whole number; enter digits only."
    if kind.startswith(("float_", "decimal_")) or kind == "finite_number":
        return f"{shown} is no number; enter digits, with a point for decimals."
    if kind.startswith("bool_"):
        return f"{shown} is neither yes nor no; choose one."
    if kind.startswith("datetime_"):
        return f"{shown} is no day and time; write it as 2026-03-02 18:30."
    if kind.startswith("date_"):
        return f"{shown} is no day; write it as year-month-day, for example 2026-03-02."
    if kind in ("enum", "literal_error"):
        return f"{shown} is none of the choices; choose {_choices(limits)}."
    if kind == "extra_forbidden":
        return "there is no such field; leave it out."
    if kind.startswith("string_"):
        return f"{shown} is no text; write words."
    return f"{shown} does not fit here; correct it and save again."


def _choices(limits: Mapping[str, Any]) -> str:
    return str(limits.get("expected", "one of them")).replace("'", "").replace("_", " ")


def _bound(limits: Mapping[str, Any], closed: str, open_: str, closed_words: str, open_words: str) -> str:
    if closed in limits:
        return f"{limits[closed]:g} {closed_words}"
    return f"{open_words} {limits.get(open_, 'the limit')}"


def _lower(word: str) -> str:
    return word if word[:2].isupper() else word[:1].lower() + word[1:]
