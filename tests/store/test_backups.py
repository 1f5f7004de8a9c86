"""A backup holds everything, is proven before it counts, and becomes a clinic again."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import duckdb
import pytest
from record_builders import LEAD, NOW, a_check_in, a_document, a_full_program, a_patient, a_run, an_observation, saved_visit

from kneeclinic import store
from kneeclinic.security import WrongKey, load_or_create_keys
from kneeclinic.security.keys import new_outer_key, remember_key
from kneeclinic.store import Backup, CannotWrite, Database, NotAClinic
from kneeclinic.vocabulary import NotFound, Refused


def fill(db: Database) -> str:
    visit = saved_visit(db, values=5)
    episode = store.read_episode(db, visit.episode_id)
    db.write(lambda tx: (
        store.save_program(tx, a_full_program(episode)), store.save_check_in(tx, a_check_in(episode)),
        store.save_runs(tx, [a_run(episode)]), store.save_document(tx, a_document(episode, b"%PDF"), b"%PDF"),
        store.save_audit(tx, LEAD, "x", "visit", visit.id, {"a": 1}, NOW),
    ))
    return visit.episode_id


def everything(db: Database) -> dict[str, list[tuple[object, ...]]]:
    return {name: sorted(db.rows(f'select * from "{name}"'), key=repr) for name in store.table_counts(db)}


def test_a_restored_backup_is_identical_and_works_on(path: Path, tmp_path: Path) -> None:
    outer = load_or_create_keys(path, create=True)
    with Database.open(path, outer, create=True) as db:
        episode_id = fill(db)
        before, case = everything(db), store.read_case(db, episode_id)
        copy = store.save_copy(db, tmp_path / "usb" / "clinic backup's.duckdb")
        saved_visit(db)
    assert copy.counts == {name: len(rows) for name, rows in before.items()}
    assert stat.S_IMODE(copy.path.stat().st_mode) == 0o600
    assert [one.name for one in copy.path.parent.iterdir()] == [copy.path.name]
    assert not (path.parent / "backups").exists(), "nothing half-made is left"
    new = tmp_path / "restored" / "clinic.duckdb"
    with store.restore_copy(copy.path, new, remember_key(new, outer)) as restored:
        assert everything(restored) == before
        assert store.read_case(restored, episode_id) == case
        assert store.health(restored).is_good
        saved_visit(restored)
        restored.write(lambda tx: store.save_audit(tx, LEAD, "y", "z", "", None, NOW))
    with Database.open(new, load_or_create_keys(new)) as again:
        assert store.count_patients(again) == 2
        assert store.health(again).is_good


def test_a_backup_taken_under_load_is_one_moment(db: Database, tmp_path: Path) -> None:
    saved_visit(db, values=3)
    stop = Event()

    def work() -> None:
        while not stop.is_set():
            visit = saved_visit(db, values=3)
            db.write(lambda tx, visit=visit: store.save_audit(tx, LEAD, "start_visit", "visit", visit.id, None, NOW))

    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(work) for _ in range(2)]
        copies = [store.save_copy(db, tmp_path / f"{number}.duckdb") for number in range(4)]
        stop.set()
        for job in jobs:
            job.result()
    assert copies[-1].counts["visit"] > copies[0].counts["visit"]
    for number, copy in enumerate(copies):
        assert copy.counts["observation"] == 3 * copy.counts["visit"] == 3 * copy.counts["patient"]
        with store.restore_copy(copy.path, tmp_path / f"r{number}.duckdb", db.keys) as restored:
            assert store.health(restored).is_good


def test_a_backup_never_replaces_a_file_and_a_restore_never_a_clinic(db: Database, path: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.duckdb"
    there.write_text("mine")
    with pytest.raises(Refused, match="exists already"):
        store.save_copy(db, there)
    copy = store.save_copy(db, tmp_path / "copy.duckdb").path
    with pytest.raises(Refused, match="new file only"):
        store.restore_copy(copy, there, db.keys)
    with pytest.raises(Refused, match="new file only"):
        store.restore_copy(copy, path, db.keys)
    assert there.read_text() == "mine"
    with pytest.raises(NotFound, match="no backup"):
        store.restore_copy(tmp_path / "nothing.duckdb", tmp_path / "new.duckdb", db.keys)


def test_a_restore_that_fails_leaves_no_file(db: Database, tmp_path: Path) -> None:
    copy = store.save_copy(db, tmp_path / "copy.duckdb").path
    new = tmp_path / "new.duckdb"
    with pytest.raises(WrongKey):
        store.restore_copy(copy, new, new_outer_key("elsewhere"))
    copy.write_bytes(b"broken" * 1000)
    with pytest.raises(NotAClinic):
        store.restore_copy(copy, new, db.keys)
    assert not new.exists()


def test_a_backup_to_a_place_that_cannot_be_written_says_so(db: Database, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(CannotWrite, match="could not be written"):
        store.save_copy(db, tmp_path / "file" / "copy.duckdb")
    assert store.health(db).is_good


def test_backups_are_noted_and_the_newest_is_known(db: Database) -> None:
    assert store.latest_backup(db) is None
    first = Backup("b1", NOW, "acc-lead", "nightly", "/x/1.duckdb", 100, NOW)
    second = replace(first, id="b2", made_at=NOW.replace(hour=23), path="/x/2.duckdb")
    db.write(lambda tx: (store.save_backup(tx, second), store.save_backup(tx, first)))
    db.write(lambda tx: store.save_backup(tx, replace(first, drilled_at=NOW)))
    assert store.latest_backup(db) == second
    assert store.backups(db) == (second, replace(first, drilled_at=NOW))
    assert store.health(db).last_backup_at == second.made_at


def test_re_clustering_changes_no_value_and_disturbs_no_reader(db: Database) -> None:
    visits = [saved_visit(db, values=4) for _ in range(6)]
    for day in range(3):
        db.write(lambda tx, day=day: [store.save_observations(tx, [an_observation(one, measure=f"d{day}")]) for one in visits])
    cases = [store.read_case(db, one.episode_id) for one in visits]
    with db.snapshot() as view:
        rows = view.rows("select * from observation order by place")
        assert db.write(store.save_reclustered) == 6 * 7
        assert view.rows("select * from observation order by place") == rows
    db.changes.note(["*"])
    assert [store.read_case(db, one.episode_id) for one in visits] == cases
    laid = db.rows("select patient_id, measure, place from observation order by rowid")
    assert laid == sorted(laid)
    late = an_observation(visits[0], measure="late")
    db.write(lambda tx: store.save_observations(tx, [late]))
    db.write(lambda tx: store.save_patient(tx, a_patient()))
    assert late in store.read_case(db, visits[0].episode_id).observations
    assert store.health(db).is_good


def test_laid_in_order_piece_by_piece_the_whole_is_in_order(db: Database) -> None:
    visits = [saved_visit(db, values=5) for _ in range(9)]
    for day in range(4):
        db.write(lambda tx, day=day: [store.save_observations(tx, [an_observation(one, measure=f"d{day}")]) for one in visits])
    before = sorted(db.rows("select * from observation"), key=repr)
    pieces = store.reclustering_slices(db, size=20)
    assert len(pieces) == 3 and all(first <= last for first, last in pieces)
    assert sum(db.write(lambda tx, piece=piece: store.save_reclustered(tx, *piece)) for piece in pieces) == len(before) == 81
    assert sorted(db.rows("select * from observation"), key=repr) == before
    laid = db.rows("select patient_id, measure, place from observation order by rowid")
    assert laid == sorted(laid)
    assert store.health(db).is_good


def test_what_is_no_backup_is_named_and_the_new_file_is_not(db: Database, tmp_path: Path) -> None:
    new = tmp_path / "new.duckdb"
    text, other = tmp_path / "holiday.txt", tmp_path / "other.duckdb"
    text.write_text("no database at all")
    with duckdb.connect(str(other)) as con:
        con.execute("create table sheep (id integer)")
    cut = store.save_copy(db, tmp_path / "cut.duckdb").path
    cut.write_bytes(cut.read_bytes()[:30_000])
    for wrong in (text, other, cut):
        with pytest.raises(NotAClinic) as told:
            store.restore_copy(wrong, new, db.keys)
        assert wrong.name in str(told.value) and new.name not in str(told.value)
        assert not new.exists()
    copy = store.save_copy(db, tmp_path / "copy.duckdb").path
    with pytest.raises(WrongKey) as told:
        store.restore_copy(copy, new, new_outer_key("elsewhere"))
    assert "copy.duckdb" in str(told.value) and "new.duckdb" not in str(told.value)
