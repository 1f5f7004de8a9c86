"""Which part of the caseload is shown: whose patients, which reason, phase and status, a word to look for, and views that a person keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from kneeclinic import actions
from kneeclinic.progress.caseload import CaseloadRow
from kneeclinic.store import read_draft
from kneeclinic.ui import errors, records, session, words
from kneeclinic.vocabulary import EpisodeStatus

REASON_WORD = {
    "red_flag": "Red flag", "worsening": "Worse", "overdue": "Overdue", "stopped_checking_in": "Silent", "plateau": "Plateau",
    "low_adherence": "Not as planned", "support_overdue": "Tape too long", "near_discharge": "Near discharge", "on_course": "On course",
}
MINE, ALL = "Mine", "All"
KEYS = {"whose": "caseload_whose", "reason": "caseload_reason", "phase": "caseload_phase", "status": "caseload_status", "find": "caseload_find"}
"""Part of a saved view: the widget that holds it."""
KIND, SUBJECT, SLOT = "caseload_views", "caseload", "_caseload_views"
MOST_VIEWS, LONGEST_NAME = 12, 30


def filters(found: Sequence[CaseloadRow], at: session.Desk) -> list[CaseloadRow]:
    """Two lines of pills; what is left of the list."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        whose = _whose(found, at)
        status = _status(found)
        find = st.text_input("Find on this list", key=KEYS["find"], type="search", live="200ms", placeholder="Find on this list", width=190,
                             label_visibility="collapsed").strip().casefold()
        saved_views(at)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        present = [one for one in REASON_WORD if any(row.reason_id == one for row in found)]
        counts = {one: sum(row.reason_id == one for row in found) for one in present}
        reasons = st.pills("Reason", _kept("reason", present), selection_mode="multi", key=KEYS["reason"], label_visibility="collapsed", wrap=True,
                           format_func=lambda one: f"{REASON_WORD[one]} {counts.get(one, 0)}")
        phases = st.pills("Phase", _kept("phase", sorted({row.phase for row in found})), selection_mode="multi", key=KEYS["phase"],
                          label_visibility="collapsed", format_func=lambda one: f"Phase {one}")
    return [row for row in found if (whose == ALL or row.therapist == whose) and (status is None or row.status is status)
            and (not reasons or row.reason_id in reasons) and (not phases or row.phase in phases)
            and (not find or find in f"{row.name} {row.number} {row.reason}".casefold())]


def _kept(part: str, present: list[Any]) -> list[Any]:
    """What is there, and what is chosen though it is not there today: a saved view must not break."""
    chosen = st.session_state.get(KEYS[part]) or []
    return [*present, *(one for one in chosen if one not in present)]


def _whose(found: Sequence[CaseloadRow], at: session.Desk) -> str:
    """An account id, or all."""
    own = at.actor.account_id
    names = records.team(at)
    treating = sorted({row.therapist for row in found if row.therapist and row.therapist != own}, key=lambda one: names.get(one, one))
    options = [ALL, own, *treating]
    chosen = st.session_state.get(KEYS["whose"], ALL)
    if chosen not in options:
        options.append(chosen)
    shown = st.segmented_control("Whose", options, default=None if KEYS["whose"] in st.session_state else ALL, required=True, key=KEYS["whose"],
                                 label_visibility="collapsed", wrap=True,
                                 format_func=lambda one: ALL if one == ALL else MINE if one == own else names.get(one, "Somebody").split(",")[0])
    return str(shown or ALL)


def _status(found: Sequence[CaseloadRow]) -> EpisodeStatus | None:
    """Only asked where some are paused."""
    if all(row.status is EpisodeStatus.OPEN for row in found) and not st.session_state.get(KEYS["status"]):
        return None
    chosen = st.pills("Status", [EpisodeStatus.OPEN.value, EpisodeStatus.PAUSED.value], key=KEYS["status"], label_visibility="collapsed",
                      format_func=lambda one: words.STATUS_WORD[EpisodeStatus(one)])
    return EpisodeStatus(chosen) if chosen else None


def views(at: session.Desk) -> dict[str, Any]:
    """The views of this person by name, as stored: `revision` and `views`; read once a session."""
    if SLOT not in st.session_state:
        stored = read_draft(at.clinic.database, KIND, at.actor.account_id, SUBJECT)
        st.session_state[SLOT] = {"revision": stored.revision if stored else 0, "views": dict(stored.payload.get("views", {})) if stored else {}}
    found: dict[str, Any] = st.session_state[SLOT]
    return found


def saved_views(at: session.Desk) -> None:
    kept = views(at)["views"]
    if kept:
        st.pills("View", list(kept), key="caseload_view", label_visibility="collapsed", on_change=take_view,
                 format_func=lambda one: f":material/bookmark: {words.safe(one)}")
    if not at.may("save_draft"):
        return
    with st.popover("Views", icon=":material/bookmark_add:", on_change="rerun") as opened:
        if opened.open:
            with st.form("save_view", border=False):
                name = st.text_input("Keep these filters as", max_chars=LONGEST_NAME)
                if st.form_submit_button("Keep", type="primary") and name.strip():
                    with errors.calmly():
                        keep_view(at, name.strip())
                        st.rerun()
            for one in kept:
                st.button(f"Forget “{words.safe(one)}”", key=f"forget_{one}", on_click=forget_view, args=(one,), type="tertiary",
                          icon=":material/delete:")


def keep_view(at: session.Desk, name: str) -> None:
    now = {part: st.session_state.get(key) for part, key in KEYS.items()}
    kept = {**views(at)["views"], name: now}
    _store(at, dict(list(kept.items())[-MOST_VIEWS:]))
    errors.say(f"View “{name}” is kept for you.")


@errors.on_click
def forget_view(name: str) -> None:
    at = session.desk()
    _store(at, {one: view for one, view in views(at)["views"].items() if one != name})
    st.session_state.pop("caseload_view", None)


@errors.on_click
def take_view() -> None:
    """Puts the chosen view into the filters; none chosen takes them all off."""
    at = session.desk()
    chosen = views(at)["views"].get(st.session_state.get("caseload_view") or "", {})
    for part, key in KEYS.items():
        value = chosen.get(part)
        st.session_state[key] = value if value is not None else {"whose": ALL, "find": "", "status": None}.get(part, [])


def _store(at: session.Desk, kept: dict[str, Any]) -> None:
    now = views(at)
    saved = actions.save_draft(at.clinic, at.actor, KIND, SUBJECT, {"views": kept}, now["revision"])
    st.session_state[SLOT] = {"revision": saved.revision, "views": kept}
