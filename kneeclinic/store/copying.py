"""Copies the whole clinic file while everybody works on."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from kneeclinic.store.connection import CannotWrite
from kneeclinic.store.write_ahead import wal_of
from kneeclinic.vocabulary import new_id


def copy_database(cursor: duckdb.DuckDBPyConnection, target: Path) -> None:
    """One moment of the file as a new file; on a fault nothing is left. Copying the file itself would miss what is in the write-ahead log."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as why:
        raise CannotWrite(f"The folder {target.parent} cannot be made ({why}); check the disk.") from None
    name = f"copy_{new_id()}"
    file = str(target).replace("'", "''")
    house = str(cursor.execute("select current_database()").fetchall()[0][0]).replace('"', '""')
    try:
        # Names of files and databases cannot be parameters: one name is ours, the others are quoted.
        cursor.execute(f"attach '{file}' as {name}")
        try:
            cursor.execute(f'copy from database "{house}" to {name}')
        finally:
            cursor.execute(f"detach {name}")
    except BaseException:
        target.unlink(missing_ok=True)
        wal_of(target).unlink(missing_ok=True)
        raise
    os.chmod(target, 0o600)
