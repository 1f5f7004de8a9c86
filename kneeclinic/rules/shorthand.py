"""The shorthand line: many values typed in one go, such as `stroke R 1+; fpi L 6 R 8; akps R 74`; nothing is ever guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.knowledge.schema import Measure
from kneeclinic.record.visits import Value
from kneeclinic.rules.validation import check_value, near_measures
from kneeclinic.vocabulary import MeasureKind, MeasureSides, Refused, Side

LONGEST_LINE = 4_000
SEPARATORS = re.compile(r"[;\n]+|,(?!\d)|(?<!\d),")
SIDE_WORDS = {
    "l": (Side.LEFT,), "lt": (Side.LEFT,), "left": (Side.LEFT,), "r": (Side.RIGHT,), "rt": (Side.RIGHT,), "right": (Side.RIGHT,),
    "b": (Side.LEFT, Side.RIGHT), "both": (Side.LEFT, Side.RIGHT), "bilat": (Side.LEFT, Side.RIGHT),
}
GLUED_SIDE = re.compile(r"^([lrb])(\d.*)$", re.IGNORECASE)
YES_NO = {"y": 1.0, "yes": 1.0, "pos": 1.0, "positive": 1.0, "+": 1.0, "1": 1.0,
          "n": 0.0, "no": 0.0, "neg": 0.0, "negative": 0.0, "-": 0.0, "0": 0.0}
CHOICE_WORDS = {"+": "1+", "++": "2+", "+++": "3+", "tr": "trace", "zero": "0", "hypo": "hypomobile", "hyper": "hypermobile"}
NUMBER = re.compile(r"^([+-]?\d+(?:[.,]\d+)?)(.*)$")


@dataclass(frozen=True)
class Understood:
    """One value, ready to store; `question` when it is unusual and must be confirmed."""

    measure: str
    side: Side
    value: Value
    question: str | None = None


@dataclass(frozen=True)
class NotUnderstood:
    """A part of the line as typed, and why it was left out."""

    part: str
    why: str


@dataclass(frozen=True)
class Reading:
    """What a line says: values in the order typed, and every part that was not understood."""

    values: tuple[Understood, ...]
    problems: tuple[NotUnderstood, ...]


def read_line(knowledge: Knowledge, line: str) -> Reading:
    """Reads one line of shorthand; never raises. A part with two possible readings is a problem, not a guess.

    Parts are divided by semicolons, line breaks or commas. A part is a measure (id, label, short name or alias; blanks and capitals do not
    matter) and its value, for measures of a knee after `R`, `L` or `both`. A number outside the limits is a problem that says what is allowed.
    """
    if len(line) > LONGEST_LINE:
        return Reading((), (NotUnderstood(line[:40] + "…", f"the line is longer than {LONGEST_LINE} characters; enter it in two"),))
    values: list[Understood] = []
    problems: list[NotUnderstood] = []
    for part in (one.strip() for one in SEPARATORS.split(line)):
        if not part:
            continue
        try:
            found = _read_part(knowledge, part)
        except Refused as no:
            problems.append(NotUnderstood(part, str(no)))
            continue
        known = {(one.measure, one.side) for one in values}
        twice = [one for one in found if (one.measure, one.side) in known]
        if twice:
            problems.append(NotUnderstood(part, f"{twice[0].measure} is given twice for the same knee; write it once"))
        else:
            values.extend(found)
    return Reading(tuple(values), tuple(problems))


def _read_part(knowledge: Knowledge, part: str) -> list[Understood]:
    words = part.replace("=", " ").replace(":", " ").split()
    readings: dict[str, list[Understood]] = {}
    refusals: list[str] = []
    for length in range(len(words), 0, -1):
        for measure in _names(knowledge).get(_plain(" ".join(words[:length])), ()):
            try:
                readings.setdefault(measure.id, _values(measure, words[length:]))
            except Refused as no:
                refusals.append(str(no))
    if len(readings) > 1:
        raise Refused(f"may mean {' or '.join(readings)}; write the full name")
    if readings:
        return next(iter(readings.values()))
    if refusals:
        raise Refused(refusals[0])
    near = near_measures(re.split(r"\s+(?:[lrb]\b|\d)", part, flags=re.IGNORECASE)[0], knowledge) if part[0].isalpha() else []
    raise Refused("no measure is called so" + (f"; did you mean {' or '.join(near)}?" if near else ""))


@lru_cache(maxsize=4)
def _names(knowledge: Knowledge) -> dict[str, tuple[Measure, ...]]:
    names: dict[str, tuple[Measure, ...]] = {}
    for measure in knowledge.measures.values():
        if not measure.derived:
            for name in {_plain(one) for one in (measure.id, measure.label, measure.short, *measure.aliases)} - {""}:
                names[name] = (*names.get(name, ()), measure)
    return names


def _plain(name: str) -> str:
    """Small letters and digits only: `Hip abd`, `hip-abd` and `hipabd` are one name."""
    return "".join(one for one in name.casefold() if one.isalnum())


def _values(measure: Measure, words: Sequence[str]) -> list[Understood]:
    words = [piece for word in words for piece in _unglued(word)]
    if measure.sides is MeasureSides.NONE:
        return [_value(measure, Side.NONE, words)]
    groups = list(_by_side(words))
    if not groups or not groups[0][0]:
        raise Refused(f"{measure.id}: say which knee, for example {measure.short or measure.id} R 5")
    found = [_value(measure, side, given) for sides, given in groups for side in sides]
    if len({one.side for one in found}) != len(found):
        raise Refused(f"{measure.id}: the same knee is given twice")
    return found


def _unglued(word: str) -> tuple[str, ...]:
    glued = GLUED_SIDE.match(word)
    return (glued[1], glued[2]) if glued else (word,)


def _by_side(words: Sequence[str]) -> Iterator[tuple[tuple[Side, ...], list[str]]]:
    """The words after each side word; words before the first side word come with no side."""
    sides: tuple[Side, ...] = ()
    given: list[str] = []
    for word in words:
        if word.casefold() in SIDE_WORDS:
            if sides or given:
                yield sides, given
            sides, given = SIDE_WORDS[word.casefold()], []
        else:
            given.append(word)
    if sides or given:
        yield sides, given


def _value(measure: Measure, side: Side, words: Sequence[str]) -> Understood:
    """The value of one side, checked against the limits. A flag that is only named is a yes."""
    if not words and measure.kind is MeasureKind.FLAG:
        return Understood(measure.id, side, 1.0)
    if not words:
        raise Refused(f"{measure.id}: the value is missing")
    text = " ".join(words)
    checked = check_value(measure, side, _parsed(measure, text))
    return Understood(measure.id, side, checked.value, checked.question)


def _parsed(measure: Measure, text: str) -> object:
    if measure.kind is MeasureKind.FLAG:
        if text.casefold() not in YES_NO:
            raise Refused(f"{measure.id}: {text} came; yes or no is allowed")
        return YES_NO[text.casefold()]
    if measure.kind is MeasureKind.CHOICE:
        return _choice(measure, text)
    if measure.kind is MeasureKind.TEXT:
        return text
    number = NUMBER.match(text)
    if number is None or not _is_unit(measure, number[2]):
        raise Refused(f"{measure.id}: {text} came; a number is needed")
    return float(number[1].replace(",", "."))


def _is_unit(measure: Measure, rest: str) -> bool:
    """Nothing, or the measure's own unit, may stand behind a number."""
    return rest.replace(" ", "").casefold() in {"", measure.unit.replace(" ", "").casefold()}


def _choice(measure: Measure, text: str) -> str:
    asked = CHOICE_WORDS.get(text.casefold(), text).casefold()
    labels = measure.choice_labels or measure.choices
    pairs = list(zip(measure.choices, labels, strict=True))
    exact = [one for one, label in pairs if asked in (one.casefold(), label.casefold())]
    found = exact or [one for one, label in pairs if len(asked) > 1 and (one.casefold().startswith(asked) or label.casefold().startswith(asked))]
    if len(found) != 1:
        raise Refused(f"{measure.id}: {text} came; one of {', '.join(measure.choices)} is allowed")
    return found[0]
