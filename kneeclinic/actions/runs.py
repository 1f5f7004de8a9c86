"""Runs that were told or came from a watch, each once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from kneeclinic.actions.gate import permit, write, written_reason
from kneeclinic.clinic import Clinic
from kneeclinic.record import Episode, Run
from kneeclinic.record.forms import RunForm
from kneeclinic.security.accounts import Actor
from kneeclinic.store.episodes import read_episode
from kneeclinic.store.runs import (
    read_run,
    runs_of,
    save_run_annotated,
    save_run_file,
    save_run_invalidated,
    save_runs,
)
from kneeclinic.store.transactions import Transaction
from kneeclinic.vocabulary import PAIN, Conflict, Refused, new_id

EARLIEST_RUN_YEARS = 30
SAME_START = timedelta(seconds=90)
"""Two devices of one runner do not start in the same second."""
SAME_KM = 0.05
"""Two devices differ by a few per cent in distance."""
NOON = time(12)
TOLD_STEP_MINUTES = 5
"""A run told without an hour stands at noon of its day, the next one of that day five minutes later."""


@dataclass(frozen=True)
class RunAnswer:
    """What became of one run of a file: `stored`, `duplicate` or `refused`, with the reason."""

    outcome: str
    run: Run | None = None
    why: str = ""


def record_runs(clinic: Clinic, actor: Actor, episode_id: str, forms: Sequence[RunForm]) -> tuple[Run, ...]:
    """Runs that were told. All or none; a run that is recorded already is refused."""
    permit(clinic, actor, "record_runs", "episode", episode_id)
    episode = read_episode(clinic.database, episode_id)
    for form in forms:
        why = _run_refusal(clinic, form)
        if why:
            raise Refused(why)
    runs = [_run(clinic, actor, episode, form) for form in forms]

    def change(tx: Transaction) -> None:
        known = list(runs_of(tx, episode.patient_id))
        for form, run in zip(forms, runs, strict=True):
            if _double(form, known):
                raise Refused(f"started: the run of {form.started:%Y-%m-%d %H:%M} is recorded already.")
            known.append(run)
        save_runs(tx, runs)

    if runs:
        write(clinic, actor, "record_runs", "episode", episode_id, {"runs": [run.id for run in runs]}, change, patient_id=episode.patient_id)
    return tuple(runs)


def record_run_file(
    clinic: Clinic, actor: Actor, episode_id: str, name: str, data: bytes, forms: Sequence[RunForm],
) -> tuple[RunAnswer, ...]:
    """One answer a form, in order. New runs are stored with the file itself, sealed; a known one is a duplicate; one to come is refused."""
    permit(clinic, actor, "record_run_file", "episode", episode_id)
    episode = read_episode(clinic.database, episode_id)
    known = list(runs_of(clinic.database, episode.patient_id))
    answers = []
    for form in forms:
        why = _run_refusal(clinic, form)
        double = None if why else _double(form, known)
        if why:
            answers.append(RunAnswer("refused", None, why))
        elif double is not None:
            answers.append(RunAnswer("duplicate", double, f"recorded already ({double.started:%Y-%m-%d %H:%M}, {double.km:.1f} km)"))
        else:
            run = _run(clinic, actor, episode, form)
            known.append(run)
            answers.append(RunAnswer("stored", run))
    fresh = [one.run for one in answers if one.outcome == "stored" and one.run is not None]
    digest = hashlib.sha256(data).hexdigest()

    def change(tx: Transaction) -> None:
        before = runs_of(tx, episode.patient_id)
        for run in fresh:
            if _double(_form(run), before):
                raise Conflict(f"{name}: the same runs were imported in another window in this moment; look at the list.")
        save_runs(tx, fresh)
        save_run_file(tx, digest, episode.patient_id, name, data, clinic.now)

    if fresh:
        detail = {"file_sha256": digest, "runs": [run.id for run in fresh]}
        write(clinic, actor, "record_run_file", "episode", episode_id, detail, change, patient_id=episode.patient_id)
    return tuple(answers)


def annotate_run(
    clinic: Clinic, actor: Actor, run_id: str, *, pain_during: int | None = None, pain_next_morning: int | None = None,
    settled_within_60_min: bool | None = None, note: str | None = None,
) -> Run:
    """The run with what the patient felt; what is not given stays as it was."""
    permit(clinic, actor, "annotate_run", "run", run_id)
    for name, value in (("pain_during", pain_during), ("pain_next_morning", pain_next_morning)):
        refusal = None if value is None else PAIN.refusal(value)
        if refusal:
            raise Refused(f"{name}: {refusal}")
    detail: dict[str, Any] = {}

    def change(tx: Transaction) -> Run:
        """From what stands at this moment: somebody else may have told another part of the same run."""
        run = read_run(tx, run_id)
        told = replace(
            run,
            pain_during=run.pain_during if pain_during is None else pain_during,
            pain_next_morning=run.pain_next_morning if pain_next_morning is None else pain_next_morning,
            settled_within_60_min=run.settled_within_60_min if settled_within_60_min is None else settled_within_60_min,
            note=run.note if note is None else note, entered_by=actor.account_id, entered_at=clinic.now,
        )
        detail.update(was=[run.pain_during, run.pain_next_morning, run.settled_within_60_min],
                      now=[told.pain_during, told.pain_next_morning, told.settled_within_60_min])
        save_run_annotated(tx, told)
        return told

    return write(clinic, actor, "annotate_run", "run", run_id, detail, change, patient_id=read_run(clinic.database, run_id).patient_id)


def invalidate_run(clinic: Clinic, actor: Actor, run_id: str, why: str) -> Run:
    """The run as invalid: it stays in the record, and no load figure counts it."""
    permit(clinic, actor, "invalidate_run", "run", run_id)
    run = read_run(clinic.database, run_id)
    words = written_reason("why", why, "taking a run back")
    gone = replace(run, invalidated_at=clinic.now)
    write(clinic, actor, "invalidate_run", "run", run_id, {"why": words},
          lambda tx: save_run_invalidated(tx, run_id, clinic.now), patient_id=run.patient_id)
    return gone


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
    local = clinic.now.astimezone(clinic.zone).replace(tzinfo=None)
    return local if local.date() == clinic.today else datetime.combine(clinic.today, datetime.max.time())


def _double(form: RunForm, known: Iterable[Run]) -> Run | None:
    """A valid run that began with this one; a run told without an hour counts when day and distance agree."""
    for run in known:
        if run.invalidated_at is not None:
            continue
        if form.source != "told" and form.file_hash and run.file_hash == form.file_hash and run.started == form.started:
            return run
        close = abs(run.km - form.km) <= max(SAME_KM * form.km, 0.1)
        if close and (abs(run.started - form.started) <= SAME_START or _same_day_without_an_hour(form, run)):
            return run
    return None


def _same_day_without_an_hour(form: RunForm, run: Run) -> bool:
    """One of the two came from a watch, the other is known by its day alone: the same run, told and recorded."""
    return run.started.date() == form.started.date() and _has_hour(form) != _has_hour(run)


def _has_hour(one: RunForm | Run) -> bool:
    """A day alone is written as midnight; a told run without an hour as noon, a second one of the day five minutes later."""
    at = one.started.time()
    told_at_noon = one.source == "told" and at.hour == NOON.hour and at.minute % TOLD_STEP_MINUTES == 0 and at.second == 0
    return at != time.min and not told_at_noon


def _run(clinic: Clinic, actor: Actor, episode: Episode, form: RunForm) -> Run:
    return Run(
        id=new_id(), patient_id=episode.patient_id, episode_id=episode.id, entered_by=actor.account_id, entered_at=clinic.now,
        **form.model_dump(),
    )


def _form(run: Run) -> RunForm:
    return RunForm.model_validate({name: getattr(run, name) for name in RunForm.model_fields})
