"""Starting the server, and why it sometimes does not start."""

from __future__ import annotations

import socket
from datetime import datetime
from pathlib import Path

import pytest

from kneeclinic import serving
from kneeclinic.vocabulary import Refused
from kneeclinic.web import nightly
from kneeclinic.web.listening import Listening
from kneeclinic.web.server import build_edge, serve, settings
from kneeclinic.web.throttle import Throttle
from tests.web.tls_files import a_certificate


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_a_taken_port_is_told_in_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert serve(tmp_path / "x.duckdb", port) == 1
    said = capsys.readouterr().err
    assert f"Port {port} is in use" in said and said.count("\n") == 1


@pytest.mark.parametrize("port", [99_999, -5])
def test_a_port_that_does_not_exist_is_told_in_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path, port: int) -> None:
    assert serve(tmp_path / "x.duckdb", port) == 1
    said = capsys.readouterr().err
    assert f"There is no port {port}" in said and said.count("\n") == 1


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
    with pytest.raises(Refused, match="no TLS certificate"):
        Listening("0.0.0.0", free_port()).check()


def test_behind_a_proxy_the_name_that_browsers_use_must_be_known() -> None:
    with pytest.raises(Refused, match="STREAMLIT_BROWSER_SERVER_ADDRESS"):
        Listening("127.0.0.1", free_port(), behind_tls=True).check()
    Listening("0.0.0.0", free_port(), behind_tls=True, public="clinic.example").check()


def test_a_certificate_that_cannot_be_used_stops_the_start(tmp_path: Path) -> None:
    certificate, key = a_certificate(tmp_path)
    for one, what in (
        (Listening("127.0.0.1", free_port(), str(certificate)), "STREAMLIT_SERVER_SSL_KEY_FILE is not set"),
        (Listening("127.0.0.1", free_port(), "", str(key)), "STREAMLIT_SERVER_SSL_CERT_FILE is not set"),
        (Listening("127.0.0.1", free_port(), str(certificate), str(tmp_path / "none")), "there is no file"),
        (Listening("127.0.0.1", free_port(), str(key), str(certificate)), "no certificate with its key"),
    ):
        with pytest.raises(Refused, match=what):
            one.check()
    Listening("0.0.0.0", free_port(), str(certificate), str(key)).check()


@pytest.mark.parametrize(("name", "value", "what"), [
    ("STREAMLIT_SERVER_PORT", "eighty", "must be the number of a port"),
    ("STREAMLIT_BROWSER_SERVER_ADDRESS", "https://clinic.example", "a name alone"),
])
def test_a_wrong_setting_of_the_door_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
                                                     name: str, value: str, what: str) -> None:
    monkeypatch.setenv(name, value)
    assert serve(tmp_path / "x.duckdb") == 1
    said = capsys.readouterr().err
    assert what in said and said.count("\n") == 1


def test_the_address_that_is_shown_can_be_opened() -> None:
    assert Listening("127.0.0.1", 8501).shown == "http://127.0.0.1:8501"
    assert Listening("0.0.0.0", 8501, behind_tls=True, public="clinic.example").shown == "https://clinic.example"
    assert Listening("0.0.0.0", 8501, "a", "b").shown == "https://this-machine:8501"
    assert Listening("10.0.0.5", 8443, "a", "b", public="clinic.example").shown == "https://clinic.example:8443"


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
