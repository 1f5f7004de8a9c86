"""Restricted records on the screen: breaking the glass with a reason, what the lead looks at afterwards, and which records are restricted."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from kneeclinic import actions
from kneeclinic.security.restricted import GLASS_OPEN_FOR, LONGEST_REASON, SHORTEST_REASON, Glass, may_open
from kneeclinic.store import episodes_of, open_episode_ids, patient_by_number, read_episodes, read_patient
from kneeclinic.store.restrictions import guarded, read_glasses, read_restrictions
from kneeclinic.ui import cards, errors, records, session, words
from kneeclinic.vocabulary import NotFound

WANTED = session.RESTRICTED


def wanted() -> bool:
    """Did somebody ask for a record that is not theirs to open?"""
    return WANTED in st.session_state


def badge(at: session.Desk, patient_id: str) -> str:
    """Beside the name in the frame: this record is not everybody's, and until when a broken glass keeps it open."""
    held = guarded(at.clinic.database)
    if patient_id not in held.therapists:
        return ""
    open_until = [one.until for one in held.glasses.get(patient_id, ())
                  if one.account_id == at.actor.account_id and one.session_id == at.actor.session_id and one.until > at.clinic.now]
    if not open_until or may_open(at.actor, held.therapists[patient_id], (), at.clinic.now):
        return "  :orange-badge[:material/lock: restricted]"
    here = at.clinic.zone
    return f"  :orange-badge[:material/lock_open: restricted, open to you until {max(open_until).astimezone(here):%H:%M}]"


def ask(at: session.Desk) -> None:
    """Instead of a record that is not this person's: what it is, and the reason that opens it."""
    patient_id, episode_id = st.session_state[WANTED]
    if at.clinic.opens(patient_id):
        go_on(episode_id)
        st.rerun()
    (person,) = actions.seen_by(at.clinic, at.actor, [read_patient(at.clinic.database, patient_id)])
    minutes = int(GLASS_OPEN_FOR.total_seconds() // 60)
    cards.title("Restricted record", f"No. {words.safe(person.number)}")
    with st.container(border=True, width=640, key="card_glass"):
        st.markdown(f":orange-badge[:material/lock: only for who treats this patient]  \n"
                    f"If you need it now, write why. It then opens for {minutes} minutes in this session. Who opened it, when and why stands in the "
                    "log, and the lead clinician is shown it.")
        with st.form("glass", border=False):
            reason = st.text_area("Why you need this record now", max_chars=LONGEST_REASON, height=90,
                                  placeholder=f"At least {SHORTEST_REASON} characters, for example: on call for the therapist, who is ill")
            with st.container(horizontal=True):
                opened = st.form_submit_button("Open the record", type="primary", icon=":material/lock_open:")
                left = st.form_submit_button("Leave it closed")
        if opened:
            with errors.calmly():
                actions.break_glass(at.clinic, at.actor, patient_id, reason)
                go_on(episode_id)
                errors.say(f"Open for {minutes} minutes in this session.")
                st.rerun()
        if left:
            st.session_state.pop(WANTED, None)
            st.rerun()


def go_on(episode_id: str) -> None:
    st.session_state.pop(WANTED, None)
    if episode_id:
        session.choose(episode_id)


def hidden_line(at: session.Desk) -> None:
    """Under a list: whose records it does not show, without a name, and how they are opened."""
    hidden = actions.hidden_from(at.clinic, at.actor)
    if not hidden:
        return
    team = records.team(at)
    found = [one for one in read_episodes(at.clinic.database, open_episode_ids(at.clinic.database)) if one.patient_id in hidden]
    if not found:
        return
    numbers = {one.id: one.number for one in (read_patient(at.clinic.database, id_) for id_ in {one.patient_id for one in found})}
    with st.expander(f"{len(found)} restricted {'record is' if len(found) == 1 else 'records are'} not on this list", icon=":material/lock:"):
        for one in found:
            label = f"No. {numbers[one.patient_id]} · {words.knee(one.side)} · treated by {team.get(one.therapist, 'somebody')}"
            st.button(words.safe(label), key=f"glass_{one.id}", type="tertiary", icon=":material/lock_open:", on_click=want, args=(one.id,))


@errors.on_click
def want(episode_id: str) -> None:
    """The way through search and list: the page asks for the reason."""
    at = session.desk()
    (one,) = read_episodes(at.clinic.database, [episode_id])
    st.session_state[WANTED] = (one.patient_id, episode_id)
    st.session_state["_go"] = "patient"


def to_look_at(at: session.Desk) -> None:
    """For the lead, on the caseload: glasses that nobody has looked at."""
    if not at.may("review_glass"):
        return
    waiting = len(read_glasses(at.clinic.database, unseen=True))
    if waiting:
        st.button(f"{waiting} {'opening' if waiting == 1 else 'openings'} of a restricted record to look at", icon=":material/lock_open:",
                  type="tertiary", on_click=go_to_part)


def go_to_part() -> None:
    st.session_state["admin_part"] = "Restricted"
    st.session_state["_go"] = "admin"


def part(at: session.Desk) -> None:
    """The lead's view: what was opened and why, which records are restricted, and how another becomes so."""
    left, right = st.columns((5, 4), gap="medium")
    with left:
        glasses(at)
    with right:
        restricted(at)
        restrict(at)


def glasses(at: session.Desk) -> None:
    team, name = records.team(at), _names(at)
    found = read_glasses(at.clinic.database, limit=50)
    with cards.card("Opened with a reason", icon="lock_open", key="glasses"):
        if not found:
            cards.empty("Nobody has opened a restricted record", "Who does, and why, appears here to be looked at.", icon="lock")
        for one in found:
            _glass_row(at, one, team.get(one.account_id, one.account_id), name(one.patient_id), team)


def _glass_row(at: session.Desk, one: Glass, who: str, whom: str, team: dict[str, str]) -> None:
    here = at.clinic.zone
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"card_glass_{one.id}"):
        state = (f":gray-badge[:material/check: looked at by {words.safe(team.get(one.reviewed_by, ''))}]" if one.reviewed_at
                 else ":orange-badge[:material/visibility: to look at]")
        still = ":red-badge[open now] " if one.at <= at.clinic.now < one.until else ""
        st.markdown(f"**{words.safe(who)}** opened **{words.safe(whom)}** {state} {still}  \n{words.safe(one.reason)}  \n"
                    f":small[:gray[{words.moment(one.at.astimezone(here))} to {one.until.astimezone(here):%H:%M}]]", width="stretch")
        if one.reviewed_at is None and one.account_id != at.actor.account_id:
            st.button("Looked at", key=f"seen_{one.id}", icon=":material/check:", on_click=look, args=(one.id,))


@errors.on_click
def look(glass_id: str) -> None:
    at = session.desk()
    actions.review_glass(at.clinic, at.actor, glass_id)
    errors.say("Noted in the log.")


def restricted(at: session.Desk) -> None:
    team, name = records.team(at), _names(at)
    here = at.clinic.zone
    with cards.card("Restricted records", icon="lock", key="restricted"):
        found = read_restrictions(at.clinic.database)
        if not found:
            cards.empty("No record is restricted", "Restrict one below: a colleague's, or that of somebody who asks for it.", icon="lock_open")
        for one in found:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f"**{words.safe(name(one.patient_id))}**  \n:small[:gray[{words.safe(one.reason)}. By "
                            f"{words.safe(team.get(one.by, one.by))}, {words.moment(one.at.astimezone(here))}]]", width="stretch")
                with st.popover("Lift", key=f"lift_{one.patient_id}", on_change="rerun") as opened:
                    if opened.open:
                        lift(at, one.patient_id)


def lift(at: session.Desk, patient_id: str) -> None:
    with st.form(f"lift_{patient_id}", border=False):
        why = st.text_input("Why it is open to everybody again", max_chars=300)
        if st.form_submit_button("Lift the restriction", type="primary"):
            with errors.calmly():
                actions.lift_restriction(at.clinic, at.actor, patient_id, why)
                errors.say("Open to everybody who treats again.")
                st.rerun()


def restrict(at: session.Desk) -> None:
    with cards.card("Restrict a record", icon="add_moderator", key="restrict"), st.form("restrict", border=False, clear_on_submit=True):
        number = st.text_input("Clinic number of the patient", max_chars=60)
        why = st.text_input("Why, in a few words", max_chars=300, placeholder="Works here; at their own wish")
        st.caption("Only the therapists of this patient's episodes and the lead open it from then on. Everybody else needs a written reason.")
        if st.form_submit_button("Restrict the record", type="primary", icon=":material/lock:"):
            with errors.calmly():
                person = patient_by_number(at.clinic.database, number)
                if person is None:
                    raise NotFound(f"Nobody has the clinic number {number}; check it.")
                actions.restrict_patient(at.clinic, at.actor, person.id, why)
                errors.say(f"{person.full_name} is restricted. {len(episodes_of(at.clinic.database, person.id))} episodes.")
                st.rerun()


def _names(at: session.Desk) -> Callable[[str], str]:
    from kneeclinic.store import known_names

    known = known_names(at.clinic.database)
    return lambda id_: f"{known[id_].full_name}, No. {known[id_].number}" if id_ in known else id_
