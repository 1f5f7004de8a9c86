"""A whole clinic leaves piece by piece: in memory never more than a piece, on the disk never a readable word, and nothing stays behind."""

from __future__ import annotations

import errno
import io
import os
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from kneeclinic import actions
from kneeclinic.actions.bulk import generate_clinic
from kneeclinic.clinic import Clinic, open_clinic
from kneeclinic.exchange import clinic_zip
from kneeclinic.exchange.clinic_zip import export_clinic
from kneeclinic.record.forms import RunForm
from kneeclinic.security.spool import Spool
from kneeclinic.store import whole
from kneeclinic.vocabulary import Refused
from tests.actions.conftest import Staff, a_person, found
from tests.actions.test_programs import a_program
from tests.actions.test_weeks_and_reviews import a_week

LEAD = actions.command_line_actor("test")


def records(packed: Spool) -> dict[str, bytes]:
    """What the ZIP holds by name, without the log (each export adds to it) and what tells when."""
    with packed, zipfile.ZipFile(io.BytesIO(b"".join(packed.chunks()))) as held:
        assert held.testzip() is None
        return {name: held.read(name) for name in held.namelist() if name not in ("clinic.json", "records/audit.jsonl")}


def test_small_pieces_hold_the_same_in_the_same_order_as_one(clinic: Clinic, staff: Staff, episode, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in range(4):
        found(clinic, staff.clinician, episode, {"pain_worst": value, "stroke_test": "0", "fpi6": value})
    actions.revise_patient(clinic, staff.lead, episode.patient_id, a_person(note="Moved."), 1)
    actions.revise_program(clinic, staff.clinician, episode.id, a_program(), None)
    actions.record_check_in(clinic, staff.clinician, episode.id, a_week())
    runs = [RunForm(started=f"2026-03-0{day}T07:00", km=5 + day) for day in (2, 3, 4)]
    actions.record_runs(clinic, staff.clinician, episode.id, runs)
    for number in range(5):
        actions.register_patient(clinic, staff.lead, a_person(number=f"Q{number}", given_name=f"Somebody {number}"))
    clinic.database.write(lambda tx: tx.run("update observation set place = 77 where measure = 'fpi6'"))
    as_one = records(export_clinic(clinic, staff.lead))
    monkeypatch.setattr(whole, "PIECE", 2)
    monkeypatch.setattr(whole, "PEOPLE", 1)
    in_pieces = records(export_clinic(clinic, staff.lead))
    assert in_pieces.keys() == as_one.keys()
    for name, data in as_one.items():
        if name in ("records/observations.jsonl", "csv/observations.csv"):  # those of one place have no order among themselves
            assert sorted(in_pieces[name].splitlines()) == sorted(data.splitlines()), name
        else:
            assert in_pieces[name] == data, name
    assert len(as_one["records/observations.jsonl"].splitlines()) == 9 and len(as_one["records/patients.jsonl"].splitlines()) == 7


def test_a_clinic_six_times_as_large_takes_no_more_memory_on_its_way_out(
    tmp_path: Path, own_key_here: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(whole, "PIECE", 200)
    monkeypatch.setattr(whole, "PEOPLE", 5)
    peaks = {}
    for patients in (10, 60):
        path = tmp_path / f"of-{patients}.duckdb"
        generate_clinic(path, patients, 12, seed=3)
        with open_clinic(path) as clinic:
            export_clinic(clinic, LEAD).close()  # what is loaded at the first time
            tracemalloc.start()
            with export_clinic(clinic, LEAD) as packed:
                for _ in packed.chunks():
                    pass
                peaks[patients] = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
    assert peaks[60] < 2.5 * peaks[10], peaks


@pytest.fixture
def own_key_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNEECLINIC_KEY_FILE", str(tmp_path / "own.key"))


def test_what_waits_on_the_disk_has_no_name_no_reader_and_no_readable_word(tmp_path: Path) -> None:
    words = b"Guadalupe Miranda-Ortiz " * 40_000
    with Spool(tmp_path) as spool:
        spool.write(words)
        spool.flush()
        assert list(tmp_path.iterdir()) == []
        there = os.fstat(spool._file.fileno())
        assert there.st_nlink == 0 and there.st_mode & 0o077 == 0 and there.st_size == len(words)
        on_disk = os.pread(spool._file.fileno(), len(words), 0)
        assert b"Guadalupe" not in on_disk and on_disk.count(on_disk[:8]) == 1
        assert b"".join(spool.chunks()) == words == b"".join(spool.chunks())
    assert spool._file.closed


def test_a_spool_that_is_sent_is_gone_also_when_whoever_asked_goes_away(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.write(b"x" * 1_000_000)
    sent = spool.sent()
    assert next(sent)
    sent.close()  # type: ignore[attr-defined]
    assert spool._file.closed


def test_where_there_is_no_room_it_is_told_in_a_sentence_and_nothing_stays(
    clinic: Clinic, staff: Staff, monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[Spool] = []

    class Full(Spool):
        def write(self, data: bytes) -> int:
            made.append(self)
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(clinic_zip, "Spool", Full)
    with pytest.raises(Refused, match="no room"):
        export_clinic(clinic, staff.lead)
    assert made and made[0]._file.closed
