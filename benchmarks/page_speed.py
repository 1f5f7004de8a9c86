"""From the click to the drawn page in a real browser, against an empty Streamlit page; memory of the server after many clicks."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.cold_start import ROOT, free_port
from benchmarks.measure import Row

CLICKS = int(os.environ.get("KNEECLINIC_BENCH_CLICKS", "60"))
EMPTY = """import streamlit as st
st.session_state.n = st.session_state.get('n', 0) + 1
st.button('Again')
st.write(f"drawn {st.session_state.n}")
"""
SETTLED = """([words, before]) => new Promise(done => {
  const main = document.querySelector('[data-testid=stMain]');
  let last = performance.now(), changed = false;
  const watch = new MutationObserver(() => { last = performance.now(); });
  watch.observe(document.body, {subtree: true, childList: true, characterData: true});
  const look = () => {
    const text = main.innerText || '';
    changed = changed || (text !== before && text.includes(words));
    const busy = document.querySelector('[data-testid=stStatusWidget], [data-stale=true]');
    if (changed && !busy && performance.now() - last > 400) { watch.disconnect(); done(last); } else requestAnimationFrame(look);
  };
  look();
})"""
"""The moment of the last change after which nothing moved for 0.4 s."""


def click_ms(page: Page, click: str, shows: str) -> float:
    """Clicks the link or button of that name and waits until the page has changed, shows the words and is at rest; the last change counts."""
    before = page.get_by_test_id("stMain").inner_text()
    target = page.get_by_role("link", name=click, exact=True).or_(page.get_by_role("button", name=click, exact=True)).first
    began = page.evaluate("performance.now()")
    target.click()
    return float(page.evaluate(SETTLED, [shows, before])) - began


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
        try:
            wait_for(f"http://127.0.0.1:{ports[0]}/health")
            wait_for(f"http://127.0.0.1:{ports[1]}/_stcore/health")
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
                return measured(chromium.new_page(), chromium.new_page(), ports, ours.pid)
        finally:
            ours.terminate()
            theirs.terminate()
            ours.wait(20)
            theirs.wait(20)


def measured(page: Page, empty: Page, ports: tuple[int, int], pid: int) -> list[Row]:
    from kneeclinic import demo

    for one in (page, empty):
        one.set_default_timeout(30_000)
    empty.goto(f"http://127.0.0.1:{ports[1]}")
    empty.get_by_role("button", name="Again").wait_for()
    page.goto(f"http://127.0.0.1:{ports[0]}")
    page.get_by_label("Name").fill(demo.CLINICIAN_NAME)
    page.get_by_label("Password").fill(demo.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Library", exact=True).wait_for()
    way = (("Library", ""), ("Outcomes", ""), ("Caseload", ""))
    times: dict[str, list[float]] = {name: [] for name, _ in way}
    floor: list[float] = []
    for turn in range(max(6, CLICKS // 3)):
        for name, shows in way:
            took = click_ms(page, name, shows)
            if turn:
                times[name].append(took)
        floor.append(click_ms(empty, "Again", "drawn"))
        if turn == 2:
            start = memory_mb(pid)
    end = memory_mb(pid)
    least = statistics.median(floor)
    found = [Row(f"click to the drawn page: {name}", statistics.median(took), "empty Streamlit page", least) for name, took in times.items()]
    found.append(Row(f"memory of the server after {3 * max(6, CLICKS // 3)} clicks, MB", end, "after 9 clicks", start, "MB, not ms"))
    return found
