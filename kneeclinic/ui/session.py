"""Who sits at this desk: the session behind the screen, checked on every run, and the patient whose record is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from kneeclinic import actions, serving
from kneeclinic.clinic import Clinic
from kneeclinic.record import Case
from kneeclinic.security.accounts import Actor
from kneeclinic.security.restricted import Restricted
from kneeclinic.security.roles import may
from kneeclinic.vocabulary import KneeClinicError, Units

PATIENT = "patient"
"""Name of the query parameter: the opaque id of an episode."""

RESTRICTED = "_restricted"
"""Session state: patient and episode of a restricted record that was asked for."""

_OPEN = "_open_episode"
_READ, _SHOWN = "_read_last", "_shown"
READ_AGAIN = timedelta(minutes=30)
"""So long a look at one patient is one line in the log; coming back from another patient is a new one."""


@dataclass(frozen=True)
class Desk:
    """The open clinic as of now, who works at it, and until when."""

    clinic: Clinic
    actor: Actor
    token: str
    ends_at: datetime | None = None

    def may(self, action: str) -> bool:
        return may(self.actor.role, action)

    @property
    def units(self) -> Units:
        return self.clinic.profile.units


def token() -> str:
    """The session token that the gate put into the headers of this connection."""
    return str(st.user.get("session") or "")


def desk() -> Desk:
    """The desk of this run. When the session has ended, everything on the screen is hidden and the run stops.

    Every run that asks for the desk was caused by a person, so the idle time starts anew.
    """
    clinic = serving.the_clinic()
    found = who_is_there(clinic)
    if found is None:
        leave()
    assert found is not None
    seen = serving.peek(token())
    return Desk(clinic.seen_by(found), found, token(), seen[1] if seen else None)


def who_is_there(clinic: Clinic) -> Actor | None:
    """Whom the session belongs to; asking counts as activity."""
    try:
        return actions.session_actor(clinic, token())
    except KneeClinicError:
        return None


def leave() -> None:
    """Hides everything: what this session held in memory is dropped, only the way back in is shown."""
    st.session_state.clear()
    if PATIENT in st.query_params:
        del st.query_params[PATIENT]
    st.session_state["_ended"] = True
    st.rerun()


def open_episode_id() -> str:
    """The episode in context: from the address, else the one that was open last in this session."""
    asked = st.query_params.get(PATIENT, "") or st.session_state.get(_OPEN, "")
    return asked if asked.isalnum() else ""


def choose(episode_id: str) -> None:
    """Puts a patient into context."""
    st.session_state[_OPEN] = episode_id
    st.query_params[PATIENT] = episode_id
    for key in (RESTRICTED, "_new_episode_for", "_new_person", "_visit"):
        st.session_state.pop(key, None)


def forget_patient() -> None:
    st.session_state.pop(_OPEN, None)
    if PATIENT in st.query_params:
        del st.query_params[PATIENT]


def case_in_context(at: Desk) -> Case | None:
    """The record of the patient in context, or None. Each look is audited, once until another patient or half an hour comes between; an
    unknown id is dropped, and a restricted record is kept in mind for the question why it is needed."""
    episode_id = open_episode_id()
    if not episode_id:
        return None
    try:
        last, when = st.session_state.get(_READ, ("", at.clinic.now))
        if episode_id == last and at.clinic.now - when < READ_AGAIN and at.may("open_case"):
            case = at.clinic.case(episode_id)
        else:
            case = actions.open_case(at.clinic, at.actor, episode_id)
            st.session_state[_READ] = (episode_id, at.clinic.now)
    except KneeClinicError as problem:
        if isinstance(problem, Restricted):
            st.session_state[RESTRICTED] = (problem.patient_id, episode_id)
        forget_patient()
        raise
    st.session_state[_OPEN] = episode_id
    if st.query_params.get(PATIENT) != episode_id:
        st.query_params[PATIENT] = episode_id
    return case


def note_shown(at: Desk, where: str, patient_ids: Iterable[str]) -> None:
    """Whose names a list showed: one line in the log for those that this session was not shown before."""
    seen: set[str] = st.session_state.setdefault(_SHOWN, set())
    fresh = set(patient_ids) - seen
    if fresh:
        actions.note_list(at.clinic, at.actor, where, fresh)
        seen |= fresh


def remembered(key: str, start: Any) -> Any:
    """A value of this session, made when it is first asked for."""
    if key not in st.session_state:
        st.session_state[key] = start
    return st.session_state[key]
