"""The simulated caseload is built and watched once for all tests."""

from __future__ import annotations

import pytest

from kneeclinic.knowledge import Knowledge, load_knowledge
from tests.simulation.runners import PATIENTS, SEED
from tests.simulation.scores import Seen, simulate


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="session")
def seen(knowledge: Knowledge) -> list[Seen]:
    return simulate(knowledge, PATIENTS, SEED)
