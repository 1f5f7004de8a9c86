"""The running of the week: worked out from the runs so far, changed by hand, shown as a calendar."""

from __future__ import annotations

import streamlit as st

from kneeclinic.progress.amounts import distances_in, run_text
from kneeclinic.progress.load import run_ceiling
from kneeclinic.progress.running_week import propose_load, running_week
from kneeclinic.record import Case, LoadPlan
from kneeclinic.record.forms import ProgramForm
from kneeclinic.rules.suggest import suggest
from kneeclinic.ui import errors, program_draft, session, words
from kneeclinic.vocabulary import Units


def load(at: session.Desk, case: Case, form: ProgramForm) -> None:
    """The proposal with its reasons, the plan as a form, and the week as it will look."""
    found = propose_load(case, suggest(case, at.clinic.knowledge, at.clinic.today), at.clinic.knowledge, at.clinic.today, form.items)
    if found is None:
        st.caption("No run is on record. How many km did they run this week? Write it below, 0 for no running; the handout says it then.")
    else:
        with st.container(border=True, gap="xsmall", key="card_proposal"):
            reasons = "".join(f"  \n:small[:gray[{words.safe(distances_in(one, at.units))}]]" for one in found.because)
            st.markdown(f"**From the runs so far** {summary(at, found.plan)}{reasons}")
            st.button("Take this plan", icon=":material/auto_awesome:", on_click=program_draft.apply, disabled=form.load == found.plan,
                      args=(case.episode.id, program_draft.put(load=found.plan)))
    stop = run_ceiling(case, at.clinic.knowledge, at.clinic.today).stop
    if stop and form.load is not None and form.load.weekly_km != 0:
        st.warning(f"{words.safe(stop)} The plan below is not run until that is cleared.", icon=":material/block:")
    elif form.load is not None:
        calendar(at, form)
    writing(at, case, form)


def missing(at: session.Desk, case: Case, form: ProgramForm) -> None:
    """Beside the saving of a runner's program without a running plan: the handout would be silent on running. A hint, no block."""
    if form.load is not None or not is_runner(case):
        return
    found = propose_load(case, suggest(case, at.clinic.knowledge, at.clinic.today), at.clinic.knowledge, at.clinic.today, form.items)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if found is None:
            st.markdown(":orange[:material/directions_run: No running plan: the handout will not speak of running. How many km is it this week?]")
            st.button("Write the running", key="running_missing", type="tertiary", on_click=open_part, args=(case.episode.id,))
        else:
            st.markdown(f":orange[:material/directions_run: No running plan: the handout will not speak of running.] {summary(at, found.plan)}")
            st.button("Take the computed plan", key="running_take", type="tertiary", icon=":material/auto_awesome:", on_click=program_draft.apply,
                      args=(case.episode.id, program_draft.put(load=found.plan)))


def is_runner(case: Case) -> bool:
    """Somebody who runs: runs or kilometres on record, or a sport that says so."""
    ran = any((one.number or 0) > 0 for one in case.observations if one.measure in ("km_week", "longest_run_km") and one.is_valid)
    return bool(case.runs) or ran or any(word in case.patient.sport.lower() for word in ("run", "jog", "marathon", "triathl"))


def open_part(episode_id: str) -> None:
    st.session_state[f"part_{episode_id}"] = "Running"


def summary(at: session.Desk, plan: LoadPlan) -> str:
    if plan.weekly_km == 0:
        return "no running"
    parts = [f"{words.distance(plan.weekly_km, at.units)} a week" if plan.weekly_km is not None else "",
             f"no run over {words.distance(plan.longest_run_km, at.units)}" if plan.longest_run_km else "",
             f"{plan.runs_per_week} runs" if plan.runs_per_week else "", f"walk-run stage {plan.walk_run_stage}" if plan.walk_run_stage else ""]
    return ", ".join(one for one in parts if one)


def calendar(at: session.Desk, form: ProgramForm) -> None:
    """Seven columns: running and exercises of each day."""
    assert form.load
    first, week = at.clinic.profile.week_start, running_week(form.load, at.clinic.knowledge, form.items)
    order = [(first + number) % 7 for number in range(7)]
    running = []
    other = ":material/directions_bike: other sport" if form.load.cross_training else ":gray[free]"
    for day in order:
        one = week[day]
        if one.kind == "run":
            what = f"{one.stage.repeats} × run {one.stage.run_min:g}, walk {one.stage.walk_min:g}" if one.stage else \
                run_text(one.km, at.units) if one.km else "easy"
            running.append(f":material/directions_run: **{what}**")
        else:
            running.append(":gray[rest]" if one.kind == "rest" else other)
    done = [sum(day in item.planned_days for item in form.items) for day in order]
    exercises = [f":material/fitness_center:\u00a0{count}" if count else ":gray[none]" for count in done]
    head, *rows = ([words.WEEKDAYS[day] for day in order], running, exercises)
    small = [" | ".join(f":small[{one}]" for one in row) for row in rows]
    st.markdown("| " + " | ".join(head) + " |\n|" + "---|" * 7 + "".join(f"\n| {row} |" for row in small))
    stage = next((one.stage for one in week if one.stage), None)
    if stage:
        st.caption(f"Stage {stage.stage}: {stage.total_min:g} minutes, each stage done twice, a day without running between, flat ground.")


def writing(at: session.Desk, case: Case, form: ProgramForm) -> None:
    plan = form.load or LoadPlan()
    factor = words.KM_PER_MILE if at.units is Units.IMPERIAL else 1.0
    unit = "miles" if at.units is Units.IMPERIAL else "km"
    stages = {one.stage: f"{one.stage}: run {one.run_min:g}, walk {one.walk_min:g}, × {one.repeats} ({one.total_min:g} min)"
              for one in at.clinic.knowledge.running.stages}
    with st.form(f"load_{case.episode.id}_{hash(plan)}", border=False):
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
        with st.container(horizontal=True):
            kept = st.form_submit_button("Put the running plan into the program", type="primary", icon=":material/directions_run:")
            gone = st.form_submit_button("No running plan", disabled=form.load is None)
    if kept:
        with errors.calmly():
            made = LoadPlan(_stored(weekly, factor), _stored(longest, factor), runs, stage, tuple(sorted(rest)), cross, cue, shoes, note)
            program_draft.change(case.episode.id, program_draft.put(load=made))
            errors.say("Running plan kept with the draft.")
            st.rerun()
    if gone:
        with errors.calmly():
            program_draft.change(case.episode.id, program_draft.put(load=None))
            st.rerun()


def _shown(km: float | None, factor: float) -> float | None:
    return None if km is None else round(km / factor, 1)


def _stored(typed: float | None, factor: float) -> float | None:
    return None if typed is None else round(typed * factor, 3)
