"""What would change a suggestion: the single finding that would take it away, and what nearly brought another one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.knowledge.schema import Condition, Measure, Rule
from kneeclinic.record.case import Case
from kneeclinic.record.visits import Value
from kneeclinic.rules.because import Because, shown
from kneeclinic.rules.conditions import holds, met_by
from kneeclinic.rules.facts import Facts, facts_of
from kneeclinic.rules.red_flags import raised, standing_flags
from kneeclinic.rules.suggest import BLOCKING, Fired, fire, fired_rows
from kneeclinic.rules.validation import FROM_THE_PATIENT
from kneeclinic.vocabulary import MeasureKind, Precedence, Side

NEAR_SHARE = 0.15
"""How far from its limit, as a share of it, a value still counts as near where the measure has no detectable change."""


@dataclass(frozen=True)
class WhatIf:
    """One change of one finding. `removes`: the rule would fall silent; `adds`: it nearly fired and would speak.

    `distance` is how far the value is from the limit, in the unit of the measure; None for a choice or a flag.
    """

    rule: str
    effect: Literal["removes", "adds"]
    measure: str
    side: Side
    value: Value
    becomes: Value
    distance: float | None
    sentence: str


def what_if(case: Case, knowledge: Knowledge, today: date) -> tuple[WhatIf, ...]:
    """Every single change that takes a rule away, then every rule that one near value keeps silent, nearest first.

    Each is tried out: a change is told only when the rules, read again with it, say so. While a red flag blocks, only that is told which
    the flags ask for: nothing else is suggested.
    """
    facts = _counted(facts_of(case, knowledge, today))
    flags = raised(facts)
    rows = fired_rows(facts, flags)
    if facts.number(BLOCKING, Side.NONE):
        rows = tuple(row for row in rows if row.rule.precedence is Precedence.RED_FLAG)
        return tuple(one for id in dict.fromkeys(row.rule.id for row in rows) for one in _removing(id, rows, facts))
    fired = {row.rule.id for row in rows}
    removing = [one for id in dict.fromkeys(row.rule.id for row in rows) for one in _removing(id, rows, facts)]
    adding: dict[tuple[str, str, Side], WhatIf] = {}
    for one in (one for rule in knowledge.rules if rule.id not in fired for one in _adding(rule, facts)):
        adding.setdefault((one.rule, one.measure, one.side), one)  # the first row of a rule names it
    return (*removing, *sorted(adding.values(), key=lambda one: (one.distance or 0, one.rule)))


def _counted(facts: Facts) -> Facts:
    """The same facts with the red flags counted that block under them."""
    return facts.supposing(BLOCKING, Side.NONE, float(len(standing_flags(raised(facts), facts.case, facts.today))))


def _removing(id: str, rows: Iterable[Fired], facts: Facts) -> Iterable[WhatIf]:
    """Changes of one value after which no row of the rule holds any more."""
    knowledge = facts.knowledge
    seen = set()
    for row in rows:
        if row.rule.id != id:
            continue
        for reason in row.because:
            if (reason.measure, reason.side) in seen or reason.measure in FROM_THE_PATIENT:
                continue
            seen.add((reason.measure, reason.side))
            measure = knowledge.measure(reason.measure)
            becomes = _beyond(reason, measure)
            if becomes is None:
                continue
            changed = facts.supposing(reason.measure, reason.side, becomes)
            if any(one.measure == BLOCKING for one in row.because):
                changed = _counted(changed)
            if any(fire(rule, changed) for rule in knowledge.rules if rule.id == id):
                continue
            text = f"{id} would fall silent if {_place(measure, reason.side)} were {shown(measure, becomes)} (now {shown(measure, reason.value)})."
            yield WhatIf(id, "removes", reason.measure, reason.side, reason.value, becomes, _apart(reason.value, becomes), text)


def _adding(rule: Rule, facts: Facts) -> Iterable[WhatIf]:
    """A silent rule that one known, near value keeps silent."""
    for condition in (*rule.when.all, *rule.when.any):
        measure = facts.knowledge.measure(condition.measure)
        if isinstance(condition.value, str | tuple) or condition.measure in FROM_THE_PATIENT:
            continue
        for side in _sides(condition, facts):
            value = facts.value(condition.measure, side)
            if value is None or isinstance(value, str) or measure.kind is MeasureKind.FLAG or met_by(condition, facts, side):
                continue
            becomes = _reaching(condition, measure)
            distance = abs(value - becomes)
            if distance > _near(measure, condition.value):
                continue
            if fire(rule, facts.supposing(condition.measure, side, becomes)) is None:
                continue
            text = (
                f"{rule.id} ({rule.title.lower()}) would speak if {_place(measure, side)} were {shown(measure, becomes)}"
                f" (now {shown(measure, value)})."
            )
            yield WhatIf(rule.id, "adds", condition.measure, side, value, becomes, distance, text)


def _sides(condition: Condition, facts: Facts) -> tuple[Side, ...]:
    if condition.side == "none":
        return (Side.NONE,)
    return facts.sides if condition.side == "affected" else (Side.LEFT, Side.RIGHT)


def _step(measure: Measure) -> float:
    """The smallest step in which the measure is told."""
    whole = measure.kind in (MeasureKind.INTEGER, MeasureKind.FLAG, MeasureKind.SCORE) and measure.decimals == 0
    return 1.0 if whole else 10.0 ** -measure.decimals


def _beyond(reason: Because, measure: Measure) -> Value | None:
    """The nearest value on the other side of the limit, or None where there is none."""
    threshold = reason.threshold
    if measure.kind is MeasureKind.CHOICE:
        others = (one for one in measure.choices if not holds(one, reason.op, threshold, measure.choices))
        return next(reversed(tuple(others)), None) if reason.op == ">=" else next(others, None)
    if isinstance(threshold, str | tuple):
        return None
    if reason.op == "==":
        return float(not threshold) if measure.kind is MeasureKind.FLAG else threshold - _step(measure)
    step = _step(measure)
    moves = {">=": threshold - step, "<": threshold, ">": threshold, "<=": threshold + step, "!=": threshold}
    becomes = round(moves[reason.op], 6)
    return becomes if measure.hard is None or measure.hard[0] <= becomes <= measure.hard[1] else None


def _reaching(condition: Condition, measure: Measure) -> float:
    """The nearest value that meets the condition."""
    threshold = float(condition.value)  # type: ignore[arg-type]
    step = _step(measure)
    return round({">": threshold + step, "<": threshold - step}.get(condition.op, threshold), 6)


def _near(measure: Measure, threshold: float) -> float:
    """How near counts as near: the detectable change of the measure, else a share of the limit, never less than one step."""
    return max(measure.sdc or 0.0, abs(threshold) * NEAR_SHARE, _step(measure))


def _apart(value: Value, becomes: Value) -> float | None:
    return None if isinstance(value, str) or isinstance(becomes, str) else round(abs(value - becomes), 6)


def _place(measure: Measure, side: Side) -> str:
    return measure.label if side is Side.NONE else f"{measure.label}, {side.value}"
