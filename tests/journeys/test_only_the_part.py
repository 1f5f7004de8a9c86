"""A change in one field asks the server for its part of the page, not for the whole page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from kneeclinic import demo
from kneeclinic.vocabulary import VisitKind
from tests.journeys import demo_server, therapist
from tests.journeys.assessing import number, open_assess

pytestmark = pytest.mark.browser


def part_asked(message: bytes) -> str | None:
    """The part of the page that a message asks to run, "" for the whole page; None for a message that runs nothing."""
    asked = BackMsg()
    asked.ParseFromString(message)
    return asked.rerun_script.fragment_id if asked.WhichOneof("type") == "rerun_script" else None


def test_a_field_reruns_its_part_and_not_the_page(page: Page, tmp_path: Path) -> None:
    server = demo_server.make(tmp_path)
    episode, visit_id = demo_server.a_visit(server, VisitKind.WEEKLY)
    server.start()
    asked: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda data: asked.append(data if isinstance(data, bytes) else data.encode()))

    page.on("websocket", listen)
    try:
        therapist.let_in(page, server, demo.CLINICIAN_NAME, demo.PASSWORD)
        open_assess(page, server, episode, visit_id)
        asked.clear()
        field = number(page, "Worst pain, last 7 days, left")
        field.fill("5")
        field.press("Tab")
        expect(page.get_by_text("Draft saved")).to_be_visible()
        therapist.settled(page)
        parts = [part for one in asked if (part := part_asked(one)) is not None]
        assert parts and all(parts), f"asked for the whole page: {parts}"
        asked.clear()
        page.get_by_test_id("stSelectbox").first.click()
        page.get_by_role("option").last.click()
        expect(page.get_by_text("Draft saved")).to_have_count(0)
        assert "" in [part_asked(one) for one in asked], "another visit is another page"
    finally:
        server.stop()
