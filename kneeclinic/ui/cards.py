"""Small pieces that several screens share: a titled card, a list of facts, what stands in a program, what is met and what is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

import streamlit as st

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.change import judge_case
from kneeclinic.progress.goals import goals_status
from kneeclinic.record import Case, Program, ProgramItem
from kneeclinic.rules.because import CARRIED
from kneeclinic.rules.facts import facts_of
from kneeclinic.ui import pictures, words
from kneeclinic.ui.session import Desk
from kneeclinic.vocabulary import AffectedSide, KneeClinicError, MeasureKind, MeasureSides, Side, Units, Verdict

KEY_MEASURES = ("pain_worst", "akps", "koos_pf", "psfs", "pain_usual", "hip_abduction_lsi", "knee_extension_lsi", "lefs", "sane",
                "lateral_step_down", "tsk11", "wb_lunge_cm", "km_week")
"""The order in which key values are looked for; the first five with a value are shown."""


def title(name: str, question: str) -> None:
    """Name of the page and the question it answers, in one slim line."""
    with st.container(key="title", width="stretch"):
        st.markdown(f"### {name}  :small[:gray[{question}]]", anchors=False)


@contextmanager
def card(heading: str, *, icon: str = "", key: str | None = None) -> Iterator[None]:
    with st.container(border=True, gap="xsmall", key=f"card_{key}" if key else None):
        st.markdown(f"**{f':material/{icon}: ' if icon else ''}{heading}**", width="stretch")
        yield


def facts(rows: Iterable[tuple[str, str]]) -> None:
    """Name and value in two columns; empty values are left out."""
    kept = {name: value for name, value in rows if value}
    if kept:
        st.table(kept, border="horizontal", width="stretch")


def empty(what: str, first: str, *, icon: str = "inbox") -> None:
    """The empty state: what is not there yet, and what to do first."""
    st.markdown(f":gray[:material/{icon}: **{what}**]  \n:gray[{first}]")


def item_name(knowledge: Knowledge, item: str) -> str:
    try:
        return knowledge.item_label(item)
    except KneeClinicError:
        return item.replace("_", " ")


def program_line(knowledge: Knowledge, item: ProgramItem, width: int = 84, units: Units = Units.METRIC) -> None:
    """One exercise in a row: drawing, name, leg, dose, note."""
    drawing, told = st.columns((2, 5), gap="small", vertical_alignment="center")
    with drawing:
        pictures.exercise(knowledge, item.exercise, item.side, width, most_high=64)
    name = words.safe(item_name(knowledge, item.exercise))
    note = f"  \n:small[{words.safe(item.note)}]" if item.note else ""
    days = f" :gray[({', '.join(words.WEEKDAYS[one] for one in item.days)})]" if item.days else ""
    dose = words.dose_words(item.dose, knowledge.exercises.get(item.exercise), units)
    told.markdown(f"**{name}**  {words.SIDE_MARK[item.side]} {item.side}  \n{dose}{days}{note}")


def support_lines(at: Desk, program: Program) -> list[str]:
    """Tape and devices with the days that are left."""
    today = at.clinic.today
    lines = []
    if program.tape:
        tape = program.tape
        parts = words.listed(words.TAPE_WORD[one].lower() for one in tape.components)
        change = f", pain {tape.retest_before} to {tape.retest_after} on re-test" if tape.retest_before is not None else ""
        lines.append(f":material/healing: **Tape** {words.side_label(tape.side)}: {parts}{change}. {_left(tape.stop_on, today)}  \n"
                     f":small[:gray[{words.safe(tape.direction)}]]")
    for device in program.devices:
        label = words.safe(at.clinic.knowledge.support(device.device).label)
        lines.append(f":material/accessibility_new: **{label}** {words.side_label(device.side)}: {words.safe(device.reason.rstrip('.'))}. "
                     f"{_left(device.stop_on, today)}")
    return lines


def _left(stop: date, today: date) -> str:
    days = (stop - today).days
    if days < 0:
        return f":red-badge[:material/event_busy: should have stopped {-days} days ago]"
    return f":gray-badge[:material/event: {days} days left, stops {words.day(stop)}]"


def load_line(at: Desk, program: Program) -> str:
    load = program.load
    if load is None:
        return ""
    parts = []
    if load.weekly_km == 0:
        other = f", {words.safe(load.cross_training)}" if load.cross_training else ""
        return f":material/directions_run: **No running**{other}"
    if load.weekly_km is not None:
        parts.append(f"{words.distance(load.weekly_km, at.units)} a week")
    if load.longest_run_km is not None:
        parts.append(f"no run over {words.distance(load.longest_run_km, at.units)}")
    if load.walk_run_stage:
        parts.append(f"walk-run stage {load.walk_run_stage}")
    if load.runs_per_week is not None:
        parts.append(f"{load.runs_per_week} runs")
    if load.rest_days:
        parts.append("rest " + ", ".join(words.WEEKDAYS[one] for one in load.rest_days))
    if load.cross_training:
        parts.append(words.safe(load.cross_training))
    return ":material/directions_run: **Running**: " + ", ".join(parts) if parts else ""


def key_values(at: Desk, case: Case, most: int = 5) -> list[dict[str, object]]:
    """The key values that are known, with first, last, date and verdict: one row each."""
    found: list[dict[str, object]] = []
    derived = facts_of(case, at.clinic.knowledge, at.clinic.today)
    for measure_id in KEY_MEASURES:
        measure = at.clinic.knowledge.measures.get(measure_id)
        if measure is None or measure.kind in (MeasureKind.FLAG, MeasureKind.CHOICE, MeasureKind.TEXT):
            continue
        for side in case.episode.side.sides if measure.sides is MeasureSides.EACH else (Side.NONE,):
            if len(found) >= most:
                return found
            if measure.derived:
                value = derived.value(measure_id, side)
                if isinstance(value, int | float):
                    found.append({"Measure": measure.label, "Knee": words.SIDE_MARK[side],
                                  "Now": words.value_words(measure, value) + (CARRIED if derived.carried(measure_id, side) else ""),
                                  "Change": "", "First": "", "Since": ""})
                continue
            series = case.series(measure_id, side)
            if not series:
                continue
            verdict = judge_case(case, at.clinic.knowledge, measure_id, side, at.clinic.today)
            found.append({
                "Measure": measure.label, "Knee": words.SIDE_MARK[side], "Now": words.observed(measure, series[-1]),
                "Change": words.verdict_words(verdict.verdict) if verdict.verdict is not Verdict.NOT_JUDGED else "○ one value so far"
                if len(series) < 2 else "○ not judged",
                "First": words.observed(measure, series[0]), "Since": words.day(series[0].on),
            })
    return found


GOAL_STATE = {"reached": "● reached", "on_the_way": "▲ on the way", "behind": "▽ behind", "missed": "▼ date has passed", "no_value": "○ no value yet"}


def goals(at: Desk, case: Case) -> bool:
    """Each standing goal with its bar; False when there is none."""
    found = goals_status(case, at.clinic.knowledge, at.clinic.today)
    for one in found:
        measure = at.clinic.knowledge.measures.get(one.goal.measure)
        name = words.measure_name(measure, one.goal.side) if measure else one.goal.measure
        target = words.value_words(measure, one.goal.target) if measure else f"{one.goal.target:g}"
        now = f", now {words.value_words(measure, one.value)}" if measure and one.value is not None else ""
        note = f" :gray[“{words.safe(one.goal.note)}”]" if one.goal.note else ""
        start = f" from {words.value_words(measure, one.goal.baseline)}" if measure and one.goal.baseline is not None else ""
        aim = f"{words.safe(name)}{words.safe(start)} to {words.safe(target)} by {words.day(one.goal.by)}"
        st.progress(one.share, text=f"{aim}{words.safe(now)} · {GOAL_STATE[one.state]}{note}")
    return bool(found)


def criteria(met: Iterable[str], not_met: Iterable[str], missing: Iterable[str]) -> None:
    """What lifts to the next phase: met, not met, not known; word and shape."""
    lines = [f":green[:material/check_circle:] {words.safe(one)}" for one in met]
    lines += [f":orange[:material/radio_button_unchecked:] {words.safe(one)} :gray[not met]" for one in not_met]
    lines += [f":gray[:material/help:] {words.safe(one)} :gray[not measured]" for one in missing]
    if lines:
        st.markdown("  \n".join(lines))


def both_sides(side: AffectedSide) -> str:
    return words.side_label(side)
