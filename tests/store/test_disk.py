"""A full or read-only disk gives one sentence; what was saved before stays readable and whole."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from record_builders import a_document, saved_visit

from kneeclinic import store
from kneeclinic.security import Keys
from kneeclinic.store import CannotWrite, Database


def mounted(*arguments: str) -> bool:
    try:
        return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "small"
    place.mkdir()
    if os.geteuid() != 0 or not mounted("-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)):
        pytest.skip("needs root and the right to mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


def test_a_full_disk_loses_nothing_that_was_saved(small_disk: Path) -> None:
    keys, saved = Keys.fresh(), 0
    with Database.open(small_disk / "clinic.duckdb", keys, create=True) as db:
        visit = saved_visit(db, values=5)
        episode = store.read_episode(db, visit.episode_id)
        with pytest.raises(CannotWrite, match="is full, so nothing was saved; make room"):
            while saved < 200:
                data = os.urandom(200_000)
                db.write(lambda tx, data=data: store.save_document(tx, a_document(episode, data), data))
                saved += 1
        assert saved > 5
        assert len(store.recent_documents(db, 1000)) == saved
        with pytest.raises(CannotWrite):
            store.save_copy(db, small_disk / "copy.duckdb")
        assert not (small_disk / "copy.duckdb").exists()
        assert store.read_visit(db, visit.id) == visit
    with Database.open(small_disk / "clinic.duckdb", keys) as db:
        assert len(store.recent_documents(db, 1000)) == saved
        assert store.health(db).is_good


def test_a_read_only_disk_can_be_read_but_says_that_it_cannot_be_written(small_disk: Path) -> None:
    keys, path = Keys.fresh(), small_disk / "clinic.duckdb"
    with Database.open(path, keys, create=True) as db:
        visit = saved_visit(db)
    assert mounted("-o", "remount,ro", str(small_disk))
    with pytest.raises(CannotWrite, match="cannot be written"):
        Database.open(path, keys)
    with Database.open(path, keys, read_only=True) as db:
        assert store.read_visit(db, visit.id) == visit
    with pytest.raises(CannotWrite):
        Database.open(small_disk / "new" / "clinic.duckdb", keys, create=True)
