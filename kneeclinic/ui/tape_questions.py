"""The questions before tape, on the tape tab: what was never asked, one button for "none of them", and what speaks against tape."""

from __future__ import annotations

import streamlit as st

from kneeclinic import actions
from kneeclinic.record import Case, Visit
from kneeclinic.record.forms import ObservationForm
from kneeclinic.rules.tape_questions import not_asked, tape_answers
from kneeclinic.ui import errors, session, words
from kneeclinic.vocabulary import Role, VisitKind


def ask(at: session.Desk, case: Case) -> bool:
    """Shows what is not asked yet, or answered with yes; whether tape may go into the program by this person."""
    knowledge = at.clinic.knowledge
    unasked, told = not_asked(case), [name for name, answer in tape_answers(case).items() if answer]
    if told:
        names = ", ".join(words.safe(knowledge.measure(one).label.lower()) for one in told)
        st.error(f"No tape: {names}.", icon=":material/block:")
    if unasked:
        with st.container(border=True, gap="xsmall", key="card_tape_questions"):
            st.markdown("**Ask before tape** :gray[not asked yet]")
            yes = st.pills("Yes to", unasked, selection_mode="multi", format_func=lambda one: knowledge.measure(one).label,
                           key=f"p_{case.episode.id}_tape_yes", label_visibility="collapsed")
            label = "Asked: none of them" if not yes else "Asked: yes to what is chosen, no to the rest"
            st.button(label, key="tape_asked", icon=":material/check:", type="primary", disabled=not at.may("record_observations"),
                      on_click=write, args=(case.episode.id, tuple(unasked), tuple(yes)))
            st.caption("Kept in today's visit; without one, a short entry of today is begun.")
    return not unasked and (not told or at.actor.role is Role.LEAD)


@errors.on_click
def write(episode_id: str, asked: tuple[str, ...], yes: tuple[str, ...]) -> None:
    at = session.desk()
    forms = [ObservationForm(measure=one, value=float(one in yes)) for one in asked]
    actions.record_observations(at.clinic, at.actor, visit_of_today(at, at.clinic.case(episode_id)).id, forms)
    names = ", ".join(at.clinic.knowledge.measure(one).label.lower() for one in yes)
    errors.say(f"Written down: yes to {names}." if yes else "Written down: none of them.")


def visit_of_today(at: session.Desk, case: Case) -> Visit:
    """One's own unsigned visit of today, else a new follow-up, which stays open for what else is found."""
    mine = [one for one in case.visits if one.on == at.clinic.today and not one.is_signed and one.clinician == at.actor.account_id]
    return mine[-1] if mine else actions.start_visit(at.clinic, at.actor, case.episode.id, VisitKind.FOLLOW_UP, at.clinic.today)
