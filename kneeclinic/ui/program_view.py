"""The program on the screen: suggestions with their reasons at the left, the items in the middle, the picture of the handout at the right."""

from __future__ import annotations

import streamlit as st

from kneeclinic.documents.finished import page_pictures
from kneeclinic.documents.handout import handout_pdf
from kneeclinic.progress.difference import difference
from kneeclinic.record import Case
from kneeclinic.record.forms import ProgramForm
from kneeclinic.rules.suggest import Findings, Suggestion, suggest
from kneeclinic.rules.what_if import what_if
from kneeclinic.ui import (
    blocked,
    cards,
    enlarged,
    errors,
    findings_view,
    links,
    papers,
    pictures,
    program_draft,
    program_items,
    program_versions,
    running_view,
    session,
    support_forms,
    words,
)
from kneeclinic.vocabulary import KneeClinicError, SuggestionKind

GROUPS = ((SuggestionKind.REFER, "Refer"), (SuggestionKind.EXERCISE, "Do"), (SuggestionKind.SUPPORT, "Tape and orthosis"),
          (SuggestionKind.LOAD, "Running load"), (SuggestionKind.ADVICE, "Advice"))
PARTS = ("Exercises", "Tape", "Brace, orthosis", "Running", "Note, start")


@st.fragment
def desk(episode_id: str) -> None:
    """The three columns; a change reruns only this part."""
    at = session.desk()
    case = at.clinic.case(episode_id)
    errors.show_said()
    held = program_draft.read(at, case)
    form: ProgramForm = held["form"]
    found = suggest(case, at.clinic.knowledge, at.clinic.today)
    findings_view.alarm(at, case, found.flags)
    if held.get("offered") and program_draft.is_changed(at, case):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(":material/edit_note: This is your unfinished draft; it was kept.")
            st.button("Start over", type="tertiary", on_click=program_draft.start_over, args=(episode_id,))
    left, middle, right = st.columns((27, 46, 27), gap="medium")
    if held.get("saved_at"):
        here = at.clinic.zone
        st.caption(f":material/cloud_done: Draft saved {held['saved_at'].astimezone(here):%H:%M:%S}")
    with left:
        suggested(at, case, form, found)
    with middle:
        if found.blocked:
            stopped(at, case)
        else:
            writing(at, case, form, found)
    with right:
        picture(at, case, form)


# ---- left: what is suggested, and why --------------------------------------------------------------------------------------------------


def suggested(at: session.Desk, case: Case, form: ProgramForm, found: Findings) -> None:
    program_versions.begin(at, case, form, found)
    have = {one.exercise for one in form.items}
    answered = {(one.rule, one.items): one for one in form.answers if one.answer == "rejected"}
    doing = {one.rule for one in found.suggestions if one.kind not in (SuggestionKind.ADVICE, SuggestionKind.REFER)}
    joined: set[tuple[str, str]] = set()
    for kind, label in GROUPS:
        rows = [one for one in found.suggestions if one.kind is kind and not (kind is SuggestionKind.ADVICE and one.rule in doing)]
        if not rows:
            continue
        st.markdown(f"**{label}**")
        for number, one in enumerate(rows):
            with st.container(border=True, gap="xsmall", key=f"card_s_{kind}_{number}"):
                no = answered.get((one.rule, one.items))
                if kind in (SuggestionKind.SUPPORT, SuggestionKind.LOAD) and no is None:
                    part_button(case, kind, one, number)
                if kind is SuggestionKind.EXERCISE and no is None:
                    with st.container(horizontal=True, gap="xsmall"):
                        exercise_buttons(at, case, one, have)
                st.markdown(findings_view.suggestion_line(at, one, items=kind is not SuggestionKind.EXERCISE or no is not None))
                if (one.rule, one.grade) not in joined:
                    advised(at, found, one)
                    joined.add((one.rule, one.grade))
                if no is not None:
                    st.caption(f"Rejected: {no.reason}")
                elif kind is not SuggestionKind.REFER:
                    rejecting(case, one.rule, one.items, f"{kind}_{number}")
    avoided(at, found)
    with st.expander("What if", icon=":material/alt_route:", on_change="rerun") as opened:
        if opened.open:
            changes = what_if(case, at.clinic.knowledge, at.clinic.today)
            st.markdown("  \n".join(f":gray[{one.rule}] {words.safe(one.sentence)}" for one in changes) or "No single change would matter.")


def advised(at: session.Desk, found: Findings, of: Suggestion) -> None:
    """What the same rule advises on the same grade, on the card of what it asks for: its reasons stand there already."""
    advice = [item for one in found.suggestions
              if (one.rule, one.grade, one.kind) == (of.rule, of.grade, SuggestionKind.ADVICE) for item in one.items]
    if advice and of.kind is not SuggestionKind.ADVICE:
        names = "  \n".join(f":material/chat: {words.safe(cards.item_name(at.clinic.knowledge, item))}" for item in advice)
        st.markdown(f":small[{names}]")


def exercise_buttons(at: session.Desk, case: Case, one: Suggestion, have: set[str]) -> None:
    for item in one.items:
        name = words.safe(cards.item_name(at.clinic.knowledge, item))
        if item in have:
            st.button(name, key=f"add_{one.rule}_{item}", icon=":material/check:", disabled=True, help="In the program")
            continue
        reason = findings_view.because(at, one.because)
        st.button(name, key=f"add_{one.rule}_{item}", icon=":material/add:", help="Put it into the program",
                  on_click=program_draft.apply,
                  args=(case.episode.id, program_draft.add(at, item, reason, one.rule)))


def part_button(case: Case, kind: SuggestionKind, one: Suggestion, number: int) -> None:
    """The way from a suggestion to the part of the program where it is written down."""
    part = PARTS[3] if kind is SuggestionKind.LOAD else PARTS[1] if support_forms.TAPE in one.items else PARTS[2]
    st.button(f"Open: {part.lower()}", key=f"part_{kind}_{number}", type="tertiary", icon=":material/arrow_forward:", on_click=turn_to,
              args=(case.episode.id, part))


def turn_to(episode_id: str, part: str) -> None:
    st.session_state[f"part_{episode_id}"] = part


def rejecting(case: Case, rule: str, items: tuple[str, ...], key: str) -> None:
    with st.popover("Reject", key=f"reject_{key}", type="tertiary", on_change="rerun") as opened:
        if not opened.open:
            return
        with st.form(f"reject_form_{key}", border=False):
            why = st.text_input("Why not", max_chars=300)
            if st.form_submit_button("Reject") and why.strip():
                program_draft.change(case.episode.id, program_draft.reject(rule, items, why.strip()))
                st.rerun(scope="fragment")


def avoided(at: session.Desk, found: Findings) -> None:
    if found.avoid:
        with st.expander(f"Avoid ({len(found.avoid)})", icon=":material/block:"):
            for one in found.avoid:
                name = words.safe(cards.item_name(at.clinic.knowledge, one.item))
                st.markdown(f"**{name}**  \n:small[:gray[{words.safe('; '.join(one.because))}]]")


# ---- middle: the program being written -------------------------------------------------------------------------------------------------


def writing(at: session.Desk, case: Case, form: ProgramForm, found: Findings) -> None:
    ruled_out = {one.item: one.because for one in found.avoid}
    part = st.segmented_control("Part of the program", PARTS, default=PARTS[0], required=True, key=f"part_{case.episode.id}",
                                label_visibility="collapsed", wrap=True)
    if part == PARTS[0]:
        program_items.exercises(at, case, form, ruled_out)
    elif part == PARTS[1]:
        support_forms.tape(at, case, form, ruled_out)
    elif part == PARTS[2]:
        support_forms.devices(at, case, form, ruled_out)
    elif part == PARTS[3]:
        running_view.load(at, case, form)
    else:
        closing(at, case, form)
    saving(at, case, form)


def stopped(at: session.Desk, case: Case) -> None:
    """In place of the program while a red flag stands: what is done now, and that the program in hand rests."""
    standing = blocked.flags(at, case)
    with cards.card("What is done now", icon="flag", key="blocked"):
        blocked.act(at, case, standing)
        st.caption("No exercise, tape or running is planned until the flag is cleared, or set aside above with a reason.")
    if case.program is not None:
        with cards.card(f"Program, version {case.program.version}", icon="fitness_center", key="blocked_program"):
            st.markdown(f":red-badge[:material/pause_circle: {blocked.paused_words(standing)}]")


def closing(at: session.Desk, case: Case, form: ProgramForm) -> None:
    with st.form(f"closing_{case.episode.id}", border=False):
        one, two = st.columns(2)
        starts = one.date_input("Starts on", form.starts_on, format="YYYY-MM-DD")
        phases = {one.number: f"Phase {one.number}: {one.label}" for one in at.clinic.knowledge.phases}
        number = two.selectbox("Phase", [None, *phases], [None, *phases].index(form.phase),
                               format_func=lambda one: "As the findings say" if one is None else phases[one])
        note = st.text_area("Note on the handout", form.note, height=80, max_chars=2000)
        if st.form_submit_button("Keep", type="primary"):
            program_draft.change(case.episode.id, program_draft.put(starts_on=starts, phase=number, note=note))
            st.rerun(scope="fragment")


def saving(at: session.Desk, case: Case, form: ProgramForm) -> None:
    """What this version changes, and the button that saves it."""
    current = case.program
    changes = difference(current, form, at.clinic.knowledge) if program_draft.is_changed(at, case) else ()
    old = current.load if current else None
    with st.container(border=True, gap="xsmall", key="card_saving"):
        number = (current.version if current else 0) + 1
        small = "small things changed: order, start, phase or note" if program_draft.is_changed(at, case) else "nothing changed yet"
        st.markdown(f"**Version {number}**" + ("" if changes else f" :gray[{small}]"))
        if changes:
            st.markdown("  \n".join(f"{program_versions.change_badge(one.kind)} {program_versions.change_line(at, one, old, form.load)}"
                                    for one in changes))
        if form.items:
            running_view.missing(at, case, form)
        with st.container(horizontal=True):
            if at.may("revise_program"):
                st.button(f"Save version {number}", type="primary", icon=":material/save:", on_click=save, args=(case.episode.id,), shortcut="Ctrl+S",
                          disabled=not changes and not program_draft.is_changed(at, case))
            links.download("Handout", f"handout/{case.episode.id}", disabled=current is None, help="The saved version as PDF")


@errors.on_click
def save(episode_id: str) -> None:
    at = session.desk()
    program = program_draft.save(at, at.clinic.case(episode_id))
    errors.say(f"Version {program.version} saved.")


# ---- right: the paper as it would be ----------------------------------------------------------------------------------------------------


def picture(at: session.Desk, case: Case, form: ProgramForm) -> None:
    if standing := blocked.flags(at, case):
        st.markdown("**No handout today**")
        st.markdown(f":red-badge[:material/pause_circle: {blocked.paused_words(standing)}]")
        st.caption("No exercises leave on paper while it stands. The stop sheet takes their place.")
        return
    if not form.items and form.tape is None and form.load is None:
        st.markdown("**Handout, live**")
        cards.empty("Nothing to print yet", "The sheet appears as soon as the program holds something.", icon="description")
        return
    mark = f"{papers.mark(at, case)} {form.model_dump_json()}"
    slot = f"_sheet_{case.episode.id}"
    kept = st.session_state.get(slot)
    if kept is None or kept[0] != mark:
        try:
            data = handout_pdf(program_draft.with_draft(at, case, form), at.clinic.knowledge, at.clinic.today, at.clinic.profile,
                               therapist=case.therapist_name(case.episode.therapist), language=case.patient.language)
        except KneeClinicError as no:
            st.caption(str(no))
            return
        kept = (mark, page_pictures(data, most=2, width=560), data)
        st.session_state[slot] = kept
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**Handout, live**")
        st.space("stretch")
        enlarged.button(kept[2], "Handout of this version", key="enlarge_sheet")
    for number, page in enumerate(kept[1], start=1):
        with st.container(border=True, gap=None, key=f"card_sheet_{number}"):
            st.image(pictures.png_uri(page), width="stretch", alt=f"Handout of this version, page {number}")
