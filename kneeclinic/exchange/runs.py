"""Activity files of a patient's watch or app, one or many or in a ZIP: read, judged by name, and handed to the record."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from kneeclinic.exchange.run_results import RunResult, RunStatus, Unreadable, refused

if TYPE_CHECKING:
    from kneeclinic.clinic import Clinic
    from kneeclinic.security.accounts import Actor

__all__ = ["RunResult", "RunStatus", "files_inside", "import_runs", "read_run_file"]

MOST_BYTES = 40_000_000
"""A day of running in FIT is 2 MB, in TCX 20 MB."""
MOST_BYTES_TOGETHER = 400_000_000
MOST_FILES = 2_000
GZIP_MAGIC, ZIP_MAGIC = b"\x1f\x8b", b"PK\x03\x04"
KINDS = "FIT, GPX, TCX, CSV or a ZIP of them"


def read_run_file(name: str, data: bytes, zone: tzinfo = UTC) -> tuple[RunResult, ...]:
    """One result a recorded session, at least one a file; nothing is raised and nothing is stored. `imported` here means: can be imported."""
    try:
        if data[:4] == ZIP_MAGIC:
            return _once(result for part, content in _unzipped(name, data) for result in _read_part(part, content, zone))
        return _once(_read_part(name, data, zone))
    except Unreadable as error:
        return (refused(name, str(error)),)


def import_runs(clinic: Clinic, actor: Actor, episode_id: str, files: Iterable[tuple[str, bytes] | Part]) -> tuple[RunResult, ...]:
    """Reads the files and records their runs for one episode; what the patient already has comes back as `duplicate`."""
    from kneeclinic import actions

    zone = clinic.zone
    results: list[RunResult] = []
    for name, data, is_inside in (part for each in files for part in files_inside(*each)):
        read = _once(_read_part(name, data, zone)) if is_inside else read_run_file(name, data, zone)
        forms = [one.form for one in read if one.status is RunStatus.IMPORTED and one.form]
        answers = iter(actions.record_run_file(clinic, actor, episode_id, name, data, forms) if forms else ())
        for one in read:
            if one.status is not RunStatus.IMPORTED:
                results.append(one)
                continue
            answer = next(answers)
            status = {"stored": RunStatus.IMPORTED, "duplicate": RunStatus.DUPLICATE, "refused": RunStatus.REFUSED}[answer.outcome]
            results.append(RunResult(**{**one.__dict__, "status": status, "why": answer.why or one.why}))
    return tuple(results)


class Part(NamedTuple):
    """One file to read; what came out of a ZIP is opened no further."""

    name: str
    data: bytes
    is_inside: bool = False


def files_inside(name: str, data: bytes, is_inside: bool = False) -> tuple[Part, ...]:
    """The files of a ZIP by name, so that each original is kept by its own hash; anything else, a damaged ZIP too, is itself."""
    itself = Part(name, data, is_inside)
    if is_inside or data[:4] != ZIP_MAGIC:
        return (itself,)
    try:
        return tuple(Part(part, content, True) for part, content in _unzipped(name, data))
    except Unreadable:
        return (itself,)


def _once(results: Iterable[RunResult]) -> tuple[RunResult, ...]:
    """The same session twice in one upload is a duplicate the second time."""
    seen: set[tuple[object, ...]] = set()
    told = []
    for one in results:
        if one.form is not None:
            key = (one.form.started, round(one.form.km, 1))
            if key in seen:
                one = RunResult(**{**one.__dict__, "status": RunStatus.DUPLICATE, "why": "the same session is in this upload already"})
            seen.add(key)
        told.append(one)
    return tuple(told)


def _read_part(name: str, data: bytes, zone: tzinfo) -> tuple[RunResult, ...]:
    try:
        if data[:2] == GZIP_MAGIC:
            data = _gunzipped(data)
        return _read_plain(name, data, zone)
    except Unreadable as error:
        return (refused(name, str(error)),)
    except (RecursionError, MemoryError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError):
        return (refused(name, "the file is damaged: its content does not make sense; export it again"),)


def _read_plain(name: str, data: bytes, zone: tzinfo) -> tuple[RunResult, ...]:
    from kneeclinic.exchange import fit_runs, track_runs
    from kneeclinic.exchange.run_csv import read_run_csv

    ending = name.lower().removesuffix(".gz").rsplit(".", 1)[-1] if "." in name else ""
    if not data.strip(b"\x00 \t\r\n"):
        raise Unreadable("the file is empty")
    if len(data) > MOST_BYTES:
        raise Unreadable(f"the file has {len(data) // 1_000_000} MB; at most {MOST_BYTES // 1_000_000} MB are read")
    if fit_runs.looks_like_fit(data):
        return fit_runs.read_fit(name, data, zone)
    if ending == "fit":
        raise Unreadable("the header is damaged: this is not a FIT file")
    if _starts_as_xml(data):
        root = track_runs.xml_root(data)
        kind = track_runs.local_name(root)
        if kind == "gpx":
            return track_runs.read_gpx(name, data, zone)
        if kind == "TrainingCenterDatabase":
            return track_runs.read_tcx(name, root, data, zone)
        raise Unreadable(f"the XML is a {kind[:40]!r}; only {KINDS} are read")
    if ending in ("gpx", "tcx"):
        raise Unreadable(f"the file is not {ending.upper()}: it does not begin as XML")
    if ending in ("csv", "txt"):
        return read_run_csv(name, data, zone)
    if data[:4] == ZIP_MAGIC:
        raise Unreadable("a ZIP inside a ZIP is not opened; unpack it first")
    raise Unreadable(f"this type of file is not read; use {KINDS}")


def _starts_as_xml(data: bytes) -> bool:
    return data[:400].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _gunzipped(data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            content = packed.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable("the packed file is cut off or damaged") from error
    if len(content) > MOST_BYTES:
        raise Unreadable(f"unpacked, the file is larger than {MOST_BYTES // 1_000_000} MB")
    return content


def _unzipped(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file of a ZIP; sizes are counted while unpacking, never believed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = [one for one in packed.infolist() if not one.is_dir() and not _is_hidden(one.filename)]
            if len(members) > MOST_FILES:
                raise Unreadable(f"the ZIP holds {len(members)} files; at most {MOST_FILES} are read at once")
            if not members:
                raise Unreadable("the ZIP holds no file")
            left = MOST_BYTES_TOGETHER
            for member in members:
                if member.flag_bits & 0x1:
                    raise Unreadable("the ZIP is locked with a password; unpack it first")
                with packed.open(member) as content:
                    bytes_read = content.read(min(MOST_BYTES, left) + 1)
                left -= len(bytes_read)
                if left < 0:
                    raise Unreadable(f"unpacked, the ZIP is larger than {MOST_BYTES_TOGETHER // 1_000_000} MB")
                yield f"{name}/{member.filename}", bytes_read
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise Unreadable("the ZIP is cut off or damaged") from error


def _is_hidden(path: str) -> bool:
    return path.startswith("__MACOSX/") or path.rsplit("/", 1)[-1].startswith(".")
