"""Computed measures of the weeks between visits: running load, sessions done, the distance that is tolerated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import fmean
from typing import TYPE_CHECKING

from kneeclinic.record.programs import Program, ProgramItem
from kneeclinic.record.weeks import CheckIn, Run
from kneeclinic.vocabulary import Side

if TYPE_CHECKING:
    from kneeclinic.rules.facts import Facts

WEEK = 7
MOST_RISE = 1000.0  # per cent; a rise from next to nothing has no meaning beyond "very much"


def runs_within(facts: Facts, days: int) -> list[Run]:
    """Runs of the last `days` days, today included, oldest first."""
    first = facts.today - timedelta(days=days - 1)
    found = [run for run in facts.case.runs if run.invalidated_at is None and first <= run.on <= facts.today]
    return sorted(found, key=lambda run: run.started)


def check_ins(facts: Facts) -> list[CheckIn]:
    """Valid check-ins of weeks that have begun, oldest first."""
    found = [one for one in facts.case.check_ins if one.invalidated_at is None and one.week_start <= facts.today]
    return sorted(found, key=lambda one: one.week_start)


def week_km(facts: Facts, weeks_ago: int) -> float | None:
    """Kilometres of the seven days that ended `weeks_ago` weeks before today: runs, or the total that was told if that is more; None if unknown."""
    last = facts.today - timedelta(days=WEEK * weeks_ago)
    first = last - timedelta(days=WEEK - 1)
    runs = [run.km for run in facts.case.runs if run.invalidated_at is None and first <= run.on <= last]
    told = [one.km for one in check_ins(facts) if one.km is not None and first <= min(one.week_end, facts.today) <= last]
    known = ([sum(runs)] if runs else []) + told
    return max(known) if known else None


def load_rise_14d(facts: Facts, side: Side) -> float | None:
    """Per cent by which the weekly distance of the last 14 days is above that of the 14 days before.

    Weeks without a word are left out, not counted as zero. Never more than ten times. With no word on the 14 days before,
    this week is set against last week.
    """
    now, week_ago, before = week_km(facts, 0), week_km(facts, 1), [week_km(facts, 2), week_km(facts, 3)]
    earlier = [km for km in before if km is not None]
    later = [km for km in (now, week_ago) if km is not None]
    if not earlier and now is not None and week_ago is not None:
        earlier, later = [week_ago], [now]
    if not earlier or not later or fmean(earlier) <= 0:
        return None
    rise = 100 * (fmean(later) - fmean(earlier)) / fmean(earlier)
    return round(min(rise, MOST_RISE), 6)


def adherence_7d(facts: Facts, side: Side) -> float | None:
    """Sessions done / prescribed x 100 of the newest check-in whose week touches the last seven days; None when not told."""
    since = facts.today - timedelta(days=WEEK)
    for one in reversed(check_ins(facts)):
        done, prescribed = sessions_done(one), sessions_prescribed(facts, one)
        if one.week_end >= since and done is not None and prescribed:
            return 100 * done / prescribed
    return None


def sessions_done(check_in: CheckIn) -> int | None:
    """The total that was told, else the ticks of the days; None when neither is there."""
    if check_in.sessions_done is not None:
        return check_in.sessions_done
    return sum(len(day.done) for day in check_in.days) if check_in.days else None


def sessions_prescribed(facts: Facts, check_in: CheckIn) -> int | None:
    """The total that was told, else the sessions due in that week."""
    if check_in.sessions_prescribed is not None:
        return check_in.sessions_prescribed
    return sessions_due(facts.case.programs, check_in.week_start)


def sessions_due(programs: Sequence[Program], week_start: date) -> int | None:
    """Sessions of the program that ran at the end of that week; of the first program only those from the day it began. None before it."""
    running = [one for one in programs if one.starts_on <= week_start + timedelta(days=WEEK - 1)]
    if not running:
        return None
    return sum(sessions_of(item, max(week_start, running[0].starts_on), week_start) for item in running[-1].items)


def sessions_of(item: ProgramItem, begun: date, week_start: date) -> int:
    """Sessions of one exercise in the rest of a week: the chosen days from then on, else its share of the week, rounded down."""
    left = WEEK - (begun - week_start).days
    if left >= WEEK:
        return item.dose.days_per_week
    if item.days:
        return sum((week_start + timedelta(days=day)).weekday() in item.days for day in range(WEEK - left, WEEK))
    return item.dose.days_per_week * left // WEEK


def pain_threshold_km(facts: Facts, side: Side) -> float | None:
    """Longest recent run that stayed at or below the tolerated pain and settled within an hour (Source A); km, or None.

    A run without pain has nothing to settle; a run whose settling was not asked does not count otherwise.
    """
    limits = {one.id: one.value for one in facts.knowledge.running.thresholds}
    tolerated = [
        run.km
        for run in runs_within(facts, int(limits["recent_run_days"]))
        if run.pain_during is not None and run.pain_during <= limits["run_pain_most"] and _has_settled(run)
    ]
    return max(tolerated) if tolerated else None


def shortest_painful_km(facts: Facts) -> float | None:
    """Shortest recent run that hurt more than is tolerated or did not settle; km, or None.

    A run no longer counts once two later ones of at least its length were tolerated: as many as let the distance rise.
    """
    limits = {one.id: one.value for one in facts.knowledge.running.thresholds}
    runs = runs_within(facts, int(limits["recent_run_days"]))
    most, enough = limits["run_pain_most"], int(limits["green_runs_to_rise"])
    painful = [
        run.km
        for at, run in enumerate(runs)
        if has_hurt(run, most)
        and sum(later.km >= run.km and later.pain_during is not None and not has_hurt(later, most) and _has_settled(later)
                for later in runs[at + 1:]) < enough
    ]
    return min(painful, default=None)


def has_hurt(run: Run, most: float) -> bool:
    """Whether pain in the run or next morning was above the tolerated, or was still there after an hour."""
    told = [one for one in (run.pain_during, run.pain_next_morning) if one is not None]
    return bool(told) and (max(told) > most or run.settled_within_60_min is False)


def _has_settled(run: Run) -> bool:
    return bool(run.settled_within_60_min) or (run.pain_during == 0 and run.settled_within_60_min is None)


def run_not_settled(facts: Facts, side: Side) -> float | None:
    """1 when the newest run of the last seven days was still felt after an hour, 0 when not, None when nobody asked."""
    asked = [run.settled_within_60_min for run in runs_within(facts, WEEK) if run.settled_within_60_min is not None]
    return float(not asked[-1]) if asked else None
