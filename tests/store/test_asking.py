"""Asking for one id, several or none gives the same answer as looking through everything, in whatever form the question is put to the engine."""

from __future__ import annotations

import pytest
from record_builders import saved_visit

from kneeclinic import store
from kneeclinic.store import Database


@pytest.mark.parametrize("how_many", [0, 1, 2, 5])
def test_among_so_many_ids_exactly_theirs_are_found(db: Database, how_many: int) -> None:
    visits = [saved_visit(db, values=2) for _ in range(5)]
    asked = [one.episode_id for one in visits[:how_many]]
    everything = db.rows("select id, episode_id from observation order by place")
    found = db.rows(
        "select id, episode_id from observation where value >= ? and episode_id in (select unnest(?::varchar[])) and place > ? "
        "and patient_id in (select unnest(?::varchar[])) order by place", [-1, asked, 0, [one.patient_id for one in visits[:how_many]]])
    assert found == [row for row in everything if row[1] in asked]
    assert len(found) == 2 * how_many
    with db.snapshot() as view:
        assert [one.id for one in store.read_episodes(view, asked)] == asked
