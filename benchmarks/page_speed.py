"""From the click to the drawn page in a real browser, against an empty Streamlit page; memory of the server after many clicks."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

from benchmarks.cold_start import ROOT, free_port
from benchmarks.measure import Row

CLICKS = int(os.environ.get("KNEECLINIC_BENCH_CLICKS", "30"))
EMPTY = """import streamlit as st
st.session_state.n = st.session_state.get('n', 0) + 1
st.button('Again')
st.write(f"drawn {st.session_state.n}")
"""
SETTLED = """([words, before]) => new Promise(done => {
  const main = document.querySelector('[data-testid=stMain]');
  let last = performance.now(), changed = false;
  const painted = one => !(one.target.nodeType === 1 ? one.target : one.target.parentElement)?.closest('canvas');
  const watch = new MutationObserver(all => {
    if (!all.some(painted)) return;
    last = performance.now();
    requestAnimationFrame(() => requestAnimationFrame(() => { last = Math.max(last, performance.now()); }));
  });
  watch.observe(document.body, {subtree: true, childList: true, characterData: true});
  const look = () => {
    const text = main.innerText || '';
    changed = changed || (text !== before && text.includes(words));
    const busy = document.querySelector('[data-testid=stStatusWidget], [data-stale=true]');
    if (changed && !busy && performance.now() - last > 400) { watch.disconnect(); done(last); } else requestAnimationFrame(look);
  };
  look();
})"""
"""The moment at which the last change had been painted (two frames later), after which nothing moved for 0.4 s.

What a table puts inside its canvas for screen readers, a fifth of a second after it was drawn, is never painted and does not count.
"""


BARE = b"""<!doctype html><title>bare</title><div data-testid=stMain><button>Again</button><p id=n>drawn 0</p></div><script>
document.querySelector('button').onclick = async () => { document.getElementById('n').textContent = await (await fetch('/n')).text(); };</script>"""


class Bare(BaseHTTPRequestHandler):
    """The least that a click can cost: a page of a few bytes that asks the server for one number."""

    drawn = 0

    def do_GET(self) -> None:
        if self.path == "/n":
            Bare.drawn += 1
        body = f"drawn {Bare.drawn}".encode() if self.path == "/n" else BARE
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return None


def click_ms(page: Page, target: Locator, shows: str) -> float:
    """Clicks and waits until the page has changed, shows the words and is at rest; the last change counts."""
    before = page.get_by_test_id("stMain").inner_text()
    began = page.evaluate("performance.now()")
    target.click()
    return float(page.evaluate(SETTLED, [shows, before])) - began


def named(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=name, exact=True).or_(page.get_by_role("button", name=name, exact=True)).first


def memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def wait_for(url: str) -> None:
    import urllib.request
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)


def rows() -> list[Row]:
    browser = next((one for name in ("chromium", "chromium-browser", "google-chrome") if (one := shutil.which(name))), None)
    if browser is None:
        return [Row("pages: no Chromium on this machine", 0.0)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "empty.py").write_text(EMPTY, encoding="utf-8")
        environment = os.environ | {"KNEECLINIC_KEY_FILE": str(folder / "demo.key")}
        subprocess.run([sys.executable, "-m", "kneeclinic", "demo", str(folder / "demo.duckdb")], cwd=ROOT, env=environment, check=True,
                       stdout=subprocess.DEVNULL)
        ports = free_port(), free_port()
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        ours = subprocess.Popen([sys.executable, "app.py", "--clinic", str(folder / "demo.duckdb"), "--port", str(ports[0])], cwd=ROOT,
                                env=environment, **quiet)  # type: ignore[call-overload]
        theirs = subprocess.Popen([sys.executable, "-m", "streamlit", "run", str(folder / "empty.py"), "--server.port", str(ports[1]),
                                   "--server.headless", "true"], cwd=folder, **quiet)  # type: ignore[call-overload]
        bare = ThreadingHTTPServer(("127.0.0.1", 0), Bare)
        threading.Thread(target=bare.serve_forever, daemon=True).start()
        try:
            wait_for(f"http://127.0.0.1:{ports[0]}/health")
            wait_for(f"http://127.0.0.1:{ports[1]}/_stcore/health")
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
                least = chromium.new_page()
                least.goto(f"http://127.0.0.1:{bare.server_port}")
                return measured(chromium.new_page(), chromium.new_page(), least, ports, ours.pid)
        finally:
            bare.shutdown()
            ours.terminate()
            theirs.terminate()
            ours.wait(20)
            theirs.wait(20)


def measured(page: Page, empty: Page, bare: Page, ports: tuple[int, int], pid: int) -> list[Row]:
    from kneeclinic import demo

    for one in (page, empty):
        one.set_default_timeout(30_000)
    empty.goto(f"http://127.0.0.1:{ports[1]}")
    empty.get_by_role("button", name="Again").wait_for()
    page.goto(f"http://127.0.0.1:{ports[0]}")
    page.get_by_label("Name").fill(demo.CLINICIAN_NAME)
    page.get_by_label("Password").fill(demo.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    named(page, "Library").wait_for()
    way = {"Library": "", "Outcomes": "", "Caseload": ""}
    turns = max(4, CLICKS // 3)
    whole: dict[str, list[float]] = {name: [] for name in way}
    part: list[float] = []
    floors: tuple[list[float], list[float]] = ([], [])
    clicks = start = 0
    for turn in range(turns):
        for name, shows in way.items():
            took = click_ms(page, named(page, name), shows)
            clicks += 1
            if turn:
                whole[name].append(took)
        for one, kept in ((bare, floors[0]), (empty, floors[1])):
            kept.append(click_ms(one, named(one, "Again"), "drawn"))
        if turn == 2:
            start = memory_mb(pid)
    end = memory_mb(pid)
    page.get_by_role("button", name="Start visit").first.click()
    page.get_by_placeholder("Shorthand").wait_for()
    page.wait_for_timeout(1_000)
    sections = page.get_by_test_id("stRadio")
    for turn in range(turns):
        for label, shows in (("Note and sign", "What comes next"), ("Body chart", "")):
            took = click_ms(page, sections.get_by_text(label), shows)
            if turn:
                part.append(took)
    least, streamlit = (statistics.median(one) for one in floors)
    found = [Row("click on a bare button of a bare page", least), Row("click on an empty Streamlit page", streamlit, "the bare button", least)]
    for name, took in whole.items():
        found.append(Row(f"click to the drawn page, whole: {name}", statistics.median(took), "the bare button", least, _p95(took)))
        found.append(Row(f"the same: {name}", statistics.median(took), "empty Streamlit page", streamlit))
    took = statistics.median(part)
    found.append(Row("click to the drawn page, a part of it: a section of the assessment", took, "the bare button", least, _p95(part)))
    found.append(Row("the same: a section of the assessment", took, "empty Streamlit page", streamlit))
    found.append(Row(f"memory of the server after {clicks} clicks, MB", end, "after 9 clicks", start, "MB, not ms"))
    return found


def _p95(took: list[float]) -> str:
    return f"p95 {sorted(took)[int(0.95 * (len(took) - 1))]:.0f}"
