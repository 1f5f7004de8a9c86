"""What screens read beside the open case: the team, documents issued, drafts left open, the log, the state of the house."""

from __future__ import annotations

from typing import Any

from kneeclinic import store as read
from kneeclinic.record import DocumentIssued, Episode, Patient
from kneeclinic.security.accounts import Account
from kneeclinic.security.restricted import Restricted
from kneeclinic.ui.session import Desk
from kneeclinic.vocabulary import PlannedState, Role


def accounts(at: Desk) -> tuple[Account, ...]:
    return tuple(read.read_accounts(at.clinic.database))


def therapists(at: Desk) -> dict[str, str]:
    """Account id to name of everybody who may treat."""
    found = {one.id: one.display_name for one in accounts(at) if one.active and one.role in (Role.LEAD, Role.CLINICIAN)}
    return found or {at.actor.account_id: at.actor.name}


def team(at: Desk) -> dict[str, str]:
    return {one.id: one.display_name for one in accounts(at)}


def patient(at: Desk, patient_id: str) -> Patient:
    """The person; raises Restricted when the record is not for who looks."""
    if not at.clinic.opens(patient_id):
        raise Restricted(patient_id)
    return read.read_patient(at.clinic.database, patient_id)


def episodes(at: Desk, patient_id: str) -> tuple[Episode, ...]:
    return tuple(read.episodes_of(at.clinic.database, patient_id))


def documents(at: Desk, patient_id: str) -> tuple[DocumentIssued, ...]:
    """Everything issued for a patient, newest first."""
    return tuple(sorted(read.documents_of(at.clinic.database, patient_id), key=lambda one: one.issued_at, reverse=True))


def drafts(at: Desk) -> list[Any]:
    """Forms that this person left unfinished."""
    return list(read.drafts_of(at.clinic.database, at.actor.account_id))


def episodes_today(at: Desk) -> set[str]:
    """Episodes with a visit planned for today that was not cancelled."""
    today = at.clinic.today
    found = read.planned_between(at.clinic.database, today, today)
    return {one.episode_id for one in found if one.state in (PlannedState.PLANNED, PlannedState.DONE)}


def all_episodes(at: Desk) -> tuple[str, ...]:
    """Ids of every episode, ended ones too."""
    return tuple(read.all_episode_ids(at.clinic.database))
