"""The one clinic file: opened once, read by many, written by one at a time."""

from __future__ import annotations

import logging
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

import duckdb

from kneeclinic.security.audit import FIRST_LINK
from kneeclinic.security.keys import Keys, OuterKey, WrongKey
from kneeclinic.store import migrating
from kneeclinic.store.anchoring import AnchorFile
from kneeclinic.store.changes import Changes, Kept
from kneeclinic.store.connection import CannotWrite, Clash, ClinicBusy, ClinicClosed, NotAClinic, Torn, connect, told
from kneeclinic.store.copying import copy_database
from kneeclinic.store.keyholes import bear, opened_by
from kneeclinic.store.reading import CursorReader, Row, asked
from kneeclinic.store.transactions import ENTRY_BITS, Transaction
from kneeclinic.store.turns import InTurn
from kneeclinic.store.write_ahead import read_everything, wal_of, was_moving_changes
from kneeclinic.vocabulary import NotFound, Refused

__all__ = ["CannotWrite", "ClinicBusy", "Database", "NotAClinic", "WrongKey"]

T = TypeVar("T")
ATTEMPTS = 8
FOR_THE_OWNER_ALONE = 0o077
"""The engine makes the file beside the clinic (.wal) anew again and again: whatever this process writes is for its owner alone."""
FIRST_PAUSE_S = 0.004
CASES_KEPT = 2_000
_OPEN: dict[Path, Database] = {}
_OPEN_LOCK = RLock()
log = logging.getLogger(__name__)


class Database:
    """Made by `Database.open`. Every question gets a cursor of its own; results are fetched fully."""

    keys: Keys
    outer_key: OuterKey | None

    def __init__(self, path: Path, con: duckdb.DuckDBPyConnection, *, read_only: bool, coded_measures: frozenset[str]) -> None:
        self.path, self.read_only, self.coded_measures = path, read_only, coded_measures
        self.backup_folder = path.parent / "backups"
        self.changes = Changes()
        self.kept_cases = Kept(self.changes, CASES_KEPT)
        self.kept_lists = Kept(self.changes, 16)
        self.clinic_id = ""
        self.anchor: AnchorFile
        self._con = con
        self._writer = InTurn()
        self._writing = False
        self._head: tuple[int, bytes] = (0, FIRST_LINK)
        self._entry = 0
        self._holders = 1
        self._inode = _inode(path)

    @classmethod
    def open(
        cls, path: Path | str, keys: OuterKey | Keys, *, create: bool = False, read_only: bool = False,
        coded_measures: frozenset[str] = frozenset(), migrations_folder: Path = migrating.FOLDER,
    ) -> Database:
        """Opens a clinic file and brings it to today's shape; a new one is made only with `create`.

        `coded_measures` are the measures whose answers are codes: only their texts are stored readable, every other text is sealed.
        A second `open` of the same file in this process hands out the same Database. Raises NotFound, ClinicBusy, WrongKey,
        NotAClinic, CannotWrite or ChangedMigration, each with one sentence.
        """
        file = Path(path).expanduser().resolve()
        with _OPEN_LOCK:
            known = _OPEN.get(file)
            if known is not None and known._inode == _inode(file):
                return known._join(keys, read_only=read_only, coded_measures=coded_measures)
            os.umask(FOR_THE_OWNER_ALONE)
            if not file.exists():
                if not create:
                    raise NotFound(f"There is no clinic file at {file}; check the name, or set up a new clinic.")
                try:
                    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                except OSError as why:
                    raise CannotWrite(f"The folder {file.parent} cannot be made ({why}); choose another place.") from None

            def opened() -> Database:
                return cls._opened(file, keys, migrations_folder, read_only=read_only, coded_measures=coded_measures)

            try:
                return opened()
            except Torn as torn:
                if read_only:
                    raise
                from kneeclinic.store.power_cut import brought_back

                return brought_back(file, torn, opened)

    @classmethod
    def _opened(cls, file: Path, keys: OuterKey | Keys, folder: Path, *, read_only: bool, coded_measures: frozenset[str]) -> Database:
        interrupted = was_moving_changes(file)
        database = cls(file, connect(file, file.parent / "backups", read_only=read_only), read_only=read_only, coded_measures=coded_measures)
        try:
            if interrupted:
                read_everything(database._con)
            if not read_only:
                _keep_private(file)
            database._begin(keys, folder)
        except duckdb.Error as error:
            database._con.close()
            raise told(error, file) or error from error
        except BaseException:
            database._con.close()
            raise
        _OPEN[file] = database
        return database

    def close(self) -> None:
        """Lets go of the file when the last holder closes."""
        with _OPEN_LOCK:
            self._holders -= 1
            if self._holders > 0:
                return
            if _OPEN.get(self.path) is self:
                del _OPEN[self.path]
            with self._writer:
                self._con.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # reading

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """All rows of one question."""
        with self._cursor() as cursor:
            return asked(cursor, sql, parameters)

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        """The first row, or None."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    @contextmanager
    def snapshot(self) -> Iterator[CursorReader]:
        """One frozen moment: several questions, one state of the record."""
        with self._cursor() as cursor:
            cursor.execute("begin transaction")
            try:
                yield CursorReader(cursor, self.keys, self.path)
            finally:
                cursor.execute("rollback")

    # writing

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One writer at a time, all or nothing. Raises Conflict when somebody else was first, CannotWrite when the disk refuses."""
        if self.read_only:
            raise CannotWrite(f"{self.path} was opened for reading only; open it for writing.")
        with self._writer:
            if self._writing:
                raise RuntimeError("a transaction is open in this thread already: hand its tx on")
            self._writing = True
            try:
                with self._cursor() as cursor:
                    cursor.execute("begin transaction")
                    tx = Transaction(cursor, self.keys, self.path, head=self._head, entry=self._entry, coded=self.coded_measures)
                    try:
                        yield tx
                        cursor.execute("commit")
                    except BaseException:
                        _roll_back(cursor)
                        raise
                self._committed(tx)
            finally:
                self._writing = False

    def write(self, change: Callable[[Transaction], T]) -> T:
        """Runs `change(tx)` in a transaction; when two writers met, again with a growing pause. `change` may run several times."""
        for attempt in range(ATTEMPTS):
            try:
                with self.transaction() as tx:
                    return change(tx)
            except Clash:
                if attempt == ATTEMPTS - 1:
                    raise
                time.sleep(FIRST_PAUSE_S * 2**attempt * (0.5 + random.random()))
        raise AssertionError("not reached")

    # the parts

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        if self._holders <= 0:
            raise ClinicClosed
        try:
            cursor = self._con.cursor()
            try:
                yield cursor
            finally:
                cursor.close()
        except duckdb.Error as error:
            if self._holders <= 0:
                raise ClinicClosed from None
            raise told(error, self.path) or error from error

    def _committed(self, tx: Transaction) -> None:
        moved = tx.head != self._head
        self._head, self._entry = tx.head, tx.entry
        self.changes.note(tx.touched)
        if moved:
            self.anchor.write(*tx.head)

    def _join(self, keys: OuterKey | Keys, *, read_only: bool, coded_measures: frozenset[str]) -> Database:
        if self.read_only and not read_only:
            raise ClinicBusy(f"{self.path} is already open in this program for reading only; close it there first.")
        with self._cursor() as cursor:
            if opened_by(cursor, keys, self.path)[0] != self.keys:
                raise WrongKey(f"The key is not the one that {self.path} was made with.")
        self.coded_measures |= coded_measures
        self._holders += 1
        return self

    def _begin(self, keys: OuterKey | Keys, folder: Path) -> None:
        steps = migrating.migrations(folder)
        with self._cursor() as cursor:
            done = migrating.applied(cursor)
            if done:
                self.keys, self.outer_key = opened_by(cursor, keys, self.path)
                to_do = migrating.pending(cursor, steps, self.path)
                if to_do and self.read_only:
                    raise Refused(f"{self.path} is of an older version; open it for writing once, so that it can be brought up to date.")
                if to_do:
                    self._copy_before(to_do[0])
            else:
                if self.read_only or cursor.execute("select 1 from duckdb_tables() where not internal").fetchall():
                    raise NotAClinic(f"{self.path} is not a clinic file of this program; choose another file.")
                self.keys, self.outer_key = (keys, None) if isinstance(keys, Keys) else (Keys.fresh(), keys)
                to_do = steps
            for step in to_do:
                migrating.apply(cursor, step, (lambda one: bear(one, self.keys, self.outer_key)) if step.number == 1 else None)
            if not self.read_only:
                migrating.rebuild_views(cursor, force=bool(to_do))
            self._take_stock(cursor, keys, is_new=not done)

    def _take_stock(self, cursor: duckdb.DuckDBPyConnection, keys: OuterKey | Keys, *, is_new: bool) -> None:
        """Where the log and the order of entry stand, and whether the noted head of the log fits."""
        self.clinic_id = cursor.execute("select value from house where name = 'clinic_id'").fetchall()[0][0]
        last = cursor.execute("select seq, link from audit order by seq desc limit 1").fetchall()
        self._head = (last[0][0], bytes(last[0][1])) if last else (0, FIRST_LINK)
        mask = (1 << ENTRY_BITS) - 1
        self._entry = max(
            row[0] or 0
            for table in ("observation", "check_in", "review", "snooze")
            for row in cursor.execute(f"select max(place & ?) from {table}", [mask]).fetchall()  # noqa: S608  (names of our tables)
        )
        beside = self.path.with_name(self.path.name + ".anchor")
        place = keys.anchor if isinstance(keys, OuterKey) and keys.anchor else beside
        self.anchor = AnchorFile(place, self.keys.audit_key, self.clinic_id)
        if is_new:
            self.anchor.write(*self._head, anew=True)
            return
        noted = self.anchor.read()
        if noted is not None:
            found = cursor.execute("select link from audit where seq = ?", [noted.seq]).fetchall()
            here = bytes(found[0][0]) if found else FIRST_LINK if noted.seq == 0 else None
            if here != noted.link:
                self.anchor.fault = (
                    f"The log was noted up to line {noted.seq}, and this file does not hold that line: "
                    "lines were removed or changed, or an older copy of the file was put in its place."
                )
        if self.anchor.fault:
            log.error("the noted head of the log does not fit the clinic file")

    @property
    def newest_entry(self) -> int:
        """The number of the newest entry that was committed."""
        return self._entry

    def copy_into(self, target: Path) -> None:
        """A whole, consistent copy while everybody works on; `target` must be in `backup_folder` and must not exist."""
        if target.parent != self.backup_folder or target.exists():
            raise Refused(f"A copy goes into {self.backup_folder} under a new name; {target} is not allowed.")
        with self._cursor() as cursor:
            copy_database(cursor, target)

    def _copy_before(self, step: migrating.Migration) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        self.copy_into(self.backup_folder / f"{self.path.stem}-before-{step.number:04d}-{stamp}.duckdb")

def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None


def _keep_private(path: Path) -> None:
    """For its owner's eyes only; a disk that knows no owners is left as it is."""
    for one in (path, wal_of(path)):
        with suppress(OSError):
            one.chmod(0o600)


def _roll_back(cursor: duckdb.DuckDBPyConnection) -> None:
    try:
        cursor.execute("rollback")
    except duckdb.Error:
        log.debug("nothing to roll back")
