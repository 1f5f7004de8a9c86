"""The machine loses power, not only the program: what was acknowledged is there, nothing is half there, and the clinic opens."""

from __future__ import annotations

import os
import random
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest
from lost_power import WAYS, Call, Disk, calls, can_record, recorded
from record_builders import LEAD, NOW, saved_visit

from kneeclinic import store
from kneeclinic.security import Keys, load_or_create_keys
from kneeclinic.store import Database, NotAClinic

HERE = Path(__file__).resolve().parent
CUTS = 24
VALUES = 10

AT_WORK = """
import sys, threading
sys.path.insert(0, sys.argv[2])
from record_builders import save_a_day
from kneeclinic.security import load_or_create_keys
from kneeclinic.store import Database
tell = threading.Lock()
def say(words):
    with tell:
        sys.stdout.write(words + "\\n")
        sys.stdout.flush()
def work(db, name):
    for turn in range(7):
        say("saved " + save_a_day(db, f"{name}-{turn}"))
        if turn == 3:
            with db._cursor() as cursor:
                cursor.execute("checkpoint" if name == "a" else "force checkpoint")
path = sys.argv[1]
Database.open(path, load_or_create_keys(path, create=True), create=True).close()
say("set up")
for day in ("a", "b"):
    with Database.open(path, load_or_create_keys(path)) as db:
        hands = [threading.Thread(target=work, args=(db, day + str(number))) for number in range(2)]
        hands.append(threading.Thread(target=work, args=(db, day)))
        for one in hands:
            one.start()
        with db.snapshot() as moment:
            moment.rows("select count(*) from visit")
            hands[0].join()
        for one in hands:
            one.join()
"""


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Call]]:
    """The clinic file, and everything that two days of work wrote."""
    folder, trace = tmp_path_factory.mktemp("power"), tmp_path_factory.mktemp("trace") / "calls"
    path = folder / "clinic.duckdb"
    environment = {**os.environ, "KNEECLINIC_KEY_FILE": str(folder / "clinic.key")}
    recorded([sys.executable, "-c", AT_WORK, str(path), str(HERE)], trace, environment)
    return path, list(calls(trace, folder))


def cut_again_and_again(path: Path, done: list[Call], cuts: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Cuts the power at moments in which something was on its way to the disk."""
    monkeypatch.setenv("KNEECLINIC_KEY_FILE", str(path.with_name("clinic.key")))
    chance, disk, told = random.Random(seed), Disk(), ""
    ready = next(number for number, one in enumerate(done) if b"set up" in one.data)
    moments = _moments(done, ready)
    chosen = {(moment, way) for moment in moments for way in WAYS} if not cuts else {
        (moment, chance.choice(WAYS[2:])) for moment in chance.sample([one for one in moments if _is_full(done, one)], cuts)}
    found: Counter[str] = Counter()
    for number, one in enumerate(done):
        if one.kind == "told":
            told += one.data.decode()
            continue
        disk.does(one)
        for way in (way for way in WAYS if (number, way) in chosen):
            saved = {line.split()[1] for line in told.split("\n")[:-1] if line.startswith("saved ")}
            _lay(path, disk.after_a_cut(way, chance))
            found["cuts"] += 1
            _all_is_there(path, saved, f"cut at call {number} ({one.kind} {Path(one.path).name}), {way}")
            found["brought back"] += any(".as-found-" in file.name for file in path.parent.iterdir())
    print(f"\n{found['cuts']} cuts of the power, {found['brought back']} of them brought back, {len(saved)} visits acknowledged, 0 lost, 0 torn")
    return found


def _moments(done: list[Call], ready: int) -> list[int]:
    """The calls after which a cut leaves a choice."""
    disk, found = Disk(), []
    for number, one in enumerate(done):
        if one.kind != "told":
            disk.does(one)
            if number > ready and not disk.is_settled:
                found.append(number)
    return found


def _is_full(done: list[Call], moment: int) -> bool:
    """Whether all of an entry, or of a move of changes into the file, is on its way and not flushed yet."""
    then = done[moment + 1:moment + 2]
    return bool(then) and then[0].kind in ("begin", "flush") and then[0].path.endswith((".duckdb", ".wal"))


def _lay(path: Path, files: dict[str, bytes]) -> None:
    for one in path.parent.iterdir():
        shutil.rmtree(one) if one.is_dir() else one.unlink()
    for name, data in files.items():
        Path(name).write_bytes(data)


def _all_is_there(path: Path, saved: set[str], where: str) -> None:
    with Database.open(path, load_or_create_keys(path)) as db:
        _compared(db, saved, where)
        more = saved_visit(db, values=VALUES)
        db.write(lambda tx: store.save_audit(tx, LEAD, "start_visit", "visit", more.id, None, NOW))
        killed = {str(one): one.read_bytes() for one in path.parent.iterdir() if one.is_file()}
    _lay(path, killed)
    with Database.open(path, load_or_create_keys(path)) as db:
        _compared(db, saved | {more.id}, where + ", killed after it")


def _compared(db: Database, saved: set[str], where: str) -> None:
    visits = {row[0]: row[1] for row in db.rows(
        "select visit.id, (select count(*) from observation where observation.visit_id = visit.id) from visit")}
    assert saved <= set(visits), f"an acknowledged visit is missing: {where}"
    assert set(visits.values()) <= {VALUES}, f"a visit is torn: {where}"
    checked = store.health(db)
    assert checked.is_good, (where, checked.problems)


recording = pytest.mark.skipif(not can_record(), reason="needs strace, and the right to watch a program")


@recording
def test_when_the_power_fails_nothing_acknowledged_is_lost_and_the_clinic_opens(
        work: tuple[Path, list[Call]], monkeypatch: pytest.MonkeyPatch) -> None:
    assert cut_again_and_again(*work, CUTS, 4, monkeypatch)["brought back"] >= 1


@recording
@pytest.mark.soak
def test_when_the_power_fails_at_any_call_nothing_acknowledged_is_lost(work: tuple[Path, list[Call]], monkeypatch: pytest.MonkeyPatch) -> None:
    assert cut_again_and_again(*work, 0, 4, monkeypatch)["brought back"] >= 20


def saved(db: Database) -> str:
    """One visit with its line of the log, as each change has one."""
    visit = saved_visit(db, values=VALUES)
    db.write(lambda tx: store.save_audit(tx, LEAD, "start_visit", "visit", visit.id, None, NOW))
    return visit.id


def with_a_hole(path: Path, keys: Keys) -> tuple[str, str, bytes]:
    """Lays a clinic whose log of changes has a hole in the entry of the second visit, and the note of the log's head of the moment when only the
    first was acknowledged. Returns both visits, and the note that says that the second was acknowledged too."""
    wal, note = path.with_name(path.name + ".wal"), path.with_name(path.name + ".anchor")
    with Database.open(path, keys) as db:
        first = saved(db)
        then = {one: one.read_bytes() for one in (path, wal, note)}
        second = saved_visit(db, values=VALUES)
        whole = wal.read_bytes()
        db.write(lambda tx: store.save_audit(tx, LEAD, "start_visit", "visit", second.id, None, NOW))
        later = note.read_bytes()
    half = len(then[wal]) + (len(whole) - len(then[wal])) // 2
    then[wal] = whole[:half] + bytes(200) + whole[half + 200:]
    for one, data in then.items():
        one.write_bytes(data)
    return first, second.id, later


def files(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}


@pytest.fixture
def keys(path: Path) -> Keys:
    keys = Keys.fresh()
    Database.open(path, keys, create=True).close()
    return keys


def test_an_entry_with_a_hole_that_nobody_was_told_of_is_cut_off_and_the_log_says_so(path: Path, keys: Keys) -> None:
    first, second, _ = with_a_hole(path, keys)
    torn = {path.read_bytes(), path.with_name(path.name + ".wal").read_bytes()}
    with Database.open(path, keys) as db:
        visits = {row[0] for row in db.rows("select id from visit")}
        assert first in visits and second not in visits
        assert store.health(db).is_good
        line = store.read_audit(db)[0]
        assert line.action == "bring_back" and line.detail["taken out"][0].startswith("clinic.duckdb.wal cut at ")
        kept = [path.with_name(name) for name in line.detail["as found"]]
        assert {one.read_bytes() for one in kept} == torn
        assert {one.stat().st_mode & 0o777 for one in kept} == {0o600}


def test_a_log_of_changes_whose_first_sector_never_arrived_is_left_out(path: Path, keys: Keys) -> None:
    """Nothing that begins there was ever flushed."""
    wal = path.with_name(path.name + ".wal")
    with Database.open(path, keys) as db:
        first = saved(db)
    with Database.open(path, keys) as db:
        before, note = path.read_bytes(), path.with_name(path.name + ".anchor").read_bytes()
        saved_visit(db, values=VALUES)
        started = wal.read_bytes()
    path.write_bytes(before)
    path.with_name(path.name + ".anchor").write_bytes(note)
    wal.write_bytes(bytes(512) + started[512:])
    with Database.open(path, keys) as db:
        assert [row[0] for row in db.rows("select id from visit")] == [first]
        assert store.health(db).is_good


def test_an_entry_that_somebody_was_told_of_is_never_cut_off(path: Path, keys: Keys) -> None:
    *_, later = with_a_hole(path, keys)
    path.with_name(path.name + ".anchor").write_bytes(later)
    refused_as_it_was(path, keys)


def test_without_the_note_of_the_logs_head_nothing_is_cut_off(path: Path, keys: Keys) -> None:
    with_a_hole(path, keys)
    path.with_name(path.name + ".anchor").unlink()
    refused_as_it_was(path, keys)


def refused_as_it_was(path: Path, keys: Keys, *, read_only: bool = False) -> None:
    before = files(path.parent)
    with pytest.raises(NotAClinic, match="restore the last backup"):
        Database.open(path, keys, read_only=read_only)
    assert files(path.parent) == before, "what was found is not what is left"


def test_who_only_reads_brings_nothing_back(path: Path, keys: Keys) -> None:
    with_a_hole(path, keys)
    refused_as_it_was(path, keys, read_only=True)


def half_moved(path: Path, keys: Keys) -> tuple[str, bytes, bytes]:
    """A visit; the file when half of its first block was rewritten with the changes, and the log of changes of that moment."""
    wal, held = path.with_name(path.name + ".wal"), path.with_name("held.wal")
    with Database.open(path, keys) as db:
        visit = saved(db)
        before = path.read_bytes()
        os.link(wal, held)
        with db._cursor() as cursor:
            cursor.execute("checkpoint")
        after, block = path.read_bytes(), 3 * 4096
    moved = held.read_bytes()
    held.unlink()
    middle = block + 131_072
    return visit, before[:block] + after[block:middle] + before[middle:], moved


def test_a_block_that_was_half_rewritten_is_mended_and_everything_is_read_once(path: Path, keys: Keys) -> None:
    visit, torn, moved = half_moved(path, keys)
    wal = path.with_name(path.name + ".wal")
    path.write_bytes(torn)
    wal.write_bytes(moved)
    with Database.open(path, keys) as db:
        assert [row[0] for row in db.rows("select id from visit")] == [visit]
        assert store.health(db).is_good
        assert store.read_audit(db)[0].detail["taken out"] == [f"checksum at {3 * 4096} set"]


def test_a_block_that_does_not_fit_is_not_mended_when_no_changes_were_being_moved(path: Path, keys: Keys) -> None:
    _, torn, _ = half_moved(path, keys)
    path.write_bytes(torn)
    refused_as_it_was(path, keys)


def test_with_no_room_for_a_copy_of_what_was_found_nothing_is_touched(path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    with_a_hole(path, keys)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = files(path.parent)
    monkeypatch.setattr("kneeclinic.store.power_cut.shutil.copyfile", full)
    with pytest.raises(store.CannotWrite, match="make room for twice the file"):
        Database.open(path, keys)
    assert files(path.parent) == before
