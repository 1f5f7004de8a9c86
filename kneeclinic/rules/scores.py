"""Questionnaires and sums: from the answers to a score, by the rule of each instrument."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

from kneeclinic.knowledge.schema import Item, Measure
from kneeclinic.vocabulary import MeasureKind, Refused

KOOS_WORST = 4  # points of the worst answer of an item


@dataclass(frozen=True)
class Score:
    """A score in the unit of its measure; `band` is the named range it lies in, or empty. `note` says when answers were missing."""

    measure: str
    value: float
    band: str
    answered: int
    note: str = ""


def score(measure: Measure, items: Sequence[float | None]) -> Score:
    """The score of the answers, in the order of the catalogue; None = not answered.

    A measure without items takes one value. Raises Refused and names the item, what came and what is allowed.
    """
    if not measure.items:
        return _single(measure, items)
    answers = _checked(measure, items)
    answered = [answer for answer in answers if answer is not None]
    needed = len(measure.items) if measure.min_answered is None else measure.min_answered
    if len(answered) < needed:
        raise Refused(_too_few(measure, answers, needed))
    value = SCORING[measure.scoring](answered, len(measure.items))
    missing = len(measure.items) - len(answered)
    note = f"scaled up from {len(answered)} of {len(measure.items)} items" if measure.scoring == "lefs" and missing else ""
    return Score(measure.id, value, band_of(measure, value), len(answered), note)


def _sum(answered: Sequence[float], items: int) -> float:
    return sum(answered)


def _mean(answered: Sequence[float], items: int) -> float:
    return sum(answered) / len(answered)


def _koos(answered: Sequence[float], items: int) -> float:
    """100 - mean of the answered items x 100 / 4 (KOOS scoring 2012)."""
    return 100 - _mean(answered, items) * 100 / KOOS_WORST


def _pro_rata(answered: Sequence[float], items: int) -> float:
    """The sum, scaled up to all items where some were not answered."""
    return sum(answered) * items / len(answered)


SCORING: dict[str, Callable[[Sequence[float], int], float]] = {"sum": _sum, "mean": _mean, "koos": _koos, "lefs": _pro_rata}


def band_of(measure: Measure, value: float) -> str:
    """Name of the range the value lies in; a value between two ranges belongs to the lower one; empty where there is none."""
    names = [band.label for band in measure.bands if band.low <= value]
    return names[-1] if names else ""


def _checked(measure: Measure, items: Sequence[float | None]) -> list[float | None]:
    """The answers, once their number and each value is allowed. Scores of a mean may leave the last items out."""
    count = len(measure.items)
    few_enough = measure.scoring == "mean" and measure.min_answered is not None and measure.min_answered <= len(items) <= count
    if len(items) != count and not few_enough:
        allowed = f"{measure.min_answered} to {count}" if measure.scoring == "mean" and measure.min_answered else str(count)
        raise Refused(f"{measure.id}: {len(items)} answers came; {allowed} are allowed, in the order of the form, - for one not answered.")
    for number, (item, answer) in enumerate(zip(measure.items, items, strict=False), start=1):
        if answer is not None and answer not in item.allowed:
            raise Refused(f"{measure.id}: item {number} ({item.label}): {_told(answer)} is not allowed; allowed: {_points(item)}.")
    return list(items)


def _too_few(measure: Measure, answers: Sequence[float | None], needed: int) -> str:
    missing = [str(number) for number, answer in enumerate(answers, start=1) if answer is None]
    which = f"; not answered: item {', '.join(missing)}" if missing else ""
    count = len(measure.items)
    least = f"all {count}" if needed == count else f"at least {needed} of {count}"
    return f"{measure.id}: {len([one for one in answers if one is not None])} items are answered, {least} are needed{which}."


def _single(measure: Measure, items: Sequence[float | None]) -> Score:
    """A scale of one number: the number itself, within its limits. Choices, yes-or-no findings and texts have no score."""
    if measure.kind in (MeasureKind.CHOICE, MeasureKind.FLAG, MeasureKind.TEXT):
        raise Refused(f"{measure.id}: is no questionnaire and has no score; its value is {_values(measure)}.")
    if len(items) != 1:
        raise Refused(f"{measure.id}: {len(items)} values came; one number is allowed.")
    value = items[0]
    low, high = measure.hard if measure.hard else (float("-inf"), float("inf"))
    if value is None or not isfinite(value) or not low <= value <= high:
        raise Refused(f"{measure.id}: {_told(value)} is not allowed; allowed: {low:g} to {high:g}.")
    if measure.kind == "integer" and value != int(value):
        raise Refused(f"{measure.id}: {value:g} is not allowed; a whole number from {low:g} to {high:g} is.")
    return Score(measure.id, value, band_of(measure, value), 1)


def _values(measure: Measure) -> str:
    return f"one of {', '.join(measure.choices)}" if measure.choices else "0 (no) or 1 (yes)" if measure.kind is MeasureKind.FLAG else "a text"


def _told(answer: float | None) -> str:
    return "no answer" if answer is None else f"{answer:g}"


def _points(item: Item) -> str:
    return ", ".join(f"{one:g}" for one in item.allowed)
