"""Visits to come and alerts put to sleep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from kneeclinic.record.weeks import PlannedVisit, Snooze
from kneeclinic.store.reading import Reader, Row
from kneeclinic.store.sealing import from_utc, open_words, seal_words, to_utc
from kneeclinic.store.transactions import Transaction, valued
from kneeclinic.vocabulary import NotFound, PlannedState, VisitKind

_INSERT = valued(
    "planned_visit", "id episode_id patient_id planned_on planned_at therapist kind state sealed_words entered_by entered_at"
) + """
    on conflict (id) do update set planned_on = excluded.planned_on, planned_at = excluded.planned_at, therapist = excluded.therapist,
        kind = excluded.kind, state = excluded.state, sealed_words = excluded.sealed_words
"""
_SELECT = """
    select id, episode_id, patient_id, planned_on, planned_at, therapist, kind, state, sealed_words, entered_by, entered_at from planned_visit
"""


def save_planned(tx: Transaction, one: PlannedVisit) -> None:
    """A visit that was agreed, or its new day or state (same id)."""
    tx.run(_INSERT, [
        one.id, one.episode_id, one.patient_id, one.on, one.at, one.therapist, one.kind.value, one.state.value,
        seal_words(tx.keys, "planned_visit", one.id, {"note": one.note}), one.entered_by, to_utc(one.entered_at),
    ])
    tx.touch(one.episode_id)


def read_planned(db: Reader, planned_id: str) -> PlannedVisit:
    """One planned visit in any state; raises NotFound."""
    row = db.one(_SELECT + "where id = ?", [planned_id])
    if row is None:
        raise NotFound(f"There is no planned visit with the id {planned_id}.")
    return _opened(db, row)


def planned_between(db: Reader, first: date, last: date, therapist: str | None = None) -> tuple[PlannedVisit, ...]:
    """Planned visits in every state from `first` to `last`, both included, by day and time; of one therapist, or of all."""
    rows = db.rows(
        _SELECT + "where planned_on between ? and ? and (?::varchar is null or therapist = ?) order by planned_on, planned_at, rowid",
        [first, last, therapist, therapist],
    )
    return tuple(_opened(db, row) for row in rows)


def planned_by_episode(db: Reader, episode_ids: Iterable[str]) -> dict[str, tuple[PlannedVisit, ...]]:
    """Planned visits in every state by episode, oldest first."""
    wanted = list(dict.fromkeys(episode_ids))
    rows = db.rows(_SELECT + "where episode_id in (select unnest(?::varchar[])) order by planned_on, planned_at, rowid", [wanted])
    found: dict[str, list[PlannedVisit]] = defaultdict(list)
    for row in rows:
        found[row[1]].append(_opened(db, row))
    return {one: tuple(found[one]) for one in wanted}


def save_snooze(tx: Transaction, one: Snooze) -> None:
    """Puts an alert to sleep; a later one for the same alert replaces it."""
    tx.run(valued("snooze", "id episode_id alert until_on sealed_words snoozed_by place snoozed_at"), [
        one.id, one.episode_id, one.alert, one.until, seal_words(tx.keys, "snooze", one.id, {"reason": one.reason}), one.by,
        tx.place(one.until), to_utc(one.at),
    ])
    tx.touch(one.episode_id)


def snoozes_by_episode(db: Reader, episode_ids: Iterable[str]) -> dict[str, tuple[Snooze, ...]]:
    """All snoozes by episode, in order of entry."""
    wanted = list(dict.fromkeys(episode_ids))
    rows = db.rows(
        "select id, episode_id, alert, until_on, sealed_words, snoozed_by, snoozed_at from snooze "
        "where episode_id in (select unnest(?::varchar[])) order by snoozed_at, place",
        [wanted],
    )
    found: dict[str, list[Snooze]] = defaultdict(list)
    for row in rows:
        reason = open_words(db.keys, "snooze", row[0], row[4]).get("reason", "")
        found[row[1]].append(Snooze(row[0], row[1], row[2], row[3], reason, row[5], from_utc(row[6])))
    return {one: tuple(found[one]) for one in wanted}


def _opened(db: Reader, row: Row) -> PlannedVisit:
    return PlannedVisit(
        id=row[0], episode_id=row[1], patient_id=row[2], on=row[3], at=row[4], therapist=row[5], kind=VisitKind(row[6]),
        state=PlannedState(row[7]), note=open_words(db.keys, "planned_visit", row[0], row[8]).get("note", ""), entered_by=row[9],
        entered_at=from_utc(row[10]),
    )
