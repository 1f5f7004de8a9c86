"""The way back from the last thing that was saved or signed: one button that says what it takes back, and until when."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from kneeclinic import actions
from kneeclinic.actions import LastAction, Undone
from kneeclinic.progress.visit_words import PARTS, draft_note
from kneeclinic.record import Case, Visit
from kneeclinic.ui import drafts, errors, field_names, session

ANEW = "_page_anew"
"""Session state: a visit was signed, reopened or withdrawn, so more than its fragment changes."""


def offer(at: session.Desk, case: Case) -> bool:
    """The button, when there is something of this person to take back; says whether there is."""
    last = actions.last_action(at.clinic, at.actor, case.patient.id)
    if last is not None:
        button(at, case, last)
    return last is not None


def button(at: session.Desk, case: Case, last: LastAction) -> None:
    zone = at.clinic.zone
    until = last.until.astimezone(zone)
    st.button(f"Undo: {last.said}", key="undo_last", icon=":material/undo:", on_click=take_back, args=(case.patient.id, case.episode.id, last.seq),
              shortcut="Alt+Z", help=f"Yours, {last.at.astimezone(zone):%H:%M}. It can be taken back until {until:%H:%M}, as long as nobody "
                                     "built on it; the log keeps both.")


@errors.on_click
def take_back(patient_id: str, episode_id: str, seq: int) -> None:
    """Undone in the record; values and words of a visit go back into its form, so that nothing typed is lost."""
    at = session.desk()
    undone = actions.undo_last(at.clinic, at.actor, patient_id, seq)
    if undone.values or undone.note:
        into_the_form(at, episode_id, undone)
    st.session_state[ANEW] = True
    more = " They are in the form of the visit again." if undone.values or undone.note else ""
    errors.say(f"Taken back: {undone.last.said}.{more}")


def into_the_form(at: session.Desk, episode_id: str, undone: Undone) -> None:
    case = at.clinic.case(episode_id)
    visit = next((one for one in case.visits if one.id == undone.visit_id), None)
    if visit is None:
        return
    drafts.follow(at, visit.id)
    drafts.look(case, visit)
    values: dict[str, drafts.Entry | None] = {}
    for one in undone.values:
        key = drafts.key_of(one.measure, one.side)
        entry: drafts.Entry = {"value": None if one.items else one.value, "carried": one.carried}
        if one.items:
            entry["items"] = list(one.items)
        if one.note:
            entry["note"] = one.note
        values[key] = entry
        drafts.forget_field(visit.id, key)
    drafts.change(at, visit.id, values, _own_words(at, case, visit, undone), said="what was saved and taken back")
    for part in undone.note:
        field_names.note_anew(visit.id, part)


def _own_words(at: session.Desk, case: Case, visit: Visit, undone: Undone) -> dict[str, str]:
    """The texts without those that the record would write by itself: they go on following the values."""
    whole = replace(case, observations=(*(one for one in case.observations if (one.measure, one.side, one.visit_id) not in
                                          {(old.measure, old.side, old.visit_id) for old in undone.values}), *undone.values))
    notes = {part: text for part, text in {**visit.note, **undone.note}.items() if part not in PARTS}
    written = draft_note(whole, at.clinic.knowledge, at.clinic.today, replace(visit, note=notes), units=at.units)
    return {part: text for part, text in undone.note.items() if part not in PARTS or text.strip() != getattr(written, part).strip()}
