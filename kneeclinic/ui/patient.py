"""The patient in context for a page: their record, or the empty state that says how to choose one."""

from __future__ import annotations

import streamlit as st

from kneeclinic.record import Case
from kneeclinic.ui import errors, pages, session
from kneeclinic.vocabulary import KneeClinicError


def case_or_stop(at: session.Desk) -> Case:
    """The open record. Without one the page shows what to do first and stops."""
    try:
        case = session.case_in_context(at)
    except KneeClinicError as problem:
        errors.show(problem)
        case = None
    if case is None:
        _invite(at)
        st.stop()
    assert case is not None
    return case


def _invite(at: session.Desk) -> None:
    with st.container(border=True):
        st.markdown("#### Choose a patient first")
        st.markdown("Search by name or number at the top, or pick somebody on the caseload.")
        with st.container(horizontal=True):
            st.page_link(pages.path("caseload"), label="Open the caseload", icon=":material/groups:")
            if at.may("register_patient"):
                st.page_link(pages.path("patient"), label="Register a new patient", icon=":material/person_add:", query_params={"new": "1"})
