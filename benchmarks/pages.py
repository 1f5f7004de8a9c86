"""Screens: the processor time of one rerun of each page's script, against a script that only writes a line."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from streamlit.testing.v1 import AppTest

from benchmarks.measure import Row
from kneeclinic import actions, demo, serving
from kneeclinic.clinic import Clinic, open_clinic
from kneeclinic.rules.red_flags import red_flags
from kneeclinic.ui import pages

SHELL = Path(pages.__file__).with_name("shell.py")
AIM = "aim under 50 ms"


def rows() -> list[Row]:
    """Demo clinic of 24 patients; the second and later runs of a page count, as while a therapist works on it."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("KNEECLINIC_KEY_FILE", str(Path(folder) / "pages.key"))
        path = Path(folder) / "demo.duckdb"
        demo.make_demo(path)
        clinic = open_clinic(path)
        serving.keep_open(clinic)
        try:
            floor = _median_ms(_rerun(AppTest.from_string("import streamlit as st\nst.write('One line.')").run()))
            return [Row(f"page {one.title.lower()}", _median_ms(_rerun(_page(clinic, one.name))), "a script of one line", floor, AIM)
                    for one in pages.SCREENS]
        finally:
            serving.keep_open(None)
            clinic.close()


def _median_ms(rerun: Callable[[], object], rounds: int = 7) -> float:
    """Median of the processor time of this process: all therapists share one interpreter, so that is what a rerun costs the others."""
    rerun()
    times = []
    for _ in range(rounds):
        began = time.process_time()
        rerun()
        times.append((time.process_time() - began) * 1000)
    return statistics.median(times)


def _rerun(page: AppTest) -> Callable[[], object]:
    faults = [one.value for one in page.error if "report fault" in one.value] + [one.message for one in page.exception]
    faults += [one.value for one in page.markdown if "Choose a patient first" in one.value]
    if faults:
        raise RuntimeError(faults[0])
    return lambda: page.run(timeout=30)


def _page(clinic: Clinic, name: str) -> AppTest:
    """The named page with a patient in treatment open, drawn once."""
    token = actions.sign_in(clinic.at(now=datetime.now(UTC)), demo.LEAD_NAME, demo.PASSWORD, "benchmark")
    actor = actions.session_actor(clinic.at(now=datetime.now(UTC)), token)
    if actor is None:
        raise RuntimeError("nobody is signed in")
    episode = next(case.episode.id for case in clinic.cases()
                   if case.program and not any(one.level.blocks for one in red_flags(case, clinic.knowledge, clinic.today)))
    at = AppTest.from_file(str(SHELL), default_timeout=30)
    at.user = {"session": token, "account": actor.account_id}
    at.query_params["patient"] = episode
    at.run()
    if name != "caseload":
        at.switch_page(pages.path(name))
        at.query_params["patient"] = episode
        at.run()
    return at
