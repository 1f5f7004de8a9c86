"""What did they do this week, and how did it feel?"""

from __future__ import annotations

import streamlit as st

from kneeclinic.ui import cards, check_in_view, patient, session, words

at = session.desk()
case = patient.case_or_stop(at)
offered = check_in_view.weeks(at, case)
with st.container(horizontal=True, vertical_alignment="center"):
    cards.title("Check-in", "What did they do this week, and how did it feel?")
    st.space("stretch")
    week = st.selectbox("Week", offered, index=offered.index(check_in_view.start_week(at, case)), width=260, label_visibility="collapsed",
                        format_func=lambda one: f"Week of {words.day(one, year=True)}", key=f"week_{case.episode.id}")
check_in_view.desk(case.episode.id, week)
