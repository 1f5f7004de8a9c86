"""How does the clinic do?"""

from __future__ import annotations

import streamlit as st

from kneeclinic.ui import cards, outcomes_view, session

at = session.desk()
cards.title("Outcomes", "How does the clinic do?")
if not at.may("see_outcomes"):
    st.warning("Your role does not open this page; ask the lead clinician.", icon=":material/lock:")
    st.stop()
outcomes_view.show(at)
