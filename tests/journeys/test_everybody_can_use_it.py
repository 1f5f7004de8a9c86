"""No screen has a serious or critical fault of accessibility; every control has a name; the assess page fits a small screen and strong zoom."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from kneeclinic import demo
from kneeclinic.vocabulary import VisitKind
from tests.journeys import demo_server, therapist
from tests.journeys.assessing import open_assess
from tests.journeys.clinic_server import Server

pytestmark = pytest.mark.browser
SCREENS = ("caseload", "review", "patient", "assess", "program", "progress", "check_in", "documents", "outcomes", "library", "admin")
SEVERE = ("serious", "critical")


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str, str]]:
    server = demo_server.make(tmp_path_factory.mktemp("axe"))
    episode, visit_id = demo_server.a_visit(server, VisitKind.FIRST)
    server.start()
    yield server, episode, visit_id
    server.stop()


@pytest.fixture(scope="module")
def inside(browser: Browser, visit: tuple[Server, str, str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1024, "height": 768}, bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(20_000)
    therapist.let_in(page, visit[0], demo.LEAD_NAME, demo.PASSWORD)
    yield page
    context.close()


def severe(page: Page) -> list[str]:
    """Each serious or critical fault, with the first place where it stands."""
    found = Axe().run(page).response["violations"]
    return [f"{one['impact']} {one['id']} x{len(one['nodes'])}: {one['nodes'][0]['html'][:230]}" for one in found if one["impact"] in SEVERE]


def test_the_sign_in_has_no_severe_fault(browser: Browser, visit: tuple[Server, str, str]) -> None:
    page = browser.new_context(bypass_csp=True).new_page()
    page.goto(f"{visit[0].url}/signin")
    assert severe(page) == []
    page.context.close()


@pytest.mark.parametrize("screen", SCREENS)
def test_no_screen_has_a_severe_fault(inside: Page, visit: tuple[Server, str, str], screen: str) -> None:
    server, episode, _ = visit
    inside.goto(f"{server.url}/{screen}?patient={episode}")
    expect(inside.get_by_role("link", name="Caseload")).to_be_visible()
    therapist.settled(inside)
    inside.wait_for_timeout(600)
    assert severe(inside) == []


@pytest.mark.parametrize("section", ["Red flags", "Pain, 0 to 10", "Questionnaires", "Strength", "Body chart", "All visits", "Note and sign"])
def test_no_section_of_the_assessment_has_a_severe_fault(inside: Page, visit: tuple[Server, str, str], section: str) -> None:
    if f"visit={visit[2]}" not in inside.url:
        open_assess(inside, *visit)
    therapist.open_section(inside, section)
    inside.wait_for_timeout(900)
    assert severe(inside) == []


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (720, 450)], ids=["1024x768", "1440x900 at 200 %"])
def test_the_assess_page_never_scrolls_sideways(browser: Browser, visit: tuple[Server, str, str], width: int, height: int) -> None:
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    therapist.let_in(page, visit[0], demo.LEAD_NAME, demo.PASSWORD)
    page.goto(f"{visit[0].url}/assess?patient={visit[1]}&visit={visit[2]}")
    expect(page.get_by_placeholder("Shorthand")).to_be_visible()
    therapist.settled(page)
    wide = page.evaluate("(() => { const main = document.querySelector('[data-testid=stMain]'); return main.scrollWidth - main.clientWidth; })()")
    assert wide <= 1
    page.context.close()


def test_the_keys_are_listed_on_a_question_mark(inside: Page, visit: tuple[Server, str, str]) -> None:
    open_assess(inside, *visit)
    inside.evaluate("document.activeElement.blur()")
    inside.keyboard.press("?")
    expect(inside.get_by_text("carry the last values of this section")).to_be_visible()


def test_every_field_of_a_section_has_a_name_and_is_reached_by_tab_in_order(inside: Page, visit: tuple[Server, str, str]) -> None:
    open_assess(inside, *visit)
    therapist.open_section(inside, "Pain, 0 to 10")
    inside.get_by_label("Usual pain, last 7 days, left").first.focus()
    reached = []
    for _ in range(24):
        name = inside.evaluate("document.activeElement.getAttribute('aria-label') || ''")
        if name and name not in reached:
            reached.append(name)
        inside.keyboard.press("Tab")
    wanted = [f"{what}, last 7 days, {side}" for what in ("Usual pain", "Worst pain") for side in ("left", "right")]
    assert [one for one in reached if one in wanted] == wanted
