"""A small demo clinic and a desk in front of it; each test works on a copy of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kneeclinic import actions, demo, serving
from kneeclinic.clinic import Clinic, open_clinic
from kneeclinic.record import ClinicProfile
from kneeclinic.ui import pages
from tests import ready_made
from tests.own_key import key_file_in, key_of, keyed, own_key

SHELL = Path(__file__).resolve().parents[2] / "kneeclinic" / "ui" / "shell.py"
__all__ = ["key_of", "keyed", "own_key"]
PASSWORD = "a quiet river at noon"


@pytest.fixture(scope="session")
def demo_file(keyed: Path) -> Path:
    path = keyed / "demo.duckdb"
    ready_made.demo_clinic(path, key_file_in(keyed), patients=6, weeks=5)
    return path


@pytest.fixture
def clinic(demo_file: Path, tmp_path: Path) -> Iterator[Clinic]:
    """A copy of the demo clinic, open for this process."""
    copy = tmp_path / "demo.duckdb"
    shutil.copy(demo_file, copy)
    opened = open_clinic(copy)
    serving.keep_open(opened)
    yield opened
    serving.keep_open(None)
    opened.database.close()


@pytest.fixture
def empty_clinic(demo_file: Path, tmp_path: Path) -> Iterator[Clinic]:
    """A clinic that was set up a minute ago; the demo's key lies in the folder already, and it opens with that."""
    opened = actions.setup_clinic(tmp_path / "new.duckdb", ClinicProfile(name="New", time_zone="UTC"), "ada", "Dr Ada Lane", PASSWORD)
    serving.keep_open(opened)
    yield opened
    serving.keep_open(None)
    opened.database.close()


class Desk:
    """Somebody signed in, in front of one screen."""

    def __init__(self, clinic: Clinic, name: str, password: str) -> None:
        self.clinic = clinic
        self.token = actions.sign_in(clinic.at(now=datetime.now(UTC)), name, password, "test")
        self.actor = actions.session_actor(clinic.at(now=datetime.now(UTC)), self.token)

    def page(self, name: str, patient: str = "") -> AppTest:
        """The named screen, drawn once."""
        at = AppTest.from_file(str(SHELL), default_timeout=30)
        at.user = {"session": self.token, "account": self.actor.account_id}
        if patient:
            at.query_params["patient"] = patient
        at.run()
        if name != "caseload":
            at.switch_page(pages.path(name))
            if patient:
                at.query_params["patient"] = patient
            at.run()
        return at


@pytest.fixture
def desk(clinic: Clinic) -> Desk:
    return Desk(clinic, demo.CLINICIAN_NAME, demo.PASSWORD)


@pytest.fixture
def lead(clinic: Clinic) -> Desk:
    return Desk(clinic, demo.LEAD_NAME, demo.PASSWORD)


@pytest.fixture
def new_desk(empty_clinic: Clinic) -> Desk:
    return Desk(empty_clinic, "ada", PASSWORD)


def said(at: AppTest) -> str:
    """Every word on the screen."""
    words = [one.value for kind in ("markdown", "caption", "error", "warning", "info", "success", "title", "header") for one in getattr(at, kind)]
    return "\n".join(str(one) for one in words)


def runner(clinic: Clinic) -> str:
    """An open episode with a program that is not blocked."""
    from kneeclinic.rules.red_flags import red_flags

    for case in clinic.cases():
        if case.program and not case.program.paused and not any(one.level.blocks for one in red_flags(case, clinic.knowledge, clinic.today)):
            return case.episode.id
    raise AssertionError("the demo holds no runner with a program")
