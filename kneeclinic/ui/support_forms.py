"""The taping note, the brace or orthosis note, and the running plan of a program."""

from __future__ import annotations

import streamlit as st

from kneeclinic.record import Case, DeviceNote, LoadPlan, TapeNote
from kneeclinic.record.forms import ProgramForm
from kneeclinic.ui import errors, program_draft, session, words
from kneeclinic.vocabulary import AffectedSide, TapeComponent, Units

TAPE = "tape_patellar"
TASKS = ("Step-down", "Squat", "Single-leg squat", "Stairs down")
KM = 1.609344


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
    support, note = at.clinic.knowledge.support(TAPE), form.tape
    with st.container(horizontal=True):
        chosen = list(note.components) if note else [TapeComponent.GLIDE]
        components = st.pills("Component", list(TapeComponent), selection_mode="multi", default=chosen,
                              format_func=words.TAPE_WORD.__getitem__, key=f"p_{case.episode.id}_tape_parts")
    usual = " ".join(support.directions.get(part, "") for part in components)
    for part in components:
        st.caption(f"{words.TAPE_WORD[part]}: {support.directions.get(part, '')}")
    with st.form(f"tape_{case.episode.id}", border=False):
        one, two, three = st.columns(3)
        sides = _sides(case)
        side = one.segmented_control("Knee", sides, default=note.side if note else sides[0], required=True, format_func=words.side_label)
        started = two.date_input("Starts on", note.started_on if note else at.clinic.today, format="YYYY-MM-DD")
        stop = three.date_input("Stops on", note.stop_on if note else program_draft.default_stop(at, TAPE), format="YYYY-MM-DD")
        direction = st.text_input("Direction of pull", note.direction if note else usual[:300], max_chars=500)
        wear = st.text_input("When it is worn", note.wear if note else support.wear, max_chars=500)
        one, two, three = st.columns(3)
        task = one.selectbox("Test task", TASKS, TASKS.index(note.retest_task) if note and note.retest_task in TASKS else 0)
        before = two.number_input("Pain before (0-10)", 0, 10, note.retest_before if note else _last(case, "tape_trial_before"), step=1)
        after = three.number_input("Pain after (0-10)", 0, 10, note.retest_after if note else _last(case, "tape_trial_after"), step=1)
        if before and after is not None:
            st.caption(f"{support.retest}")
        words_ = st.text_input("Note or reason", note.note if note else "", max_chars=1000)
        with st.container(horizontal=True):
            kept = st.form_submit_button("Put the tape into the program", type="primary", icon=":material/healing:")
            gone = st.form_submit_button("Take the tape out", disabled=note is None)
    if kept:
        with errors.calmly():
            tape_note = TapeNote(AffectedSide(side), tuple(components), direction, wear, started, stop, task, before, after, words_)
            program_draft.change(case.episode.id, program_draft.put(tape=tape_note))
            errors.say("Taping note kept with the draft.")
            st.rerun()
    if gone:
        program_draft.change(case.episode.id, program_draft.put(tape=None))
        st.rerun()


def devices(at: session.Desk, case: Case, form: ProgramForm, avoided: dict[str, tuple[str, ...]]) -> None:
    """A brace, strap, sleeve, orthosis or shoe: why, when worn, when it stops; the guideline's grade beside it."""
    for place, held in enumerate(form.devices):
        label = at.clinic.knowledge.support(held.device).label
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{words.safe(label)}** {words.side_label(held.side)}, {words.safe(held.reason)}, until {words.day(held.stop_on)}")
            st.button("Take out", key=f"device_out_{place}", type="tertiary", on_click=program_draft.apply,
                      args=(case.episode.id, program_draft.put(devices=tuple(one for at_, one in enumerate(form.devices) if at_ != place))))
    offered = [one.id for one in at.clinic.knowledge.supports.values() if one.kind != "tape"]
    chosen = st.selectbox("Device", offered, format_func=lambda one: at.clinic.knowledge.support(one).label, key=f"p_{case.episode.id}_device")
    support = at.clinic.knowledge.support(chosen)
    evidence(at, chosen, avoided)
    with st.form(f"device_{case.episode.id}_{chosen}", border=False):
        one, two, three = st.columns(3)
        sides = [*_sides(case), AffectedSide.BOTH] if case.episode.side is not AffectedSide.BOTH else _sides(case)
        side = one.segmented_control("Side", list(dict.fromkeys(sides)), default=sides[0], required=True, format_func=words.side_label)
        started = two.date_input("Starts on", at.clinic.today, format="YYYY-MM-DD")
        stop = three.date_input("Stops on", program_draft.default_stop(at, chosen), format="YYYY-MM-DD")
        reason = st.text_input("Reason (needed)", max_chars=1000)
        wear = st.text_input("When it is worn", support.wear, max_chars=500)
        note = st.text_input("Note", max_chars=1000)
        kept = st.form_submit_button("Put it into the program", type="primary", icon=":material/accessibility_new:")
    if kept:
        with errors.calmly():
            device = DeviceNote(chosen, AffectedSide(side), reason, wear, started, stop, note)
            others = tuple(one for one in form.devices if one.device != chosen)
            program_draft.change(case.episode.id, program_draft.put(devices=(*others, device)))
            errors.say(f"{support.label} kept with the draft.")
            st.rerun()


def load(at: session.Desk, case: Case, form: ProgramForm) -> None:
    """The week's running: kilometres, the longest run, walk-run stage, rest days, what else to do."""
    plan = form.load or LoadPlan()
    factor = KM if at.units is Units.IMPERIAL else 1.0
    unit = "miles" if at.units is Units.IMPERIAL else "km"
    stages = {one.stage: f"{one.stage}: run {one.run_min:g}, walk {one.walk_min:g}, × {one.repeats} ({one.total_min:g} min)"
              for one in at.clinic.knowledge.running.stages}
    with st.form(f"load_{case.episode.id}", border=False):
        one, two, three = st.columns(3)
        weekly = one.number_input(f"A week ({unit})", 0.0, value=_shown(plan.weekly_km, factor), step=1.0, format="%.1f")
        longest = two.number_input(f"Longest run ({unit})", 0.0, value=_shown(plan.longest_run_km, factor), step=0.5, format="%.1f")
        runs = three.number_input("Runs a week", 0, 14, plan.runs_per_week, step=1)
        stage = st.selectbox("Walk-run stage", list(stages), list(stages).index(plan.walk_run_stage) if plan.walk_run_stage else None,
                             format_func=stages.__getitem__, placeholder="No walk-run plan")
        rest = st.pills("Rest days from running", list(range(7)), selection_mode="multi", default=list(plan.rest_days),
                        format_func=lambda one: words.WEEKDAYS[one])
        one, two = st.columns(2)
        cross = one.text_input("Other sport instead", plan.cross_training, max_chars=300, placeholder="bike with high saddle, pool, yoga")
        cue = two.text_input("Cadence or style cue", plan.cadence_cue, max_chars=300)
        shoes = one.text_input("Footwear", plan.footwear_note, max_chars=300)
        note = two.text_input("Note on running", plan.note, max_chars=500)
        kept = st.form_submit_button("Put the running plan into the program", type="primary", icon=":material/directions_run:")
    if kept:
        with errors.calmly():
            made = LoadPlan(_stored(weekly, factor), _stored(longest, factor), runs, stage, tuple(sorted(rest)), cross, cue, shoes, note)
            program_draft.change(case.episode.id, program_draft.put(load=made))
            errors.say("Running plan kept with the draft.")
            st.rerun()


def _sides(case: Case) -> list[AffectedSide]:
    if case.episode.side is AffectedSide.BOTH:
        return [AffectedSide.LEFT, AffectedSide.RIGHT, AffectedSide.BOTH]
    return [case.episode.side]


def _last(case: Case, measure: str) -> int | None:
    found = [case.latest(measure, side) for side in case.episode.side.sides]
    numbers = [one.number for one in found if one is not None and one.number is not None]
    return int(numbers[-1]) if numbers else None


def _shown(km: float | None, factor: float) -> float | None:
    return None if km is None else round(km / factor, 1)


def _stored(typed: float | None, factor: float) -> float | None:
    return None if typed is None else round(typed * factor, 3)


