"""The taping note and the brace or orthosis note of a program, each with its tries: the same task without and with it."""

from __future__ import annotations

from statistics import fmean

import streamlit as st

from kneeclinic.progress.trial import MOST_TRIES, trial_effect
from kneeclinic.record import Case, DeviceNote, TapeNote
from kneeclinic.record.forms import ProgramForm
from kneeclinic.ui import errors, pictures, program_draft, session, tape_questions, words
from kneeclinic.vocabulary import AffectedSide, TapeComponent

TAPE = "tape_patellar"
TASKS = ("Step-down", "Squat", "Single-leg squat", "Stairs down")
PAIN_OF_TRIES = "tape_trial_before"
"""The measure whose noise and important change judge the tries."""
COLOUR = {"helps": "green", "may_help": "orange", "no_help": "gray", "worse": "red"}
WORD = {"helps": "helps", "may_help": "may help", "no_help": "no clear help", "worse": "makes it worse"}
Tries = tuple[tuple[int, int], ...]


def evidence(at: session.Desk, support_id: str, avoided: dict[str, tuple[str, ...]]) -> None:
    """What the guideline says of a support, its grade, and why the findings speak against it."""
    support = at.clinic.knowledge.support(support_id)
    word = "recommended for a short time" if support.recommended else "not recommended"
    colour = "green" if support.recommended else "orange"
    st.markdown(f":{colour}-badge[grade {support.grade}: {word}] {words.safe(support.guideline)}  \n:gray[{words.safe(support.other_view)}]")
    if support_id in avoided:
        st.warning(f"The findings speak against it: {words.safe('; '.join(avoided[support_id]))}", icon=":material/block:")


def tape(at: session.Desk, case: Case, form: ProgramForm, avoided: dict[str, tuple[str, ...]]) -> None:
    """Component, direction, wear, the re-test before and after, and the day it stops."""
    evidence(at, TAPE, avoided)
    may_go_on = tape_questions.ask(at, case)
    support, note = at.clinic.knowledge.support(TAPE), form.tape
    with st.container(horizontal=True):
        chosen = list(note.components) if note else [TapeComponent.GLIDE]
        components = st.pills("Component", list(TapeComponent), selection_mode="multi", default=chosen,
                              format_func=words.TAPE_WORD.__getitem__, key=f"p_{case.episode.id}_tape_parts")
    usual = " ".join(support.directions.get(part, "") for part in components)
    sides = _sides(case)
    knee = (note.side if note else sides[0]).sides[0]
    with st.container(horizontal=True, gap="small"):
        for part in components:
            with st.container(width=150):
                pictures.tape(part, knee, 120)
                st.caption(f"{words.TAPE_WORD[part]}: {support.directions.get(part, '')}")
    given = note.tries if note and note.tries else _one_pair(note.retest_before if note else _last(case, "tape_trial_before"),
                                                             note.retest_after if note else _last(case, "tape_trial_after"))
    st.caption(support.retest)
    tried = tries(at, f"p_{case.episode.id}_tape", given)
    with st.form(f"tape_{case.episode.id}", border=False):
        side = st.segmented_control("Knee", sides, default=note.side if note else sides[0], required=True, format_func=words.side_label, wrap=True)
        one, two = st.columns(2)
        started = one.date_input("Starts on", note.started_on if note else at.clinic.today, format="YYYY-MM-DD")
        stop = two.date_input("Stops on", note.stop_on if note else program_draft.default_stop(at, TAPE), format="YYYY-MM-DD")
        direction = st.text_input("Direction of pull", note.direction if note else usual[:300], max_chars=500)
        wear = st.text_input("When it is worn", note.wear if note else support.wear, max_chars=500)
        one, two = st.columns((1, 2))
        task = one.selectbox("Test task", TASKS, TASKS.index(note.retest_task) if note and note.retest_task in TASKS else 0)
        words_ = two.text_input("Note or reason", note.note if note else "", max_chars=1000)
        with st.container(horizontal=True):
            kept = st.form_submit_button("Put the tape into the program", type="primary", icon=":material/healing:", disabled=not may_go_on)
            gone = st.form_submit_button("Take the tape out", disabled=note is None)
    if kept:
        with errors.calmly():
            before, after = _means(tried)
            tape_note = TapeNote(AffectedSide(side), tuple(components), direction, wear, started, stop, task, before, after, words_, tried)
            program_draft.change(case.episode.id, program_draft.put(tape=tape_note))
            errors.say("Taping note kept with the draft.")
            st.rerun()
    if gone:
        program_draft.change(case.episode.id, program_draft.put(tape=None))
        st.rerun()


def devices(at: session.Desk, case: Case, form: ProgramForm, avoided: dict[str, tuple[str, ...]]) -> None:
    """A brace, strap, sleeve, orthosis or shoe: why, when worn, when it stops; the guideline's grade beside it."""
    for held in form.devices:
        label = at.clinic.knowledge.support(held.device).label
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{words.safe(label)}** {words.side_label(held.side)}, {words.safe(held.reason)}, until {words.day(held.stop_on)}")
            st.button("Take out", key=f"device_out_{held.device}", type="tertiary", on_click=program_draft.apply,
                      args=(case.episode.id, program_draft.without_device(held.device)))
    offered = [one.id for one in at.clinic.knowledge.supports.values() if one.kind != "tape"]
    chosen = st.selectbox("Device", offered, format_func=lambda one: at.clinic.knowledge.support(one).label, key=f"p_{case.episode.id}_device")
    support = at.clinic.knowledge.support(chosen)
    evidence(at, chosen, avoided)
    held_now = next((one for one in form.devices if one.device == chosen), None)
    tried = tries(at, f"p_{case.episode.id}_{chosen}", held_now.tries if held_now else ())
    with st.form(f"device_{case.episode.id}_{chosen}", border=False):
        sides = [*_sides(case), AffectedSide.BOTH] if case.episode.side is not AffectedSide.BOTH else _sides(case)
        sides = list(dict.fromkeys([*sides, *([held_now.side] if held_now else [])]))
        side = st.segmented_control("Side", sides, default=held_now.side if held_now else sides[0], required=True, format_func=words.side_label,
                                    wrap=True)
        one, two = st.columns(2)
        started = one.date_input("Starts on", held_now.started_on if held_now else at.clinic.today, format="YYYY-MM-DD")
        stop = two.date_input("Stops on", held_now.stop_on if held_now else program_draft.default_stop(at, chosen), format="YYYY-MM-DD")
        reason = st.text_input("Reason (needed)", held_now.reason if held_now else "", max_chars=1000)
        wear = st.text_input("When it is worn", held_now.wear if held_now else support.wear, max_chars=500)
        note = st.text_input("Note", held_now.note if held_now else "", max_chars=1000)
        kept = st.form_submit_button("Put it into the program", type="primary", icon=":material/accessibility_new:")
    if kept:
        with errors.calmly():
            device = DeviceNote(chosen, AffectedSide(side), reason, wear, started, stop, note, tried)
            others = tuple(one for one in form.devices if one.device != chosen)
            program_draft.change(case.episode.id, program_draft.put(devices=(*others, device)))
            errors.say(f"{support.label} kept with the draft.")
            st.rerun()


def tries(at: session.Desk, key: str, given: Tries) -> Tries:
    """Up to three pairs of pain, without and with, and at once what they mean."""
    made: list[tuple[int, int]] = []
    columns = st.columns(2 * MOST_TRIES, gap="small", vertical_alignment="bottom")
    for number in range(MOST_TRIES):
        pair = given[number] if number < len(given) else (None, None)
        without = columns[2 * number].number_input(f"{number + 1}: without", 0, 10, pair[0], step=1, key=f"{key}_try_{number}_0")
        with_it = columns[2 * number + 1].number_input(f"{number + 1}: with", 0, 10, pair[1], step=1, key=f"{key}_try_{number}_1")
        if without is not None and with_it is not None:
            made.append((int(without), int(with_it)))
    found = trial_effect(made, at.clinic.knowledge.measure(PAIN_OF_TRIES))
    if found is None:
        st.caption("Pain 0 to 10 on the same task without and with it, up to three tries in one session.")
    else:
        st.markdown(f":{COLOUR[found.finding]}-badge[{WORD[found.finding]}] {words.safe(found.words)}")
    return tuple(made)


def _one_pair(before: int | None, after: int | None) -> Tries:
    return ((before, after),) if before is not None and after is not None else ()


def _means(pairs: Tries) -> tuple[int | None, int | None]:
    """Mean pain without and with, as whole numbers."""
    if not pairs:
        return None, None
    return _whole(fmean(one for one, _ in pairs)), _whole(fmean(one for _, one in pairs))


def _whole(pain: float) -> int:
    """A half counts up, without and with alike: the nearest even number would make some falls larger than they were."""
    return int(pain + 0.5)


def _sides(case: Case) -> list[AffectedSide]:
    if case.episode.side is AffectedSide.BOTH:
        return [AffectedSide.LEFT, AffectedSide.RIGHT, AffectedSide.BOTH]
    return [case.episode.side]


def _last(case: Case, measure: str) -> int | None:
    found = [case.latest(measure, side) for side in case.episode.side.sides]
    numbers = [one.number for one in found if one is not None and one.number is not None]
    return int(numbers[-1]) if numbers else None
