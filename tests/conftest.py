"""Generated input is the same in every run of `make test`; the long runs (`make soak`) draw anew each time and so look further."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("the_same_each_time", derandomize=True, deadline=None)
settings.register_profile("anew_each_time", print_blob=True, deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    long_run = "not soak" not in config.getoption("markexpr")
    settings.load_profile("anew_each_time" if long_run else "the_same_each_time")
