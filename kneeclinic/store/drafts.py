"""Unfinished forms: one a person, kind and subject, replaced with every save."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kneeclinic.record.drafts import Draft
from kneeclinic.store.reading import Reader, Row
from kneeclinic.store.sealing import instant, open_blob, seal_blob, to_utc
from kneeclinic.store.transactions import Transaction
from kneeclinic.vocabulary import Conflict

_SELECT = "select kind, owner, subject_id, revision, sealed_payload, saved_at from draft "


def save_draft(
    tx: Transaction, *, kind: str, owner: str, subject_id: str, payload: Mapping[str, Any], expected_revision: int | None, now: datetime
) -> Draft:
    """Keeps what was typed (values that JSON knows). `expected_revision` is the one this form was last saved or read with, None or 0 for a new one.

    Raises Conflict when another window of the same person saved in between; nothing is overwritten.
    """
    row = tx.one("select revision from draft where kind = ? and owner = ? and subject_id = ?", [kind, owner, subject_id])
    stored = row[0] if row else 0
    if stored != (expected_revision or 0):
        raise Conflict("This form was saved in another window in the meantime; load it again to see what was typed there.")
    sealed = seal_blob(tx.keys, "draft", "sealed_payload", _record_id(kind, owner, subject_id), json.dumps(payload).encode())
    if row:
        tx.run(
            "update draft set revision = ?, sealed_payload = ?, saved_at = ? where kind = ? and owner = ? and subject_id = ?",
            [stored + 1, sealed, to_utc(now), kind, owner, subject_id],
        )
    else:
        tx.run(
            "insert into draft (kind, owner, subject_id, revision, sealed_payload, saved_at) values (?, ?, ?, ?, ?, ?)",
            [kind, owner, subject_id, 1, sealed, to_utc(now)],
        )
    return Draft(kind, owner, subject_id, dict(payload), stored + 1, now)


def save_draft_discarded(tx: Transaction, kind: str, owner: str, subject_id: str) -> bool:
    """Throws a draft away; False when there was none."""
    gone = tx.rows("delete from draft where kind = ? and owner = ? and subject_id = ? returning kind", [kind, owner, subject_id])
    return bool(gone)


def read_draft(db: Reader, kind: str, owner: str, subject_id: str) -> Draft | None:
    """What this person has typed so far, or None."""
    row = db.one(_SELECT + "where kind = ? and owner = ? and subject_id = ?", [kind, owner, subject_id])
    return _opened(db, row) if row else None


def drafts_of(db: Reader, owner: str) -> tuple[Draft, ...]:
    """Everything this person has not finished, newest first."""
    rows = db.rows(_SELECT + "where owner = ? order by saved_at desc", [owner])
    return tuple(_opened(db, row) for row in rows)


def drafts_on(db: Reader, kind: str, subject_id: str) -> tuple[Draft, ...]:
    """What everybody has not finished on one subject, newest first."""
    rows = db.rows(_SELECT + "where kind = ? and subject_id = ? order by saved_at desc", [kind, subject_id])
    return tuple(_opened(db, row) for row in rows)


def _record_id(kind: str, owner: str, subject_id: str) -> str:
    return json.dumps([kind, owner, subject_id])


def _opened(db: Reader, row: Row) -> Draft:
    payload = json.loads(open_blob(db.keys, "draft", "sealed_payload", _record_id(*row[:3]), row[4]))
    return Draft(row[0], row[1], row[2], payload, row[3], instant(row[5]))
