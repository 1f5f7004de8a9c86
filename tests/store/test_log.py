"""The log shows what happened, and shows when somebody has been at it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from record_builders import LEAD, NOW, a_patient

from kneeclinic import store
from kneeclinic.security import Keys
from kneeclinic.security.audit import FIRST_LINK, entry_bytes, link
from kneeclinic.store import Database
from kneeclinic.vocabulary import Conflict

LINES = 30


@pytest.fixture
def keys() -> Keys:
    return Keys.fresh()


@pytest.fixture
def written(path: Path, keys: Keys) -> Path:
    """A clinic file with thirty lines in its log, closed."""
    with Database.open(path, keys, create=True) as db:
        for number in range(LINES):
            db.write(lambda tx, number=number: store.save_audit(
                tx, LEAD, f"action_{number % 3}", "patient", f"p{number % 5}", {"old": number, "new": "x"}, NOW + timedelta(minutes=number),
                patient_id=f"p{number % 5}"))
    return path


def tampered(path: Path, keys: Keys, *statements: str) -> store.ChainState:
    """What the check says after somebody with the file, but without the keys, ran these statements."""
    with duckdb.connect(str(path)) as con:
        for one in statements:
            con.execute(one)
    with Database.open(path, keys) as db:
        return store.verify_chain(db)


def test_an_untouched_log_is_whole(written: Path, keys: Keys) -> None:
    with Database.open(written, keys) as db:
        state = store.verify_chain(db)
    assert state.is_whole and state.entries == LINES and state.why == ""


@pytest.mark.parametrize("statement", [
    "update audit set action = 'sign_visit' where seq = 7",
    "update audit set happened_at = happened_at + interval 1 second where seq = 7",
    "update audit set account_id = 'somebody' where seq = 7",
    "update audit set origin = '' where seq = 7",
    "update audit set entity_id = 'p4' where seq = 7",
    "update audit set patient_id = '' where seq = 7",
    "update audit set role = 'clinician' where seq = 7",
    "update audit set sealed_detail = null where seq = 7",
    "update audit set sealed_detail = (select sealed_detail from audit where seq = 8) where seq = 7",
    "update audit set link = (select link from audit where seq = 8) where seq = 7",
    "delete from audit where seq = 7",
    "update audit set seq = seq + 100 where seq = 7",
])
def test_a_changed_line_is_found_where_it_is(written: Path, keys: Keys, statement: str) -> None:
    state = tampered(written, keys, statement)
    assert not state.is_whole
    assert state.broken_at == 7
    assert "7" in state.why


@pytest.mark.parametrize("statements", [
    ["delete from audit where seq = 30"],
    ["delete from audit where seq > 20"],
    ["delete from audit"],
])
def test_a_log_cut_short_is_found_by_the_note_outside_the_file(written: Path, keys: Keys, statements: list[str]) -> None:
    state = tampered(written, keys, *statements)
    assert not state.is_whole
    assert "removed" in state.why


def test_two_lines_that_changed_places_are_found(written: Path, keys: Keys) -> None:
    state = tampered(
        written, keys, "update audit set seq = 1000 where seq = 7", "update audit set seq = 7 where seq = 8",
        "update audit set seq = 8 where seq = 1000",
    )
    assert state.broken_at == 7


def test_a_log_rebuilt_with_another_key_is_found(written: Path, keys: Keys) -> None:
    with duckdb.connect(str(written)) as con:
        rows = con.execute("select * from audit order by seq").fetchall()
        previous, wrong = FIRST_LINK, Keys.fresh().audit_key
        for row in rows:
            previous = link(wrong, previous, entry_bytes([row[0], row[1].isoformat(), *row[2:9]], row[9]))
            con.execute("update audit set link = ? where seq = ?", [previous, row[0]])
    with Database.open(written, keys) as db:
        assert store.verify_chain(db).broken_at == 1


def test_an_older_copy_put_in_place_is_found_and_stays_found_after_more_work(written: Path, keys: Keys) -> None:
    old = written.read_bytes()
    with Database.open(written, keys) as db:
        db.write(lambda tx: store.save_audit(tx, LEAD, "x", "patient", "p", None, NOW))
    written.write_bytes(old)
    with Database.open(written, keys) as db:
        assert "older copy" in store.verify_chain(db).why
        for _ in range(3):
            db.write(lambda tx: store.save_audit(tx, LEAD, "x", "patient", "p", None, NOW))
    with Database.open(written, keys) as db:
        assert not store.verify_chain(db).is_whole, "the note is not written over by more work"
        store.save_anchor_anew(db)
        assert store.verify_chain(db).is_whole
    with Database.open(written, keys) as db:
        state = store.verify_chain(db)
        assert state.is_whole and state.anchored_since == LINES + 3


@pytest.mark.parametrize("change", [
    lambda note: note | {"seq": 5}, lambda note: note | {"link": "00" * 32}, lambda note: note | {"clinic_id": "another"}, lambda note: {},
])
def test_a_note_changed_by_hand_is_found(written: Path, keys: Keys, change: Callable[[dict[str, object]], dict[str, object]]) -> None:
    file = written.with_name(written.name + ".anchor")
    file.write_text(json.dumps(change(json.loads(file.read_text()))))
    with Database.open(written, keys) as db:
        assert "note of the log's head" in store.verify_chain(db).why


def test_a_note_that_was_taken_away_is_missed(written: Path, keys: Keys) -> None:
    written.with_name(written.name + ".anchor").unlink()
    with Database.open(written, keys) as db:
        assert "never noted" in store.verify_chain(db).why


def test_any_random_change_to_the_log_is_found(path: Path, keys: Keys) -> None:
    """120 random cuts, swaps and edits of the stored rows, checked by the same walk that the health check uses."""
    all_found(path, keys, 120)


@pytest.mark.soak
def test_a_thousand_random_changes_to_the_log_are_all_found(path: Path, keys: Keys) -> None:
    all_found(path, keys, 1_000)


def all_found(path: Path, keys: Keys, changes: int) -> None:
    with Database.open(path, keys, create=True) as db:
        for number in range(12):
            db.write(lambda tx, number=number: store.save_audit(tx, LEAD, "a", "patient", f"p{number}", {"n": number}, NOW))
        rows = db.rows("select * from audit order by seq")
        chance = random.Random(7)
        for _ in range(changes):
            changed = mutated(list(rows), chance)
            db.write(lambda tx, changed=changed: (tx.run("delete from audit"), [
                tx.run("insert into audit values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", list(row)) for row in changed]))
            assert not store.verify_chain(db).is_whole, changed


def mutated(rows: list[tuple[object, ...]], chance: random.Random) -> list[tuple[object, ...]]:
    kind, at = chance.randrange(4), chance.randrange(len(rows))
    if kind == 0:
        del rows[at]
        if chance.random() < 0.5:
            rows = [(number, *row[1:]) for number, row in enumerate(rows, 1)]
    elif kind == 1:
        other = (at + 1 + chance.randrange(len(rows) - 1)) % len(rows)
        rows[at], rows[other] = (rows[at][0], *rows[other][1:]), (rows[other][0], *rows[at][1:])
    elif kind == 2:
        column = chance.randrange(2, 11)
        value = rows[at][column]
        rows[at] = (*rows[at][:column], value + b"x" if isinstance(value, bytes) else f"{value}x", *rows[at][column + 1 :])
    else:
        rows = rows[: chance.randrange(len(rows))]
    return rows


def test_lines_are_found_by_any_mix_of_filters_newest_first(written: Path, keys: Keys) -> None:
    with Database.open(written, keys) as db:
        everything = store.read_audit(db, limit=1000)
        assert [one.seq for one in everything] == list(range(LINES, 0, -1))
        assert everything[0].detail == {"old": 29, "new": "x"} and everything[0].actor_name == "Ada Lead" and everything[0].origin == "127.0.0.1"
        assert [one.seq for one in store.read_audit(db, action="action_1", patient_id="p4")] == [20, 5]
        assert [one.seq for one in store.read_audit(db, since=NOW + timedelta(minutes=3), until=NOW + timedelta(minutes=5))] == [5, 4]
        assert [one.seq for one in store.read_audit(db, before_seq=4, limit=2)] == [3, 2]
        assert store.read_audit(db, account_id="nobody") == ()
        assert len(store.read_audit(db, entity="patient", entity_id="p0", account_id="acc-lead")) == 6


def test_the_line_goes_when_its_change_fails(db: Database) -> None:
    one = a_patient()

    def change(tx: store.Transaction) -> None:
        store.save_audit(tx, LEAD, "register_patient", "patient", one.id, None, NOW)
        store.save_patient(tx, replace(one, version=5))

    with pytest.raises(Conflict):
        db.write(change)
    assert store.read_audit(db) == ()
    db.write(lambda tx: store.save_audit(tx, LEAD, "register_patient", "patient", one.id, "in words", NOW))
    assert [(line.seq, line.detail) for line in store.read_audit(db)] == [(1, {"text": "in words"})]
    assert store.verify_chain(db).is_whole


def test_a_head_that_could_not_be_noted_once_is_told_and_noted_with_the_next_line(
    written: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with Database.open(written, keys) as db:
        with monkeypatch.context() as disk:
            disk.setattr("kneeclinic.store.anchoring.os.replace", full)
            db.write(lambda tx: store.save_audit(tx, LEAD, "x", "patient", "p", None, NOW))
            assert "No space left" in store.verify_chain(db).why
        db.write(lambda tx: store.save_audit(tx, LEAD, "y", "patient", "p", None, NOW))
        assert store.verify_chain(db).is_whole
    note = json.loads(written.with_name(written.name + ".anchor").read_text())
    assert note["seq"] == LINES + 2, "from then on it is noted again"
