"""A piece of text is kept once and put into the note by one click, below what stands there."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kneeclinic.vocabulary import VisitKind
from tests.journeys import therapist
from tests.journeys.assessing import at_the_assess_page

pytestmark = pytest.mark.browser


def test_a_snippet_is_kept_and_goes_below_what_is_written(page: Page, tmp_path: Path) -> None:
    with at_the_assess_page(page, tmp_path, VisitKind.WEEKLY):
        page.keyboard.press("Alt+n")
        plan = page.get_by_label("What comes next")
        expect(plan).to_be_visible()
        plan.fill("Hip work on three days.")
        plan.press("Tab")
        therapist.settled(page)
        page.get_by_role("button", name="Snippets").click()
        page.get_by_label("Name of the snippet").fill("Ice")
        page.get_by_label("Its text").fill("Ice for ten minutes after runs.")
        page.get_by_role("button", name="Keep the snippet").click()
        snippet = page.get_by_role("button", name="Ice", exact=True)
        if not snippet.is_visible():
            therapist.settled(page)
        if not snippet.is_visible():
            page.get_by_role("button", name="Snippets").click()
        snippet.click()
        therapist.settled(page)
        expect(plan).to_have_value("Hip work on three days.\nIce for ten minutes after runs.")
