"""Where a course and its plan have parted: more run than planned, fluid not tested again, a program of an earlier phase."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.adherence import facts_of_weeks
from kneeclinic.progress.amounts import day_text
from kneeclinic.progress.load import running_threshold
from kneeclinic.progress.week import effusion_week
from kneeclinic.record.case import Case
from kneeclinic.rules.load import week_km
from kneeclinic.vocabulary import Side

WEEK = 7


@dataclass(frozen=True)
class RunBeyond:
    """Kilometres of the newest seven days that were told of, and what the plan of those days allowed."""

    km: float
    planned: float

    @property
    def sentence(self) -> str:
        return f"Ran {self.km:.0f} km, plan {self.planned:.0f} km."


def ran_beyond_plan(case: Case, knowledge: Knowledge, today: date) -> RunBeyond | None:
    """The week's running where it is clearly above the plan: by share and by distance, or any real run where the plan says none.

    Of several versions in those days the most generous counts; a version without kilometres says nothing.
    """
    facts = facts_of_weeks(case, today)
    for ago in (0, 1):
        km = week_km(facts, ago)
        if km is None:
            continue
        planned = _planned(case, today - timedelta(days=WEEK * ago))
        if planned is None:
            return None
        over = running_threshold(knowledge, "over_plan_km")
        share = 1 + running_threshold(knowledge, "over_plan_percent") / 100
        return RunBeyond(km, planned) if km > planned * share and km - planned > over else None
    return None


def _planned(case: Case, last: date) -> float | None:
    first = last - timedelta(days=WEEK - 1)
    begun = [one for one in case.programs if one.starts_on <= last]
    before = [one for one in begun if one.starts_on <= first]
    stood = [*before[-1:], *(one for one in begun if one.starts_on > first)]
    if not before or any(one.load is None or one.load.weekly_km is None for one in stood):
        return None
    return max(one.load.weekly_km for one in stood if one.load is not None and one.load.weekly_km is not None)


@dataclass(frozen=True)
class Fluid:
    """A stroke test of 1+ or more that stands: grade, day, and when it was to be tested again."""

    grade: str
    tested: date
    due: date

    def days_late(self, today: date) -> int:
        return max(0, (today - self.due).days)

    @property
    def sentence(self) -> str:
        return f"Fluid {self.grade} on {day_text(self.tested, year=False)}: test again was due {day_text(self.due, year=False)}."


def standing_fluid(case: Case, knowledge: Knowledge, today: date) -> Fluid | None:
    """Fluid of the newest tests, of the worse knee; None below 1+."""
    grade, _ = effusion_week(case, knowledge, today)
    grades = knowledge.measure("stroke_test").choices
    least = next(one.thresholds["effusion_from"] for one in knowledge.reviews if one.id == "WR2")
    if grade is None or grades.index(grade) < least:
        return None
    newest = [tests[-1] for side in (Side.LEFT, Side.RIGHT) if (tests := case.series("stroke_test", side, today))]
    tested = max(one.on for one in newest if one.value == grade)
    return Fluid(grade, tested, tested + timedelta(days=int(running_threshold(knowledge, "fluid_recheck_days"))))


def phases_behind(case: Case, phase_now: int) -> int:
    """By how many phases the program lags behind the knee; 0 without a program or with a paused one."""
    program = case.program
    return 0 if program is None or program.paused else max(0, phase_now - program.phase)


def behind_words(case: Case, phase_now: int) -> str:
    return f"program written for phase {case.program.phase if case.program else 0}, now phase {phase_now}"
