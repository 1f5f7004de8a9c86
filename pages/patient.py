"""How is this runner doing, on one screen?"""

from __future__ import annotations

import streamlit as st

from kneeclinic.ui import arrivals, cards, errors, patient_view, session
from kneeclinic.vocabulary import KneeClinicError

at = session.desk()
if arrivals.wanted():
    arrivals.show(at)
    st.stop()

try:
    case = session.case_in_context(at)
except KneeClinicError as problem:
    errors.show(problem)
    case = None
if case is None:
    cards.title("Patient", "Nobody is chosen yet.")
    arrivals.invite(at)
    st.stop()

patient_view.head(at, case)
left, right = st.columns((5, 6), gap="medium")
with left:
    patient_view.problem(at, case)
    patient_view.phase_card(at, case)
    patient_view.goals(at, case)
with right:
    patient_view.program(at, case)
    patient_view.values(at, case)
    patient_view.happened(at, case)
patient_view.changes(at, case)
