"""The demo clinic, made once a run for each number of patients and weeks; each test works on a copy of its own, with its key."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

SEED = 7
CLINIC, KEY = "clinic.duckdb", "clinic.key"
_shelf: Path | None = None
"""Where the clinics of this run stand, whichever of its processes made them."""


def shelve_beside(base: Path) -> None:
    """All processes of one run use one shelf; their own folders lie side by side."""
    global _shelf
    _shelf = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "ready_made"


def demo_clinic(path: Path, key: Path, *, patients: int, weeks: int) -> None:
    """A demo clinic in the new file `path` that opens with the new key file `key`, as the demo made it."""
    if _shelf is None:
        _make(path, key, patients, weeks)
        return
    made = _made(_shelf, patients, weeks)
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(made / CLINIC, path)
    shutil.copy(made / KEY, key)
    shutil.copy(_anchor(made / CLINIC, made / KEY), _anchor(path, key))


def _made(shelf: Path, patients: int, weeks: int) -> Path:
    """The clinic of today; a run that goes on past midnight makes those of the new day. Who comes second waits for who makes it."""
    folder = shelf / f"{patients} patients {weeks} weeks {datetime.now(UTC).date()}"
    shelf.mkdir(parents=True, exist_ok=True)
    with (shelf / f"{folder.name}.lock").open("w") as lock:
        with suppress(ImportError):  # Windows has no such lock, and its tests run in one process
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "done"
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _make(folder / CLINIC, folder / KEY, patients, weeks)
            assert not (folder / f"{CLINIC}.wal").exists(), "a clinic that was closed left writes beside its file"
            done.touch()
    return folder


def _make(path: Path, key: Path, patients: int, weeks: int) -> None:
    from kneeclinic import demo  # every test loads this file: what is broken in the product breaks its own tests, not all

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KNEECLINIC_KEY_FILE", str(key))
        demo.make_demo(path, patients=patients, weeks=weeks, seed=SEED)


def _anchor(path: Path, key: Path) -> Path:
    """The name of the noted head is made from where the clinic file lies; it lies beside the key."""
    from kneeclinic.security.keys import anchor_file_of

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KNEECLINIC_KEY_FILE", str(key))
        return anchor_file_of(path)
