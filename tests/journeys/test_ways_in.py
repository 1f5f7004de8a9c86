"""The ways into the clinic as a browser takes them: by another site and back, and by a code from the telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kneeclinic import actions
from kneeclinic.record import ClinicProfile
from kneeclinic.security.second_factor import code_at
from tests.journeys import therapist
from tests.journeys.clinic_server import Server
from tests.web.oidc_provider import CLIENT, SECRET, OidcProvider, running

pytestmark = pytest.mark.browser


class ServerWithProvider(Server):
    """The clinic at 127.0.0.1, the provider at localhost: two sites, as browsers see it."""

    provider: OidcProvider

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {
            "KNEECLINIC_SSO_ISSUER": self.provider.issuer, "KNEECLINIC_SSO_CLIENT": CLIENT, "KNEECLINIC_SSO_ADDRESS": self.url,
            "KNEECLINIC_SSO_SECRET_FILE": str(self.folder / "secret"), "KNEECLINIC_SSO_LABEL": "Sign in with Riverside Health",
        }


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServerWithProvider]:
    with running() as provider:
        found = ServerWithProvider(tmp_path)
        found.provider = provider
        (tmp_path / "secret").write_text(SECRET)
        monkeypatch.setenv("KNEECLINIC_KEY_FILE", found.environment["KNEECLINIC_KEY_FILE"])
        actions.setup_clinic(found.clinic, ClinicProfile(name=therapist.CLINIC), therapist.NAME, "First Therapist", therapist.PASSWORD).close()
        yield found.start()
        found.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    found = context.new_page()
    found.set_default_timeout(60_000)
    yield found
    context.close()


def inside(page: Page) -> None:
    expect(page.get_by_role("link", name="Caseload")).to_be_visible()


def test_through_the_organisations_sign_in_and_back_with_a_strict_cookie(page: Page, server: ServerWithProvider) -> None:
    server.provider.person = {"sub": "p-1", "preferred_username": therapist.NAME}
    server.provider.lie = "a page of its own"
    page.goto(server.url)
    page.get_by_role("link", name="Sign in with Riverside Health").click()
    expect(page.get_by_role("heading", name="Organisation")).to_be_visible()
    page.get_by_role("link", name="Continue as Ada").click()
    inside(page)
    assert page.url.startswith(server.url) and "code=" not in page.url
    session = [one for one in page.context.cookies() if re.fullmatch(r"kneeclinic_[0-9a-f]{8}", one["name"])]
    assert [(one["sameSite"], one["httpOnly"], one["domain"]) for one in session] == [("Strict", True, "127.0.0.1")]
    therapist.settled(page)
    page.get_by_role("link", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.goto(server.url)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_who_has_no_account_here_is_told_so_and_stays_out(page: Page, server: ServerWithProvider) -> None:
    server.provider.person = {"sub": "p-7", "preferred_username": "stranger"}
    page.goto(server.url)
    page.get_by_role("link", name="Sign in with Riverside Health").click()
    expect(page.get_by_text("You have no account in this clinic")).to_be_visible()
    page.get_by_role("link", name="Back to sign-in").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_second_factor_is_set_asked_for_and_replaced_by_a_printed_code(page: Page, server: ServerWithProvider) -> None:
    therapist.sign_in(page, server)
    therapist.settled(page)
    page.get_by_role("button", name="Your account").click()
    expect(page.get_by_text("Second factor").first).to_be_visible()
    page.get_by_label("Current password").nth(1).fill(therapist.PASSWORD)
    page.get_by_role("button", name="Set a second factor").click()
    expect(page.get_by_role("img", name="Picture to scan")).to_be_visible()
    secret = page.locator('[data-testid="stCode"] code').first.inner_text().replace(" ", "").strip()
    page.get_by_label("Type the code").fill(code_at(secret, datetime.now(UTC)))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("shown this once")).to_be_visible()
    codes = page.locator('[data-testid="stCode"] code').first.inner_text().split()
    assert len(codes) == 10
    page.get_by_role("button", name="I have them in a safe place").click()
    expect(page.get_by_text("10 of 10 recovery codes are left")).to_be_visible()
    page.context.clear_cookies()
    page.goto(server.url)
    page.get_by_label("Name").fill(therapist.NAME)
    page.get_by_label("Password").fill(therapist.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill("00 00 0")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    page.get_by_label("Code").fill(codes[3].lower())
    page.get_by_role("button", name="Sign in").click()
    inside(page)
