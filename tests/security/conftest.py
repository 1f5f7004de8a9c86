"""No key of the person running the tests is ever touched."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
    for name in ("KNEECLINIC_KEY", "KNEECLINIC_KEY_FILE", "KNEECLINIC_KEYRING"):
        monkeypatch.delenv(name, raising=False)
