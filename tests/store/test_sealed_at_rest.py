"""Who has only the disk learns no name, no number and no word; who has another key learns nothing at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from record_builders import (
    LEAD,
    NOW,
    a_check_in,
    a_document,
    a_full_program,
    a_goal,
    a_patient,
    a_planned,
    a_profile,
    a_review,
    a_run,
    a_snooze,
    a_visit,
    an_account,
    an_amendment,
    an_episode,
    an_imaging,
    an_observation,
)

from kneeclinic import store
from kneeclinic.record import Dose, UsualDose
from kneeclinic.security import Keys, WrongKey
from kneeclinic.security.fields import Unreadable
from kneeclinic.security.restricted import Glass, Restriction
from kneeclinic.security.second_factor import SecondFactor
from kneeclinic.store import Database
from kneeclinic.store.restrictions import save_glass, save_restriction
from kneeclinic.store.second_factors import save_second_factor

MARK = "MARKERzq7"


def fill_with_markers(db: Database) -> str:
    """Every free text and blob of every record holds a numbered marker; returns the patient's id."""
    patient = a_patient(
        number=MARK + "01", given_name=MARK + "02", family_name=MARK + "03", birth_date=date(1987, 11, 23), phone=MARK + "04",
        email=MARK + "05", sport=MARK + "06", note=MARK + "07",
    )
    episode = an_episode(
        patient, problem=MARK + "08", referrer=MARK + "09", closing_reason=MARK + "10", goals=(a_goal(note=MARK + "11"),),
        imaging=(an_imaging(kind=MARK + "12", result=MARK + "13"),),
    )
    visit = a_visit(episode, note={"plan": MARK + "14"})
    text, choice = an_observation(visit, measure="story", value=MARK + "15", note=MARK + "16"), an_observation(
        visit, measure="stairs_pattern", value=MARK + "17")
    data = (MARK + "18").encode() * 50

    def change(tx: Any) -> None:
        store.save_patient(tx, patient)
        store.save_episode(tx, episode)
        store.save_visit(tx, visit)
        store.save_amendment(tx, visit, an_amendment(visit, text=MARK + "19"))
        store.save_observations(tx, [text, choice])
        store.save_invalidated(tx, text.id, at=NOW, by="ada", why=MARK + "20")
        store.save_program(tx, a_full_program(episode, MARK + "21"))
        store.save_check_in(tx, a_check_in(episode, note=MARK + "22"))
        store.save_runs(tx, [a_run(episode, note=MARK + "23", file_name=MARK + "24")])
        store.save_run_file(tx, "hash", patient.id, MARK + "25", data, NOW)
        store.save_planned(tx, a_planned(episode, note=MARK + "26"))
        store.save_review(tx, a_review(episode, because=(MARK + "27",), reason=MARK + "28", note=MARK + "29"))
        store.save_snooze(tx, a_snooze(episode, reason=MARK + "30"))
        store.save_document(tx, a_document(episode, data, file_name=MARK + "31"), data)
        store.save_draft(tx, kind="visit", owner="ada", subject_id="v", payload={"x": MARK + "32"}, expected_revision=None, now=NOW)
        store.save_profile(tx, a_profile(name=MARK + "33", address=MARK + "34", phone=MARK + "35", logo_png=data))
        store.save_account(tx, an_account(name=MARK + "36", display_name=MARK + "37"))
        store.save_usual_dose(tx, UsualDose("acc-lead", "clamshell", Dose(3, 12, tempo=MARK + "40")), NOW)
        save_restriction(tx, Restriction(patient.id, MARK + "41", "acc-lead", NOW))
        save_glass(tx, Glass("glass", patient.id, "acc-lead", "", MARK + "42", NOW, NOW))
        save_second_factor(tx, SecondFactor("acc-lead", MARK.upper() + "43", NOW))
        store.save_audit(tx, LEAD, "revise_patient", "patient", patient.id, {"old": MARK + "38", "new": [MARK + "39"]}, NOW)

    db.write(change)
    return patient.id


def places_with(folder: Path, *words: bytes) -> list[str]:
    return sorted(
        f"{file.relative_to(folder)}: {word!r}" for file in folder.rglob("*") if file.is_file() for word in words if word in file.read_bytes()
    )


def test_no_word_stands_readable_in_file_log_or_backup(db: Database, path: Path) -> None:
    fill_with_markers(db)
    wal = path.with_name(path.name + ".wal")
    assert wal.exists() and wal.stat().st_size > 10_000, "the check must see the write-ahead log while it is full"
    words = (MARK.encode(), MARK.lower().encode(), b"1987-11-23", b"Ada Lead")
    assert places_with(path.parent, *words) == []
    copy = store.save_copy(db, path.parent / "backup.duckdb")
    db.close()
    assert not wal.exists() or wal.stat().st_size == 0
    assert places_with(path.parent, *words) == []
    assert places_with(path.parent, b"pain_worst") != [], "codes do stand readable, so the search works"
    assert copy.counts["patient"] == 1


def test_another_key_opens_neither_the_file_nor_its_backup(db: Database, path: Path) -> None:
    fill_with_markers(db)
    backup = store.save_copy(db, path.parent / "backup.duckdb").path
    right = db.keys
    with pytest.raises(WrongKey, match="not the one"):
        Database.open(path, Keys.fresh())
    with pytest.raises(WrongKey, match="not the one"):
        Database.open(backup, Keys.fresh())
    with pytest.raises(WrongKey, match="not the one"):
        Database.open(backup, Keys(Keys.fresh().data_key, right.audit_key, right.index_key))
    with Database.open(backup, right, read_only=True) as opened:
        assert store.find_patients(opened, MARK + "03")[0].given_name == MARK + "02"


def test_a_sealed_value_does_not_open_in_another_record(db: Database) -> None:
    one, two = a_patient(given_name="Ruth"), a_patient(given_name="Eva")
    db.write(lambda tx: (store.save_patient(tx, one), store.save_patient(tx, two)))
    db.write(lambda tx: tx.run(
        "update patient set sealed_given_name = (select sealed_given_name from patient where id = ?) where id = ?", [one.id, two.id]))
    assert store.read_patient(db, one.id).given_name == "Ruth"
    with pytest.raises(Unreadable, match="moved from another record"):
        store.read_patient(db, two.id)


def test_the_same_name_is_sealed_differently_each_time(db: Database) -> None:
    for _ in range(3):
        db.write(lambda tx: store.save_patient(tx, a_patient(given_name="Ruth")))
    sealed = [bytes(row[0]) for row in db.rows("select sealed_given_name from patient")]
    assert len(set(sealed)) == 3


def test_numbers_and_codes_stand_readable_for_analysis(db: Database) -> None:
    fill_with_markers(db)
    visit = a_visit(an_episode(a_patient()))
    db.write(lambda tx: store.save_observations(tx, [
        an_observation(visit, value=4.0), an_observation(visit, measure="stairs_pattern", value="step_by_step")]))
    assert db.rows("select value, choice from observation where value is not null or choice is not null order by place") == [
        (4.0, None), (None, "step_by_step")
    ]
    with pytest.raises(duckdb.Error), duckdb.connect(str(db.path)) as other:
        other.execute("select 1")
