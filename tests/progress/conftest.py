"""The knowledge of the product, read once for all progress tests."""

from __future__ import annotations

import pytest
from hypothesis import settings

from kneeclinic.knowledge import Knowledge, load_knowledge


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()

settings.register_profile("calm", deadline=None)
settings.load_profile("calm")
