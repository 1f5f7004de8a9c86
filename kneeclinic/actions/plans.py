"""Visits that were agreed, and alerts put to sleep."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from kneeclinic.actions.gate import not_before, permit, write, written_reason
from kneeclinic.clinic import Clinic
from kneeclinic.progress.reasons import REASON_IDS
from kneeclinic.record import PlannedVisit, Snooze
from kneeclinic.record.forms import PlanForm
from kneeclinic.security.accounts import Actor
from kneeclinic.store.accounts import read_account
from kneeclinic.store.episodes import read_episode
from kneeclinic.store.plans import planned_by_episode, read_planned, save_planned, save_snooze
from kneeclinic.store.transactions import Transaction
from kneeclinic.vocabulary import PlannedState, Refused, new_id

LONGEST_SNOOZE_DAYS = 56
HOUR = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]")
FURTHEST_PLAN_DAYS = 730


def plan_visit(clinic: Clinic, actor: Actor, episode_id: str, form: PlanForm) -> PlannedVisit:
    """A visit to come."""
    permit(clinic, actor, "plan_visit", "episode", episode_id)
    episode = read_episode(clinic.database, episode_id)
    if not episode.is_open:
        raise Refused(f"The episode is {episode.status.value.replace('_', ' ')}; reopen it before planning a visit.")
    _check_plan_day(clinic, form.on)
    _check_hour(form.at)
    therapist = form.therapist or episode.therapist
    _check_therapist(clinic, form.therapist)
    planned = PlannedVisit(
        id=new_id(), episode_id=episode_id, patient_id=episode.patient_id, on=form.on, therapist=therapist, kind=form.kind, at=form.at,
        note=form.note, entered_by=actor.account_id, entered_at=clinic.now,
    )

    def change(tx: Transaction) -> None:
        """Looked at where it is written: two people may plan, or plan and close, in the same moment."""
        if not read_episode(tx, episode_id).is_open:
            raise Refused("The episode was closed in this moment; nothing was planned.")
        agreed = planned_by_episode(tx, [episode_id])[episode_id]
        if any(one.on == form.on and one.at == form.at and one.state is PlannedState.PLANNED for one in agreed):
            raise Refused(f"on: a visit is planned for {form.on} {form.at}".rstrip() + " already.")
        save_planned(tx, planned)

    write(clinic, actor, "plan_visit", "planned_visit", planned.id, {"episode": episode_id, "on": str(form.on)}, change,
          patient_id=planned.patient_id)
    return planned


def change_planned(
    clinic: Clinic, actor: Actor, planned_id: str, *, state: PlannedState | None = None, on: date | None = None, at: str | None = None,
    therapist: str | None = None,
) -> PlannedVisit:
    """The planned visit, moved or with its new state."""
    permit(clinic, actor, "change_planned", "planned_visit", planned_id)
    patient_id = read_planned(clinic.database, planned_id).patient_id
    if on is not None:
        _check_plan_day(clinic, on)
    _check_hour(at or "")
    _check_therapist(clinic, therapist or "")
    detail: dict[str, Any] = {}

    def change(tx: Transaction) -> PlannedVisit:
        """From what stands at this moment: one may move the visit while another gives it to somebody else."""
        current = read_planned(tx, planned_id)
        if state in (PlannedState.DONE, PlannedState.MISSED) and (on or current.on) > clinic.today:
            raise Refused(f"state: the visit of {on or current.on} is still to come; it cannot be {state.value}.")
        changed = replace(
            current, state=state or (PlannedState.PLANNED if on is not None else current.state), on=on or current.on,
            at=current.at if at is None else at, therapist=therapist or current.therapist, entered_by=actor.account_id, entered_at=clinic.now,
        )
        detail.update(was=[str(current.on), current.at, current.state.value], now=[str(changed.on), changed.at, changed.state.value])
        save_planned(tx, changed)
        return changed

    return write(clinic, actor, "change_planned", "planned_visit", planned_id, detail, change, patient_id=patient_id)


def snooze_alert(clinic: Clinic, actor: Actor, episode_id: str, alert: str, until: date, reason: str) -> Snooze:
    """The alert sleeps until that day; `alert` is the reason id of the caseload."""
    permit(clinic, actor, "snooze_alert", "episode", episode_id)
    episode = read_episode(clinic.database, episode_id)
    words = written_reason("reason", reason, "putting an alert to sleep")
    if alert.strip() not in alerts(clinic):
        raise Refused(f"alert: {alert.strip()[:60]!r} is none that can sleep; choose the reason or the red flag on the page.")
    if not clinic.today < until <= clinic.today + timedelta(days=LONGEST_SNOOZE_DAYS):
        raise Refused(f"until: {until} is not within the next {LONGEST_SNOOZE_DAYS} days; choose a nearer day after today.")
    snooze = Snooze(new_id(), episode_id, alert.strip(), until, words, actor.account_id, clinic.now)
    write(clinic, actor, "snooze_alert", "episode", episode_id, {"alert": snooze.alert, "until": str(until)},
          lambda tx: save_snooze(tx, snooze), patient_id=episode.patient_id)
    return snooze


def alerts(clinic: Clinic) -> frozenset[str]:
    """What can be put to sleep: the reasons of the caseload but the calm one, and the red flags."""
    return frozenset(REASON_IDS) - {"on_course"} | {flag.id for flag in clinic.knowledge.red_flags}


def _check_plan_day(clinic: Clinic, on: date) -> None:
    not_before("on", on, clinic.today, "today")
    if on > clinic.today + timedelta(days=FURTHEST_PLAN_DAYS):
        raise Refused(f"on: {on} is more than two years ahead; enter a nearer day.")


def _check_hour(at: str) -> None:
    if at and not HOUR.fullmatch(at):
        raise Refused(f"at: {at!r} is no time; write for example 09:30.")


def _check_therapist(clinic: Clinic, account_id: str) -> None:
    if account_id and not read_account(clinic.database, account_id).active:
        raise Refused("therapist: this account may no longer sign in; choose another therapist.")
