"""Patients out of a table: each row accepted, or refused with its reason."""

from __future__ import annotations

import pytest

from kneeclinic import actions
from kneeclinic.exchange import patients as table
from kneeclinic.exchange.patients import import_patients, read_patients_csv
from kneeclinic.store import count_patients, patient_by_number
from kneeclinic.vocabulary import Conflict, NotAllowed, Refused
from tests.actions.conftest import a_person, audited

HEAD = "number,given_name,family_name,birth_date,sex,language,minutes_a_day\n"
GOOD = "A1,Ada,Reed,1990-01-02,female,es,25\nA2,Bo,Fern,1985-03-04,M,,\n"


def test_good_rows_are_stored_with_what_they_say(clinic, staff):
    rows = import_patients(clinic, staff.front_desk, read_patients_csv((HEAD + GOOD).encode("utf-8-sig")))
    assert rows[0].as_json() == {"line": 2, "number": "A1", "status": "accepted", "why": ""}
    ada = patient_by_number(clinic.database, "A1")
    assert ada is not None
    assert (ada.language, ada.minutes_a_day, ada.sex.value) == ("es", 25, "female")


@pytest.mark.parametrize(("row", "names"), [
    ("B1,Cy,,1990-13-01,female,,", "birth_date"), ("B1,,,1990-01-01,female,,", "given_name"), ("B1,Cy,,1990-01-01,purple,,", "sex"),
    ("B1,Cy,,2024-01-01,female,,", "birth_date"), ("B1,Cy,,1990-01-01,female,fr,", "language"), ("B1,Cy,,1990-01-01,female,,200", "minutes_a_day"),
    ("a 1,Cy,,1990-01-01,female,,", "line 2"), ("P1,Cy,,1990-01-01,female,,", "belongs to a patient"), (",Cy,,1990-01-01,female,,", "number"),
    ("B1,Field,Runa,1995-05-05,female,,", "known under number P1"), ("B1,REED,ada,1990-01-02,female,,", "stand in line 2 already"),
    ("B1,Cy,,1990-01-01,female,,,,extra", "9 cells"),
])
def test_one_refused_row_keeps_all_out_unless_the_good_ones_are_asked_for(clinic, staff, patient, row, names):
    rows = read_patients_csv((HEAD + GOOD + row + "\n").encode())
    told = import_patients(clinic, staff.lead, rows)
    assert [one.accepted for one in told] == [True, True, False]
    assert names in told[2].why
    assert "not stored" in told[0].why
    assert count_patients(clinic.database) == 1
    import_patients(clinic, staff.lead, rows, partial=True)
    assert count_patients(clinic.database) == 3


@pytest.mark.parametrize(("data", "names"), [
    (b"", "empty"), (b"name,age\nx,3\n", "missing: number"), (b"\xff\xfe\x00", "UTF-8"), (HEAD.encode() + b"\x00", "no text"),
    (b"number,given_name,Birth_Date,sex,birth_date\n7,Ada,1990-01-02,f,1991-01-02\n", "'birth_date' 2 times"),
])
def test_a_file_that_is_no_such_table_is_refused_whole(data, names):
    with pytest.raises(Refused, match=names):
        read_patients_csv(data)


def test_other_programs_names_and_separators_are_known():
    (row,) = read_patients_csv(b"MRN;First name;Last name;DOB;Gender\n7;Ada;Reed;1990-01-02;f\n")
    assert row.form is not None
    assert (row.form.number, row.form.family_name, row.form.sex.value) == ("7", "Reed", "female")


def test_who_may_not_import_stores_nothing(clinic, staff):
    with pytest.raises(NotAllowed):
        import_patients(clinic, staff.assistant, read_patients_csv((HEAD + GOOD).encode()))
    assert count_patients(clinic.database) == 0


def test_a_table_tells_nobody_else_that_somebody_restricted_is_a_patient(clinic, staff, patient):
    """As the form of one patient does: a refusal for the names would say that this person is one here."""
    actions.restrict_patient(clinic, staff.lead, patient.id, "Works here, at their own wish.")
    names = f"{patient.given_name},{patient.family_name},{patient.birth_date},female,,"
    rows = read_patients_csv((HEAD + f"B7,{names}\n").encode())
    with_the_lead = import_patients(clinic, staff.lead, rows)
    assert not with_the_lead[0].accepted and "known under number P1" in with_the_lead[0].why
    assert count_patients(clinic.database) == 1
    told = import_patients(clinic, staff.front_desk, rows)
    assert told[0].accepted and told[0].why == "" and count_patients(clinic.database) == 2
    again = import_patients(clinic, staff.front_desk, read_patients_csv((HEAD + f"B8,{names}\n").encode()))
    assert not again[0].accepted and "under number B7" in again[0].why and "P1" not in again[0].why


def test_who_was_registered_while_the_table_was_looked_at_gets_no_second_record(clinic, staff, monkeypatch):
    rows = read_patients_csv((HEAD + GOOD).encode())
    looked = table._known_people

    def meanwhile(*asked):
        told = looked(*asked)
        actions.register_patient(clinic, staff.clinician, a_person(number="Z9", given_name="Ada", family_name="Reed", birth_date="1990-01-02"))
        return told

    monkeypatch.setattr(table, "_known_people", meanwhile)
    with pytest.raises(Conflict, match="number Z9"):
        import_patients(clinic, staff.front_desk, rows)
    assert count_patients(clinic.database) == 1


def test_who_may_not_import_is_told_of_no_row_and_stands_in_the_log(clinic, staff, patient):
    before = len(audited(clinic, "refused"))
    with pytest.raises(NotAllowed):
        import_patients(clinic, staff.read_only, read_patients_csv((HEAD + "P1,Cy,,1990-01-01,female,,\n").encode()))
    assert len(audited(clinic, "refused")) == before + 1
