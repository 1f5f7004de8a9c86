"""The health check finds what is missing, out of place or unreadable, and says what it is."""

from __future__ import annotations

import pytest
from record_builders import LEAD, NOW, a_check_in, a_document, a_full_program, a_run, an_amendment, saved_visit

from kneeclinic import store
from kneeclinic.store import Database
from kneeclinic.store.health import _LINKS, _SEALED_COLUMNS, _SEALED_WORDS


@pytest.fixture
def filled(db: Database) -> Database:
    visit = saved_visit(db, values=3)
    episode = store.read_episode(db, visit.episode_id)
    db.write(lambda tx: (
        store.save_program(tx, a_full_program(episode)), store.save_check_in(tx, a_check_in(episode, note="note")),
        store.save_runs(tx, [a_run(episode, note="note")]), store.save_document(tx, a_document(episode, b"%PDF"), b"%PDF"),
        store.save_amendment(tx, visit, an_amendment(visit)),
        store.save_audit(tx, LEAD, "x", "visit", visit.id, {"a": 1}, NOW),
    ))
    return db


def test_a_sound_clinic_has_no_problem(filled: Database) -> None:
    state = store.health(filled)
    assert state.is_good and state.problems == () and state.counts["observation"] == 3 and state.chain.entries == 1


@pytest.mark.parametrize(("statement", "problem"), [
    ("delete from patient", "episode without its patient"),
    ("delete from visit", "observation without its visit"),
    ("delete from program", "program_item without its program"),
    ("delete from check_in", "check_in_day without its check_in"),
    ("update observation set patient_id = 'x'", "an observation of another patient than its visit"),
    ("update visit set patient_id = 'x'", "a visit of another patient than its episode"),
    ("insert into observation select * from observation", "two values with one id"),
    ("update observation set place = 1", "two values in one place"),
    ("update program set version = 3", "a gap in the versions of a program"),
    ("update patient set sealed_birth_date = sealed_number", "values that do not open"),
    ("update document set sealed_bytes = 'x'::blob", "values that do not open"),
    ("update program set sealed_words = 'x'::blob", "values that do not open"),
    ("delete from audit", "removed"),
])
def test_what_is_wrong_is_named(filled: Database, statement: str, problem: str) -> None:
    filled.rows(statement)
    state = store.health(filled)
    assert not state.is_good
    assert any(problem in one for one in state.problems), state.problems


def test_every_sealed_column_and_every_pointer_is_looked_at(db: Database) -> None:
    columns = {(table, column) for table, column in db.rows(
        "select table_name, column_name from duckdb_columns() where schema_name = 'main' and not internal "
        "and table_name in (select table_name from duckdb_tables()) and table_name not like '%_history'")}
    sealed = {one for one in columns if one[1].startswith("sealed_")}
    looked_at = {(table, column) for table, _, column in _SEALED_COLUMNS} | {(table, "sealed_words") for table in _SEALED_WORDS}
    assert sealed - looked_at == {("audit", "sealed_detail"), ("draft", "sealed_payload")}
    assert looked_at - sealed == set()
    pointers = {one for one in columns if one[1].endswith("_id") and one[1] not in ("entity_id", "subject_id")}
    checked = {(table, column) for table, column, _ in _LINKS}
    loose = {("audit", "account_id"), ("audit", "patient_id"), ("run_file", "patient_id"), ("document", "program_id"), ("check_in", "program_id"),
             ("review", "program_id"), ("glass", "session_id")}
    joined_through_the_episode = {(table, "patient_id") for table, column in pointers if column == "patient_id"}
    assert pointers - checked - loose - joined_through_the_episode == {("amendment", "episode_id")}
