"""What the tests of the rules share: the packaged knowledge, read once."""

from __future__ import annotations

import pytest

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.knowledge.loader import load_knowledge


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()
