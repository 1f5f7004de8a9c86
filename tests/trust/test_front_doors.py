"""The ways in that the operations page names, with real sockets: a certificate of its own, and a proxy that speaks TLS before it."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from kneeclinic import demo
from tests.journeys import demo_server
from tests.journeys.clinic_server import ROOT, Server, free_port
from tests.journeys.watched_process import Watch
from tests.trust.live_desk import LiveDesk
from tests.trust.test_operations import block
from tests.web.tls_files import NAME, a_certificate


class SetServer(Server):
    """A watched server with settings in its environment; its health is asked over TLS where it has a certificate."""

    def __init__(self, folder: Path, **settings: str) -> None:
        super().__init__(folder)
        self.watch, self.settings = Watch(folder), settings

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | self.watch.environment | self.settings

    @property
    def url(self) -> str:
        return super().url.replace("http:", "https:") if "STREAMLIT_SERVER_SSL_CERT_FILE" in self.settings else super().url


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[SetServer]:
    demo_server.make(folder, patients=2, weeks=2)
    server = SetServer(folder, **settings)
    try:
        yield server
        assert server.faults() == []
        assert server.watch.outside() == [], "the server asked a machine outside"
    finally:
        server.stop()


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def sees_the_caseload(desk: LiveDesk) -> None:
    desk.sign_in(demo.LEAD_NAME, demo.PASSWORD).connect()
    try:
        assert {"review", "admin"} <= set(desk.pages)
        assert "Demo" in desk.says()
    finally:
        desk.close()


def test_with_a_certificate_the_server_speaks_tls_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, key = a_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving(tmp_path, STREAMLIT_SERVER_SSL_CERT_FILE=str(certificate), STREAMLIT_SERVER_SSL_KEY_FILE=str(key)) as server:
        server.start()
        desk = LiveDesk(server.url, trusts=trusting(certificate))
        sees_the_caseload(desk)
        assert "__Host-" in desk.cookies
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
            line.sendall(b"GET /signin HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert b"form_token" not in line.recv(65_536), "a page was served in clear text"


def test_behind_a_proxy_the_live_connection_opens_for_the_name_of_the_proxy_alone(tmp_path: Path) -> None:
    with serving(tmp_path, KNEECLINIC_BEHIND_TLS="1", STREAMLIT_BROWSER_SERVER_ADDRESS=NAME) as server:
        server.start()
        desk = LiveDesk(server.url, origin=f"https://{NAME}")
        sees_the_caseload(desk)
        for other in ("https://evil.example", f"https://{NAME}.evil.example", f"http://127.0.0.1:{server.port + 1}", "null"):
            with pytest.raises(InvalidStatus) as no:
                LiveDesk(server.url, cookies=desk.cookies, origin=other).connect()
            assert no.value.response.status_code == 403, other
        strange = LiveDesk(server.url, cookies=desk.cookies, origin="https://evil.example")
        assert strange.ask("POST", "/_stcore/upload_file/a/b", {"a": "b"})[0] == 401


@pytest.mark.skipif(shutil.which("nginx") is None, reason="needs nginx")
def test_the_proxy_as_it_stands_on_the_operations_page_carries_everything(tmp_path: Path) -> None:
    certificate, key = a_certificate(tmp_path)
    front = free_port()
    with serving(tmp_path, KNEECLINIC_BEHIND_TLS="1", STREAMLIT_BROWSER_SERVER_ADDRESS=NAME, KNEECLINIC_TRUSTED_PROXY="127.0.0.1") as server:
        server.start()
        told = block("server {").replace("listen 443 ssl", f"listen 127.0.0.1:{front} ssl").replace(":8501", f":{server.port}")
        told = re.sub(r"(ssl_certificate_key\s+)\S+;", rf"\g<1>{key};", re.sub(r"(ssl_certificate\s+)\S+;", rf"\g<1>{certificate};", told))
        places = "".join(f"{one}_temp_path {tmp_path}/{one};\n" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (tmp_path / "nginx.conf").write_text(
            f"daemon off;\npid {tmp_path}/nginx.pid;\nerror_log {tmp_path}/nginx.log;\nevents {{}}\nhttp {{\naccess_log off;\n{places}{told}\n}}\n")
        with subprocess.Popen(["nginx", "-c", str(tmp_path / "nginx.conf")], stderr=subprocess.DEVNULL) as proxy:
            try:
                until = time.monotonic() + 30
                while time.monotonic() < until and proxy.poll() is None:
                    try:
                        socket.create_connection(("127.0.0.1", front), timeout=5).close()
                        break
                    except OSError:
                        time.sleep(0.05)
                sees_the_caseload(LiveDesk(f"https://127.0.0.1:{front}", trusts=trusting(certificate), origin=f"https://{NAME}"))
            finally:
                proxy.terminate()


def test_streamlit_run_too_does_not_serve_other_machines_in_clear_text(tmp_path: Path) -> None:
    server = SetServer(tmp_path)
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.address", "0.0.0.0", "--server.port", str(server.port)]
    done = subprocess.run(command, cwd=ROOT, env=server.environment | {"KNEECLINIC_CLINIC": str(server.clinic)}, capture_output=True, text=True,
                          timeout=90, check=False)
    assert done.returncode == 1
    assert "0.0.0.0 is reachable from other machines" in done.stderr and "Traceback" not in done.stderr
