"""A click on the knee is stored as a code, shown at the next visit and printed in the note."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Page, expect

from kneeclinic.knowledge.body_chart import NOTE_PART
from kneeclinic.vocabulary import VisitKind
from tests.journeys import demo_server, therapist
from tests.journeys.assessing import at_the_assess_page

pytestmark = pytest.mark.browser


def test_a_click_on_the_drawing_is_stored_as_a_code_and_printed(page: Page, tmp_path: Path) -> None:
    with at_the_assess_page(page, tmp_path, VisitKind.WEEKLY) as (server, episode, visit_id):
        therapist.open_section(page, "Body chart")
        therapist.choose(page, "sharp")
        therapist.settled(page)
        page.locator(".kc-R-front-patella").click()
        expect(page.get_by_text("right, behind the kneecap: sharp 5/10").first).to_be_visible()
        page.screenshot(path=str(tmp_path / "chart.png"))
        therapist.open_section(page, "Note and sign")
        page.get_by_role("button", name="Save and sign").click()
        expect(page.get_by_text("signed by").first).to_be_visible()
        data = therapist.downloaded(page, "Note as PDF", tmp_path)
        text = " ".join(" ".join(one.get_textpage().get_text_bounded() for one in pdfium.PdfDocument(data)).split())
        assert "right, behind the kneecap: sharp 5/10" in text
    with demo_server.opened(server) as clinic:
        visit = next(one for one in clinic.case(episode).visits if one.id == visit_id)
        assert visit.note[NOTE_PART] == "R.front.patella sharp 5"
