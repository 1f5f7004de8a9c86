"""One small demo clinic for all commands; each test that writes works on a copy."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kneeclinic.commands.entry import main


@dataclass(frozen=True)
class Ran:
    """What a command did: exit code, what it printed, what it complained."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KNEECLINIC_KEY_FILE", str(folder / "demo.key"))
        assert main(["demo", str(folder / "demo.duckdb"), "--patients", "6", "--weeks", "4"]) == 0
    return folder


@pytest.fixture(autouse=True)
def _own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("KNEECLINIC_KEY_FILE", str(tmp_path / "demo.key"))
    for name in ("KNEECLINIC_KEY", "KNEECLINIC_KEYRING", "KNEECLINIC_DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clinic_file(demo_folder: Path, tmp_path: Path) -> str:
    for name in ("demo.duckdb", "demo.key"):
        shutil.copy(demo_folder / name, tmp_path / name)
    return str(tmp_path / "demo.duckdb")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    def call(*words: object) -> Ran:
        capsys.readouterr()
        code = main([os.fspath(word) if isinstance(word, Path) else str(word) for word in words])
        told = capsys.readouterr()
        return Ran(code, told.out, told.err)

    return call
