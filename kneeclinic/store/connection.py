"""Opens the one clinic file with the doors locked, and says in one sentence what went wrong when it cannot."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from kneeclinic.store.write_ahead import Remedy, remedy_for
from kneeclinic.vocabulary import Conflict, KneeClinicError

# One thread a query: the other cores stay free for the other therapists (queries of several people still run side by side).
SETTINGS = {
    "threads": "1",
    "memory_limit": "2GB",
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


DAMAGED = "{path} is damaged or is not a clinic file; restore the last backup into a new file."


class ClinicBusy(KneeClinicError):
    """Another program has the clinic file open."""


class ClinicClosed(KneeClinicError):
    """Asked after the server let go of the file."""

    def __init__(self) -> None:
        super().__init__("The clinic is being closed; what was saved is saved. Sign in again when the server has started.")


class CannotWrite(KneeClinicError):
    """The disk is full, read-only or gone; what was saved before is still there."""


class NotAClinic(KneeClinicError):
    """The file is damaged, or is not a clinic file of this program."""


class Torn(NotAClinic):
    """A loss of power may have torn the file or a log of changes beside it; `remedy` is what would take out the torn part."""

    def __init__(self, path: Path, remedy: Remedy) -> None:
        super().__init__(DAMAGED.format(path=path))
        self.remedy = remedy


class Clash(Conflict):
    """Two writers met in the same moment; tried again by `Database.write`."""


def connect(path: Path, folder: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """A locked connection: no files but the clinic file and `folder` (for copies), no network, no extension, no way back."""
    try:
        con = duckdb.connect(str(path), read_only=read_only, config=dict(SETTINGS))
    except duckdb.Error as error:
        raise told(error, path) or error from error
    con.execute("set allowed_directories = [?]", [f"{folder}/"])
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")
    return con


def told(error: duckdb.Error, path: Path) -> KneeClinicError | None:
    """The engine's error as one sentence with the way on; None for a fault of this program, which must surface as it is."""
    text = str(error)
    if "Could not set lock" in text or "Conflicting lock" in text:
        found = re.search(r"held in (\S+).*?\(PID (\d+)\)", text)
        who = f"process {found[2]} ({Path(found[1]).name})" if found else "another program"
        return ClinicBusy(f"{path} is open in {who}; use the pages of the running program, or close it and try again.")
    if "different configuration" in text:
        return ClinicBusy(f"{path} is already open in this program in another way; close it there first.")
    if remedy := remedy_for(text, path):
        return Torn(path, remedy)
    if re.search(r"not a valid DuckDB|Corrupt database|computed checksum|Failed to deserialize|read enough bytes", text, re.IGNORECASE):
        return NotAClinic(DAMAGED.format(path=path))
    if "No space left" in text or "out of disk space" in text.lower() or "disk full" in text.lower():
        return CannotWrite(f"The disk that holds {path} is full, so nothing was saved; make room and save again.")
    if re.search(r"read-only (mode|file system)|Permission denied|Operation not permitted", text, re.IGNORECASE):
        return CannotWrite(f"{path} cannot be written (read-only or not permitted); check the disk and the owner of the file.")
    if "database has been invalidated" in text or isinstance(error, duckdb.FatalException):
        return CannotWrite(f"{path} could not be written to the end and was closed for safety; check the disk, then start the program again.")
    if isinstance(error, duckdb.TransactionException):
        return Clash("Somebody else saved the same record in this moment; look at it again and repeat the change.")
    if isinstance(error, duckdb.ConstraintException):
        return Conflict(f"The record exists already or breaks a rule of the store; look at it again. ({text.splitlines()[0]})")
    if isinstance(error, duckdb.IOException):
        return CannotWrite(f"{path} could not be read or written ({text.splitlines()[0]}); check the disk and try again.")
    return None
