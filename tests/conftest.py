"""Generated input is the same in every run of `make test`; the long runs (`make soak`) draw anew each time and so look further."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests import ready_made

settings.register_profile("the_same_each_time", derandomize=True, deadline=None)
settings.register_profile("anew_each_time", print_blob=True, deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    long_run = "not soak" not in config.getoption("markexpr")
    settings.load_profile("anew_each_time" if long_run else "the_same_each_time")


@pytest.fixture(scope="session", autouse=True)
def one_shelf(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The demo clinic is made once a run, not once a test."""
    ready_made.shelve_beside(tmp_path_factory.getbasetemp())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long journeys first, so that no core stands idle while the other walks the last of them."""
    items.sort(key=lambda one: not one.path.is_relative_to(one.config.rootpath / "tests" / "journeys"))
