"""Brings back a clinic file that the power left in the middle of a write; only where nothing that was acknowledged is missing afterwards.

The engine opens what a killed process leaves behind. When the machine itself loses power, parts of what was being written reach the disk in any
order: the last entry of a log of changes may have a hole, or, while changes are moved into the file, one of its blocks may hold old and new
sectors. The engine then refuses the whole file, although all that was acknowledged is there: before every acknowledgement the log of changes was
flushed, and the parts of a block that are in use are never rewritten.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from kneeclinic.security.accounts import Actor
from kneeclinic.store.audit import save_audit
from kneeclinic.store.connection import CannotWrite, Torn
from kneeclinic.store.database import Database
from kneeclinic.store.health import health
from kneeclinic.store.write_ahead import Remedy, logs_of, was_moving_changes
from kneeclinic.vocabulary import Role

log = logging.getLogger(__name__)
SERVER = Actor(account_id="server", name="the server", role=Role.LEAD, origin="start")
MOST_TORN = 64
"""Parts that one loss of power may have torn."""


@dataclass
class AsFound:
    """The files as the power left them, kept under other names, and what is to be taken out of them."""

    path: Path
    kept: dict[Path, Path]
    was_moving: bool
    remedies: list[Remedy] = field(default_factory=list)

    @classmethod
    def put_aside(cls, path: Path) -> AsFound:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        kept = {one: one.with_name(f"{one.name}.as-found-{stamp}") for one in (path, *logs_of(path)) if one.exists()}
        found = cls(path, kept, was_moving_changes(path))
        try:
            for one, copy in kept.items():
                shutil.copyfile(one, copy)
                os.chmod(copy, 0o600)
                with copy.open("rb+") as written:
                    os.fsync(written.fileno())
        except OSError as why:
            found.forget()
            raise CannotWrite(
                f"{path} was being written when the power failed and can be brought back, but there is no room for the copy that is made before "
                f"({why.strerror}); make room for twice the file and start again."
            ) from None
        return found

    def take_out(self, remedy: Remedy) -> bool:
        """Notes what the engine stumbled over; False where no loss of power explains it."""
        known = remedy.what in {one.what for one in self.remedies}
        if known or len(self.remedies) >= MOST_TORN or (remedy.in_a_move and not self.was_moving):
            return False
        self.remedies.append(remedy)
        return True

    def lay(self) -> None:
        """The files as they were found, without what is torn."""
        self.put_back()
        for one in self.remedies:
            one.act()

    def put_back(self) -> None:
        for one in (self.path, *logs_of(self.path)):
            if one in self.kept:
                shutil.copyfile(self.kept[one], one)
            else:
                one.unlink(missing_ok=True)

    def forget(self) -> None:
        for copy in self.kept.values():
            copy.unlink(missing_ok=True)


def brought_back(path: Path, torn: Torn, open_again: Callable[[], Database]) -> Database:
    """The opened clinic file; raises `torn` with all files as they were where this cannot be done without a loss.

    Nothing is lost where the head of the log of who did what, noted outside the file, is in it: each change has a line there in its own
    transaction, and the head is noted before the change is acknowledged.
    """
    found = AsFound.put_aside(path)
    try:
        database = _without_what_is_torn(found, torn, open_again)
    except BaseException:
        found.put_back()
        found.forget()
        raise
    told = {"taken out": [one.what for one in found.remedies], "as found": sorted(one.name for one in found.kept.values())}
    database.write(lambda tx: save_audit(tx, SERVER, "bring_back", "clinic", "", told, datetime.now(UTC)))
    log.warning("the clinic file was being written when the power failed; nothing that was saved is missing")
    return database


def _without_what_is_torn(found: AsFound, torn: Torn, open_again: Callable[[], Database]) -> Database:
    why = torn
    while found.take_out(why.remedy):
        found.lay()
        try:
            database = open_again()
        except Torn as also:
            why = also
            continue
        if database.anchor.is_noted and (not found.was_moving or health(database).is_good):
            return database
        database.close()
        raise torn
    raise torn
