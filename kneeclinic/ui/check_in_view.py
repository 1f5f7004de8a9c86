"""The week as the patient lived it: exercises by days, pain as strips, tape, kilometres or run files; last week's answers beside it."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from kneeclinic import actions
from kneeclinic.exchange.runs import read_run_file
from kneeclinic.record import Case, CheckIn, Program
from kneeclinic.record.forms import CheckInDayForm, CheckInForm
from kneeclinic.ui import cards, errors, session, words
from kneeclinic.vocabulary import CheckInSource, KneeClinicError, Units

SOURCE_WORD = {CheckInSource.TOLD: "Told here", CheckInSource.PHONE: "By phone", CheckInSource.PAPER: "Diary sheet", CheckInSource.PHOTO: "Photo"}
PAINS = (("pain_usual", "Usual pain"), ("pain_worst", "Worst pain"), ("pain_next_morning", "Next morning"))
STRIP = list(range(11))
RUN_WORD = {"imported": "imported", "duplicate": "known already", "not_a_run": "no run inside", "refused": "refused"}


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
    stands = next((one for one in case.check_ins if one.week_start == week), None)
    before = next((one for one in reversed(case.check_ins) if one.week_start < week), None)
    if stands:
        st.caption(f":material/task_alt: This week was told already ({SOURCE_WORD[stands.source].lower()}). "
                   "Saving again replaces it; the first stays in the log.")
    left, right = st.columns((13, 10), gap="medium")
    with left:
        days_done = grid(at, case, week, stands)
        told = pains(week, stands, before)
    with right:
        rest = others(at, case, week, stands, before)
        saving(at, case, week, days_done, told, rest)


def grid(at: session.Desk, case: Case, week: date, stands: CheckIn | None) -> dict[date, tuple[list[str], bool | None]]:
    """Exercises by days: a tap ticks. Returns what was done on each day, and whether tape was worn."""
    program = program_of(case, week)
    dates = [week + timedelta(days=one) for one in range(7)]
    known = {one.on: one for one in stands.days} if stands else {}
    done: dict[date, tuple[list[str], bool | None]] = {on: ([], None) for on in dates}
    with cards.card("What was done", icon="grid_on", key="grid"):
        if program is None or not program.items:
            cards.empty("No program in that week", "Pain and kilometres can be told all the same.", icon="fitness_center")
            return done
        names = {one.exercise: cards.item_name(at.clinic.knowledge, one.exercise) for one in program.items}
        labels = {on: f"{words.WEEKDAYS[on.weekday()][:2]} {on.day}" for on in dates if on <= at.clinic.today}
        for item in program.items:
            key = f"c_{case.episode.id}_{week}_{item.exercise}"
            if key not in st.session_state:
                st.session_state[key] = [on for on, one in known.items() if item.exercise in one.done and on in labels]
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                with st.container(width=185):
                    st.markdown(f"{words.safe(names[item.exercise])}  \n:small[:gray[{words.dose_words(item.dose)}]]")
                ticked = st.pills(names[item.exercise], list(labels), selection_mode="multi", key=key, format_func=labels.__getitem__,
                                  label_visibility="collapsed", wrap=False)
            for on in ticked:
                done[on][0].append(item.exercise)
        if program.tape:
            key = f"c_{case.episode.id}_{week}_tape"
            if key not in st.session_state:
                st.session_state[key] = [on for on, one in known.items() if one.tape_worn and on in labels]
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                with st.container(width=185):
                    st.markdown("**Tape worn**")
                worn = st.pills("Tape worn", list(labels), selection_mode="multi", key=key, format_func=labels.__getitem__,
                                label_visibility="collapsed", wrap=False)
            if worn:
                done = {on: (one, on in worn) for on, (one, _) in done.items()}
        prescribed = sum(one.dose.days_per_week for one in program.items)
        ticked_count = sum(len(one) for one, _ in done.values())
        st.progress(min(1.0, ticked_count / prescribed) if prescribed else 0.0, text=f"{ticked_count} of {prescribed} sessions")
    return done


def pains(week: date, stands: CheckIn | None, before: CheckIn | None) -> dict[str, int | None]:
    """Pain as strips from 0 to 10; last week's answer stands beside each."""
    told: dict[str, int | None] = {}
    with cards.card("Pain, 0 none to 10 worst", icon="sentiment_neutral", key="pains"):
        for name, label in PAINS:
            last = getattr(before, name) if before else None
            ghost = f"  \n:small[:gray[last week {last}]]" if last is not None else ""
            key = f"c_{name}_{week}_{before.episode_id if before else ''}{stands.id if stands else ''}"
            if key not in st.session_state:
                st.session_state[key] = getattr(stands, name) if stands else None
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                with st.container(width=110):
                    st.markdown(f"{label}{ghost}")
                told[name] = st.segmented_control(label, STRIP, key=key, label_visibility="collapsed", wrap=False)
    return told


def others(at: session.Desk, case: Case, week: date, stands: CheckIn | None, before: CheckIn | None) -> dict[str, object]:
    """Kilometres or run files, how it was told, and a note."""
    factor, unit = (words.KM_PER_MILE, "miles") if at.units is Units.IMPERIAL else (1.0, "km")
    with cards.card("Running", icon="directions_run", key="running"):
        runs = [one for one in case.runs if week <= one.on <= week + timedelta(days=6)]
        from_runs = sum(one.km for one in runs)
        last = f"last week {words.distance(before.km, at.units)}" if before and before.km is not None else None
        shown = stands.km if stands and stands.km is not None else (from_runs if runs else None)
        typed = st.number_input("Kilometres in the week" if unit == "km" else "Miles in the week", 0.0, 300.0,
                                round(shown / factor, 1) if shown is not None else None, step=1.0, format="%.1f", placeholder=last,
                                key=f"c_km_{case.episode.id}_{week}")
        for one in runs:
            pain = f", pain {one.pain_during}" if one.pain_during is not None else ""
            st.caption(f"{words.day(one.on)}: {words.distance(one.km, at.units)}{pain}")
        if at.may("record_run_file"):
            files = st.file_uploader("Run files (FIT, GPX, TCX)", type=["fit", "gpx", "tcx"], accept_multiple_files=True,
                                     key=f"c_files_{case.episode.id}_{st.session_state.get('_files_round', 0)}")
            if files and st.button(f"Import {len(files)} {'file' if len(files) == 1 else 'files'}", icon=":material/upload_file:"):
                import_files(at, case, [(one.name, one.getvalue()) for one in files])
    with cards.card("How it was told", icon="chat", key="told"):
        source = st.segmented_control("Source", list(CheckInSource), default=stands.source if stands else CheckInSource.TOLD, required=True,
                                      format_func=SOURCE_WORD.__getitem__, key=f"c_source_{case.episode.id}_{week}", wrap=True)
        note = st.text_area("Note on the week", stands.note if stands else "", height=80, key=f"c_note_{case.episode.id}_{week}",
                            placeholder=words.safe(before.note)[:120] if before and before.note else None)
    return {"km": round(typed * factor, 3) if typed is not None else None, "source": source, "note": note}


def import_files(at: session.Desk, case: Case, files: list[tuple[str, bytes]]) -> None:
    """Each file is read, its runs kept; every file gets its answer."""
    for name, data in files:
        with errors.calmly():
            found = read_run_file(name, data)
            forms = [one.form for one in found if one.form is not None]
            answers = actions.record_run_file(at.clinic, at.actor, case.episode.id, name, data, forms) if forms else ()
            for one in found:
                if one.form is None:
                    st.markdown(f":orange[:material/block: {words.safe(name)}: {RUN_WORD.get(one.status, one.status)}. {words.safe(one.why or '')}]")
            for answer in answers:
                word = f"{words.distance(answer.run.km, at.units)} on {words.day(answer.run.on)}" if answer.run else ""
                icon = "check_circle" if answer.outcome == "stored" else "block"
                st.markdown(f":material/{icon}: {words.safe(name)}: {words.safe(answer.outcome)} {word} {words.safe(answer.why)}")
    st.session_state["_files_round"] = st.session_state.get("_files_round", 0) + 1


def saving(at: session.Desk, case: Case, week: date, done: dict[date, tuple[list[str], bool | None]], told: dict[str, int | None],
           rest: dict[str, object]) -> None:
    with st.container(horizontal=True):
        if not at.may("record_check_in"):
            st.caption("Your role may look but not record check-ins.")
            return
        stay = st.button("Save", icon=":material/save:", type="primary", shortcut="Ctrl+S")
        on = st.button("Save and next patient", icon=":material/skip_next:", shortcut="Ctrl+Enter")
    if not (stay or on):
        return
    try:
        days = tuple(CheckInDayForm(on=day, done=tuple(one), tape_worn=worn) for day, (one, worn) in done.items() if one or worn is not None)
        form = CheckInForm(week_start=week, source=rest["source"], km=rest["km"], note=rest["note"], days=days, **told)
        actions.record_check_in(at.clinic, at.actor, case.episode.id, form)
    except (KneeClinicError, ValueError) as problem:
        errors.show(problem)
        return
    errors.say(f"Check-in for {case.patient.full_name} saved.")
    if on:
        following = next_without_check_in(at, case.episode.id)
        if following:
            session.choose(following)
        else:
            errors.say("Everybody has told their week.")
    st.rerun()


def next_without_check_in(at: session.Desk, after: str) -> str:
    """The next open episode whose last full week nobody has told yet, or nothing."""
    last_week = week_of(at.clinic.today, at.clinic.profile.week_start) - timedelta(weeks=1)
    waiting = [one.episode.id for one in at.clinic.cases()
               if one.program is not None and not any(told.week_start >= last_week for told in one.check_ins)]
    if not waiting:
        return ""
    later = [one for one in waiting if one > after and one != after]
    others = [one for one in waiting if one != after]
    return (sorted(later) or sorted(others) or [""])[0]
