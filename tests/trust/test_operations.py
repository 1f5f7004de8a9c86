"""What the operations page promises about containers, services, proxies and settings holds, as far as it can be read and tried on one machine."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import app
from kneeclinic.vocabulary import Refused
from kneeclinic.web import settings
from kneeclinic.web.gate import OPEN_PATHS
from kneeclinic.web.listening import Listening
from kneeclinic.web.server import DEFAULT_PORT

ROOT = Path(__file__).resolve().parents[2]
TOLD = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
CONTAINER = [line.strip() for line in (ROOT / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
             if line.strip() and not line.startswith("#")]
NAME = re.compile(r"\b(?:KNEECLINIC|STREAMLIT)_[A-Z_]*[A-Z]\b")


def lines(word: str) -> list[str]:
    return [one.split(None, 1)[1] for one in CONTAINER if one.split()[0] == word]


def environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for one in lines("ENV") for pair in shlex.split(one))


def block(first_line: str) -> str:
    """An indented block of the page, from the line that begins so."""
    found = re.search(rf"^    {re.escape(first_line)}.*?(?=^\S)", TOLD, re.MULTILINE | re.DOTALL)
    assert found, first_line
    return "\n".join(line[4:] for line in found[0].splitlines())


def names_in_the_code() -> set[str]:
    text = "".join(path.read_text(encoding="utf-8") for folder in ("kneeclinic", "pages") for path in (ROOT / folder).rglob("*.py"))
    text += (ROOT / "app.py").read_text(encoding="utf-8")
    return set(NAME.findall(text)) | {f"KNEECLINIC_SSO_{one}" for one in ("CLIENT", "SECRET_FILE", "ADDRESS")}


# the container

def test_the_container_takes_the_same_pins_on_a_python_that_the_product_accepts() -> None:
    (base,) = lines("FROM")
    version = re.search(r"python:(\d+)\.(\d+)", base)
    assert version and (int(version[1]), int(version[2])) >= (3, 11)
    installs = [one for one in lines("RUN") if "pip install" in one]
    assert len(installs) == 1 and "-r requirements.txt" in installs[0]
    assert lines("COPY")[0].split()[:2] == ["requirements.txt", "constraints.txt"]
    assert "-c constraints.txt" in (ROOT / "requirements.txt").read_text()
    pins = [one for one in (ROOT / "requirements.txt").read_text().splitlines() if one and not one.startswith(("#", "-"))]
    assert pins and all("==" in one for one in pins)


def test_the_container_runs_as_an_account_of_its_own_and_is_told_to_stop_as_the_server_expects() -> None:
    words = [one.split()[0] for one in CONTAINER]
    (user,) = lines("USER")
    assert user not in ("root", "0") and f"useradd --create-home --uid 10001 {user}" in lines("RUN")[0]
    assert words.index("USER") < words.index("CMD") and words.index("USER") > max(place for place, one in enumerate(words) if one == "COPY")
    assert json.loads(lines("CMD")[0]) == ["python", "app.py"]
    assert lines("STOPSIGNAL") == ["SIGTERM"] and lines("EXPOSE") == [str(DEFAULT_PORT)]
    volumes = json.loads(lines("VOLUME")[0])
    for name in ("KNEECLINIC_CLINIC", "KNEECLINIC_KEY_FILE"):
        assert any(environment()[name].startswith(f"{one}/") for one in volumes), "what must last lies in a volume"
    asked = re.search(rf"http://127\.0\.0\.1:{DEFAULT_PORT}(/\w+)", lines("HEALTHCHECK")[0])
    assert asked and asked[1] in OPEN_PATHS
    assert {one for one in environment() if one.startswith("KNEECLINIC")} <= names_in_the_code()
    Listening(environment()["STREAMLIT_SERVER_ADDRESS"], free_port(), behind_tls=bool(environment()["KNEECLINIC_BEHIND_TLS"]),
              public=name_in_the_command()).check()


def name_in_the_command() -> str:
    """The name of the proxy in the command that stands at the top of the Containerfile."""
    told = (ROOT / "Containerfile").read_text(encoding="utf-8")
    found = re.search(r"^#.*podman run.*-e STREAMLIT_BROWSER_SERVER_ADDRESS=(\S+)", told, re.MULTILINE)
    assert found, "without it the start is refused"
    return found[1]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def answer(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=5) as found:
            return found.status, found.read()
    except urllib.error.HTTPError as no:
        return no.code, no.read()


def test_what_the_container_copies_is_enough_to_serve(tmp_path: Path) -> None:
    """The same files in a folder of their own, started by the same command with the same environment: it lives, and asks to be set up."""
    for one in lines("COPY"):
        *sources, target = one.split()
        for source in sources:
            assert (ROOT / source).exists(), f"{source} does not exist"
            place = tmp_path / "app" / target if target != "./" else tmp_path / "app" / source
            place.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, place)
    port = free_port()
    inside = {name: value.replace("/clinic/", f"{tmp_path}/").replace("/key/", f"{tmp_path}/").replace("=/tmp", f"={tmp_path}")
              for name, value in environment().items()}
    inside["STREAMLIT_BROWSER_SERVER_ADDRESS"] = name_in_the_command()
    inside |= {"STREAMLIT_SERVER_ADDRESS": "127.0.0.1", "STREAMLIT_SERVER_PORT": str(port), "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    said = tmp_path / "said"
    with said.open("wb") as out:
        process = subprocess.Popen([sys.executable, *json.loads(lines("CMD")[0])[1:]], cwd=tmp_path / "app", env=inside, stdout=out, stderr=out)
    try:
        until = time.monotonic() + 90
        found = (0, b"")
        while time.monotonic() < until and found[0] == 0 and process.poll() is None:
            try:
                found = answer(f"http://127.0.0.1:{port}/health")
            except OSError:
                time.sleep(0.1)
        assert found == (200, b'{"status":"not set up"}'), said.read_text()
        assert answer(f"http://127.0.0.1:{port}/ready")[0] == 503
        status, page = answer(f"http://127.0.0.1:{port}/setup")
        assert status == 200 and b"<form" in page
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert "Traceback" not in said.read_text()
    finally:
        process.kill()
        process.wait(10)


# the service and the proxy

def test_the_service_unit_starts_the_program_as_it_wants_to_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    text = block("[Unit]")
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    service = parser["Service"]
    python, program, *arguments = shlex.split(service["ExecStart"])
    assert service["User"] not in ("root", "") and service["KillSignal"] == "SIGTERM" and int(service["TimeoutStopSec"]) >= 10
    assert Path(python).name == "python" and (ROOT / program).is_file() and Path(python).is_relative_to(service["WorkingDirectory"])
    served: list[object] = []
    monkeypatch.setattr(app, "serve", lambda *asked: served.append(asked) or 0)
    assert app.main(arguments) == 0
    ((clinic, port, demo),) = served
    writable = service["ReadWritePaths"].split()
    assert any(Path(str(clinic)).is_relative_to(one) for one in writable) and port is None and demo is False
    key = re.search(r"KNEECLINIC_KEY_FILE=(\S+)", text)
    assert key and str(Path(key[1]).parent) in writable, "the head of the log is noted beside the key with every line"
    told = {pair.split("=", 1)[0] for line in re.findall(r"^Environment=(.*)$", text, re.MULTILINE) for pair in line.split()}
    assert told and told <= names_in_the_code() | set(settings.SETTINGS.values())
    for name in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "ProtectKernelModules", "ProtectControlGroups",
                 "RestrictNamespaces"):
        assert service[name] == "yes"
    assert service["CapabilityBoundingSet"] == "" and service["RestrictAddressFamilies"].split() == ["AF_UNIX", "AF_INET", "AF_INET6"]
    assert service["UMask"] == "0077" and service["StateDirectoryMode"] == "0700"


def test_the_proxy_of_the_page_speaks_to_our_port_and_lets_the_live_connection_through() -> None:
    text = block("server {")
    assert f"proxy_pass http://127.0.0.1:{DEFAULT_PORT};" in text and "listen 443 ssl" in text
    assert 'proxy_set_header Upgrade $http_upgrade;' in text and 'proxy_set_header Connection "upgrade";' in text
    assert "proxy_set_header X-Forwarded-For" in text and text.count("{") == text.count("}")
    size = re.search(r"client_max_body_size (\d+)m", text)
    from kneeclinic.web.server import settings as options

    assert size and int(size[1]) >= options()["server.maxUploadSize"]


# the settings

def test_every_setting_is_told_on_the_page_and_every_told_one_exists() -> None:
    known = {one for one in names_in_the_code() if one.startswith("KNEECLINIC") and not one.endswith("_SSO")}
    told = {one for one in NAME.findall(TOLD) if one.startswith("KNEECLINIC")}
    assert told == known
    for name, variable in settings.SETTINGS.items():
        assert f"`{name}`" in TOLD and f"`{variable}`" in TOLD


@pytest.fixture
def quiet_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Each setting taken away, and put back afterwards."""
    for name in settings.SETTINGS.values():
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return monkeypatch


def test_settings_come_from_the_file_and_the_environment_wins(tmp_path: Path, quiet_environment: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('clinic = "/srv/a.duckdb"\nport = 9000\nbehind_tls = true\nkeyring = false\n')
    quiet_environment.setenv("KNEECLINIC_CLINIC", "/srv/b.duckdb")
    served: list[object] = []
    quiet_environment.setattr(app, "serve", lambda *asked: served.append(asked) or 0)
    for name in ("STREAMLIT_SERVER_PORT", "KNEECLINIC_BEHIND_TLS", "KNEECLINIC_KEYRING"):
        quiet_environment.delenv(name, raising=False)
    try:
        assert app.main(["--settings", str(file)]) == 0
        names = ("KNEECLINIC_CLINIC", "STREAMLIT_SERVER_PORT", "KNEECLINIC_BEHIND_TLS")
        assert [os.environ[one] for one in names] == ["/srv/b.duckdb", "9000", "1"]
        assert os.environ["KNEECLINIC_KEYRING"] == "" and len(served) == 1
    finally:
        for name in ("STREAMLIT_SERVER_PORT", "KNEECLINIC_BEHIND_TLS", "KNEECLINIC_KEYRING"):
            os.environ.pop(name, None)


@pytest.mark.parametrize(("text", "said"), [
    ('clinnic = "x"', "clinnic, which is no setting"), ("port = [1]", "port in"), ("port 9000", "not TOML"),
    ('key = "ABCD"', "key, which is no setting"),
])
def test_a_wrong_setting_stops_the_start_with_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], quiet_environment: pytest.MonkeyPatch, text: str, said: str,
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    quiet_environment.setattr(app, "serve", lambda *_: pytest.fail("must not start"))
    assert app.main(["--settings", str(file)]) == 1
    told = capsys.readouterr().err
    assert said in told and str(file) in told and told.count("\n") == 1


def test_a_missing_settings_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"nothing\.toml cannot be read"):
        settings.take_from(tmp_path / "nothing.toml")
