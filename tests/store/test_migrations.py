"""An older clinic file becomes today's, with nothing lost; a past step that was altered is refused."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from record_builders import saved_visit

from kneeclinic import store
from kneeclinic.security import Keys
from kneeclinic.store import ChangedMigration, Database
from kneeclinic.store.migrating import FOLDER, VIEWS, migrations
from kneeclinic.vocabulary import Refused

OURS = migrations()
SHAPE = (
    "select table_name, column_name, data_type, is_nullable, column_default from duckdb_columns() where not internal "
    "and schema_name = 'main' order by all"
)


@pytest.fixture
def keys() -> Keys:
    return Keys.fresh()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Our steps and, as the future may bring, two more."""
    copy = tmp_path / "migrations"
    shutil.copytree(FOLDER, copy)
    number = len(OURS) + 1
    (copy / f"{number:04d}_shoes.sql").write_text("create table shoe (id varchar primary key, km double not null);\n")
    (copy / f"{number + 1:04d}_shoe_of.sql").write_text(
        "alter table patient add column shoe_size double;\ninsert into shoe values ('first', 12.5);\nupdate patient set shoe_size = 41.5;\n")
    return copy


def shape(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(SHAPE).fetchall()


def up_to(folder: Path, number: int, place: Path) -> Path:
    """The steps as they were when there were only so many."""
    place.mkdir()
    for file in sorted(folder.glob("*.sql"))[:number]:
        shutil.copy(file, place)
    return place


@pytest.mark.parametrize("first", range(1, len(OURS) + 3))
def test_a_file_of_every_earlier_version_gets_the_same_shape_as_a_new_one(tmp_path: Path, folder: Path, keys: Keys, first: int) -> None:
    new, old = tmp_path / "new.duckdb", tmp_path / "old.duckdb"
    Database.open(new, keys, create=True, migrations_folder=folder).close()
    with Database.open(old, keys, create=True, migrations_folder=up_to(folder, first, tmp_path / "then")) as db:
        visit = saved_visit(db, values=4)
    with Database.open(old, keys, migrations_folder=folder) as db:
        case = store.read_case(db, visit.episode_id)
        assert (case.patient.given_name, case.visits, len(case.observations)) == ("Ruth", (visit,), 4)
        assert [row[0] for row in db.rows("select number from migration order by number")] == list(range(1, len(OURS) + 3))
        assert store.health(db).is_good
        db.write(lambda tx: store.save_patient(tx, replace(case.patient, given_name="Ruthie", version=2)))
        assert [one.given_name for one in store.patient_history(db, case.patient.id)] == ["Ruth"]
        assert db.rows("select count(*) from v_latest") == [(4,)]
    assert shape(old) == shape(new)


def test_a_file_is_copied_before_it_is_changed(path: Path, folder: Path, keys: Keys) -> None:
    with Database.open(path, keys, create=True) as db:
        visit = saved_visit(db)
    assert not (path.parent / "backups").exists()
    Database.open(path, keys, migrations_folder=folder).close()
    copies = list((path.parent / "backups").iterdir())
    assert [one.name.startswith(f"clinic-before-{len(OURS) + 1:04d}-") for one in copies] == [True]
    with Database.open(copies[0], keys, read_only=True) as before:
        assert store.read_visit(before, visit.id) == visit
        assert before.rows("select count(*) from migration") == [(len(OURS),)]
    Database.open(path, keys, migrations_folder=folder).close()
    assert list((path.parent / "backups").iterdir()) == copies, "nothing to do, nothing copied"


def test_a_step_that_was_altered_after_it_was_applied_is_refused(path: Path, folder: Path, keys: Keys) -> None:
    Database.open(path, keys, create=True, migrations_folder=folder).close()
    before = path.read_bytes()
    last = sorted(folder.glob("*.sql"))[-1]
    text = last.read_text()
    last.write_text(text.replace("41.5", "42"))
    with pytest.raises(ChangedMigration, match=f"{last.name} was changed after it was applied"):
        Database.open(path, keys, migrations_folder=folder)
    assert path.read_bytes() == before
    last.write_bytes(text.replace("\n", "\r\n").encode())
    Database.open(path, keys, migrations_folder=folder).close()


def test_a_file_of_a_newer_program_is_refused(path: Path, folder: Path, keys: Keys) -> None:
    Database.open(path, keys, create=True, migrations_folder=folder).close()
    with pytest.raises(ChangedMigration, match="newer program"):
        Database.open(path, keys)


def test_a_step_that_fails_leaves_the_file_as_it_was(path: Path, folder: Path, keys: Keys) -> None:
    with Database.open(path, keys, create=True) as db:
        visit = saved_visit(db)
    before = shape(path)
    last = sorted(folder.glob("*.sql"))[-1]
    last.write_text("alter table patient add column shoe_size double;\nselect no_such_function();\n")
    with pytest.raises(duckdb.Error):
        Database.open(path, keys, migrations_folder=folder)
    assert [row for row in shape(path) if row[0] != "shoe"] == before
    with duckdb.connect(str(path), read_only=True) as con:
        assert con.execute("select max(number) from migration").fetchone() == (len(OURS) + 1,)
    last.write_text("select 1;\n")
    with Database.open(path, keys, migrations_folder=folder) as db:
        assert store.read_visit(db, visit.id) == visit


def test_an_old_file_is_not_changed_by_reading_it(path: Path, folder: Path, keys: Keys) -> None:
    Database.open(path, keys, create=True).close()
    before = path.read_bytes()
    with pytest.raises(Refused, match="older version"):
        Database.open(path, keys, read_only=True, migrations_folder=folder)
    assert path.read_bytes() == before


def test_a_wrong_key_changes_nothing_and_copies_nothing(path: Path, folder: Path, keys: Keys) -> None:
    Database.open(path, keys, create=True).close()
    before = path.read_bytes()
    with pytest.raises(store.WrongKey):
        Database.open(path, Keys.fresh(), migrations_folder=folder)
    assert path.read_bytes() == before and not (path.parent / "backups").exists()


@pytest.mark.parametrize("names", [["0001_a.sql", "0003_b.sql"], ["0002_a.sql"], ["0001_a.sql", "0001_b.sql"], ["first.sql"]])
def test_steps_with_a_gap_a_double_or_no_number_are_refused(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).write_text("select 1;")
    with pytest.raises(ChangedMigration):
        migrations(tmp_path)


def test_the_views_are_made_anew_when_their_text_changed(path: Path, keys: Keys) -> None:
    with Database.open(path, keys, create=True) as db:
        db.rows("create or replace view v_latest as select 1 as wrong")
        db.rows("update house set value = '' where name = 'views'")
    with Database.open(path, keys) as db:
        assert store.latest_values(db) == ()
        made = db.rows("select value from house where name = 'views'")
    with Database.open(path, keys) as db:
        assert db.rows("select value from house where name = 'views'") == made
    assert VIEWS.read_text().count("create or replace view") == 4


KILLED = """
import os, signal, sys
from pathlib import Path
from kneeclinic.security import Keys
from kneeclinic.store import Database, migrating
from kneeclinic.store.connection import connect
path, folder, key, at = Path(sys.argv[1]), Path(sys.argv[2]), bytes.fromhex(sys.argv[3]), int(sys.argv[4])
count = 0
def trace(frame, event, argument):
    global count
    if frame.f_code.co_filename.endswith("migrating.py") and event == "line" and frame.f_code.co_name in ("apply", "rebuild_views"):
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)
    return trace
sys.settrace(trace)
Database.open(path, Keys(key, key, key), create=True, migrations_folder=folder).close()
"""


@pytest.mark.parametrize("existing", [False, True])
def test_killed_at_any_line_of_a_migration_the_file_is_of_one_version_and_goes_on(tmp_path: Path, folder: Path, existing: bool) -> None:
    key = Keys(*[b"k" * 32] * 3)
    whole = tmp_path / "whole.duckdb"
    Database.open(whole, key, create=True, migrations_folder=folder).close()
    before = tmp_path / "before.duckdb"
    if existing:
        Database.open(before, key, create=True).close()
    killed = 0
    for at in (3, 5, 8, 11, 16):
        path = tmp_path / f"at{at}" / "clinic.duckdb"
        path.parent.mkdir()
        if existing:
            shutil.copy(before, path)
        result = subprocess.run(
            [sys.executable, "-c", KILLED, str(path), str(folder), key.data_key.hex(), str(at)], check=False, timeout=60,
            cwd=Path(__file__).parents[2], env={**os.environ},
        )
        killed += result.returncode == -signal.SIGKILL
        with Database.open(path, key, create=True, migrations_folder=folder) as db:
            assert store.health(db).is_good
            saved_visit(db)
        assert shape(path) == shape(whole)
    assert killed >= 4, "the test must kill"
