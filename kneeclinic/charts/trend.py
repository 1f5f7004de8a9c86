"""One measure over time: values, baseline, the band of measurement noise, the important change, the goal, and what happened on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go

from kneeclinic.charts.course import chart_with_events, draw_course
from kneeclinic.charts.events import draw_events, events
from kneeclinic.charts.style import GOAL, MARKS, QUIET, Chart, Label, axes, day_text, edge_labels, message, plain, time_axis
from kneeclinic.knowledge import Knowledge
from kneeclinic.knowledge.schema import Measure
from kneeclinic.progress.change import VERDICT_WORDS, ChangeVerdict, judge_case, needed_by_a_pair
from kneeclinic.progress.goals import active_goals
from kneeclinic.progress.series import Point, main_side, values_of
from kneeclinic.record.case import Case
from kneeclinic.record.episodes import Goal
from kneeclinic.record.visits import Observation
from kneeclinic.vocabulary import Better, MeasureKind, MeasureSides, Side

PLOT = 222
ROOM = 0.12
CARRIED = "carried, not measured"
NUMBERS = (MeasureKind.NUMBER, MeasureKind.INTEGER, MeasureKind.SCORE, MeasureKind.FLAG)


@dataclass(frozen=True)
class Course:
    """One side of one measure: its points and its verdict."""

    side: Side
    points: tuple[Point, ...]
    verdict: ChangeVerdict
    is_treated: bool


def courses(case: Case, knowledge: Knowledge, measure_id: str, today: date) -> tuple[Course, ...]:
    """The sides that have values, left before right; the treated knee carries band and lines (with both: the one looked at first)."""
    measure = knowledge.measure(measure_id)
    sides = (Side.LEFT, Side.RIGHT) if measure.sides is MeasureSides.EACH else (Side.NONE,)
    found = []
    main = main_side(case, today) if measure.sides is MeasureSides.EACH else Side.NONE
    for side in sides:
        points = values_of(case, knowledge, measure_id, side, today) if measure.kind in NUMBERS else ()
        if points:
            found.append(Course(side, points, judge_case(case, knowledge, measure_id, side, today), side is main))
    return tuple(found)


def trend_figure(case: Case, knowledge: Knowledge, measure_id: str, today: date) -> go.Figure:
    """The course of one measure; without a value a chart that says so."""
    measure, found = knowledge.measure(measure_id), courses(case, knowledge, measure_id, today)
    if not found:
        return message(f"{measure.label}: no value yet.")
    main = next((one for one in found if one.is_treated), found[0])
    goal = _goal(case, measure, main.side, today)
    low, high = y_range = _y_range(measure, found, goal)
    shown = events(case, knowledge, today)
    on = chart_with_events(PLOT, shown)
    first = min(one.points[0].on for one in found)
    last = max(one.points[-1].on for one in found)
    labels = _reference(on, measure, main, goal, y_range)
    draw_events(on, shown, last)
    for course in found:
        labels.append(_draw(on, measure, course, named=len(found) > 1))
        _draw_carried(on, carried_values(case, measure_id, course.side, today))
    axes(on, y_title=_axis_title(measure), range=(low, high), dtick=_step(measure))
    time_axis(on, min([first, *(one.on for one in shown)]), last, case.episode.opened_on)
    edge_labels(on, labels, y_range, PLOT)
    return on.drawn()


def trend_sentence(case: Case, knowledge: Knowledge, measure_id: str, today: date) -> str:
    """What the chart says, side by side."""
    measure, found = knowledge.measure(measure_id), courses(case, knowledge, measure_id, today)
    if not found:
        return f"{measure.label}: no value yet."
    if len(found) > 1 and len({one.verdict.clinician_words for one in found}) == 1:
        return f"{measure.label}, both knees alike: {found[0].verdict.clinician_words}"
    parts = [f"{measure.label}{f', {one.side.value}' if one.side is not Side.NONE else ''}: {one.verdict.clinician_words}" for one in found]
    return " ".join(parts)


def trend_table(case: Case, knowledge: Knowledge, measure_id: str, today: date) -> list[dict[str, object]]:
    """One row a value, oldest first."""
    measure = knowledge.measure(measure_id)
    rows = []
    for course in courses(case, knowledge, measure_id, today):
        first = course.points[0].value
        for point in course.points:
            rows.append({
                "Date": point.on, "Week": case.episode.week_on(point.on), "Side": course.side.value if course.side is not Side.NONE else "",
                "Value": point.value, "Unit": measure.unit, "Since baseline": round(point.value - first, measure.decimals), "From": point.source,
            })
        rows += [{
            "Date": one.on, "Week": case.episode.week_on(one.on), "Side": course.side.value if course.side is not Side.NONE else "",
            "Value": one.number, "Unit": measure.unit, "Since baseline": None, "From": CARRIED,
        } for one in carried_values(case, measure_id, course.side, today)]
    return sorted(rows, key=lambda row: (str(row["Date"]), str(row["Side"])))


def carried_values(case: Case, measure_id: str, side: Side, today: date) -> tuple[Observation, ...]:
    """Numbers taken over from an earlier visit: shown as such, and part of no verdict."""
    return tuple(one for one in case.series(measure_id, side, today) if one.carried and one.number is not None)


def _draw_carried(on: Chart, found: Sequence[Observation]) -> None:
    if found:
        on.dots(
            [one.on.isoformat() for one in found], [one.number for one in found], name="carried",
            marker={"symbol": "x-thin-open", "size": 10, "color": QUIET, "line": {"width": 2, "color": QUIET}}, cliponaxis=False,
            text=[f"{day_text(one.on)}, {CARRIED}" for one in found], hovertemplate="%{text}<br><b>%{y}</b><extra></extra>",
        )


def _reference(on: Chart, measure: Measure, main: Course, goal: Goal | None, y_range: Sequence[float]) -> list[Label]:
    """Band and lines from the baseline of the treated side, with the label of each."""
    base, verdict, labels = main.points[0].value, main.verdict, []
    low, high = y_range
    needed = needed_by_a_pair(measure, base) if verdict.needed is None else verdict.needed
    if needed is not None:
        on.band(max(low, base - needed), min(high, base + needed))
        good = 1 if measure.better is Better.HIGHER else -1
        edge = base + good * needed
        labels.append(Label(edge if low <= edge <= high else base - good * needed, "noise edge"))
    on.across(base, "dot", QUIET)
    labels.append(Label(base, f"baseline {plain(base, measure.decimals)}"))
    if verdict.mic is not None and measure.better is not Better.NEITHER:
        important = base + (verdict.mic if measure.better is Better.HIGHER else -verdict.mic)
        if low <= important <= high:
            on.across(important, "dashdot", QUIET)
            labels.append(Label(important, "important change"))
    if goal is not None:
        on.across(goal.target, "longdash", GOAL, width=1.8)
        labels.append(Label(goal.target, f"goal {plain(goal.target, measure.decimals)}", GOAL))
    return labels


def _draw(on: Chart, measure: Measure, course: Course, *, named: bool) -> Label:
    mark = MARKS[course.side]
    unit = f" {measure.unit}" if measure.unit else ""
    draw_course(
        on, course.points, color=mark.color, symbol=mark.symbol, dash=mark.dash, hover=f"%{{y}}{unit}{f' {mark.name}' if mark.name else ''}",
        name=mark.name, size=13 if named and course.side is Side.LEFT else 8 if named else 9, width=2.2, edge=2 if "open" in mark.symbol else 0,
    )
    last = course.points[-1].value
    name = f"{mark.name} " if named else ""
    words = VERDICT_WORDS[course.verdict.verdict] if course.verdict.n > 1 else "first value"
    return Label(last, f"<b>{name}{plain(last, measure.decimals)}</b><br>{words}", mark.color)


def _goal(case: Case, measure: Measure, side: Side, today: date) -> Goal | None:
    goals = [one for one in active_goals(case, today) if one.measure == measure.id and one.side in (side, Side.NONE)]
    return goals[-1] if goals else None


def _y_range(measure: Measure, found: Sequence[Course], goal: Goal | None) -> tuple[float, float]:
    """The whole scale of a score or a rating, so that a small change looks small; else the values with what belongs to them."""
    if measure.hard is not None and (measure.kind is MeasureKind.SCORE or (measure.kind is MeasureKind.INTEGER and measure.mic is not None)):
        low, high = measure.hard
        return low - 0.02 * (high - low), high + 0.02 * (high - low)
    values = [point.value for course in found for point in course.points]
    for course in found:
        spread = max(course.verdict.needed or 0, course.verdict.sdc or 0, course.verdict.mic or 0)
        values += [course.points[0].value - spread, course.points[0].value + spread]
    values += [goal.target] if goal else []
    room = max(max(values) - min(values), abs(max(values)) * 0.05, 1e-6) * ROOM
    return min(values) - room, max(values) + room


def _step(measure: Measure) -> float | None:
    if measure.hard is None or measure.kind not in (MeasureKind.SCORE, MeasureKind.INTEGER) or measure.mic is None:
        return None
    return {10.0: 2, 100.0: 20, 80.0: 20}.get(measure.hard[1] - measure.hard[0])


def _axis_title(measure: Measure) -> str:
    arrow = {Better.HIGHER: "higher is better", Better.LOWER: "lower is better", Better.NEITHER: ""}[measure.better]
    return ", ".join(part for part in (measure.unit.lstrip("/") and (f"0-{measure.unit[1:]}" if measure.unit.startswith("/") else measure.unit),
                                       arrow) if part)
