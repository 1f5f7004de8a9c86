"""Whole cases: one episode with all that belongs to it, read in a few questions and kept until something in it changes."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from kneeclinic.record.case import Case
from kneeclinic.record.weeks import CheckIn, Review, Snooze
from kneeclinic.store.accounts import account_names
from kneeclinic.store.check_ins import check_ins_by_episode
from kneeclinic.store.database import Database
from kneeclinic.store.episodes import read_episodes
from kneeclinic.store.observations import observations_by_episode
from kneeclinic.store.patients import read_patients
from kneeclinic.store.plans import planned_by_episode, snoozes_by_episode
from kneeclinic.store.programs import programs_by_episode
from kneeclinic.store.reading import Reader
from kneeclinic.store.reviews import reviews_by_episode
from kneeclinic.store.runs import runs_by_episode
from kneeclinic.store.visits import visits_by_episode
from kneeclinic.vocabulary import NotFound, zone_named


def read_case(db: Reader, episode_id: str) -> Case:
    """One episode with all that belongs to it; raises NotFound."""
    found = read_cases(db, [episode_id])
    if not found:
        raise NotFound(f"There is no episode with the id {episode_id}.")
    return found[0]


def read_cases(db: Reader, episode_ids: Iterable[str]) -> tuple[Case, ...]:
    """Several cases in the order asked for, all as of one moment if none was kept; unknown ids are left out.

    A case that was read before and has not changed since is handed out again: cases are frozen.
    """
    wanted = list(dict.fromkeys(episode_ids))
    if not isinstance(db, Database):
        fresh = _read(db, wanted)
        return tuple(fresh[one] for one in wanted if one in fresh)
    cases: dict[str, Case] = {}
    for one in wanted:
        kept = db.kept_cases.get(one)
        if kept is not None:
            cases[one] = kept
    missing = [one for one in wanted if one not in cases]
    if missing:
        read_at = db.changes.clock
        for episode_id, case in _read(db, missing).items():
            db.kept_cases.put(episode_id, read_at, (episode_id, case.patient.id), case)
            cases[episode_id] = case
    return tuple(cases[one] for one in wanted if one in cases)


_MANY = 20
"""Cases from which on the pause below pays."""


@contextmanager
def _collector_at_rest(many: bool) -> Iterator[None]:
    """Forty thousand new values that all stay make Python's collector run in vain: 0.2 of 0.5 s for 300 cases."""
    if not (many and gc.isenabled()):
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _read(db: Reader, wanted: list[str]) -> dict[str, Case]:
    with _collector_at_rest(len(wanted) >= _MANY), db.snapshot() as view:
        episodes = read_episodes(view, wanted)
        ids = [one.id for one in episodes]
        patient_ids = list({one.patient_id for one in episodes})
        patients = {one.id: one for one in read_patients(view, patient_ids)}
        visits = visits_by_episode(view, ids)
        observations = observations_by_episode(view, ids, patient_ids)
        programs = programs_by_episode(view, ids)
        check_ins = check_ins_by_episode(view, ids)
        runs = runs_by_episode(view, ids)
        planned = planned_by_episode(view, ids)
        reviews = reviews_by_episode(view, ids)
        snoozes = snoozes_by_episode(view, ids)
        names, zone = _names(db, view), _zone(db, view)
    return {
        one.id: Case(
            patient=patients[one.patient_id], episode=one, visits=visits[one.id], observations=tuple(observations.get(one.id, ())),
            programs=programs[one.id], check_ins=_here(check_ins[one.id], zone), runs=runs[one.id], planned=planned[one.id],
            reviews=_here(reviews[one.id], zone), snoozes=_here(snoozes[one.id], zone), names=names,
        )
        for one in episodes
        if one.patient_id in patients
    }


def _names(db: Reader, view: Reader) -> dict[str, str]:
    """Who is who in the house: kept until an account changes, which `save_account` says to everybody."""
    if not isinstance(db, Database):
        return account_names(view)
    return db.kept_lists.or_read("account names", (), lambda: account_names(view))


def _zone(db: Reader, view: Reader) -> ZoneInfo:
    """The clinic's time zone: kept until the profile changes, which touches everything."""
    if not isinstance(db, Database):
        return _zone_read(view)
    return db.kept_lists.or_read("time zone", (), lambda: _zone_read(view))


def _zone_read(view: Reader) -> ZoneInfo:
    row = view.one("select time_zone from clinic_profile")
    return zone_named(row[0] if row else "UTC")


Told = TypeVar("Told", CheckIn, Review, Snooze)
MOMENTS = {CheckIn: "entered_at", Review: "decided_at", Snooze: "at"}
"""Of what was told or decided on a day: that day is the clinic's, not that of Greenwich."""


def _here(found: tuple[Told, ...], zone: ZoneInfo) -> tuple[Told, ...]:
    """The same instants on the clinic's wall clock, so that a week told in the evening was told today."""
    if not found or zone.key == "UTC":
        return found
    name = MOMENTS[type(found[0])]

    def moved(one: Told) -> Told:
        at: datetime | None = getattr(one, name)
        changed: dict[str, Any] = {name: at.astimezone(zone)} if at is not None else {}
        return replace(one, **changed)

    return tuple(moved(one) for one in found)
