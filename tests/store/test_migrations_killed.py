"""The power goes after every single statement of every step: the file is of the old version or of the new one, never between, and goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from record_builders import saved_visit

from kneeclinic import store
from kneeclinic.security import Keys
from kneeclinic.store import Database
from kneeclinic.store.migrating import FOLDER, migrations

ROOT = Path(__file__).resolve().parents[2]
KEYS = Keys(*[b"k" * 32] * 3)
STEPS = migrations()
SHAPE = (
    "select table_name, column_name, data_type from duckdb_columns() where not internal and schema_name = 'main' "
    "and table_name in (select table_name from duckdb_tables()) order by all"
)
VIEWS = "select view_name, sql from duckdb_views() where not internal order by all"

KILLER = """
import os, shutil, signal, sys
from pathlib import Path
import duckdb
from kneeclinic.security import Keys
from kneeclinic.store import Database, migrating

before, place, folder, first, step = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
keys = Keys(*[b"k" * 32] * 3)

class Counted:
    '''Stands for the cursor of a step: every statement by itself, and the end after the one asked for.'''
    def __init__(self, cursor, kill_after):
        self.cursor, self.kill_after, self.done = cursor, kill_after, 0
    def execute(self, sql, parameters=None):
        for one in duckdb.extract_statements(sql):
            found = self.cursor.execute(one, parameters) if parameters is not None else self.cursor.execute(one)
            self.done += 1
            if self.done == self.kill_after:
                os.kill(os.getpid(), signal.SIGKILL)
        return found

def child(kill_after):
    path = place / f"after{kill_after}" / "clinic.duckdb"
    path.parent.mkdir(parents=True)
    if before.exists():
        shutil.copy(before, path)
    real = migrating.apply
    migrating.apply = lambda cursor, one, also=None: real(Counted(cursor, kill_after), one, also)
    Database.open(path, keys, create=True, migrations_folder=folder).close()
    os._exit(0)

kill_after = first
while True:
    pid = os.fork()
    if pid == 0:
        child(kill_after)
    _, status = os.waitpid(pid, 0)
    if os.WIFEXITED(status):
        sys.exit(os.WEXITSTATUS(status))
    assert os.WTERMSIG(status) == signal.SIGKILL
    kill_after += step
"""


def shape(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=not path.with_name(path.name + ".wal").exists()) as con:
        return con.execute(SHAPE).fetchall()


def up_to(number: int, place: Path) -> Path:
    place.mkdir(parents=True)
    for file in sorted(FOLDER.glob("*.sql"))[:number]:
        shutil.copy(file, place)
    return place


def killed_after_each_statement(tmp_path: Path, number: int, first: int, step: int) -> int:
    """Kills one step after statement `first`, `first + step`, …; returns how many times."""
    old, new = tmp_path / "old.duckdb", tmp_path / "new.duckdb"
    now = up_to(number, tmp_path / "now")
    visit = None
    if number > 1:
        with Database.open(old, KEYS, create=True, migrations_folder=up_to(number - 1, tmp_path / "then")) as db:
            visit = db.rows("select count(*) from patient")
    with Database.open(new, KEYS, create=True, migrations_folder=now) as db:
        views = db.rows(VIEWS)
    shapes = [shape(old) if visit else [], shape(new)]
    done = subprocess.run([sys.executable, "-c", KILLER, str(old), str(tmp_path / "killed"), str(now), str(first), str(step)], cwd=ROOT,
                          env={**os.environ}, timeout=300, check=False)
    assert done.returncode == 0, "the last one goes through"
    places = sorted((tmp_path / "killed").iterdir(), key=lambda one: int(one.name.removeprefix("after")))
    for place in places[:-1]:
        path = place / "clinic.duckdb"
        for _ in range(2):
            assert shape(path) in shapes, f"step {number} killed at {place.name}: between two versions"
        with Database.open(path, KEYS, create=True, migrations_folder=now) as db:
            assert store.table_counts(db)["migration"] == number
            assert db.rows(VIEWS) == views
            for name, _ in views:
                db.rows(f"select * from {name}")
            if number == len(STEPS):
                saved_visit(db)
                assert store.health(db).is_good
        assert shape(path) == shapes[1]
        shutil.rmtree(place)
    return len(places) - 1


@pytest.mark.parametrize("number", range(1, len(STEPS) + 1))
def test_killed_inside_a_step_the_file_is_old_or_new_and_goes_on(tmp_path: Path, number: int) -> None:
    """Every ninth statement of the long first step, every one of the short ones, commit and checkpoint included."""
    long = STEPS[number - 1].sql.count(";") > 20
    killed = killed_after_each_statement(tmp_path, number, 1 + 3 * long, 9 if long else 1)
    assert killed >= 4


@pytest.mark.soak
@pytest.mark.parametrize("number", range(1, len(STEPS) + 1))
def test_killed_after_every_statement_of_a_step_the_file_is_old_or_new(tmp_path: Path, number: int) -> None:
    killed = killed_after_each_statement(tmp_path, number, 1, 1)
    statements = len(duckdb.extract_statements(STEPS[number - 1].sql))
    assert killed >= statements + 3, "begin, the record of the step, commit and checkpoint as well"
