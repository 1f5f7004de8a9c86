"""The unfinished visit: every committed field goes into the stored draft at once, and the draft, not the widget, is the truth."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from kneeclinic import actions
from kneeclinic.progress import unsaved
from kneeclinic.record import Case, Visit
from kneeclinic.record.forms import ObservationForm
from kneeclinic.store import read_draft
from kneeclinic.ui import field_names
from kneeclinic.ui.session import Desk
from kneeclinic.vocabulary import Conflict, Side

KIND = "visit"
PARTS = ("values", "note", "base", "mine")
"""`base`: what the visit held when the field was first typed; `mine`: this window's version where another window's stands."""
ATTEMPTS, MOST_STEPS = 6, 20
Draft = dict[str, Any]
Entry = dict[str, Any]
"""`value`, `items`, `note`, `carried`, `question` (unusual, to be confirmed)."""


def key_of(measure: str, side: Side | str) -> str:
    return f"{measure}|{side}"


def parts_of(key: str) -> tuple[str, Side]:
    measure, _, side = key.partition("|")
    return measure, Side(side)


def read(at: Desk, visit_id: str) -> Draft:
    """The draft as this window knows it: `revision`, `values`, `note`, `base`, `mine`, `steps`, `saved_at`."""
    slot = f"_draft_{visit_id}"
    if slot not in st.session_state:
        st.session_state[slot] = stored(at, visit_id)
    found: Draft = st.session_state[slot]
    return found


def stored(at: Desk, visit_id: str) -> Draft:
    """The draft as it is stored now."""
    kept = read_draft(at.clinic.database, KIND, at.actor.account_id, visit_id)
    payload = dict(kept.payload) if kept else {}
    return {name: dict(payload.get(name, {})) for name in PARTS} | {
        "steps": list(payload.get("steps", [])), "revision": kept.revision if kept else 0, "saved_at": kept.saved_at if kept else None}


def follow(at: Desk, visit_id: str) -> Draft:
    """Takes over what another window of the same person saved, so that the screen shows the newest; called on every draw."""
    known, newest = read(at, visit_id), stored(at, visit_id)
    if newest["revision"] != known["revision"]:
        _take_over(visit_id, known, newest)
    return read(at, visit_id)


def _take_over(visit_id: str, known: Draft, newest: Draft) -> None:
    """The session knows the newest draft; the fields on the screen that differ are filled anew."""
    for key in {*known["values"], *newest["values"]}:
        if known["values"].get(key) != newest["values"].get(key):
            forget_field(visit_id, key)
    for part in {*known["note"], *newest["note"]}:
        if known["note"].get(part) != newest["note"].get(part):
            field_names.note_anew(visit_id, part)
    st.session_state[f"_draft_{visit_id}"] = newest


def forget_field(visit_id: str, key: str) -> None:
    """The fields of this value on the screen are filled from the draft on the next draw."""
    measure, side = parts_of(key)
    field_names.value_anew(visit_id, measure, side)


def saw(visit_id: str) -> dict[str, str]:
    """What this window showed of the visit when it was last drawn: the id of each stored value, and the text of each stored part of the note."""
    found: dict[str, str] = st.session_state.get(f"_saw_{visit_id}", {})
    return found


def look(case: Case, visit: Visit) -> None:
    """Remembers what the visit holds as it is drawn, and fills the fields anew whose stored value somebody else changed."""
    now = {key_of(one.measure, one.side): one.id for one in case.observations if one.visit_id == visit.id and one.is_valid}
    now |= {note_slot(part): text for part, text in visit.note.items()}
    before = saw(visit.id)
    if before and before != now:
        draft = st.session_state.get(f"_draft_{visit.id}") or {"values": {}, "note": {}}
        for key in {*before, *now}:
            if before.get(key) != now.get(key) and key not in draft["values"] and is_value(key):
                forget_field(visit.id, key)
            elif before.get(key) != now.get(key) and not is_value(key) and key.removeprefix("note:") not in draft["note"]:
                field_names.note_anew(visit.id, key.removeprefix("note:"))
    st.session_state[f"_saw_{visit.id}"] = now


def note_slot(part: str) -> str:
    return f"note:{part}"


def is_value(slot: str) -> bool:
    return not slot.startswith("note:")


def change(at: Desk, visit_id: str, values: Mapping[str, Entry | None] | None = None, note: Mapping[str, str | None] | None = None, *,
           said: str = "", undoing: bool = False) -> None:
    """Stores what was changed, and only that, on top of the newest draft. None takes a field out.

    Where another window changed the same field meanwhile, its version stays and this one is kept beside it (`mine`) until one is chosen.
    """
    known = current = read(at, visit_id)
    wanted: dict[str, Any] = dict(values or {}) | {note_slot(part): text for part, text in (note or {}).items()}
    for _ in range(ATTEMPTS):
        merged = _merged(visit_id, known, current, wanted, said=said, undoing=undoing)
        try:
            saved = actions.save_draft(at.clinic, at.actor, KIND, visit_id, {name: merged[name] for name in (*PARTS, "steps")}, current["revision"])
        except Conflict:
            current = stored(at, visit_id)
            continue
        merged["revision"], merged["saved_at"] = saved.revision, saved.saved_at
        if current is known:
            st.session_state[f"_draft_{visit_id}"] = merged
        else:
            _take_over(visit_id, known, merged)
            for key in merged["mine"]:
                if is_value(key):
                    forget_field(visit_id, key)
                else:
                    field_names.note_anew(visit_id, key.removeprefix("note:"))
        return
    raise Conflict("Other windows keep saving this form; try again in a moment.")


def get(draft: Draft, slot: str) -> Any:
    """A value entry or a text of the note, by its slot; None when the draft does not hold it."""
    return draft["values"].get(slot) if is_value(slot) else draft["note"].get(slot.removeprefix("note:"))


def _set(draft: Draft, slot: str, what: Any) -> None:
    place, name = (draft["values"], slot) if is_value(slot) else (draft["note"], slot.removeprefix("note:"))
    if what is None:
        place.pop(name, None)
        draft["base"].pop(slot, None)
    else:
        place[name] = what


def _merged(visit_id: str, known: Draft, current: Draft, wanted: Mapping[str, Any], *, said: str, undoing: bool) -> Draft:
    merged: Draft = {name: dict(current[name]) for name in PARTS} | {"steps": list(current["steps"])}
    seen = saw(visit_id)
    before: dict[str, Any] = {}
    for slot, what in wanted.items():
        theirs = get(current, slot)
        if theirs != get(known, slot) and theirs is not None and not same(theirs, what):
            merged["mine"][slot] = what
            continue
        before[slot] = theirs
        merged["base"].setdefault(slot, seen.get(slot, ""))
        _set(merged, slot, what)
        merged["mine"].pop(slot, None)
    if undoing:
        merged["steps"] = merged["steps"][:-1]
    elif said and before:
        merged["steps"] = [*merged["steps"], {"said": said, "before": before}][-MOST_STEPS:]
    return merged


def same(one: Any, other: Any) -> bool:
    """Do two versions say the same?"""
    if isinstance(one, dict) and isinstance(other, dict):
        return (one.get("value"), one.get("items")) == (other.get("value"), other.get("items"))
    return bool(one == other)


def undo(at: Desk, visit_id: str) -> str:
    """Takes the last change of the draft back; what it was, or nothing when there is none."""
    steps = read(at, visit_id)["steps"]
    if not steps:
        return ""
    step = steps[-1]
    values = {slot: what for slot, what in step["before"].items() if is_value(slot)}
    note = {slot.removeprefix("note:"): what for slot, what in step["before"].items() if not is_value(slot)}
    change(at, visit_id, values, note, undoing=True)
    for key in values:
        forget_field(visit_id, key)
    for part in note:
        field_names.note_anew(visit_id, part)
    return str(step["said"])


def put(at: Desk, visit_id: str, measure: str, side: Side, entry: Entry | None) -> None:
    """One field of the draft; None takes it out."""
    name = at.clinic.knowledge.measure(measure)
    change(at, visit_id, {key_of(measure, side): entry}, said=f"{name.short or name.label} {'' if side is Side.NONE else side.value}".strip())


def put_many(at: Desk, visit_id: str, entries: Mapping[str, Entry], said: str = "") -> None:
    change(at, visit_id, entries, said=said or f"{len(entries)} values")


def put_note(at: Desk, visit_id: str, part: str, text: str) -> None:
    """A text as far as it is typed. An undo takes values back, not letters, so a text makes no step."""
    if text != read(at, visit_id)["note"].get(part):
        change(at, visit_id, note={part: text})


def clear(at: Desk, visit_id: str) -> None:
    """Forgets the draft after its values were saved."""
    actions.discard_draft(at.clinic, at.actor, KIND, visit_id)
    st.session_state.pop(f"_draft_{visit_id}", None)
    st.session_state.pop(f"_saw_{visit_id}", None)


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
    moment = draft.get("saved_at")
    return moment.astimezone(at.clinic.zone) if moment else None


def with_draft(at: Desk, case: Case, visit: Visit, draft: Draft) -> Case:
    """The case as it would be if the draft were saved: what the findings at the right are computed from."""
    return unsaved.with_draft(case, visit, draft, at.clinic.knowledge, at.actor.account_id, at.clinic.now)[0]


value_of = unsaved.value_of
