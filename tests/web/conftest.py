"""A small clinic behind the real doors, with a clock that the test turns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import streamlit as st
from starlette.testclient import TestClient

from kneeclinic import actions, serving
from kneeclinic.record import ClinicProfile
from kneeclinic.web.edge import Edge
from kneeclinic.web.server import build_app
from tests.own_key import key_of, keyed, own_key

__all__ = ["key_of", "keyed", "own_key"]
PASSWORD = "a quiet river at noon"
ORIGIN = "http://testserver"


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Door:
    """One browser in front of one server."""

    client: TestClient
    edge: Edge
    clock: Clock

    def form_token(self, path: str = "/signin") -> str:
        page = self.client.get(path).text
        return page.split('name="form_token" value="')[1].split('"')[0]

    def sign_in(self, name: str = "ada", password: str = PASSWORD, next_path: str = "/"):
        token = self.form_token()
        return self.client.post("/signin", data={"form_token": token, "name": name, "password": password, "next": next_path}, follow_redirects=False)

    @property
    def session_token(self) -> str:
        return self.client.cookies.get(self.edge.cookies.session_name, "")


@pytest.fixture(scope="session")
def app_and_edge(keyed: Path) -> tuple[st.App, Edge]:
    """One server for all tests: streamlit allows one a process."""
    edge = Edge(path=keyed / "clinic.duckdb", demo_path=keyed / "demo.duckdb")
    return build_app(edge), edge


@pytest.fixture(scope="session")
def the_clinic(keyed: Path):
    profile = ClinicProfile(name="Riverside", phone="555-0101", time_zone="UTC")
    with key_of(keyed):
        clinic = actions.setup_clinic(keyed / "clinic.duckdb", profile, "ada", "Dr Ada Lane", PASSWORD)
    yield clinic
    clinic.database.close()


@pytest.fixture
def door(app_and_edge: tuple[st.App, Edge], the_clinic) -> Iterator[Door]:
    """A fresh browser before the clinic."""
    app, edge = app_and_edge
    clock = Clock()
    edge._seen.clear()
    serving.keep_open(the_clinic, clock=clock)
    yield Door(TestClient(app, raise_server_exceptions=False), edge, clock)
    serving.keep_open(None)


@pytest.fixture
def closed_door(keyed: Path, app_and_edge: tuple[st.App, Edge]) -> Iterator[Door]:
    """A fresh browser before a server that has no clinic yet."""
    app, edge = app_and_edge
    before = edge.path
    edge.path = keyed / f"new-{datetime.now(UTC):%H%M%S%f}.duckdb"
    serving.keep_open(None)
    clock = Clock()
    yield Door(TestClient(app, raise_server_exceptions=False), edge, clock)
    if serving.is_open():
        serving.the_clinic().database.close()
    serving.keep_open(None)
    edge.path = before
