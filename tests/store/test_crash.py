"""The power goes while people save: what was acknowledged is there, nothing is half there, and the log still fits."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from record_builders import LEAD, NOW, saved_visit

from kneeclinic import store
from kneeclinic.security import load_or_create_keys
from kneeclinic.store import Database
from kneeclinic.vocabulary import Conflict

ROUNDS = 6
HERE = Path(__file__).resolve().parent

WRITER = """
import sys, threading
sys.path.insert(0, sys.argv[2])
from record_builders import save_a_day
from kneeclinic.security import load_or_create_keys
from kneeclinic.store import Database
db = Database.open(sys.argv[1], load_or_create_keys(sys.argv[1]))
tell = threading.Lock()
def work(number):
    turn = 0
    while True:
        turn += 1
        visit = save_a_day(db, f"{sys.argv[3]}-{number}-{turn}")
        with tell:
            print(visit, flush=True)
for number in range(3):
    threading.Thread(target=work, args=(number,), daemon=True).start()
threading.Event().wait()
"""


def acknowledged_before_the_kill(path: Path, round_: int, after_s: float) -> list[str]:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(HERE), f"r{round_}"], stdout=subprocess.PIPE, text=True, cwd=HERE.parents[1],
        env={**os.environ},
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        time.sleep(after_s)
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
    return [line.strip() for line in lines if line.endswith("\n")]


def test_nothing_acknowledged_is_lost_and_nothing_is_torn(path: Path) -> None:
    killed_while_saving(path, ROUNDS)


@pytest.mark.soak
def test_a_hundred_kills_lose_nothing_that_was_acknowledged(path: Path) -> None:
    killed_while_saving(path, 100)


def killed_while_saving(path: Path, rounds: int) -> None:
    Database.open(path, load_or_create_keys(path, create=True), create=True).close()
    chance, saved = random.Random(3), []
    for round_ in range(rounds):
        saved += acknowledged_before_the_kill(path, round_, 0.05 + 0.2 * chance.random())
        with Database.open(path, load_or_create_keys(path)) as db:
            visits = {row[0]: row[1] for row in db.rows(
                "select visit.id, (select count(*) from observation where observation.visit_id = visit.id) from visit")}
            audited = {row[0] for row in db.rows("select entity_id from audit")}
            assert set(saved) <= set(visits), "an acknowledged visit is missing"
            assert set(visits.values()) <= {10}, "a visit is torn"
            assert set(visits) == audited
            checked = store.health(db)
            assert checked.is_good, checked.problems
    assert len(saved) > rounds * 3
    print(f"{rounds} kills, {len(saved)} acknowledged visits, none lost or torn")


def test_look_ups_by_key_agree_with_a_full_scan_after_kill_open_close_and_open(path: Path) -> None:
    """The sequence after which an index of an older engine answered wrongly in silence."""
    Database.open(path, load_or_create_keys(path, create=True), create=True).close()
    acknowledged_before_the_kill(path, 0, 0.3)
    Database.open(path, load_or_create_keys(path)).close()
    with Database.open(path, load_or_create_keys(path)) as db:
        rows = db.rows("select id, number_index from patient")
        assert len(rows) > 3
        for id_, index in rows:
            assert db.rows("select id from patient where number_index = ?", [index]) == [(id_,)]
            assert len(db.rows("select id from patient where id = ?", [id_])) == 1
        taken = store.read_patient(db, rows[0][0]).number
        with pytest.raises(Conflict, match="belongs to another patient"):
            saved_visit(db, number=taken)
        db.write(lambda tx: (tx.run("update patient set minutes_a_day = 7"), store.save_audit(tx, LEAD, "x", "y", "z", None, NOW)))
        assert db.rows("select distinct minutes_a_day from patient") == [(7,)]
        assert store.health(db).is_good


def test_no_table_of_ours_has_an_index_of_its_own(db: Database) -> None:
    assert db.rows("select index_name from duckdb_indexes()") == []
    assert db.rows("select constraint_type from duckdb_constraints() where constraint_type = 'FOREIGN KEY'") == []
    assert duckdb.__version__.startswith("2."), "1.5 answered wrongly after a crash; see docs/decisions.md"
