"""Changes the outer key of a clinic without touching a single record."""

from __future__ import annotations

from datetime import UTC, datetime

from kneeclinic.security.keys import OuterKey, fingerprint, wrap
from kneeclinic.store.database import Database


def save_envelope(db: Database, outer: OuterKey) -> None:
    """From now on this outer key opens the clinic file too; keep it (`keys.remember_key`) before the old one is dropped."""
    with db.transaction() as tx:
        tx.run("delete from key_envelope where fingerprint = ?", [outer.fingerprint])
        tx.run("insert into key_envelope (fingerprint, wrapped, made_at) values (?, ?, ?)", [
            outer.fingerprint, wrap(outer.secret, db.keys), datetime.now(UTC).replace(tzinfo=None),
        ])


def save_only_envelope(db: Database, outer: OuterKey) -> int:
    """From now on no other outer key opens the clinic file; returns how many were dropped. Older backups still open with theirs."""
    with db.transaction() as tx:
        dropped = tx.rows("delete from key_envelope where fingerprint != ? returning fingerprint", [fingerprint(outer.secret)])
    db.outer_key = outer
    return len(dropped)
