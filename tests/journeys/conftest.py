"""Browser and server for the journeys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.clinic_server import CHROMIUM_FLAGS, Server, chromium

PATIENCE_MS = 30_000
"""A machine that does other work besides is slow, not wrong."""
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    assert path, "No Chromium on this machine: install the distribution's package chromium, the journeys need it."
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield one
        one.close()


@pytest.fixture(autouse=True)
def nobody_stays(browser: Browser) -> Iterator[None]:
    """Windows that a journey opened are closed behind it: a forgotten one goes on looking for its server, and slows all that follow."""
    before = set(browser.contexts)
    yield
    for one in browser.contexts:
        if one not in before:
            one.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    one = context.new_page()
    one.set_default_timeout(PATIENCE_MS)
    yield one
    context.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    one = Server(tmp_path).start()
    yield one
    one.stop()
