"""A folder with a key of its own for the tests that open a clinic, so that none touches the machine's keys; a conftest takes these three in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keyed")


def key_file_in(folder: Path) -> Path:
    return folder / "test.key"


@contextmanager
def key_of(folder: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KNEECLINIC_KEY_FILE", str(key_file_in(folder)))
        yield


@pytest.fixture(autouse=True)
def own_key(keyed: Path) -> Iterator[None]:
    """Each test sees the key of this folder, whichever tests ran before in this process."""
    with key_of(keyed):
        yield
