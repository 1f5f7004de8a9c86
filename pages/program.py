"""What should they do next, and why each item?"""

from __future__ import annotations

import streamlit as st

from kneeclinic.rules.phase import phase
from kneeclinic.ui import blocked, cards, patient, program_view, session, words

at = session.desk()
case = patient.case_or_stop(at)
found = phase(case, at.clinic.knowledge, at.clinic.today)
with st.container(horizontal=True, vertical_alignment="center"):
    if blocked.flags(at, case):
        cards.title("Program", "No phase work while a red flag stands.")
    else:
        cards.title("Program", f"Phase {found.number}, {words.safe(found.label.lower())}. What should they do next, and why each item?")
        st.space("stretch")
        with st.popover("Phase criteria", icon=":material/stairs:", on_change="rerun") as opened:
            if opened.open:
                cards.criteria(found.met, found.not_met, found.missing)
program_view.desk(case.episode.id)
