"""The week between visits as the patient lived it: check-ins and runs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kneeclinic.actions.gate import permit, write, written_reason
from kneeclinic.clinic import Clinic
from kneeclinic.record import Case, CheckIn, CheckInDay, Run
from kneeclinic.record.forms import CheckInForm, RunForm
from kneeclinic.security.accounts import Actor
from kneeclinic.store.read import read_case, read_run, runs_of
from kneeclinic.store.save import save_check_in, save_check_in_invalid, save_run, save_run_file
from kneeclinic.vocabulary import PAIN, Refused, new_id

EARLIEST_RUN_YEARS = 30
SAME_START = timedelta(seconds=90)
"""Two devices of one runner do not start in the same second."""
SAME_KM = 0.05
"""Two devices differ by a few per cent in distance."""


@dataclass(frozen=True)
class RunAnswer:
    """What became of one run of a file: `stored`, `duplicate` or `refused`, with the reason."""

    outcome: str
    run: Run | None = None
    why: str = ""


def record_check_in(clinic: Clinic, actor: Actor, episode_id: str, form: CheckInForm) -> CheckIn:
    """The week as told. A second check-in for the same week replaces the first, which stays in the record as invalid.

    Where days are given and totals are not, the totals are those of the days; sessions prescribed come from the program of that week.
    """
    permit(clinic, actor, "record_check_in", "episode", episode_id)
    case = read_case(clinic.database, episode_id)
    _check_week(clinic, case, form)
    check_in = _check_in(clinic, actor, case, form)
    older = [one for one in case.check_ins if one.week_start == form.week_start]

    def change(tx: Any) -> None:
        for one in older:
            save_check_in_invalid(tx, one.id, actor.account_id, clinic.now)
        save_check_in(tx, check_in)

    detail = {"week_start": str(form.week_start), "source": form.source.value, "replaces": [one.id for one in older]}
    write(clinic, actor, "record_check_in", "check_in", check_in.id, detail | {"episode": episode_id}, change)
    return check_in


def record_runs(clinic: Clinic, actor: Actor, episode_id: str, forms: Sequence[RunForm]) -> tuple[Run, ...]:
    """Runs that were told. All or none; a run that is recorded already is refused."""
    permit(clinic, actor, "record_runs", "episode", episode_id)
    case = read_case(clinic.database, episode_id)
    known = list(runs_of(clinic.database, case.patient.id))
    runs = []
    for form in forms:
        why = _run_refusal(clinic, form)
        if why:
            raise Refused(why)
        if _double(form, known):
            raise Refused(f"started: the run of {form.started:%Y-%m-%d %H:%M} is recorded already.")
        runs.append(_run(clinic, actor, case, form))
        known.append(runs[-1])

    def change(tx: Any) -> None:
        for run in runs:
            save_run(tx, run)

    if runs:
        write(clinic, actor, "record_runs", "episode", episode_id, {"runs": [run.id for run in runs]}, change)
    return tuple(runs)


def record_run_file(
    clinic: Clinic, actor: Actor, episode_id: str, name: str, data: bytes, forms: Sequence[RunForm],
) -> tuple[RunAnswer, ...]:
    """One answer a form, in order. New runs are stored with the file itself, sealed; a known one is a duplicate; one to come is refused."""
    permit(clinic, actor, "record_run_file", "episode", episode_id)
    case = read_case(clinic.database, episode_id)
    known = list(runs_of(clinic.database, case.patient.id))
    answers = []
    for form in forms:
        why = _run_refusal(clinic, form)
        double = None if why else _double(form, known)
        if why:
            answers.append(RunAnswer("refused", None, why))
        elif double is not None:
            answers.append(RunAnswer("duplicate", double, f"recorded already ({double.started:%Y-%m-%d %H:%M}, {double.km:.1f} km)"))
        else:
            run = _run(clinic, actor, case, form)
            known.append(run)
            answers.append(RunAnswer("stored", run))
    fresh = [one.run for one in answers if one.outcome == "stored" and one.run is not None]
    digest = hashlib.sha256(data).hexdigest()

    def change(tx: Any) -> None:
        for run in fresh:
            save_run(tx, run)
        save_run_file(tx, digest, case.patient.id, name, data, actor.account_id, clinic.now)

    if fresh:
        detail = {"file_sha256": digest, "runs": [run.id for run in fresh]}
        write(clinic, actor, "record_run_file", "episode", episode_id, detail, change)
    return tuple(answers)


def annotate_run(
    clinic: Clinic, actor: Actor, run_id: str, *, pain_during: int | None = None, pain_next_morning: int | None = None,
    settled_within_60_min: bool | None = None, note: str | None = None,
) -> Run:
    """The run with what the patient felt; what is not given stays as it was."""
    permit(clinic, actor, "annotate_run", "run", run_id)
    run = read_run(clinic.database, run_id)
    for name, value in (("pain_during", pain_during), ("pain_next_morning", pain_next_morning)):
        refusal = None if value is None else PAIN.refusal(value)
        if refusal:
            raise Refused(f"{name}: {refusal}")
    told = replace(
        run,
        pain_during=run.pain_during if pain_during is None else pain_during,
        pain_next_morning=run.pain_next_morning if pain_next_morning is None else pain_next_morning,
        settled_within_60_min=run.settled_within_60_min if settled_within_60_min is None else settled_within_60_min,
        note=run.note if note is None else note, entered_by=actor.account_id, entered_at=clinic.now,
    )
    detail = {"was": [run.pain_during, run.pain_next_morning, run.settled_within_60_min],
              "now": [told.pain_during, told.pain_next_morning, told.settled_within_60_min]}
    write(clinic, actor, "annotate_run", "run", run_id, detail, lambda tx: save_run(tx, told))
    return told


def invalidate_run(clinic: Clinic, actor: Actor, run_id: str, why: str) -> Run:
    """The run as invalid: it stays in the record, and no load figure counts it."""
    permit(clinic, actor, "invalidate_run", "run", run_id)
    run = read_run(clinic.database, run_id)
    words = written_reason("why", why, "taking a run back")
    gone = replace(run, invalidated_at=clinic.now)
    write(clinic, actor, "invalidate_run", "run", run_id, {"why": words}, lambda tx: save_run(tx, gone))
    return gone


def _check_week(clinic: Clinic, case: Case, form: CheckInForm) -> None:
    start, first_day = form.week_start, clinic.profile.week_start
    if start.weekday() != first_day:
        days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
        raise Refused(f"week_start: {start} is a {days[start.weekday()]}; the weeks of this clinic begin on {days[first_day]}.")
    if start > clinic.today:
        raise Refused(f"week_start: the week of {start} has not begun; enter a week up to today ({clinic.today}).")
    if start + timedelta(days=6) < case.episode.opened_on:
        raise Refused(f"week_start: the week of {start} ends before the episode was opened ({case.episode.opened_on}).")
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


def _check_in(clinic: Clinic, actor: Actor, case: Case, form: CheckInForm) -> CheckIn:
    days = tuple(CheckInDay(**day.model_dump()) for day in sorted(form.days, key=lambda one: one.on))
    program = next((one for one in reversed(case.programs) if one.starts_on <= form.week_start + timedelta(days=6)), None)
    prescribed = form.sessions_prescribed
    if prescribed is None and program is not None and program.items:
        prescribed = sum(item.dose.days_per_week for item in program.items)
    done = form.sessions_done
    if done is None and days:
        done = sum(len(day.done) for day in days)
    return CheckIn(
        id=new_id(), episode_id=case.episode.id, patient_id=case.patient.id, week_start=form.week_start, source=form.source,
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


def _run_refusal(clinic: Clinic, form: RunForm) -> str | None:
    if form.started > clinic_now(clinic) + timedelta(hours=1):
        return f"started: {form.started:%Y-%m-%d %H:%M} is in the future; check the date, or the clock of the watch."
    if form.started.date() < date(clinic.today.year - EARLIEST_RUN_YEARS, 1, 1):
        return f"started: {form.started:%Y-%m-%d} is more than {EARLIEST_RUN_YEARS} years ago; check the clock of the watch."
    if form.km <= 0:
        return "km: 0 km is no run; enter the distance."
    return None


def clinic_now(clinic: Clinic) -> datetime:
    """This moment on the clinic's wall clock, without a zone; never before the last minute of the clinic's yesterday."""
    try:
        zone = ZoneInfo(clinic.profile.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    local = clinic.now.astimezone(zone).replace(tzinfo=None)
    return local if local.date() == clinic.today else datetime.combine(clinic.today, datetime.max.time())


def _double(form: RunForm, known: Iterable[Run]) -> Run | None:
    """A valid run that began with this one; a run told without an hour counts when day and distance agree."""
    for run in known:
        if run.invalidated_at is not None:
            continue
        if form.source != "told" and form.file_hash and run.file_hash == form.file_hash and run.started == form.started:
            return run
        close = abs(run.km - form.km) <= max(SAME_KM * form.km, 0.1)
        if abs(run.started - form.started) <= SAME_START and close:
            return run
    return None


def _run(clinic: Clinic, actor: Actor, case: Case, form: RunForm) -> Run:
    return Run(
        id=new_id(), patient_id=case.patient.id, episode_id=case.episode.id, entered_by=actor.account_id, entered_at=clinic.now,
        **form.model_dump(),
    )
