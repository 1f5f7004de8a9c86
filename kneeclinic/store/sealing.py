"""Puts names and free text under seal on the way in, and takes it off on the way out; instants go in as UTC."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from kneeclinic.security.fields import field_context, open_sealed, seal
from kneeclinic.security.keys import Keys


def seal_text(keys: Keys, table: str, column: str, record_id: str, text: str) -> bytes | None:
    """Sealed bytes; None for an empty text."""
    return seal(keys, text.encode("utf-8", "surrogatepass"), field_context(table, column, record_id)) if text else None


def open_text(keys: Keys, table: str, column: str, record_id: str, sealed: bytes | None) -> str:
    return "" if sealed is None else open_sealed(keys, sealed, field_context(table, column, record_id)).decode("utf-8", "surrogatepass")


def seal_blob(keys: Keys, table: str, column: str, record_id: str, data: bytes) -> bytes:
    return seal(keys, data, field_context(table, column, record_id))


def open_blob(keys: Keys, table: str, column: str, record_id: str, sealed: bytes) -> bytes:
    return open_sealed(keys, sealed, field_context(table, column, record_id))


def seal_words(keys: Keys, table: str, record_id: str, words: dict[str, Any]) -> bytes | None:
    """All free text of one record under one seal; None when there is none."""
    kept = {name: value for name, value in words.items() if value}
    return seal(keys, json.dumps(kept).encode(), field_context(table, "sealed_words", record_id)) if kept else None


def open_words(keys: Keys, table: str, record_id: str, sealed: bytes | None) -> dict[str, Any]:
    if sealed is None:
        return {}
    opened: dict[str, Any] = json.loads(open_sealed(keys, sealed, field_context(table, "sealed_words", record_id)))
    return opened


def to_utc(instant: datetime | None) -> datetime | None:
    """As stored: UTC without a zone; an instant without a zone is taken as UTC."""
    if instant is None or instant.tzinfo is None:
        return instant
    return instant.astimezone(UTC).replace(tzinfo=None)


def from_utc(stored: datetime | None) -> datetime | None:
    """As handed out: UTC with its zone."""
    return None if stored is None else stored.replace(tzinfo=UTC)


def instant(stored: datetime) -> datetime:
    """As handed out, where there always is one."""
    return stored.replace(tzinfo=UTC)
