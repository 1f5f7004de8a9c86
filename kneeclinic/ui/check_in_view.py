"""The week as the patient lived it, in taps: exercises by days, pain as strips, tape, running; last week's answers beside it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from kneeclinic import actions
from kneeclinic.record import Case, CheckIn, Program, ProgramItem
from kneeclinic.rules.load import sessions_due
from kneeclinic.ui import cards, check_in_draft, check_in_runs, errors, session, words
from kneeclinic.ui.check_in_draft import Sheet
from kneeclinic.ui.kept import in_treatment
from kneeclinic.vocabulary import CheckInSource, KneeClinicError

SOURCE_WORD = {CheckInSource.TOLD: "Told here", CheckInSource.PHONE: "By phone", CheckInSource.PAPER: "Diary sheet", CheckInSource.PHOTO: "Photo"}
PAINS = (("pain_usual", "Usual pain"), ("pain_worst", "Worst pain"), ("pain_next_morning", "Next morning"))
STRIP = list(range(11))
WEEK = 7


def week_of(day: date, first_weekday: int) -> date:
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def weeks(at: session.Desk, case: Case) -> list[date]:
    """The weeks that can be told, newest first."""
    first = at.clinic.profile.week_start
    newest, oldest = week_of(at.clinic.today, first), week_of(case.episode.opened_on, first)
    count = min(26, (newest - oldest).days // 7 + 1)
    return [newest - timedelta(weeks=one) for one in range(count)]


def start_week(at: session.Desk, case: Case) -> date:
    """The oldest of the last two weeks that nobody has told yet."""
    told = {one.week_start for one in case.check_ins}
    offered = weeks(at, case)
    waiting = [one for one in offered[:2] if one not in told]
    return waiting[-1] if waiting else offered[0]


def program_of(case: Case, week: date) -> Program | None:
    found = [one for one in case.programs if one.starts_on <= week + timedelta(days=6)]
    return found[-1] if found else None


@st.fragment
def desk(episode_id: str, week: date) -> None:
    at = session.desk()
    case = at.clinic.case(episode_id)
    errors.show_said()
    sheet, program = Sheet(episode_id, week), program_of(case, week)
    stands = next((one for one in case.check_ins if one.week_start == week), None)
    before = next((one for one in reversed(case.check_ins) if one.week_start < week), None)
    state = check_in_draft.begin(at, case, sheet, program, stands)
    standing(at, sheet, stands, state)
    left, right = st.columns((15, 9), gap="small")
    with left:
        grid(at, case, sheet, program, before)
        pains(sheet, program, before)
    with right:
        last = f"{told_when(sheet, before)} {words.distance(before.km, at.units)}" if before and before.km is not None else ""
        check_in_runs.runs_card(at, case, sheet, last)
        how_told(sheet, program, before)
        saving(at, case, sheet, program, state)


def told_when(sheet: Sheet, before: CheckIn) -> str:
    """Of which week the ghosted answers are: last week, or by its first day where weeks were left out."""
    return "last week" if (sheet.week - before.week_start).days == WEEK else f"week of {words.day(before.week_start)}"


def kept(sheet: Sheet, program: Program | None) -> dict[str, Any]:
    """Every tap is kept."""
    return {"on_change": check_in_draft.keep, "args": (sheet, exercises(program))}


def exercises(program: Program | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.exercise for item in program.items)) if program else ()


def standing(at: session.Desk, sheet: Sheet, stands: CheckIn | None, state: dict[str, Any]) -> None:
    """What is known of the week already: saved, or begun and not saved."""
    if state["found"]:
        moment = check_in_draft.saved_at(at, state)
        older = " Somebody saved this week since; saving replaces it." if state["older"] else ""
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(f":material/history: Not saved yet: your answers as you left them{f' at {moment:%H:%M:%S}' if moment else ''}.{older}")
            st.button("Start over", key=sheet.key("start_over"), type="tertiary", on_click=check_in_draft.start_over, args=(sheet,),
                      icon=":material/restart_alt:")
    elif stands:
        st.caption(f":material/task_alt: This week was told already ({SOURCE_WORD[stands.source].lower()}). "
                   "Saving again replaces it; the first stays in the log.")


def grid(at: session.Desk, case: Case, sheet: Sheet, program: Program | None, before: CheckIn | None) -> None:
    """Exercises by days: a tap ticks; one button ticks the week as planned."""
    with cards.card("What was done", icon="grid_on", key="grid"):
        if program is None or not program.items:
            cards.empty("No program in that week", "Pain and kilometres can be told all the same.", icon="fitness_center")
            return
        open_days = [on for on in sheet.dates if min(case.programs[0].starts_on, sheet.dates[-1]) <= on <= at.clinic.today]
        labels = {on: words.WEEKDAYS[on.weekday()][:2] for on in open_days}
        last = ghosts(before)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button("All as planned", key=sheet.key("as_planned"), icon=":material/done_all:", shortcut="Alt+P", on_click=fill,
                      args=(sheet, program, tuple(open_days), None))
            if before and any(day.done for day in before.days):
                st.button(f"As {told_when(sheet, before)}", key=sheet.key("as_before"), icon=":material/content_copy:", shortcut="Alt+L",
                          on_click=fill, args=(sheet, program, tuple(open_days), before))
            st.button("None", key=sheet.key("none"), icon=":material/backspace:", type="tertiary", on_click=fill, args=(sheet, program, (), None))
            if last:
                st.caption(f"· as {told_when(sheet, before)}" if before else "")
        seen: set[str] = set()
        for item in program.items:
            if item.exercise in seen:
                continue
            seen.add(item.exercise)
            name = cards.item_name(at.clinic.knowledge, item.exercise)
            dose = words.dose_words(item.dose, at.clinic.knowledge.exercises.get(item.exercise), at.units)
            row(sheet, program, f"done_{item.exercise}", name, dose, labels, last.get(item.exercise, frozenset()))
        if program.tape:
            row(sheet, program, "tape", "Tape worn", "", labels, last.get("tape", frozenset()))
        prescribed = sessions_due(case.programs, sheet.week) or 0
        ticked = sum(len(st.session_state.get(sheet.key(f"done_{one}")) or ()) for one in exercises(program))
        told = st.session_state.get(sheet.key("sessions"))
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            with st.container(width="stretch"):
                st.progress(min(1.0, (told if told is not None else ticked) / prescribed) if prescribed else 0.0,
                            text=f"{told if told is not None else ticked} of {prescribed} sessions")
            st.number_input("Or sessions in all", 0, 200, step=1, key=sheet.key("sessions"), width=176, placeholder="days not known",
                            **kept(sheet, program))


def row(sheet: Sheet, program: Program, part: str, name: str, under: str, labels: dict[date, str], last: frozenset[int]) -> None:
    """One line of the grid; a dot behind the day: so it was last week."""
    def shown(on: date) -> str:
        return labels.get(on, words.WEEKDAYS[on.weekday()][:2]) + (" ·" if on.weekday() in last else "")

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="stretch"):
            st.markdown(f"{words.safe(name)}" + (f"  \n:small[:gray[{words.safe(under)}]]" if under else ""))
        st.pills(name, list(labels), selection_mode="multi", key=sheet.key(part), format_func=shown, label_visibility="collapsed", wrap=False,
                 **kept(sheet, program))


def ghosts(before: CheckIn | None) -> dict[str, frozenset[int]]:
    """Weekdays on which each exercise was ticked last week, and the tape worn."""
    found: dict[str, set[int]] = {}
    for day in before.days if before else ():
        for one in (*day.done, *(("tape",) if day.tape_worn else ())):
            found.setdefault(one, set()).add(day.on.weekday())
    return {one: frozenset(days) for one, days in found.items()}


@errors.on_click
def fill(sheet: Sheet, program: Program, days: tuple[date, ...], before: CheckIn | None) -> None:
    """Ticks the days of the plan, or those of last week moved by seven days; without days nothing is ticked."""
    for item in program.items:
        if before is not None:
            ticked = [day.on + timedelta(days=(sheet.week - before.week_start).days) for day in before.days if item.exercise in day.done]
        else:
            ticked = planned_days(item, sheet.dates) if days else []
        sheet.put(f"done_{item.exercise}", [on for on in ticked if on in days])
    check_in_draft.keep(sheet, exercises(program))


def planned_days(item: ProgramItem, dates: list[date]) -> list[date]:
    """The days that the program names; else as many as it asks for, spread over the week."""
    if item.days:
        return [on for on in dates if on.weekday() in item.days]
    count = min(7, item.dose.days_per_week)
    return [dates[round(one * 7 / count) if count < 7 else one] for one in range(count)]


def pains(sheet: Sheet, program: Program | None, before: CheckIn | None) -> None:
    """Pain as strips from 0 to 10, last week's answer beside each; by day where the days are known."""
    with cards.card("Pain, 0 none to 10 worst", icon="sentiment_neutral", key="pains"):
        for name, label in PAINS:
            last = getattr(before, name) if before else None
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                with st.container(width="stretch"):
                    st.markdown(label + (f"  \n:small[:gray[{told_when(sheet, before)} {last}]]" if before and last is not None else ""))
                st.segmented_control(label, STRIP, key=sheet.key(name), label_visibility="collapsed", wrap=False, **kept(sheet, program))
        if st.toggle("Pain and distance day by day", key=sheet.key("by_day"), value=bool(check_in_draft.days_now(sheet))):
            by_day(sheet, program)


def by_day(sheet: Sheet, program: Program | None) -> None:
    """One row a day, as the diary sheet has it; what is left out of the week above is taken from here."""
    state = st.session_state[sheet.slot]
    if sheet.key("days") not in st.session_state:
        state["days_base"] = state["answers"].get("days", {})
    base = state["days_base"]
    frame = pd.DataFrame([{"Day": words.day(on), **{part: base.get(on.isoformat(), {}).get(part) for part in check_in_draft.BY_DAY}}
                          for on in sheet.dates]).astype(dict.fromkeys(check_in_draft.BY_DAY, "Float64"))
    st.data_editor(
        frame, key=sheet.key("days"), hide_index=True, num_rows="fixed", disabled=["Day"], row_height=32, alt="Pain and distance by day",
        column_config={
            "Day": st.column_config.TextColumn(width=96),
            **{name: st.column_config.NumberColumn(label, min_value=0, max_value=10, step=1, format="%d") for name, label in PAINS},
            "km": st.column_config.NumberColumn("Distance", min_value=0, max_value=200, step=0.1, format="%.1f"),
        },
        **kept(sheet, program),
    )


def how_told(sheet: Sheet, program: Program | None, before: CheckIn | None) -> None:
    earlier = told_when(sheet, before) if before else ""
    with cards.card("How it was told", icon="chat", key="told"):
        st.segmented_control("Source", list(CheckInSource), required=True, format_func=SOURCE_WORD.__getitem__, key=sheet.key("source"), wrap=True,
                             label_visibility="collapsed", **kept(sheet, program))
        st.text_area("Note on the week", height=80, key=sheet.key("note"), max_chars=5000, label_visibility="collapsed",
                     placeholder=f"Note on the week. {earlier[:1].upper()}{earlier[1:]}: {before.note[:120]}" if before and before.note
                     else "Note on the week",
                     **kept(sheet, program))


def saving(at: session.Desk, case: Case, sheet: Sheet, program: Program | None, state: dict[str, Any]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if not at.may("record_check_in"):
            st.caption("Your role may look but not record check-ins.")
            return
        stay = st.button("Save", key=sheet.key("save"), icon=":material/save:", type="primary", shortcut="Ctrl+S")
        on = st.button("Save and next patient", key=sheet.key("save_next"), icon=":material/skip_next:", shortcut="Alt+N")
    moment = check_in_draft.saved_at(at, state) if state["is_draft"] else None
    st.caption(f":material/cloud_done: draft saved {moment:%H:%M:%S}" if moment else "Every tap is kept until you save.")
    if not (stay or on):
        return
    try:
        actions.record_check_in(at.clinic, at.actor, case.episode.id, check_in_draft.form(at, sheet, program))
    except (KneeClinicError, ValueError) as problem:
        errors.show(problem)
        return
    check_in_draft.forget(at, sheet)
    errors.say(f"Check-in for {case.patient.full_name} saved.")
    if on:
        following = next_without_check_in(at, case.episode.id)
        if following:
            session.choose(following)
        else:
            errors.say("Everybody has told their week.")
    st.rerun()


def next_without_check_in(at: session.Desk, after: str) -> str:
    """The next open episode whose last full week nobody has told yet, or nothing; who began this week has no such week."""
    this_week = week_of(at.clinic.today, at.clinic.profile.week_start)
    last_week = this_week - timedelta(weeks=1)
    waiting = [one.episode.id for one in in_treatment(at)
               if one.programs and one.programs[0].starts_on < this_week and not any(told.week_start >= last_week for told in one.check_ins)]
    if not waiting:
        return ""
    later = [one for one in waiting if one > after and one != after]
    others = [one for one in waiting if one != after]
    return (sorted(later) or sorted(others) or [""])[0]
