"""The ways to ask the store: the database as it is now, one frozen moment of it, or a transaction that sees its own changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import duckdb

from kneeclinic.security.keys import Keys
from kneeclinic.store.connection import told

Row = tuple[Any, ...]


class Reader(Protocol):
    """What every reading function accepts: a Database, a Snapshot or a Transaction."""

    keys: Keys

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]: ...

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None: ...

    def snapshot(self) -> Any: ...


class CursorReader:
    """Asks through one cursor, so that several questions see the same moment."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, keys: Keys, path: Path) -> None:
        self._cursor, self.keys, self.path = cursor, keys, path

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """All rows, fetched fully."""
        try:
            return self._cursor.execute(sql, list(parameters)).fetchall()
        except duckdb.Error as error:
            raise told(error, self.path) or error from error

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        """The first row, or None."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    @contextmanager
    def snapshot(self) -> Iterator[CursorReader]:
        """Already one moment."""
        yield self
