"""Three hundred runners in treatment: the processor time of the pages that look at all of them, when nothing and when one patient has changed."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from streamlit.testing.v1 import AppTest

from benchmarks.measure import Row
from benchmarks.pages import AIM, _median_ms, _page, _rerun
from kneeclinic import actions, demo, serving, store
from kneeclinic.clinic import Clinic
from kneeclinic.record import ClinicProfile
from kneeclinic.store.transactions import Transaction
from tests.simulation.runners import WEEKS, Runner, look_day, runners

PATIENTS = 300
SCREENS = ("caseload", "review", "progress", "check_in", "outcomes")


def rows() -> list[Row]:
    """The simulated caseload of the tests, twelve weeks in, as one clinic."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("KNEECLINIC_KEY_FILE", str(Path(folder) / "pages.key"))
        os.environ[serving.CLOCK_OVERRIDE] = look_day(WEEKS).isoformat()
        profile = ClinicProfile(name="Three hundred invented runners", is_demo=True)
        clinic = actions.setup_clinic(Path(folder) / "clinic.duckdb", profile, demo.LEAD_NAME, "Lead", demo.PASSWORD).at(look_day(WEEKS))
        serving.keep_open(clinic)
        try:
            fill(clinic)
            floor = _median_ms(_rerun(AppTest.from_string("import streamlit as st\nst.write('One line.')").run()))
            found = [_first(clinic, floor)]
            for name in SCREENS:
                at = _page(clinic, name)
                if name == "review" and "patient" in at.query_params:
                    del at.query_params["patient"]
                found.append(Row(f"{name.replace('_', '-')}, {PATIENTS} runners, nothing changed", _median_ms(_rerun(at)), "a script of one line",
                                 floor, AIM))
            return [*found, _one_changed(clinic, floor), *_from_patient_to_patient(clinic, floor)]
        finally:
            serving.keep_open(None)
            clinic.close()
            del os.environ[serving.CLOCK_OVERRIDE]


def fill(clinic: Clinic) -> None:
    made = runners(clinic.knowledge, PATIENTS, WEEKS)
    clinic.database.write(lambda tx: save(tx, made))


def save(tx: Transaction, made: list[Runner]) -> None:
    store.save_patients(tx, [one.patient for one in made])
    store.save_episodes(tx, [one.episode for one in made])
    store.save_visits(tx, [visit for one in made for visit in one.visits])
    store.save_observations(tx, sorted((value for one in made for value in one.observations), key=lambda value: value.on))
    for one in made:
        for program in one.programs:
            store.save_program(tx, program)
        for check_in in one.check_ins:
            store.save_check_in(tx, check_in)
        store.save_runs(tx, one.runs)
        for agreed in one.agreed:
            store.save_planned(tx, agreed.on_day(look_day(WEEKS)))


def _first(clinic: Clinic, floor: float) -> Row:
    """The first look of the day: every row is computed."""
    began = time.process_time()
    _page(clinic, "caseload")
    return Row(f"caseload, {PATIENTS} runners, first look", (time.process_time() - began) * 1000, "a script of one line", floor, "once a day")


def _one_changed(clinic: Clinic, floor: float) -> Row:
    """Somebody writes into one record between two looks."""
    at = _page(clinic, "caseload")
    episodes = iter([case.episode for case in clinic.cases()])

    def look() -> None:
        episode = next(episodes)
        clinic.database.write(lambda tx: tx.touch(episode.id, episode.patient_id))
        at.run(timeout=30)

    return Row(f"caseload, {PATIENTS} runners, one record changed", _median_ms(look), "a script of one line", floor, AIM)


def _from_patient_to_patient(clinic: Clinic, floor: float) -> list[Row]:
    """One patient after another, each seen for the first time today: nothing of the page is kept from before."""
    found = []
    for name in ("review", "progress"):
        at = _page(clinic, name)
        episodes = iter([case.episode.id for case in clinic.cases() if case.program][1:])

        def look(at: AppTest = at, episodes: Iterator[str] = episodes, name: str = name) -> None:
            if name == "review":
                next(one for one in at.button if one.label == "Next").click()
            else:
                at.query_params["patient"] = next(episodes)
            at.run(timeout=30)

        found.append(Row(f"{name}, the next of {PATIENTS} runners", _median_ms(look), "a script of one line", floor, AIM))
    return found
