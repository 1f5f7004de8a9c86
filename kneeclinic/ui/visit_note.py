"""The note of the visit: drafted from the values, edited, signed; afterwards only amended, or a value taken back with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from kneeclinic import actions
from kneeclinic.progress.visit_words import PARTS, NoteDraft, draft_note
from kneeclinic.record import Case, Visit
from kneeclinic.ui import clashes, drafts, errors, links, session, snippets, words
from kneeclinic.vocabulary import Conflict

LABELS = {"subjective": "What the patient says", "objective": "What was found", "assessment": "What it means", "plan": "What comes next"}
LETTER_LINE = 62
"""About as many letters as stand in one line of the note."""


def show(at: session.Desk, case: Case, seen: Case, visit: Visit, draft: drafts.Draft, differing: list[clashes.Clash]) -> None:
    """The note in four parts, then save and sign."""
    st.markdown("#### Note and sign")
    written = visit.note if visit.is_signed else draft["note"]
    drafted = None if visit.is_signed else drafted_from(at, seen, visit, draft)
    if drafted is not None:
        more = f", {drafted.carried} carried and not measured today" if drafted.carried else ""
        st.caption(f"Drafted from the record: {drafted.changed} values first or changed since the last signed visit{more}. "
                   "What you write stays as you write it.")
    for part in PARTS:
        part_field(visit, draft, drafted, part)
    if visit.is_signed:
        signed(at, case, visit)
        return
    with st.container(horizontal=True, gap="small"):
        if drafted is not None and any(written.get(part, "").strip() for part in PARTS):
            st.button("Draft again", icon=":material/refresh:", on_click=draft_again, args=(visit.id,), type="tertiary",
                      help="Puts what is new in the record in front of what you wrote; nothing of yours goes")
        snippets.offer(at, visit.id, LABELS)
        links.download("Draft as PDF", f"visit/{visit.id}", icon=":material/print:")
    waiting = drafts.unconfirmed(draft)
    for _, question in waiting:
        st.markdown(f":orange[:material/help: {words.safe(question)}]")
    stop = bool(waiting or differing)
    with st.container(horizontal=True, gap="small"):
        st.button("Save values", icon=":material/save:", on_click=save, args=(visit.id,), shortcut="Ctrl+S", disabled=stop)
        if at.may("sign_visit"):
            st.button("Save and sign", key="sign", icon=":material/draw:", type="primary", on_click=sign, args=(visit.id,), disabled=stop)
    if waiting:
        st.caption("Confirm or correct the unusual values first.")
    if differing:
        st.caption("Choose between the two versions at the top first.")
    st.caption("After signing, the visit can only be amended.")


def drafted_from(at: session.Desk, seen: Case, visit: Visit, draft: drafts.Draft) -> NoteDraft:
    """The note as the record would write it now, with what was typed under the sections."""
    notes = {part: text for part, text in {**visit.note, **draft["note"]}.items() if part not in PARTS}
    return draft_note(seen, at.clinic.knowledge, at.clinic.today, replace(visit, note=notes), units=at.units)


def part_field(visit: Visit, draft: drafts.Draft, drafted: NoteDraft | None, part: str) -> None:
    """One part of the note. As long as nobody wrote in it, it follows the values."""
    key, slot = f"note_{visit.id}_{part}", f"_auto_{visit.id}_{part}"
    own = draft["note"].get(part) if not visit.is_signed else None
    text = own if own is not None else visit.note.get(part, "")
    if drafted is not None and own is None and not text.strip():
        text = getattr(drafted, part)
        if st.session_state.get(slot) != text:
            st.session_state.pop(key, None)
        st.session_state[slot] = text
    if key not in st.session_state:
        st.session_state[key] = text
    lines = sum(1 + len(line) // LETTER_LINE for line in st.session_state[key].split("\n"))
    st.text_area(LABELS[part], key=key, height=min(max(80, 34 + 24 * lines), 260), on_change=keep_text, args=(visit.id, part, key),
                 disabled=visit.is_signed)


@errors.on_click
def keep_text(visit_id: str, part: str, key: str) -> None:
    """Stores a text as far as it is typed; the page asks for it half a second after the last key."""
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
        st.session_state.pop(f"note_{visit_id}_{part}", None)


@errors.on_click
def save(visit_id: str) -> None:
    at = session.desk()
    keep(at, visit_id)
    errors.say("Values saved.")


def keep(at: session.Desk, visit_id: str, note: Mapping[str, str] | None = None) -> None:
    """Turns the draft into stored values and note, all or none; the draft goes only when they stand."""
    draft = drafts.follow(at, visit_id)
    case = at.clinic.case(session.open_episode_id())
    visit = next(one for one in case.visits if one.id == visit_id)
    if clashes.found(at, case, visit, draft):
        raise Conflict("Somebody else changed the same field; look at both versions and choose one. Nothing was saved yet.")
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
    _, note = texts(at, visit_id)
    keep(at, visit_id, note)
    actions.sign_visit(at.clinic, at.actor, visit_id)
    for part in PARTS:
        st.session_state.pop(f"note_{visit_id}_{part}", None)
    errors.say("The visit is signed.")


def signed(at: session.Desk, case: Case, visit: Visit) -> None:
    """What may still happen to a signed visit: amendments, and taking a value back with a reason."""
    when = words.moment(visit.signed_at)
    st.markdown(f":green-badge[:material/verified: signed by {words.safe(case.therapist_name(visit.signed_by))}, {when}]")
    links.download("Note as PDF", f"visit/{visit.id}", icon=":material/print:")
    for one in visit.amendments:
        st.markdown(f"**Amended** {words.moment(one.at)}, {words.safe(case.therapist_name(one.by))}: {words.safe(one.text)}")
    if at.may("amend_visit"):
        with st.form(f"amend_{visit.id}", border=False, clear_on_submit=True):
            text = st.text_area("Amendment", height=68)
            if st.form_submit_button("Add the amendment"):
                with errors.calmly():
                    actions.amend_visit(at.clinic, at.actor, visit.id, text)
                    st.rerun()
    mine = [one for one in case.observations if one.visit_id == visit.id]
    if mine and at.may("invalidate_observation"):
        with st.form(f"invalid_{visit.id}", border=False, clear_on_submit=True):
            names = {one.id: f"{words.measure_name(at.clinic.knowledge.measure(one.measure), one.side)}: {one.value}" for one in mine}
            chosen = st.selectbox("Take a value back", list(names), index=None, format_func=names.__getitem__, placeholder="Choose a value")
            why = st.text_input("Why it is wrong")
            if st.form_submit_button("Take it back") and chosen:
                with errors.calmly():
                    actions.invalidate_observation(at.clinic, at.actor, chosen, why)
                    st.rerun()


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
