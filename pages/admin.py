"""Who may come in, is it backed up, what happened?"""

from __future__ import annotations

import streamlit as st

from kneeclinic.ui import admin_view, cards, session

at = session.desk()
cards.title("Admin", "Who may come in, is it backed up, what happened?")
offered = [name for name, (action, _) in admin_view.PARTS.items() if at.may(action)]
part = st.segmented_control("Part of the house", offered, default=offered[0], required=True, key="admin_part", label_visibility="collapsed",
                            wrap=True)
admin_view.PARTS[part][1](at)
