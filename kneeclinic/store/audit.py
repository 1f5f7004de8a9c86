"""The log: written in the same transaction as what it tells of, read with filters, proven line by line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kneeclinic.security.accounts import Actor
from kneeclinic.security.audit import FIRST_LINK, AuditEntry, entry_bytes, link
from kneeclinic.store.database import Database
from kneeclinic.store.reading import Reader, Row
from kneeclinic.store.sealing import instant, open_words, seal_words, to_utc
from kneeclinic.store.transactions import Transaction, valued

_INSERT = valued("audit", "seq happened_at account_id role origin action entity entity_id patient_id sealed_detail link")
_SELECT = "select seq, happened_at, account_id, role, origin, action, entity, entity_id, patient_id, sealed_detail, link from audit "
_BATCH = 20_000
NOT_NOTED = (
    "The {entries} lines of the log fit together, but their head was never noted beside the key on this machine, so nobody can tell whether lines "
    "after them were cut off. Of a backup that was carried here this is all there is to say until it is restored; of the clinic itself it means "
    "that the note was taken away."
)


@dataclass(frozen=True)
class ChainState:
    """Whether the log is whole: how many lines, the first that does not fit, and what the note outside the file says."""

    entries: int
    broken_at: int | None
    why: str
    anchored_since: int | None

    @property
    def is_whole(self) -> bool:
        return self.broken_at is None and not self.why


def save_audit(
    tx: Transaction, actor: Actor, action: str, entity: str, entity_id: str, detail: Mapping[str, Any] | str | None, now: datetime,
    *, patient_id: str = "",
) -> int:
    """One line of the log in the same transaction as the change; `detail` (old and new values) is sealed. Returns its number."""
    seq = tx.head[0] + 1
    told = {"text": detail} if isinstance(detail, str) else dict(detail or {})
    sealed = seal_words(tx.keys, "audit", str(seq), {"actor": actor.name, "detail": json.dumps(told, default=str)})
    at = to_utc(now)
    assert at is not None
    plain = [seq, at.isoformat(), actor.account_id, str(actor.role), actor.origin, action, entity, entity_id, patient_id]
    head = link(tx.keys.audit_key, tx.head[1], entry_bytes(plain, sealed))
    tx.run(_INSERT, [seq, at, *plain[2:], sealed, head])
    tx.head = (seq, head)
    return seq


def read_audit(
    db: Reader, *, since: datetime | None = None, until: datetime | None = None, account_id: str | None = None, action: str | None = None,
    entity: str | None = None, entity_id: str | None = None, patient_id: str | None = None, before_seq: int | None = None, limit: int = 200,
) -> tuple[AuditEntry, ...]:
    """Lines that fit all filters given, newest first; `before_seq` turns the page."""
    filters: list[tuple[str, Any]] = [
        ("happened_at >= ?", to_utc(since)), ("happened_at < ?", to_utc(until)), ("account_id = ?", account_id), ("action = ?", action),
        ("entity = ?", entity), ("entity_id = ?", entity_id), ("patient_id = ?", patient_id), ("seq < ?", before_seq),
    ]
    given = [(words, value) for words, value in filters if value is not None]
    where = " and ".join(words for words, _ in given) or "true"
    rows = db.rows(f"{_SELECT} where {where} order by seq desc limit ?", [*(value for _, value in given), limit])
    return tuple(_opened(db, row) for row in rows)


def verify_chain(db: Database) -> ChainState:
    """Walks the whole log and compares its head with the note outside the file."""
    noted = db.anchor.read()
    with db.snapshot() as view:
        previous, expected, noted_link = FIRST_LINK, 1, None
        while rows := view.rows(_SELECT + "where seq >= ? order by seq limit ?", [expected, _BATCH]):
            for row in rows:
                plain = [row[0], row[1].isoformat(), *row[2:9]]
                here = link(db.keys.audit_key, previous, entry_bytes(plain, row[9]))
                if row[0] != expected:
                    return ChainState(expected - 1, expected, f"Line {expected} of the log is missing.", noted.since if noted else None)
                if here != bytes(row[10]):
                    return ChainState(
                        expected, expected, f"Line {expected} of the log was changed, or a line before it was removed or put in.",
                        noted.since if noted else None,
                    )
                if noted and noted.seq == expected:
                    noted_link = here
                previous, expected = here, expected + 1
    entries = expected - 1
    trouble = db.anchor.fault or db.anchor.unwritten
    if trouble:
        return ChainState(entries, None, trouble, noted.since if noted else None)
    if noted is None:
        return ChainState(entries, None, "" if entries == 0 else NOT_NOTED.format(entries=entries), None)
    if noted.seq > 0 and noted_link != noted.link:
        return ChainState(
            entries, entries + 1 if noted.seq > entries else noted.seq,
            f"The log was noted up to line {noted.seq}, and this file holds {entries}: lines were removed, or an older copy was put in place.",
            noted.since,
        )
    return ChainState(entries, None, "", noted.since)


def save_anchor_anew(db: Database) -> None:
    """Notes the present head as the right one: after a restore, or when a lead has looked into a fault and accepts the log as it is."""
    with db.transaction() as tx:
        db.anchor.write(*tx.head, anew=True)


def _opened(db: Reader, row: Row) -> AuditEntry:
    words = open_words(db.keys, "audit", str(row[0]), row[9])
    return AuditEntry(
        seq=row[0], at=instant(row[1]), account_id=row[2], actor_name=words.get("actor", ""), role=row[3], origin=row[4], action=row[5],
        entity=row[6], entity_id=row[7], patient_id=row[8], detail=json.loads(words.get("detail", "{}")), link=bytes(row[10]).hex(),
    )
