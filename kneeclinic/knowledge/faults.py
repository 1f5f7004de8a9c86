"""What is wrong in the knowledge files, said so that the person who edits them can put it right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from kneeclinic.vocabulary import KneeClinicError


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: the file inside the knowledge folder, the entry in it, the field of the entry, and what is allowed."""

    file: str
    entry: str
    field: str
    problem: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.file, self.entry, self.field) if part)
        return f"{place}: {self.problem}"


class KnowledgeFaults(KneeClinicError):
    """The knowledge cannot be used; `faults` holds every fault of every file, in the order of the files."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        count = len(self.faults)
        head = f"The knowledge files hold {count} fault{'s' if count > 1 else ''}; correct them and start again."
        super().__init__("\n".join([head, *(f"  {fault}" for fault in self.faults)]))


def faults_of_shape(file: str, entry: str, model: type[BaseModel], error: ValidationError) -> list[Fault]:
    """The faults of one entry that does not have the shape of `model`."""
    return [Fault(file, entry, _field(fault["loc"]), _problem(model, fault)) for fault in error.errors(include_url=False)]


def _field(place: tuple[Any, ...]) -> str:
    """`items[2].allowed` for ("items", 2, "allowed"); the names that pydantic gives to the branches of a union are left out."""
    text = ""
    for part in place:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part.replace("_", "").isalnum():
            text += f".{part}" if text else part
        else:
            break
    head, _, last = text.rpartition(".")
    return head if last in ("str", "float") else text


def _problem(model: type[BaseModel], fault: Any) -> str:
    kind, found = fault["type"], fault["input"]
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return f"is an unknown field; allowed: {', '.join(_fields_at(model, fault['loc'][:-1]))}"
    if kind == "string_pattern_mismatch" and not str(found).strip():
        return "is blank; it must be said"
    if kind in ("enum", "literal_error"):
        return f"{found!r} is not allowed; allowed: {fault['ctx']['expected']}"
    return f"{found!r} is not allowed: {fault['msg'][0].lower()}{fault['msg'][1:]}"


def _fields_at(model: type[BaseModel], place: tuple[Any, ...]) -> list[str]:
    """Names of the fields that are allowed at `place` inside `model`."""
    for part in place:
        if isinstance(part, str) and part in model.model_fields:
            inner = [*_models_in(model.model_fields[part].annotation)]
            model = inner[0] if inner else model
    return list(model.model_fields)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models_in(inner)
