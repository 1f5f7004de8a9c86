"""The file opens for the one who has its key, once; everybody else gets one clear sentence."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas
import pytest
from record_builders import a_patient, saved_visit

from kneeclinic import store
from kneeclinic.security import Keys, WrongKey, load_or_create_keys
from kneeclinic.security.keys import new_outer_key, remember_key
from kneeclinic.store import CannotWrite, ClinicBusy, Database, NotAClinic
from kneeclinic.store.connection import ClinicClosed
from kneeclinic.vocabulary import KneeClinicError, NotFound

ROOT = Path(__file__).resolve().parents[2]


def in_another_process(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=False, cwd=ROOT, env={**os.environ},
    )


OPEN = """
import sys
from kneeclinic.security import load_or_create_keys
from kneeclinic.store import Database, count_patients
from kneeclinic.vocabulary import KneeClinicError
try:
    with Database.open(sys.argv[1], load_or_create_keys(sys.argv[1]), read_only=sys.argv[2:] == ["read only"]) as db:
        print(count_patients(db))
except KneeClinicError as why:
    sys.exit(f"{type(why).__name__}: {why}")
"""


@pytest.mark.parametrize("way", ["", "read only"])
def test_a_second_process_gets_one_sentence_with_the_process_that_holds_the_file(path: Path, way: str) -> None:
    with Database.open(path, load_or_create_keys(path, create=True), create=True) as db:
        saved_visit(db)
        result = in_another_process(OPEN, str(path), way)
    assert result.returncode == 1
    assert result.stderr.strip() == (
        f"ClinicBusy: {path} is open in process {os.getpid()} ({Path(sys.executable).resolve().name}); "
        "use the pages of the running program, or close it and try again."
    )
    after = in_another_process(OPEN, str(path), way)
    assert (after.returncode, after.stdout.strip()) == (0, "1")


def test_the_same_process_opens_the_file_twice_and_sees_one_clinic(path: Path) -> None:
    keys = load_or_create_keys(path, create=True)
    with Database.open(path, keys, create=True) as first:
        with Database.open(path, keys) as second:
            db_patient = a_patient()
            second.write(lambda tx: store.save_patient(tx, db_patient))
            assert store.read_patient(first, db_patient.id) == db_patient
            with pytest.raises(WrongKey):
                Database.open(path, Keys.fresh())
        assert store.count_patients(first) == 1, "closing one holder leaves the other working"
    with pytest.raises(ClinicClosed):
        first.rows("select 1")


def test_the_clinic_and_the_file_beside_it_are_for_their_owner_alone(tmp_path: Path) -> None:
    """The umask of whoever starts the program does not matter."""
    program = (
        "import os, sys; os.umask(0o022)\nfrom pathlib import Path\nfrom kneeclinic.security import Keys\nfrom kneeclinic.store import Database\n"
        "db = Database.open(Path(sys.argv[1]), Keys.fresh(), create=True)\n"
        "db.write(lambda tx: tx.run(\"insert into house values ('x', 'y')\"))\n"
        "copy = db.backup_folder / 'copy.duckdb'; db.backup_folder.mkdir(exist_ok=True); db.copy_into(copy)\n"
        "for one in sorted(Path(sys.argv[1]).parent.parent.rglob('*')): print(one.name, oct(one.stat().st_mode & 0o077))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program, str(tmp_path / "data" / "clinic.duckdb")], capture_output=True, text=True, check=True)
    modes = dict(line.rsplit(" ", 1) for line in ran.stdout.splitlines())
    assert {"data", "backups", "copy.duckdb", "clinic.duckdb", "clinic.duckdb.wal", "clinic.duckdb.anchor"} <= set(modes)
    assert set(modes.values()) == {"0o0"}, modes


def test_a_file_that_is_not_there_is_not_made_by_accident(path: Path) -> None:
    with pytest.raises(NotFound, match="no clinic file"):
        Database.open(path, Keys.fresh())
    assert not path.exists()


def test_without_its_key_the_file_says_where_the_key_was_looked_for(path: Path) -> None:
    outer = load_or_create_keys(path, create=True)
    Database.open(path, outer, create=True).close()
    key_file = Path(outer.place)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    kept = key_file.read_text()
    key_file.unlink()
    with pytest.raises(WrongKey, match=f"{key_file}.*recovery code"):
        load_or_create_keys(path)
    key_file.write_text(kept)
    Database.open(path, load_or_create_keys(path)).close()


def test_the_printed_code_opens_the_clinic_on_another_machine(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outer = load_or_create_keys(path, create=True)
    with Database.open(path, outer, create=True) as db:
        saved_visit(db)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("KNEECLINIC_KEY", outer.recovery_code.lower().replace("-", " "))
    with Database.open(path, load_or_create_keys(path)) as db:
        assert store.count_patients(db) == 1
    monkeypatch.setenv("KNEECLINIC_KEY", new_outer_key().recovery_code)
    with pytest.raises(WrongKey, match="KNEECLINIC_KEY does not open"):
        Database.open(path, load_or_create_keys(path))


def test_a_renamed_file_still_finds_its_key_among_those_kept(path: Path) -> None:
    for name in ("other", "third"):
        load_or_create_keys(path.with_name(f"{name}.duckdb"), create=True)
    Database.open(path, load_or_create_keys(path, create=True), create=True).close()
    renamed = path.with_name("renamed.duckdb")
    path.rename(renamed)
    outer = load_or_create_keys(renamed)
    with Database.open(renamed, outer) as db:
        assert db.outer_key is not None
        remember_key(renamed, db.outer_key)
    Database.open(renamed, load_or_create_keys(renamed)).close()


def test_the_outer_key_changes_without_rewriting_a_record(path: Path) -> None:
    old = load_or_create_keys(path, create=True)
    with Database.open(path, old, create=True) as db:
        visit = saved_visit(db)
        sealed = db.rows("select sealed_given_name from patient")
        new = new_outer_key("test")
        store.save_envelope(db, new)
        assert store.save_only_envelope(db, new) == 1
        assert db.rows("select sealed_given_name from patient") == sealed
    with pytest.raises(WrongKey):
        Database.open(path, old)
    with Database.open(path, new) as db:
        assert store.read_patient(db, visit.patient_id).given_name == "Ruth"


@pytest.mark.parametrize("content", [b"", b"not a clinic at all" * 500, b"PK\x03\x04" + bytes(5000)])
def test_a_file_of_another_kind_is_refused_and_left_as_it_was(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    if content:
        with pytest.raises(NotAClinic, match="not a clinic file"):
            Database.open(path, Keys.fresh(), create=True)
        assert path.read_bytes() == content


def test_a_foreign_database_is_refused(path: Path) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute("create table invoices (id integer)")
    with pytest.raises(NotAClinic, match="not a clinic file"):
        Database.open(path, Keys.fresh(), create=True)
    with duckdb.connect(str(path)) as con:
        assert con.execute("select table_name from duckdb_tables()").fetchall() == [("invoices",)]


def test_a_damaged_file_says_so(path: Path) -> None:
    keys = Keys.fresh()
    with Database.open(path, keys, create=True) as db:
        saved_visit(db, values=50)
    data = bytearray(path.read_bytes())
    for place in range(4096, len(data), 997):
        data[place] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises((NotAClinic, CannotWrite), match=str(path)):
        Database.open(path, keys)


def test_a_clinic_opened_for_reading_takes_no_change(path: Path) -> None:
    keys = Keys.fresh()
    with Database.open(path, keys, create=True) as db:
        visit = saved_visit(db)
    before = path.read_bytes()
    with Database.open(path, keys, read_only=True) as db:
        assert store.read_case(db, visit.episode_id).visits == (visit,)
        with pytest.raises(CannotWrite, match="for reading only"):
            db.write(lambda tx: store.save_patient(tx, a_patient()))
        with pytest.raises(ClinicBusy, match="reading only"):
            Database.open(path, keys)
    assert path.read_bytes() == before


def test_the_doors_are_locked(db: Database, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("not for you")
    for statement in (
        f"select * from read_text('{secret}')", f"select * from '{secret}'", f"copy patient to '{tmp_path}/out.csv'",
        f"attach '{tmp_path}/other.duckdb' as other", "install httpfs", "load httpfs", "set enable_external_access = true",
        "set python_enable_replacements = true", "set allowed_directories = ['/']",
    ):
        with pytest.raises(Exception, match=r"(?i)permission|locked|disabled|does not exist|cannot be|not be"):
            db.rows(statement)
    assert not (tmp_path / "out.csv").exists() and not (tmp_path / "other.duckdb").exists()


def test_a_missing_table_is_never_looked_for_among_python_values(db: Database) -> None:
    here = pandas.DataFrame({"name": ["a python value"]})
    with pytest.raises(duckdb.CatalogException, match="here does not exist"):
        db._con.cursor().execute("select * from here")
    assert duckdb.connect().execute("select name from here").fetchall() == [(here.name[0],)], "elsewhere it would be"
    assert db.rows("select current_setting('python_enable_replacements')") == [(False,)]


def test_a_copy_of_the_open_file_does_not_replace_a_backup(db: Database, path: Path, tmp_path: Path) -> None:
    """Why backups are made by the engine: everything recent is in the write-ahead log."""
    saved_visit(db)
    shutil.copyfile(path, tmp_path / "cp.duckdb")
    with duckdb.connect(str(tmp_path / "cp.duckdb"), read_only=True) as con:
        tables = con.execute("select count(*) from duckdb_tables() where not internal").fetchone()
        patients = con.execute("select count(*) from patient").fetchone() if tables and tables[0] else (0,)
    assert patients == (0,)
    assert store.save_copy(db, tmp_path / "backup.duckdb").counts["patient"] == 1


def test_a_clinic_that_was_closed_says_so_and_holds_no_fault_of_the_engine(db: Database) -> None:
    db.close()
    with pytest.raises(KneeClinicError, match=r"The clinic is being closed; what was saved is saved\."):
        db.rows("SELECT 1")
    with pytest.raises(KneeClinicError, match="being closed"):
        db.write(lambda tx: None)
