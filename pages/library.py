"""What does this product believe, and on whose word?"""

from __future__ import annotations

import streamlit as st

from kneeclinic.ui import cards, library_view, session

at = session.desk()
cards.title("Library", "What does this product believe, and on whose word?")
part = st.segmented_control("Part of the library", library_view.PARTS, default="Exercises", required=True, key="library_part",
                            label_visibility="collapsed", wrap=True)
SHOW = {
    "Exercises": library_view.exercises, "Measures": library_view.measures, "Tape and braces": library_view.supports, "Rules": library_view.rules,
    "Red flags": library_view.red_flags, "Weekly review": library_view.reviews, "Sources": library_view.sources, "Edition": library_view.edition,
}
SHOW[part](at)
