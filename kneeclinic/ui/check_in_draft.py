"""What was tapped into a check-in and not yet saved: kept with every tap, offered again after a refresh, gone when the week is saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from kneeclinic import actions
from kneeclinic.record import Case, CheckIn, Program
from kneeclinic.record.forms import CheckInDayForm, CheckInForm
from kneeclinic.store import read_draft
from kneeclinic.ui import errors, field_names, session, words
from kneeclinic.vocabulary import CheckInSource, Conflict, Units

KIND = "check_in"
PAINS = ("pain_usual", "pain_worst", "pain_next_morning")
BY_DAY = (*PAINS, "km")


@dataclass(frozen=True)
class Sheet:
    """One week of one patient on the screen. Names of widgets: `c_<episode>_<week>_<part>~<turns>`; what the product fills, and a sheet that is
    begun anew, has a new name, so that an echo or a second press falls on nothing."""

    episode: str
    week: date

    @property
    def base(self) -> str:
        return f"c_{self.episode}_{self.week}_"

    def key(self, part: str) -> str:
        return f"{self.base}{part}~{field_names.turn(self.base)}.{field_names.turn(self.base + part)}"

    def put(self, part: str, value: Any) -> None:
        """Fills a field: what the browser sent before it saw that is an echo of the old one."""
        field_names.anew(self.base + part)
        st.session_state[self.key(part)] = value

    @property
    def subject(self) -> str:
        return f"{self.episode}:{self.week}"

    @property
    def slot(self) -> str:
        return self.key("state")

    @property
    def dates(self) -> list[date]:
        return [self.week + timedelta(days=one) for one in range(7)]


def factor(at: session.Desk) -> float:
    """Kilometres in one unit of distance of this clinic."""
    return words.KM_PER_MILE if at.units is Units.IMPERIAL else 1.0


def begin(at: session.Desk, case: Case, sheet: Sheet, program: Program | None, stands: CheckIn | None) -> dict[str, Any]:
    """Puts the kept answers, else what stands in the record, into the widgets, once a session and sheet. Returns the state of the draft."""
    mark = stands.id if stands else ""
    state: dict[str, Any] | None = st.session_state.get(sheet.slot)
    if state is None:
        stored = read_draft(at.clinic.database, KIND, at.actor.account_id, sheet.subject)
        kept = dict(stored.payload) if stored else {}
        state = {"revision": stored.revision if stored else 0, "saved_at": stored.saved_at if stored else None,
                 "answers": kept.get("answers") or _recorded(at, case, sheet, stands), "is_draft": bool(kept), "found": bool(kept),
                 "older": bool(kept) and kept.get("stands") != mark, "stands": mark}
        st.session_state[sheet.slot] = state
        st.session_state.pop(sheet.key("filled"), None)
    answers = state["answers"]
    for part in (*PAINS, "km", "sessions", "source", "note", "tape"):
        st.session_state.setdefault(sheet.key(part), _typed(part, answers.get(part)))
    for item in program.items if program else ():
        st.session_state.setdefault(sheet.key(f"done_{item.exercise}"), [date.fromisoformat(on) for on in answers["done"].get(item.exercise, ())])
    return state


def _typed(part: str, value: Any) -> Any:
    if part == "tape":
        return [date.fromisoformat(on) for on in value or ()]
    if part == "source":
        return CheckInSource(value or CheckInSource.TOLD)
    return (value or "") if part == "note" else value


def _recorded(at: session.Desk, case: Case, sheet: Sheet, stands: CheckIn | None) -> dict[str, Any]:
    """The answers as they stand in the record; kilometres from the runs where nobody said."""
    if stands is None:
        runs = [one.km for one in case.runs if one.invalidated_at is None and one.on in sheet.dates]
        return {"done": {}, "days": {}, "km": round(sum(runs) / factor(at), 1) if runs else None}
    done: dict[str, list[str]] = {}
    for day in stands.days:
        for exercise in day.done:
            done.setdefault(exercise, []).append(day.on.isoformat())
    ticked = sum(len(one) for one in done.values())
    days = {day.on.isoformat(): {part: getattr(day, part) for part in PAINS} | {"km": None if day.km is None else round(day.km / factor(at), 1)}
            for day in stands.days if any(getattr(day, part) is not None for part in BY_DAY)}
    return {
        "done": done, "days": days, "tape": [day.on.isoformat() for day in stands.days if day.tape_worn],
        "sessions": stands.sessions_done if stands.sessions_done != ticked else None, "source": stands.source.value, "note": stands.note,
        "km": None if stands.km is None else round(stands.km / factor(at), 1), **{part: getattr(stands, part) for part in PAINS},
    }


def answers_now(sheet: Sheet, exercises: Iterable[str]) -> dict[str, Any]:
    """What the widgets hold."""
    at = {part: st.session_state.get(sheet.key(part)) for part in (*PAINS, "km", "sessions", "note")}
    source = st.session_state.get(sheet.key("source")) or CheckInSource.TOLD
    done = {one: sorted(on.isoformat() for on in st.session_state.get(sheet.key(f"done_{one}")) or ()) for one in exercises}
    return at | {"source": CheckInSource(source).value, "done": {one: days for one, days in done.items() if days},
                 "tape": sorted(on.isoformat() for on in st.session_state.get(sheet.key("tape")) or ()), "days": days_now(sheet)}


def days_now(sheet: Sheet) -> dict[str, dict[str, Any]]:
    """Pain and distance by day: what the table began with, and what was typed into it since."""
    state = st.session_state.get(sheet.slot) or {}
    if sheet.key("days") not in st.session_state:
        return dict(state.get("answers", {}).get("days", {}))
    found = {on: dict(values) for on, values in state.get("days_base", {}).items()}
    for row, changes in st.session_state[sheet.key("days")].get("edited_rows", {}).items():
        found.setdefault(sheet.dates[int(row)].isoformat(), {}).update(changes)
    return {on: values for on, values in found.items() if any(value is not None for value in values.values())}


@errors.on_click
def keep(sheet: Sheet, exercises: tuple[str, ...]) -> None:
    """After each tap: the answers go into the stored draft."""
    at = session.desk()
    state = st.session_state.get(sheet.slot)
    if state is None or not at.may("save_draft"):
        return
    state["answers"] = answers_now(sheet, exercises)
    payload = {"answers": state["answers"], "stands": state["stands"]}
    try:
        saved = actions.save_draft(at.clinic, at.actor, KIND, sheet.subject, payload, state["revision"])
    except Conflict:
        stored = read_draft(at.clinic.database, KIND, at.actor.account_id, sheet.subject)
        saved = actions.save_draft(at.clinic, at.actor, KIND, sheet.subject, payload, stored.revision if stored else None)
    state |= {"revision": saved.revision, "saved_at": saved.saved_at, "is_draft": True}


def saved_at(at: session.Desk, state: dict[str, Any]) -> datetime | None:
    moment: datetime | None = state.get("saved_at")
    return moment.astimezone(at.clinic.zone) if moment else None


def forget(at: session.Desk, sheet: Sheet) -> None:
    """After the week was saved, or to begin anew: draft and widgets are dropped."""
    if at.may("discard_draft"):
        actions.discard_draft(at.clinic, at.actor, KIND, sheet.subject)
    for key in [one for one in st.session_state if str(one).startswith(sheet.base)]:
        del st.session_state[key]
    field_names.anew(sheet.base)


@errors.on_click
def start_over(sheet: Sheet) -> None:
    forget(session.desk(), sheet)


def form(at: session.Desk, sheet: Sheet, program: Program | None) -> CheckInForm:
    """The answers as the record takes them; raises ValueError where they cannot be true."""
    answers = answers_now(sheet, [item.exercise for item in program.items] if program else [])
    days = []
    for on in sheet.dates:
        text = on.isoformat()
        done = tuple(one for one, dates in answers["done"].items() if text in dates)
        told = answers["days"].get(text, {})
        worn = text in answers["tape"] if answers["tape"] else None
        if done or worn is not None or any(told.get(part) is not None for part in BY_DAY):
            pain = {part: None if told.get(part) is None else int(told[part]) for part in PAINS}
            days.append(CheckInDayForm(on=on, done=done, tape_worn=worn, km=_km(at, told.get("km")), **pain))
    days = [one for one in days if one.on <= at.clinic.today]
    return CheckInForm(
        week_start=sheet.week, source=CheckInSource(answers["source"]), km=_km(at, answers["km"]), note=answers["note"] or "", days=tuple(days),
        sessions_done=answers["sessions"], pain_usual=answers["pain_usual"], pain_worst=answers["pain_worst"],
        pain_next_morning=answers["pain_next_morning"],
    )


def _km(at: session.Desk, typed: float | None) -> float | None:
    return None if typed is None else round(float(typed) * factor(at), 3)
