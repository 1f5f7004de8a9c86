"""Neither the browser nor the server speaks to another machine, through all pages and papers; and the content policy stops nothing of ours."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kneeclinic import demo
from kneeclinic.clinic import open_clinic
from kneeclinic.ui.pages import SCREENS
from tests import ready_made
from tests.journeys import therapist
from tests.journeys.clinic_server import Server
from tests.journeys.watched_process import Watch, sockets_outside

pytestmark = pytest.mark.browser


class WatchedServer(Server):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.watch = Watch(folder)

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | self.watch.environment


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[WatchedServer, str]]:
    """A server of a small demo clinic, watched from its first line; and an episode with a program."""
    server = WatchedServer(tmp_path)
    monkeypatch.setenv("KNEECLINIC_KEY_FILE", server.environment["KNEECLINIC_KEY_FILE"])
    ready_made.demo_clinic(server.clinic, server.key, patients=3, weeks=4)
    with open_clinic(server.clinic) as clinic:
        episode = next(one.episode.id for one in clinic.cases() if one.program)
    yield server.start(), episode
    server.stop()


def test_no_page_and_no_paper_makes_browser_or_server_call_out(browser: Browser, watched: tuple[WatchedServer, str]) -> None:
    server, episode = watched
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page, asked, stopped = context.new_page(), [], []
    page.set_default_timeout(60_000)
    context.on("request", lambda one: asked.append(one.url))
    page.on("websocket", lambda one: asked.append(one.url))
    page.on("console", lambda one: stopped.append(one.text) if "Content Security Policy" in one.text or "Refused to" in one.text else None)
    therapist.sign_in(page, server, demo.LEAD_NAME, demo.PASSWORD)
    assert server.process is not None
    for screen in SCREENS:
        path = "" if screen.name == "caseload" else screen.name
        page.goto(f"{server.url}/{path}?patient={episode}")
        expect(page.get_by_test_id("stMain")).to_be_visible()
        therapist.settled(page)
        if screen.name == "progress":
            expect(page.locator(".js-plotly-plot").first).to_be_visible()
        assert sockets_outside(server.process.pid) == [], screen.name
    page.goto(f"{server.url}/admin")
    therapist.settled(page)
    for part in ("Sessions", "Restricted", "Backups", "Log", "Settings", "Health", "Your account", "About"):
        therapist.choose(page, part)
        therapist.settled(page)
    for path in (f"handout/{episode}", f"review/{episode}", "review/all", f"flowsheet/{episode}", "form/first", "export/clinic", "log/table"):
        assert page.request.get(f"{server.url}/download/{path}").status == 200, path
    assert sockets_outside(server.process.pid) == []
    page.context.close()
    away = [one for one in asked if not one.startswith((server.url, server.url.replace("http", "ws", 1), "data:", "blob:", "about:"))]
    assert away == [], "the browser asked another machine"
    assert stopped == [], "the content policy stopped something of ours"
    server.stop()
    assert "watching" in server.watch.lines(), "the watch was not there"
    assert server.watch.outside() == [], "the server asked another machine"


def test_the_watch_sees_and_stops_a_call_to_another_machine(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    attempt = "import socket\ntry:\n    socket.create_connection(('192.0.2.1', 80), 1)\nexcept PermissionError as no:\n    print(no)"
    told = subprocess.run([sys.executable, "-c", attempt], env=watch.environment, capture_output=True, text=True, check=True, timeout=60)
    assert "192.0.2.1 was about to leave" in told.stdout
    assert [one for one in watch.outside() if one == "socket.connect 192.0.2.1"]
