"""The night shift of the server: a backup a night, the last fourteen kept, and the values laid in order when it pays."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from kneeclinic import actions, serving
from kneeclinic.actions import Actor
from kneeclinic.security.sessions import token_hash
from kneeclinic.store import Database, backups, read_accounts, read_audit, read_session, values_out_of_order
from kneeclinic.vocabulary import NotAllowed, Role
from kneeclinic.web import nightly
from tests.actions.conftest import a_person, a_problem, found
from tests.web.conftest import PASSWORD, Door


@pytest.fixture
def night(door: Door) -> Door:
    """Three in the morning, in a folder without backups."""
    door.clock.now = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)
    for old in nightly.backup_folder(door.edge.path).glob("*"):
        old.unlink()
    return door


def test_each_night_has_one_backup_that_opens_and_fourteen_are_kept(night: Door) -> None:
    folder = nightly.backup_folder(night.edge.path)
    made = []
    for _ in range(17):
        taken = nightly.backup_tonight()
        assert taken is not None and nightly.backup_tonight() is None, "once a night"
        made.append(taken)
        night.clock.pass_(days=1)
    assert sorted(folder.glob("*.duckdb")) == made[-15:], "tonight's and those of fourteen nights before"
    clinic = serving.the_clinic()
    noted = [one for one in backups(clinic.database) if one.path in {str(one) for one in made}]
    assert [one.path for one in noted] == [str(one) for one in reversed(made[-15:])], "what was put away is off the list"
    assert all(one.checked_at and one.reason == "nightly" for one in noted)
    away = read_audit(clinic.database, action="put_away_backups", limit=1)[0]
    assert away.actor_name == "the server" and away.detail["files"] == [made[1].name]
    with Database.open(made[-1], clinic.keys, read_only=True) as copy:
        assert len(read_accounts(copy)) == len(read_accounts(clinic.database))
    assert read_audit(clinic.database, action="backup", limit=1)[0].actor_name == "the server"


def test_one_night_with_a_wrong_clock_takes_no_backup_away(night: Door) -> None:
    good = []
    for _ in range(15):
        good.append(nightly.backup_tonight())
        night.clock.pass_(days=1)
    night.clock.pass_(days=4000)
    future = nightly.backup_tonight()
    assert future is not None and all(one is not None and one.exists() for one in good[1:]), "counted, not reckoned by the calendar"
    night.clock.pass_(days=-6_400)
    past = nightly.backup_tonight()
    assert past is not None and past.exists() and nightly.backup_tonight() is None, "the one just made is never the oldest"


def test_half_copies_that_were_left_behind_are_cleared_away_and_those_on_their_way_are_not(night: Door) -> None:
    folder = nightly.backup_folder(night.edge.path)
    folder.mkdir(exist_ok=True)
    left, trial, going = folder / ".partial-old.duckdb", night.edge.path.parent / ".drill-old.duckdb", folder / ".partial-new.duckdb"
    for one, hours in ((left, 30), (trial, 30), (going, 1)):
        one.write_bytes(b"half a copy")
        at = (night.clock.now - timedelta(hours=hours)).timestamp()
        os.utime(one, (at, at))
    nightly.backup_tonight()
    assert not left.exists() and not trial.exists() and going.exists()


def test_sign_ins_of_long_ago_leave_their_list_and_stay_in_the_log(night: Door) -> None:
    clinic = serving.the_clinic()
    old = actions.sign_in(clinic, "ada", PASSWORD, "long ago")
    with pytest.raises(NotAllowed):
        actions.sign_in(clinic, "ada", "wrong", "somewhere")
    night.clock.pass_(days=31)
    now = serving.the_clinic()
    fresh = actions.sign_in(now, "ada", PASSWORD, "here")
    nightly.backup_tonight()
    assert read_session(clinic.database, token_hash(old)) is None and actions.session_actor(now, fresh) is not None
    assert clinic.database.one("select count(*) from failed_sign_in") == (0,)
    assert any(one.origin == "long ago" for one in read_audit(clinic.database, action="sign_in", limit=50))


def test_in_the_evening_no_backup_is_taken_before_the_quiet_hour(night: Door) -> None:
    night.clock.now = datetime(2027, 3, 2, 1, 30, tzinfo=UTC)
    assert nightly.backup_tonight() is None
    night.clock.pass_(hours=1)
    assert nightly.backup_tonight() is not None


def test_values_are_laid_in_order_when_enough_are_new_and_only_then(night: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic = serving.the_clinic()
    lead = Actor.of(next(one for one in read_accounts(clinic.database) if one.role is Role.LEAD), "test")
    episodes = []
    for number in range(3):
        patient = actions.register_patient(clinic, lead, a_person(number=f"N-{number}", given_name=f"Nia{number}"))
        episodes.append(actions.open_episode(clinic, lead, patient.id, a_problem(opened_on=clinic.today - timedelta(days=9))))
    for day in (8, 5, 2):
        for one in episodes:
            found(clinic, lead, one, {"pain_worst": 4, "akps": 60 + day}, clinic.today - timedelta(days=day))
    before = [clinic.case(one.id).observations for one in episodes]
    assert values_out_of_order(clinic.database) >= 18
    assert nightly.order_tonight() == 0, "a few are not worth it"
    monkeypatch.setattr(nightly, "WORTH_ORDERING", 10)
    assert nightly.order_tonight() >= 18
    assert values_out_of_order(clinic.database) == 0 and nightly.order_tonight() == 0
    laid = clinic.database.rows("select patient_id, measure, place from observation order by rowid")
    assert laid == sorted(laid)
    clinic.database.changes.note(["*"])
    assert [clinic.case(one.id).observations for one in episodes] == before
