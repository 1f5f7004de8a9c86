"""What stands beside the clinic file while it is open, the engine's logs of changes, and what a loss of power can have torn in them.

The engine (version 2.0) writes each change to `.wal` and flushes it. From time to time it sets a mark there and moves the changes into the file;
what is saved meanwhile goes to `.wal.checkpoint`, which takes the place of `.wal` at the end.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

HEAD = b"d\x00b"
"""How each log begins (field 100: kind 98, its version)."""
MARK, MARK_WITHIN = b"d\x00ce\x00", 256
"""How the mark of a move begins (kind 99; field 101: where the directory will stand), and how far from the end of the log it can be."""
TORN_ENTRY = re.compile(r"Corrupt WAL file: entry at byte position (\d+)")
TORN_BLOCK = re.compile(r"computed checksum (\d+) does not match stored checksum \d+ in block at location (\d+)")


def wal_of(path: Path) -> Path:
    return path.with_name(path.name + ".wal")


def logs_of(path: Path) -> tuple[Path, Path]:
    """The log of changes, and the one of what is saved while changes are moved."""
    return wal_of(path), path.with_name(path.name + ".wal.checkpoint")


@dataclass(frozen=True)
class Remedy:
    """How to take out one torn part: what it is, in words of the log, and the act. `in_a_move`: only a move of changes can have torn it."""

    what: str
    act: Callable[[], object]
    in_a_move: bool = False


def remedy_for(fault: str, path: Path) -> Remedy | None:
    """What the engine's sentence calls for, or None when no loss of power explains it."""
    log, second = logs_of(path)
    if entry := TORN_ENTRY.search(fault):
        torn, place = second if "checkpoint WAL" in fault and second.exists() else log, int(entry[1])
        return Remedy(f"{torn.name} cut at {place}", lambda: os.truncate(torn, place))
    if "Failed to deserialize" in fault:
        headless = next((one for one in (second, log) if one.exists() and not _start_of(one).startswith(HEAD)), None)
        return None if headless is None else Remedy(f"{headless.name} left out", headless.unlink)
    if "checkpoint WAL cannot contain" in fault:
        return Remedy(f"{second.name} in place of {log.name}", lambda: second.replace(log), in_a_move=True)
    if block := TORN_BLOCK.search(fault):
        checksum, place = int(block[1]), int(block[2])
        return Remedy(f"checksum at {place} set", lambda: _overwrite(path, place, struct.pack("<Q", checksum)), in_a_move=True)
    return None


def was_moving_changes(path: Path) -> bool:
    """Whether a log ends with the mark that the engine sets before it moves the changes into the file, and takes away afterwards."""
    return any(one.exists() and MARK in _end_of(one) for one in logs_of(path))


def read_everything(con: duckdb.DuckDBPyConnection) -> None:
    """Every block of every table, so that a torn one shows now and not at somebody's question; 8,000,000 values take seconds."""
    for (name,) in con.execute("select table_name from duckdb_tables() where not internal").fetchall():
        con.execute(f'select bit_xor(hash(one)) from "{name}" one').fetchall()  # noqa: S608  (names of our tables)


def _start_of(file: Path) -> bytes:
    with file.open("rb") as held:
        return held.read(len(HEAD))


def _end_of(file: Path) -> bytes:
    with file.open("rb") as held:
        held.seek(max(0, held.seek(0, os.SEEK_END) - MARK_WITHIN))
        return held.read()


def _overwrite(file: Path, place: int, data: bytes) -> None:
    with file.open("r+b") as held:
        held.seek(place)
        held.write(data)
