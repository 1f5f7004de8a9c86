"""Makes the demo clinic in a temporary folder, serves it, and takes a picture of every screen.

Run from the folder of the project: .venv/bin/python docs/make_screenshots.py [--size 1440x900] [-o docs/screenshots]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from kneeclinic.demo import LEAD_NAME, PASSWORD  # noqa: E402
from kneeclinic.ui.pages import SCREENS  # noqa: E402
from tests.journeys.clinic_server import CHROMIUM_FLAGS, Server, chromium  # noqa: E402

PATIENT = "Aster"
QUIET_MS = 2500


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", default="1440x900")
    options.add_argument("--patient", default=PATIENT, help="name or number of the demo patient whose screens are shown")
    options.add_argument("-o", type=Path, default=HERE / "screenshots")
    asked = options.parse_args()
    width, height = (int(one) for one in asked.size.split("x"))
    asked.o.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        made = server.command("demo", str(server.clinic))
        if made.returncode:
            sys.exit(made.stderr)
        server.start()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
                page = browser.new_page(viewport={"width": width, "height": height})
                shoot(page, server, asked.patient, asked.o)
                browser.close()
        finally:
            server.stop()


def shoot(page: Page, server: Server, number: str, folder: Path) -> None:
    page.goto(server.url)
    page.screenshot(path=folder / "sign_in.png")
    page.get_by_label("Name").fill(LEAD_NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Caseload").wait_for()
    picture(page, folder, "caseload")
    search = page.get_by_placeholder("Search patients")
    search.press_sequentially(number, delay=60)
    page.wait_for_timeout(QUIET_MS)
    page.get_by_test_id("stMain").get_by_role("button", name=number).first.click()
    page.get_by_text("Goals").first.wait_for()
    for screen in sorted(SCREENS, key=lambda one: one.name == "review"):  # last, because it opens the first patient of its queue
        if screen.name == "caseload":
            continue
        page.get_by_role("link", name=screen.title, exact=True).click()
        if screen.name == "assess":
            begin_visit(page)
        picture(page, folder, screen.name)


def begin_visit(page: Page) -> None:
    """A visit on the desk shows more than the offer to start one."""
    page.wait_for_timeout(QUIET_MS)
    start = page.get_by_role("button", name="Start")
    if start.count():
        start.first.click()


def picture(page: Page, folder: Path, name: str) -> None:
    page.wait_for_timeout(QUIET_MS)
    page.screenshot(path=folder / f"{name}.png")
    print(folder / f"{name}.png")


if __name__ == "__main__":
    main()
