"""The script behind every screen: checks the session, draws the frame, runs the page."""

from __future__ import annotations

import streamlit as st

from kneeclinic import serving
from kneeclinic.ui import errors, frame, pages, restricted_view, session
from kneeclinic.vocabulary import KneeClinicError

st.set_page_config(page_title="KneeClinic", page_icon=frame.data_uri(frame.ICON), layout="wide", initial_sidebar_state=212,
                   menu_items={"Get help": None, "Report a bug": None, "About": None})


def ended() -> None:
    """All that is left on the screen, and in this session's memory, when nobody is signed in."""
    st.session_state.clear()
    if session.PATIENT in st.query_params:
        del st.query_params[session.PATIENT]
    st.navigation([st.Page(_nothing, title="KneeClinic")], position="hidden")
    with st.container(border=True, width=460):
        st.markdown("### You are signed out")
        st.markdown("The session ended, so the screen was cleared. Drafts are kept and will be offered again.")
        st.html('<a href="/signin?out=ended" target="_self" style="color:#0b5e5a;font-weight:600">Sign in</a>')
    st.stop()


def _nothing() -> None:
    return None


@st.fragment(run_every=4)
def watch() -> None:
    """Looks every four seconds whether the session still stands; at its end the screen hides what it shows."""
    if serving.is_open() and serving.peek(session.token()) is None:
        session.leave()


try:
    if session.who_is_there(serving.the_clinic()) is None:
        ended()
        st.stop()
    st.session_state.pop("_ended", None)
    desk = session.desk()
except KneeClinicError as problem:
    st.navigation([st.Page(_nothing, title="KneeClinic")], position="hidden")
    errors.show(problem)
    st.stop()

page = st.navigation(pages.navigation(desk.actor.role), position="sidebar", expanded=True)
frame.logo()
frame.style()
goal = st.session_state.pop("_go", "")
if goal:
    pages.go(goal)
frame.account(desk)
frame.show(desk)
frame.banners(desk)
errors.show_said()
watch()
about_a_patient = page.url_path in {one.name for one in pages.SCREENS if one.group == "This patient"}
with errors.calmly():
    if about_a_patient and restricted_view.wanted():
        restricted_view.ask(desk)
    else:
        st.session_state.pop(session.RESTRICTED, None)
        page.run()
