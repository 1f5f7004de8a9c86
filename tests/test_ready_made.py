"""A demo clinic taken from the shelf is as good as one just made, and no test sees what another did in its copy."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kneeclinic import actions, demo
from kneeclinic.clinic import Clinic, open_clinic
from kneeclinic.store import count_patients, health, verify_chain
from tests import ready_made


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(ready_made, "_shelf", tmp_path / "shelf")
    return tmp_path / "shelf"


def taken(folder: Path, monkeypatch: pytest.MonkeyPatch, *, patients: int = 1) -> Clinic:
    ready_made.demo_clinic(folder / "clinic.duckdb", folder / "clinic.key", patients=patients, weeks=1)
    monkeypatch.setenv("KNEECLINIC_KEY_FILE", str(folder / "clinic.key"))
    return open_clinic(folder / "clinic.duckdb")


def test_a_copy_opens_with_its_own_key_and_its_log_fits_the_noted_head(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with taken(tmp_path / "one", monkeypatch) as clinic:
        assert clinic.database.anchor.path.parent == tmp_path / "one"
        noted = clinic.database.anchor.read()
        assert noted is not None and noted.seq > 0
        assert verify_chain(clinic.database).is_whole and health(clinic.database).is_good
        now = clinic.at(now=datetime.now(UTC))
        assert actions.session_actor(now, actions.sign_in(now, demo.LEAD_NAME, demo.PASSWORD, "test")) is not None


def test_what_is_done_in_one_copy_is_in_no_other(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with taken(tmp_path / "one", monkeypatch) as clinic:
        now = clinic.at(now=datetime.now(UTC))
        actions.sign_in(now, demo.LEAD_NAME, demo.PASSWORD, "test")
        further = clinic.database.anchor.read()
    with taken(tmp_path / "other", monkeypatch) as clinic:
        fresh = clinic.database.anchor.read()
        assert further is not None and fresh is not None and fresh.seq < further.seq
        assert health(clinic.database).is_good


ROOT = Path(__file__).resolve().parents[1]
TAKE = """
import sys
from pathlib import Path
from tests import ready_made
ready_made._shelf, folder = Path(sys.argv[1]), Path(sys.argv[2])
ready_made.demo_clinic(folder / "clinic.duckdb", folder / "clinic.key", patients=1, weeks=1)
"""


def test_processes_that_ask_at_once_get_the_same_clinic_made_once(shelf: Path, tmp_path: Path) -> None:
    asking = [subprocess.Popen([sys.executable, "-c", TAKE, str(shelf), str(tmp_path / name)], cwd=ROOT) for name in ("a", "b")]
    assert [one.wait(120) for one in asking] == [0, 0]
    assert (tmp_path / "a/clinic.key").read_bytes() == (tmp_path / "b/clinic.key").read_bytes()
    assert (tmp_path / "a/clinic.duckdb").read_bytes() == (tmp_path / "b/clinic.duckdb").read_bytes()


def test_another_number_of_patients_is_another_clinic_and_half_a_clinic_is_made_anew(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    half = shelf / f"2 patients 1 weeks {datetime.now(UTC).date()}"
    half.mkdir(parents=True)
    (half / ready_made.CLINIC).write_bytes(b"cut off here")
    for patients in (1, 2):
        with taken(tmp_path / str(patients), monkeypatch, patients=patients) as clinic:
            assert count_patients(clinic.database) == patients
