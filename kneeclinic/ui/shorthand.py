"""The shorthand line: several values typed in one go, such as `worst r 6, akps r 71, stroke l 1+`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kneeclinic.knowledge import Knowledge
from kneeclinic.knowledge.schema import Measure
from kneeclinic.vocabulary import MeasureKind, MeasureSides, Refused, Side

SIDES = {"l": Side.LEFT, "left": Side.LEFT, "r": Side.RIGHT, "right": Side.RIGHT}
YES = {"y": 1.0, "yes": 1.0, "+": 1.0, "1": 1.0, "n": 0.0, "no": 0.0, "-": 0.0, "0": 0.0}


@dataclass(frozen=True)
class Typed:
    measure: Measure
    side: Side
    value: float | str


def read(knowledge: Knowledge, line: str) -> tuple[Typed, ...]:
    """What was typed. Raises Refused at the first part that cannot be understood, naming it."""
    return tuple(one for part in re.split(r"[,;\n]+", line) if part.strip() for one in _part(knowledge, part.strip()))


def _part(knowledge: Knowledge, part: str) -> list[Typed]:
    words = part.split()
    for length in range(len(words) - 1, 0, -1):
        measure = named(knowledge, " ".join(words[:length]))
        if measure is not None:
            return _values(measure, words[length:], part)
    raise Refused(f"“{part}” begins with no measure that is known; write for example: worst r 6")


def named(knowledge: Knowledge, name: str) -> Measure | None:
    """The measure of that id, short name, label or alias; small and capital letters are the same."""
    asked = name.casefold().replace(" ", "_")
    for measure in knowledge.measures.values():
        known = (measure.id, measure.short, measure.label, *measure.aliases)
        if not measure.derived and any(asked == one.casefold().replace(" ", "_") for one in known if one):
            return measure
    return None


def _values(measure: Measure, words: list[str], part: str) -> list[Typed]:
    if measure.sides is MeasureSides.NONE:
        if len(words) != 1:
            raise Refused(f"“{part}”: {measure.label} takes one value.")
        return [Typed(measure, Side.NONE, _value(measure, words[0], part))]
    if len(words) == 2 and words[0].casefold() in SIDES:
        return [Typed(measure, SIDES[words[0].casefold()], _value(measure, words[1], part))]
    if len(words) == 1 and "/" in words[0]:
        left, _, right = words[0].partition("/")
        return [Typed(measure, Side.LEFT, _value(measure, left, part)), Typed(measure, Side.RIGHT, _value(measure, right, part))]
    raise Refused(f"“{part}”: say which knee, for example {measure.short or measure.id} r 5, or left/right as 2/5.")


def _value(measure: Measure, word: str, part: str) -> float | str:
    if measure.kind is MeasureKind.FLAG:
        if word.casefold() not in YES:
            raise Refused(f"“{part}”: {measure.label} is yes or no.")
        return YES[word.casefold()]
    if measure.kind is MeasureKind.CHOICE:
        found = [one for one in measure.choices if one.casefold() == word.casefold()] or \
                [one for one in measure.choices if one.casefold().startswith(word.casefold())]
        if len(found) != 1:
            raise Refused(f"“{part}”: {measure.label} is one of {', '.join(measure.choices)}.")
        return found[0]
    if measure.kind is MeasureKind.TEXT:
        return word
    try:
        return float(word.replace(",", "."))
    except ValueError as wrong:
        raise Refused(f"“{part}”: {word} is not a number.") from wrong
