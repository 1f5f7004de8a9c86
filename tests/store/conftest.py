"""A fresh clinic file for each test; no key of the person running the tests is ever touched."""

from __future__ import annotations

import shutil
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


@pytest.fixture(scope="session")
def _empty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Keys]:
    """An empty clinic file, made once: a copy of it opens in a third of the time that a new one takes."""
    path, keys = tmp_path_factory.mktemp("empty") / "empty.duckdb", Keys.fresh()
    Database.open(path, keys, create=True).close()
    return path, keys


@pytest.fixture
def db(path: Path, _empty: tuple[Path, Keys]) -> Iterator[Database]:
    shutil.copyfile(_empty[0], path)
    shutil.copyfile(f"{_empty[0]}.anchor", f"{path}.anchor")
    with Database.open(path, _empty[1], coded_measures=frozenset({"stairs_pattern"})) as database:
        yield database
