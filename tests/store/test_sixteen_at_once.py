"""Sixteen people read and write at once, in every way the store can be asked: each row that comes back belongs to whom it was asked for."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from threading import Barrier, Lock

import pytest
from record_builders import LEAD, NOW, a_check_in, a_patient, a_planned, a_run, a_visit, an_episode, an_observation

from kneeclinic import store
from kneeclinic.record import Episode, Patient, Visit
from kneeclinic.store import Database
from kneeclinic.vocabulary import Conflict

PEOPLE = 16


def settled(db: Database) -> list[tuple[Patient, Episode, Visit]]:
    """Sixteen patients with a little of everything, each carrying the number of its owner in every word."""
    made = []
    for number in range(PEOPLE):
        patient = a_patient(number=f"P{number:02d}", given_name=f"Given{number:02d}", family_name=f"Family{number:02d}", note=f"of {number:02d}")
        episode = an_episode(patient, therapist=f"therapist{number:02d}", problem=f"of {number:02d}")
        visit = a_visit(episode)

        def change(tx: store.Transaction, patient: Patient = patient, episode: Episode = episode, visit: Visit = visit) -> None:
            store.save_patient(tx, patient)
            store.save_episode(tx, episode)
            store.save_visit(tx, visit)
            store.save_observations(tx, [an_observation(visit, measure=f"m{one}", note=patient.note) for one in range(4)])
            store.save_check_in(tx, a_check_in(episode))
            store.save_runs(tx, [a_run(episode)])
            store.save_planned(tx, a_planned(episode))
            store.save_audit(tx, LEAD, "start_visit", "visit", visit.id, {"of": patient.number}, NOW, patient_id=patient.id)

        db.write(change)
        made.append((patient, episode, visit))
    return made


def foreign(db: Database, owners: list[tuple[Patient, Episode, Visit]], asked: int, way: int) -> int:
    """Asks for one patient in one of nine ways; returns how many rows of somebody else came back, or 1 when the own did not."""
    patient, episode, visit = owners[asked]
    if way == 0:
        case = store.read_case(db, episode.id)
        rows = (*case.observations, *case.visits, *case.check_ins, *case.runs, *case.planned)
        return sum(one.episode_id != episode.id for one in rows) + (case.patient.id != patient.id) + (case.episode.problem != episode.problem)
    if way == 1:
        with db.snapshot() as view:
            case = store.read_case(view, episode.id)
        return sum(one.patient_id != patient.id or one.note not in ("", patient.note) for one in case.observations) + (len(case.observations) < 4)
    if way == 2:
        found = store.find_patients(db, patient.family_name, limit=1)
        return [one.number for one in found] != [patient.number]
    if way == 3:
        lines = store.caseload_lines(db, episode.therapist)
        return [one.episode_id for one in lines] != [episode.id]
    if way == 4:
        return sum(one.episode_id != episode.id for one in store.latest_values(db, None, episode.id))
    if way == 5:
        return sum(one.visit_id != visit.id or one.patient_id != patient.id for one in store.observations_of_visit(db, visit.id))
    if way == 6:
        return sum(one.patient_id != patient.id for one in store.read_audit(db, patient_id=patient.id, limit=20))
    if way == 7:
        others = [(asked + step) % PEOPLE for step in (0, 3, 5)]
        cases = store.read_cases(db, [owners[one][1].id for one in others])
        return [one.patient.number for one in cases] != [owners[one][0].number for one in others]
    known = store.patient_by_number(db, patient.number)
    return known is None or known.id != patient.id or known.given_name != patient.given_name


def sixteen(db: Database, reads: int) -> None:
    owners, start, lock = settled(db), Barrier(PEOPLE), Lock()
    done = {"reads": 0, "foreign": 0, "writes": 0}

    def person(number: int) -> None:
        chance = random.Random(number)
        mine = owners[number]
        start.wait()
        wrong = written = 0
        for turn in range(reads // PEOPLE):
            wrong += foreign(db, owners, number if chance.random() < 0.5 else chance.randrange(PEOPLE), turn % 9)
            if turn % 12 == 0:
                db.write(lambda tx: (
                    store.save_observations(tx, [an_observation(mine[2], measure=f"w{chance.randrange(5)}", note=mine[0].note)]),
                    store.save_audit(tx, LEAD, "record_observations", "visit", mine[2].id, None, NOW, patient_id=mine[0].id)))
                written += 1
        with lock:
            done["reads"] += reads // PEOPLE
            done["foreign"] += wrong
            done["writes"] += written

    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(person, range(PEOPLE)))
    print(f"\n{PEOPLE} at once: {done['reads']} reads, {done['foreign']} foreign rows, {done['writes']} writes")
    assert done["foreign"] == 0 and done["reads"] >= reads - PEOPLE
    assert db.rows("select count(*) from observation") == [(PEOPLE * 4 + done["writes"],)]
    assert store.health(db).is_good


def test_sixteen_read_and_write_and_no_row_is_anybody_elses(db: Database) -> None:
    sixteen(db, 800)


@pytest.mark.soak
def test_ten_thousand_reads_of_sixteen_at_once_bring_no_foreign_row(db: Database) -> None:
    sixteen(db, 10_000)


@pytest.mark.parametrize("seed", [1, 2])
def test_in_a_seeded_history_of_eight_hands_every_acknowledged_transfer_counts_once(db: Database, seed: int) -> None:
    """A bank: eight hands move minutes between five patients, each with the version it saw. The sum stays, every acknowledged move is in the
    histories exactly once and in one unbroken line of versions, and whoever lost is told."""
    patients = [a_patient(minutes_a_day=100, note="") for _ in range(5)]
    db.write(lambda tx: store.save_patients(tx, patients))
    acknowledged: list[str] = []
    told: list[str] = []
    start = Barrier(8)

    def hand(number: int) -> None:
        chance = random.Random(seed * 1_000 + number)
        start.wait()
        for step in range(12):
            one, other = chance.sample(patients, 2)
            mark = f"{number}.{step}"
            giver, taker = store.read_patient(db, one.id), store.read_patient(db, other.id)

            def move(tx: store.Transaction, giver: Patient = giver, taker: Patient = taker, mark: str = mark) -> None:
                store.save_patient(tx, replace(giver, minutes_a_day=giver.minutes_a_day - 1, note=mark, version=giver.version + 1))
                store.save_patient(tx, replace(taker, minutes_a_day=taker.minutes_a_day + 1, note=mark, version=taker.version + 1))

            try:
                db.write(move)
                acknowledged.append(mark)
            except Conflict:
                told.append(mark)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(hand, range(8)))
    assert len(acknowledged) + len(told) == 8 * 12 and len(acknowledged) > 8
    now = store.read_patients(db, [one.id for one in patients])
    assert sum(one.minutes_a_day for one in now) == 500, "a move was lost or counted twice"
    marks: list[str] = []
    for one in now:
        line = sorted([*store.patient_history(db, one.id), one], key=lambda version: version.version)
        assert [version.version for version in line] == list(range(1, len(line) + 1))
        assert all(abs(after.minutes_a_day - before.minutes_a_day) == 1 for before, after in pairwise(line))
        marks += [version.note for version in line if version.note]
    assert sorted(marks) == sorted(2 * acknowledged)
