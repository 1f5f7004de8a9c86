"""A real patient through the whole loop, from an empty clinic: the woman of 37 of a published case report (PMC5534157)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from garmin_fit_sdk import Encoder
from playwright.sync_api import Page, expect

from tests.journeys import therapist
from tests.journeys.clinic_server import ROOT, Server

RECORDED = ROOT.parent / "shared" / "runs" / "activity-small-fenix2-run.fit"
PROBLEM = "Twelve months of pain at the front of the knee; earlier treatment without success; stopped running, afraid to move"
FINDINGS = ("months R 12; worst R 5; usual R 3; squat R 5; avoids yes; tsk 31; akps R 64; stroke R 0 L 0; fpi L 4 R 7; lsd R 3 L 1; "
            "hip abd R 150 L 214; ely R 110 L 130; cadence 162; tape before R 5; tape after R 2")
DIRECTION = "From the outer edge towards the inside"

pytestmark = pytest.mark.browser


def a_run_file(folder: Path) -> Path:
    """The run that a real watch recorded; where it is not at hand, one written by the official FIT encoder."""
    if RECORDED.exists():
        return RECORDED
    print("The recorded run is not at hand; a file of our own stands in for it.")
    start = datetime(2026, 1, 1, 8, tzinfo=UTC)
    encoder = Encoder()
    encoder.write_mesg({"mesg_num": 0, "type": "activity", "manufacturer": "development", "time_created": start})
    encoder.write_mesg({"mesg_num": 18, "timestamp": start, "start_time": start, "sport": "running", "sub_sport": "generic",
                        "total_distance": 9040.0, "total_elapsed_time": 2820.0, "total_timer_time": 2820.0, "avg_cadence": 81})
    path = folder / "run.fit"
    path.write_bytes(bytes(encoder.close()))
    return path


def text_of(data: bytes) -> str:
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(data)).split())


def test_a_patient_goes_through_the_whole_loop(page: Page, server: Server, tmp_path: Path) -> None:
    given_a_clinic_that_was_just_set_up(page, server)
    when_the_patient_is_registered_and_assessed(page)
    then_explained_suggestions_are_shown(page)
    when_a_program_with_a_taping_note_is_saved(page)
    then_the_handout_holds_the_dose_and_the_pull_of_the_tape(page, tmp_path)
    when_a_week_is_told_and_the_first_run_back_is_imported(page, tmp_path)
    then_progress_shows_the_values_with_a_verdict(page)
    when_the_weekly_review_is_decided(page)
    then_everything_stands_in_the_clinic_file(server)


def given_a_clinic_that_was_just_set_up(page: Page, server: Server) -> None:
    therapist.set_up_the_clinic(page, server)
    expect(page.get_by_text("Nobody is in treatment yet")).to_be_visible()


def when_the_patient_is_registered_and_assessed(page: Page) -> None:
    therapist.register(page, given="Case", family="O'Report & <Sons>", number="CR-1", born="1989-05-04", sex="Female")
    therapist.open_episode(page, knee="Right", problem=PROBLEM)
    expect(page.get_by_text("O'Report & <Sons>").first).to_be_visible()
    therapist.go_to(page, "Assess")
    page.get_by_role("button", name="All else: no").click()
    therapist.settled(page)
    therapist.write_shorthand(page, FINDINGS)


def then_explained_suggestions_are_shown(page: Page) -> None:
    main = page.get_by_test_id("stMain")
    expect(main.get_by_text("Hip abduction symmetry").first).to_be_visible()
    expect(main.get_by_text("70").first).to_be_visible()
    expect(main.get_by_text("asked, none raised")).to_be_visible()
    expect(main.get_by_text("R08").first).to_be_visible()
    therapist.open_section(page, "Note and sign")
    page.get_by_role("button", name="Save and sign").click()
    expect(page.get_by_text("signed by").first).to_be_visible()


def when_a_program_with_a_taping_note_is_saved(page: Page) -> None:
    therapist.go_to(page, "Program")
    page.get_by_role("button", name="Build from suggestions").click()
    expect(page.get_by_text("exercises", exact=False).first).to_be_visible()
    therapist.settled(page)
    page.get_by_role("button", name="Edit").first.click()
    page.get_by_label("Sets").fill("4")
    page.get_by_label("Reps").fill("13")
    page.get_by_role("button", name="Keep").click()
    therapist.settled(page)
    therapist.choose(page, "Tape")
    page.get_by_role("button", name="Asked: none of them").click()
    therapist.settled(page)
    page.get_by_label("Direction of pull").fill(DIRECTION)
    page.get_by_role("button", name="Put the tape into the program").click()
    therapist.settled(page)
    page.get_by_role("button", name="Save version 1").click()
    expect(page.get_by_text("Version 1 saved").first).to_be_visible()


def then_the_handout_holds_the_dose_and_the_pull_of_the_tape(page: Page, folder: Path) -> None:
    therapist.go_to(page, "Documents")
    page.get_by_role("button", name="Issue and keep").click()
    expect(page.get_by_text("is issued and kept").first).to_be_visible()
    text = text_of(therapist.downloaded(page, "Open", folder))
    assert "4 x 13" in text
    assert DIRECTION in text
    assert "For Case" in text
    assert "O'Report" not in text, "the family name stays in the clinic"
    assert "555-0100" in text


def when_a_week_is_told_and_the_first_run_back_is_imported(page: Page, folder: Path) -> None:
    therapist.go_to(page, "Check-in")
    page.locator("input[type=file]").set_input_files(a_run_file(folder))
    page.get_by_role("button", name="Import 1 file").click()
    expect(page.get_by_text("1 run imported from 1 file").first).to_be_visible()
    for row, pain in ((0, "2"), (1, "4"), (2, "2")):
        page.locator(".st-key-card_pains").get_by_test_id("stButtonGroup").nth(row).get_by_text(pain, exact=True).click()
        therapist.settled(page)
    page.get_by_role("button", name="Save", exact=False).first.click()
    expect(page.get_by_text("saved").first).to_be_visible()


def then_progress_shows_the_values_with_a_verdict(page: Page) -> None:
    therapist.go_to(page, "Progress")
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    expect(page.get_by_text("Worst pain, last 7 days").first).to_be_visible()


def when_the_weekly_review_is_decided(page: Page) -> None:
    therapist.go_to(page, "Weekly review")
    expect(page.get_by_text("Suggested:").first).to_be_visible()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Summary of the week")).to_be_visible()


def then_everything_stands_in_the_clinic_file(server: Server) -> None:
    server.stop()
    listed = server.command("patients", "--clinic", str(server.clinic), "--json")
    assert listed.returncode == 0, listed.stderr
    assert '"CR-1"' in listed.stdout
    checked = server.command("verify", "--clinic", str(server.clinic))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert server.faults() == []
