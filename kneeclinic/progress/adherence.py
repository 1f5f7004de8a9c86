"""How much of the program was done: in the last seven days, week by week, exercise by exercise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from kneeclinic.knowledge import Knowledge
from kneeclinic.record.case import Case
from kneeclinic.record.programs import Program
from kneeclinic.record.weeks import CheckIn
from kneeclinic.rules import load
from kneeclinic.rules.facts import Facts
from kneeclinic.vocabulary import Side


@dataclass(frozen=True)
class WeekDone:
    """Sessions of one week; a session is one exercise on one day. None = not told."""

    week_start: date
    done: int | None
    prescribed: int | None
    percent: float | None


@dataclass(frozen=True)
class ExerciseDone:
    """Days on which one exercise was ticked, of the days prescribed, over the weeks that were told day by day."""

    exercise: str
    done: int
    prescribed: int

    @property
    def percent(self) -> float:
        return 100 * self.done / self.prescribed


@dataclass(frozen=True)
class Adherence:
    """Per cent of prescribed sessions; None = not told, never zero."""

    percent_7d: float | None
    by_week: tuple[WeekDone, ...] = ()
    by_exercise: Mapping[str, ExerciseDone] = field(default_factory=dict)


def adherence(case: Case, today: date) -> Adherence:
    """What was done up to today. `percent_7d` is the computed measure `adherence_7d` of the rules."""
    facts = facts_of_weeks(case, today)
    weeks = load.check_ins(facts)
    return Adherence(
        percent_7d=load.adherence_7d(facts, Side.NONE),
        by_week=tuple(_week(facts, one) for one in weeks),
        by_exercise=_by_exercise(case, weeks),
    )


def facts_of_weeks(case: Case, today: date) -> Facts:
    """Facts for the functions that read only the weeks between visits, and so need no catalogue."""
    return Facts(case, cast("Knowledge", None), today)


def program_on(case: Case, day: date) -> Program | None:
    """The program version that ran on a day, or None before the first."""
    running = [one for one in case.programs if one.starts_on <= day]
    return running[-1] if running else None


def _week(facts: Facts, check_in: CheckIn) -> WeekDone:
    done, prescribed = load.sessions_done(check_in), load.sessions_prescribed(facts, check_in)
    percent = 100 * done / prescribed if done is not None and prescribed else None
    return WeekDone(check_in.week_start, done, prescribed, percent)


def _by_exercise(case: Case, weeks: list[CheckIn]) -> dict[str, ExerciseDone]:
    done: Counter[str] = Counter()
    prescribed: Counter[str] = Counter()
    for week in weeks:
        program = program_on(case, week.week_end)
        if not week.days or program is None:
            continue
        for item in program.items:
            prescribed[item.exercise] += load.sessions_of(item, max(week.week_start, case.programs[0].starts_on), week.week_start)
        done.update(exercise for day in week.days for exercise in day.done)
    return {exercise: ExerciseDone(exercise, done[exercise], count) for exercise, count in prescribed.items() if count}
