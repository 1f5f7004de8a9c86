"""Opening the clinic file that a command works on, as the operating-system user, and writing what a command makes."""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kneeclinic.vocabulary import NotFound, Refused

if TYPE_CHECKING:
    from kneeclinic.clinic import Clinic
    from kneeclinic.record import Episode, Patient
    from kneeclinic.security.accounts import Actor


@contextmanager
def opened(path: Path) -> Iterator[tuple[Clinic, Actor]]:
    """The clinic of an existing file and who acts; closed at the end."""
    from kneeclinic.clinic import open_clinic

    if not path.exists():
        raise NotFound(f"{path}: there is no such clinic file; check the name, or make one with `demo` or on the set-up page.")
    if not path.is_file():
        raise Refused(f"{path}: this is a folder, not a clinic file; name the file itself.")
    clinic = open_clinic(path)
    try:
        yield clinic, os_actor()
    finally:
        clinic.database.close()


def os_actor() -> Actor:
    from kneeclinic.actions import command_line_actor

    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "unknown user"
    return command_line_actor(user)


def patient_and_episode(clinic: Clinic, number: str) -> tuple[Patient, Episode]:
    """The patient of a clinic number and the episode to work on: the open one opened last, else the last one."""
    from kneeclinic.store import episodes_of, patient_by_number

    patient = patient_by_number(clinic.database, number)
    if patient is None:
        raise NotFound(f"--patient {number}: no patient has this clinic number; `patients --clinic FILE` lists them.")
    episodes = episodes_of(clinic.database, patient.id)
    if not episodes:
        raise NotFound(f"--patient {number}: this patient has no episode yet; open one first.")
    return patient, max(episodes, key=lambda one: (one.is_open, one.opened_on))


def must_be_new(path: Path) -> None:
    if path.exists():
        raise Refused(f"{path} exists already; choose another name or move it away.")
    folder_must_exist(path)


def folder_must_exist(path: Path) -> None:
    if not path.parent.is_dir():
        raise NotFound(f"{path.parent}: there is no such folder; make it first.")


def read_bytes(path: Path, *, most: int = 500_000_000) -> bytes:
    """The content of a file that was named. Raises NotFound or Refused in one sentence."""
    if path.is_dir():
        raise Refused(f"{path}: this is a folder; name a file.")
    if not path.exists():
        raise NotFound(f"{path}: there is no such file.")
    if path.stat().st_size > most:
        raise Refused(f"{path}: the file has {path.stat().st_size // 1_000_000} MB; at most {most // 1_000_000} MB are read.")
    return path.read_bytes()


def write_bytes(path: Path, data: bytes, *, is_private: bool = True) -> None:
    write_pieces(path, (data,), is_private=is_private)


def write_pieces(path: Path, pieces: Iterable[bytes], *, is_private: bool = True) -> None:
    """The whole file or none of it: written beside it first. What tells of a patient is readable by its owner alone."""
    folder_must_exist(path)
    if path.is_dir():
        raise Refused(f"{path}: this is a folder; name a file.")
    if path.exists() and not path.is_file():  # a pipe or a device such as /dev/stdout is written to, never replaced
        with path.open("wb") as out:
            out.writelines(pieces)
        return
    beside = path.with_name(path.name + ".part")
    beside.unlink(missing_ok=True)  # what lies there may be open to all, or lead elsewhere
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if is_private else 0o644), "wb") as out:
            out.writelines(pieces)
            out.flush()
            os.fsync(out.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def file_word(text: str) -> str:
    """A clinic number or name as a part of a file name: letters, digits, dot and hyphen."""
    return re.sub(r"[^A-Za-z0-9.-]+", "_", text).strip("._") or "patient"
