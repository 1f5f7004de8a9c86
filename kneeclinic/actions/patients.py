"""Taking a patient on, and correcting what is known about the person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from kneeclinic.actions.gate import changed_fields, not_in_future, permit, same_version, write
from kneeclinic.actions.restricted import hidden_from
from kneeclinic.clinic import Clinic
from kneeclinic.record import Patient
from kneeclinic.record.forms import PatientForm
from kneeclinic.security.accounts import Actor
from kneeclinic.store.patients import (
    patient_by_number,
    possible_duplicates,
    read_patient,
    read_patients,
    same_people,
    save_patient,
    save_patients,
)
from kneeclinic.store.transactions import Transaction
from kneeclinic.vocabulary import AGE_YEARS, Conflict, Refused, new_id

FIELDS = tuple(PatientForm.model_fields)


class KnownPerson(Conflict):
    """Patients of the same names and birth date are here already; whoever registers says whether this is one of them."""

    def __init__(self, twins: tuple[Patient, ...]) -> None:
        many = len(twins) > 1
        super().__init__(
            f"{'Patients' if many else 'A patient'} of the same names and birth date {'are' if many else 'is'} known under "
            f"{'numbers' if many else 'number'} {', '.join(one.number for one in twins)}. Open that record, or say that this is another person."
        )
        self.twins = twins


def register_patient(clinic: Clinic, actor: Actor, form: PatientForm, *, besides: Collection[str] | None = None) -> Patient:
    """The new patient. Refused: a clinic number that is taken, a birth date outside the ages that the product knows, dates to come.

    A form asks with `besides`: the ids of those of the same names and birth date who are other people, as who registers said; KnownPerson
    when there are more. A restricted record that is not for this person is not told of, as in a search.
    """
    permit(clinic, actor, "register_patient", "patient")
    check_person(form, clinic.today)
    refuse_taken_number(clinic, form.number, "")
    patient = patient_from(clinic, actor, form, new_id(), 1)
    detail: dict[str, Any] = {"version": 1}

    def change(tx: Transaction) -> None:
        if besides is not None:
            alike = possible_duplicates(tx, form.given_name, form.family_name, form.birth_date)
            unknown = hidden_from(clinic, actor)
            twins = tuple(one for one in alike if one.id not in besides and one.id not in unknown)
            if twins:
                raise KnownPerson(twins)
            if told := sorted({one.id for one in alike} & set(besides)):
                detail["another person than"] = told
        save_patient(tx, patient)

    write(clinic, actor, "register_patient", "patient", patient.id, detail, change, patient_id=patient.id)
    return patient


def revise_patient(clinic: Clinic, actor: Actor, patient_id: str, form: PatientForm, expected_version: int) -> Patient:
    """The patient as corrected, one version on; the audit keeps the old and new values, sealed."""
    permit(clinic, actor, "revise_patient", "patient", patient_id)
    current = read_patient(clinic.database, patient_id)
    same_version("The patient", expected_version, current.version)
    check_person(form, clinic.today)
    refuse_taken_number(clinic, form.number, patient_id)
    patient = patient_from(clinic, actor, form, patient_id, current.version + 1)
    detail = {"version": patient.version, "changed": changed_fields(current, patient, FIELDS)}
    write(clinic, actor, "revise_patient", "patient", patient_id, detail, lambda tx: save_patient(tx, patient), patient_id=patient_id)
    return patient


def check_person(form: PatientForm, today: date) -> None:
    """Raises Refused when birth date or consent cannot be true."""
    not_in_future("birth_date", form.birth_date, today)
    age = Patient(id="", number="", given_name="", family_name="", birth_date=form.birth_date, sex=form.sex).age_on(today)
    refusal = AGE_YEARS.refusal(age)
    if refusal:
        raise Refused(f"birth_date: {form.birth_date} makes the patient {age} years old. {refusal}")
    not_in_future("consent_on", form.consent_on, today)
    if form.consent_on and form.consent_on < form.birth_date:
        raise Refused(f"consent_on: {form.consent_on} is before the birth date; correct it.")


def refuse_taken_number(clinic: Clinic, number: str, patient_id: str) -> None:
    taken = patient_by_number(clinic.database, number)
    if taken is not None and taken.id != patient_id:
        raise Conflict(f"number: {number} belongs to another patient already; choose another clinic number.")


def patient_from(clinic: Clinic, actor: Actor, form: PatientForm, patient_id: str, version: int) -> Patient:
    values = {name: getattr(form, name) for name in FIELDS}
    return Patient(id=patient_id, version=version, entered_by=actor.account_id, entered_at=clinic.now, **values)


def import_patients(clinic: Clinic, actor: Actor, forms: Sequence[PatientForm]) -> tuple[Patient, ...]:
    """Several new patients in one transaction: all or none. KnownPerson where one is here already by names and birth date, whoever registered
    them a moment ago; a restricted record that is not for this person is not told of."""
    permit(clinic, actor, "import_patients", "patient")
    patients = []
    for form in forms:
        check_person(form, clinic.today)
        patients.append(patient_from(clinic, actor, form, new_id(), 1))

    def change(tx: Transaction) -> None:
        unknown = hidden_from(clinic, actor)
        alike = same_people(tx, [(one.given_name, one.family_name, one.birth_date) for one in patients])
        known = dict.fromkeys(id_ for ids in alike for id_ in ids if id_ not in unknown)
        if known:
            raise KnownPerson(read_patients(tx, list(known)[:3]))
        save_patients(tx, patients)

    if patients:
        write(clinic, actor, "import_patients", "patient", "", {"patients": [one.id for one in patients]}, change)
    return tuple(patients)
