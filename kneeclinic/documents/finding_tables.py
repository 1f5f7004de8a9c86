"""Findings as tables and panels for colleagues: verdicts, red flags with what was found, weeks, program, goals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kneeclinic.documents.layout import Block, Words
from kneeclinic.documents.panels import Line, Panel
from kneeclinic.documents.table_block import TableBlock
from kneeclinic.knowledge import Knowledge
from kneeclinic.knowledge.schema import Measure
from kneeclinic.progress.adherence import adherence, facts_of_weeks
from kneeclinic.progress.amounts import (
    day_text,
    distance_text,
    dose_words,
    in_units,
    leg_text,
    load_words,
    number_text,
    value_text,
)
from kneeclinic.progress.change import VERDICT_WORDS, ChangeVerdict, judge_case
from kneeclinic.progress.goals import GoalStatus
from kneeclinic.progress.plan_words import DECISION_WORDS
from kneeclinic.progress.series import Point, told_values, values_of
from kneeclinic.progress.supports import supports_of
from kneeclinic.progress.visit_values import measured
from kneeclinic.progress.visit_words import GOAL_WORDS
from kneeclinic.record import Case, CheckIn, Observation, Program
from kneeclinic.rules import load
from kneeclinic.rules.because import CARRIED, Because, shown
from kneeclinic.rules.red_flags import RaisedFlag
from kneeclinic.vocabulary import AffectedSide, MeasureSides, Side, Units, Verdict

LEGEND = ("n: number of values. SDC: smallest change that measuring alone does not explain. MIC: smallest change that matters to patients. Better or "
          "worse: beyond noise for so many values, and at least the MIC. Possibly better or worse: only one of the two. Carried values are left out.")
SHORT_NOTE = 60
"""Characters of a note that still stands in a cell; a longer one goes below the table."""


@dataclass(frozen=True)
class Outcome:
    """One measure on one side with its values and its verdict."""

    measure: Measure
    side: Side
    points: tuple[Point, ...]
    verdict: ChangeVerdict

    @property
    def name(self) -> str:
        where = "" if self.side is Side.NONE else f", {self.side.value}"
        label = self.measure.label
        short = self.measure.short
        return f"{label} ({short}){where}" if short and short.isupper() else f"{label}{where}"


def outcomes_of(case: Case, knowledge: Knowledge, measures: Iterable[str], today: date) -> tuple[Outcome, ...]:
    """The measures that have a value, on the treated knees or of the person."""
    found = []
    for measure_id in measures:
        measure = knowledge.measure(measure_id)
        for side in case.episode.side.sides if measure.sides is MeasureSides.EACH else (Side.NONE,):
            points = values_of(case, knowledge, measure_id, side, today)
            if points:
                found.append(Outcome(measure, side, points, judge_case(case, knowledge, measure_id, side, today)))
    return tuple(found)


def verdict_table(outcomes: Sequence[Outcome], units: Units, *, size: float = 9) -> list[Block]:
    """First and newest value of each measure with change, noise, important change and the verdict."""
    if not outcomes:
        return [Words("Nothing has been measured yet.", size + 0.5, quiet=True)]
    head = ("Measure", "First", "Newest", "Change", "n", "SDC", "MIC", "Verdict")
    newest = max(one.points[-1].on for one in outcomes)
    rows = tuple(_verdict_row(one, newest, units) for one in outcomes)
    table = TableBlock(head, rows, (0.31, 0.155, 0.155, 0.085, 0.04, 0.055, 0.055, 0.155), (3, 4, 5, 6), size, strong=(7,))
    return [table, Words(LEGEND, size - 1, quiet=True)]


def _verdict_row(one: Outcome, newest: date, units: Units) -> tuple[str, ...]:
    found, measure = one.verdict, one.measure
    first, last = one.points[0], one.points[-1]
    change = number_text(measure, last.value - first.value, units, sign=True) if found.n > 1 else ""
    return (
        one.name, _dated(measure, first, newest, units), _dated(measure, last, newest, units) if len(one.points) > 1 else "",
        change, str(found.n), _bound(measure, found.sdc, units), _bound(measure, found.mic, units), _verdict(found),
    )


def _dated(measure: Measure, point: Point, newest: date, units: Units) -> str:
    """7/10 (15 Oct); with the year only where it is another one."""
    return f"{value_text(measure, point.value, units)} ({day_text(point.on, year=point.on.year != newest.year)})"


def _verdict(found: ChangeVerdict) -> str:
    words = "one value only" if found.n == 1 else VERDICT_WORDS[found.verdict]
    return f"{words} (at the {found.limit})" if found.limit and found.verdict is Verdict.NO_REAL_CHANGE else words


def _bound(measure: Measure, value: float | None, units: Units) -> str:
    return "–" if value is None else f"{round(in_units(measure, value, units), 1):g}"


def verdict_phrases(outcomes: Iterable[Outcome], units: Units, *, both: bool) -> list[str]:
    """Worse: worst pain 6/10 to 7/10, usual pain …. One phrase a verdict, worst first; the knee is named when `both` are treated."""
    found: dict[Verdict, list[str]] = {}
    for one in outcomes:
        values = f"{value_text(one.measure, one.points[0].value, units)} to {value_text(one.measure, one.points[-1].value, units)}"
        where = f" {one.side.value}" if both and one.side is not Side.NONE else ""
        found.setdefault(one.verdict.verdict, []).append(f"{one.measure.label[:1].lower()}{one.measure.label[1:]}{where} ({values})")
    return [f"{VERDICT_WORDS[verdict].capitalize()}: {', '.join(found[verdict])}." for verdict in reversed(Verdict)
            if verdict in found and verdict is not Verdict.NOT_JUDGED]


def flags_panel(flags: Sequence[RaisedFlag], case: Case, knowledge: Knowledge, on: date, *, size: float = 9.5,
                title: str = "Red flags", action: bool = True) -> list[Block]:
    """Each flag with what was found and when, and (unless the reader is the one to act) what to do; nothing without a flag."""
    if not flags:
        return []
    lines = []
    for flag in flags:
        found = "; ".join(_reasons(flag, case, knowledge, on))
        lines.append(Line(f"{found}. {flag.action}" if action else f"{found}.", f"{flag.level.value.capitalize()}: {flag.title}."))
    return [Panel(title, tuple(lines), size=size, strong=True)]


def _reasons(flag: RaisedFlag, case: Case, knowledge: Knowledge, on: date) -> list[str]:
    """Each value once, with every limit that it passed and its day: Age: 14 years (8 years or more, 15 years or less)."""
    limits: dict[tuple[str, Side], list[str]] = {}
    heads: dict[tuple[str, Side], str] = {}
    for because in flag.because:
        whole = replace(because, carried=False).sentence(knowledge)  # the day, or where it was carried from, follows
        value = shown(knowledge.measure(because.measure), because.value)
        head, found, limit = whole.partition(f": {value} (")
        key = (because.measure, because.side)
        heads[key] = f"{head}: {value}" if found else whole
        limits.setdefault(key, []).extend([limit.removesuffix(")")] if found else [])
    days = {(one.measure, one.side): _found_on(case, one, on) for one in flag.because}
    return [f"{head}{_in_brackets(limits[key])}{days[key]}" for key, head in heads.items()]


def _in_brackets(limits: Sequence[str]) -> str:
    return f" ({', '.join(limits)})" if limits else ""


def _found_on(case: Case, because: Because, on: date) -> str:
    """The day of the value, where it was entered at a visit; what was computed or told has none."""
    found = case.latest(because.measure, because.side, on)
    if found is None or found.value != because.value:
        return CARRIED if because.carried else ""
    return f", {carried_text(case, found) or day_text(found.on)}"


def carried_text(case: Case, one: Observation) -> str:
    """carried from 2 Oct 2026, or '' for a value that was measured on its day."""
    if not one.carried:
        return ""
    origin = measured(case, one)
    return f"carried from {day_text(origin.on)}" if origin else "carried"


def week_table(case: Case, today: date, units: Units, weeks: int = 12, *, size: float = 9) -> list[Block]:
    """The weeks that were told: sessions, pain, kilometres, and what was decided."""
    done = {one.week_start: one for one in adherence(case, today).by_week}
    told = sorted((one for one in case.check_ins if one.invalidated_at is None and one.week_start <= today), key=lambda one: one.week_start)[-weeks:]
    if not told:
        return [Words("No week was told of: what was done at home is not known.", size + 0.5, quiet=True)]
    decided = {one.week_start: one for one in case.reviews if one.undone_at is None}
    rows = []
    for week in told:
        found, review = done.get(week.week_start), decided.get(week.week_start)
        sessions = f"{found.done} of {found.prescribed}" if found and found.done is not None and found.prescribed else "not told"
        percent = f"{found.percent:.0f} %" if found and found.percent is not None else ""
        km = load.week_km(facts_of_weeks(case, min(week.week_end, today)), 0)
        rows.append((
            day_text(week.week_start), sessions, percent, *(_told(week, kind) for kind in ("pain_usual", "pain_worst", "pain_next_morning")),
            "" if km is None else distance_text(km, units), DECISION_WORDS[review.decision] if review else "",
        ))
    head = ("Week of", "Sessions", "Done", "Usual pain", "Worst pain", "Next morning", "Running", "Decided")
    return [TableBlock(head, tuple(rows), (0.15, 0.12, 0.09, 0.12, 0.12, 0.14, 0.11, 0.15), (1, 2, 3, 4, 5, 6), size)]


def _told(week: CheckIn, kind: str) -> str:
    found = told_values([week], kind)
    return f"{round(found[0].value, 1):g}/10" if found else ""


def program_table(program: Program | None, knowledge: Knowledge, on: date, units: Units, *, size: float = 9) -> list[Block]:
    """The exercises with leg and dose; tape, devices and running below them."""
    if program is None:
        return [Words("No program was given yet.", size + 0.5, quiet=True)]
    rows = tuple((knowledge.item_label(one.exercise), _leg(one.side), dose_words(one.dose, units, knowledge.exercise(one.exercise)))
                 for one in program.items)
    blocks: list[Block] = [TableBlock(("Exercise", "Leg", "Dose"), rows, (0.46, 0.14, 0.4), (), size)] if rows else []
    blocks += _note_lines((knowledge.item_label(one.exercise), one.note) for one in program.items if one.note)
    blocks += [Words(f"{one.text(on)}", size + 0.5) for one in supports_of(program, knowledge)]
    running = load_words(program.load, units) if program.load else ""
    if running:
        blocks.append(Words(f"Running: {running}", size + 0.5))
    if program.note:
        blocks.append(Words(f"Note: {program.note}", size + 0.5))
    return blocks or [Words("The program holds nothing.", size + 0.5, quiet=True)]


def _leg(side: AffectedSide) -> str:
    return leg_text(side).split(" ")[0]


def goal_rows(goals: Sequence[GoalStatus], knowledge: Knowledge, units: Units, *, size: float = 9) -> list[Block]:
    """Each goal with baseline, newest value, target and how it stands."""
    if not goals:
        return []
    rows = []
    for one in goals:
        measure = knowledge.measure(one.goal.measure)
        where = "" if one.goal.side is Side.NONE else f", {one.goal.side.value}"
        start = "" if one.goal.baseline is None else value_text(measure, one.goal.baseline, units)
        now = "no value" if one.value is None else value_text(measure, one.value, units)
        note = f"\n{one.goal.note}" if one.goal.note and len(one.goal.note) <= SHORT_NOTE else ""
        rows.append((f"{measure.label}{where}{note}", start, now, f"{value_text(measure, one.goal.target, units)} by {day_text(one.goal.by)}",
                     GOAL_WORDS.get(one.state, "no value yet")))
    table = TableBlock(("Goal", "At the start", "Newest", "Target", "State"), tuple(rows), (0.36, 0.13, 0.12, 0.22, 0.17), (), size, strong=(4,))
    long = ((knowledge.measure(one.goal.measure).label, one.goal.note) for one in goals if len(one.goal.note) > SHORT_NOTE)
    return [table, *_note_lines(long)]


def _note_lines(notes: Iterable[tuple[str, str]], size: float = 9) -> list[Block]:
    return [Words(f"{what}, note: {note}", size) for what, note in notes]
