"""The decision of the weekly review: accept what is suggested, choose another with a reason, a note, a letter; by mouse or by key."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kneeclinic import actions
from kneeclinic.actions.reviews import CLOSED_UNDER_A_FLAG
from kneeclinic.progress.amounts import change_words, distances_in
from kneeclinic.progress.review import WeeklyReview
from kneeclinic.record import Case
from kneeclinic.record.forms import ReviewForm
from kneeclinic.ui import blocked, cards, errors, review_round, session, words
from kneeclinic.vocabulary import Decision

NO_DISCHARGE = "No discharge and no progress while a red flag stands: write the letter, or clear the flag on the findings first."
OPENED = "_review_opened"
"""Session state: episode, and which part is open: `note`, `other`, or the decision that waits for its reason."""
TIMES_OPENED = "_review_times_opened"
"""Session state: how often a part was opened. A field opened again is another field: what the browser still held of the one before, and forgets
when that goes, would stand for it, and a kept note came back empty."""


def opened(case: Case) -> str:
    episode, part = st.session_state.get(OPENED, ("", ""))
    return part if episode == case.episode.id else ""


def open_part(case: Case, part: str) -> None:
    if part != opened(case):
        st.session_state[TIMES_OPENED] = st.session_state.get(TIMES_OPENED, 0) + 1
    st.session_state[OPENED] = (case.episode.id, part)


def deciding(at: session.Desk, case: Case, found: WeeklyReview) -> None:
    """What the rules suggest and why, what would change, and the decision."""
    suggestion(case, found)
    stands = next((one for one in case.reviews if one.week_start == review_round.week(at) and one.undone_at is None), None)
    if stands is not None:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="card_decided"):
            why = f": {words.safe(stands.reason)}" if stands.reason else ""
            note = f"  \n:small[Note: {words.safe(stands.note)}]" if stands.note else ""
            version = next((one.version for one in case.programs if stands.program_id and one.id == stands.program_id), None)
            made = f" :gray[made program version {version}]" if version else ""
            st.markdown(f":green-badge[:material/task_alt: decided] **{words.DECISION_WORD[stands.decision][0]}**{why}{made}{note}")
            st.space("stretch")
            if at.may("undo_review"):
                st.button("Undo", key=f"undo_{stands.id}", icon=":material/undo:", on_click=undo, args=(stands.id,), type="tertiary", shortcut="U")
            st.button("Letter", icon=":material/forward_to_inbox:", on_click=blocked.letter, args=(case.episode.id,), type="tertiary", shortcut="L")
        return
    if not at.may("decide_review"):
        st.caption("A clinician decides.")
        return
    standing = blocked.flags(at, case)
    suggested, word = found.decision.decision, words.DECISION_WORD[found.decision.decision][0].lower()
    if found.notes:
        st.warning("  \n".join(words.safe(distances_in(note, at.units)) for note in found.notes), icon=":material/warning:")
    with st.container(border=True, key="card_decide"):
        st.button(f"Accept: {word}", key=f"accept_{case.episode.id}", type="primary", icon=":material/check:", shortcut="A", on_click=decide,
                  width="stretch", args=(case.episode.id, suggested, "", case.program.version if case.program else None))
        with st.container(horizontal=True, gap="small"):
            st.button("Decide otherwise", icon=":material/gavel:", shortcut="D", key="open_other", on_click=open_part, args=(case, "other"))
            st.button("Note", icon=":material/edit_note:", shortcut="N", key="open_note", on_click=open_part, args=(case, "note"))
            st.button("Letter", icon=":material/forward_to_inbox:", shortcut="L", on_click=blocked.letter, args=(case.episode.id,),
                      type="primary" if standing else "secondary")
            if Decision.DISCHARGE in others(at, case, suggested):
                st.button("Discharge", icon=":material/flag_circle:", shortcut="X", key="open_discharge", on_click=open_part,
                          args=(case, Decision.DISCHARGE.value))
        if standing:
            st.caption(NO_DISCHARGE)
        part = opened(case)
        if part == "note":
            note_field(at, case)
        elif part:
            otherwise(case, others(at, case, suggested), part)
        elif review_round.note_of(at, case.episode.id):
            st.markdown(f":small[Note, kept with the decision: {words.safe(review_round.note_of(at, case.episode.id))}]")


def suggestion(case: Case, found: WeeklyReview) -> None:
    suggested = found.decision
    word, icon = words.DECISION_WORD[suggested.decision]
    with cards.card(f"Suggested: {word.lower()}", icon=icon.strip(":").removeprefix("material/"), key="suggested"):
        st.markdown(f"**{words.safe(suggested.title)}** :gray[{suggested.rule}]  \n{_sentence(words.listed(suggested.because))}  \n"
                    f"{words.safe(suggested.then)}")
        for extra in suggested.added:
            st.markdown(f":orange-badge[and {words.DECISION_WORD[extra.decision][0].lower()}] {words.safe(extra.title)}: "
                        f"{words.safe(words.listed(extra.because))}. {words.safe(extra.then)} :gray[{extra.rule}]")
        if found.changes:
            old, new = case.program.load if case.program else None, found.proposal.load if found.proposal else None
            changes = [change_words(one, old, new, session.desk().units) for one in found.changes]
            st.markdown("**What would change in the program**")
            st.markdown("  \n".join(f":material/change_circle: {words.safe(one)}" for one in changes))
        elif suggested.decision is Decision.REFER and case.program is not None and not case.program.paused:
            st.caption("The program would be paused.")
        else:
            st.caption("The program stays as it is." if case.program is not None else "There is no program yet.")


def _sentence(text: str) -> str:
    return words.safe(text[:1].upper() + text[1:] + ".")


def others(at: session.Desk, case: Case, suggested: Decision) -> tuple[Decision, ...]:
    """What can be decided instead; nobody is discharged or given more while a red flag stands."""
    closed = {suggested, *CLOSED_UNDER_A_FLAG} if blocked.flags(at, case) else {suggested}
    return tuple(one for one in Decision if one not in closed)


def otherwise(case: Case, choices: Sequence[Decision], part: str) -> None:
    """Another decision by number, then its reason; Enter decides."""
    with st.container(horizontal=True, gap="xsmall"):
        for number, one in enumerate(choices, start=1):
            st.button(words.DECISION_WORD[one][0], key=f"other_{one.value}", shortcut=str(number), on_click=open_part, args=(case, one.value),
                      type="primary" if part == one.value else "secondary")
        st.button("Back", icon=":material/close:", shortcut="Escape", on_click=open_part, args=(case, ""), type="tertiary")
    if part == "other" or Decision(part) not in choices:
        return
    chosen = Decision(part)
    with st.container(key=f"focus_reason_{part}"), st.form(f"other_{case.episode.id}", border=False):
        field = st.container()  # the button first: Enter in a field whose button has not come yet does nothing
        st.form_submit_button(f"Decide: {words.DECISION_WORD[chosen][0].lower()}", icon=":material/gavel:", on_click=decide_typed,
                              args=(case.episode.id, chosen, case.program.version if case.program else None))
        field.text_input(f"Why “{words.DECISION_WORD[chosen][0].lower()}”? Enter decides.", max_chars=500,
                      key=f"review_reason_{case.episode.id}")
    if chosen is not Decision.REFER:
        st.caption("The program stays as it is; change it on the program page if it should.")


def note_field(at: session.Desk, case: Case) -> None:
    key = f"review_note_{case.episode.id}_{st.session_state.get(TIMES_OPENED, 0)}"
    kept = review_round.note_of(at, case.episode.id)
    with st.container(key="focus_note_filled" if kept else "focus_note"):  # a kept note stands in its field a moment late: the cursor waits for it
        st.text_input("Note, kept with the decision. Enter keeps it.", kept, max_chars=2000, key=key, on_change=note_typed, args=(case, key))
    st.button("Done", key="note_done", type="tertiary", shortcut="Escape", on_click=open_part, args=(case, ""))


@errors.on_click
def note_typed(case: Case, key: str) -> None:
    review_round.put_note(case.episode.id, st.session_state.get(key, ""))
    if opened(case) == "note":
        open_part(case, "")


@errors.on_click
def decide(episode_id: str, decision: Decision, reason: str, version: int | None) -> None:
    """The decision, with the program version that follows from it, in one action; then the next patient. Pressed again before the next patient is
    on the screen it does nothing: the buttons have the name of the patient."""
    at = session.desk()
    case = at.clinic.case(episode_id)
    if any((one.decision, one.clinician) == (decision, at.actor.account_id) and one.week_start == review_round.week(at) and one.undone_at is None
           for one in case.reviews):
        return
    form = ReviewForm(week_start=review_round.week(at), decision=decision, reason=reason, note=review_round.note_of(at, episode_id))
    made = actions.decide_review(at.clinic, at.actor, episode_id, form, version)
    after = at.clinic.case(episode_id).program if made.program_id else None
    follows = f", program version {after.version}" if after else ""
    errors.say(f"{case.patient.full_name}: {words.DECISION_WORD[decision][0].lower()}{follows}.")
    st.session_state.pop(OPENED, None)
    now = review_round.the_round(at)
    now["notes"] = {one: text for one, text in now["notes"].items() if one != episode_id}
    review_round.go(1)


def decide_typed(episode_id: str, decision: Decision, version: int | None) -> None:
    decide(episode_id, decision, str(st.session_state.get(f"review_reason_{episode_id}", "")), version)


@errors.on_click
def undo(review_id: str) -> None:
    at = session.desk()
    actions.undo_review(at.clinic, at.actor, review_id)
    errors.say("The decision is undone.")
