"""Quick hands: a shortcut, a click or a change of page right after typing loses neither the word nor the click."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from kneeclinic import demo
from kneeclinic.vocabulary import VisitKind
from tests.journeys import demo_server, therapist
from tests.journeys.assessing import open_assess
from tests.journeys.clinic_server import Server

pytestmark = pytest.mark.browser
VISITS = 12


@pytest.fixture(scope="module")
def clinic_of_visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, list[tuple[str, str]]]]:
    """One server for the whole file, and visits of as many runners: each test has its own."""
    server = demo_server.make(tmp_path_factory.mktemp("quick"), patients=16, weeks=6)
    begun = demo_server.visits(server, VisitKind.FOLLOW_UP, VISITS)
    server.start()
    yield server, begun
    server.stop()


@pytest.fixture
def desk(page: Page, clinic_of_visits: tuple[Server, list[tuple[str, str]]]) -> Iterator[tuple[Page, Server, str, str]]:
    server, begun = clinic_of_visits
    episode, visit = begun.pop(0)
    told = len(server.said())
    therapist.let_in(page, server, demo.CLINICIAN_NAME, demo.PASSWORD)
    open_assess(page, server, episode, visit)
    yield page, server, episode, visit
    assert not server.faults(), server.said()[told:]


def usual(page: Page) -> Locator:
    return page.get_by_label("Usual pain, last 7 days, left", exact=True)


def note_on_pain(page: Page) -> Locator:
    return page.get_by_label("Note on pain", exact=False)


def back_to_pain(page: Page) -> None:
    therapist.settled(page)
    therapist.open_section(page, "Pain, 0 to 10")
    expect(usual(page)).to_be_visible()


@pytest.mark.parametrize("chord", ["Alt+j", "Alt+n", "Control+s"])
def test_a_shortcut_keeps_what_stands_in_the_field(desk: tuple[Page, Server, str, str], chord: str) -> None:
    page, *_ = desk
    back_to_pain(page)
    usual(page).click()
    page.keyboard.type("3")
    page.keyboard.press(chord)
    therapist.settled(page)
    back_to_pain(page)
    expect(usual(page)).to_have_value("3")
    note_on_pain(page).click()
    page.keyboard.type("Worse on stairs")
    page.keyboard.press(chord)
    therapist.settled(page)
    page.reload()
    back_to_pain(page)
    expect(note_on_pain(page)).to_have_value("Worse on stairs")


def test_a_click_right_after_the_shorthand_line_brings_no_old_value_back(desk: tuple[Page, Server, str, str]) -> None:
    page, *_ = desk
    therapist.write_shorthand(page, "worst L 9 R 8")
    for turn, value in enumerate((5, 6, 7, 8, 4, 3)):
        back_to_pain(page)
        page.get_by_placeholder("Shorthand").click()
        page.keyboard.type(f"usual L {value}")
        if turn % 2:
            page.keyboard.press("Alt+n")
        else:
            page.get_by_role("button", name="Next section").click()
        back_to_pain(page)
        expect(usual(page)).to_have_value(str(value))
        expect(page.get_by_label("Worst pain, last 7 days, left", exact=True)).to_have_value("9")
        expect(page.get_by_label("Worst pain, last 7 days, right", exact=True)).to_have_value("8")


def test_quick_values_never_throw_the_page_to_another_section(desk: tuple[Page, Server, str, str]) -> None:
    page, *_ = desk
    back_to_pain(page)
    usual(page).click()
    for value in "2314":
        page.keyboard.type(value)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
    therapist.settled(page)
    expect(usual(page)).to_have_value("2")
    expect(page.get_by_test_id("stRadio").get_by_role("radio", checked=True)).to_have_accessible_name(re.compile("Pain, 0 to 10"))


def test_a_value_that_was_refused_is_told_until_it_is_corrected_or_left_out(desk: tuple[Page, Server, str, str]) -> None:
    page, *_ = desk
    back_to_pain(page)
    usual(page).click()
    page.keyboard.type("12")
    page.keyboard.press("Alt+n")
    told = page.get_by_text("Not kept (left)", exact=False).first
    expect(told).to_contain_text("Usual pain")
    page.get_by_role("button", name="Save and sign").click()
    expect(page.get_by_text("Correct it or leave it out, then sign", exact=False).first).to_be_visible()
    page.get_by_role("button", name="Leave it out").click()
    expect(told).to_have_count(0)


def test_every_click_on_the_navigation_arrives(desk: tuple[Page, Server, str, str]) -> None:
    """Right after a text, a value, a line, a section, another click: never twice."""
    page, *_ = desk

    def text() -> None:
        back_to_pain(page)
        note_on_pain(page).click()
        page.keyboard.type("a word ")

    def value() -> None:
        back_to_pain(page)
        usual(page).click()
        page.keyboard.type("3")

    def line() -> None:
        page.get_by_placeholder("Shorthand").click()
        page.keyboard.type("worst L 5")

    def section() -> None:
        page.get_by_test_id("stRadio").get_by_text("Swelling").click()

    def another() -> None:
        page.get_by_role("link", name="Progress", exact=True).click()

    for before in (text, value, line, section, another, text, line, another):
        before()
        page.get_by_role("link", name="Patient", exact=True).click()
        expect(page).to_have_url(therapist.at("patient"))
        page.get_by_role("link", name="Assess", exact=True).click()
        expect(page.get_by_placeholder("Shorthand")).to_be_visible()


def test_every_page_opens_by_its_address(desk: tuple[Page, Server, str, str]) -> None:
    page, server, episode, _ = desk
    for name in ("caseload", "review", "patient", "assess", "program", "progress", "check_in", "documents", "outcomes", "library", "admin"):
        for query in ("", f"?patient={episode}"):
            page.goto(f"{server.url}/{name}{query}")
            expect(page.get_by_test_id("stMain").get_by_role("heading").first).to_be_visible()
            expect(page.get_by_text("Page not found")).to_have_count(0)
            expect(page).to_have_url(therapist.at("" if name == "caseload" else name))


def test_the_cursor_stands_in_the_first_field_of_a_new_patient_and_of_the_problem(desk: tuple[Page, Server, str, str]) -> None:
    page, *_ = desk
    therapist.go_to(page, "Caseload")
    page.keyboard.press("n")
    expect(page.get_by_label("Given name")).to_be_focused()
    page.keyboard.type("Nova")
    page.get_by_label("Clinic number").fill("NEW-1")
    therapist.date_field(page, "Birth date").fill("1990-05-01")
    therapist.date_field(page, "Birth date").press("Enter")
    therapist.choose(page, "Female")
    page.get_by_role("button", name="Register patient").click()
    expect(page.locator(".st-key-focus_knee button").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".st-key-focus_knee button").nth(1)).to_be_focused()
