"""One change to the record: all of it or nothing, with its line in the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from kneeclinic.security.keys import Keys
from kneeclinic.store.changes import ALL
from kneeclinic.store.connection import told
from kneeclinic.store.reading import CursorReader

ENTRY_BITS = 40
EPOCH = date(1970, 1, 1)


class Transaction(CursorReader):
    """Given to every `save_…`; sees its own changes. What it touched is noted when it is committed."""

    def __init__(
        self, cursor: duckdb.DuckDBPyConnection, keys: Keys, path: Path, *, head: tuple[int, bytes], entry: int, coded: frozenset[str]
    ) -> None:
        super().__init__(cursor, keys, path)
        self.head = head
        self.entry = entry
        self.coded_measures = coded
        self.touched: set[str] = set()

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        self.rows(sql, parameters)

    def insert(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Many rows in one statement; `sql` ends in a `select unnest(…), …` made by `unnested`."""
        if not rows:
            return
        try:
            self._cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
        except duckdb.Error as error:
            raise told(error, self.path) or error from error

    def touch(self, *ids: str) -> None:
        """Episodes, patients or lists that this transaction changes."""
        self.touched.update(one for one in ids if one)

    def touch_everything(self) -> None:
        self.touched.add(ALL)

    def place(self, day: date) -> int:
        """Day and order of entry as one growing number, the single key that `arg_max` wants."""
        self.entry += 1
        return (day - EPOCH).days << ENTRY_BITS | self.entry


def unnested(into: str, columns: dict[str, str]) -> str:
    """An insert of whole columns: `into` is the table, `columns` name to type. Only called with constants of this room."""
    names = ", ".join(columns)
    values = ", ".join(f"unnest(?::{kind}[])" for kind in columns.values())
    return f"insert into {into} ({names}) select {values}"


def valued(into: str, columns: str | Iterable[str]) -> str:
    """An insert of one row; `columns` are names of this room's tables."""
    names = columns.split() if isinstance(columns, str) else list(columns)
    return f"insert into {into} ({', '.join(names)}) values ({', '.join('?' for _ in names)})"  # noqa: S608  (constants of this room)


def kept(table: str, columns: str) -> str:
    """Puts the present version of a row into the table's history; asks for id and version."""
    names = ", ".join(columns.split())
    return f"insert into {table}_history ({names}) select {names} from {table} where id = ? and version = ?"  # noqa: S608  (constants)
