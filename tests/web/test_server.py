"""Starting the server, and why it sometimes does not start."""

from __future__ import annotations

import socket
from datetime import datetime
from pathlib import Path

import pytest

from kneeclinic import serving
from kneeclinic.vocabulary import Refused
from kneeclinic.web import nightly
from kneeclinic.web.server import build_edge, check_door, serve, settings
from kneeclinic.web.throttle import Throttle


def test_a_taken_port_is_told_in_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert serve(tmp_path / "x.duckdb", port) == 1
    said = capsys.readouterr().err
    assert f"Port {port} is in use" in said and said.count("\n") == 1


def test_a_file_that_is_no_clinic_is_told_in_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.duckdb"
    wrong.write_bytes(b"not a clinic at all")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert serve(wrong, port) == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said and said.count("\n") == 1 and not serving.is_open()


def test_nothing_is_served_to_other_machines_without_encryption() -> None:
    with pytest.raises(Refused, match="TLS"):
        check_door("0.0.0.0", 18999, tls=False)


def test_the_options_keep_everything_at_home() -> None:
    options = settings()
    assert options["browser.gatherUsageStats"] is False and options["client.showErrorDetails"] == "none"
    assert options["client.toolbarMode"] == "minimal" and options["client.disableDataExport"] is True
    assert options["server.enableAgentApi"] is False and options["server.address"] == "127.0.0.1"
    assert options["server.maxUploadSize"] <= 25 and options["server.disconnectedSessionTTL"] <= 30
    assert not any("http" in str(value) for value in options.values())


def test_the_demo_lives_in_a_file_of_its_own(tmp_path: Path) -> None:
    edge = build_edge(tmp_path / "mine.duckdb")
    assert edge.demo_path != edge.path
    assert build_edge(tmp_path / "mine.duckdb", demo=True).cookies.session_name != ""


def test_a_backup_is_due_once_a_night_after_two(tmp_path: Path) -> None:
    night = datetime(2026, 3, 2, 1, 59)
    assert not nightly.tonight_is_due(tmp_path, "clinic", night)
    assert nightly.tonight_is_due(tmp_path, "clinic", night.replace(hour=2))
    (tmp_path / "clinic-2026-03-02.duckdb").touch()
    assert not nightly.tonight_is_due(tmp_path, "clinic", night.replace(hour=23))


def test_the_brake_lets_honest_mistakes_pass_and_forgets() -> None:
    brake, keys = Throttle(), ("name:a",)
    for _ in range(4):
        assert brake.wait_s(keys, 0) == 0
        brake.wrong(keys, 0)
    assert brake.wait_s(keys, 0) == 0
    brake.wrong(keys, 0)
    assert brake.wait_s(keys, 0) > 0
    brake.wrong(keys, 10)
    assert brake.wait_s(keys, 10) > brake.wait_s(("name:b",), 10) == 0
    assert brake.wait_s(keys, 10_000) == 0


def test_streamlit_run_finds_the_app_with_its_gate() -> None:
    from streamlit.web.server.app_discovery import discover_asgi_app

    found = discover_asgi_app(Path(__file__).resolve().parents[2] / "app.py")
    assert found.is_asgi_app, "streamlit run would serve app.py as a plain script, without the gate"


def test_the_app_of_streamlit_run_refuses_a_stranger() -> None:
    from starlette.testclient import TestClient

    import app

    assert [one.cls.__name__ for one in app.app._user_middleware] == ["SecurityHeaders", "Gate"]
    assert isinstance(TestClient(app.app), TestClient)
