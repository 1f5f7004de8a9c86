"""Two windows, two therapists, a crash: no value is lost and none is overwritten in silence."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kneeclinic import demo
from kneeclinic.store import read_draft
from kneeclinic.vocabulary import VisitKind
from tests.journeys import demo_server, therapist
from tests.journeys.assessing import number, open_assess, type_number
from tests.journeys.clinic_server import Server

pytestmark = pytest.mark.browser
WORST, USUAL = "Worst pain, last 7 days, left", "Usual pain, last 7 days, left"


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[tuple[Server, str, str]]:
    server = demo_server.make(tmp_path)
    episode, visit_id = demo_server.a_visit(server, VisitKind.WEEKLY)
    server.start()
    yield server, episode, visit_id
    server.stop()


def desk(browser: Browser, server: Server, name: str = demo.CLINICIAN_NAME) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(20_000)
    therapist.let_in(page, server, name, demo.PASSWORD)
    return page


def test_two_windows_of_one_therapist_keep_both_versions_until_one_is_chosen(browser: Browser, visit: tuple[Server, str, str]) -> None:
    server, episode, visit_id = visit
    one, other = desk(browser, server), desk(browser, server)
    for page in (one, other):
        open_assess(page, server, episode, visit_id)
        therapist.open_section(page, "Pain, 0 to 10")
    type_number(one, WORST, "5")
    type_number(other, USUAL, "2")
    expect(number(other, WORST)).to_have_value("5")
    type_number(other, WORST, "6")
    type_number(one, WORST, "7")
    expect(one.get_by_text("changed in two places")).to_be_visible()
    expect(one.get_by_text("Here: 7/10")).to_be_visible()
    expect(one.get_by_text("By your other window: 6/10")).to_be_visible()
    expect(number(one, USUAL)).to_have_value("2")
    one.get_by_role("button", name="Keep 7/10 (here)").click()
    therapist.settled(one)
    expect(number(one, WORST)).to_have_value("7")
    expect(one.get_by_text("changed in two places")).to_have_count(0)
    assert server.faults() == []


def test_two_therapists_on_one_visit_see_both_versions_and_nothing_is_overwritten(browser: Browser, visit: tuple[Server, str, str]) -> None:
    server, episode, visit_id = visit
    ann, ben = desk(browser, server), desk(browser, server, demo.LEAD_NAME)
    for page in (ann, ben):
        open_assess(page, server, episode, visit_id)
    therapist.write_shorthand(ann, "worst L 5; usual L 2")
    therapist.write_shorthand(ben, "worst L 8")
    expect(ben.get_by_text("unsaved entries on this visit")).to_be_visible()
    therapist.open_section(ben, "Note and sign")
    ben.get_by_role("button", name="Save values").click()
    expect(ben.get_by_text("Values saved").first).to_be_visible()
    therapist.open_section(ann, "Note and sign")
    expect(ann.get_by_text("changed in two places")).to_be_visible()
    expect(ann.get_by_text("Here: 5/10")).to_be_visible()
    expect(ann.get_by_text("8/10").first).to_be_visible()
    expect(ann.get_by_role("button", name="Save and sign")).to_be_disabled()
    ann.get_by_role("button", name="Keep 8/10 (theirs)").click()
    therapist.settled(ann)
    ann.get_by_role("button", name="Save and sign").click()
    expect(ann.get_by_text("signed by").first).to_be_visible()
    therapist.write_shorthand(ben, "stroke L 1+")
    expect(ben.get_by_text("signed while you had unsaved entries").or_(ben.get_by_text("signed by")).first).to_be_visible()
    server.stop()
    with demo_server.opened(server) as clinic:
        case = clinic.case(episode)
        mine = {one.measure: one.value for one in case.observations if one.visit_id == visit_id}
        assert (mine["pain_worst"], mine["pain_usual"]) == (8, 2)


def test_a_long_note_is_stored_while_it_is_typed(browser: Browser, visit: tuple[Server, str, str]) -> None:
    server, episode, visit_id = visit
    page = desk(browser, server)
    open_assess(page, server, episode, visit_id)
    therapist.open_section(page, "Pain, 0 to 10")
    field = page.get_by_label("Note on pain, 0 to 10")
    field.click()
    text = "Stairs are worse than last week; " * 6
    page.keyboard.type(text, delay=12)
    page.wait_for_timeout(1_000)
    server.kill()
    with demo_server.opened(server) as clinic:
        kept = read_draft(clinic.database, "visit", demo_server.actor(clinic, demo.CLINICIAN_NAME).account_id, visit_id)
        assert kept is not None and kept.payload["note"]["pain"] == text
    expect(field).to_have_value(text)


def power_cuts(browser: Browser, visit: tuple[Server, str, str], rounds: int) -> int:
    """Kills the server `rounds` times a second after a value was typed; returns how many values were lost.
    """
    server, episode, visit_id = visit
    lost, chance = 0, random.Random(4)
    for number_of in range(rounds):
        page = desk(browser, server)
        open_assess(page, server, episode, visit_id)
        therapist.open_section(page, "Pain, 0 to 10")
        value = str((int(number(page, WORST).input_value() or 0) + chance.randint(1, 9)) % 11)
        field = number(page, WORST)
        field.fill(value)
        field.press("Tab")
        page.wait_for_timeout(1_000)
        server.kill()
        page.context.close()
        server.start()
        page = desk(browser, server)
        open_assess(page, server, episode, visit_id)
        therapist.open_section(page, "Pain, 0 to 10")
        try:
            expect(number(page, WORST)).to_have_value(value, timeout=10_000)
        except AssertionError:
            lost += 1
        page.context.close()
        print(f"round {number_of + 1} of {rounds}: typed {value}, lost so far {lost}")
    return lost


def test_a_value_typed_a_second_before_a_power_cut_is_there(browser: Browser, visit: tuple[Server, str, str]) -> None:
    assert power_cuts(browser, visit, 3) == 0


@pytest.mark.soak
def test_twenty_power_cuts_lose_nothing(browser: Browser, visit: tuple[Server, str, str]) -> None:
    assert power_cuts(browser, visit, 20) == 0
