"""A patient whom a red flag stops: the act, the letter, the stop sheet in place of the handout, and no program until the flag is cleared."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kneeclinic.record import Case
from kneeclinic.rules.red_flags import RaisedFlag, red_flags, standing_flags
from kneeclinic.ui import links, session, words
from kneeclinic.vocabulary import DocumentKind, FlagLevel

DOCUMENT = "document_kind"
"""Session state: the kind of document that is chosen on the documents page."""


def flags(at: session.Desk, case: Case) -> tuple[RaisedFlag, ...]:
    """The red flags that block today, most urgent first; one that was set aside with a reason is none of them."""
    return standing_flags(red_flags(case, at.clinic.knowledge, at.clinic.today), case, at.clinic.today)


def act(at: session.Desk, case: Case, standing: Sequence[RaisedFlag], *, say_why: bool = True) -> None:
    """What is done now, in place of a program: the act of each flag, a letter, the sheet to take home."""
    for flag in standing if say_why else ():
        word = "Today" if flag.level is FlagLevel.EMERGENCY else "Now"
        st.markdown(f":red-badge[:material/flag: {flag.id}] **{word}: {words.safe(flag.action)}**")
    with st.container(horizontal=True, gap="small"):
        st.button("Letter to a physician", key="blocked_letter", icon=":material/forward_to_inbox:", type="primary", on_click=letter,
                  args=(case.episode.id,))
        stop_sheet(case)


def stop_sheet(case: Case, label: str = "Stop sheet", *, key: str | None = None, shortcut: str | None = None) -> None:
    """The one page that the patient takes home instead of exercises."""
    links.download(label, f"handout/{case.episode.id}", icon=":material/front_hand:", key=key, shortcut=shortcut, sheet="stop",
                   help="One page: stop the exercises, when to be seen, when to get help at once. It replaces the handout while the flag stands.")


def letter(episode_id: str) -> None:
    """Opens the documents page with the letter chosen."""
    session.choose(episode_id)
    st.session_state[DOCUMENT] = DocumentKind.REFERRAL_LETTER
    st.session_state["_go"] = "documents"


def paused_words(standing: Sequence[RaisedFlag]) -> str:
    """Why the program rests, in a few words."""
    several = "red flags" if len(standing) > 1 else "red flag"
    return f"paused: {several} {', '.join(one.id for one in standing)}"
