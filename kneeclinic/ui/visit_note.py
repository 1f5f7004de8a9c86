"""The note of the visit: drafted from the values, edited, signed; afterwards only amended, or a value taken back with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from kneeclinic import actions
from kneeclinic.actions.undo import SIGNATURE_WITHIN
from kneeclinic.progress.visit_words import PARTS, NoteDraft, draft_note
from kneeclinic.record import Case, Observation, Visit
from kneeclinic.rules.asked import unasked_words
from kneeclinic.store import observations_of_visit
from kneeclinic.ui import clashes, drafts, errors, field_names, links, session, snippets, undo_view, words
from kneeclinic.vocabulary import Conflict, Refused

LABELS = {"subjective": "What the patient says", "objective": "What was found", "assessment": "What it means", "plan": "What comes next"}
SIGNATURE_MINUTES = int(SIGNATURE_WITHIN.total_seconds() // 60)
LETTER_LINE = 62
"""About as many letters as stand in one line of the note."""


def show(at: session.Desk, case: Case, seen: Case, visit: Visit, draft: drafts.Draft, differing: list[clashes.Clash]) -> None:
    """The note in four parts, then save and sign."""
    if visit.is_signed:
        signed(at, case, visit)
        return
    field_names.show(visit.id, "note_and_sign")
    st.markdown("#### Note and sign")
    written = draft["note"]
    drafted = drafted_from(at, seen, visit, draft)
    more = f", {drafted.carried} carried and not measured today" if drafted.carried else ""
    st.caption(f"Drafted from the record: {drafted.changed} values first or changed since the last signed visit{more}. "
               "What you write stays as you write it.")
    for part in PARTS:
        part_field(visit, draft, drafted, part)
    with st.container(horizontal=True, gap="small"):
        if any(written.get(part, "").strip() for part in PARTS):
            st.button("Draft again", icon=":material/refresh:", on_click=draft_again, args=(visit.id,), type="tertiary",
                      help="Puts what is new in the record in front of what you wrote; nothing of yours goes")
        snippets.offer(at, visit.id, LABELS)
        links.download("Draft as PDF", f"visit/{visit.id}", icon=":material/print:")
    waiting = drafts.unconfirmed(draft)
    for _, question in waiting:
        st.markdown(f":orange[:material/help: {words.safe(question)}]")
    if hint := unasked_words(seen, at.clinic.knowledge):
        st.markdown(f":gray[:material/help: {words.safe(hint)}]")
    stop = bool(waiting or differing)
    if at.may("sign_visit"):
        st.button("Save and sign", key="sign", icon=":material/draw:", type="primary", on_click=sign, args=(visit.id,), disabled=stop,
                  shortcut="Alt+S")
    if waiting:
        st.caption("Confirm or correct the unusual values first.")
    if differing:
        st.caption("Choose between the two versions at the top first.")
    st.caption(f"A signature can be taken back for {SIGNATURE_MINUTES} minutes, as long as nothing stands on it; later, the visit is amended.")


def drafted_from(at: session.Desk, seen: Case, visit: Visit, draft: drafts.Draft) -> NoteDraft:
    """The note as the record would write it now, with what was typed under the sections."""
    notes = {part: text for part, text in {**visit.note, **draft["note"]}.items() if part not in PARTS}
    return draft_note(seen, at.clinic.knowledge, at.clinic.today, replace(visit, note=notes), units=at.units)


def part_field(visit: Visit, draft: drafts.Draft, drafted: NoteDraft, part: str) -> None:
    """One part of the note. As long as nobody wrote in it, it follows the values."""
    slot = f"_auto_{visit.id}_{part}"
    own = draft["note"].get(part)
    text = own if own is not None else visit.note.get(part, "")
    if own is None and not text.strip():
        text = getattr(drafted, part)
        if st.session_state.get(slot) != text:
            field_names.note_anew(visit.id, part)
        st.session_state[slot] = text
    key = field_names.note(visit.id, part)
    lines = sum(1 + len(line) // LETTER_LINE for line in str(st.session_state.get(key, text)).split("\n"))
    st.text_area(LABELS[part], text, key=key, height=min(max(80, 34 + 24 * lines), 260), on_change=keep_text, args=(visit.id, part, key))


@errors.on_click
def keep_text(visit_id: str, part: str, key: str) -> None:
    """Stores a text as far as it is typed; the page asks for it half a second after the last key."""
    if key != field_names.note(visit_id, part):
        return
    drafts.put_note(session.desk(), visit_id, part, st.session_state.get(key) or "")


def texts(at: session.Desk, visit_id: str) -> tuple[Visit, dict[str, str]]:
    """The four parts as they stand on the screen: written, stored or drafted."""
    case = at.clinic.case(session.open_episode_id())
    visit = next(one for one in case.visits if one.id == visit_id)
    draft = drafts.read(at, visit_id)
    drafted = drafted_from(at, drafts.with_draft(at, case, visit, draft), visit, draft)
    found = {}
    for part in PARTS:
        own = draft["note"].get(part)
        found[part] = own if own is not None else visit.note.get(part, "") if visit.note.get(part, "").strip() else getattr(drafted, part)
    return visit, found


@errors.on_click
def draft_again(visit_id: str) -> None:
    at = session.desk()
    case = at.clinic.case(session.open_episode_id())
    visit = next(one for one in case.visits if one.id == visit_id)
    draft = drafts.read(at, visit_id)
    whole = replace(visit, note={**visit.note, **draft["note"]})
    made = draft_note(drafts.with_draft(at, case, visit, draft), at.clinic.knowledge, at.clinic.today, whole, units=at.units)
    drafts.change(at, visit_id, note={part: getattr(made, part) for part in PARTS}, said="drafted again")
    for part in PARTS:
        field_names.note_anew(visit_id, part)


@errors.on_click
def save(visit_id: str) -> None:
    at = session.desk()
    draft = drafts.follow(at, visit_id)
    if not draft["values"] and not draft["note"]:
        errors.say("Nothing new to save.")
        return
    keep(at, visit_id)
    errors.say("Values saved.")


def keep(at: session.Desk, visit_id: str, note: Mapping[str, str] | None = None) -> None:
    """Turns the draft into stored values and note, all or none; the draft goes only when they stand."""
    draft = drafts.follow(at, visit_id)
    case = at.clinic.case(session.open_episode_id())
    visit = next(one for one in case.visits if one.id == visit_id)
    if clashes.found(at, case, visit, draft):
        raise Conflict("Somebody else changed the same field; look at both versions and choose one. Nothing was saved yet.")
    if asked := drafts.unconfirmed(draft):
        raise Refused(f"{asked[0][1]} Confirm or correct it first; nothing was saved yet.")
    forms: list[Any] = drafts.forms(draft)
    whole = {**draft["note"], **(note or {})}
    if forms or whole:
        actions.record_observations(at.clinic, at.actor, visit_id, forms, whole or None,
                                    seen={slot: base for slot, base in draft["base"].items() if drafts.is_value(slot)})
    drafts.clear(at, visit_id)


@errors.on_click
def sign(visit_id: str) -> None:
    """The note as it stands on the screen is stored with the values, then locked."""
    at = session.desk()
    if left := str(st.session_state.get("shorthand", "")).strip():
        raise Refused(f"The shorthand line still holds “{left[:80]}”, which is in no field. Correct it or empty the line, then sign.")
    if refused := field_names.refused(visit_id):
        raise Refused(f"Not kept: {refused[0][2]} Correct it or leave it out, then sign.")
    _, note = texts(at, visit_id)
    keep(at, visit_id, note)
    actions.sign_visit(at.clinic, at.actor, visit_id)
    for part in PARTS:
        field_names.note_anew(visit_id, part)
    st.session_state[undo_view.ANEW] = True
    errors.say("The visit is signed.")


def signed(at: session.Desk, case: Case, visit: Visit) -> None:
    """The note as it was signed, what was added later below it, and what may still happen: an amendment, or a value taken back with a reason."""
    st.markdown(f"#### Note  \n:green-badge[:material/verified: signed by {words.safe(case.therapist_name(visit.signed_by))}, "
                f"{words.safe(clashes.when(at, visit.signed_at))}]")
    with st.container(horizontal=True, gap="small"):
        if at.may("undo_last"):
            undo_view.offer(at, case)
        links.download("Note as PDF", f"visit/{visit.id}", icon=":material/print:")
    with st.container(border=True, gap="small", key="signed_note"):
        for part in PARTS:
            text = visit.note.get(part, "").strip()
            st.markdown(f"**{LABELS[part]}**  \n{words.safe(text) if text else ':gray[nothing written]'}")
        for one in visit.amendments:
            st.markdown(f":orange-badge[:material/edit_note: amended] {words.safe(clashes.when(at, one.at))}, "
                        f"{words.safe(case.therapist_name(one.by))}  \n{words.safe(one.text)}")
    if at.may("amend_visit"):
        with st.form(f"amend_{visit.id}", border=False, clear_on_submit=True):
            text = st.text_area("Amendment", height=68, placeholder="Stands below the note with your name and the time")
            if st.form_submit_button("Add the amendment"):
                with errors.calmly():
                    actions.amend_visit(at.clinic, at.actor, visit.id, text)
                    st.rerun()
    mine = [one for one in case.observations if one.visit_id == visit.id]
    if mine and at.may("invalidate_observation"):
        with st.form(f"invalid_{visit.id}", border=False, clear_on_submit=True):
            names = {one.id: value_name(at, one) for one in mine}
            chosen = st.selectbox("Take a value back", list(names), index=None, format_func=names.__getitem__, placeholder="Choose a value")
            why = st.text_input("Why it is wrong")
            if st.form_submit_button("Take it back"):
                with errors.calmly():
                    if chosen is None:
                        raise Refused("Take a value back: choose the value first.")
                    actions.invalidate_observation(at.clinic, at.actor, chosen, why)
                    st.rerun()
    taken_back(at, case, visit)


def value_name(at: session.Desk, one: Observation) -> str:
    measure = at.clinic.knowledge.measure(one.measure)
    return f"{words.measure_name(measure, one.side)}: {words.observed(measure, one)}"


def taken_back(at: session.Desk, case: Case, visit: Visit) -> None:
    """Values of this visit that no longer count, each with who took it back and why."""
    gone = [one for one in observations_of_visit(at.clinic.database, visit.id)
            if one.invalidated_at and visit.signed_at and one.invalidated_at >= visit.signed_at]
    if gone:
        st.markdown("**Taken back after signing**")
    for one in gone:
        st.markdown(f":small[~~{words.safe(value_name(at, one))}~~ {words.safe(clashes.when(at, one.invalidated_at))}, "
                    f"{words.safe(case.therapist_name(one.invalidated_by))}: {words.safe(one.invalidated_why)}]")


def left_over(at: session.Desk, visit: Visit, draft: drafts.Draft) -> None:
    """Somebody signed the visit while this person still typed: what was typed is shown, and can be added below the note."""
    text = clashes.left_over(at, visit, draft)
    if not text:
        return
    with st.container(border=True, key="left_over"):
        st.warning("This visit was signed while you had unsaved entries. They are kept here:", icon=":material/sync_problem:")
        st.markdown(words.safe(text).replace("\n", "  \n"))
        with st.container(horizontal=True, gap="small"):
            if at.may("amend_visit"):
                st.button("Add them as an amendment", on_click=amend_with, args=(visit.id, text))
            st.button("Let them go", on_click=let_go, args=(visit.id,))


@errors.on_click
def amend_with(visit_id: str, text: str) -> None:
    at = session.desk()
    actions.amend_visit(at.clinic, at.actor, visit_id, text)
    drafts.clear(at, visit_id)


@errors.on_click
def let_go(visit_id: str) -> None:
    drafts.clear(session.desk(), visit_id)
