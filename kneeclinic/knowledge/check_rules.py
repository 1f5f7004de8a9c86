"""Cross-checks of rules, red flags, precautions, phases, reviews and running facts: every comparison can be true, every item exists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kneeclinic.knowledge.contents import Contents, Placed
from kneeclinic.knowledge.faults import Fault
from kneeclinic.knowledge.schema import Condition, Gives, Measure, Removal, When
from kneeclinic.vocabulary import MeasureKind, MeasureSides, SuggestionKind

PHASES, STAGES, ZONES = range(5), range(1, 9), ("green", "amber", "red")
PRESCRIBED = ("exercise", "support", "advice")
ADVICE_KINDS = {
    SuggestionKind.SUPPORT: ("support",),
    SuggestionKind.LOAD: ("load",),
    SuggestionKind.ADVICE: ("advice", "avoid"),
    SuggestionKind.REFER: ("refer",),
}
"""Which kinds of plain advice a suggestion of a kind may hold."""


def rule_faults(contents: Contents) -> Iterator[Fault]:
    """Every fault of the rules and of what the phases, reviews and running facts must hold in full."""
    measures: dict[str, Measure] = contents.by_id("measure")
    for table in ("red_flag", "rule", "precaution"):
        for placed in contents.placed[table]:
            when: When = placed.value.when
            if not when.all and not when.any:
                yield placed.fault("when", "is empty; it needs `all` or `any`")
            for name, conditions in (("all", when.all), ("any", when.any)):
                for number, condition in enumerate(conditions):
                    yield from _condition(placed, f"when.{name}[{number}]", condition, measures, contents)
    for placed in contents.placed["rule"]:
        yield from _rule(placed, contents)
    for placed in contents.placed["precaution"]:
        yield from _removals(placed, contents)
        if not placed.value.avoid and not placed.value.asks:
            yield placed.fault("avoid", "is missing; a precaution takes something out or asks something")
    for placed in contents.placed["advice"]:
        for id in placed.value.about:
            if not contents.exists(id, "exercise", "support"):
                yield placed.fault("about", f"{id!r} is no exercise or support")
    yield from _complete(contents.placed["phase"], "number", PHASES, contents, "phase")
    yield from _complete(contents.placed["stage"], "stage", STAGES, contents, "stage")
    yield from _complete(contents.placed["pain_zone"], "zone", ZONES, contents, "pain_zone")
    yield from _reviews(contents.placed["review"])
    yield from _running(contents)


def _condition(placed: Placed, field: str, condition: Condition, measures: dict[str, Measure], contents: Contents) -> Iterator[Fault]:
    measure = measures.get(condition.measure)
    if measure is None:
        if not contents.exists(condition.measure, "measure"):
            yield placed.fault(f"{field}.measure", f"{condition.measure!r} is no measure")
        return
    if measure.sides is MeasureSides.NONE and condition.side != "none":
        yield placed.fault(f"{field}.side", f"{condition.side!r} is not allowed; {measure.id} is a value of the person: 'none'")
    if measure.sides is MeasureSides.EACH and condition.side == "none":
        yield placed.fault(f"{field}.side", f"'none' is not allowed; {measure.id} has a value for each knee: 'affected', 'other' or 'any'")
    allowed = _operators(measure)
    if condition.op not in allowed:
        problem = f"{condition.op!r} is not allowed for {measure.id}, a {measure.kind}; allowed: {' '.join(allowed) or 'none'}"
        yield placed.fault(f"{field}.op", problem)
        return
    if isinstance(condition.value, tuple) is not (condition.op == "in"):
        yield placed.fault(f"{field}.value", "must be a list, because op is 'in'" if condition.op == "in" else "is a list; a list needs op 'in'")
        return
    for value in condition.value if isinstance(condition.value, tuple) else (condition.value,):
        problem = _value_problem(measure, condition.op, value)
        if problem:
            yield placed.fault(f"{field}.value", f"{value!r} is not allowed for {measure.id}; {problem}")


def _operators(measure: Measure) -> tuple[str, ...]:
    if measure.kind is MeasureKind.TEXT:
        return ()
    if measure.kind is MeasureKind.FLAG or (measure.kind is MeasureKind.CHOICE and not measure.ordered):
        return ("==", "!=") if measure.kind is MeasureKind.FLAG else ("==", "!=", "in")
    return ("<", "<=", ">", ">=", "==", "!=", "in")


def _value_problem(measure: Measure, op: str, value: float | str) -> str:
    if measure.kind is MeasureKind.CHOICE:
        return "" if value in measure.choices else f"choices: {', '.join(measure.choices)}"
    if measure.kind is MeasureKind.FLAG:
        return "" if value in (0, 1) else "a flag is 0 or 1"
    if isinstance(value, str):
        return "a number is needed"
    if measure.hard and not measure.hard[0] <= value <= measure.hard[1]:
        return f"hard limits {measure.hard[0]:g} to {measure.hard[1]:g}"
    if measure.hard and (op, value) in ((">", measure.hard[1]), ("<", measure.hard[0])):
        return f"nothing is {op} the hard limit, so it can never be true"
    return ""


def _rule(placed: Placed, contents: Contents) -> Iterator[Fault]:
    rule = placed.value
    for number, gives in enumerate(rule.gives):
        for id in gives.items:
            problem = _given_problem(gives, id, contents)
            if problem:
                yield placed.fault(f"gives[{number}].items", problem)
    yield from _removals(placed, contents)
    for taken, put in rule.instead.items():
        for id in (taken, put):
            if not contents.exists(id, "exercise"):
                yield placed.fault("instead", f"{id!r} is no exercise")
    for id in rule.yields_to:
        if not contents.exists(id, "rule"):
            yield placed.fault("yields_to", f"{id!r} is no rule")
    if rule.weaker_side_of and not _is_number_of_each_leg(contents.by_id("measure").get(rule.weaker_side_of)):
        yield placed.fault("weaker_side_of", f"{rule.weaker_side_of!r} is no number that is measured on each leg")
    if not (rule.gives or rule.avoid or rule.instead):
        yield placed.fault("gives", "is missing; a rule gives, avoids or replaces something")
    own = {id for gives in rule.gives for id in gives.items}
    for id in sorted(own & {id for removal in rule.avoid for id in removal.items}):
        yield placed.fault("avoid", f"{id!r} is given by the same rule")


def _is_number_of_each_leg(measure: Measure | None) -> bool:
    return measure is not None and measure.sides is MeasureSides.EACH and measure.kind in (MeasureKind.NUMBER, MeasureKind.INTEGER)


def _given_problem(gives: Gives, id: str, contents: Contents) -> str:
    if gives.kind is SuggestionKind.EXERCISE:
        return "" if contents.exists(id, "exercise") else f"{id!r} is no exercise"
    if gives.kind is SuggestionKind.SUPPORT and contents.exists(id, "support"):
        return ""
    if not contents.exists(id, "advice"):
        return f"{id!r} is no {'support or advice' if gives.kind is SuggestionKind.SUPPORT else 'advice'}"
    advice = contents.by_id("advice").get(id)
    if advice and advice.kind not in ADVICE_KINDS[gives.kind]:
        return f"{id!r} is advice of kind {advice.kind!r}; under {gives.kind.value!r} it must be {' or '.join(ADVICE_KINDS[gives.kind])}"
    return ""


def _removals(placed: Placed, contents: Contents) -> Iterator[Fault]:
    for number, removal in enumerate(placed.value.avoid):
        for id in removal.items:
            if not contents.exists(id, *PRESCRIBED):
                yield placed.fault(f"avoid[{number}].items", f"{id!r} is no exercise, support or advice")
        if removal == Removal(because=removal.because):
            yield placed.fault(f"avoid[{number}]", "takes nothing out; name items or a property")


def _complete(entries: Sequence[Placed], field: str, expected: Sequence[object], contents: Contents, table: str) -> Iterator[Fault]:
    """Each expected number or name once. Says nothing where an entry is faulty already: it may be the missing one."""
    there = Counter(getattr(placed.value, field) for placed in entries)
    for placed in entries:
        if there[getattr(placed.value, field)] > 1:
            yield placed.fault(field, f"{getattr(placed.value, field)} stands there {there[getattr(placed.value, field)]} times; each once")
    missing = [one for one in expected if one not in there]
    if missing and entries and contents.is_whole(table):
        yield Fault(entries[0].file, f"[[{table}]]", field, f"{', '.join(map(str, missing))} missing; needed: {', '.join(map(str, expected))}")


def _reviews(entries: Sequence[Placed]) -> Iterator[Fault]:
    first: dict[int, str] = {}
    for placed in entries:
        owner = first.setdefault(placed.value.order, placed.entry)
        if owner != placed.entry:
            yield placed.fault("order", f"{placed.value.order} is the order of {owner} already")


def _running(contents: Contents) -> Iterator[Fault]:
    for placed in contents.placed["stage"]:
        stage = placed.value
        total = (stage.run_min + stage.walk_min) * stage.repeats
        if stage.total_min != total:
            yield placed.fault("total_min", f"{stage.total_min:g} is not the sum of the stage, {total:g}")
    zones = sorted(contents.placed["pain_zone"], key=lambda placed: placed.value.low)
    for lower, upper in pairwise(zones):
        if upper.value.low != lower.value.high + 1:
            yield upper.fault("low", f"{upper.value.low:g} leaves a gap or an overlap after {lower.value.high:g} of {lower.value.zone}")
    if len(zones) == len(ZONES) and (zones[0].value.low, zones[-1].value.high) != (0, 10):
        yield zones[0].fault("low", "the zones together must reach from 0 to 10")
