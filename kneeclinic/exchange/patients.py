"""A list of patients from another program: each row accepted, or refused with its reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from kneeclinic.record.form_words import fault_words
from kneeclinic.record.forms import PatientForm
from kneeclinic.security.fields import normalised
from kneeclinic.store import patient_by_number, read_patients
from kneeclinic.store.patients import same_people
from kneeclinic.vocabulary import KneeClinicError, Refused

if TYPE_CHECKING:
    from kneeclinic.clinic import Clinic
    from kneeclinic.security.accounts import Actor

COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("number", "clinic number", "patient number", "id", "mrn"),
    "given_name": ("given_name", "given name", "first name", "firstname", "forename"),
    "family_name": ("family_name", "family name", "last name", "lastname", "surname"),
    "birth_date": ("birth_date", "birth date", "date of birth", "dob", "born"),
    "sex": ("sex", "gender"),
    "phone": ("phone", "telephone", "mobile"),
    "email": ("email", "e-mail", "mail"),
    "language": ("language",),
    "units": ("units",),
    "sport": ("sport",),
    "equipment": ("equipment",),
    "minutes_a_day": ("minutes_a_day", "minutes a day", "minutes"),
    "consent_on": ("consent_on", "consent"),
    "note": ("note", "notes"),
}
NEEDED = ("number", "given_name", "birth_date", "sex")
SEX_WORDS = {"f": "female", "w": "female", "m": "male", "x": "other", "d": "other"}
MOST_ROWS = 20_000


@dataclass(frozen=True)
class PatientRow:
    """One row: its line in the file, its number, whether it was accepted, and why not. `form` only when accepted."""

    line: int
    number: str
    accepted: bool
    why: str = ""
    form: PatientForm | None = None

    def as_json(self) -> dict[str, object]:
        return {"line": self.line, "number": self.number, "status": "accepted" if self.accepted else "refused", "why": self.why}


def read_patients_csv(data: bytes) -> tuple[PatientRow, ...]:
    """All rows in order, checked by shape and against each other. Raises Refused when the file as a whole is no such table."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("The file is not UTF-8 text; save the table as CSV UTF-8.") from None
    if "\x00" in text:
        raise Refused("The file is no text; save the table as CSV UTF-8.")
    first_line = text.split("\n", 1)[0]
    separator = max((",", ";", "\t"), key=first_line.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Refused(f"The table cannot be read ({error}); save it as CSV UTF-8.") from None
    if not rows:
        raise Refused("The file is empty; the first line must name the columns.")
    places = _places(rows[0][1])
    missing = [name for name in NEEDED if name not in places]
    if missing:
        raise Refused(f"The first line must name the columns; missing: {', '.join(missing)}. Known: {', '.join(COLUMNS)}.")
    if len(rows) - 1 > MOST_ROWS:
        raise Refused(f"The table has {len(rows) - 1} rows; at most {MOST_ROWS} are read at once.")
    found: list[PatientRow] = []
    seen: dict[str, int] = {}
    people: dict[tuple[object, ...], int] = {}
    for line, row in rows[1:]:
        one = _row(line, row, places, len(rows[0][1]))
        key, person = one.number.casefold().replace(" ", ""), _person(one)
        if one.accepted and key in seen:
            one = replace(one, accepted=False, form=None, why=f"number: {one.number} stands in line {seen[key]} already")
        elif one.accepted and person in people:
            one = replace(one, accepted=False, form=None, why=f"the same names and birth date stand in line {people[person]} already; "
                                                              "another person of them is registered by the form")
        seen.setdefault(key, line)
        people.setdefault(person, line)
        found.append(one)
    return tuple(found)


def import_patients(clinic: Clinic, actor: Actor, rows: Sequence[PatientRow], *, partial: bool = False) -> tuple[PatientRow, ...]:
    """The rows after checking them against the clinic. All accepted rows are stored in one transaction; with one refused row nothing is,
    unless `partial`. A row that was good but not stored for another's sake says so in `why`."""
    from kneeclinic import actions

    actions.import_patients(clinic, actor, ())  # whoever may not is told of no row
    checked = _known_people(clinic, actor, [_against_clinic(clinic, row) for row in rows])
    refused = [row for row in checked if not row.accepted]
    good = [row for row in checked if row.form is not None and row.accepted]
    if refused and not partial:
        why = f"not stored: {len(refused)} other {'row was' if len(refused) == 1 else 'rows were'} refused"
        return tuple(replace(row, why=why) if row.accepted else row for row in checked)
    actions.import_patients(clinic, actor, [row.form for row in good if row.form is not None])
    return tuple(checked)


def _places(header: Sequence[str]) -> dict[str, int]:
    names = [cell.strip().casefold() for cell in header]
    found = {}
    for column, words in COLUMNS.items():
        word = next((one for one in words if one in names), None)
        if word is None:
            continue
        if names.count(word) > 1:
            raise Refused(f"The first line names the column {word!r} {names.count(word)} times; keep the one that counts.")
        found[column] = names.index(word)
    return found


def _person(row: PatientRow) -> tuple[object, ...]:
    """The same for the same names, in whichever order, and birth date; for a row that is refused nobody's."""
    if row.form is None:
        return (row.line,)
    return tuple(sorted(normalised(f"{row.form.given_name} {row.form.family_name}").split())), row.form.birth_date


def _row(line: int, row: Sequence[str], places: dict[str, int], width: int) -> PatientRow:
    cells = {column: row[place].strip() if place < len(row) else "" for column, place in places.items()}
    number = cells.get("number", "")
    if len(row) > width and any(cell.strip() for cell in row[width:]):
        return PatientRow(line, number, False, f"the row has {len(row)} cells, the first line names {width}")
    values: dict[str, Any] = {column: text for column, text in cells.items() if text}
    if "sex" in values:
        values["sex"] = SEX_WORDS.get(values["sex"].casefold(), values["sex"].casefold())
    if "equipment" in values:
        values["equipment"] = tuple(values["equipment"].replace(";", " ").replace(",", " ").split())
    for name in ("language", "units"):
        if name in values:
            values[name] = values[name].casefold()
    missing = [name for name in NEEDED if name not in values]
    if missing:
        return PatientRow(line, number, False, f"{missing[0]}: it is missing")
    try:
        return PatientRow(line, number, True, form=PatientForm.model_validate(values))
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else "row"
        return PatientRow(line, number, False, f"{field}: {cells.get(field, '')!r} came; {fault_words(first)}")


def _against_clinic(clinic: Clinic, row: PatientRow) -> PatientRow:
    if row.form is None:
        return row
    from kneeclinic.actions import check_person

    try:
        check_person(row.form, clinic.today)
    except KneeClinicError as error:
        return replace(row, accepted=False, form=None, why=str(error))
    if patient_by_number(clinic.database, row.form.number) is not None:
        return replace(row, accepted=False, form=None, why=f"number: {row.form.number} belongs to a patient of this clinic already")
    return row


def _known_people(clinic: Clinic, actor: Actor, rows: Sequence[PatientRow]) -> list[PatientRow]:
    """Refuses who is here already. A restricted record that is not for this person is not told of, as where one patient is registered."""
    from kneeclinic.actions import hidden_from

    asked = [row.form for row in rows if row.form is not None]
    unknown = hidden_from(clinic, actor)
    alike = iter(same_people(clinic.database, [(one.given_name, one.family_name, one.birth_date) for one in asked]))
    told = []
    for row in rows:
        twins = [one for one in next(alike) if one not in unknown] if row.form is not None else []
        for twin in read_patients(clinic.database, twins[:1]):
            row = replace(row, accepted=False, form=None, why=f"a patient of the same names and birth date is known under number {twin.number}")
        told.append(row)
    return told
