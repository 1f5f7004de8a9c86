"""Which records are restricted, who treats those patients, and who opened one with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kneeclinic.security.restricted import Glass, Restriction
from kneeclinic.store.database import Database
from kneeclinic.store.episodes import LIST as EPISODES
from kneeclinic.store.reading import Reader, Row
from kneeclinic.store.sealing import from_utc, instant, open_text, open_words, seal_text, seal_words, to_utc
from kneeclinic.store.transactions import Transaction, valued

LIST = "restrictions"
"""The mark under which changes to restricted records and opened glasses are noted."""
_OWNED = frozenset({"episode", "visit", "document", "run", "planned_visit", "check_in", "review", "observation", "imaging", "goal", "program"})
"""Kinds of records that carry the patient they belong to."""
_GLASS = "select id, patient_id, account_id, session_id, sealed_words, broken_at, until_at, reviewed_by, reviewed_at from glass "


@dataclass(frozen=True)
class Guarded:
    """All that decides who may open what: restricted patients with their therapists, and the glasses broken for them in the last hours."""

    therapists: dict[str, frozenset[str]]
    glasses: dict[str, tuple[Glass, ...]]


def save_restriction(tx: Transaction, one: Restriction) -> None:
    """The patient's record is restricted from now on."""
    tx.run(valued("restriction", "patient_id sealed_reason restricted_by restricted_at"),
           [one.patient_id, seal_text(tx.keys, "restriction", "sealed_reason", one.patient_id, one.reason), one.by, to_utc(one.at)])
    tx.touch(LIST, one.patient_id)


def save_restriction_lifted(tx: Transaction, patient_id: str) -> bool:
    """Everybody who treats opens the record again; False when it was not restricted."""
    tx.touch(LIST, patient_id)
    return bool(tx.rows("delete from restriction where patient_id = ? returning patient_id", [patient_id]))


def read_restrictions(db: Reader) -> tuple[Restriction, ...]:
    """All restricted records, the newest first."""
    rows = db.rows("select patient_id, sealed_reason, restricted_by, restricted_at from restriction order by restricted_at desc, patient_id")
    return tuple(Restriction(row[0], open_text(db.keys, "restriction", "sealed_reason", row[0], row[1]), row[2], instant(row[3])) for row in rows)


def save_glass(tx: Transaction, one: Glass) -> None:
    """A glass that was broken, or one that the lead has looked at (same id)."""
    tx.run(valued("glass", "id patient_id account_id session_id sealed_words broken_at until_at reviewed_by reviewed_at") + """
        on conflict (id) do update set reviewed_by = excluded.reviewed_by, reviewed_at = excluded.reviewed_at
    """, [one.id, one.patient_id, one.account_id, one.session_id, seal_words(tx.keys, "glass", one.id, {"reason": one.reason}), to_utc(one.at),
          to_utc(one.until), one.reviewed_by, to_utc(one.reviewed_at)])
    tx.touch(LIST)


def read_glasses(db: Reader, *, unseen: bool = False, limit: int = 200) -> tuple[Glass, ...]:
    """Broken glasses, the newest first; with `unseen` only those that no lead has looked at."""
    rows = db.rows(_GLASS + "where not ? or reviewed_at is null order by broken_at desc, id limit ?", [unseen, limit])
    return tuple(_opened(db, row) for row in rows)


def glass_by_id(db: Reader, glass_id: str) -> Glass | None:
    row = db.one(_GLASS + "where id = ?", [glass_id])
    return _opened(db, row) if row else None


def guarded(db: Reader) -> Guarded:
    """Who may open which restricted record; kept in memory until a restriction, a glass or an episode of those patients changes."""
    if not isinstance(db, Database):
        return _read(db)
    return db.kept_lists.or_read(LIST, (LIST, EPISODES), lambda: _read(db))


def patient_of(db: Reader, kind: str, record_id: str) -> str | None:
    """The patient that a record belongs to; None when there is no such record, or it belongs to nobody."""
    if kind == "patient":
        return record_id
    if kind == "episode":
        row = db.one("select patient_id from episode where id = ?", [record_id])
    elif kind in _OWNED:
        row = db.one(f"select patient_id from {kind} where id = ? limit 1", [record_id])  # noqa: S608  (a name of the closed set above)
    else:
        return None
    return str(row[0]) if row else None


def _read(db: Reader) -> Guarded:
    restricted = [row[0] for row in db.rows("select patient_id from restriction")]
    if not restricted:
        return Guarded({}, {})
    therapists: dict[str, set[str]] = {one: set() for one in restricted}
    for patient, therapist in db.rows(
        "select patient_id, therapist from episode where patient_id in (select unnest(?::varchar[]))", [restricted]
    ):
        therapists[patient].add(therapist)
    glasses: dict[str, list[Glass]] = {}
    for row in db.rows(_GLASS + "where patient_id in (select unnest(?::varchar[])) order by broken_at desc limit 1000", [restricted]):
        glasses.setdefault(row[1], []).append(_opened(db, row))
    return Guarded({one: frozenset(who) for one, who in therapists.items()}, {one: tuple(found) for one, found in glasses.items()})


def _opened(db: Reader, row: Row) -> Glass:
    words: dict[str, Any] = open_words(db.keys, "glass", row[0], row[4])
    return Glass(row[0], row[1], row[2], row[3], words.get("reason", ""), instant(row[5]), instant(row[6]), row[7], from_utc(row[8]))
