"""What a therapist does on the assess page, every action counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from kneeclinic import demo
from kneeclinic.vocabulary import VisitKind
from tests.journeys import demo_server, therapist
from tests.journeys.clinic_server import Server


class Hand:
    """Counts what is done by mouse and keyboard: a click, a key with its modifiers, a field that is filled, or a line that is typed, one each."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions: list[str] = []
        self.lines: list[str] = []

    def do(self, what: str, work: Callable[[], Any]) -> None:
        self.actions.append(what)
        work()
        therapist.settled(self.page)

    def click(self, name: str) -> None:
        self.do(f"click {name}", lambda: self.page.get_by_role("button", name=re.compile(rf"{re.escape(name)}($|\s)")).first.click())

    def shorthand(self, line: str) -> None:
        self.lines.append(line)
        field = self.page.get_by_placeholder("Shorthand")
        field.fill(line)
        field.press("Enter")
        therapist.settled(self.page)

    def key(self, chord: str) -> None:
        self.do(f"key {chord}", lambda: self.page.keyboard.press(chord))

    def field(self, label: str, value: str) -> None:
        """One field filled: reached, typed, left with Tab."""
        def fill() -> None:
            one = number(self.page, label)
            one.fill(value)
            one.press("Tab")

        self.do(f"{label}: {value}", fill)

    def section(self, label: str) -> None:
        self.do(f"open {label}", lambda: self.page.get_by_test_id("stRadio").get_by_text(label).first.click())


@contextmanager
def at_the_assess_page(page: Page, folder: Path, kind: VisitKind) -> Iterator[tuple[Server, str, str]]:
    """A small demo clinic, its clinician signed in, a visit of today on the assess page: server, episode, visit. The log tells of no fault."""
    server = demo_server.make(folder)
    episode, visit = demo_server.a_visit(server, kind)
    server.start()
    try:
        therapist.let_in(page, server, demo.CLINICIAN_NAME, demo.PASSWORD)
        open_assess(page, server, episode, visit)
        yield server, episode, visit
        assert not server.faults()
    finally:
        server.stop()


def open_assess(page: Page, server: Any, episode: str, visit: str) -> None:
    """The assess page of one visit, by its address."""
    page.goto(f"{server.url}/assess?patient={episode}&visit={visit}")
    expect(page.get_by_placeholder("Shorthand")).to_be_visible()
    therapist.settled(page)


def number(page: Page, label: str) -> Any:
    return page.get_by_label(label, exact=True).first


def type_number(page: Page, label: str, value: str) -> None:
    field = number(page, label)
    field.fill(value)
    field.press("Tab")
    therapist.settled(page)
