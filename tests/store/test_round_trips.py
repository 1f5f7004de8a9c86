"""What goes into the clinic file comes out of it again, word for word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_builders import (
    DAY,
    NOW,
    a_check_in,
    a_document,
    a_full_program,
    a_goal,
    a_patient,
    a_planned,
    a_profile,
    a_program,
    a_review,
    a_run,
    a_snooze,
    a_visit,
    a_whole_episode,
    an_account,
    an_amendment,
    an_episode,
    an_imaging,
    an_observation,
    saved_visit,
)

from kneeclinic import store
from kneeclinic.record import Episode, LoadPlan
from kneeclinic.security import FailedSignIns, Session
from kneeclinic.store import Database
from kneeclinic.vocabulary import Conflict, EpisodeStatus, NotFound, PlannedState, Refused, Role, Sex, Side, Units, VisitState, new_id

TEXTS = st.text(max_size=200) | st.sampled_from(
    ["O'Brien & <Smith>", '"quoted" \\ \' -- ; drop table patient', "Ζωή Παπαδοπούλου", "李小龍", "محمد",
     "Ёлка 🦵🏃‍♀️", "x" * 200, "\x00\r\n\t", "null", "  "]
)
MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def saved_episode(db: Database) -> Episode:
    visit = saved_visit(db)
    return store.read_episode(db, visit.episode_id)


@MANY
@given(given=TEXTS.filter(bool), family=TEXTS, phone=TEXTS, note=TEXTS, born=st.dates(date(1900, 1, 1), date(2026, 1, 1)))
def test_a_patient_comes_back_as_entered_in_any_script(db: Database, given: str, family: str, phone: str, note: str, born: date) -> None:
    one = a_patient(
        given_name=given, family_name=family, phone=phone, email=note, sport=family, note=note, birth_date=born, sex=Sex.OTHER, language="es",
        units=Units.IMPERIAL, equipment=("floor", "bike"), minutes_a_day=35, consent_on=DAY,
    )
    db.write(lambda tx: store.save_patient(tx, one))
    assert store.read_patient(db, one.id) == one


@MANY
@given(text=TEXTS, value=st.floats(allow_nan=False, allow_infinity=False), items=st.none() | st.lists(st.none() | st.floats(0, 10), max_size=13))
def test_a_value_comes_back_as_entered(db: Database, text: str, value: float, items: list[float | None] | None) -> None:
    visit = a_visit(an_episode(a_patient()))
    values = [
        an_observation(visit, measure="number", value=value, items=None if items is None else tuple(items), note=text, carried=True),
        an_observation(visit, measure="stairs_pattern", value="alternating", side=Side.NONE),
        an_observation(visit, measure="stairs_pattern", value=text),
        an_observation(visit, measure="story", value=text, side=Side.RIGHT, note=text),
    ]
    db.write(lambda tx: store.save_observations(tx, values))
    assert list(store.observations_of_visit(db, visit.id)) == values


@MANY
@given(text=TEXTS)
def test_a_program_comes_back_with_everything_it_can_hold(db: Database, text: str) -> None:
    one = a_full_program(an_episode(a_patient()), text)
    db.write(lambda tx: store.save_program(tx, one))
    assert store.read_program(db, one.id) == one


def test_a_program_with_nothing_in_it_comes_back_empty(db: Database) -> None:
    one = a_program(an_episode(a_patient()), items=(), load=LoadPlan(), entered_at=None)
    db.write(lambda tx: store.save_program(tx, one))
    assert store.read_program(db, one.id) == one


@MANY
@given(text=TEXTS)
def test_an_episode_comes_back_with_goals_and_imaging(db: Database, text: str) -> None:
    one = a_whole_episode(
        problem=text, referrer=text, closing_reason=text, status=EpisodeStatus.REFERRED, closed_on=DAY,
        goals=(a_goal(note=text), a_goal(baseline=None, dropped_on=DAY)),
        imaging=(an_imaging(kind=text or "x-ray", result=text, done_on=DAY),),
    )
    db.write(lambda tx: store.save_episode(tx, one))
    assert store.read_episode(db, one.id) == one


@MANY
@given(text=TEXTS)
def test_a_visit_comes_back_with_note_and_amendments(db: Database, text: str) -> None:
    visit = a_visit(
        an_episode(a_patient()), note={"subjective": text, "plan": "", "knee": text}, state=VisitState.SIGNED, signed_by="acc", signed_at=NOW,
        edition="2026.1",
    )
    amendments = (an_amendment(visit, text=text), an_amendment(visit, at=NOW + timedelta(seconds=1)))

    def change(tx: Any) -> None:
        store.save_visit(tx, visit)
        for one in amendments:
            store.save_amendment(tx, visit, one)

    db.write(change)
    assert store.read_visit(db, visit.id) == replace(visit, amendments=amendments)


@MANY
@given(text=TEXTS)
def test_the_weeks_come_back_as_lived(db: Database, text: str) -> None:
    episode = an_episode(a_patient())
    check_in, run = a_check_in(episode, note=text, program_id="p1"), a_run(episode, note=text, file_name=text)
    bare_week = a_check_in(
        episode, week_start=DAY + timedelta(7), days=(), sessions_done=None, sessions_prescribed=None, pain_usual=None, pain_worst=None,
        pain_next_morning=None, tape_days=None, km=None, entered_at=None,
    )
    bare_run = a_run(episode, minutes=None, cadence_spm=None, climb_m=None, descent_m=None, pain_during=None, pain_next_morning=None,
                     settled_within_60_min=None, source="told", file_hash="", started=datetime(2026, 3, 9, 6))
    planned, review = a_planned(episode, note=text, state=PlannedState.MISSED), a_review(episode, because=(text, "b"), reason=text, note=text)
    snooze = a_snooze(episode, reason=text)

    def change(tx: Any) -> None:
        store.save_episode(tx, episode)
        store.save_patient(tx, a_patient(id=episode.patient_id))
        store.save_check_in(tx, check_in)
        store.save_check_in(tx, bare_week)
        store.save_runs(tx, [run, bare_run])
        store.save_planned(tx, planned)
        store.save_review(tx, review)
        store.save_snooze(tx, snooze)

    db.write(change)
    case = store.read_case(db, episode.id)
    assert (case.check_ins, case.runs, case.planned, case.reviews, case.snoozes) == (
        (check_in, bare_week), (run, bare_run), (planned,), (review,), (snooze,)
    )
    assert (store.read_check_in(db, check_in.id), store.read_run(db, run.id)) == (check_in, run)
    assert (store.read_planned(db, planned.id), store.read_review(db, review.id)) == (planned, review)


def test_a_document_opens_as_the_same_bytes(db: Database) -> None:
    episode, data = saved_episode(db), bytes(range(256)) * 40
    one = a_document(episode, data, file_name="O'Brien.pdf")
    db.write(lambda tx: store.save_document(tx, one, data))
    assert store.document_bytes(db, one.id) == data
    assert store.documents_of(db, episode.patient_id) == (one,)
    assert store.recent_documents(db) == (one,)


def test_a_document_whose_hash_does_not_fit_is_not_kept(db: Database) -> None:
    one = a_document(saved_episode(db), b"as issued")
    with pytest.raises(Refused, match="hash does not fit"):
        db.write(lambda tx: store.save_document(tx, one, b"something else"))
    assert store.recent_documents(db) == ()


def test_a_run_file_is_kept_once(db: Database) -> None:
    patient = a_patient()
    assert db.write(lambda tx: store.save_run_file(tx, "hash", patient.id, "morgen.fit", b"track", NOW)) is True
    assert db.write(lambda tx: store.save_run_file(tx, "hash", patient.id, "again.fit", b"track", NOW)) is False
    assert store.read_run_file(db, "hash") == ("morgen.fit", b"track")


def test_accounts_sessions_and_wrong_tries_come_back(db: Database) -> None:
    one = an_account(name="ruth.m", role=Role.ASSISTANT, password_set_at=NOW)
    session = Session(new_id(), "hash", one.id, "10.0.0.7", NOW, NOW)
    tries = FailedSignIns("subject", 3, NOW)

    def change(tx: Any) -> None:
        store.save_account(tx, one)
        store.save_session(tx, session)
        store.save_failed_sign_ins(tx, tries)

    db.write(change)
    assert store.account_by_name(db, " Ruth.M ") == one
    assert store.read_accounts(db) == (one,)
    assert store.read_session(db, "hash") == session
    assert store.read_failed_sign_ins(db, "subject") == tries
    disabled = replace(one, active=False, disabled_at=NOW)
    db.write(lambda tx: (store.save_account(tx, disabled), store.save_sessions_ended(tx, one.id, NOW, "disabled")))
    assert store.read_account(db, one.id) == disabled
    assert store.read_session(db, "hash") == replace(session, ended_at=NOW, ended_why="disabled")
    assert store.open_sessions(db) == ()
    db.write(lambda tx: store.save_failed_sign_ins(tx, FailedSignIns("subject")))
    assert store.read_failed_sign_ins(db, "subject") == FailedSignIns("subject")


def test_the_profile_comes_back_with_its_logo(db: Database) -> None:
    with pytest.raises(NotFound, match="set up"):
        store.read_profile(db)
    one = a_profile(address="1 <Main> St", phone="555", logo_png=b"\x89PNG\x00", time_zone="America/Chicago", week_start=6, is_demo=True,
                    knowledge_reviewed_by="Ada", knowledge_reviewed_edition="2026.1", knowledge_reviewed_on=DAY)
    db.write(lambda tx: store.save_profile(tx, a_profile()))
    db.write(lambda tx: store.save_profile(tx, one))
    assert store.read_profile(db) == one


def test_an_instant_in_another_zone_is_the_same_instant(db: Database) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=-6)))
    one = a_patient(entered_at=there)
    db.write(lambda tx: store.save_patient(tx, one))
    found = store.read_patient(db, one.id).entered_at
    assert found == there
    assert found is not None and found.tzinfo is UTC


def test_what_was_never_entered_is_not_found(db: Database) -> None:
    for read in (
        store.read_patient, store.read_episode, store.read_case, store.read_visit, store.read_observation, store.read_program,
        store.read_check_in, store.read_run, store.read_planned, store.read_review, store.read_document, store.document_bytes,
        store.read_run_file, store.read_account, store.session_by_id,
    ):
        with pytest.raises(NotFound, match="nobody"):
            read(db, "nobody")


def test_many_at_once_come_back_as_those_one_by_one(db: Database) -> None:
    patients = [a_patient(given_name=f"Given {number}", note="x" * number, consent_on=DAY if number % 2 else None) for number in range(7)]
    episodes = [a_whole_episode(patient_id=one.id, problem=one.given_name, goals=(a_goal(),), imaging=(an_imaging(),)) for one in patients]
    visits = [a_visit(one, note={"plan": one.problem}) for one in episodes for _ in range(3)]
    db.write(lambda tx: (store.save_patients(tx, patients), store.save_episodes(tx, episodes), store.save_visits(tx, visits)))
    assert [store.read_patient(db, one.id) for one in patients] == patients
    assert [store.read_episode(db, one.id) for one in episodes] == episodes
    assert [visit for one in episodes for visit in store.visits_of(db, one.id)] == visits
    db.write(lambda tx: (store.save_patients(tx, []), store.save_episodes(tx, []), store.save_visits(tx, [])))
    for wrong in ([a_patient(number="new"), a_patient(number=patients[3].number)], [a_patient(number="twice"), a_patient(number="TWICE")]):
        with pytest.raises(Conflict, match="belongs to another patient"):
            db.write(lambda tx, wrong=wrong: store.save_patients(tx, wrong))
    assert store.count_patients(db) == 7
