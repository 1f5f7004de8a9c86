"""Quick hands on the week, the program and the review: the second press, fired at once, undoes nothing and falls on nobody else."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from kneeclinic import demo
from tests.journeys import demo_server, therapist
from tests.journeys.clinic_server import Server
from tests.journeys.conftest import PATIENCE_MS
from tests.journeys.test_a_check_in import open_check_in, who_has_not_told

pytestmark = pytest.mark.browser
SLOWED = 6
"""So many times slower the browser is made, as an old tablet is."""


class Line:
    """The line from the server to the browser. Held, the server has answered and the browser does not know it yet: what is pressed now goes out
    with what the browser still shows."""

    def __init__(self, page: Page) -> None:
        self.page, self.held, self.is_held = page, [], False
        page.route_web_socket(re.compile("_stcore/stream"), self._lay)

    def _lay(self, browser: WebSocketRoute) -> None:
        self.browser = browser
        browser.connect_to_server().on_message(self._hear)

    def _hear(self, message: str | bytes) -> None:
        if self.is_held:
            self.held.append(message)
        else:
            self.browser.send(message)

    def until_answered(self, since: int = 0) -> None:
        """The server has drawn the page anew to its end; of what is held, the first so many do not count."""
        def answered() -> bool:
            heard = [ForwardMsg.FromString(one) for one in self.held[since:] if isinstance(one, bytes)]
            ends = [one.script_finished for one in heard if one.WhichOneof("type") == "script_finished"]
            return any(one != ForwardMsg.FINISHED_EARLY_FOR_RERUN for one in ends)

        deadline = time.monotonic() + PATIENCE_MS / 1000
        while not answered():
            assert time.monotonic() < deadline, "the server did not answer"
            self.page.wait_for_timeout(20)

    @contextmanager
    def hold(self) -> Iterator[None]:
        self.held, self.is_held = [], True
        yield
        self.is_held = False
        for one in self.held:
            self.browser.send(one)
        self.held = []

    @contextmanager
    def bit_by_bit(self) -> Iterator[None]:
        """What the server answers comes one message after the other, and the page is drawn after each: as on a machine that has much else to do."""
        self.held, self.is_held = [], True
        yield
        self.until_answered()
        count = 0
        for number in range(len(self.held)):
            self.browser.send(self.held[number])
            self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
            count = number + 1
        while count < len(self.held):
            self.browser.send(self.held[count])
            count += 1
        self.held, self.is_held = [], False


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Server, str, str]]:
    """A running server, a runner, and another patient whose last weeks nobody has told."""
    server = demo_server.make(tmp_path)
    with demo_server.opened(server) as clinic:
        episode = demo_server.a_runner(clinic)
    untold = who_has_not_told(server, episode)
    server.start()
    try:
        yield server, episode, untold
        assert server.faults() == []
    finally:
        server.stop()


def slow(page: Page) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})


def at_once(page: Page, *names: str) -> None:
    """Presses the named buttons one after the other within one moment of the browser: it has seen no answer to the first."""
    page.evaluate("""names => {
      const all = names.map(name => [...document.querySelectorAll("button")].find(one => one.innerText.includes(name)));
      all.forEach(one => one.click());
    }""", list(names))


def week_told(server: Server, episode: str):
    """The check-in that was saved last."""
    with demo_server.opened(server) as clinic:
        return max(clinic.case(episode).check_ins, key=lambda one: one.entered_at)


def before_it_knows(page: Page, line: Line, first: str, second: str) -> None:
    """Presses the second button when the server has answered to the first, and the browser has not heard of it."""
    with line.hold():
        at_once(page, first)
        line.until_answered()
        at_once(page, second)


def press_both(page: Page, line: Line, how: str, first: str, second: str) -> None:
    if how == "unheard":
        before_it_knows(page, line, first, second)
        return
    if how == "slowed":
        slow(page)
    at_once(page, first, second)


HOW = pytest.mark.parametrize("how", ["at once", "slowed", "unheard"])


@HOW
def test_a_week_filled_by_one_key_is_saved_as_filled(page: Page, place: tuple[Server, str, str], how: str) -> None:
    server, episode, _ = place
    line = Line(page)
    open_check_in(page, server, episode)
    page.get_by_role("toolbar").first.get_by_role("button").first.click()
    expect(page.get_by_text(re.compile(r"^1 of \d+ sessions"))).to_be_visible()
    therapist.settled(page)
    press_both(page, line, how, "All as planned", "Save")
    expect(page.get_by_text(re.compile("Check-in for .* saved"))).to_be_visible()
    therapist.settled(page)
    server.stop()
    told = week_told(server, episode)
    assert sum(len(day.done) for day in told.days) > 1


def test_keys_pressed_in_one_breath_save_what_they_filled(page: Page, place: tuple[Server, str, str]) -> None:
    server, episode, _ = place
    open_check_in(page, server, episode)
    page.get_by_label(re.compile("in the week")).click()
    page.keyboard.press("Control+a")
    page.keyboard.type("12.5")
    page.keyboard.press("Alt+p")
    page.get_by_label("Note on the week").click()
    page.keyboard.type("slept well")
    page.keyboard.press("Control+s")
    expect(page.get_by_text(re.compile("Check-in for .* saved"))).to_be_visible()
    therapist.settled(page)
    server.stop()
    told = week_told(server, episode)
    assert (told.km, told.note) == (12.5, "slept well")
    assert sum(len(day.done) for day in told.days) > 1


@HOW
def test_start_over_and_save_at_once_bring_nothing_back(page: Page, place: tuple[Server, str, str], how: str) -> None:
    server, episode, _ = place
    line = Line(page)
    open_check_in(page, server, episode)
    page.keyboard.press("Alt+p")
    expect(page.get_by_text(re.compile(r"draft saved \d\d:\d\d:\d\d"))).to_be_visible()
    page.get_by_label("Note on the week").fill("another patient's week")
    page.keyboard.press("Tab")
    therapist.settled(page)
    page.reload()
    expect(page.get_by_role("button", name="Start over")).to_be_visible()
    therapist.settled(page)
    press_both(page, line, how, "Start over", "Save")
    therapist.settled(page)
    expect(page.get_by_label("Note on the week")).to_have_value("")
    server.stop()
    with demo_server.opened(server) as clinic:
        assert not any(one.note == "another patient's week" for one in clinic.case(episode).check_ins)


@HOW
def test_save_and_next_pressed_twice_saves_one_patient(page: Page, place: tuple[Server, str, str], how: str) -> None:
    server, episode, untold = place
    line = Line(page)
    open_check_in(page, server, episode)
    press_both(page, line, how, "Save and next patient", "Save and next patient")
    expect(page.get_by_text(re.compile("Check-in for .* saved")).first).to_be_visible()
    therapist.settled(page)
    expect(page).to_have_url(re.compile(f"patient={untold}"))
    server.stop()
    with demo_server.opened(server) as clinic:
        assert not [one for one in clinic.case(untold).check_ins if (clinic.today - one.week_start).days < 21], "nobody told this week"
        own = [one for one in clinic.case(episode).check_ins if one.entered_at.date() == clinic.today]
        assert len(own) == 1


def rows(page: Page) -> list[str]:
    classes = page.locator("[class*=st-key-card_item_]").evaluate_all("all => all.map(e => e.className)")
    return [one.split("card_item_")[1].split(" ")[0] for one in classes]


def press_rows(page: Page, *names: str) -> None:
    """The buttons of these keys, within one moment."""
    page.evaluate("names => names.map(name => document.querySelector(`.st-key-${name} button`)).forEach(one => one.click())", list(names))


@pytest.mark.parametrize("slowed", [False, True])
def test_rows_taken_out_quickly_are_those_that_were_pressed(page: Page, place: tuple[Server, str, str], slowed: bool) -> None:
    server, episode, _ = place
    therapist.sign_in(page, server, demo.CLINICIAN_NAME, demo.PASSWORD)
    page.goto(f"{server.url}/program?patient={episode}")
    expect(page.locator("[class*=st-key-card_item_]").first).to_be_visible()
    therapist.settled(page)
    before = rows(page)
    assert len(before) >= 4
    if slowed:
        slow(page)
    out = [before[0], before[2], before[1]]
    press_rows(page, *[f"out_{one}" for one in out])
    expect(page.locator("[class*=st-key-card_item_]")).to_have_count(len(before) - 3)
    therapist.settled(page)
    assert rows(page) == [one for one in before if one not in out]


def test_a_row_keeps_the_cursor_when_the_page_is_drawn_anew_bit_by_bit(page: Page, place: tuple[Server, str, str]) -> None:
    """Half drawn, the page holds the button twice, or only its neighbour, and a hidden copy of it may stay behind."""
    server, episode, _ = place
    line = Line(page)
    therapist.sign_in(page, server, demo.CLINICIAN_NAME, demo.PASSWORD)
    page.goto(f"{server.url}/program?patient={episode}")
    expect(page.locator("[class*=st-key-card_item_]").first).to_be_visible()
    therapist.settled(page)
    row = rows(page)[-3]
    page.locator(f".st-key-move_down_{row} button").filter(visible=True).focus()
    for place_from_the_end, way in ((2, "down"), (1, "up")):
        with line.bit_by_bit():
            page.keyboard.press("Enter")
        therapist.settled(page)
        assert rows(page)[-place_from_the_end] == row
        at = page.evaluate("""() => {
          const at = document.activeElement;
          return [at.closest("[class*=st-key-move_]")?.className.match(/move_\\S+/)[0], at.checkVisibility(), !!at.closest("[data-retained]")];
        }""")
        assert at == [f"move_{way}_{row}", True, False]


@pytest.mark.parametrize("by_key", [True, False])
def test_a_dose_typed_in_an_open_form_is_taken_over_before_a_version_is_saved(page: Page, place: tuple[Server, str, str], by_key: bool) -> None:
    server, episode, _ = place
    therapist.sign_in(page, server, demo.CLINICIAN_NAME, demo.PASSWORD)
    page.goto(f"{server.url}/program?patient={episode}")
    expect(page.locator("[class*=st-key-card_item_]").first).to_be_visible()
    therapist.settled(page)
    names = rows(page)
    press_rows(page, f"out_{names[-1]}")
    expect(page.locator("[class*=st-key-card_item_]")).to_have_count(len(names) - 1)
    therapist.settled(page)
    press_rows(page, f"edit_{names[0]}")
    page.get_by_label("Sets", exact=True).fill("7")

    def save() -> None:
        if by_key:
            page.keyboard.press("Control+s")
        else:
            page.get_by_role("button", name=re.compile(r"^(\w+ )?Save version")).click()

    save()
    expect(page.get_by_text("Not saved yet: what stood in the open form was taken over first")).to_be_visible()
    expect(page.locator(f".st-key-card_item_{names[0]}").get_by_text("7 × ").first).to_be_visible()
    expect(page.get_by_text(re.compile(r"Version \d+ saved"))).to_have_count(0)
    therapist.settled(page)
    save()
    expect(page.get_by_text(re.compile(r"Version \d+ saved")).first).to_be_visible()
    server.stop()
    with demo_server.opened(server) as clinic:
        program = clinic.case(episode).program
        assert program is not None and len(program.items) == len(names) - 1
        assert program.items[0].dose.sets == 7


def test_a_decision_pressed_twice_is_not_taken_for_the_next_patient(page: Page, tmp_path: Path) -> None:
    server = demo_server.make(tmp_path, patients=16, weeks=6)
    server.start()
    line = Line(page)
    try:
        therapist.sign_in(page, server, demo.LEAD_NAME, demo.PASSWORD)
        therapist.go_to(page, "Weekly review")
        accept = page.get_by_role("button", name=re.compile("Accept:"))
        for number in range(1, 9):
            expect(accept).to_be_visible()
            expect(page.get_by_test_id("stProgress").first).to_contain_text(f"Patient {number} of")
            therapist.settled(page)
            if number % 4:
                before_it_knows(page, line, "Accept:", "Accept:")
            else:
                at_once(page, "Accept:", "Accept:", "Accept:")
            expect(page.get_by_test_id("stProgress").first).to_contain_text(re.compile(rf"Patient {number + 1} of.* {number} decided"))
            therapist.settled(page)
            expect(page.get_by_test_id("stProgress").first).to_contain_text(re.compile(rf"Patient {number + 1} of.* {number} decided"))
            expect(page.get_by_text("decided already")).to_have_count(0)
        assert server.faults() == []
    finally:
        server.stop()


@pytest.mark.parametrize("slowed", [False, True])
def test_a_note_or_reason_typed_ahead_of_its_field_is_no_decision(page: Page, tmp_path: Path, slowed: bool) -> None:
    """The letters A, L, U and X are keys of the page until the field is there."""
    server = demo_server.make(tmp_path, patients=8, weeks=6)
    server.start()
    try:
        therapist.sign_in(page, server, demo.LEAD_NAME, demo.PASSWORD)
        therapist.go_to(page, "Weekly review")
        expect(page.get_by_text("Suggested:").first).to_be_visible()
        therapist.settled(page)
        if slowed:
            slow(page)
        page.keyboard.type("nA calm week, unusual: relaxed")
        note = page.get_by_label(re.compile("Note, kept with the decision"))
        expect(note).to_have_value("A calm week, unusual: relaxed")
        note.press("Enter")
        expect(page.get_by_text("Note, kept with the decision: A calm week, unusual: relaxed")).to_be_visible()
        therapist.settled(page)
        page.keyboard.type("d2all dull, exhausted")
        reason = page.get_by_label(re.compile("Why .*Enter decides"))
        expect(reason).to_have_value("all dull, exhausted")
        expect(page.get_by_test_id("stProgress").first).to_contain_text(re.compile(r"Patient 1 of.* 0 decided"))
        reason.press("Enter")
        expect(page.get_by_test_id("stProgress").first).to_contain_text(re.compile(r"Patient 2 of.* 1 decided"))
        therapist.settled(page)
        assert server.faults() == []
    finally:
        server.stop()
    with demo_server.opened(server) as clinic:
        own = [one for case in clinic.cases() for one in case.reviews if one.decided_at and one.decided_at.date() == clinic.today]
    assert [(one.reason, one.note) for one in own] == [("all dull, exhausted", "A calm week, unusual: relaxed")]


@pytest.fixture
def review(page: Page, tmp_path: Path) -> Iterator[tuple[Server, Line]]:
    """The weekly review before its first decision."""
    server = demo_server.make(tmp_path, patients=8, weeks=6)
    server.start()
    line = Line(page)
    try:
        therapist.sign_in(page, server, demo.LEAD_NAME, demo.PASSWORD)
        therapist.go_to(page, "Weekly review")
        expect(page.get_by_text("Suggested:").first).to_be_visible()
        therapist.settled(page)
        yield server, line
        assert server.faults() == []
    finally:
        server.stop()


NOTE, REASON = re.compile("Note, kept with the decision"), re.compile("Why .*Enter decides")
NOBODY_DECIDED = re.compile(r"Patient 1 of.* 0 decided")


def a_note(page: Page) -> Locator:
    """The field of the note, with words typed right after its key."""
    page.keyboard.type("nA calm week")
    field = page.get_by_label(NOTE)
    expect(field).to_have_value("A calm week")
    return field


def left_with_enter(page: Page) -> None:
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement === document.body")


def test_a_decision_is_chosen_in_the_moment_in_which_the_choices_appear(page: Page, review: tuple[Server, Line]) -> None:
    """Their own shortcuts are not heard yet."""
    page.evaluate("""keys => new MutationObserver((_, watch) => {
      if (!document.querySelector('.st-key-card_decide [class*="st-key-other_"] button')) return;
      watch.disconnect();
      for (const key of keys) {
        const keyCode = key.toUpperCase().charCodeAt(0);
        for (const kind of ["keydown", "keyup"])
          document.activeElement.dispatchEvent(new KeyboardEvent(kind, { key, keyCode, which: keyCode, bubbles: true, cancelable: true }));
      }
    }).observe(document.body, { childList: true, subtree: true })""", "2all")
    page.keyboard.press("d")
    expect(page.get_by_label(REASON)).to_have_value("all")
    expect(page.get_by_label(REASON)).to_be_focused()
    expect(page.get_by_test_id("stProgress").first).to_contain_text(NOBODY_DECIDED)


def test_a_number_waits_for_its_choice_when_the_page_is_drawn_bit_by_bit(page: Page, review: tuple[Server, Line]) -> None:
    _, line = review
    with line.bit_by_bit():
        page.keyboard.type("d3all")
    expect(page.get_by_label(REASON)).to_have_value("all")
    expect(page.get_by_test_id("stProgress").first).to_contain_text(NOBODY_DECIDED)


def test_keys_wait_for_the_field_however_long_the_server_thinks(page: Page, review: tuple[Server, Line]) -> None:
    _, line = review
    with line.hold():
        page.keyboard.press("n")
        page.evaluate("() => { const now = performance.now.bind(performance); performance.now = () => now() + 3600000; }")
        page.keyboard.type("all lax")
        line.until_answered()
    expect(page.get_by_label(NOTE)).to_have_value("all lax")
    expect(page.get_by_test_id("stProgress").first).to_contain_text(NOBODY_DECIDED)


def test_a_note_goes_on_where_it_stopped_and_keys_after_enter_are_keys_of_the_page(page: Page, review: tuple[Server, Line]) -> None:
    """What stood in the note is kept when more is typed ahead of its field, and the field on its way out takes no key."""
    _, line = review
    note = a_note(page)
    with line.hold():
        left_with_enter(page)
        page.keyboard.type("n, unusual")
        line.until_answered()
    expect(note).to_have_value("A calm week, unusual")
    therapist.settled(page)
    note.press("Enter")
    expect(page.get_by_text("Note, kept with the decision: A calm week, unusual")).to_be_visible()
    therapist.settled(page)
    page.keyboard.type("n; relaxed")
    expect(note).to_have_value("A calm week, unusual; relaxed")
    therapist.settled(page)
    with line.hold():
        left_with_enter(page)
        page.keyboard.type("d2all dull, exhausted")
        line.until_answered()
    expect(page.get_by_label(REASON)).to_have_value("all dull, exhausted")
    expect(page.get_by_test_id("stProgress").first).to_contain_text(NOBODY_DECIDED)


def test_a_note_closed_and_opened_again_before_the_browser_saw_either_stands_in_its_field(page: Page, review: tuple[Server, Line]) -> None:
    """What the browser held of the first field goes with it, and must not stand for the second."""
    _, line = review
    note = a_note(page)
    with line.bit_by_bit():
        left_with_enter(page)
        line.until_answered()
        closed = len(line.held)
        page.keyboard.type("n, unusual")
        line.until_answered(closed)
    expect(note).to_have_value("A calm week, unusual")
    therapist.settled(page)
    note.press("Enter")
    expect(page.get_by_text("Note, kept with the decision: A calm week, unusual")).to_be_visible()


def test_enter_closes_a_note_that_was_only_looked_at(page: Page, review: tuple[Server, Line]) -> None:
    page.keyboard.type("nA calm week")
    expect(page.get_by_label(NOTE)).to_have_value("A calm week")
    page.keyboard.press("Enter")
    kept = page.get_by_text("Note, kept with the decision: A calm week")
    expect(kept).to_be_visible()
    therapist.settled(page)
    page.keyboard.press("n")
    expect(page.get_by_label(NOTE)).to_be_focused()
    expect(page.get_by_label(NOTE)).to_have_value("A calm week")
    page.keyboard.press("Enter")
    expect(kept).to_be_visible()
    expect(page.get_by_label(NOTE)).to_have_count(0)


@pytest.mark.parametrize("unheard", [False, True])
def test_a_note_kept_by_enter_goes_with_the_decision_of_the_very_next_key(page: Page, review: tuple[Server, Line], unheard: bool) -> None:
    server, line = review
    page.keyboard.type("nA calm week")
    expect(page.get_by_label(NOTE)).to_have_value("A calm week")
    with line.hold() if unheard else nullcontext():
        left_with_enter(page)
        page.keyboard.press("a")
    expect(page.get_by_test_id("stProgress").first).to_contain_text(re.compile(r"Patient 2 of.* 1 decided"))
    therapist.settled(page)
    server.stop()
    with demo_server.opened(server) as clinic:
        own = [one for case in clinic.cases() for one in case.reviews if one.decided_at and one.decided_at.date() == clinic.today]
    assert [one.note for one in own] == ["A calm week"]
