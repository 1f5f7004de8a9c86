"""A bit turns on the disk: the file says so, or nothing that is read has changed; a wrong value is never handed out in silence."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from record_builders import LEAD, NOW, a_check_in, a_full_program, saved_visit

from kneeclinic import store
from kneeclinic.security import Keys
from kneeclinic.store import Database
from kneeclinic.vocabulary import KneeClinicError


def everything(path: Path, keys: Keys) -> dict[str, list[tuple[object, ...]]]:
    with Database.open(path, keys) as db:
        found = {name: sorted(db.rows(f'select * from "{name}"'), key=repr) for name in store.table_counts(db)}
        checked = store.health(db)
        if not checked.is_good:
            raise store.NotAClinic("; ".join(checked.problems))
        return found


def turned(tmp_path: Path, turns: int, seed: int) -> tuple[int, int]:
    """Turns one bit at a time of a clinic file; returns how many were told and how many changed nothing."""
    keys, whole = Keys.fresh(), tmp_path / "whole.duckdb"
    with Database.open(whole, keys, create=True) as db:
        visits = [saved_visit(db, values=40) for _ in range(30)]
        for one in visits:
            episode = store.read_episode(db, one.episode_id)
            db.write(lambda tx, episode=episode, one=one: (
                store.save_program(tx, a_full_program(episode)), store.save_check_in(tx, a_check_in(episode)),
                store.save_audit(tx, LEAD, "start_visit", "visit", one.id, {"a": 1}, NOW)))
    before = everything(whole, keys)
    anchor = whole.with_name(whole.name + ".anchor").read_bytes()
    data, chance = whole.read_bytes(), random.Random(seed)
    told = same = 0
    for turn in range(turns):
        path = tmp_path / f"turned{turn}.duckdb"
        wrong = bytearray(data)
        wrong[chance.randrange(len(wrong))] ^= 1 << chance.randrange(8)
        path.write_bytes(wrong)
        path.with_name(path.name + ".anchor").write_bytes(anchor)
        try:
            assert everything(path, keys) == before, "a changed value was handed out in silence"
            same += 1
        except KneeClinicError as no:
            assert str(no)
            told += 1
        path.unlink()
    print(f"\n{turns} turned bits: {told} told, {same} changed nothing, 0 silent")
    return told, same


def test_a_turned_bit_is_told_or_changes_nothing(tmp_path: Path) -> None:
    told, _ = turned(tmp_path, 25, seed=6)
    assert told >= 3


@pytest.mark.soak
def test_four_hundred_turned_bits_are_told_or_change_nothing(tmp_path: Path) -> None:
    told, _ = turned(tmp_path, 400, seed=7)
    assert told >= 60
