"""A house with more patients than can be looked at together: the lists hold one's own, and say so; search finds everybody."""

from __future__ import annotations

import pytest

from kneeclinic.clinic import Clinic
from kneeclinic.store import all_episode_ids, open_episode_ids
from kneeclinic.ui import kept

from .conftest import Desk, said


def test_in_a_large_house_the_lists_hold_ones_own_patients_and_say_so(desk: Desk, clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    everybody, own = open_episode_ids(clinic.database), open_episode_ids(clinic.database, desk.actor.account_id)
    assert len(own) < len(everybody) or len(own) == len(everybody) > 1
    at = desk.page("caseload")
    assert len(at.dataframe[0].value) == len(everybody) and "in this house" not in said(at)
    monkeypatch.setattr(kept, "MOST_AT_ONCE", 1)
    at = desk.page("caseload")
    if own:
        assert len(at.dataframe[0].value) == len(own)
    assert f"{len(everybody)} patients are in treatment in this house" in said(at) or "None of the patients in treatment is yours" in said(at)
    assert [one.episode.id for one in kept.in_treatment(_desk(desk, clinic))] == list(own)


def test_who_treats_nobody_there_is_told_and_not_that_the_house_is_empty(lead: Desk, clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_AT_ONCE", 1)
    if open_episode_ids(clinic.database, lead.actor.account_id):
        monkeypatch.setattr(kept.read, "open_episode_ids", lambda db, therapist=None: () if therapist else open_episode_ids(db))
    at = lead.page("caseload")
    assert "None of the patients in treatment is yours" in said(at)
    assert "Nobody is in treatment yet" not in said(at)
    assert not at.exception


def _desk(desk: Desk, clinic: Clinic):
    class Seen:
        actor = desk.actor

    seen = Seen()
    seen.clinic = clinic  # type: ignore[attr-defined]
    return seen


def test_outcomes_of_a_large_house_count_the_newest_episodes_and_say_so(lead: Desk, clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = len(all_episode_ids(clinic.database))
    assert "Counted are the newest" not in said(lead.page("outcomes"))
    monkeypatch.setattr(kept, "MOST_AT_ONCE", everybody - 1)
    at = lead.page("outcomes")
    assert f"Counted are the newest {everybody - 1} of {everybody} episodes." in said(at)
    assert f"{everybody - 1} episodes with a program" in said(at)
