"""The course of one measure as a chart on paper: both knees, noise band, important change, goal, and tape or orthosis on the way."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from kneeclinic.documents.chart_block import ChartBlock, ChartEvent, ChartLine
from kneeclinic.knowledge import Knowledge
from kneeclinic.knowledge.schema import Measure
from kneeclinic.progress.amounts import in_units, number_text, unit_of, value_text
from kneeclinic.progress.change import ChangeVerdict, judge_case
from kneeclinic.progress.goals import active_goals
from kneeclinic.progress.noise import BOUNDARY_PAIR, standard_error
from kneeclinic.progress.series import Point, main_side, values_of
from kneeclinic.progress.supports import support_periods
from kneeclinic.record import Case, Goal
from kneeclinic.vocabulary import Better, MeasureKind, MeasureSides, Side, Units, Verdict

LEAST_SPREAD = 0.15
"""Of the first value: without a noise band the axis reaches at least so far, so that a small change looks small."""
MARKS = {Side.LEFT: "circle", Side.RIGHT: "square", Side.NONE: "diamond"}


def course_chart(case: Case, knowledge: Knowledge, measure_id: str, today: date, units: Units, *, plot_height: float = 92) -> ChartBlock | None:
    """The chart of a measure with at least two values on a treated knee (or of the person), else None."""
    measure = knowledge.measure(measure_id)
    courses = {side: points for side in _sides(case, measure) if (points := values_of(case, knowledge, measure_id, side, today))}
    main = main_side(case, today) if measure.sides is MeasureSides.EACH else Side.NONE
    if main not in courses or len(courses[main]) < 2:
        several = [side for side, points in courses.items() if len(points) > 1 and (side is Side.NONE or side in case.episode.side.sides)]
        if not several:
            return None
        main = several[0]
    verdict = judge_case(case, knowledge, measure_id, main, today)
    goal = _goal(case, measure, main, today)
    base = courses[main][0].value
    needed = _needed(measure, verdict)
    important = base + (verdict.mic if measure.better is Better.HIGHER else -verdict.mic) if verdict.mic and _is_judged(measure) else None
    low, high = _axis(measure, courses.values(), base, needed, important, goal, units)

    def there(value: float) -> float:
        return in_units(measure, value, units)

    first = min(points[0].on for points in courses.values())
    last = max(points[-1].on for points in courses.values())
    lines = tuple(
        ChartLine(side.value if side is not Side.NONE else "", tuple((one.on, there(one.value)) for one in points), MARKS[side],
                  dashed=side is not main and side is not Side.NONE, end=_end(measure, side, points[-1].value, len(courses) > 1, units))
        for side, points in courses.items()
    )
    return ChartBlock(
        _title(measure), lines, low, high, first, last, unit=_scale(measure, units),
        sentence=_sentences(case, knowledge, measure, main, verdict, courses, today, units),
        noise=None if needed is None else (max(low, there(base - needed)), min(high, there(base + needed))),
        noise_label="noise around the first", important=None if important is None else there(important), important_label="important change",
        goal=None if goal is None else there(goal.target), goal_label="" if goal is None else f"goal {number_text(measure, goal.target, units)}",
        baseline=there(base), baseline_label=f"first {number_text(measure, base, units)}", events=_events(case, knowledge, first, last),
        plot_height=plot_height,
    )


def _sentences(case: Case, knowledge: Knowledge, measure: Measure, main: Side, verdict: ChangeVerdict, courses: Mapping[Side, Sequence[Point]],
               today: date, units: Units) -> str:
    """The verdict on the knee that carries the lines, then on the other one where it is treated too."""
    told = [course_sentence(measure, main, verdict, units)]
    for side in courses:
        if side is not main and side in case.episode.side.sides:
            told.append(course_sentence(measure, side, judge_case(case, knowledge, measure.id, side, today), units))
    return " ".join(told)


def course_sentence(measure: Measure, side: Side, verdict: ChangeVerdict, units: Units) -> str:
    """The verdict under a chart, with its numbers."""
    where = f"{side.value.capitalize()} knee: " if side is not Side.NONE else ""
    if verdict.verdict is not Verdict.NOT_JUDGED or verdict.first is None or verdict.last is None:
        return f"{where}{verdict.clinician_words}"
    first, last = (value_text(measure, one, units) for one in (verdict.first, verdict.last))
    return f"{where}{first} to {last} ({verdict.n} values), not judged. {verdict.why}"


def _sides(case: Case, measure: Measure) -> tuple[Side, ...]:
    """Both knees of a measure of the knee; of a symmetry only the treated ones."""
    if measure.sides is MeasureSides.NONE:
        return (Side.NONE,)
    return case.episode.side.sides if measure.derived else (Side.LEFT, Side.RIGHT)


def _title(measure: Measure) -> str:
    return f"{measure.label} ({measure.short})" if measure.short and measure.short.isupper() else measure.label


def _scale(measure: Measure, units: Units) -> str:
    unit = unit_of(measure, units)
    unit = f"0-{unit[1:]}" if unit.startswith("/") else unit
    better = {Better.HIGHER: "higher is better", Better.LOWER: "lower is better", Better.NEITHER: ""}[measure.better]
    return ", ".join(one for one in (unit, better) if one)


def _end(measure: Measure, side: Side, value: float, several: bool, units: Units) -> str:
    number = number_text(measure, value, units)
    return f"{side.value} {number}" if several and side is not Side.NONE else f"now {number}"


def _is_judged(measure: Measure) -> bool:
    return measure.better is not Better.NEITHER


def _needed(measure: Measure, verdict: ChangeVerdict) -> float | None:
    """Half the height of the noise band; before anything was judged that of a single pair."""
    if verdict.needed is not None:
        return verdict.needed
    if verdict.sdc is None or not _is_judged(measure):
        return None
    return BOUNDARY_PAIR * math.sqrt(2) * standard_error(verdict.sdc)


def _goal(case: Case, measure: Measure, side: Side, today: date) -> Goal | None:
    found = [one for one in active_goals(case, today) if one.measure == measure.id and one.side in (side, Side.NONE)]
    return found[-1] if found else None


def _events(case: Case, knowledge: Knowledge, first: date, last: date) -> tuple[ChartEvent, ...]:
    """Supports on and off, and the versions of the program."""
    found: dict[date, list[str]] = {}
    for program in case.programs:
        if first <= program.starts_on <= last:
            found.setdefault(program.starts_on, []).append(f"program {program.version}")
    for label, on, off in support_periods(case, knowledge, last):
        name = label.split(" (")[0].split(",")[0].lower()
        if first <= on <= last:
            found.setdefault(on, []).append(f"{name} on")
        if off is not None and first <= off <= last:
            found.setdefault(off, []).append(f"{name} off")
    return tuple(ChartEvent(on, ", ".join(dict.fromkeys(words))) for on, words in sorted(found.items()))


def _axis(measure: Measure, courses: Iterable[Sequence[Point]], base: float, needed: float | None, important: float | None,
          goal: Goal | None, units: Units) -> tuple[float, float]:
    """The whole scale of a score or rating, so that a small change looks small; else round ends around all that is shown."""
    if measure.hard is not None and (measure.kind is MeasureKind.SCORE or measure.unit == "/10"):
        return measure.hard
    values = [base] + [point.value for points in courses for point in points]
    spread = needed if needed is not None else abs(base) * LEAST_SPREAD
    values += [base - spread, base + spread]
    values += [one for one in (important, goal.target if goal else None) if one is not None]
    lowest, highest = (in_units(measure, one, units) for one in (min(values), max(values)))
    step = _round_step((highest - lowest) / 4 or abs(highest) / 4 or 1)
    low, high = math.floor(lowest / step) * step, math.ceil(highest / step) * step
    return (max(0.0, low) if lowest >= 0 else low), (high if high > low else low + step)


def _round_step(at_least: float) -> float:
    """1, 2, 2.5, 5 or 10 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(at_least))
    return next(one * power for one in (1, 2, 2.5, 5, 10) if one * power >= at_least - 1e-12)


