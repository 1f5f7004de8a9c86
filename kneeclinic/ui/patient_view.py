"""The one-screen view of a runner: problem, phase, goals, program, key values, what happened, and the buttons that go on from there."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from kneeclinic import actions
from kneeclinic.record import Case, Program
from kneeclinic.rules.phase import phase
from kneeclinic.ui import blocked, cards, errors, links, pages, people_forms, records, session, timeline, undo_view, words
from kneeclinic.vocabulary import PlannedState, VisitKind


def head(at: session.Desk, case: Case) -> None:
    """What is done from here: a visit, a check-in, a review, paper."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        stands = f"{words.STATUS_WORD[case.episode.status]} since {words.day(case.episode.opened_on, year=True)}"
        cards.title(words.safe(case.patient.full_name), f"{stands} · {words.safe(next_words(at, case))}")
        st.space("stretch")
        if case.episode.is_open and at.may("start_visit"):
            with st.popover("New visit", icon=":material/add:", type="primary", on_change="rerun") as opened:
                if opened.open:
                    new_visit(at, case)
        if at.may("record_check_in"):
            st.button("Check-in", icon=":material/event_available:", on_click=go_next, args=("check_in",), shortcut="K")
        if at.may("decide_review"):
            st.button("Review", icon=":material/event_repeat:", on_click=go_next, args=("review",), shortcut="W")
        if blocked.flags(at, case):
            blocked.stop_sheet(case, shortcut="P")
        else:
            links.download("Print", f"handout/{case.episode.id}", icon=":material/print:", disabled=case.program is None, shortcut="P",
                           help="The current handout as PDF. Issue it on the documents page to keep it in the record.")


def go_next(name: str) -> None:
    st.session_state["_go"] = name
    st.session_state["_review_from_elsewhere"] = name == "review"


def next_words(at: session.Desk, case: Case) -> str:
    agreed = [one for one in case.planned if one.state is PlannedState.PLANNED]
    if not agreed:
        return "no next visit planned"
    first = min(agreed, key=lambda one: one.on)
    late = " (overdue)" if first.on < at.clinic.today else ""
    return f"next visit {words.day(first.on)} {first.at}".rstrip() + late


def new_visit(at: session.Desk, case: Case) -> None:
    kinds = list(VisitKind)
    agreed = next((one.kind for one in case.planned if one.on == at.clinic.today and one.state is PlannedState.PLANNED), VisitKind.FOLLOW_UP)
    first = not any(one.kind is VisitKind.FIRST for one in case.visits)
    with st.form("new_visit", border=False):
        kind = st.segmented_control("Kind of visit", kinds, default=VisitKind.FIRST if first else agreed, required=True,
                                    format_func=words.VISIT_WORD.__getitem__, wrap=True)
        on = st.date_input("Day of the visit", at.clinic.today, min_value=case.episode.opened_on, max_value=at.clinic.today, format="YYYY-MM-DD")
        if st.form_submit_button("Start the visit", type="primary", width="stretch"):
            with errors.calmly():
                visit = actions.start_visit(at.clinic, at.actor, case.episode.id, kind, on)
                st.session_state["_visit"] = visit.id
                pages.go("assess")


def problem(at: session.Desk, case: Case) -> None:
    episode, patient = case.episode, case.patient
    with cards.card("Problem", icon="orthopedics", key="problem"):
        st.markdown(f"**{words.knee(episode.side)}**" + (f"  \n{words.safe(episode.problem)}" if episode.problem else ""))
        causes = words.listed(
            words.CAUSE_WORD[one] + (" (primary)" if one is episode.primary_cause else "") for one in episode.cause_groups
        )
        cards.facts([
            ("Since", words.day(episode.onset_on, year=True) if episode.onset_on else ""),
            ("Causes", causes),
            ("Codes", ", ".join(episode.icd10)),
            ("Therapist", words.safe(case.therapist_name(episode.therapist))),
            ("Referred by", words.safe(episode.referrer)),
            ("Sport", words.safe(patient.sport)),
            ("At home", f"{patient.minutes_a_day} min a day; {', '.join(one.replace('_', ' ') for one in patient.equipment)}"),
            ("Note", words.safe(patient.note)),
        ])


def phase_card(at: session.Desk, case: Case) -> None:
    if blocked.flags(at, case):
        with cards.card("Phase", icon="stairs", key="phase"):
            st.markdown("No phase work while a red flag stands.")
        return
    found = phase(case, at.clinic.knowledge, at.clinic.today)
    with cards.card(f"Phase {found.number}: {words.safe(found.label)}", icon="stairs", key="phase"):
        cards.criteria(found.met, found.not_met, found.missing)
        content = next((one.content for one in at.clinic.knowledge.phases if one.number == found.number), "")
        differs = case.program is not None and case.program.phase != found.number
        given = f"  \n:gray[The program in hand was written for phase {case.program.phase}.]" if case.program and differs else ""
        st.markdown(f"{words.safe(content)}{given}")


def goals(at: session.Desk, case: Case) -> None:
    with cards.card("Goals", icon="flag_circle", key="goals"):
        if not cards.goals(at, case):
            cards.empty("No goal yet", "Set one below, under “Change or add”: a value to reach by a date.", icon="flag_circle")


def program(at: session.Desk, case: Case) -> None:
    current = case.program
    name = f"Program, version {current.version}" if current else "Program"
    with cards.card(name, icon="fitness_center", key="program"):
        if standing := blocked.flags(at, case):
            rests = f":red-badge[:material/pause_circle: {blocked.paused_words(standing)}]"
            st.markdown(rests + ("  \nNothing of it is done or printed until the flag is cleared." if current else "  \nNo program today."))
            blocked.act(at, case, standing)
            if current is None:
                return
            with st.expander(f"Version {current.version} as it was written"):
                _lines(at, current)
            return
        if current is None:
            cards.empty("No program yet", "Assess first; the program page then suggests items with their reasons.")
            return
        if current.paused:
            st.markdown(":orange-badge[:material/pause_circle: paused]  " + words.safe(current.note))
        _lines(at, current)


def _lines(at: session.Desk, current: Program) -> None:
    """What a version holds: exercises two in a row, then what is worn and the running."""
    for at_row in range(0, len(current.items), 2):
        for place, item in zip(st.columns(2, gap="small"), current.items[at_row:at_row + 2], strict=False):
            with place:
                cards.program_line(at.clinic.knowledge, item, units=at.units)
    for line in [*cards.support_lines(at, current), cards.load_line(at, current)]:
        if line:
            st.markdown(line)


def values(at: session.Desk, case: Case) -> None:
    with cards.card("Key values", icon="monitoring", key="values"):
        rows = cards.key_values(at, case)
        if not rows:
            cards.empty("Nothing measured yet", "Start a visit; the values appear here with what their change means.")
            return
        st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Key values with first, latest and verdict on change",
                     column_config={"Knee": st.column_config.TextColumn(width=50), "First": st.column_config.TextColumn(alignment="right"),
                                    "Now": st.column_config.TextColumn(alignment="right")})


def happened(at: session.Desk, case: Case) -> None:
    with cards.card("What happened", icon="history", key="happened"):
        open_visits = [one for one in case.visits if not one.is_signed]
        for visit in open_visits:
            st.button(f"Go on with the {words.VISIT_WORD[visit.kind].lower()} of {words.day(visit.on)}", key=f"on_{visit.id}",
                      icon=":material/edit_note:", on_click=resume, args=(visit.id,), type="tertiary")
        if at.may("undo_last"):
            undo_view.offer(at, case)
        timeline.show(timeline.events(at, case, records.documents(at, case.patient.id)))


def resume(visit_id: str) -> None:
    st.session_state["_visit"] = visit_id
    st.session_state["_go"] = "assess"


def changes(at: session.Desk, case: Case) -> None:
    """What is changed now and then, out of the way until it is wanted."""
    wanted = st.segmented_control("Change or add", list(_sections(at)), key="patient_change")
    if wanted:
        with st.container(border=True):
            _sections(at)[wanted](at, case)


def _sections(at: session.Desk) -> dict[str, Callable[[session.Desk, Case], None]]:
    offered: dict[str, tuple[str, Callable[[session.Desk, Case], None]]] = {
        "Next visit": ("plan_visit", lambda at, case: people_forms.next_visit(at, case.episode.id)),
        "Goal": ("set_goal", people_forms.goal), "Imaging": ("record_imaging", people_forms.imaging),
        "Person": ("revise_patient", _person), "Episode": ("revise_episode", _episode),
        "Other problems": ("open_case", people_forms.other_problems), "Close or reopen": ("close_episode", people_forms.closing),
    }
    return {name: work for name, (action, work) in offered.items() if at.may(action)}


def _person(at: session.Desk, case: Case) -> None:
    if people_forms.person(at, case.patient) is not None:
        errors.say("The person was saved.")
        st.rerun()


def _episode(at: session.Desk, case: Case) -> None:
    if people_forms.problem(at, case.patient.id, case.episode) is not None:
        errors.say("The episode was saved.")
        st.rerun()
