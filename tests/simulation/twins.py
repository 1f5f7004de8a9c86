"""Slow, obvious second answers for adherence and for the rise of running load, read straight from the record."""

from __future__ import annotations

from datetime import date, timedelta

from kneeclinic.record import Case, ProgramItem


def adherence_percent(case: Case, today: date) -> float | None:
    """Done / prescribed of the newest told week that reaches into the last seven days."""
    answer = None
    for week in sorted(case.check_ins, key=lambda one: one.week_start):
        done = week.sessions_done
        if done is None and week.days:
            done = sum(1 for day in week.days for _ in day.done)
        sunday, prescribed = week.week_start + timedelta(days=6), week.sessions_prescribed
        if prescribed is None:
            for program in case.programs:
                if program.starts_on <= sunday:
                    prescribed = sum(_sessions(item, case.programs[0].starts_on, week.week_start) for item in program.items)
        if week.week_start <= today and 0 <= (today - sunday).days <= 7 and done is not None and prescribed:
            answer = 100 * done / prescribed
    return answer


def _sessions(item: ProgramItem, begun: date, monday: date) -> int:
    """Sessions of one exercise in a week: before the first program began none were due, day by day or by their share of the week."""
    days = [monday + timedelta(days=at) for at in range(7) if monday + timedelta(days=at) >= begun]
    if item.days and len(days) < 7:
        return len([day for day in days if day.weekday() in item.days])
    return int(item.dose.days_per_week * len(days) / 7 + 1e-9)


def load_rise_percent(case: Case, today: date) -> float | None:
    """Mean kilometres of the last two weeks against the two before; weeks of which nobody spoke do not count."""
    km: list[float | None] = []
    for ago in range(4):
        days = [today - timedelta(days=7 * ago + back) for back in range(7)]
        run = [one.km for one in case.runs if one.started.date() in days]
        told = [one.km for one in case.check_ins if one.km is not None and one.week_start + timedelta(days=6) in days]
        km.append(max([sum(run)] * bool(run) + told, default=None))
    if km[2] is None and km[3] is None:
        now, before = km[:1], km[1:2]
    else:
        now, before = km[:2], km[2:]
    later, earlier = [one for one in now if one is not None], [one for one in before if one is not None]
    if not later or not earlier or not sum(earlier):
        return None
    return 100 * (sum(later) / len(later)) / (sum(earlier) / len(earlier)) - 100
