"""Runs of the week: many files at once with their answers by name, runs that were told, and the pain that went with each."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from kneeclinic import actions
from kneeclinic.actions.runs import NOON, TOLD_STEP_MINUTES
from kneeclinic.exchange.runs import RunResult, files_inside, import_runs
from kneeclinic.record import Case, Run
from kneeclinic.record.forms import RunForm
from kneeclinic.ui import cards, check_in_draft, errors, session, words
from kneeclinic.ui.check_in_draft import Sheet
from kneeclinic.vocabulary import Units

KINDS = ["fit", "gpx", "tcx", "csv", "zip", "gz"]
STATUS_WORD = {"imported": "✓ imported", "duplicate": "= known already", "not_a_run": "○ no run", "refused": "✕ refused"}
LAST = "_runs_imported"
EDITABLE = {"Pain": "pain_during", "Next morning": "pain_next_morning", "Settled": "settled_within_60_min"}


def runs_card(at: session.Desk, case: Case, sheet: Sheet, last: str) -> None:
    """Distance of the week, its runs with their pain, and where they come from."""
    unit = "miles" if at.units is Units.IMPERIAL else "km"
    exercises = tuple(item.exercise for item in case.program.items) if case.program else ()
    with cards.card("Running", icon="directions_run", key="running"):
        st.number_input("Kilometres in the week" if unit == "km" else "Miles in the week", 0.0, 300.0, step=1.0, format="%.1f",
                        placeholder=last or None, key=sheet.key("km"), on_change=check_in_draft.keep, args=(sheet, exercises))
        runs = sorted((one for one in case.runs if one.invalidated_at is None and one.on in sheet.dates), key=lambda one: one.started)
        if runs:
            pains(at, sheet, runs)
        if at.may("record_run_file"):
            files_of(at, case, sheet)
        if at.may("record_runs"):
            with st.popover("Add a run without a file", icon=":material/add:", on_change="rerun") as opened:
                if opened.open:
                    told_run(at, case, sheet)
        answers(at, case)


def pains(at: session.Desk, sheet: Sheet, runs: list[Run]) -> None:
    """Each run with what it felt like; a change is stored at once."""
    frame = pd.DataFrame([
        {"Run": words.day(one.on), "Distance": words.distance(one.km, at.units), "Down": None if one.descent_m is None else round(one.descent_m),
         "Steps": None if one.cadence_spm is None else round(one.cadence_spm), "Pain": one.pain_during, "Next morning": one.pain_next_morning,
         "Settled": one.settled_within_60_min}
        for one in runs
    ])
    key = sheet.key("runs_" + "".join(one.id[:4] for one in runs))
    may = at.may("annotate_run")
    st.data_editor(
        frame, key=key, hide_index=True, num_rows="fixed", disabled=["Run", "Distance", "Down", "Steps"] if may else True, row_height=32,
        on_change=annotate, args=(key, tuple(one.id for one in runs)), alt="Runs of the week with their pain",
        column_config={
            "Run": st.column_config.TextColumn(width=84), "Distance": st.column_config.TextColumn(width=70),
            "Down": st.column_config.NumberColumn(width=56, help="Metres downhill", format="%d m"),
            "Steps": st.column_config.NumberColumn(width=54, help="Cadence, steps a minute"),
            "Pain": st.column_config.NumberColumn(width=54, min_value=0, max_value=10, step=1, help="Pain during, 0 to 10"),
            "Next morning": st.column_config.NumberColumn(width=92, min_value=0, max_value=10, step=1, help="Next morning, 0 to 10"),
            "Settled": st.column_config.CheckboxColumn(width=62, help="Settled within 60 minutes"),
        },
    )


@errors.on_click
def annotate(key: str, runs: tuple[str, ...]) -> None:
    at = session.desk()
    edited: dict[Any, dict[str, Any]] = (st.session_state.get(key) or {}).get("edited_rows", {})
    for row, changes in edited.items():
        told = {EDITABLE[name]: value for name, value in changes.items() if name in EDITABLE and value is not None}
        if told:
            actions.annotate_run(at.clinic, at.actor, runs[int(row)], **told)


def files_of(at: session.Desk, case: Case, sheet: Sheet) -> None:
    """Single files, many at once, or a ZIP."""
    turn = st.session_state.get("_files_round", 0)
    files = st.file_uploader("Run files: one, many, or a ZIP", type=KINDS, accept_multiple_files=True, key=sheet.key(f"files_{turn}"))
    if files and st.button(f"Import {len(files)} {'file' if len(files) == 1 else 'files'}", icon=":material/upload_file:", type="primary"):
        import_files(at, case, [(one.name, one.getvalue()) for one in files])
        st.session_state["_files_round"] = turn + 1
        refresh_distance(sheet)
        st.rerun(scope="app")


def import_files(at: session.Desk, case: Case, files: list[tuple[str, bytes]]) -> None:
    """One file after the other with a bar; a fault of one leaves the others alone."""
    found: list[RunResult] = []
    bar = st.progress(0.0, text="Unpacking")
    parts = [part for name, data in files for part in files_inside(name, data)]
    for number, part in enumerate(parts):
        bar.progress(number / len(parts), text=f"{number + 1} of {len(parts)}: {words.safe(part[0][-40:])}")
        try:
            found += import_runs(at.clinic, at.actor, case.episode.id, [part])
        except Exception as problem:
            errors.say(f"{part[0]}: {errors.sentence(problem)}", kind="problem")
    bar.empty()
    st.session_state[LAST] = (case.episode.id, found)
    count = sum(one.status == "imported" for one in found)
    errors.say(f"{count} {'run' if count == 1 else 'runs'} imported from {len(parts)} {'file' if len(parts) == 1 else 'files'}.")


def answers(at: session.Desk, case: Case) -> None:
    """What became of each session of the last files."""
    episode, found = st.session_state.get(LAST, ("", []))
    if episode != case.episode.id or not found:
        return
    faults = sum(one.status != "imported" for one in found)
    with st.expander(f"Last import: {len(found) - faults} imported, {faults} not", expanded=True):
        st.dataframe(pd.DataFrame([
            {"File": one.file, "": STATUS_WORD[one.status.value], "Run": words.distance(one.km, at.units) if one.km is not None else "",
             "Steps": None if one.cadence_spm is None else round(one.cadence_spm),
             "Day": one.started.date() if one.started else None, "Why": one.why}
            for one in found
        ]), hide_index=True, height=min(260, 36 * (len(found) + 1) + 3), alt="What became of each file",
            column_config={"": st.column_config.TextColumn(width=112), "File": st.column_config.TextColumn(width=150),
                           "Steps": st.column_config.NumberColumn(width=54, help="Cadence, steps a minute"),
                           "Day": st.column_config.DateColumn(width=96, format="D MMM YYYY"), "Why": st.column_config.TextColumn(width=260)})
        st.button("Close", type="tertiary", on_click=lambda: st.session_state.pop(LAST, None))


def told_run(at: session.Desk, case: Case, sheet: Sheet) -> None:
    """A run without a file."""
    days = [one for one in sheet.dates if one <= at.clinic.today]
    with st.form(sheet.key("told_run"), border=False):
        on = st.selectbox("Day", days, index=len(days) - 1, format_func=words.day)
        distance = st.number_input("Miles" if at.units is Units.IMPERIAL else "Kilometres", 0.1, 200.0, value=None, step=0.5)
        minutes = st.number_input("Minutes", 1.0, 3000.0, value=None, step=5.0)
        during = st.number_input("Pain during, 0 to 10", 0, 10, value=None)
        morning = st.number_input("Pain next morning, 0 to 10", 0, 10, value=None)
        race = st.checkbox("It was a race", help="Shown on the charts")
        if st.form_submit_button("Add the run", type="primary") and distance is not None:
            with errors.calmly():
                kilometres = round(distance * check_in_draft.factor(at), 3)
                actions.record_runs(at.clinic, at.actor, case.episode.id, [RunForm(
                    started=_free_moment(case, on), km=kilometres, minutes=minutes, pain_during=during, pain_next_morning=morning,
                    note="race" if race else "")])
                refresh_distance(sheet)
                st.rerun(scope="app")


def _free_moment(case: Case, on: date) -> datetime:
    """Noon of the day, or some minutes after the runs that are told for noon already."""
    taken = [one for one in case.runs if one.on == on and one.source == "told"]
    return datetime.combine(on, NOON) + timedelta(minutes=TOLD_STEP_MINUTES * len(taken))


def refresh_distance(sheet: Sheet) -> None:
    """The distance of the week is taken from the runs again, unless a week was saved already."""
    state = st.session_state.get(sheet.slot)
    if state is None or state["stands"]:
        return
    at = session.desk()
    runs = [one.km for one in at.clinic.case(sheet.episode).runs if one.invalidated_at is None and one.on in sheet.dates]
    if runs:
        sheet.put("km", round(sum(runs) / check_in_draft.factor(at), 1))
