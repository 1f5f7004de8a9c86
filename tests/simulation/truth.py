"""What is truly so of a runner in a week, in the words of the alerts; told from the true course, never from what was measured."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from kneeclinic.record import TapeNote
from kneeclinic.vocabulary import PlannedState
from tests.simulation.courses import IMPORTANT_AKPS, IMPORTANT_PAIN, TrueWeek
from tests.simulation.runners import MINUTES_PER_KM, TAPE_WEEKS_MOST, Runner, look_day

RECENT_WEEKS = 4
"""A rise is a worsening when it came within so many weeks."""
PLATEAU_WEEKS = 3
STILL_HURTS_FROM = 2.5
ENOUGH_ADHERENCE = 0.6
POOR_WEEK = "a week poorly done"
"""Truly too few sessions in this one week, by a runner who else does enough. It makes an alert of low adherence right; only lasting
neglect must be found."""
WORSE_SCALE = "worse on the knee scale"
"""Truly below the start by the important change. It makes an alert of worsening right, but none can be asked of it within two weeks: the
scale is taken every four."""
FLUID = "fluid in the joint"
"""Truly there. It makes a red flag right that was raised because a grade of 1+ was read as 2+."""
FLUID_GRADES = ("1+", "2+", "3+")
RETEST_DAYS = 3
ROUNDS_TO = 0.5
"""A true pain of 2.4 is told as 2."""


def states(runner: Runner, week: int) -> frozenset[str]:
    """The alerts that would be right in a week (1 = the first). Of who has left only what the desk can know is said."""
    now, day = runner.course.weeks[week - 1], look_day(week)
    found = {"overdue"} if is_overdue(runner, day) else set()
    found |= {"support_overdue"} if is_taped_too_long(runner, day) else set()
    if now.gone:
        return frozenset(found | {"stopped_checking_in"})
    found |= {"red_flag"} if now.sign else set()
    found |= {FLUID} if now.fluid or now.sign else set()
    found |= {"worsening"} if is_worse(runner.course.weeks[:week]) else set()
    found |= {WORSE_SCALE} if runner.course.weeks[0].akps - now.akps >= IMPORTANT_AKPS else set()
    found |= {"plateau"} if is_on_a_plateau(runner.course.weeks[:week]) else set()
    found |= {POOR_WEEK} if runner.done[week - 1] < ENOUGH_ADHERENCE else set()
    found |= {"low_adherence"} if now.adherence < ENOUGH_ADHERENCE else set()
    found |= {"near_discharge"} if is_near_discharge(runner, now) else set()
    return frozenset(found)


def is_worse(weeks: tuple[TrueWeek, ...]) -> bool:
    """Worst pain by the important change above the best of the last four weeks or above the start."""
    first, now, best = weeks[0], weeks[-1], min(one.worst for one in weeks[-1 - RECENT_WEEKS:])
    return now.worst - min(best, first.worst) >= IMPORTANT_PAIN


def is_on_a_plateau(weeks: tuple[TrueWeek, ...]) -> bool:
    """Less than half the important change in pain and in function over three weeks, while it still hurts and the program is done."""
    if len(weeks) <= PLATEAU_WEEKS or is_worse(weeks):
        return False
    before, now = weeks[-1 - PLATEAU_WEEKS], weeks[-1]
    done = sum(one.adherence for one in weeks[-PLATEAU_WEEKS:]) / PLATEAU_WEEKS
    return (now.worst >= STILL_HURTS_FROM and done >= ENOUGH_ADHERENCE and before.worst - now.worst < IMPORTANT_PAIN / 2
            and now.akps - before.akps < IMPORTANT_AKPS / 2)


def is_without_gain(runner: Runner, week: int) -> bool:
    """Neither pain nor function has gained the important change since the start: what the rules of "no gain" ask."""
    first, now = runner.course.weeks[0], runner.course.weeks[week - 1]
    return first.worst - now.worst < IMPORTANT_PAIN and now.akps - first.akps < IMPORTANT_AKPS


def is_near_discharge(runner: Runner, now: TrueWeek) -> bool:
    """Every goal is truly reached, or the runner truly runs half an hour three times a week with next to no pain and even strength."""
    met = {"pain_worst": now.worst <= 2 + ROUNDS_TO, "akps": now.akps >= 85 - ROUNDS_TO}
    goals = runner.episode.goals
    runs_freely = (now.running <= 2 + ROUNDS_TO and now.worst - 2 <= 2 + ROUNDS_TO and now.symmetry >= 85
                   and now.km / 3 * MINUTES_PER_KM >= 30)
    return (bool(goals) and all(met[goal.measure] for goal in goals)) or runs_freely


def is_overdue(runner: Runner, day: date) -> bool:
    """An agreed visit has gone by, did not take place, and nobody has noted it; or fluid of 1+ was not tested again in three days."""
    tests = [one for one in runner.case_on(day).observations if one.measure == "stroke_test" and one.on <= day]
    newest = {one.side: one for one in sorted(tests, key=lambda one: one.on)}
    if any(one.value in FLUID_GRADES and (day - one.on).days > RETEST_DAYS for one in newest.values()):
        return True
    return any(one.visit.on < day and one.on_day(day).state is PlannedState.PLANNED for one in runner.agreed if one.agreed_on <= day)


def is_taped_too_long(runner: Runner, day: date) -> bool:
    tape = _tape_on(runner, day)
    return tape is not None and day - tape.started_on > timedelta(weeks=TAPE_WEEKS_MOST)


def _tape_on(runner: Runner, day: date) -> TapeNote | None:
    return [one for one in runner.programs if one.starts_on <= day][-1].tape


def spells(weeks: list[bool]) -> list[tuple[int, int]]:
    """First and last week (from 1) of each stretch in which something holds; a gap of one week does not end a stretch."""
    held = [week for week, holds in enumerate(weeks, start=1) if holds]
    breaks = [at for at, (one, next_one) in enumerate(pairwise(held), start=1) if next_one - one > 2]
    edges = [0, *breaks, len(held)]
    return [(held[first], held[last - 1]) for first, last in pairwise(edges) if last > first]
