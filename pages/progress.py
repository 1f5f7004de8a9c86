"""Has it really changed?"""

from __future__ import annotations

import streamlit as st

from kneeclinic.ui import cards, links, patient, progress_view, session

at = session.desk()
case = patient.case_or_stop(at)
with st.container(horizontal=True, vertical_alignment="center"):
    cards.title("Progress", "Has it really changed?")
    st.space("stretch")
    links.download("Print", f"review/{case.episode.id}", icon=":material/print:", help="The review sheet of this patient, with the charts")
progress_view.trends(case.episode.id)
left, right = st.columns(2, gap="small")
with left:
    progress_view.weeks(at, case)
    progress_view.recovery(at, case)
with right:
    progress_view.symmetry(at, case)
    progress_view.threshold(at, case)
