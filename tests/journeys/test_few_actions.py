"""How many actions a visit costs: counted in the browser, one click, key or typed line each, and printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kneeclinic import demo
from kneeclinic.vocabulary import VisitKind
from tests.journeys import demo_server, therapist
from tests.journeys.assessing import Hand
from tests.journeys.clinic_server import Server

pytestmark = pytest.mark.browser
TWELVE = "worst L 4 R 1; usual L 2 R 0; squat L 3 R 1; stairs L 3 R 0; running L 4 R 0; stroke L 0 R 0"
FIRST = (
    "months L 8 R 0; worst L 6 R 1; usual L 3 R 0; squat L 5 R 0; stairs L 4 R 0; running L 6 R 1; stroke L 0 R 0; akps L 68; tsk 30",
    "fpi L 4 R 6; lsd L 3 R 1; hip abd L 160 R 205; ely L 110 R 125; cadence 164; tape before L 5; tape after L 2",
)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Server, str]]:
    server = demo_server.make(tmp_path)
    with demo_server.opened(server) as clinic:
        episode = demo_server.a_runner(clinic)
    server.start()
    yield server, episode
    server.stop()


def begin(page: Page, place: tuple[Server, str], kind: str) -> Hand:
    """On the patient page; from here every action counts."""
    server, episode = place
    therapist.let_in(page, server, demo.CLINICIAN_NAME, demo.PASSWORD)
    page.goto(f"{server.url}/patient?patient={episode}")
    expect(page.get_by_role("button", name="New visit")).to_be_visible()
    therapist.settled(page)
    hand = Hand(page)
    hand.click("New visit")
    hand.do(f"choose {kind}", lambda: therapist.choose(page, kind))
    hand.click("Start the visit")
    expect(page.get_by_placeholder("Shorthand")).to_be_visible()
    return hand


def finish(page: Page, hand: Hand) -> None:
    hand.section("Note and sign")
    hand.click("Save and sign")
    expect(page.get_by_text("signed by").first).to_be_visible()


def values(place: tuple[Server, str], kind: VisitKind) -> tuple[int, bool]:
    """How many values the newest visit of this kind holds, and whether it is signed with all four parts of its note."""
    server, episode = place
    server.stop()
    with demo_server.opened(server) as clinic:
        case = clinic.case(episode)
        visit = [one for one in case.visits if one.kind is kind][-1]
        parts = all(visit.note.get(part, "").strip() for part in ("subjective", "objective", "assessment", "plan"))
        return sum(one.visit_id == visit.id for one in case.observations), visit.is_signed and parts


def test_a_weekly_recheck_is_one_line_and_six_actions_at_most(page: Page, place: tuple[Server, str]) -> None:
    hand = begin(page, place, "Weekly re-test")
    hand.shorthand(TWELVE)
    finish(page, hand)
    count, done = values(place, VisitKind.WEEKLY)
    print(f"weekly re-check: {count} values, {len(hand.lines)} shorthand line and {len(hand.actions)} actions: {', '.join(hand.actions)}")
    assert (count, done) == (12, True)
    assert len(hand.lines) == 1 and len(hand.actions) <= 6


def test_a_weekly_recheck_without_shorthand_is_twelve_actions_at_most(page: Page, place: tuple[Server, str]) -> None:
    """Twelve pains of both knees, none carried: six of the treated knee are typed, the other knee was asked about and has none.

    An action is one click, one key with its modifiers, or one field filled (reached, typed, left with Tab). Typing alone, without reaching
    the field, would count the same; reaching each field by a click of its own would make six more, so that is printed too.
    """
    server, episode = place
    server.stop()
    with demo_server.opened(server) as clinic:
        treated = clinic.case(episode).episode.side.value
    server.start()
    hand = begin(page, place, "Weekly re-test")
    hand.key("Alt+0")
    for name, value in (("Usual pain, last 7 days", "2"), ("Worst pain, last 7 days", "4"), ("Pain at rest, or still up after 24 hours", "1"),
                        ("Pain on squatting", "3"), ("Pain going downstairs", "3"), ("Pain when running", "4")):
        hand.field(f"{name}, {treated}", value)
    hand.key("Alt+n")
    expect(page.get_by_role("button", name="Save and sign")).to_be_visible()
    hand.key("Alt+s")
    expect(page.get_by_text("signed by").first).to_be_visible()
    count, done = values(place, VisitKind.WEEKLY)
    with demo_server.opened(server) as clinic:
        case = clinic.case(episode)
        mine = [one for one in case.observations if one.visit_id == case.visits[-1].id]
        versions = len(case.programs)
    print(f"weekly re-check by mouse and keyboard: {count} values in {len(hand.actions)} actions ({len(hand.actions) + 6} with a click into each "
          f"field): {', '.join(hand.actions)}")
    assert (count, done) == (12, True) and not any(one.carried for one in mine)
    assert {one.side.value: sum(other.value for other in mine if other.side is one.side) for one in mine}[treated] == 17
    assert versions == len({one.version for one in case.programs}) and not hand.lines
    assert len(hand.actions) <= 12


def test_a_first_visit_of_sixty_values_takes_sixty_actions_at_most(page: Page, place: tuple[Server, str]) -> None:
    hand = begin(page, place, "First visit")
    for section in ("Red flags", "History", "Precautions"):
        hand.section(section)
        hand.click("All else: no")
    for line in FIRST:
        hand.shorthand(line)
    finish(page, hand)
    count, done = values(place, VisitKind.FIRST)
    total = len(hand.actions) + len(hand.lines)
    print(f"first visit: {count} values in {total} actions, {len(hand.lines)} of them shorthand lines: {', '.join(hand.actions)}")
    assert done and count >= 60 and total <= 60
