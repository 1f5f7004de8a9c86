"""A hostile patient's charts, hovered point by point: what pops up is words, nothing runs, nothing is fetched."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import therapist
from tests.journeys.clinic_server import Server
from tests.journeys.test_hostile_words import under_attack, watched

__all__ = ["under_attack"]
pytestmark = pytest.mark.browser

POINTS = ".js-plotly-plot .points path, .js-plotly-plot .point path, .js-plotly-plot .js-line"
MOST_POINTS = 40


def test_no_label_of_a_chart_runs_or_fetches_what_a_patient_is_called(browser: Browser, under_attack: tuple[Server, str]) -> None:
    server, episode = under_attack
    page, asked, shown = watched(browser)
    therapist.sign_in(page, server)
    labels: list[str] = []
    for screen in ("progress", "review", "outcomes", "check_in", "patient"):
        page.goto(f"{server.url}/{screen}?patient={episode}")
        expect(page.get_by_test_id("stMain")).to_be_visible()
        therapist.settled(page)
        if screen == "progress":
            expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
        for point in page.locator(POINTS).all()[:MOST_POINTS]:
            if not point.is_visible():
                continue
            point.scroll_into_view_if_needed()
            box = point.bounding_box()
            if box is None:
                continue
            page.mouse.move(box["x"] + box["width"] / 2 - 3, box["y"] + box["height"] / 2 - 3)
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
            page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            labels += page.locator(".hoverlayer .hovertext").all_inner_texts()
            bad = page.locator(".js-plotly-plot :is(script, img, iframe, foreignObject, a[*|href^='javascript:'], image[*|href^='http'])")
            assert bad.count() == 0, screen
        assert page.evaluate("window.hit") is None, f"{screen} ran an attack"
    assert len(labels) > 3, "no chart was hovered"
    assert shown == []
    away = [one for one in asked if not one.startswith((server.url, server.url.replace("http", "ws", 1), "data:", "blob:", "about:"))]
    assert away == []
    page.context.close()
