"""Who needs me today, and why?"""

from __future__ import annotations

import streamlit as st

from kneeclinic.ui import cards, caseload_filters, caseload_view, restricted_view, session

at = session.desk()
if not at.may("see_caseload"):
    cards.title("Welcome", "Search for a patient at the top, or register a new one.")
    st.button("New patient", icon=":material/person_add:", type="primary", on_click=caseload_view.register)
    st.stop()
found = caseload_view.rows(at)
caseload_view.head(found, at)
if not found:
    caseload_view.none_yet(at)
    restricted_view.hidden_line(at)
    st.stop()
caseload_view.narrowed_line(at)
session.note_shown(at, "caseload", [one.patient_id for one in found])
restricted_view.to_look_at(at)
shown = caseload_filters.filters(found, at)
if not shown:
    cards.empty("Nobody fits these filters", "Take one of the filters off.", icon="filter_alt_off")
    st.stop()
chosen_place = st.container()
row = caseload_view.table(at, shown)
if row is not None:
    with chosen_place:
        caseload_view.act(at, row)
restricted_view.hidden_line(at)
