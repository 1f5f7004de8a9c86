"""Opening, correcting, closing and reopening a problem; its goals and its imaging."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from kneeclinic.actions.gate import changed_fields, not_before, not_in_future, permit, same_version, write, written_reason
from kneeclinic.actions.restricted import keep_therapist
from kneeclinic.clinic import Clinic
from kneeclinic.record import Episode, Goal, Imaging, PlannedVisit
from kneeclinic.record.forms import EpisodeForm, GoalForm, ImagingForm
from kneeclinic.rules.validation import check_value
from kneeclinic.security.accounts import Actor
from kneeclinic.store.accounts import read_account
from kneeclinic.store.cases import read_case
from kneeclinic.store.episodes import episodes_of, read_episode, save_episode, save_goal, save_imaging
from kneeclinic.store.patients import read_patient
from kneeclinic.store.plans import planned_by_episode, save_planned
from kneeclinic.store.reading import Reader
from kneeclinic.store.transactions import Transaction
from kneeclinic.vocabulary import Better, Conflict, EpisodeStatus, NotFound, PlannedState, Refused, new_id

ICD10 = re.compile(r"^[A-TV-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?$")
FIELDS = tuple(EpisodeForm.model_fields)
ENDS = (EpisodeStatus.DISCHARGED, EpisodeStatus.DROPPED_OUT, EpisodeStatus.REFERRED)


def open_episode(clinic: Clinic, actor: Actor, patient_id: str, form: EpisodeForm) -> Episode:
    """The new episode. One knee is treated in one open episode at a time."""
    permit(clinic, actor, "open_episode", "patient", patient_id)
    patient = read_patient(clinic.database, patient_id)
    keep_therapist(clinic, actor, patient_id, form.therapist or actor.account_id)
    _check(clinic, form)
    not_before("opened_on", form.opened_on, patient.birth_date, "the birth date")
    not_before("onset_on", form.onset_on, patient.birth_date, "the birth date")
    episode = Episode(
        id=new_id(), patient_id=patient_id, entered_by=actor.account_id, entered_at=clinic.now, **_values(form, actor.account_id),
    )

    def change(tx: Transaction) -> None:
        _refuse_second_open(tx, episode)
        save_episode(tx, episode)

    write(clinic, actor, "open_episode", "episode", episode.id, {}, change, patient_id=patient_id)
    return episode


def revise_episode(clinic: Clinic, actor: Actor, episode_id: str, form: EpisodeForm, expected_version: int) -> Episode:
    """The episode as corrected, one version on."""
    permit(clinic, actor, "revise_episode", "episode", episode_id)
    current = read_episode(clinic.database, episode_id)
    same_version("The episode", expected_version, current.version)
    keep_therapist(clinic, actor, current.patient_id, form.therapist or current.therapist)
    _check(clinic, form)
    case = read_case(clinic.database, episode_id)
    first = min((visit.on for visit in case.visits), default=None)
    if first is not None and form.opened_on > first:
        raise Refused(f"opened_on: {form.opened_on} is after the first visit ({first}); correct one of the two.")
    not_before("opened_on", form.opened_on, case.patient.birth_date, "the birth date")
    not_before("onset_on", form.onset_on, case.patient.birth_date, "the birth date")
    if current.closed_on is not None and form.opened_on > current.closed_on:
        closed = f"the day the episode was closed ({current.closed_on})"
        raise Refused(f"opened_on: {form.opened_on} is after {closed}; correct it, or reopen the episode.")
    episode = replace(
        current, version=current.version + 1, entered_by=actor.account_id, entered_at=clinic.now, **_values(form, current.therapist),
    )
    detail = {"version": episode.version, "changed": changed_fields(current, episode, FIELDS)}
    write(clinic, actor, "revise_episode", "episode", episode_id, detail, lambda tx: save_episode(tx, episode),
          patient_id=current.patient_id)
    return episode


def close_episode(clinic: Clinic, actor: Actor, episode_id: str, status: EpisodeStatus, reason: str) -> Episode:
    """The episode as discharged, dropped out, referred or paused; unless it is only paused, agreed visits to come are cancelled."""
    permit(clinic, actor, "close_episode", "episode", episode_id)
    case = read_case(clinic.database, episode_id)
    if status is EpisodeStatus.OPEN:
        raise Refused(f"status: open does not close an episode; choose {', '.join(one.value for one in ENDS)} or paused.")
    if not case.episode.is_open or status is case.episode.status:
        raise Refused(f"status: the episode is {case.episode.status.value} since {case.episode.closed_on}; nothing was changed.")
    words = written_reason("reason", reason, "closing an episode")
    episode = replace(
        case.episode, status=status, closed_on=clinic.today if status in ENDS else None, closing_reason=words, version=case.episode.version + 1,
        entered_by=actor.account_id, entered_at=clinic.now,
    )

    def change(tx: Transaction) -> None:
        save_episode(tx, episode)
        agreed = planned_by_episode(tx, [episode_id])[episode_id] if status in ENDS else ()
        for planned in agreed:
            if planned.state is PlannedState.PLANNED:
                save_planned(tx, _cancelled(planned, actor, clinic))

    write(clinic, actor, "close_episode", "episode", episode_id, {"status": status.value, "reason": words}, change,
          patient_id=episode.patient_id)
    return episode


def reopen_episode(clinic: Clinic, actor: Actor, episode_id: str, reason: str) -> Episode:
    """The episode as open again."""
    permit(clinic, actor, "reopen_episode", "episode", episode_id)
    current = read_episode(clinic.database, episode_id)
    if current.status is EpisodeStatus.OPEN:
        raise Refused("status: the episode is open; nothing was changed.")
    words = written_reason("reason", reason, "reopening an episode")
    episode = replace(
        current, status=EpisodeStatus.OPEN, closed_on=None, closing_reason="", version=current.version + 1,
        entered_by=actor.account_id, entered_at=clinic.now,
    )
    detail = {"was": current.status.value, "reason": words}

    def change(tx: Transaction) -> None:
        _refuse_second_open(tx, episode)
        save_episode(tx, episode)

    write(clinic, actor, "reopen_episode", "episode", episode_id, detail, change, patient_id=current.patient_id)
    return episode


def set_goal(clinic: Clinic, actor: Actor, episode_id: str, form: GoalForm) -> Goal:
    """A value to reach by a date; the newest value is its baseline. The target must be allowed for the measure and not yet reached."""
    permit(clinic, actor, "set_goal", "episode", episode_id)
    case = read_case(clinic.database, episode_id)
    _must_be_open(case.episode)
    measure = clinic.knowledge.measure(form.measure)
    if measure.kind.value in ("choice", "text", "flag"):
        raise Refused(f"{form.measure}: a goal needs a number; choose a measure with a scale.")
    if not measure.derived:
        check_value(measure, form.side, form.target)
    not_before("by", form.by, clinic.today, "today")
    latest = case.latest(form.measure, form.side)
    baseline = latest.number if latest else None
    reached = baseline is not None and (
        (measure.better is Better.HIGHER and baseline >= form.target) or (measure.better is Better.LOWER and baseline <= form.target)
    )
    if reached:
        raise Refused(f"{form.measure}: the target {form.target:g} is reached already (now {baseline:g}); set a further one.")
    goal = Goal(new_id(), form.measure, form.side, form.target, form.by, baseline, clinic.today, form.note)
    detail = {"goal": goal.id, "measure": form.measure, "target": form.target}
    write(clinic, actor, "set_goal", "episode", episode_id, detail, lambda tx: save_goal(tx, case.episode, goal),
          patient_id=case.patient.id)
    return goal


def drop_goal(clinic: Clinic, actor: Actor, episode_id: str, goal_id: str) -> Goal:
    """The goal as dropped today; it stays in the record."""
    permit(clinic, actor, "drop_goal", "episode", episode_id)
    episode = read_episode(clinic.database, episode_id)
    goal = next((one for one in episode.goals if one.id == goal_id), None)
    if goal is None:
        raise NotFound("The goal does not belong to this episode; load the page again.")
    if goal.dropped_on:
        raise Refused(f"goal: it was dropped on {goal.dropped_on} already.")
    dropped = replace(goal, dropped_on=clinic.today)
    write(clinic, actor, "drop_goal", "episode", episode_id, {"goal": goal_id},
          lambda tx: save_goal(tx, episode, dropped), patient_id=episode.patient_id)
    return dropped


def record_imaging(
    clinic: Clinic, actor: Actor, episode_id: str, form: ImagingForm, imaging_id: str = "", *, seen: Imaging | None = None,
) -> Imaging:
    """A picture that was ordered or done; with `imaging_id` the result joins one that is recorded. `seen`: as it was when the form was drawn;
    Conflict when somebody else wrote something else meanwhile. What stood there before stays in the log."""
    permit(clinic, actor, "record_imaging", "episode", episode_id)
    episode = read_episode(clinic.database, episode_id)
    if imaging_id and imaging_id not in {one.id for one in episode.imaging}:
        raise NotFound("The picture does not belong to this episode; load the page again.")
    not_in_future("ordered_on", form.ordered_on, clinic.today)
    not_in_future("done_on", form.done_on, clinic.today)
    birth_date = read_patient(clinic.database, episode.patient_id).birth_date
    not_before("ordered_on", form.ordered_on, birth_date, "the birth date")
    imaging = Imaging(imaging_id or new_id(), form.kind, form.ordered_on, form.done_on, form.result)
    detail: dict[str, Any] = {"imaging": imaging.id}

    def change(tx: Transaction) -> None:
        before = next((one for one in read_episode(tx, episode_id).imaging if one.id == imaging_id), None)
        if before is not None:
            if seen is not None and before not in (seen, imaging):
                raise Conflict(f"Somebody else wrote about this picture meanwhile ({before.result.strip()[:200] or 'no result'}); nothing was saved. "
                               "Choose another picture and this one again to see it, then add what you have.")
            detail["changed"] = changed_fields(before, imaging, ("kind", "ordered_on", "done_on", "result"))
        save_imaging(tx, episode, imaging)

    write(clinic, actor, "record_imaging", "episode", episode_id, detail, change, patient_id=episode.patient_id)
    return imaging


def _check(clinic: Clinic, form: EpisodeForm) -> None:
    not_in_future("opened_on", form.opened_on, clinic.today)
    not_in_future("onset_on", form.onset_on, clinic.today)
    wrong = [code for code in form.icd10 if not ICD10.match(code)]
    if wrong:
        raise Refused(f"icd10: {', '.join(wrong)} is no ICD-10-CM code; write for example M22.2X1.")
    if form.therapist:
        account = read_account(clinic.database, form.therapist)
        if not account.active:
            raise Refused(f"therapist: {account.display_name} may no longer sign in; choose another therapist.")


def _refuse_second_open(tx: Reader, episode: Episode) -> None:
    """One knee is treated in one open episode; asked inside the transaction, so that two windows cannot open two."""
    for other in episodes_of(tx, episode.patient_id):
        if other.id != episode.id and other.is_open and set(other.side.sides) & set(episode.side.sides):
            raise Refused(f"side: an episode for the {other.side.value} knee is open since {other.opened_on}; go on there or close it first.")


def _must_be_open(episode: Episode) -> None:
    if not episode.is_open:
        raise Refused(f"The episode is {episode.status.value.replace('_', ' ')} since {episode.closed_on}; reopen it first.")


def _values(form: EpisodeForm, therapist: str) -> dict[str, Any]:
    values = {name: getattr(form, name) for name in FIELDS}
    return values | {"therapist": form.therapist or therapist}


def _cancelled(planned: PlannedVisit, actor: Actor, clinic: Clinic) -> PlannedVisit:
    return replace(planned, state=PlannedState.CANCELLED, entered_by=actor.account_id, entered_at=clinic.now)
