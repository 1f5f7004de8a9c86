"""The whole clinic as one ZIP: records as JSON lines that come back in whole, the same as tables for people, papers as they were issued."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from kneeclinic.actions import Account, AuditEntry, RunFile, WholeClinic, leaving_clinic, write_whole_clinic
from kneeclinic.exchange.tables import csv_pieces
from kneeclinic.record import (
    CheckIn,
    ClinicProfile,
    DocumentIssued,
    Episode,
    Observation,
    Patient,
    PlannedVisit,
    Program,
    Review,
    Run,
    Snooze,
    UsualDose,
    Visit,
)
from kneeclinic.record.drafts import Draft
from kneeclinic.security.restricted import Restriction
from kneeclinic.security.spool import Spool
from kneeclinic.vocabulary import Refused

if TYPE_CHECKING:
    from kneeclinic.actions import Actor, Leaving
    from kneeclinic.clinic import Clinic

FORMAT = 1
MOST_BYTES = 4_000_000_000
SHAPES: dict[str, type[Any]] = {
    "accounts": Account, "patients": Patient, "episodes": Episode, "visits": Visit, "observations": Observation, "programs": Program,
    "check_ins": CheckIn, "runs": Run, "planned": PlannedVisit, "reviews": Review, "snoozes": Snooze, "drafts": Draft, "audit": AuditEntry,
    "usual_doses": UsualDose, "restrictions": Restriction,
}
"""Part of the clinic to the shape of one line."""
LATER = frozenset({"usual_doses", "restrictions"})
"""Parts that a ZIP of an earlier program does not hold yet."""
TABLES = ("patients", "episodes", "visits", "observations", "programs", "check_ins", "runs", "planned", "reviews")
README = """This is a whole clinic, taken out of KneeClinic. It holds health records in plain text: keep it as safe as the clinic itself.

clinic.json         format, edition of the knowledge, how many records of each kind
profile.json        name and settings of the clinic (logo.png beside it)
records/*.jsonl     every record, one JSON object a line, all versions and taken-back values included, oldest first;
                    `python -m kneeclinic import clinic FILE.zip --clinic NEW` makes a clinic of them again
documents/          issued papers, the bytes as they were issued (records/documents.jsonl describes them)
run_files/          original files of watches (records/run_files.jsonl describes them)
csv/                the same as tables for a spreadsheet; a text that looks like a formula has an apostrophe in front

Values are in SI units, instants in UTC, days those of the clinic. Accounts keep the hash of their password; who was signed in is left
out, and so are second factors and links to a single sign-on: they are set anew.
"""


def export_clinic(clinic: Clinic, actor: Actor) -> Spool:
    """The ZIP, piece by piece: in memory there is never more than a piece, and on the disk it is sealed. That it was taken out is written into
    the log first."""
    out = Spool(clinic.path.parent)
    try:
        with leaving_clinic(clinic, actor) as going, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            _pack(packed, going, clinic)
        out.flush()
    except OSError as error:
        out.close()
        raise Refused(f"There is no room for the whole clinic beside its file ({error.strerror or error}); nothing was taken out.") from error
    except BaseException:
        out.close()
        raise
    return out


def _pack(packed: zipfile.ZipFile, going: Leaving, clinic: Clinic) -> None:
    packed.writestr("README.txt", README)
    packed.writestr("profile.json", TypeAdapter(ClinicProfile).dump_json(replace(going.profile, logo_png=b"")))
    packed.writestr("logo.png", going.profile.logo_png)
    counts = {name: _pack_lines(packed, name, shape, going.part(name)) for name, shape in SHAPES.items()}
    issued: list[DocumentIssued] = []
    for document, data in going.documents():
        packed.writestr(f"documents/{document.id}.pdf", data)
        issued.append(document)
    counts["documents"] = _pack_lines(packed, "documents", DocumentIssued, issued)
    kept: list[RunFile] = []
    for file in going.run_files():
        packed.writestr(f"run_files/{file.sha256}", file.data)
        kept.append(replace(file, data=b""))
    counts["run_files"] = _pack_lines(packed, "run_files", RunFile, kept)
    for name in TABLES:
        columns = tuple(one.name for one in fields(SHAPES[name]))
        rows = ([_cell(getattr(one, column)) for column in columns] for one in going.part(name))
        _pack_pieces(packed, f"csv/{name}.csv", csv_pieces(columns, rows))
    packed.writestr("clinic.json", json.dumps({
        "format": FORMAT, "made_by": "KneeClinic", "edition": clinic.knowledge.edition.edition, "made_at": clinic.now.isoformat(),
        "counts": counts,
    }, indent=1))


def _pack_lines(packed: zipfile.ZipFile, name: str, shape: type[Any], records: Iterable[Any]) -> int:
    """One JSON object a line; returns how many."""
    adapter, count = TypeAdapter(shape), 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        for one in records:
            yield adapter.dump_json(one) + b"\n"
            count += 1

    _pack_pieces(packed, f"records/{name}.jsonl", lines())
    return count


def _pack_pieces(packed: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> None:
    """One file of the ZIP, of a size that is known only at its end."""
    member = zipfile.ZipInfo(name, datetime.now().timetuple()[:6])  # noqa: DTZ005 (a ZIP knows no zones)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o600 << 16
    with packed.open(member, "w", force_zip64=True) as out:
        for piece in pieces:
            out.write(piece)


def import_clinic(data: bytes, path: Path, actor: Actor) -> Clinic:
    """A NEW clinic file made from such a ZIP, opened. Raises Refused when the ZIP is damaged, incomplete or of another kind."""
    return write_whole_clinic(path, read_clinic_zip(data), actor)


def read_clinic_zip(data: bytes) -> WholeClinic:
    """What the ZIP holds. Raises Refused with the file and line at fault."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_BYTES:
                raise Refused("The ZIP is larger than any clinic; it was not opened.")
            head = _json(packed, "clinic.json")
            if not isinstance(head, dict) or head.get("format") != FORMAT:
                raise Refused(f"clinic.json: format {FORMAT} is read; {head.get('format') if isinstance(head, dict) else head!r} came. "
                              "Use the program that made the ZIP.")
            profile = _shaped("profile.json", 1, TypeAdapter(ClinicProfile), _bytes(packed, "profile.json"))
            profile = replace(profile, logo_png=_bytes(packed, "logo.png"))
            parts: dict[str, Any] = {name: _records(packed, name, shape) for name, shape in SHAPES.items() if _is_there(packed, name)}
            documents = tuple((one, _bytes(packed, f"documents/{one.id}.pdf")) for one in _records(packed, "documents", DocumentIssued))
            files = tuple(replace(one, data=_bytes(packed, f"run_files/{one.sha256}")) for one in _records(packed, "run_files", RunFile))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise Refused(f"The file is no ZIP, or is damaged ({error}); nothing was made of it.") from error
    held = WholeClinic(profile=profile, documents=documents, run_files=files, **parts)
    counts = head.get("counts")
    if not isinstance(counts, dict):
        raise Refused("clinic.json: it does not say how many records of each kind there are; the ZIP is damaged.")
    for name in (*SHAPES, "documents", "run_files"):
        there, count = len(getattr(held, name)), counts.get(name, 0)
        if there != count:
            raise Refused(f"records/{name}.jsonl: {count} records are announced, {there} are there.")
    return held


def _records(packed: zipfile.ZipFile, name: str, shape: type[Any]) -> tuple[Any, ...]:
    place = f"records/{name}.jsonl"
    lines = _bytes(packed, place).split(b"\n")
    adapter = TypeAdapter(shape)
    return tuple(_shaped(place, number, adapter, line) for number, line in enumerate(lines, start=1) if line.strip())


def _is_there(packed: zipfile.ZipFile, name: str) -> bool:
    return name not in LATER or f"records/{name}.jsonl" in packed.namelist()


def _shaped(place: str, number: int, adapter: TypeAdapter[Any], line: bytes) -> Any:
    try:
        return adapter.validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        raise Refused(f"{place}, line {number}: {'.'.join(str(one) for one in first['loc'])}: {first['msg']}.") from None


def _json(packed: zipfile.ZipFile, name: str) -> Any:
    try:
        return json.loads(_bytes(packed, name))
    except ValueError:
        raise Refused(f"{name}: this is no JSON; the ZIP is damaged.") from None


def _bytes(packed: zipfile.ZipFile, name: str) -> bytes:
    try:
        return packed.read(name)
    except KeyError:
        raise Refused(f"{name} is not in the ZIP; this is no whole clinic.") from None


def _cell(value: Any) -> Any:
    """One cell: simple values as they are, what has parts as JSON."""
    if isinstance(value, tuple | list | dict) or hasattr(value, "__dataclass_fields__"):
        return json.dumps(TypeAdapter(Any).dump_python(value, mode="json"), ensure_ascii=False) if value else ""
    return value
