"""From what was found to what could be done: every suggestion with its reasons, what to avoid, the phase, the red flags."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.knowledge.schema import Rule
from kneeclinic.record.case import Case
from kneeclinic.rules.because import Because
from kneeclinic.rules.conditions import Match, first_value, matches, newest_value
from kneeclinic.rules.facts import Facts, facts_of
from kneeclinic.rules.findings import Findings, Held, Suggestion
from kneeclinic.rules.phase import phase
from kneeclinic.rules.red_flags import RaisedFlag, raised, standing_flags
from kneeclinic.rules.removals import TakenOut, by_flags, by_precautions, joined, unsaid
from kneeclinic.rules.running_plan import no_running
from kneeclinic.vocabulary import Precedence, Side, SuggestionKind

RUNNING_PHASE = 3
BLOCKING = "blocking_flags"
ALLOWED_WHEN_BLOCKED = (SuggestionKind.REFER, SuggestionKind.ADVICE)


@dataclass(frozen=True)
class Fired:
    """One row of a rule that holds, on which knees and why."""

    rule: Rule
    sides: tuple[Side, ...]
    because: tuple[Because, ...]


def suggest(case: Case, knowledge: Knowledge, today: date) -> Findings:
    """Everything that follows from the record on that day; the same record gives the same findings."""
    return suggest_from(facts_of(case, knowledge, today))


def suggest_from(facts: Facts) -> Findings:
    """As `suggest`, for facts at hand.

    Order: red flags; rows that hold; what is taken out; what must wait for its phase; what is left, joined by rule and kind.
    """
    knowledge = facts.knowledge
    flags = raised(facts)
    blocked = bool(standing_flags(flags, facts.case, facts.today))
    number = phase(facts, knowledge, facts.today).number
    fired = fired_rows(facts, flags)
    taken, asks = by_precautions(facts)
    taken = by_flags(flags) + taken + [TakenOut(one, row.rule.id, row.because) for row in fired for one in row.rule.avoid]
    avoid = joined(taken, knowledge)
    out = frozenset(one.item for one in avoid)
    out |= unsaid(out, knowledge)
    out |= unsaid_runs(flags, fired, knowledge)
    instead = {item: other for row in fired for item, other in row.rule.instead.items()}
    held: dict[tuple[str, str], Held] = {}
    found: list[Suggestion] = []
    for row in fired:
        if blocked and row.rule.precedence is not Precedence.RED_FLAG:
            continue
        for gift in row.rule.gives:
            if blocked and gift.kind not in ALLOWED_WHEN_BLOCKED:
                continue
            items = swapped(gift.items, out, instead)
            for item in items:
                why = why_held(item, row.rule, facts, number)
                if why:
                    held[(item, row.rule.id)] = Held(item, row.rule.id, why)
            kept = tuple(item for item in items if (item, row.rule.id) not in held)
            if kept:
                found.append(_suggestion(row, gift.kind, kept))
    return Findings(
        knowledge.edition.edition, flags, in_order(join(found)), avoid, number, blocked, () if blocked else tuple(held.values()), asks
    )


def fired_rows(facts: Facts, flags: tuple[RaisedFlag, ...]) -> tuple[Fired, ...]:
    """Rows that hold, without those that yield to another rule that holds."""
    blocking = standing_flags(flags, facts.case, facts.today)
    facts = facts.supposing(BLOCKING, Side.NONE, float(len(blocking))) if BLOCKING not in facts.supposed else facts
    rows = [row for rule in facts.knowledge.rules if (row := fire(rule, facts)) is not None]
    rows = [_with_flags(row, blocking) for row in rows]
    ids = {row.rule.id for row in rows}
    return tuple(row for row in rows if not ids.intersection(row.rule.yields_to))


def fire(rule: Rule, facts: Facts) -> Fired | None:
    """The row, if it holds on an affected knee (on all of them where it asks for that), else None."""
    found = matches(rule.when, facts, look_up=first_value if rule.at_start else newest_value)
    if not found or (rule.every_side and len(found) < len(facts.sides)):
        return None
    because = tuple(dict.fromkeys(reason for one in found for reason in one.because))
    return Fired(rule, _weaker_leg(rule.weaker_side_of, facts) or _knees(found, because, facts), because)


def _weaker_leg(measure: str, facts: Facts) -> tuple[Side, ...]:
    """The leg with the lower value, affected or not; empty where the row asks for none or a leg was not measured."""
    values = {side: value for side in (Side.LEFT, Side.RIGHT) if measure and (value := facts.number(measure, side)) is not None}
    return (min(values, key=values.__getitem__),) if len(values) == 2 else ()


def _knees(found: Iterable[Match], because: Iterable[Because], facts: Facts) -> tuple[Side, ...]:
    """The knees on which the row holds; of a row that looks across both, those whose values made it hold; else the affected ones."""
    knees = {one.side for one in found} - {Side.NONE} or {one.side for one in because} - {Side.NONE}
    return tuple(side for side in Side if side in knees) or facts.sides


def unsaid_runs(flags: Iterable[RaisedFlag], fired: Iterable[Fired], knowledge: Knowledge) -> frozenset[str]:
    """Words for runs that are done anyway, while a flag or an advice leaves no running."""
    given = {item for row in fired for gift in row.rule.gives for item in gift.items}
    if not no_running(flags, given, knowledge):
        return frozenset()
    return frozenset(one.id for one in knowledge.advice.values() if one.for_runs)


def _with_flags(row: Fired, blocking: tuple[RaisedFlag, ...]) -> Fired:
    """The rule that counts blocking flags shows the values behind them."""
    if all(reason.measure != BLOCKING for reason in row.because):
        return row
    behind = [reason for flag in blocking for reason in flag.because]
    return replace(row, because=tuple(dict.fromkeys([*row.because, *behind])))


def swapped(items: Iterable[str], out: frozenset[str], instead: dict[str, str]) -> tuple[str, ...]:
    """Items without those to avoid; where a rule names what to do instead, that takes the place."""
    kept = [item if item not in out else instead.get(item, "") for item in items]
    return tuple(dict.fromkeys(item for item in kept if item and item not in out))


def why_held(item: str, rule: Rule, facts: Facts, number: int) -> str:
    """Why something with impact must wait, or an empty text.

    Running and hopping begin in phase 3. A cue that changes runs which are done anyway may come earlier, unless nothing is run now.
    """
    exercise, advice = facts.knowledge.exercises.get(item), facts.knowledge.advice.get(item)
    has_impact = bool(exercise and exercise.impact) or bool(advice and advice.impact)
    if not has_impact or number >= RUNNING_PHASE:
        return ""
    if rule.for_current_runs and facts.number("km_week", Side.NONE) != 0:
        return ""
    label = facts.knowledge.phases[RUNNING_PHASE].label
    return f"waits for phase {RUNNING_PHASE} ({label}); the findings allow phase {number}"


def _suggestion(row: Fired, kind: SuggestionKind, items: tuple[str, ...]) -> Suggestion:
    rule = row.rule
    return Suggestion(
        rule.id, kind, items, row.because, rule.source, rule.grade, rule.standing, rule.why, rule.precedence, rule.title, row.sides
    )


def join(found: Iterable[Suggestion]) -> list[Suggestion]:
    """Rows of one rule, kind and grade become one suggestion, and a row that gives nothing new joins the one that gave it.

    Source and standing are those of the first row.
    """
    joined: list[Suggestion] = []
    for one in found:
        at = next((at for at, first in enumerate(joined) if _is_more_of(one, first)), None)
        if at is None:
            joined.append(one)
            continue
        first = joined[at]
        joined[at] = replace(
            first,
            items=tuple(dict.fromkeys([*first.items, *one.items])),
            because=tuple(dict.fromkeys([*first.because, *one.because])),
            sides=tuple(side for side in Side if side in (*first.sides, *one.sides)),
        )
    return joined


def _is_more_of(one: Suggestion, first: Suggestion) -> bool:
    return (one.rule, one.kind) == (first.rule, first.kind) and (one.grade == first.grade or set(one.items) <= set(first.items))


def in_order(found: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    """Red flags first, then irritability, impairments and adjuncts; by rule within."""
    ranks, kinds = list(Precedence), list(SuggestionKind)
    return tuple(sorted(found, key=lambda one: (ranks.index(one.precedence), one.rule, kinds.index(one.kind))))


def as_json(findings: Findings) -> dict[str, Any]:
    """The shape of `suggest --json`."""
    return {
        "edition": findings.edition,
        "red_flags": [
            {"id": one.id, "level": one.level.value, "title": one.title, "action": one.action,
             "because": [_reason(reason) for reason in one.because], "source": one.source, "standing": one.standing.value}
            for one in findings.flags
        ],
        "suggestions": [
            {"rule": one.rule, "kind": one.kind.value, "items": list(one.items), "because": [_reason(reason) for reason in one.because],
             "source": one.source, "grade": one.grade, "standing": one.standing.value, "why": one.why,
             "precedence": one.precedence.value, "sides": [side.value for side in one.sides]}
            for one in findings.suggestions
        ],
        "avoid": [{"item": one.item, "because": list(one.because)} for one in findings.avoid],
        "held": [{"item": one.item, "rule": one.rule, "why": one.why} for one in findings.held],
        "asks": list(findings.asks),
        "phase": findings.phase,
        "blocked": findings.blocked,
    }


def _reason(because: Because) -> dict[str, Any]:
    threshold = because.threshold
    return {
        "measure": because.measure,
        "side": because.side.value,
        "value": _plain(because.value),
        "op": because.op,
        "threshold": [_plain(one) for one in threshold] if isinstance(threshold, tuple) else _plain(threshold),
    }


def _plain(value: float | str) -> float | int | str:
    """Whole numbers without a decimal point; others to six decimals."""
    if isinstance(value, str):
        return value
    return int(value) if value == int(value) else round(value, 6)
