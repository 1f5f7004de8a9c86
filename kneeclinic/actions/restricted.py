"""Restricted records: marked by the lead, opened by others with a written reason for a limited time, and looked at afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kneeclinic.actions.gate import permit, write, written_reason
from kneeclinic.clinic import Clinic
from kneeclinic.record import Patient
from kneeclinic.security.accounts import Actor
from kneeclinic.security.fields import normalised
from kneeclinic.security.restricted import GLASS_OPEN_FOR, LONGEST_REASON, NAME, SHORTEST_REASON, Glass, Restriction, may_open
from kneeclinic.store import names
from kneeclinic.store.patients import read_patient
from kneeclinic.store.restrictions import (
    glass_by_id,
    guarded,
    read_restrictions,
    save_glass,
    save_restriction,
    save_restriction_lifted,
)
from kneeclinic.store.transactions import Transaction
from kneeclinic.vocabulary import NotAllowed, NotFound, Refused, Role, new_id


def restrict_patient(clinic: Clinic, actor: Actor, patient_id: str, reason: str) -> Restriction:
    """From now on only the therapists of this patient's episodes and the lead open the record."""
    permit(clinic, actor, "restrict_patient", "patient", patient_id)
    words = written_reason("reason", reason, "restricting a record")
    read_patient(clinic.database, patient_id)
    restriction = Restriction(patient_id, words[:LONGEST_REASON], actor.account_id, clinic.now)

    def change(tx: Transaction) -> None:
        if any(one.patient_id == patient_id for one in read_restrictions(tx)):
            raise Refused("This record is restricted already.")
        save_restriction(tx, restriction)

    write(clinic, actor, "restrict_patient", "patient", patient_id, {"reason": words}, change, patient_id=patient_id)
    return restriction


def lift_restriction(clinic: Clinic, actor: Actor, patient_id: str, reason: str) -> None:
    """Everybody who treats opens the record again."""
    permit(clinic, actor, "lift_restriction", "patient", patient_id)
    words = written_reason("reason", reason, "lifting a restriction")

    def change(tx: Transaction) -> None:
        if not save_restriction_lifted(tx, patient_id):
            raise Refused("This record is not restricted.")

    write(clinic, actor, "lift_restriction", "patient", patient_id, {"reason": words}, change, patient_id=patient_id)


def break_glass(clinic: Clinic, actor: Actor, patient_id: str, reason: str) -> Glass:
    """Opens a restricted record to this person, in this sign-in, for an hour. The reason stands in the log, and the lead is shown it.
    What the role may do stays what it may do."""
    may_break_glass(clinic, actor)
    words = " ".join(reason.split())
    if len(words) < SHORTEST_REASON:
        raise Refused(f"reason: write in a few words why you need this record now, at least {SHORTEST_REASON} characters.")
    held = guarded(clinic.database)
    if patient_id not in held.therapists:
        raise NotFound("This record is not restricted; open it as any other.")
    if may_open(actor, held.therapists[patient_id], held.glasses.get(patient_id, ()), clinic.now):
        raise Refused("This record is open to you already.")
    glass = Glass(new_id(), patient_id, actor.account_id, actor.session_id, words[:LONGEST_REASON], clinic.now, clinic.now + GLASS_OPEN_FOR)
    detail = {"reason": glass.reason, "until": glass.until.isoformat(), "session": actor.session_id}
    write(clinic, actor, "break_glass", "patient", patient_id, detail, lambda tx: save_glass(tx, glass), patient_id=patient_id)
    return glass


def may_break_glass(clinic: Clinic, actor: Actor) -> None:
    """Asked of the role alone: the record itself is closed to them, which is the point."""
    permit(clinic, actor, "break_glass", "glass")


def review_glass(clinic: Clinic, actor: Actor, glass_id: str) -> Glass:
    """The lead has looked at who opened what and why; nobody looks at their own."""
    permit(clinic, actor, "review_glass", "glass", glass_id)
    glass = glass_by_id(clinic.database, glass_id)
    if glass is None:
        raise NotFound("There is no such opening of a restricted record; load the page again.")
    if glass.account_id == actor.account_id:
        raise Refused("Another lead looks at what you opened yourself.")
    seen = replace(glass, reviewed_by=actor.account_id, reviewed_at=clinic.now)

    def change(tx: Transaction) -> None:
        """Asked where it is written: two leads may look in the same moment, and the first one's name stays."""
        now = glass_by_id(tx, glass_id)
        if now is None or now.reviewed_at is not None:
            raise Refused("Somebody has looked at this already.")
        save_glass(tx, seen)

    write(clinic, actor, "review_glass", "glass", glass_id, {"opened by": glass.account_id}, change, patient_id=glass.patient_id)
    return seen


def find_patients(clinic: Clinic, actor: Actor, text: str, limit: int = 20) -> tuple[Patient, ...]:
    """Patients whose name or number fits. Somebody else's restricted record is found by its whole clinic number alone and shows no name: a hit
    for a name would tell that this person is a patient here."""
    permit(clinic, actor, "find_patients", "patient")
    found = names.find_patients(clinic.database, text, limit + len(guarded(clinic.database).therapists))
    hidden = hidden_from(clinic, actor)
    return seen_by(clinic, actor, [one for one in found if one.id not in hidden or normalised(one.number) == normalised(text)][:limit])


def seen_by(clinic: Clinic, actor: Actor, patients: Iterable[Patient]) -> tuple[Patient, ...]:
    """The same people, restricted ones without who they are where they are not for this actor."""
    hidden = hidden_from(clinic, actor)
    return tuple(_masked(one) if one.id in hidden else one for one in patients)


def hidden_from(clinic: Clinic, actor: Actor) -> frozenset[str]:
    """Patients whose records this actor may not open at this moment without breaking the glass."""
    held = guarded(clinic.database)
    return frozenset(
        one for one, therapists in held.therapists.items() if not may_open(actor, therapists, held.glasses.get(one, ()), clinic.now)
    )


def keep_therapist(clinic: Clinic, actor: Actor, patient_id: str, therapist: str) -> None:
    """Through a broken glass nobody becomes a therapist of a restricted patient: that would keep the record open for good. Raises NotAllowed."""
    treating = guarded(clinic.database).therapists.get(patient_id)
    if treating is None or actor.role is Role.LEAD or actor.account_id in treating or therapist in treating:
        return
    raise NotAllowed("This record is restricted: its therapist is chosen by the lead clinician or by who treats the patient now.")


def _masked(one: Patient) -> Patient:
    return replace(one, given_name="", family_name=NAME, birth_date=one.birth_date.replace(month=1, day=1), phone="", email="", sport="", note="",
                   equipment=())
