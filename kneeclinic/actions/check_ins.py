"""The week between visits as the patient lived it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from kneeclinic.actions.gate import permit, write, written_reason
from kneeclinic.clinic import Clinic
from kneeclinic.record import CheckIn, CheckInDay, Episode
from kneeclinic.record.forms import CheckInForm
from kneeclinic.rules.load import sessions_due
from kneeclinic.security.accounts import Actor
from kneeclinic.store.check_ins import check_ins_by_episode, read_check_in, save_check_in, save_check_in_invalidated
from kneeclinic.store.episodes import read_episode
from kneeclinic.store.programs import programs_of
from kneeclinic.vocabulary import Refused, new_id

DAYS_A_WEEK = 7


def record_check_in(clinic: Clinic, actor: Actor, episode_id: str, form: CheckInForm) -> CheckIn:
    """The week as told. A second check-in for the same week takes the place of the first, which stays in the record.

    Where days are given and totals are not, the totals are those of the days; sessions prescribed come from the program of that week.
    """
    permit(clinic, actor, "record_check_in", "episode", episode_id)
    episode = read_episode(clinic.database, episode_id)
    _check_week(clinic, episode, form)
    check_in = _check_in(clinic, actor, episode, form)
    older = [one.id for one in check_ins_by_episode(clinic.database, [episode_id])[episode_id] if one.week_start == form.week_start]
    detail = {"episode": episode_id, "week_start": str(form.week_start), "source": form.source.value, "replaces": older}
    write(clinic, actor, "record_check_in", "check_in", check_in.id, detail, lambda tx: save_check_in(tx, check_in),
          patient_id=episode.patient_id)
    return check_in


def invalidate_check_in(clinic: Clinic, actor: Actor, check_in_id: str, why: str) -> CheckIn:
    """The week as invalid; an earlier entry of the same week counts again."""
    permit(clinic, actor, "invalidate_check_in", "check_in", check_in_id)
    check_in = read_check_in(clinic.database, check_in_id)
    words = written_reason("why", why, "taking a check-in back")
    write(clinic, actor, "invalidate_check_in", "check_in", check_in_id, {"why": words},
          lambda tx: save_check_in_invalidated(tx, check_in_id, clinic.now), patient_id=check_in.patient_id)
    return replace(check_in, invalidated_at=clinic.now)


def _check_week(clinic: Clinic, episode: Episode, form: CheckInForm) -> None:
    start, first_day = form.week_start, clinic.profile.week_start
    if start.weekday() != first_day:
        days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
        raise Refused(f"week_start: {start} is a {days[start.weekday()]}; the weeks of this clinic begin on {days[first_day]}.")
    if start > clinic.today:
        raise Refused(f"week_start: the week of {start} has not begun; enter a week up to today ({clinic.today}).")
    if start + timedelta(days=6) < episode.opened_on:
        raise Refused(f"week_start: the week of {start} ends before the episode was opened ({episode.opened_on}).")
    for day in form.days:
        if day.on > clinic.today:
            raise Refused(f"days: {day.on} is in the future; enter days up to today ({clinic.today}).")
        for exercise in day.done:
            clinic.knowledge.exercise(exercise)
        if day.pain_worst is not None and day.pain_usual is not None and day.pain_worst < day.pain_usual:
            raise Refused(f"days: on {day.on} pain_worst {day.pain_worst} is below pain_usual {day.pain_usual}.")
    if len({day.on for day in form.days}) != len(form.days):
        raise Refused("days: one day came twice; keep one.")
    if form.sessions_done and form.sessions_prescribed == 0:
        raise Refused(f"sessions_done: {form.sessions_done} were done but 0 prescribed; correct one of the two.")


def _check_in(clinic: Clinic, actor: Actor, episode: Episode, form: CheckInForm) -> CheckIn:
    days = tuple(CheckInDay(**day.model_dump()) for day in sorted(form.days, key=lambda one: one.on))
    programs = programs_of(clinic.database, episode.id)
    program = next((one for one in reversed(programs) if one.starts_on <= form.week_start + timedelta(days=6)), None)
    prescribed = form.sessions_prescribed
    if prescribed is None and program is not None and program.items:
        prescribed = sessions_due(programs, form.week_start)
    done = form.sessions_done
    exercises = max((len(one.items) for one in programs if one.starts_on <= form.week_start + timedelta(days=6)), default=0)
    if exercises and done is not None and done > (most := DAYS_A_WEEK * exercises):
        raise Refused(f"sessions_done: {done} came; at most {most} are possible, as each of the {exercises} exercises counts once a day.")
    if done is None and days:
        done = sum(len(day.done) for day in days)
    return CheckIn(
        id=new_id(), episode_id=episode.id, patient_id=episode.patient_id, week_start=form.week_start, source=form.source,
        sessions_done=done, sessions_prescribed=prescribed,
        pain_usual=form.pain_usual,
        pain_worst=_given_or_most(form.pain_worst, (day.pain_worst for day in days)),
        pain_next_morning=_given_or_most(form.pain_next_morning, (day.pain_next_morning for day in days)),
        tape_days=form.tape_days if form.tape_days is not None else _sum_or_none(day.tape_worn for day in days),
        km=form.km if form.km is not None else _sum_or_none(day.km for day in days),
        note=form.note, days=days, program_id=program.id if program else "", entered_by=actor.account_id, entered_at=clinic.now,
    )


def _given_or_most(given: int | None, days: Iterable[int | None]) -> int | None:
    return given if given is not None else max((one for one in days if one is not None), default=None)


def _sum_or_none(values: Iterable[Any]) -> Any:
    known = [one for one in values if one is not None]
    return sum(known) if known else None
