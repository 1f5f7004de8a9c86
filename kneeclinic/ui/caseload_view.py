"""The caseload: who needs a minute today and why, in the order of what a minute is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pandas as pd
import streamlit as st

from kneeclinic import actions
from kneeclinic.progress.amounts import distances_in
from kneeclinic.progress.caseload import LOOK, RED, TODAY, CaseloadRow
from kneeclinic.ui import blocked, cards, errors, kept, links, session, words
from kneeclinic.ui.caseload_filters import REASON_WORD
from kneeclinic.vocabulary import Verdict, VisitKind

MARK = {3: "⚑ red flag", 2: "▲ today", 1: "◆ look", 0: "○ on course"}
ROW, HEAD = 36, 39
COLUMNS = {
    "Now": st.column_config.TextColumn(width=84), "Why": st.column_config.TextColumn(width=296), "Name": st.column_config.TextColumn(width=116),
    "Worst pain": st.column_config.LineChartColumn("Pain 0-10", width=84, y_min=0, y_max=10, color="#B45309",
                                                   help="Worst pain, 0 to 10, the newest twelve answers"),
    "Next visit": st.column_config.DateColumn(width=92, format="ddd D MMM", help="– where none is planned"),
    "Sessions": st.column_config.LineChartColumn("Done 0-100 %", width=104, y_min=0, y_max=100, color="#0E6F6A",
                                                 help="Sessions done, 0 to 100 per cent of the program, by week"),
    "Main measure": st.column_config.TextColumn(width=188), "Knee": st.column_config.TextColumn(width=66),
    "Phase": st.column_config.NumberColumn(width=56), "Week": st.column_config.NumberColumn(width=56),
}
"""Widths so that at 1024 pixels the mark, the sentence, the name, pain and the next visit are in sight, and at 1440 nearly everything."""
BEHIND = {
    "red_flag": ("assess", "Open the findings"), "worsening": ("progress", "Show the pain"), "overdue": ("patient", "Open the plan"),
    "stopped_checking_in": ("check_in", "Open the check-ins"), "plateau": ("progress", "Show the course"),
    "low_adherence": ("progress", "Show what was done"), "support_overdue": ("program", "Open the supports"),
    "near_discharge": ("patient", "Open the goals"),
}
"""The page that holds the data behind each alert."""


def rows(at: session.Desk) -> tuple[CaseloadRow, ...]:
    return kept.rows(at, kept.in_treatment(at))


def head(found: Sequence[CaseloadRow], at: session.Desk) -> None:
    """The line of counts."""
    today = at.clinic.today
    need = sum(one.severity >= TODAY for one in found)
    red = sum(one.severity == RED for one in found)
    look = sum(one.severity == LOOK for one in found)
    coming = sum(one.next_visit == today for one in found)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        cards.title("Caseload", f"{words.day(today)}: who needs me, and why?")
        st.space("stretch")
        st.badge(f"{need} need you", icon=":material/priority_high:", color="orange" if need else "gray")
        st.badge(f"{red} red", icon=":material/flag:", color="red" if red else "gray")
        st.badge(f"{look} to look at", icon=":material/visibility:", color="gray")
        st.badge(f"{coming} today", icon=":material/event:", color="blue", help="Visits planned for today")
        st.badge(f"{len(found)} in all", icon=":material/groups:", color="gray", help="Patients in treatment")
        if at.may("register_patient"):
            st.button("New patient", icon=":material/person_add:", on_click=register, shortcut="N")


def register() -> None:
    from kneeclinic.ui import arrivals

    arrivals.begin()
    st.session_state["_go"] = "patient"


def table(at: session.Desk, shown: Sequence[CaseloadRow]) -> CaseloadRow | None:
    """The list; returns the chosen row (the first until another is chosen)."""
    today = at.clinic.today
    frame = kept.of_all("caseload_frame", shown, at, lambda: _frame(at, shown), at.units)
    event = st.dataframe(
        frame, hide_index=True, key="caseload_table", on_select="rerun", selection_mode="single-row", row_height=ROW,
        height=min(640, ROW * len(shown) + HEAD), alt=f"Patients in treatment on {words.day(today)}, most urgent first", column_config=COLUMNS,
        placeholder="–",
    )
    chosen = event.selection.rows
    return shown[chosen[0]] if chosen and chosen[0] < len(shown) else shown[0]


def _frame(at: session.Desk, shown: Sequence[CaseloadRow]) -> pd.DataFrame:
    names, units = at.clinic.knowledge.measures, at.units
    frame = pd.DataFrame([
        {
            "Now": MARK[row.severity], "Why": distances_in(row.reason, units), "Name": f"{row.name}, {row.age}", "Worst pain": list(row.pain_points),
            "Next visit": row.next_visit, "Sessions": list(row.adherence_points), "Main measure": _verdict(row, names),
            "Knee": f"{words.SIDE_MARK[row.side]} {row.side}", "Phase": row.phase, "Week": row.week,
        }
        for row in shown
    ])
    return frame.assign(**{"Next visit": pd.to_datetime(frame["Next visit"])})


def _verdict(row: CaseloadRow, names: Mapping[str, object]) -> str:
    if row.verdict is Verdict.NOT_JUDGED:
        return "○ not judged yet"
    measure = names.get(row.measure)
    label = getattr(measure, "short", "") or getattr(measure, "label", row.measure)
    return f"{words.VERDICT[row.verdict][0]} {label} {words.VERDICT[row.verdict][1]}"


def act(at: session.Desk, row: CaseloadRow) -> None:
    """What one key does with the chosen patient."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="card_chosen"):
        nap = f"  \n:small[:gray[asleep until {words.day(row.snoozed_until)}: {words.safe(row.snoozed_reason)}]]" if row.snoozed_until else ""
        st.markdown(f"**{words.safe(row.name)}** :gray[No. {words.safe(row.number)}]  \n{words.safe(distances_in(row.reason, at.units))}{nap}")
        st.space("stretch")
        if row.reason_id in BEHIND:
            page, word = BEHIND[row.reason_id]
            st.button(word, icon=":material/troubleshoot:", shortcut="D", on_click=open_row, args=(row.episode_id, page),
                      help="The data behind this alert")
        st.button("Open", icon=":material/person:", type="primary", shortcut="O", on_click=open_row, args=(row.episode_id, "patient"))
        if at.may("start_visit"):
            st.button("Start visit", icon=":material/stethoscope:", shortcut="V", on_click=start_visit, args=(row.episode_id,))
        if row.severity == RED and blocked.flags(at, case := at.clinic.case(row.episode_id)):
            blocked.stop_sheet(case, shortcut="P")
        else:
            links.download("Print", f"handout/{row.episode_id}", icon=":material/print:", shortcut="P")
        if at.may("snooze_alert") and row.reason_id != "on_course":
            with st.popover("Snooze", icon=":material/snooze:", on_change="rerun") as opened:
                if opened.open:
                    snooze(at, row)


def open_row(episode_id: str, page: str) -> None:
    session.choose(episode_id)
    st.session_state["_go"] = page


@errors.on_click
def start_visit(episode_id: str) -> None:
    at = session.desk()
    case = actions.open_case(at.clinic, at.actor, episode_id)
    kind = VisitKind.FOLLOW_UP if any(one.kind is VisitKind.FIRST for one in case.visits) else VisitKind.FIRST
    visit = actions.start_visit(at.clinic, at.actor, episode_id, kind, at.clinic.today)
    open_row(episode_id, "assess")
    st.session_state["_visit"] = visit.id


def snooze(at: session.Desk, row: CaseloadRow) -> None:
    with st.form("snooze", border=False):
        st.markdown(f"**{REASON_WORD[row.reason_id]}**: {words.safe(distances_in(row.reason, at.units))}")
        until = st.date_input("Asleep until", at.clinic.today + timedelta(days=7), min_value=at.clinic.today + timedelta(days=1),
                              max_value=at.clinic.today + timedelta(days=56), format="YYYY-MM-DD")
        why = st.text_input("Why it can wait", max_chars=300)
        if st.form_submit_button("Snooze", type="primary"):
            with errors.calmly():
                actions.snooze_alert(at.clinic, at.actor, row.episode_id, row.reason_id, until, why)
                errors.say("Snoozed.")
                st.rerun()


def narrowed_line(at: session.Desk) -> None:
    """Says that the list holds one's own patients only, in a house that is too large for one list."""
    if everybody := kept.narrowed_from(at):
        st.caption(f"{everybody:,} patients are in treatment in this house; the lists show those that are yours. Search finds everybody.")


def none_yet(at: session.Desk) -> None:
    if everybody := kept.narrowed_from(at):
        with st.container(border=True):
            cards.empty("None of the patients in treatment is yours",
                        f"{everybody:,} are in treatment in this house. Search for one at the top, or register your first.", icon="groups")
        return
    with st.container(border=True):
        cards.empty("Nobody is in treatment yet", "Register the first patient; the caseload then ranks who needs you, and says why.", icon="groups")
        if at.may("register_patient"):
            st.button("Register the first patient", type="primary", icon=":material/person_add:", on_click=register)


