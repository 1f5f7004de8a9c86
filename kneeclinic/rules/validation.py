"""Whether a value may be entered: what is impossible is refused, what is unusual is asked about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from rapidfuzz import fuzz, process

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.knowledge.schema import Measure
from kneeclinic.record.visits import Value
from kneeclinic.rules.scores import score
from kneeclinic.vocabulary import MeasureKind, MeasureSides, Refused, Side

TEXT_LENGTH = 2_000
SHOWN_LENGTH = 40
NEAR = 60  # of 100: how alike a measure must be to be offered instead
FROM_THE_PATIENT = ("age", "sex", "knees_affected", "blocking_flags")
ORDERED_PAIRS = (("pain_usual", "pain_worst"), ("vas_usual", "vas_worst"))


@dataclass(frozen=True)
class Checked:
    """A value as it may be stored; `question` is what to ask the person who typed it when it is unusual, else None."""

    value: Value
    items: tuple[float | None, ...] | None = None
    question: str | None = None


def find_measure(knowledge: Knowledge, id: str) -> Measure:
    """The measure of that id; raises Refused with near ids when there is none, or when it is known from the patient's record."""
    found = knowledge.measures.get(id)
    if found is None:
        near = near_measures(id, knowledge)
        hint = f"; did you mean {' or '.join(near)}?" if near else "."
        raise Refused(f"measure: {_brief(id)} is no measure{hint}")
    if id in FROM_THE_PATIENT:
        raise Refused(f"{id}: is taken from the patient's record and is not entered as an observation.")
    return found


def check_value(
    measure: Measure, side: Side | str | None, value: object, items: Sequence[float | None] | None = None
) -> Checked:
    """The value, ready to store. A score takes `items` or a total in `value`; both must agree.

    Raises Refused with one sentence: the measure id, what came, what is allowed.
    """
    check_side(measure, side)
    if items is not None:
        return _check_items(measure, value, items)
    if measure.kind is MeasureKind.FLAG:
        if value not in (0, 1):
            raise Refused(f"{measure.id}: {_brief(value)} came; 0 (no) or 1 (yes) is allowed.")
        return Checked(float(bool(value)))
    if measure.kind is MeasureKind.CHOICE:
        return _check_choice(measure, value)
    if measure.kind is MeasureKind.TEXT:
        if not isinstance(value, str) or len(value) > TEXT_LENGTH:
            raise Refused(f"{measure.id}: {_brief(value)} came; a text of at most {TEXT_LENGTH} characters is allowed.")
        return Checked(value)
    return _check_number(measure, value)


def check_side(measure: Measure, side: Side | str | None) -> Side:
    """The side of a value; refused when a value of one knee has none, or a value of the person has one."""
    told = Side.NONE.value if side is None or side == "" else str(side)
    if measure.sides is MeasureSides.EACH and told not in (Side.LEFT.value, Side.RIGHT.value):
        came = "no side" if told == Side.NONE.value else _brief(told)
        raise Refused(f"{measure.id}: side: {came} came; left or right is allowed, it is a value of one knee.")
    if measure.sides is MeasureSides.NONE and told != Side.NONE.value:
        raise Refused(f"{measure.id}: side: {_brief(told)} came; no side is allowed, it is a value of the person.")
    return Side(told)


def check_together(values: Iterable[tuple[str, Side, Value]]) -> None:
    """Values of one visit must not contradict each other: the worst pain of a period is never below the usual one."""
    known = {(measure, side): value for measure, side, value in values}
    for usual, worst in ORDERED_PAIRS:
        for side in (Side.LEFT, Side.RIGHT):
            low, high = known.get((usual, side)), known.get((worst, side))
            if low is not None and high is not None and float(high) < float(low):
                raise Refused(f"{worst}, {side.value}: {high:g} came; {low:g} or more is allowed, as {usual} of the same day is {low:g}.")


def near_measures(id: str, knowledge: Knowledge) -> list[str]:
    """Up to three ids that look like what came, by id or by alias."""
    names = {one.id: one.id for one in knowledge.measures.values()}
    names |= {alias.replace(" ", "_"): one.id for one in knowledge.measures.values() for alias in one.aliases}
    found = process.extract(id.lower().replace(" ", "_"), list(names), scorer=fuzz.ratio, limit=3, score_cutoff=NEAR)
    return list(dict.fromkeys(names[name] for name, _, _ in found))


def _check_items(measure: Measure, value: object, items: Sequence[float | None]) -> Checked:
    if measure.kind is not MeasureKind.SCORE:
        raise Refused(f"{measure.id}: items came; one value is allowed, it has no items.")
    for number, one in enumerate(items, start=1):
        if one is not None and not _is_number(one):
            raise Refused(f"{measure.id}: item {number}: {_brief(one)} came; a number is allowed, or - for one not answered.")
    found = score(measure, items)
    if value is not None and (not _is_number(value) or abs(float(value) - found.value) > 0.05):  # type: ignore[arg-type]
        raise Refused(f"{measure.id}: {_brief(value)} came as the total; the items add up to {found.value:g}.")
    question = f"{measure.id}: {found.note}. Is that wanted?" if found.note else _question(measure, found.value)
    return Checked(found.value, tuple(items), question)


def _check_choice(measure: Measure, value: object) -> Checked:
    told = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if told not in measure.choices:
        raise Refused(f"{measure.id}: {_brief(value)} came; {', '.join(measure.choices)} are allowed.")
    return Checked(str(told))


def _check_number(measure: Measure, value: object) -> Checked:
    whole = measure.kind is MeasureKind.INTEGER or (measure.kind is MeasureKind.SCORE and measure.scoring == "sum")
    noun = "a whole number" if whole else "a number"
    span = f"{measure.hard[0]:g} to {measure.hard[1]:g}{'' if measure.unit.startswith('/') else _unit(measure)}" if measure.hard else ""
    allowed = f"{noun} from {span} is allowed" if span else f"{noun} is allowed"
    if not _is_number(value):
        raise Refused(f"{measure.id}: {_brief(value)} came; {allowed}.")
    number = float(value)  # type: ignore[arg-type]
    if (measure.hard and not measure.hard[0] <= number <= measure.hard[1]) or (whole and number != int(number)):
        raise Refused(f"{measure.id}: {number:g} came; {allowed}.")
    return Checked(number, None, _question(measure, number))


def _question(measure: Measure, number: float) -> str | None:
    if measure.soft is None or measure.soft[0] <= number <= measure.soft[1]:
        return None
    low, high = measure.soft
    return f"{measure.id}: {number:g}{_unit(measure)} is unusual ({low:g} to {high:g} expected). Is it right?"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _unit(measure: Measure) -> str:
    if not measure.unit:
        return ""
    return measure.unit if measure.unit.startswith("/") else f" {measure.unit}"


def _brief(value: object) -> str:
    told = "nothing" if value is None else repr(value) if isinstance(value, str) else str(value)
    told = " ".join(told.split())
    return told if len(told) <= SHOWN_LENGTH else f"{told[:SHOWN_LENGTH]}…"
