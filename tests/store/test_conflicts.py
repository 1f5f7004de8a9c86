"""When two people change the same thing, the second is told; nothing is overwritten."""

from __future__ import annotations

from dataclasses import replace

import pytest
from record_builders import (
    DAY,
    NOW,
    a_check_in,
    a_full_program,
    a_patient,
    a_program,
    a_review,
    a_run,
    a_visit,
    an_account,
    an_episode,
    an_observation,
    saved_visit,
)

from kneeclinic import store
from kneeclinic.store import Database
from kneeclinic.vocabulary import Conflict, Side, VisitState


def test_the_second_to_revise_a_patient_is_told_and_the_first_stays(db: Database) -> None:
    one = a_patient(given_name="Ruth")
    db.write(lambda tx: store.save_patient(tx, one))
    db.write(lambda tx: store.save_patient(tx, replace(one, given_name="Ruthie", version=2)))
    with pytest.raises(Conflict, match="changed by somebody else"):
        db.write(lambda tx: store.save_patient(tx, replace(one, given_name="Rue", version=2)))
    assert store.read_patient(db, one.id).given_name == "Ruthie"
    assert [was.given_name for was in store.patient_history(db, one.id)] == ["Ruth"]


def test_a_clinic_number_belongs_to_one_patient(db: Database) -> None:
    db.write(lambda tx: store.save_patient(tx, a_patient(number="K 17")))
    with pytest.raises(Conflict, match="Number k 17 belongs to another"):
        db.write(lambda tx: store.save_patient(tx, a_patient(number="k 17")))
    other = a_patient(number="K 18")
    db.write(lambda tx: store.save_patient(tx, other))
    with pytest.raises(Conflict, match="belongs to another"):
        db.write(lambda tx: store.save_patient(tx, replace(other, number=" K  17 ", version=2)))
    assert store.count_patients(db) == 2
    found = store.patient_by_number(db, "k 17")
    assert found is not None and found.number == "K 17"


def test_a_patient_may_take_a_number_that_was_given_up(db: Database) -> None:
    one, two = a_patient(number="A"), a_patient(number="B")
    db.write(lambda tx: (store.save_patient(tx, one), store.save_patient(tx, two)))
    db.write(lambda tx: (store.save_patient(tx, replace(one, number="C", version=2)), store.save_patient(tx, replace(two, number="A", version=2))))
    found = store.patient_by_number(db, "a")
    assert found is not None and found.id == two.id


def test_the_same_person_is_recognised_whichever_way_the_names_stand(db: Database) -> None:
    one = a_patient(given_name="Ana", family_name="Ruiz Gil")
    db.write(lambda tx: store.save_patient(tx, one))
    assert store.possible_duplicates(db, "Ruiz gil", "ANA", one.birth_date) == (one,)
    assert store.possible_duplicates(db, "Ana", "Ruiz", one.birth_date) == ()


def test_the_second_to_revise_an_episode_is_told(db: Database) -> None:
    one = store.read_episode(db, saved_visit(db).episode_id)
    db.write(lambda tx: store.save_episode(tx, replace(one, problem="stairs", version=2)))
    with pytest.raises(Conflict):
        db.write(lambda tx: store.save_episode(tx, replace(one, problem="squats", version=2)))
    assert store.read_episode(db, one.id).problem == "stairs"
    assert [was.problem for was in store.episode_history(db, one.id)] == [""]


def test_a_signed_visit_cannot_be_changed(db: Database) -> None:
    one = saved_visit(db)
    signed = replace(one, state=VisitState.SIGNED, signed_by="acc-lead", signed_at=NOW, version=2)
    db.write(lambda tx: store.save_visit(tx, signed))
    with pytest.raises(Conflict, match="signed"):
        db.write(lambda tx: store.save_visit(tx, replace(signed, note={"plan": "rest"}, version=3)))
    assert store.read_visit(db, one.id) == signed
    assert store.visit_history(db, one.id) == (one,)


def test_a_program_has_each_version_once_and_without_a_gap(db: Database) -> None:
    episode = store.read_episode(db, saved_visit(db).episode_id)
    first, second = a_full_program(episode), a_program(episode, version=2)
    db.write(lambda tx: store.save_program(tx, first))
    db.write(lambda tx: store.save_program(tx, second))
    for wrong in (1, 2, 4):
        with pytest.raises(Conflict, match="revised by somebody else"):
            db.write(lambda tx, wrong=wrong: store.save_program(tx, a_program(episode, version=wrong)))
    assert store.programs_of(db, episode.id) == (first, second)


def test_an_account_name_is_given_once_and_never_changed(db: Database) -> None:
    one = an_account(name="Marta")
    db.write(lambda tx: store.save_account(tx, one))
    with pytest.raises(Conflict, match="already"):
        db.write(lambda tx: store.save_account(tx, an_account(name="marta ")))
    with pytest.raises(Conflict, match="cannot be changed"):
        db.write(lambda tx: store.save_account(tx, replace(one, name="eva")))
    assert store.read_accounts(db) == (one,)


def test_a_draft_saved_in_another_window_is_not_overwritten(db: Database) -> None:
    def save(text: str, expected: int | None) -> int:
        return db.write(lambda tx: store.save_draft(
            tx, kind="visit", owner="ada", subject_id="v1", payload={"plan": text, "values": [1, None]}, expected_revision=expected, now=NOW,
        )).revision

    assert save("one", None) == 1
    assert save("two", 1) == 2
    for stale in (None, 0, 1, 3):
        with pytest.raises(Conflict, match="another window"):
            save("lost", stale)
    found = store.read_draft(db, "visit", "ada", "v1")
    assert found is not None and found.payload == {"plan": "two", "values": [1, None]} and found.revision == 2 and found.saved_at == NOW


def test_drafts_belong_to_one_person_and_go_when_discarded(db: Database) -> None:
    for owner, subject in (("ada", "v1"), ("ada", "v2"), ("eva", "v1")):
        db.write(lambda tx, owner=owner, subject=subject: store.save_draft(
            tx, kind="visit", owner=owner, subject_id=subject, payload={"by": owner}, expected_revision=None, now=NOW))
    assert {one.subject_id for one in store.drafts_of(db, "ada")} == {"v1", "v2"}
    assert db.write(lambda tx: store.save_draft_discarded(tx, "visit", "ada", "v1")) is True
    assert db.write(lambda tx: store.save_draft_discarded(tx, "visit", "ada", "v1")) is False
    assert [one.subject_id for one in store.drafts_of(db, "ada")] == ["v2"]
    kept = store.read_draft(db, "visit", "eva", "v1")
    assert kept is not None and kept.payload == {"by": "eva"}


def test_the_value_entered_last_for_a_day_counts_and_steps_back_when_invalidated(db: Database) -> None:
    visit = saved_visit(db)
    wrong, right = an_observation(visit, value=9.0), an_observation(visit, value=4.0)
    other_side = an_observation(visit, value=1.0, side=Side.RIGHT)
    db.write(lambda tx: store.save_observations(tx, [wrong]))
    db.write(lambda tx: store.save_observations(tx, [other_side, right]))
    assert store.read_case(db, visit.episode_id).observations == (other_side, right)
    gone = db.write(lambda tx: store.save_invalidated(tx, right.id, at=NOW, by="ada", why="wrong <knee>"))
    assert (gone.invalidated_at, gone.invalidated_by, gone.invalidated_why) == (NOW, "ada", "wrong <knee>")
    assert store.read_case(db, visit.episode_id).observations == (wrong, other_side)
    with pytest.raises(Conflict, match="in the meantime"):
        db.write(lambda tx: store.save_invalidated(tx, right.id, at=NOW, by="eva", why="again"))
    assert store.read_observation(db, right.id) == gone
    assert store.all_observations_of(db, visit.episode_id) == (wrong, other_side, gone)




def test_the_check_in_entered_last_for_a_week_counts(db: Database) -> None:
    episode = store.read_episode(db, saved_visit(db).episode_id)
    first, second = a_check_in(episode), a_check_in(episode, pain_worst=9)
    db.write(lambda tx: store.save_check_in(tx, first))
    db.write(lambda tx: store.save_check_in(tx, second))
    assert store.read_case(db, episode.id).check_ins == (second,)
    db.write(lambda tx: store.save_check_in_invalidated(tx, second.id, NOW))
    assert store.read_case(db, episode.id).check_ins == (first,)


def test_what_was_taken_back_is_kept_but_no_longer_in_the_case(db: Database) -> None:
    episode = store.read_episode(db, saved_visit(db).episode_id)
    run, review = a_run(episode), a_review(episode)
    db.write(lambda tx: (store.save_runs(tx, [run]), store.save_review(tx, review)))
    db.write(lambda tx: (store.save_run_invalidated(tx, run.id, NOW), store.save_review_undone(tx, review.id, NOW)))
    case = store.read_case(db, episode.id)
    assert (case.runs, case.reviews, store.runs_of(db, episode.patient_id)) == ((), (), ())
    assert (store.read_run(db, run.id).invalidated_at, store.read_review(db, review.id).undone_at) == (NOW, NOW)
    for again in (store.save_run_invalidated, store.save_review_undone, store.save_check_in_invalidated):
        with pytest.raises(Conflict):
            db.write(lambda tx, again=again: again(tx, run.id, NOW))


def test_a_failed_change_leaves_nothing_behind(db: Database) -> None:
    one = a_patient()

    def change(tx: store.Transaction) -> None:
        store.save_patient(tx, one)
        store.save_visit(tx, a_visit(an_episode(one)))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.write(change)
    assert store.count_patients(db) == 0
    assert store.visits_between(db, DAY, DAY) == ()


def test_a_transaction_inside_a_transaction_is_a_fault_of_the_program(db: Database) -> None:
    with pytest.raises(RuntimeError, match="hand its tx on"), db.transaction(), db.transaction():
        pass
    assert store.count_patients(db) == 0
