"""Comparing facts with the conditions of the knowledge: which rows hold, on which knee, and because of what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kneeclinic.knowledge.schema import Condition, When
from kneeclinic.record.visits import Value
from kneeclinic.rules.because import Because, Threshold
from kneeclinic.rules.facts import Facts
from kneeclinic.vocabulary import Side

Lookup = Callable[[Facts, str, Side], "Value | None"]
KNEES = (Side.LEFT, Side.RIGHT)


@dataclass(frozen=True)
class Match:
    """One knee (or the person) on which a row holds, and why."""

    side: Side
    because: tuple[Because, ...]


def newest_value(facts: Facts, measure: str, side: Side) -> Value | None:
    return facts.value(measure, side)


def first_value(facts: Facts, measure: str, side: Side) -> Value | None:
    """The value at the start, for rows that judge how somebody began."""
    if (measure, side) in facts.supposed:
        return facts.supposed[(measure, side)]
    found = facts.history(measure, side)
    return found[0].value if found else None


def holds(value: Value | None, op: str, threshold: Threshold, choices: tuple[str, ...] = ()) -> bool:
    """Whether `value op threshold`; a value that is not on record never holds. Choices are ordered as in the catalogue."""
    if value is None:
        return False
    if op == "in":
        return isinstance(threshold, tuple) and value in threshold
    if isinstance(threshold, tuple):
        return False
    if op == "==":
        return value == threshold
    if op == "!=":
        return value != threshold
    left, right = _rank(value, choices), _rank(threshold, choices)
    if left is None or right is None:
        return False
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[op]


def _rank(value: Value, choices: tuple[str, ...]) -> float | None:
    if isinstance(value, str):
        return float(choices.index(value)) if value in choices else None
    return value


def matches(when: When, facts: Facts, *, same_knee: bool = False, look_up: Lookup = newest_value) -> tuple[Match, ...]:
    """Every knee on which the row holds. Rows over `affected` or `other` are looked at for each affected knee, all others once.

    With `same_knee` a row over `any` is looked at for the left and for the right knee on its own.
    """
    conditions = (*when.all, *when.any)
    if not conditions:
        return ()
    if any(one.side in ("affected", "other") for one in conditions):
        knees: tuple[Side, ...] = facts.sides
    elif same_knee:
        knees = KNEES
    else:
        knees = (Side.NONE,)
    found = (_match(when, facts, knee, same_knee, look_up) for knee in knees)
    return tuple(one for one in found if one is not None)


def _match(when: When, facts: Facts, knee: Side, same_knee: bool, look_up: Lookup) -> Match | None:
    because: list[Because] = []
    for condition in when.all:
        met = met_by(condition, facts, knee, same_knee, look_up)
        if not met:
            return None
        because += met
    if when.any:
        met_any = [reason for condition in when.any for reason in met_by(condition, facts, knee, same_knee, look_up)]
        if not met_any:
            return None
        because += met_any
    return Match(knee, tuple(dict.fromkeys(because)))


def met_by(
    condition: Condition, facts: Facts, knee: Side, same_knee: bool = False, look_up: Lookup = newest_value
) -> list[Because]:
    """The reasons one condition gives, one for each knee that meets it; empty when it is not met."""
    measure = facts.knowledge.measures[condition.measure]
    met = []
    for side in sides_of(condition, knee, same_knee):
        value = look_up(facts, condition.measure, side)
        if value is not None and holds(value, condition.op, condition.value, measure.choices):
            carried = look_up is newest_value and facts.carried(condition.measure, side)
            met.append(Because(condition.measure, side, value, condition.op, condition.value, carried))
    return met


def sides_of(condition: Condition, knee: Side, same_knee: bool = False) -> tuple[Side, ...]:
    """Which values a condition looks at when `knee` is the one in question."""
    if condition.side == "none":
        return (Side.NONE,)
    if condition.side == "affected":
        return (knee,)
    if condition.side == "other":
        return (knee.opposite,)
    return (knee,) if same_knee else KNEES
