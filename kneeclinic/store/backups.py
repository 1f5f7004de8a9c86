"""Copies of the clinic file that were opened again to prove them, and the way back from one."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from kneeclinic.security.audit import FIRST_LINK
from kneeclinic.security.keys import Keys, OuterKey
from kneeclinic.store import migrating
from kneeclinic.store.anchoring import AnchorFile
from kneeclinic.store.audit import save_anchor_anew
from kneeclinic.store.connection import CannotWrite, NotAClinic, connect, told
from kneeclinic.store.database import Database
from kneeclinic.store.health import table_counts
from kneeclinic.store.keyholes import opened_by
from kneeclinic.store.reading import Reader, Row
from kneeclinic.store.sealing import from_utc, instant, to_utc
from kneeclinic.store.transactions import Transaction, valued
from kneeclinic.store.write_ahead import wal_of
from kneeclinic.vocabulary import NotFound, Refused, new_id

HALF = ".partial-"
"""How the name of a copy begins until it is whole."""
_SELECT = "select id, made_at, made_by, reason, path, size_bytes, checked_at, drilled_at from backup "


@dataclass(frozen=True)
class Copy:
    """A copy just written: where, how large, its hash, and the rows it holds by table."""

    path: Path
    size_bytes: int
    sha256: str
    counts: dict[str, int]
    head: tuple[int, bytes]
    """The last line of the log that it holds: its number and link."""


@dataclass(frozen=True)
class Backup:
    """A copy as noted in the clinic file. `checked_at`: opened again after writing; `drilled_at`: restored as an exercise."""

    id: str
    made_at: datetime
    made_by: str
    reason: str
    path: str
    size_bytes: int
    checked_at: datetime | None = None
    drilled_at: datetime | None = None


def save_copy(db: Database, target: Path | str) -> Copy:
    """Writes a whole copy while everybody works on, opens it again and counts; raises Refused when the target exists, CannotWrite on a full disk.

    The copy is as sealed as the clinic file and opens with the same key.
    """
    goal = Path(target).expanduser().resolve()
    if goal.exists():
        raise Refused(f"{goal} exists already; choose a new name for the backup.")
    partial = db.backup_folder / f"{HALF}{new_id()}.duckdb"
    arriving = goal.with_name(partial.name)
    try:
        db.copy_into(partial)
        counts, head = _checked(partial)
        goal.parent.mkdir(parents=True, exist_ok=True)
        if arriving != partial:
            shutil.move(partial, arriving)
        os.chmod(arriving, 0o600)
        os.replace(arriving, goal)
        return Copy(goal, goal.stat().st_size, _hash(goal), counts, head)
    except OSError as why:
        raise CannotWrite(f"The backup could not be written to {goal} ({why}); check the disk or choose another place.") from None
    finally:
        for one in (partial, arriving):
            with suppress(OSError):
                one.unlink(missing_ok=True)
        _remove_if_empty(db.backup_folder)


def save_copy_anchor(db: Database, copy: Copy, place: Path) -> None:
    """Notes the head of the copy's log at `place`, so that the copy can be proven where it lies, and a shortened one shows."""
    AnchorFile(place, db.keys.audit_key, db.clinic_id).write(*copy.head, anew=True)


def restore_copy(source: Path | str, target: Path | str, keys: OuterKey | Keys) -> Database:
    """Puts a backup in place as a NEW clinic file and opens it; raises Refused when the target exists, NotFound, WrongKey or NotAClinic.

    The log of the new file is noted from its present head on.
    """
    origin, goal = Path(source).expanduser().resolve(), Path(target).expanduser().resolve()
    if not origin.is_file():
        raise NotFound(f"There is no backup at {origin}; check the name.")
    if goal.exists():
        raise Refused(f"{goal} exists already; a backup is restored into a new file only.")
    _is_a_backup(origin, keys)
    arriving = goal.with_name(f"{HALF}{new_id()}.duckdb")
    try:
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(origin, arriving)
        os.chmod(arriving, 0o600)
        os.replace(arriving, goal)
    except OSError as why:
        raise CannotWrite(f"The backup could not be restored to {goal} ({why}); check the disk or choose another place.") from None
    finally:
        with suppress(OSError):
            arriving.unlink(missing_ok=True)
    try:
        database = Database.open(goal, keys)
    except BaseException:
        for one in (goal, wal_of(goal)):
            one.unlink(missing_ok=True)
        raise
    save_anchor_anew(database)
    return database


def save_backup(tx: Transaction, one: Backup) -> None:
    """Notes a copy that was made, or that it was drilled (same id)."""
    tx.run("delete from backup where id = ?", [one.id])
    tx.run(valued("backup", "id made_at made_by reason path size_bytes checked_at drilled_at"), [
        one.id, to_utc(one.made_at), one.made_by, one.reason, one.path, one.size_bytes, to_utc(one.checked_at), to_utc(one.drilled_at),
    ])


def save_backup_gone(tx: Transaction, backup_id: str) -> None:
    """Takes a copy that is no more off the list; that it was taken stays in the log."""
    tx.run("delete from backup where id = ?", [backup_id])


def latest_backup(db: Reader) -> Backup | None:
    """The newest copy that was noted, or None."""
    row = db.one(_SELECT + "order by made_at desc limit 1")
    return _opened(row) if row else None


def backups(db: Reader, limit: int = 100) -> tuple[Backup, ...]:
    """Noted copies, newest first."""
    return tuple(_opened(row) for row in db.rows(_SELECT + "order by made_at desc limit ?", [limit]))


def backup_name(clinic_path: Path, now: datetime | None = None) -> str:
    """The usual file name: clinic and UTC time."""
    return f"{clinic_path.stem}-{(now or datetime.now(UTC)).astimezone(UTC).strftime('%Y%m%dT%H%M%SZ')}.duckdb"


def _checked(copy: Path) -> tuple[dict[str, int], tuple[int, bytes]]:
    """Opens a copy by itself, counts its rows and finds the head of its log; raises NotAClinic when it does not open."""
    import duckdb

    try:
        con = connect(copy, copy.parent, read_only=True)
        try:
            last = con.execute("select seq, link from audit order by seq desc limit 1").fetchall()
            return table_counts(con.cursor()), (last[0][0], bytes(last[0][1])) if last else (0, FIRST_LINK)
        finally:
            con.close()
    except duckdb.Error as error:
        raise NotAClinic(f"The backup at {copy} does not open again; make another, on another disk.") from (told(error, copy) or error)


def _is_a_backup(origin: Path, keys: OuterKey | Keys) -> None:
    """Looks into the file where it lies, so that what is wrong is said of it and not of the new one; raises NotAClinic or WrongKey."""
    import duckdb

    try:
        con = connect(origin, origin.parent, read_only=True)
        try:
            if not migrating.applied(con.cursor()):
                raise NotAClinic(f"{origin} is not a backup of a clinic; choose another file.")
            opened_by(con.cursor(), keys, origin)
        finally:
            con.close()
    except NotAClinic:
        raise NotAClinic(f"{origin} is damaged, or is not a backup of a clinic; choose another file.") from None
    except duckdb.Error as error:
        raise NotAClinic(f"{origin} is damaged, or is not a backup of a clinic; choose another file.") from (told(error, origin) or error)


def _hash(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _opened(row: Row) -> Backup:
    return Backup(row[0], instant(row[1]), row[2], row[3], row[4], row[5], from_utc(row[6]), from_utc(row[7]))
