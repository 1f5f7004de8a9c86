"""Brings an older clinic file to today's shape, step by numbered step, and refuses when a past step was altered."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import duckdb

from kneeclinic.vocabulary import KneeClinicError

FOLDER = Path(__file__).parent / "migrations"
VIEWS = Path(__file__).parent / "views.sql"
_RECORD = """
    create table if not exists migration (
        number integer primary key, name varchar not null, hash varchar not null, applied_at timestamp not null
    )
"""


class ChangedMigration(KneeClinicError):
    """The program's list of steps does not fit the steps this file went through."""


@dataclass(frozen=True)
class Migration:
    """One step: its number, file name, statements and their hash."""

    number: int
    name: str
    sql: str
    hash: str


def migrations(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """All steps in order; raises ChangedMigration when a number is missing or given twice."""
    found = []
    for file in sorted(folder.glob("*.sql")):
        number = re.match(r"(\d{4})_", file.name)
        if not number:
            raise ChangedMigration(f"{file.name} is not named like 0001_what_it_does.sql; rename it.")
        sql = file.read_text(encoding="utf-8")
        found.append(Migration(int(number[1]), file.name, sql, sha256(sql.replace("\r\n", "\n").encode()).hexdigest()))
    if [one.number for one in found] != list(range(1, len(found) + 1)):
        raise ChangedMigration(f"The migrations in {folder.name} are not numbered 1 to {len(found)} without a gap.")
    return tuple(found)


def applied(cursor: duckdb.DuckDBPyConnection) -> dict[int, tuple[str, str]]:
    """Number to (name, hash) of the steps this file went through; empty for a new file."""
    if not cursor.execute("select 1 from duckdb_tables() where table_name = 'migration' and not internal").fetchall():
        return {}
    return {number: (name, hash_) for number, name, hash_ in cursor.execute("select number, name, hash from migration").fetchall()}


def pending(cursor: duckdb.DuckDBPyConnection, steps: tuple[Migration, ...], path: Path) -> tuple[Migration, ...]:
    """Steps still to do; raises ChangedMigration when a past step was altered or the file is newer than the program."""
    done = applied(cursor)
    by_number = {one.number: one for one in steps}
    for number, (name, hash_) in sorted(done.items()):
        if number not in by_number:
            raise ChangedMigration(f"{path} was last used by a newer program (step {name}); start that one.")
        if by_number[number].hash != hash_:
            raise ChangedMigration(f"{by_number[number].name} was changed after it was applied to {path}; bring back the old text.")
    return tuple(one for one in steps if one.number not in done)


def apply(cursor: duckdb.DuckDBPyConnection, step: Migration, also: Callable[[duckdb.DuckDBPyConnection], None] | None = None) -> None:
    """One step and its record in one transaction, then a checkpoint."""
    cursor.execute("begin transaction")
    try:
        cursor.execute(_RECORD)
        cursor.execute(step.sql)
        cursor.execute("delete from house where name = 'views'")  # made anew even when the power goes between this step and the views
        cursor.execute(
            "insert into migration (number, name, hash, applied_at) values (?, ?, ?, ?)",
            [step.number, step.name, step.hash, datetime.now(UTC).replace(tzinfo=None)],
        )
        if also:
            also(cursor)
        cursor.execute("commit")
    except BaseException:
        cursor.execute("rollback")
        raise
    cursor.execute("checkpoint")


def rebuild_views(cursor: duckdb.DuckDBPyConnection, *, force: bool, views: Path = VIEWS) -> None:
    """Makes the views anew after a migration, or when their text is not the one they were made from."""
    sql = views.read_text(encoding="utf-8")
    hash_ = sha256(sql.replace("\r\n", "\n").encode()).hexdigest()
    made = cursor.execute("select value from house where name = 'views'").fetchall()
    if not force and made == [(hash_,)]:
        return
    cursor.execute("begin transaction")
    try:
        cursor.execute(sql)
        cursor.execute("insert into house (name, value) values ('views', ?) on conflict (name) do update set value = excluded.value", [hash_])
        cursor.execute("commit")
    except BaseException:
        cursor.execute("rollback")
        raise
    cursor.execute("checkpoint")
