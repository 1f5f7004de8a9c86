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
AMONG = "in (select unnest(?::varchar[]))"
"""How this room asks for several ids; a list of one is asked for as that one id, which the engine plans in half the time,
and an empty one is not asked for."""


class Reader(Protocol):
    """What every reading function accepts: a Database, a Snapshot or a Transaction."""

    keys: Keys

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]: ...

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None: ...

    def snapshot(self) -> Any: ...


def asked(cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any]) -> list[Row]:
    """All rows of one question, fetched fully; among no ids there are none."""
    given, told_as, place = list(parameters), "", 0
    *pieces, last = sql.split(AMONG)
    for piece in pieces:
        place += piece.count("?")
        if not given[place]:
            return []
        one = len(given[place]) == 1
        if one:
            given[place] = given[place][0]
        told_as += piece + ("= ?" if one else AMONG)
        place += 1
    return cursor.execute(told_as + last, given).fetchall()


class CursorReader:
    """Asks through one cursor, so that several questions see the same moment."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, keys: Keys, path: Path) -> None:
        self._cursor, self.keys, self.path = cursor, keys, path

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """All rows, fetched fully."""
        try:
            return asked(self._cursor, sql, parameters)
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
