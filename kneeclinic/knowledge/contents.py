"""Reads the knowledge files entry by entry, and goes on after a fault so that all of them are found at once."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from kneeclinic.knowledge.faults import Fault, faults_of_shape
from kneeclinic.knowledge.poses import ExercisePose, PoseFileError, load_poses
from kneeclinic.knowledge.schema import (
    Advice,
    Edition,
    Education,
    Exercise,
    Measure,
    PainZone,
    Phase,
    Precaution,
    RedFlag,
    ReviewRule,
    Rule,
    RunStage,
    Section,
    Source,
    Support,
    Template,
    Threshold,
    Wording,
)
from kneeclinic.vocabulary import LANGUAGES

TABLES: dict[str, type[BaseModel]] = {
    "source": Source,
    "section": Section,
    "measure": Measure,
    "exercise": Exercise,
    "support": Support,
    "template": Template,
    "phase": Phase,
    "red_flag": RedFlag,
    "advice": Advice,
    "rule": Rule,
    "precaution": Precaution,
    "review": ReviewRule,
    "stage": RunStage,
    "threshold": Threshold,
    "pain_zone": PainZone,
    "education": Education,
}
"""The shape of an entry of each table."""

FILES: dict[str, tuple[str, ...]] = {
    "sources.toml": ("source",),
    "measures/sections.toml": ("section",),
    "measures": ("measure",),
    "exercises": ("exercise",),
    "supports.toml": ("support",),
    "templates.toml": ("template",),
    "phases.toml": ("phase",),
    "red_flags.toml": ("red_flag",),
    "advice.toml": ("advice",),
    "rules.toml": ("rule", "precaution"),
    "reviews.toml": ("review",),
    "running.toml": ("stage", "threshold", "pain_zone"),
    "education.toml": ("education",),
}
"""Which tables a file, or every file of a folder, holds."""

ID = re.compile(r"""\bid\s*=\s*["']?([A-Za-z]\w*)""")
EDITION, WORDING, POSES = "edition.toml", "wording", "poses"


@dataclass(frozen=True)
class Placed:
    """An entry and the place where it stands."""

    file: str
    entry: str
    value: Any

    def fault(self, field: str, problem: str) -> Fault:
        return Fault(self.file, self.entry, field, problem)


@dataclass
class Contents:
    """What could be read: the good entries with their places, and what is known of the bad ones."""

    placed: dict[str, list[Placed]] = field(default_factory=lambda: {table: [] for table in TABLES})
    ids: dict[str, set[str]] = field(default_factory=lambda: {table: set() for table in TABLES})
    """Ids of every entry, the ones of the wrong shape too: naming one of those is no second fault."""
    unread: set[str] = field(default_factory=set)
    """Tables of which a file is missing, so that nobody can say whether an id exists."""
    edition: Placed | None = None
    wording_raw: dict[str, dict[str, Any]] = field(default_factory=dict)
    wording: dict[str, Wording] = field(default_factory=dict)
    poses: dict[str, ExercisePose] = field(default_factory=dict)
    pose_ids: set[str] | None = None
    faults: list[Fault] = field(default_factory=list)

    def values(self, table: str) -> list[Any]:
        return [one.value for one in self.placed[table]]

    def by_id(self, table: str) -> dict[str, Any]:
        return {one.value.id: one.value for one in self.placed[table]}

    def exists(self, id: str, *tables: str) -> bool:
        """True when one of the tables holds the id, or when one of them could not be read."""
        return any(id in self.ids[table] or table in self.unread for table in tables)

    def is_whole(self, table: str) -> bool:
        """True when every entry of the table could be read, so that what nobody names is left over indeed."""
        return table not in self.unread and self.ids[table] == {placed.value.id for placed in self.placed[table]}


def read_files(folder: Path) -> dict[str, bytes]:
    """Every TOML file under the folder by its name inside it, with `/` on every system."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.toml"))}


def read_contents(files: Mapping[str, bytes], folder: Path) -> Contents:
    """Entries and faults of all files. `folder` is only where the poses are, which have a reader of their own."""
    contents = Contents()
    _note_missing(files, contents)
    for file, data in files.items():
        place = file if file in FILES else file.partition("/")[0]
        if place == POSES:
            continue
        if place not in (*FILES, EDITION, WORDING):
            contents.faults.append(Fault(file, "", "", f"is not a knowledge file; files: {', '.join(_names())}"))
            continue
        raw = _parsed(file, data, contents)
        if raw is None:
            for table in FILES.get(place, ()):
                contents.ids[table].update(ID.findall(data.decode("utf-8", "replace")))
        elif place == EDITION:
            contents.edition = _one(file, "", Edition, raw, contents)
        elif place == WORDING:
            _read_wording(file, raw, contents)
        else:
            _read_tables(file, place, raw, contents)
    _read_poses(files, folder / POSES, contents)
    return contents


def _names() -> Iterable[str]:
    return sorted([EDITION, *(name if name.endswith(".toml") else f"{name}/*.toml" for name in FILES), f"{WORDING}/*.toml", f"{POSES}/*.toml"])


def _note_missing(files: Mapping[str, bytes], contents: Contents) -> None:
    for name in (EDITION, *(f"{WORDING}/{language}.toml" for language in LANGUAGES)):
        if name not in files:
            contents.faults.append(Fault(name, "", "", "is missing"))
    for name, tables in FILES.items():
        there = name in files if name.endswith(".toml") else any(file.startswith(f"{name}/") and file not in FILES for file in files)
        if not there:
            contents.unread.update(tables)
            contents.faults.append(Fault(name, "", "", "is missing" if name.endswith(".toml") else "holds no TOML file"))


def _parsed(file: str, data: bytes, contents: Contents) -> dict[str, Any] | None:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except tomllib.TOMLDecodeError as error:
        contents.faults.append(Fault(file, "", "", f"is not readable as TOML: {error}"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        contents.faults.append(Fault(file, "", "", f"is not UTF-8 text (at line {line})"))
    return None


def _read_tables(file: str, place: str, raw: dict[str, Any], contents: Contents) -> None:
    tables = FILES[place]
    allowed = ", ".join(f"[[{table}]]" for table in tables)
    for table, entries in raw.items():
        if table not in tables:
            contents.faults.append(Fault(file, table, "", f"does not belong into this file; allowed: {allowed}"))
        elif not isinstance(entries, list):
            contents.faults.append(Fault(file, table, "", f"is one table; write [[{table}]] for each entry"))
        else:
            for number, entry in enumerate(entries, start=1):
                _read_entry(file, table, number, entry, contents)
    contents.faults.extend(Fault(file, "", "", f"holds no [[{table}]]") for table in tables if table not in raw)


def _read_entry(file: str, table: str, number: int, entry: Any, contents: Contents) -> None:
    id = entry.get("id") if isinstance(entry, dict) else None
    name = id if isinstance(id, str) else f"{table} {number}"
    if table == "rule" and isinstance(id, str) and isinstance(entry.get("row"), str):
        name = f"{id} {entry['row']}".strip()
    if isinstance(id, str):
        contents.ids[table].add(id)
    placed = _one(file, name, TABLES[table], entry, contents)
    if placed:
        contents.placed[table].append(placed)


def _one(file: str, name: str, model: type[BaseModel], raw: Any, contents: Contents) -> Placed | None:
    """The entry in its shape. It passes through JSON because only there pydantic is strict about types and yet takes lists as tuples."""
    try:
        return Placed(file, name, model.model_validate_json(json.dumps(raw, default=_as_json(model)), strict=True))
    except ValidationError as error:
        contents.faults.extend(faults_of_shape(file, name, model, error))
        return None


def _as_json(model: type[BaseModel]) -> Callable[[Any], Any]:
    """How a date goes through JSON: as text where a date is wanted, as a table (which no field takes) where text is."""
    return str if model is Edition else lambda found: {"date": str(found)}


def _read_wording(file: str, raw: dict[str, Any], contents: Contents) -> None:
    language = file.removeprefix(f"{WORDING}/").removesuffix(".toml")
    if language not in LANGUAGES:
        contents.faults.append(Fault(file, "", "", f"is a language the product does not have; languages: {', '.join(LANGUAGES)}"))
        return
    contents.wording_raw[language] = raw
    try:
        contents.wording[language] = Wording.model_validate_json(json.dumps(raw, default=_as_json(Wording)), strict=True)
    except ValidationError as error:
        for fault in faults_of_shape(file, "", Wording, error):
            table, _, rest = fault.field.partition(".")
            entry, _, inner = rest.partition(".")
            contents.faults.append(Fault(file, f"{table}.{entry}" if entry else "", inner or (table if not entry else ""), fault.problem))
        return
    if raw["language"] != language:
        contents.faults.append(Fault(file, "", "language", f"{raw['language']!r} is not allowed; this file must say {language!r}"))


def _read_poses(files: Mapping[str, bytes], folder: Path, contents: Contents) -> None:
    if not any(file.startswith(f"{POSES}/") for file in files):
        contents.faults.append(Fault(POSES, "", "", "holds no TOML file"))
        return
    try:
        contents.poses = load_poses(folder)
        contents.pose_ids = set(contents.poses)
    except PoseFileError as error:
        for line in str(error).splitlines():
            file, _, rest = line.partition(": ")
            entry, bracket, problem = rest.partition("] ") if rest.startswith("[") else ("", "", rest)
            field, _, problem = problem.partition(": ") if bracket else ("", "", problem)
            contents.faults.append(Fault(f"{POSES}/{Path(file).name}", entry.removeprefix("["), field, problem))
        contents.pose_ids = _named_in(files)


def _named_in(files: Mapping[str, bytes]) -> set[str] | None:
    """Exercises that have an entry in the pose files, good or bad; None when a file cannot be read at all."""
    try:
        return {id for file, data in files.items() if file.startswith(f"{POSES}/") for id in tomllib.loads(data.decode("utf-8"))}
    except ValueError:
        return None
