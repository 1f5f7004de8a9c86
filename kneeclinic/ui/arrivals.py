"""A new patient: register the person, open the first episode, and go on to the first visit."""

from __future__ import annotations

import streamlit as st

from kneeclinic import actions
from kneeclinic.record import Patient
from kneeclinic.ui import cards, errors, pages, people_forms, records, session, words
from kneeclinic.vocabulary import VisitKind

WAITING, NEW = "_new_episode_for", "_new_person"


def invite(at: session.Desk) -> None:
    """Nobody chosen: search, caseload, or register."""
    with st.container(border=True):
        cards.empty("No patient is open", "Search by name or number at the top, pick somebody on the caseload, or register a new patient.",
                    icon="person_search")
        with st.container(horizontal=True):
            st.page_link(pages.path("caseload"), label="Open the caseload", icon=":material/groups:")
            if at.may("register_patient"):
                st.button("Register a new patient", icon=":material/person_add:", type="primary", on_click=begin, shortcut="N")


def begin() -> None:
    session.forget_patient()
    st.session_state.pop(WAITING, None)
    st.session_state.pop(people_forms.TWINS, None)
    st.session_state[NEW] = True


def wanted() -> bool:
    """Is somebody being taken on just now? Choosing a patient ends it."""
    if st.query_params.get("new"):
        st.session_state[NEW] = True
        del st.query_params["new"]
    return bool(st.session_state.get(NEW) or st.session_state.get(WAITING))


def show(at: session.Desk) -> None:
    """Step one: the person. Step two: the problem. Then the first visit."""
    waiting = st.session_state.get(WAITING)
    if not waiting:
        cards.title("New patient", "Step 1 of 2: the person")
        with st.container(border=True):
            made = people_forms.person(at)
        if made is not None:
            st.session_state[WAITING] = made.id
            errors.say(f"{made.full_name} is registered.")
            st.rerun()
        st.button("Cancel", on_click=cancel, type="tertiary")
        return
    with errors.calmly():
        open_problem(at, records.patient(at, str(waiting)))


def open_problem(at: session.Desk, person: Patient) -> None:
    cards.title(f"New episode for {words.safe(person.full_name)}", "Step 2 of 2: the problem")
    if not at.may("open_episode"):
        cards.empty("Registered", "A clinician opens the episode at the first visit.", icon="how_to_reg")
        st.button("Done", on_click=cancel)
        return
    with st.container(border=True):
        episode = people_forms.problem(at, person.id)
    if episode is not None:
        cancel()
        session.choose(episode.id)
        visit = actions.start_visit(at.clinic, at.actor, episode.id, VisitKind.FIRST, max(episode.opened_on, at.clinic.today))
        st.session_state["_visit"] = visit.id
        pages.go("assess")
    st.button("Cancel", on_click=cancel, type="tertiary")


def cancel() -> None:
    st.session_state.pop(WAITING, None)
    st.session_state.pop(NEW, None)
