"""The program on the screen: suggestions with their reasons at the left, the items in the middle, the picture of the handout at the right."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import streamlit as st

from kneeclinic import serving
from kneeclinic.documents.handout import handout_pdf
from kneeclinic.progress.difference import difference
from kneeclinic.record import Case, ProgramItem
from kneeclinic.record.forms import ProgramForm
from kneeclinic.rules.assembly import assemble, item_minutes
from kneeclinic.rules.suggest import Findings, suggest
from kneeclinic.rules.what_if import what_if
from kneeclinic.ui import cards, errors, findings_view, links, pictures, program_draft, session, support_forms, words
from kneeclinic.vocabulary import AffectedSide, KneeClinicError, SuggestionKind

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
        here = serving.zone(at.clinic.profile.time_zone)
        st.caption(f":material/cloud_done: Draft saved {held['saved_at'].astimezone(here):%H:%M:%S}")
    with left, st.container(height=760, border=False):
        suggested(at, case, form, found)
    with middle:
        writing(at, case, form, found)
    with right:
        picture(at, case, form)


# ---- left: what is suggested, and why --------------------------------------------------------------------------------------------------


def suggested(at: session.Desk, case: Case, form: ProgramForm, found: Findings) -> None:
    with st.container(horizontal=True, gap="small"):
        if not found.blocked:
            st.button("Build from suggestions", icon=":material/auto_awesome:", on_click=build, args=(case.episode.id,),
                      help="Puts together what is suggested, within the patient's minutes")
        with st.popover("Template", icon=":material/library_books:", on_change="rerun") as opened:
            if opened.open:
                for ready in at.clinic.knowledge.templates.values():
                    st.button(ready.label, key=f"template_{ready.id}", help=ready.description, width="stretch", on_click=program_draft.apply,
                              args=(case.episode.id, program_draft.from_template(at.clinic.knowledge, ready.id)))
    have = {one.exercise for one in form.items}
    answered = {(one.rule, one.items): one for one in form.answers if one.answer == "rejected"}
    for kind, label in GROUPS:
        rows = [one for one in found.suggestions if one.kind is kind]
        if not rows:
            continue
        st.markdown(f"**{label}**")
        for number, one in enumerate(rows):
            with st.container(border=True, gap="xsmall", key=f"card_s_{kind}_{number}"):
                no = answered.get((one.rule, one.items))
                if kind is SuggestionKind.EXERCISE and no is None:
                    with st.container(horizontal=True, gap="xsmall"):
                        exercise_buttons(at, case, one, have)
                st.markdown(findings_view.suggestion_line(at, one, items=kind is not SuggestionKind.EXERCISE or no is not None))
                if no is not None:
                    st.caption(f"Rejected: {no.reason}")
                elif kind is not SuggestionKind.REFER:
                    rejecting(case, one.rule, one.items, f"{kind}_{number}")
    avoided(at, found)
    with st.expander("What if", icon=":material/alt_route:", on_change="rerun") as opened:
        if opened.open:
            changes = what_if(case, at.clinic.knowledge, at.clinic.today)
            st.markdown("  \n".join(f":gray[{one.rule}] {words.safe(one.sentence)}" for one in changes) or "No single change would matter.")


def exercise_buttons(at: session.Desk, case: Case, one: object, have: set[str]) -> None:
    for item in one.items:  # type: ignore[attr-defined]
        name = words.safe(cards.item_name(at.clinic.knowledge, item))
        if item in have:
            st.button(name, key=f"add_{one.rule}_{item}", icon=":material/check:", disabled=True, help="In the program")  # type: ignore[attr-defined]
            continue
        reason = findings_view.because(at, one.because)  # type: ignore[attr-defined]
        st.button(name, key=f"add_{one.rule}_{item}", icon=":material/add:", help="Put it into the program",  # type: ignore[attr-defined]
                  on_click=program_draft.apply,
                  args=(case.episode.id, program_draft.add(at.clinic.knowledge, item, reason, one.rule)))  # type: ignore[attr-defined]


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


@errors.on_click
def build(episode_id: str) -> None:
    at = session.desk()
    case = at.clinic.case(episode_id)
    made = assemble(suggest(case, at.clinic.knowledge, at.clinic.today), case, at.clinic.knowledge, at.clinic.today)
    program_draft.change(episode_id, program_draft.put(items=made.items))
    out = f" Left out: {words.listed(cards.item_name(at.clinic.knowledge, one.item) for one in made.left_out)}." if made.left_out else ""
    errors.say(f"{len(made.items)} exercises, {made.minutes:.0f} minutes.{out}")


# ---- middle: the program being written -------------------------------------------------------------------------------------------------


def writing(at: session.Desk, case: Case, form: ProgramForm, found: Findings) -> None:
    ruled_out = {one.item: one.because for one in found.avoid}
    part = st.segmented_control("Part of the program", PARTS, default=PARTS[0], required=True, key=f"part_{case.episode.id}",
                                label_visibility="collapsed", wrap=True)
    if part == PARTS[0]:
        exercises(at, case, form, ruled_out)
    elif part == PARTS[1]:
        support_forms.tape(at, case, form, ruled_out)
    elif part == PARTS[2]:
        support_forms.devices(at, case, form, ruled_out)
    elif part == PARTS[3]:
        support_forms.load(at, case, form)
    else:
        closing(at, case, form)
    saving(at, case, form)


def exercises(at: session.Desk, case: Case, form: ProgramForm, ruled_out: dict[str, tuple[str, ...]]) -> None:
    minutes = sum(item_minutes(one, at.clinic.knowledge) for one in form.items)
    budget = case.patient.minutes_a_day
    over = f" :orange[over by {minutes - budget:.0f}]" if minutes > budget else ""
    st.progress(min(1.0, minutes / budget) if budget else 0.0, text=f"{minutes:.0f} of {budget} minutes a day · {len(form.items)} exercises{over}")
    if not form.items:
        cards.empty("Empty so far", "Build from the suggestions at the left, take a template, or add an exercise below.", icon="fitness_center")
    opened = st.session_state.get(f"p_{case.episode.id}_open")
    for place, item in enumerate(form.items):
        with st.container(border=True, gap="xsmall", key=f"card_item_{place}"):
            item_head(at, case, item, place, len(form.items), opened == item.exercise, ruled_out)
            if opened == item.exercise:
                item_form(at, case, item, place)
    known = sorted(at.clinic.knowledge.exercises, key=lambda one: cards.item_name(at.clinic.knowledge, one))
    chosen = st.selectbox("Add an exercise", [one for one in known if one not in {item.exercise for item in form.items}], index=None,
                          format_func=lambda one: cards.item_name(at.clinic.knowledge, one), placeholder="Type a name",
                          key=f"p_{case.episode.id}_add_{len(form.items)}")
    if chosen:
        program_draft.change(case.episode.id, program_draft.add(at.clinic.knowledge, chosen, "Chosen by the therapist", ""))
        st.rerun(scope="fragment")


def item_head(at: session.Desk, case: Case, item: ProgramItem, place: int, count: int, is_open: bool, ruled_out: dict[str, tuple[str, ...]]) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        with st.container(width=92):
            pictures.exercise(at.clinic.knowledge, item.exercise, item.side, 92, most_high=74)
        name = words.safe(cards.item_name(at.clinic.knowledge, item.exercise))
        reason = f"  \n:small[:gray[{words.safe(item.reason)}]]" if item.reason else ""
        against = f"  \n:orange[:material/block: {words.safe('; '.join(ruled_out[item.exercise]))}]" if item.exercise in ruled_out else ""
        with st.container(width="stretch"):
            st.markdown(f"**{name}** {words.SIDE_MARK[item.side]} {item.side}  \n{words.dose_words(item.dose)}{reason}{against}")
        episode = case.episode.id
        with st.container(horizontal=True, gap="xsmall", width="content"):
            st.button("Edit", key=f"edit_{place}", icon=":material/expand_less:" if is_open else ":material/tune:", type="tertiary",
                      on_click=open_item, args=(episode, "" if is_open else item.exercise), help=f"Dose, days, note of {name}")
            st.button("Up", key=f"up_{place}", icon=":material/arrow_upward:", type="tertiary", disabled=place == 0,
                      on_click=program_draft.apply, args=(episode, program_draft.move(place, -1)), help=f"Move {name} up")
            st.button("Out", key=f"out_{place}", icon=":material/close:", type="tertiary", on_click=program_draft.apply,
                      args=(episode, program_draft.remove(place)), help=f"Take {name} out")


def open_item(episode_id: str, exercise: str) -> None:
    st.session_state[f"p_{episode_id}_open"] = exercise


def item_form(at: session.Desk, case: Case, item: ProgramItem, place: int) -> None:
    """Dose, days, note; harder and easier neighbours; the reason where the findings are overruled."""
    knowledge = at.clinic.knowledge
    known = knowledge.exercise(item.exercise)
    with st.form(f"item_{case.episode.id}_{item.exercise}", border=False):
        one, two, three, four, five = st.columns(5)
        sets = one.number_input("Sets", 1, 10, item.dose.sets, step=1)
        reps = two.number_input("Reps", 1, 100, item.dose.reps, step=1)
        hold = three.number_input("Hold (s)", 0.0, 300.0, item.dose.hold_s, step=1.0, format="%.0f")
        minutes = four.number_input("Minutes", 0.0, 300.0, item.dose.minutes, step=1.0, format="%.0f")
        weekly = five.number_input("A week", 1, 14, item.dose.days_per_week, step=1)
        one, two, three = st.columns((2, 1, 1))
        side = one.segmented_control("Leg", list(AffectedSide), default=item.side, required=True, format_func=words.side_label)
        kilos = two.number_input("Load (kg)", 0.0, 300.0, item.dose.load_kg, step=0.5, format="%.1f")
        limit = three.number_input("Pain up to", 0, 10, item.pain_limit, step=1)
        days = st.pills("Days (none = the patient chooses)", list(range(7)), selection_mode="multi", default=list(item.days),
                        format_func=lambda one: words.WEEKDAYS[one])
        note = st.text_input("Note for the patient", item.note, max_chars=500)
        override = st.text_input("Reason to keep it against the findings (lead clinician)", item.override_reason, max_chars=500)
        if st.form_submit_button("Keep", type="primary"):
            dose = replace(item.dose, sets=sets, reps=reps, hold_s=hold or None, minutes=minutes or None, days_per_week=int(weekly),
                           load_kg=kilos or None)
            program_draft.change(case.episode.id, program_draft.edit(place, dose=dose, side=AffectedSide(side), pain_limit=int(limit),
                                                                     days=tuple(sorted(days)), note=note, override_reason=override))
            st.rerun(scope="fragment")
    near = [("Easier", one) for one in known.easier] + [("Harder", one) for one in known.harder]
    with st.container(horizontal=True, gap="small"):
        for word, other in near:
            st.button(f"{word}: {cards.item_name(knowledge, other)}", key=f"swap_{place}_{word}_{other}", on_click=program_draft.apply,
                      icon=":material/trending_down:" if word == "Easier" else ":material/trending_up:",
                      args=(case.episode.id, program_draft.swap(knowledge, place, other, f"{word} step")))


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
    with st.container(border=True, gap="xsmall", key="card_saving"):
        number = (current.version if current else 0) + 1
        st.markdown(f"**Version {number}**" + ("" if changes else " :gray[nothing changed yet]"))
        if changes:
            st.markdown("  \n".join(f":gray-badge[{one.kind}] {words.safe(one.text)}" for one in changes))
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
    st.markdown("**Handout, live**")
    if not form.items and form.tape is None and form.load is None:
        cards.empty("Nothing to print yet", "The sheet appears as soon as the program holds something.", icon="description")
        return
    mark = hashlib.sha256(form.model_dump_json().encode()).hexdigest()
    slot = f"_sheet_{case.episode.id}"
    kept = st.session_state.get(slot)
    if kept is None or kept[0] != mark:
        try:
            data = handout_pdf(program_draft.with_draft(at, case, form), at.clinic.knowledge, at.clinic.today, at.clinic.profile,
                               therapist=case.therapist_name(case.episode.therapist), language=case.patient.language)
        except KneeClinicError as no:
            st.caption(str(no))
            return
        kept = (mark, pictures.pdf_pages(data, most=2, width=560))
        st.session_state[slot] = kept
    for number, page in enumerate(kept[1], start=1):
        with st.container(border=True, gap=None, key=f"card_sheet_{number}"):
            st.image(pictures.png_uri(page), width="stretch", alt=f"Handout of this version, page {number}")
