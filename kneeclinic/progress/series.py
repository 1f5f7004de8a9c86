"""The values of one measure over time, from the visits and from what the patient told between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kneeclinic.knowledge import Knowledge
from kneeclinic.record.case import Case
from kneeclinic.record.weeks import CheckIn
from kneeclinic.rules.derived import OF_BOTH_LEGS, OF_ONE_LEG
from kneeclinic.rules.facts import facts_of
from kneeclinic.vocabulary import MeasureSides, Side

MADE_OF = OF_BOTH_LEGS | OF_ONE_LEG
TOLD_AS = {"pain_usual": "pain_usual", "pain_worst": "pain_worst", "pain_rest_24h": "pain_next_morning"}
"""Measures that a check-in tells as well, and what it calls them."""


@dataclass(frozen=True)
class Point:
    """One value on one day; `source` is visit, check-in or derived."""

    on: date
    value: float
    source: Literal["visit", "check-in", "derived"]


def pain_series(case: Case, kind: str, side: Side | None = None) -> tuple[Point, ...]:
    """Pain 0-10 from visits and check-ins, oldest first; a check-in stands on the last day that it tells of.

    `kind` is pain_worst, pain_usual or pain_rest_24h (in a check-in: next morning). A check-in has no side: it speaks for the treated
    knee, for both where both are treated.
    """
    sides = case.episode.side.sides if side is None else (side,)
    seen = [
        Point(one.on, one.number, "visit")
        for each in sides
        for one in case.series(kind, each)
        if one.number is not None and not one.carried
    ]
    if any(each in case.episode.side.sides for each in sides):
        seen += told_values(case.check_ins, TOLD_AS[kind])
    return tuple(sorted(seen, key=lambda point: point.on))


def told_values(check_ins: Sequence[CheckIn], kind: str) -> list[Point]:
    """Pain as the check-ins tell it, one point a week; where only days were told, the worst (usual: the mean) of the days."""
    points = []
    for week in check_ins:
        value = _of_week(week, kind)
        if week.invalidated_at is None and value is not None:
            points.append(Point(last_day_told(week), value, "check-in"))
    return points


def _of_week(week: CheckIn, kind: str) -> float | None:
    total: int | None = getattr(week, kind)
    if total is not None:
        return float(total)
    days = [told for told in (getattr(day, kind) for day in week.days) if told is not None]
    if not days:
        return None
    return sum(days) / len(days) if kind == "pain_usual" else float(max(days))


def last_day_told(week: CheckIn) -> date:
    """The day a check-in stands for: the end of its week, or the day it was entered when that came first."""
    if week.entered_at is None:
        return week.week_end
    return max(week.week_start, min(week.week_end, week.entered_at.date()))


def main_side(case: Case, today: date) -> Side:
    """The knee to look at first: the treated one; with both, the one with the worse latest worst pain, left on a tie."""
    sides = case.episode.side.sides
    if len(sides) == 1:
        return sides[0]

    def latest_pain(side: Side) -> float:
        found = case.latest("pain_worst", side, today)
        return found.number if found is not None and found.number is not None else -1.0

    return max(sides, key=lambda side: (latest_pain(side), side is Side.LEFT))


def fitting_side(case: Case, knowledge: Knowledge, measure: str, side: Side, today: date) -> Side:
    """The side that a measure can be read on: none for the person; for a knee, `side` or else the knee to look at first."""
    if knowledge.measure(measure).sides is MeasureSides.NONE:
        return Side.NONE
    return main_side(case, today) if side is Side.NONE else side


def values_of(case: Case, knowledge: Knowledge, measure: str, side: Side, today: date) -> tuple[Point, ...]:
    """Every number of one measure on one side up to today, oldest first, one a day: the last that was entered that day.

    Carried values are no new look and are left out; derived measures come from the rules, pain also from the check-ins.
    """
    side = fitting_side(case, knowledge, measure, side, today)
    if knowledge.measure(measure).derived:
        points = _derived(case, knowledge, measure, side, today)
    elif measure in TOLD_AS:
        points = list(pain_series(case, measure, side))
    else:
        points = [Point(one.on, one.number, "visit") for one in case.series(measure, side) if one.number is not None and not one.carried]
    return tuple({point.on: point for point in points if point.on <= today}.values())


def _derived(case: Case, knowledge: Knowledge, measure: str, side: Side, today: date) -> list[Point]:
    """A computed measure as it stood on each day on which what it is made of was measured: a range of motion is no new test of strength."""
    parts, family = MADE_OF.get(measure), measure.rsplit("_", 1)[0]
    days = sorted({one.on for one in case.observations if (one.measure in parts if parts else family in one.measure)
                   and one.is_valid and not one.carried and one.on <= today})
    values = [(day, facts_of(case, knowledge, day).number(measure, side)) for day in days]
    return [Point(day, value, "derived") for day, value in values if value is not None]
