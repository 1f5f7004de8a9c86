"""The unfinished visit: every committed field goes into the stored draft at once, and the draft, not the widget, is the truth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import streamlit as st

from kneeclinic import actions
from kneeclinic.knowledge.schema import Measure
from kneeclinic.record import Case, Observation, Visit
from kneeclinic.record.forms import ObservationForm
from kneeclinic.rules.scores import score
from kneeclinic.store import read_draft
from kneeclinic.ui.session import Desk
from kneeclinic.vocabulary import Conflict, KneeClinicError, MeasureKind, Side

KIND = "visit"
Entry = dict[str, Any]
"""`value`, `items`, `note`, `carried`, `question` (unusual, to be confirmed)."""


def key_of(measure: str, side: Side | str) -> str:
    return f"{measure}|{side}"


def parts_of(key: str) -> tuple[str, Side]:
    measure, _, side = key.partition("|")
    return measure, Side(side)


def read(at: Desk, visit_id: str, *, fresh: bool = False) -> dict[str, Any]:
    """The draft as stored: `revision`, `values`, `note`, `saved_at`; read once a session and after a conflict."""
    slot = f"_draft_{visit_id}"
    if fresh or slot not in st.session_state:
        stored = read_draft(at.clinic.database, KIND, at.actor.account_id, visit_id)
        payload = dict(stored.payload) if stored else {}
        st.session_state[slot] = {
            "revision": stored.revision if stored else 0, "values": dict(payload.get("values", {})), "note": dict(payload.get("note", {})),
            "saved_at": stored.saved_at if stored else None,
        }
    found: dict[str, Any] = st.session_state[slot]
    return found


def _store(at: Desk, visit_id: str, draft: dict[str, Any]) -> None:
    payload = {"values": draft["values"], "note": draft["note"]}
    try:
        saved = actions.save_draft(at.clinic, at.actor, KIND, visit_id, payload, draft["revision"])
    except Conflict:
        newest = read(at, visit_id, fresh=True)
        newest["values"].update(draft["values"])
        newest["note"].update(draft["note"])
        saved = actions.save_draft(at.clinic, at.actor, KIND, visit_id, {"values": newest["values"], "note": newest["note"]}, newest["revision"])
        draft = newest
    draft["revision"], draft["saved_at"] = saved.revision, saved.saved_at
    st.session_state[f"_draft_{visit_id}"] = draft


def put(at: Desk, visit_id: str, measure: str, side: Side, entry: Entry | None) -> None:
    """One field of the draft; None takes it out."""
    draft = read(at, visit_id)
    key = key_of(measure, side)
    values = dict(draft["values"])
    if entry is None:
        values.pop(key, None)
    else:
        values[key] = entry
    _store(at, visit_id, draft | {"values": values})


def put_many(at: Desk, visit_id: str, entries: dict[str, Entry]) -> None:
    draft = read(at, visit_id)
    _store(at, visit_id, draft | {"values": {**draft["values"], **entries}})


def put_note(at: Desk, visit_id: str, part: str, text: str) -> None:
    draft = read(at, visit_id)
    _store(at, visit_id, draft | {"note": {**draft["note"], part: text}})


def clear(at: Desk, visit_id: str) -> None:
    """Forgets the draft after its values were saved."""
    actions.discard_draft(at.clinic, at.actor, KIND, visit_id)
    st.session_state.pop(f"_draft_{visit_id}", None)


def forms(draft: dict[str, Any]) -> list[ObservationForm]:
    """What is ready to be saved, in the order it was entered."""
    made = []
    for key, entry in draft["values"].items():
        measure, side = parts_of(key)
        items = tuple(entry["items"]) if entry.get("items") is not None else None
        if items is not None and not any(one is not None for one in items):
            continue
        made.append(ObservationForm(measure=measure, side=side, value=None if items is not None else entry.get("value"), items=items,
                                    note=entry.get("note", ""), carried=bool(entry.get("carried"))))
    return made


def unconfirmed(draft: dict[str, Any]) -> list[tuple[str, str]]:
    """Key and question of each unusual value that nobody has confirmed."""
    return [(key, entry["question"]) for key, entry in draft["values"].items() if entry.get("question") and not entry.get("confirmed")]


def saved_at(at: Desk, draft: dict[str, Any]) -> datetime | None:
    from kneeclinic import serving

    moment = draft.get("saved_at")
    return moment.astimezone(serving.zone(at.clinic.profile.time_zone)) if moment else None


def with_draft(at: Desk, case: Case, visit: Visit, draft: dict[str, Any]) -> Case:
    """The case as it would be if the draft were saved: what the findings at the right are computed from."""
    fresh = tuple(_provisional(at, visit, draft))
    keys = {(one.measure, one.side) for one in fresh}
    kept = tuple(one for one in case.observations if not (one.visit_id == visit.id and (one.measure, one.side) in keys))
    merged = sorted((*kept, *fresh), key=lambda one: (one.on, one.entered_at is None, one.entered_at or at.clinic.now))
    return replace(case, observations=tuple(merged))


def _provisional(at: Desk, visit: Visit, draft: dict[str, Any]) -> Iterable[Observation]:
    for key, entry in draft["values"].items():
        measure_id, side = parts_of(key)
        measure = at.clinic.knowledge.measures.get(measure_id)
        if measure is None:
            continue
        value = value_of(measure, entry)
        if value is None:
            continue
        items = tuple(entry["items"]) if entry.get("items") is not None else None
        yield Observation(id=f"draft-{key}", visit_id=visit.id, episode_id=visit.episode_id, patient_id=visit.patient_id, measure=measure_id,
                          side=side, value=value, on=visit.on, items=items, entered_at=at.clinic.now)


def value_of(measure: Measure, entry: Entry) -> float | str | None:
    """The value of a draft entry; a questionnaire counts once enough of its items are answered."""
    items = entry.get("items")
    if measure.kind is MeasureKind.SCORE and items is not None:
        try:
            return score(measure, items).value
        except KneeClinicError:
            return None
    value = entry.get("value")
    return value if value is None or isinstance(value, str) else float(value)
