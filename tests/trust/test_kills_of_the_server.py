"""The real server is killed while two therapists save through the real screens: what the screen called saved is there, whole, after every start."""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from pathlib import Path

import pytest
from websockets.exceptions import InvalidHandshake

from kneeclinic import actions, demo, store
from kneeclinic.clinic import Clinic
from kneeclinic.vocabulary import Side, VisitKind
from tests.journeys import demo_server
from tests.journeys.clinic_server import Server
from tests.trust.live_desk import Gone, LiveDesk

FIELDS = (("akps", Side.LEFT), ("akps", Side.RIGHT), ("sane", Side.LEFT))
LOWEST, HIGHEST = 30, 90
"""Values that need no second look, so that nothing has to be confirmed."""


class Saver:
    """One person who saves three equal values in one visit, again and again, and writes down what the screen called saved."""

    def __init__(self, server: Server, name: str, episode: str, visit: str) -> None:
        self.desk = LiveDesk(server.url).sign_in(name, demo.PASSWORD)
        self.name, self.episode, self.visit = name, episode, visit
        self.said_saved: list[int] = []
        self.said_noted = 0
        self.fault: BaseException | None = None
        self.turn = 0

    def work(self, started: threading.Event) -> None:
        """Until the server is gone."""
        try:
            self.desk.connect().open("assess", f"patient={self.episode}&visit={self.visit}")
            self.desk.choose("Sections", "Note and sign")
            while True:
                self.turn += 1
                value = LOWEST + self.turn % (HIGHEST - LOWEST)
                self.desk.fill("Shorthand", f"akps L {value}; akps R {value}; sane L {value}")
                if f"left {value}, Anterior" in self.desk.says():
                    self.said_noted = value
                self.desk.click("Save values")
                if "Values saved." in self.desk.says():
                    self.said_saved.append(value)
                    started.set()
        except (Gone, OSError, InvalidHandshake):
            pass
        except BaseException as fault:
            self.fault = fault
            started.set()
        finally:
            self.desk.close()


def told(clinic: Clinic, saver: Saver) -> dict[str, list[int]]:
    """What stands in the record of the visit, by field, in the order in which it was entered."""
    found: dict[str, list[int]] = defaultdict(list)
    for one in store.observations_of_visit(clinic.database, saver.visit):
        found[f"{one.measure}|{one.side}"].append(int(float(one.value)))
    return found


def held(clinic: Clinic, saver: Saver, unfinished: int) -> int:
    """Compares the record with what the screen said; returns how many saves stand. `unfinished`: saves that were cut off and may stand."""
    record = told(clinic, saver)
    series = [record[f"{measure}|{side}"] for measure, side in FIELDS]
    assert series[0] == series[1] == series[2], f"a save is torn: {[len(one) for one in series]}"
    kept = store.read_draft(clinic.database, "visit", demo_server.actor(clinic, saver.name).account_id, saver.visit)
    typed = [one["value"] for one in kept.payload["values"].values()] if kept is not None else []
    assert saver.said_noted in (0, *series[0], *typed), f"{saver.said_noted} was typed and kept, and is gone"
    rest = iter(series[0])
    for value in saver.said_saved:
        assert value in rest, f"{value} was called saved and is not in the record"
    assert len(series[0]) - len(saver.said_saved) <= unfinished, "more is in the record than was ever sent"
    lines = store.read_audit(clinic.database, entity_id=saver.visit, action="record_observations", limit=100_000)
    assert len(lines) == len(series[0]), "the log and the record tell of different saves"
    case = clinic.case(saver.episode)
    standing = {(one.measure, one.side): one.value for one in case.observations if one.visit_id == saver.visit}
    assert len({standing[field] for field in FIELDS}) == 1
    return len(series[0])


def kills(folder: Path, rounds: int, seed: int) -> None:
    server = demo_server.make(folder, patients=4, weeks=3)
    with demo_server.opened(server) as clinic:
        free = [one for one in clinic.cases() if all(visit.is_signed for visit in one.visits)][:2]
        people = (demo.CLINICIAN_NAME, demo.LEAD_NAME)
        visits = [(case.episode.id, actions.start_visit(clinic, demo_server.actor(clinic, name), case.episode.id, VisitKind.WEEKLY, clinic.today).id)
                  for case, name in zip(free, people, strict=True)]
    server.start()
    savers = [Saver(server, name, *visit) for name, visit in zip(people, visits, strict=True)]
    chance, stood = random.Random(seed), 0
    try:
        for round_ in range(1, rounds + 1):
            started = threading.Event()
            threads = [threading.Thread(target=one.work, args=(started,), daemon=True) for one in savers]
            for one in threads:
                one.start()
            assert started.wait(120), server.said()
            time.sleep(chance.uniform(0.0, 1.0))
            server.kill()
            for one in threads:
                one.join(60)
            for one in savers:
                assert one.fault is None, f"round {round_}: {one.fault!r}; the log of the server: {server.faults()[-3:]}"
            for _ in range(2):  # an index once answered wrongly only after the second opening
                with demo_server.opened(server) as clinic:
                    stood = sum(held(clinic, one, unfinished=round_) for one in savers)
                    checked = store.health(clinic.database)
                    assert checked.is_good, checked.problems
            print(f"round {round_} of {rounds}: {sum(len(one.said_saved) for one in savers)} called saved, {stood} stand", flush=True)
            server.start()
        assert server.faults() == []
        acknowledged = sum(len(one.said_saved) for one in savers)
        print(f"\n{rounds} kills of the server: {acknowledged} saves that the screen called saved, 0 lost; {stood} stand, 0 torn")
        assert acknowledged >= 2 * rounds and all(one.said_noted for one in savers)
    finally:
        server.stop()


def test_three_kills_of_the_server_lose_nothing_that_the_screen_called_saved(tmp_path: Path) -> None:
    kills(tmp_path, 3, seed=11)


@pytest.mark.soak
def test_a_hundred_kills_of_the_server_lose_nothing_that_the_screen_called_saved(tmp_path: Path) -> None:
    kills(tmp_path, 100, seed=12)
