"""What a therapist does in the browser, one verb a function; nothing here knows how the page is made, only what is written on it."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.journeys.clinic_server import Server

NAME, PASSWORD = "therapist", "a calm knee runs far"
CLINIC = "Riverside Knee Clinic"


def set_up_the_clinic(page: Page, server: Server) -> None:
    """The first start: the code from the terminal makes the clinic and its first account."""
    page.goto(server.url)
    page.get_by_label("One-time code").first.fill(server.code())
    page.get_by_label("Name of the clinic").fill(CLINIC)
    page.get_by_label("Telephone").fill("555-0100")
    page.get_by_label("Your name").fill("First Therapist")
    page.get_by_label("Sign-in name").fill(NAME)
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.get_by_role("button", name="Create the clinic").click()
    expect(page.locator("#recovery_code")).to_be_visible()
    page.get_by_role("link", name="open the clinic").click()
    expect(page.get_by_text("Caseload").first).to_be_visible()


def sign_in(page: Page, server: Server, name: str = NAME, password: str = PASSWORD) -> None:
    page.goto(server.url)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Caseload")).to_be_visible()


def let_in(page: Page, server: Server, name: str = NAME, password: str = PASSWORD) -> None:
    """Signed in, and no page opened yet: what the form of the sign-in sends, sent without drawing it. For journeys that are about other pages."""
    form = page.request.get(f"{server.url}/signin").text()
    token = re.search(r'name="form_token" value="([^"]+)"', form)
    assert token, form
    sent = {"form_token": token[1], "name": name, "password": password, "next": "/"}
    answer = page.request.post(f"{server.url}/signin", form=sent, headers={"Origin": server.url}, max_redirects=0)
    assert (answer.status, answer.headers.get("location")) == (303, "/"), answer.text()


def go_to(page: Page, screen: str) -> None:
    """By the navigation at the left, with one click; waits until the address says so."""
    link = page.get_by_role("link", name=screen, exact=True)
    target = (link.get_attribute("href") or "").split("?")[0].rstrip("/").rpartition("/")[2]
    link.click()
    expect(page).to_have_url(at(target if target in ADDRESSES else ""))
    settled(page)


ADDRESSES = ("review", "patient", "assess", "program", "progress", "check_in", "documents", "outcomes", "library", "admin")


def at(address: str) -> re.Pattern[str]:
    """The address of a page, whatever patient stands behind it."""
    return re.compile(rf"^https?://[^/]+/{address}(\?.*)?$")


QUIET = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const busy = !app || app.dataset.testScriptState !== "notRunning" || document.querySelector('[data-stale="true"]');
  const now = performance.now();
  if (busy || window.quietSince === undefined) { window.quietSince = now; return false; }
  return now - window.quietSince > 300;
}"""


def settled(page: Page) -> None:
    """Waits until the script has stood still for a moment and nothing on the page is stale."""
    page.evaluate("window.quietSince = undefined")
    page.wait_for_function(QUIET)


def choose(page: Page, word: str) -> None:
    """A choice among buttons, by the word on it."""
    page.get_by_role("radio", name=re.compile(rf"{word}$")).or_(page.get_by_role("button", name=re.compile(rf"{word}$"))).first.click()


def date_field(page: Page, label: str) -> Locator:
    return page.get_by_test_id("stDateInput").filter(has_text=label).locator("input").first


def register(page: Page, *, given: str, family: str, number: str, born: str, sex: str) -> None:
    go_to(page, "Patient")
    page.get_by_role("button", name="Register a new patient").click()
    page.get_by_label("Given name").fill(given)
    page.get_by_label("Family name").fill(family)
    page.get_by_label("Clinic number").fill(number)
    date_field(page, "Birth date").fill(born)
    date_field(page, "Birth date").press("Enter")
    choose(page, sex)
    page.get_by_role("button", name="Register patient").click()


def open_episode(page: Page, *, knee: str, problem: str) -> None:
    expect(page.get_by_label("The problem in a few words")).to_be_visible()
    choose(page, knee)
    page.get_by_label("The problem in a few words").fill(problem)
    page.get_by_role("button", name="Open the episode").click()
    expect(page.get_by_text("week 1", exact=False).first).to_be_visible()
    settled(page)


def write_shorthand(page: Page, line: str) -> None:
    field = page.get_by_placeholder("Shorthand")
    field.fill(line)
    field.press("Enter")
    settled(page)


def open_section(page: Page, label: str) -> None:
    page.get_by_test_id("stRadio").get_by_text(label).click()
    settled(page)


def downloaded(page: Page, link: str, folder: Path) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).first.click()
    path = folder / "downloaded"
    download.value.save_as(path)
    return path.read_bytes()
