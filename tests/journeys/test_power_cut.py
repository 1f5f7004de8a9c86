"""The server is killed between saving and the next page: what was saved is there, the unfinished form is offered again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import therapist
from tests.journeys.clinic_server import Server

pytestmark = pytest.mark.browser


def test_after_a_kill_everything_saved_is_there_and_the_unfinished_form_is_offered(page: Page, server: Server) -> None:
    therapist.set_up_the_clinic(page, server)
    therapist.register(page, given="Demo", family="Aster", number="D-1", born="1990-02-03", sex="Female")
    therapist.open_episode(page, knee="Left", problem="Pain on stairs")
    therapist.go_to(page, "Assess")
    therapist.write_shorthand(page, "worst L 6; usual L 4; akps L 61")
    therapist.open_section(page, "Note and sign")
    page.get_by_label("What the patient says").fill("Stairs are the worst.")
    page.get_by_label("What was found").click()
    therapist.settled(page)
    address = page.url
    server.kill()
    server.start()
    page.goto(address)
    if page.get_by_label("Password").count():
        therapist.sign_in(page, server)
        page.goto(address)
    expect(page.get_by_text("Demo Aster").first).to_be_visible()
    main = page.get_by_test_id("stMain")
    expect(main.get_by_text("61").first).to_be_visible()
    therapist.open_section(page, "Note and sign")
    expect(page.get_by_label("What the patient says")).to_have_value("Stairs are the worst.")
    page.get_by_role("button", name="Save and sign").click()
    expect(page.get_by_text("signed by").first).to_be_visible()
    assert server.faults() == []
