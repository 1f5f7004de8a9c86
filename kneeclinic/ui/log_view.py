"""The log of who did what: filters, one line in full, a table to take away, and the proof that it is whole."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from kneeclinic import actions
from kneeclinic.security.audit import AuditEntry
from kneeclinic.store import known_names, patient_by_number, read_audit, verify_chain
from kneeclinic.ui import cards, errors, links, records, session, words

LINES = (100, 300, 1000, 5000)


def show(at: session.Desk) -> None:
    """Who did what, with filters; and whether the log is whole."""
    team = records.team(at)
    a, b, c, d, e, f = st.columns((4, 4, 4, 4, 4, 3))
    first = a.date_input("From", at.clinic.today - timedelta(days=7), format="YYYY-MM-DD", max_value=at.clinic.today)
    last = b.date_input("To", at.clinic.today, format="YYYY-MM-DD")
    who = c.selectbox("Who", ["", *team], format_func=lambda one: team.get(one, "Everybody"))
    done = sorted({one.action for one in read_audit(at.clinic.database, limit=2000)})
    what = d.selectbox("What", ["", *done], format_func=lambda one: one.replace("_", " ").capitalize() if one else "Everything")
    number = e.text_input("Patient (clinic number)").strip()
    limit = f.selectbox("Lines", LINES)
    with errors.calmly():
        lines = actions.read_log(at.clinic, at.actor, limit=limit, **_filters(at, first, last, who, what, number))
        _table(at, lines, team)
    with st.container(horizontal=True):
        links.download("Take these lines away (CSV)", "log/table", icon=":material/table_view:", since=str(first or ""), until=str(last or ""),
                       who=who, did=what, number=number)
        if st.button("Check the whole log", icon=":material/verified:"):
            with st.spinner("Walking the log"):
                state = verify_chain(at.clinic.database)
            if state.is_whole:
                st.success(f"The log is whole: {state.entries} lines, each fits the one before.", icon=":material/verified:")
            else:
                st.error(f"The log is not whole. {state.why}", icon=":material/gpp_bad:")


def _filters(at: session.Desk, first: date | None, last: date | None, who: str, what: str, number: str) -> dict[str, Any]:
    here = at.clinic.zone
    patient = patient_by_number(at.clinic.database, number) if number else None
    return {
        "since": datetime.combine(first, time.min, tzinfo=here) if first else None,
        "until": datetime.combine(last + timedelta(days=1), time.min, tzinfo=here) if last else None,
        "account_id": who or None, "action": what or None,
        "patient_id": patient.id if patient else "nobody" if number else None,
    }


def _table(at: session.Desk, lines: tuple[AuditEntry, ...], team: dict[str, str]) -> None:
    if not lines:
        cards.empty("No line fits", "Choose other days, or take a filter off.", icon="history")
        return
    here, known = at.clinic.zone, known_names(at.clinic.database)
    rows = [{"No.": one.seq, "When": one.at.astimezone(here).replace(tzinfo=None), "Who": one.actor_name or team.get(one.account_id, one.account_id),
             "Did": one.action.replace("_", " "), "Patient": known[one.patient_id].number if one.patient_id in known else "",
             "On": _on(one), "From": one.origin}
            for one in lines]
    event = st.dataframe(pd.DataFrame(rows), hide_index=True, height=min(460, 36 * len(rows) + 40), alt="Log of who did what", key="log_table",
                         on_select="rerun", selection_mode="single-row",
                         column_config={"When": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm:ss"),
                                        "No.": st.column_config.NumberColumn(width=70)})
    chosen = event.selection.rows
    if chosen and chosen[0] < len(lines):
        in_full(lines[chosen[0]])
    else:
        st.caption("Choose a line to see it in full.")


def _on(one: AuditEntry) -> str:
    if one.action == "see_list":
        return f"{one.detail.get('list', '')}: {one.detail.get('count', 0)} patients"
    return f"{one.entity.replace('_', ' ')} {one.entity_id[:8]}".strip()


def in_full(one: AuditEntry) -> None:
    """One line with what it keeps under seal: old and new values, reasons."""
    with cards.card(f"Line {one.seq}: {one.action.replace('_', ' ')}", icon="receipt_long", key="log_line"):
        cards.facts([("Role", one.role.replace("_", " ")), ("Record", f"{one.entity} {one.entity_id}"),
                     *((name.replace("_", " ").capitalize(), words.safe(_told(value))) for name, value in one.detail.items()),
                     ("Link to the line before", one.link[:16] + "…")])


def _told(value: object) -> str:
    if isinstance(value, list) and len(value) > 12:
        return f"{len(value)} in all"
    return str(value)[:600]
