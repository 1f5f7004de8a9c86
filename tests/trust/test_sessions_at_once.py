"""Sixteen signed-in sessions on one real server: each sees its own patient only; and the memory of the server after an hour's worth of clicks."""

from __future__ import annotations

import os
import re
import statistics
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kneeclinic import demo
from kneeclinic.clinic import Clinic
from tests.journeys import demo_server
from tests.journeys.clinic_server import Server
from tests.trust.live_desk import LiveDesk

SESSIONS = 16
SCREENS = ("patient", "assess", "program", "progress", "check_in", "documents")
NUMBER = re.compile(r"No\. (\w+)")


def everybody(clinic: Clinic) -> list[tuple[str, str, str]]:
    return [(case.episode.id, case.patient.number, case.patient.full_name) for case in clinic.cases()]


def looks(server: Server, people: list[tuple[str, str, str]], rounds: int) -> tuple[int, list[str]]:
    """Each session opens its patient's screens again and again; returns how many screens were looked at, and what was wrong on them."""
    first = LiveDesk(server.url).sign_in(demo.CLINICIAN_NAME, demo.PASSWORD)
    start, wrong, seen, lock = threading.Barrier(SESSIONS), [], [0], threading.Lock()

    def session(number: int) -> None:
        desk = LiveDesk(server.url, cookies=first.cookies).connect()
        own = people[number % len(people)]
        others = [name for episode, _, name in people if episode != own[0]]
        try:
            start.wait(120)
            for turn in range(rounds):
                screen = SCREENS[(turn + number) % len(SCREENS)]
                said = desk.open(screen, f"patient={own[0]}").says()
                found = [f"{screen} of {own[2]} shows {one}" for one in others if one in said]
                if own[2] not in said or set(NUMBER.findall(said)) != {own[1]}:
                    found.append(f"{screen} of {own[2]} shows the numbers {set(NUMBER.findall(said))}")
                with lock:
                    seen[0] += 1
                    wrong.extend(found)
        finally:
            desk.close()

    with ThreadPoolExecutor(SESSIONS) as pool:
        list(pool.map(session, range(SESSIONS)))
    return seen[0], wrong


def test_sixteen_sessions_at_once_each_see_their_own_patient_only(tmp_path: Path) -> None:
    server = demo_server.make(tmp_path, patients=8, weeks=3)
    with demo_server.opened(server) as clinic:
        people = everybody(clinic)
    assert len(people) >= 6
    server.start()
    try:
        seen, wrong = looks(server, people, 6)
        assert wrong == [] and seen == SESSIONS * 6
        assert server.faults() == []
    finally:
        server.stop()


def memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


@pytest.mark.soak
@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="memory is read from /proc")
def test_an_hour_of_clicks_does_not_make_the_server_grow(tmp_path: Path) -> None:
    """A click every four seconds for an hour is 900: every screen of every patient, values typed and kept, windows closed and opened anew."""
    server = demo_server.make(tmp_path, patients=12, weeks=8)
    with demo_server.opened(server) as clinic:
        people = everybody(clinic)
    server.start()
    try:
        assert server.process is not None
        desk = LiveDesk(server.url).sign_in(demo.CLINICIAN_NAME, demo.PASSWORD).connect()
        screens = [one for one in desk.pages if one]
        track: list[float] = []
        clicks = 0
        while clicks < 1_200:
            for episode, _, _ in people:
                for screen in screens:
                    desk.open(screen, f"patient={episode}")
                    clicks += 1
                desk.fill("Search patients", "demo")
                desk.fill("Search patients", "")
                clicks += 2
            desk.close()
            desk.connect()
            track.append(memory_mb(server.process.pid))
        warm, end = statistics.median(track[2:4]), statistics.median(track[-2:])
        print(f"\n{clicks} clicks; memory by round, MB: {[round(one) for one in track]}; warm {warm:.0f}, at the end {end:.0f} ({end / warm:.3f}x)")
        assert end < warm * 1.15 + 10
        assert server.faults() == []
    finally:
        server.stop()
