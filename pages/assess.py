"""What did I find today? Red flags first."""

from __future__ import annotations

import streamlit as st

from kneeclinic.ui import assess_view, cards, field_names, patient, session, words

at = session.desk()
case = patient.case_or_stop(at)
visit = assess_view.open_visit(at, case)

with st.container(horizontal=True, vertical_alignment="center"):
    cards.title("Assess", "What did I find today? Red flags first.")
    st.space("stretch")
    if visit is not None and len(case.visits) > 1:
        shown = list(reversed(case.visits))
        chosen = st.selectbox(
            "Visit", shown, index=shown.index(visit), width=300, label_visibility="collapsed",
            format_func=lambda one: f"{words.VISIT_WORD[one.kind]}, {words.day(one.on, year=True)}{'' if one.is_signed else ' (draft)'}",
        )
        if chosen.id != visit.id:
            st.session_state["_visit"] = chosen.id
            st.rerun()

if visit is None:
    assess_view.start(at, case)
    st.stop()
field_names.page_anew(visit.id)
assess_view.desk(visit.id)
