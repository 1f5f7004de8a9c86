"""A fresh clinic file for each test; no key of the person running the tests is ever touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kneeclinic.security import Keys
from kneeclinic.store import Database


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
    for name in ("KNEECLINIC_KEY", "KNEECLINIC_KEY_FILE", "KNEECLINIC_KEYRING"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clinic.duckdb"


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    with Database.open(path, Keys.fresh(), create=True, coded_measures=frozenset({"stairs_pattern"})) as database:
        yield database
