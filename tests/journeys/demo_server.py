"""A small demo clinic behind a real server: its patients, accounts and visits are made before the server starts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from kneeclinic import actions, demo
from kneeclinic.clinic import Clinic, open_clinic
from kneeclinic.rules.red_flags import red_flags
from kneeclinic.security.accounts import Actor
from kneeclinic.store import read_accounts
from kneeclinic.vocabulary import AffectedSide, VisitKind
from tests import ready_made
from tests.journeys.clinic_server import Server


@contextmanager
def opened(server: Server) -> Iterator[Clinic]:
    """The clinic file of a server that does not run now."""
    before = os.environ.get("KNEECLINIC_KEY_FILE")
    os.environ["KNEECLINIC_KEY_FILE"] = server.environment["KNEECLINIC_KEY_FILE"]
    try:
        clinic = open_clinic(server.clinic)
        try:
            yield clinic
        finally:
            clinic.database.close()
    finally:
        if before is None:
            os.environ.pop("KNEECLINIC_KEY_FILE")
        else:
            os.environ["KNEECLINIC_KEY_FILE"] = before


def make(folder: Path, *, patients: int = 4, weeks: int = 5) -> Server:
    """A server, not started, on a demo clinic of its own."""
    server = Server(folder)
    ready_made.demo_clinic(server.clinic, server.key, patients=patients, weeks=weeks)
    return server


def actor(clinic: Clinic, name: str) -> Actor:
    account = next(one for one in read_accounts(clinic.database) if one.name == name)
    return Actor(account.id, account.display_name, account.role, "test")


def runners(clinic: Clinic) -> Iterator[str]:
    """Open episodes with a program and no red flag, all visits signed."""
    for case in clinic.cases():
        free = not any(one.level.blocks for one in red_flags(case, clinic.knowledge, clinic.today))
        if case.program and not case.program.paused and free and case.visits and all(one.is_signed for one in case.visits):
            yield case.episode.id


def a_runner(clinic: Clinic) -> str:
    """The first of them."""
    found = next(runners(clinic), None)
    assert found, "the demo holds no runner with a program"
    return found


def a_visit(server: Server, kind: VisitKind) -> tuple[str, str]:
    """Episode and visit of a runner, begun by the clinician today."""
    return visits(server, kind, 1)[0]


def visits(server: Server, kind: VisitKind, count: int) -> list[tuple[str, str]]:
    """Episode and visit of so many runners, begun by the clinician today."""
    with opened(server) as clinic:
        found = list(islice(runners(clinic), count))
        assert len(found) == count, f"the demo holds {len(found)} runners with a program"
        by = actor(clinic, demo.CLINICIAN_NAME)
        return [(episode, actions.start_visit(clinic, by, episode, kind, clinic.today).id) for episode in found]


__all__ = ["AffectedSide", "a_runner", "a_visit", "actor", "make", "opened", "runners", "visits"]
