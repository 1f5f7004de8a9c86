"""Patients: kept under seal, found again by number, name or birth date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from kneeclinic.record.people import Patient
from kneeclinic.security.fields import blind_index
from kneeclinic.security.keys import Keys
from kneeclinic.store.reading import Reader, Row
from kneeclinic.store.sealing import from_utc, open_text, open_words, seal_text, seal_words, to_utc
from kneeclinic.store.transactions import Transaction, kept, unnested, valued
from kneeclinic.vocabulary import Conflict, NotFound, Sex, Units

LIST = "patients"
"""The mark under which changes to the list of patients are noted."""

_COLUMNS = (
    "id number_index person_index sealed_number sealed_given_name sealed_family_name sealed_birth_date sealed_words sex language units "
    "equipment minutes_a_day consent_on version entered_by entered_at"
)
_INSERT = valued("patient", _COLUMNS)
_KEEP = kept("patient", _COLUMNS)
_MANY = unnested("patient", {
    "id": "varchar", "number_index": "varchar", "person_index": "varchar", "sealed_number": "blob", "sealed_given_name": "blob",
    "sealed_family_name": "blob", "sealed_birth_date": "blob", "sealed_words": "blob", "sex": "varchar", "language": "varchar",
    "units": "varchar", "equipment": "varchar[]", "minutes_a_day": "integer", "consent_on": "date", "version": "integer",
    "entered_by": "varchar", "entered_at": "timestamp",
})
_UPDATE = """
    update patient set number_index = ?, person_index = ?, sealed_number = ?, sealed_given_name = ?, sealed_family_name = ?,
        sealed_birth_date = ?, sealed_words = ?, sex = ?, language = ?, units = ?, equipment = ?, minutes_a_day = ?, consent_on = ?,
        version = ?, entered_by = ?, entered_at = ?
    where id = ? and version = ?
    returning id
"""
_SELECT = """
    select id, sealed_number, sealed_given_name, sealed_family_name, sealed_birth_date, sealed_words, sex, language, units, equipment,
           minutes_a_day, consent_on, version, entered_by, entered_at
"""


def save_patient(tx: Transaction, patient: Patient) -> None:
    """A new patient (version 1), or the next version of one; the version before goes into the history.

    Raises Conflict when the number belongs to somebody else or when the stored version is not the one before this.
    """
    holder = tx.one("select id from patient where number_index = ?", [blind_index(tx.keys, patient.number)])
    if holder and holder[0] != patient.id:
        raise Conflict(f"Number {patient.number} belongs to another patient; choose another number or open that patient.")
    values = _stored(tx.keys, patient)
    if patient.version == 1:
        tx.run(_INSERT, values)
    else:
        tx.run(_KEEP, [patient.id, patient.version - 1])
        if not tx.rows(_UPDATE, [*values[1:], patient.id, patient.version - 1]):
            raise Conflict("The patient was changed by somebody else in the meantime; look at the new values and repeat your change.")
    tx.touch(patient.id, LIST)


def save_patients(tx: Transaction, patients: Sequence[Patient]) -> None:
    """Many new patients at once; raises Conflict that names the first number that is given twice. The versions are kept as they are."""
    taken = {row[0] for row in tx.rows(
        "select number_index from patient where number_index in (select unnest(?::varchar[]))",
        [[blind_index(tx.keys, one.number) for one in patients]],
    )}
    for one in patients:
        index = blind_index(tx.keys, one.number)
        if index in taken:
            raise Conflict(f"Number {one.number} belongs to another patient; choose another number or open that patient.")
        taken.add(index)
    tx.insert(_MANY, [_stored(tx.keys, one) for one in patients])
    tx.touch(LIST, *(one.id for one in patients))


def read_patient(db: Reader, patient_id: str) -> Patient:
    """The patient as known now; raises NotFound."""
    found = read_patients(db, [patient_id])
    if not found:
        raise NotFound(f"There is no patient with the id {patient_id}.")
    return found[0]


def read_patients(db: Reader, patient_ids: Iterable[str]) -> tuple[Patient, ...]:
    """Several patients in the order asked for; unknown ids are left out."""
    wanted = list(dict.fromkeys(patient_ids))
    rows = db.rows(_SELECT + "from patient where id in (select unnest(?::varchar[]))", [wanted])
    by_id = {row[0]: _opened(db.keys, row) for row in rows}
    return tuple(by_id[one] for one in wanted if one in by_id)


def patient_history(db: Reader, patient_id: str) -> tuple[Patient, ...]:
    """All earlier versions, oldest first, without the present one."""
    rows = db.rows(_SELECT + "from patient_history where id = ? order by version", [patient_id])
    return tuple(_opened(db.keys, row) for row in rows)


def patient_by_number(db: Reader, number: str) -> Patient | None:
    """Whoever has this clinic number; case and blanks do not matter."""
    row = db.one(_SELECT + "from patient where number_index = ?", [blind_index(db.keys, number)])
    return _opened(db.keys, row) if row else None


def possible_duplicates(db: Reader, given_name: str, family_name: str, birth_date: date) -> tuple[Patient, ...]:
    """Patients with the same names (in either order) and birth date."""
    rows = db.rows(_SELECT + "from patient where person_index = ? order by id", [_person_index(db.keys, given_name, family_name, birth_date)])
    return tuple(_opened(db.keys, row) for row in rows)


def same_people(db: Reader, people: Sequence[tuple[str, str, date]]) -> tuple[tuple[str, ...], ...]:
    """For each of many (given name, family name, birth date) the ids that `possible_duplicates` would find, in one question."""
    marks = [_person_index(db.keys, *one) for one in people]
    found: dict[str, list[str]] = {}
    for mark, id_ in db.rows("select person_index, id from patient where person_index in (select unnest(?::varchar[])) order by id", [marks]):
        found.setdefault(mark, []).append(id_)
    return tuple(tuple(found.get(mark, ())) for mark in marks)


def patient_ids(db: Reader) -> tuple[str, ...]:
    """All patients, in the order in which they were entered."""
    return tuple(row[0] for row in db.rows("select id from patient order by rowid"))


def count_patients(db: Reader) -> int:
    row = db.one("select count(*) from patient")
    return int(row[0]) if row else 0


def _person_index(keys: Keys, given_name: str, family_name: str, birth_date: date) -> str:
    words = sorted(f"{given_name} {family_name}".split(), key=str.casefold)
    return blind_index(keys, f"{' '.join(words)} {birth_date.isoformat()}")


def _stored(keys: Keys, one: Patient) -> list[object]:
    words = {"phone": one.phone, "email": one.email, "sport": one.sport, "note": one.note}
    return [
        one.id,
        blind_index(keys, one.number),
        _person_index(keys, one.given_name, one.family_name, one.birth_date),
        seal_text(keys, "patient", "sealed_number", one.id, one.number),
        seal_text(keys, "patient", "sealed_given_name", one.id, one.given_name),
        seal_text(keys, "patient", "sealed_family_name", one.id, one.family_name),
        seal_text(keys, "patient", "sealed_birth_date", one.id, one.birth_date.isoformat()),
        seal_words(keys, "patient", one.id, words),
        one.sex.value, one.language, one.units.value, list(one.equipment), one.minutes_a_day, one.consent_on,
        one.version, one.entered_by, to_utc(one.entered_at),
    ]


def _opened(keys: Keys, row: Row) -> Patient:
    id_ = row[0]
    words = open_words(keys, "patient", id_, row[5])
    return Patient(
        id=id_,
        number=open_text(keys, "patient", "sealed_number", id_, row[1]),
        given_name=open_text(keys, "patient", "sealed_given_name", id_, row[2]),
        family_name=open_text(keys, "patient", "sealed_family_name", id_, row[3]),
        birth_date=date.fromisoformat(open_text(keys, "patient", "sealed_birth_date", id_, row[4])),
        sex=Sex(row[6]), language=row[7], units=Units(row[8]), equipment=tuple(row[9]), minutes_a_day=row[10], consent_on=row[11],
        phone=words.get("phone", ""), email=words.get("email", ""), sport=words.get("sport", ""), note=words.get("note", ""),
        version=row[12], entered_by=row[13], entered_at=from_utc(row[14]),
    )
