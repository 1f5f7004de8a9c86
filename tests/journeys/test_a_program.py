"""A program from a template in a handful of actions; what the findings rule out needs the lead and a reason; papers of the day in one file."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Page, expect

from tests.journeys import therapist
from tests.journeys.clinic_server import Server

pytestmark = pytest.mark.browser
MOST_ACTIONS = 5
WHY = "Seen together with the physician: the knee bears it."


def text_of(data: bytes) -> str:
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(io.BytesIO(data))).split())


def a_clinic_with_a_patient(page: Page, server: Server, findings: str) -> None:
    therapist.set_up_the_clinic(page, server)
    therapist.register(page, given="Ash", family="Template", number="T-1", born="1990-05-04", sex="Female")
    therapist.open_episode(page, knee="Right", problem="Pain on stairs")
    therapist.go_to(page, "Assess")
    page.get_by_role("button", name="All else: no").click()
    therapist.settled(page)
    therapist.write_shorthand(page, findings)
    therapist.open_section(page, "Note and sign")
    page.get_by_role("button", name="Save and sign").click()
    expect(page.get_by_text("signed by").first).to_be_visible()


def build(page: Page) -> None:
    page.get_by_role("button", name="Build from suggestions").click()
    expect(page.get_by_role("button", name="Out").first).to_be_visible()
    therapist.settled(page)


def save(page: Page) -> None:
    """Once the screen shows one button, and it may be pressed."""
    button = page.get_by_role("button", name="Save version 1")
    expect(button).to_have_count(1)
    expect(button).to_be_enabled()
    button.click()


class Actions:
    """Counts what a hand does."""

    def __init__(self) -> None:
        self.done = 0

    def click(self, page: Page, role: str, name: str) -> None:
        page.get_by_role(role, name=name).first.click()
        therapist.settled(page)
        self.done += 1


def test_a_program_from_a_template_takes_at_most_five_actions(page: Page, server: Server) -> None:
    a_clinic_with_a_patient(page, server, "worst R 4; usual R 2; akps R 70; stroke R 0 L 0")
    hand = Actions()
    therapist.go_to(page, "Program")
    hand.done += 1
    hand.click(page, "button", "Template")
    page.locator("[class*=st-key-template_] button").first.click()
    hand.done += 1
    therapist.settled(page)
    hand.click(page, "button", "Save version 1")
    expect(page.get_by_text("Version 1 saved").first).to_be_visible()
    assert hand.done <= MOST_ACTIONS
    expect(page.get_by_text("minutes on a full day").first).to_be_visible()


def test_what_is_ruled_out_needs_the_leads_reason_and_stands_on_the_review_sheet(page: Page, server: Server, tmp_path: Path) -> None:
    a_clinic_with_a_patient(page, server, "worst R 7; usual R 5; akps R 50; stroke R 0 L 0; kneeling R 6")
    therapist.go_to(page, "Program")
    build(page)
    field = page.get_by_role("combobox", name="Add an exercise")
    field.click()
    field.fill("ruled out")
    page.get_by_role("option").first.click()
    therapist.settled(page)
    expect(page.get_by_text("Needs a written reason of the lead clinician").first).to_be_visible()
    save(page)
    expect(page.get_by_text("The lead clinician may keep it with a written reason").first).to_be_visible()
    page.get_by_role("textbox", name="Reason to keep it").fill(WHY)
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text(f"Kept: {WHY}").first).to_be_visible()
    save(page)
    expect(page.get_by_text("Version 1 saved").first).to_be_visible()
    therapist.go_to(page, "Documents")
    page.get_by_text("Weekly review sheet").click()
    expect(page.get_by_alt_text("Weekly review sheet, page 1")).to_be_visible()
    therapist.settled(page)
    assert f"Override: {WHY}" in text_of(therapist.downloaded(page, "Download without issuing", tmp_path))
    server.stop()
    export = server.command("export", "clinic", "--clinic", str(server.clinic), "-o", str(tmp_path / "out.zip"))
    assert export.returncode == 0, export.stderr
    import zipfile

    log = zipfile.ZipFile(tmp_path / "out.zip").read("records/audit.jsonl").decode()
    assert any("revise_program" in line and WHY in line for line in log.splitlines()), "the log holds the reason"


def test_papers_for_everybody_are_one_file(page: Page, server: Server, tmp_path: Path) -> None:
    a_clinic_with_a_patient(page, server, "worst R 4; usual R 2; akps R 70; stroke R 0 L 0")
    therapist.go_to(page, "Program")
    build(page)
    save(page)
    expect(page.get_by_text("Version 1 saved").first).to_be_visible()
    therapist.go_to(page, "Documents")
    therapist.choose(page, "Everybody")
    therapist.settled(page)
    page.get_by_role("button", name="Issue for all 1").click()
    expect(page.get_by_text("1 issued")).to_be_visible()
    assert "Ash" in text_of(therapist.downloaded(page, "Print all 1 as one file", tmp_path))


def rows(page: Page) -> list[str]:
    """The exercises of the program, by id, as they stand on the page."""
    classes = page.locator("[class*=st-key-card_item_]").evaluate_all("all => all.map(e => e.className)")
    return [one.split("card_item_")[1].split(" ")[0] for one in classes]


def test_a_row_is_moved_again_by_the_same_key_and_the_sheet_is_read_in_large(page: Page, server: Server) -> None:
    a_clinic_with_a_patient(page, server, "worst R 4; usual R 2; akps R 70; stroke R 0 L 0; hipabd R 140 L 200")
    therapist.go_to(page, "Program")
    build(page)
    first, *others = rows(page)
    assert len(others) >= 2
    page.locator(f".st-key-move_down_{first} button").filter(visible=True).focus()
    for place in (1, 2):
        page.keyboard.press("Enter")
        page.wait_for_function("([name, place]) => [...document.querySelectorAll('[class*=st-key-card_item_]')][place]?.className.includes(name)",
                               arg=[f"card_item_{first}", place])
        therapist.settled(page)
        expect(page.locator(f".st-key-move_down_{first} button, .st-key-move_up_{first} button").filter(visible=True)
               .and_(page.locator(":focus"))).to_have_count(1)
    assert rows(page)[:3] == [*others[:2], first]
    page.set_viewport_size({"width": 1024, "height": 768})
    page.get_by_role("button", name="Enlarge").click()
    large = page.get_by_role("dialog").locator("img").first
    expect(large).to_be_visible()
    page.wait_for_function("e => e.complete && e.clientWidth > 850", arg=large.element_handle())
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
