"""Many therapists at once: nobody sees another's patient, nobody's work is lost."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from record_builders import LEAD, NOW, a_patient, an_observation, saved_visit

from kneeclinic import store
from kneeclinic.record import Visit
from kneeclinic.store import Database
from kneeclinic.store.connection import Clash
from kneeclinic.vocabulary import Conflict, VisitState

THREADS = 8


def test_eight_people_read_and_write_and_each_sees_only_the_patient_asked_for(db: Database) -> None:
    visits = [saved_visit(db, given_name=f"Owner{number}", values=3) for number in range(THREADS)]
    start = Barrier(THREADS)

    def work(number: int) -> int:
        own, chance, wrong = visits[number], random.Random(number), 0
        start.wait()
        for turn in range(12):
            db.write(lambda tx, turn=turn: (
                store.save_observations(tx, [an_observation(own, value=float(turn), measure=f"t{turn}", note=f"of {number}")]),
                store.save_audit(tx, LEAD, "record_observations", "visit", own.id, {"turn": turn}, NOW, patient_id=own.patient_id),
            ))
            asked = chance.choice(visits)
            case = store.read_case(db, asked.episode_id)
            wrong += case.patient.id != asked.patient_id or case.patient.given_name != f"Owner{visits.index(asked)}"
            wrong += any(one.patient_id != asked.patient_id or one.episode_id != asked.episode_id for one in case.observations)
            wrong += any(one.note not in ("", f"of {visits.index(asked)}") for one in case.observations)
            mine = store.read_case(db, own.episode_id)
            wrong += sum(one.measure.startswith("t") for one in mine.observations) != turn + 1
        return wrong

    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(pool.map(work, range(THREADS))) == 0
    assert sum(one.measure.startswith("t") for visit in visits for one in store.read_case(db, visit.episode_id).observations) == THREADS * 12
    places = [row[0] for row in db.rows("select place from observation")]
    assert len(set(places)) == len(places)
    state = store.verify_chain(db)
    assert state.is_whole and state.entries == THREADS * 12


def test_when_eight_people_edit_one_patient_each_change_counts_once_or_its_author_is_told(db: Database) -> None:
    one = a_patient(note="")
    db.write(lambda tx: store.save_patient(tx, one))

    def work(number: int) -> tuple[int, int]:
        saved = told = 0
        for turn in range(10):
            known = store.read_patient(db, one.id)
            changed = replace(known, version=known.version + 1, note=f"{known.note} {number}.{turn}")
            try:
                db.write(lambda tx, changed=changed: store.save_patient(tx, changed))
                saved += 1
            except Conflict:
                told += 1
        return saved, told

    with ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(work, range(THREADS)))
    after = store.read_patient(db, one.id)
    saved = sum(done for done, _ in results)
    assert saved + sum(told for _, told in results) == THREADS * 10
    assert after.version == 1 + saved and len(after.note.split()) == saved == len(set(after.note.split()))
    assert len(store.patient_history(db, one.id)) == saved


def test_a_clash_is_tried_again_and_told_when_it_does_not_end(db: Database) -> None:
    tries = []

    def clashing(tx: store.Transaction) -> str:
        store.save_patient(tx, a_patient())
        tries.append(1)
        if len(tries) < 4:
            raise Clash("met")
        return "done"

    assert db.write(clashing) == "done"
    assert (len(tries), store.count_patients(db)) == (4, 1)
    tries.clear()
    with pytest.raises(Conflict, match="met"):
        db.write(lambda tx: (_ for _ in ()).throw(Clash("met")))


def test_a_writer_from_outside_the_lock_is_met_and_overcome(db: Database) -> None:
    """A second cursor updates the same row in the middle of our change: the engine refuses ours once, the retry goes through."""
    one = a_patient(minutes_a_day=10)
    db.write(lambda tx: store.save_patient(tx, one))
    tries = []

    def change(tx: store.Transaction) -> None:
        tx.one("select minutes_a_day from patient where id = ?", [one.id])
        if not tries:
            tries.append(1)
            db.rows("update patient set minutes_a_day = 20 where id = ?", [one.id])
        tx.run("update patient set minutes_a_day = minutes_a_day + 1 where id = ?", [one.id])

    db.write(change)
    db.changes.note(["*"])
    assert store.read_patient(db, one.id).minutes_a_day == 21


def test_several_questions_see_one_moment(db: Database) -> None:
    visit = saved_visit(db, values=1)
    with db.snapshot() as view:
        before = store.observations_of_visit(view, visit.id)
        db.write(lambda tx: store.save_observations(tx, [an_observation(visit, measure="later")]))
        assert store.observations_of_visit(view, visit.id) == before
        assert len(store.read_case(view, visit.episode_id).observations) == 1
    assert len(store.read_case(db, visit.episode_id).observations) == 2


def test_two_sign_the_same_visit_and_only_one_does(db: Database) -> None:
    visit: Visit = saved_visit(db)
    start = Barrier(2)

    def sign(by: str) -> bool:
        start.wait()
        try:
            db.write(lambda tx: store.save_visit(
                tx, replace(visit, state=VisitState.SIGNED, signed_by=by, signed_at=NOW + timedelta(seconds=1), version=2)))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sign, ["ada", "eva"])) == [False, True]
