"""The way back: a drill that proves the newest backup, and a backup as a new clinic file beside the one that is served."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from kneeclinic import actions
from kneeclinic.store import Backup
from kneeclinic.ui import errors, session, words


def offer(at: session.Desk, found: Sequence[Backup]) -> None:
    """Two buttons for whoever may restore; the clinic that is served is never touched."""
    there = [one for one in found if Path(one.path).is_file()]
    if not there or not at.may("restore"):
        return
    with st.container(border=True, key="card_way_back"):
        st.markdown("**The way back**  \n:gray[A backup nobody ever restored is a hope. The clinic that is served stays as it is.]")
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            if st.button("Try the newest", icon=":material/fact_check:",
                         help="Restores it beside the clinic, proves every seal and the log, removes it again"):
                with errors.calmly(), st.spinner("Restoring and proving"):
                    drill = actions.drill_backup(at.clinic, at.actor)
                    errors.say(f"The backup of {words.moment(drill.backup.made_at)} came back whole: {drill.rows:,} rows in {drill.seconds:.1f} s.")
                    st.rerun()
            told = {one.id: f"{words.moment(one.made_at)}, {one.size_bytes / 1e6:.1f} MB" for one in there}
            chosen = st.selectbox("Restore", list(told), index=None, placeholder="Choose a backup", width=300, key="restore_from",
                                  format_func=lambda one: told.get(one, ""))
            if st.button("Into a new file", icon=":material/settings_backup_restore:", disabled=chosen is None) and chosen is not None:
                with errors.calmly(), st.spinner("Restoring"):
                    st.session_state["_restored"] = str(actions.restore_beside(at.clinic, at.actor, chosen))
        if new := st.session_state.get("_restored"):
            st.success(f"Restored into {words.safe(new)}. To work with it, stop the program and start it with this file:",
                       icon=":material/check_circle:")
            st.code(f"python app.py --clinic {new}", language=None, wrap_lines=True)
