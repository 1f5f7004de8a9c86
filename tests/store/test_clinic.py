"""The clinic that everything is handed: opened with its key and knowledge, with the clinic's own day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from record_builders import a_profile, an_observation, saved_visit

from kneeclinic import store
from kneeclinic.clinic import open_clinic
from kneeclinic.security.keys import load_or_create_keys, new_outer_key, remember_key
from kneeclinic.vocabulary import NotFound


def test_the_day_is_the_clinics_own(path: Path) -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    with open_clinic(path, create=True, now=late) as clinic:
        assert (clinic.today, clinic.now) == (date(2026, 3, 2), late), "UTC until it was set up"
        for zone, day in (("Pacific/Auckland", date(2026, 3, 3)), ("America/Los_Angeles", date(2026, 3, 2)), ("No/Such", date(2026, 3, 2))):
            clinic.database.write(lambda tx, zone=zone: store.save_profile(tx, a_profile(time_zone=zone)))
            assert clinic.at(now=late).today == day
        assert clinic.at(date(2030, 1, 1)).today == date(2030, 1, 1)
        assert clinic.at().now.tzinfo is UTC
    with open_clinic(path, today=date(2026, 5, 5)) as clinic:
        assert clinic.today == date(2026, 5, 5)


def test_a_new_clinic_is_made_only_when_asked_and_then_found_with_its_key(path: Path) -> None:
    with pytest.raises(NotFound, match="no clinic file"):
        open_clinic(path)
    with open_clinic(path, create=True) as clinic:
        visit = saved_visit(clinic.database, values=2)
        with pytest.raises(NotFound, match="set up"):
            clinic.profile  # noqa: B018
    with open_clinic(path) as clinic:
        assert [one.episode.id for one in clinic.cases()] == [visit.episode_id]
        assert clinic.case(visit.episode_id) is clinic.cases([visit.episode_id])[0]
        assert clinic.path == path and clinic.keys == clinic.database.keys


def test_answers_that_are_codes_in_the_knowledge_stand_readable_and_texts_do_not(path: Path) -> None:
    with open_clinic(path, create=True) as clinic:
        choice = next(one for one in clinic.knowledge.measures.values() if one.kind == "choice")
        visit = saved_visit(clinic.database)
        values = [an_observation(visit, measure=choice.id, value=choice.choices[0]), an_observation(visit, measure="story", value="word")]
        clinic.database.write(lambda tx: store.save_observations(tx, values))
        assert clinic.database.rows("select measure, choice from observation order by place") == [
            (choice.id, choice.choices[0]), ("story", None)
        ]
        assert list(clinic.case(visit.episode_id).observations) == values


def test_a_moved_clinic_keeps_its_key_under_its_new_name(path: Path) -> None:
    open_clinic(path, create=True).close()
    moved = path.with_name("moved.duckdb")
    path.rename(moved)
    open_clinic(moved).close()
    assert load_or_create_keys(moved).others == ()
    assert load_or_create_keys(moved).secret == load_or_create_keys(path).secret


def test_an_older_backup_still_opens_after_the_key_was_changed(path: Path) -> None:
    with open_clinic(path, create=True) as clinic:
        saved_visit(clinic.database)
        copy = store.save_copy(clinic.database, path.with_name("backup.duckdb")).path
        new = new_outer_key()
        store.save_envelope(clinic.database, new)
        store.save_only_envelope(clinic.database, remember_key(path, new))
    open_clinic(path).close()
    target = path.with_name("restored.duckdb")
    with store.restore_copy(copy, target, load_or_create_keys(target)) as restored:
        assert store.count_patients(restored) == 1
