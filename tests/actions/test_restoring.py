"""The way back from a backup, as it is tried in a drill and as it is taken in earnest."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from kneeclinic import actions
from kneeclinic.clinic import Clinic, open_clinic
from kneeclinic.store import Database, health, latest_backup, read_audit, table_counts, verify_chain
from kneeclinic.vocabulary import KneeClinicError, NotAllowed, NotFound
from tests.actions.conftest import Staff, audited, found


def test_a_drill_proves_the_newest_backup_leaves_no_file_and_is_noted(clinic: Clinic, staff: Staff, episode, tmp_path: Path) -> None:
    found(clinic, staff.clinician, episode, {"akps": 62})
    actions.backup(clinic, staff.lead, tmp_path / "b.duckdb")
    before = sorted(clinic.path.parent.iterdir())
    drill = actions.drill_backup(clinic, staff.lead)
    assert drill.rows > 20 and drill.seconds > 0 and Path(drill.backup.path).name == "b.duckdb"
    assert sorted(clinic.path.parent.iterdir()) == before
    noted = latest_backup(clinic.database)
    assert noted is not None and noted.drilled_at == clinic.now
    assert len(audited(clinic, "note_drill")) == 1


def test_a_drill_of_a_damaged_backup_says_so_and_is_not_noted(clinic: Clinic, staff: Staff, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="No backup"):
        actions.drill_backup(clinic, staff.lead)
    target = tmp_path / "b.duckdb"
    actions.backup(clinic, staff.lead, target)
    data = bytearray(target.read_bytes())
    for place in range(20_000, len(data), 1_000):
        data[place] ^= 1
    target.write_bytes(data)
    with pytest.raises(KneeClinicError):
        actions.drill_backup(clinic, staff.lead)
    noted = latest_backup(clinic.database)
    assert noted is not None and noted.drilled_at is None
    assert not list(clinic.path.parent.glob(".drill*"))


def test_a_noted_backup_becomes_a_new_clinic_beside_the_one_that_is_served(clinic: Clinic, staff: Staff, episode, tmp_path: Path) -> None:
    found(clinic, staff.clinician, episode, {"akps": 62})
    made = actions.backup(clinic, staff.lead, tmp_path / "b.duckdb")
    found(clinic, staff.clinician, episode, {"sane": 70})
    counts = table_counts(clinic.database)
    new = actions.restore_beside(clinic, staff.lead, made.id)
    assert new.parent == clinic.path.parent and new != clinic.path
    assert {name: count for name, count in table_counts(clinic.database).items() if name != "audit"} == {
        name: count for name, count in counts.items() if name != "audit"}
    told = read_audit(clinic.database, action="restore", limit=5)
    assert [one.detail["target"] for one in told] == [str(new)]
    with open_clinic(new) as restored:
        assert {one.measure for one in restored.case(episode.id).observations} == {"akps"}
    with pytest.raises(NotFound, match="not in the list"):
        actions.restore_beside(clinic, staff.lead, "nothing")


@pytest.mark.parametrize("verb", [lambda c, a: actions.drill_backup(c, a), lambda c, a: actions.restore_beside(c, a, "x")])
def test_only_the_lead_takes_the_way_back(clinic: Clinic, staff: Staff, verb) -> None:
    for actor in (staff.read_only, staff.front_desk, staff.assistant, staff.clinician):
        with pytest.raises(NotAllowed):
            verb(clinic, actor)


def test_a_backup_is_proven_where_it_lies_and_a_shortened_one_shows(clinic: Clinic, staff: Staff, episode, tmp_path: Path) -> None:
    made = Path(actions.backup(clinic, staff.lead, tmp_path / "usb" / "b.duckdb").path)
    with open_clinic(made) as copy:
        state = health(copy.database)
        assert state.is_good and state.chain.anchored_since == state.chain.entries
    with duckdb.connect(str(made)) as con:
        con.execute("delete from audit where seq = (select max(seq) from audit)")
    with open_clinic(made) as copy:
        assert "lines were removed" in verify_chain(copy.database).why


def test_a_backup_that_was_carried_elsewhere_is_told_as_what_it_is(clinic: Clinic, staff: Staff, episode, tmp_path: Path) -> None:
    made = Path(actions.backup(clinic, staff.lead, tmp_path / "b.duckdb").path)
    carried = made.rename(tmp_path / "carried.duckdb")
    with open_clinic(carried) as copy:
        state = verify_chain(copy.database)
    assert not state.is_whole and state.broken_at is None
    assert f"{state.entries} lines of the log fit together" in state.why and "until it is restored" in state.why
    actions.restore(carried, tmp_path / "again.duckdb", staff.lead).close()
    with open_clinic(tmp_path / "again.duckdb") as restored:
        assert health(restored.database).is_good


def test_a_drill_takes_the_newest_backup_that_is_still_there(clinic: Clinic, staff: Staff, tmp_path: Path) -> None:
    first = actions.backup(clinic, staff.lead, tmp_path / "first.duckdb")
    second = actions.backup(clinic.at(clinic.today, clinic.now + timedelta(hours=1)), staff.lead, tmp_path / "second.duckdb")
    Path(second.path).unlink()
    assert actions.drill_backup(clinic, staff.lead).backup.id == first.id
    Path(first.path).unlink()
    with pytest.raises(NotFound, match="where it was put"):
        actions.drill_backup(clinic, staff.lead)


@pytest.mark.parametrize("fault", [RuntimeError, OSError, KeyboardInterrupt])
def test_whatever_ends_a_restore_no_half_clinic_is_left(
    clinic: Clinic, staff: Staff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException],
) -> None:
    made = actions.backup(clinic, staff.lead, tmp_path / "b.duckdb")
    before = sorted(tmp_path.iterdir())

    def broken(*_: object, **__: object) -> None:
        raise fault("in the middle")

    monkeypatch.setattr(Database, "open", broken)
    with pytest.raises(fault):
        actions.restore(made.path, tmp_path / "again.duckdb", staff.lead)
    assert sorted(tmp_path.iterdir()) == before
