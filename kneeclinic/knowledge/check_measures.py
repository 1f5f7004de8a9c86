"""Cross-checks of the measures: limits, points of the items, bands, and the short words of the shorthand line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kneeclinic.knowledge.contents import Contents, Placed
from kneeclinic.knowledge.faults import Fault
from kneeclinic.knowledge.schema import Item, Measure
from kneeclinic.vocabulary import Better, MeasureKind

NUMERIC = (MeasureKind.NUMBER, MeasureKind.INTEGER, MeasureKind.SCORE)
ALIAS = re.compile(r"[a-z0-9][a-z0-9 %-]*")
RISING_IS_BEST_FIRST = {"sum": Better.LOWER, "mean": Better.LOWER, "lefs": Better.LOWER, "koos": Better.HIGHER}
"""Which direction of the score is the better one when the points of an item rise from the best answer to the worst."""


def measure_faults(contents: Contents) -> Iterator[Fault]:
    """Every fault inside a measure and between measures."""
    for placed in contents.placed["measure"]:
        measure: Measure = placed.value
        if not contents.exists(measure.section, "section"):
            yield placed.fault("section", f"{measure.section!r} is no section; sections: {', '.join(sorted(contents.ids['section']))}")
        if measure.change_source and not contents.exists(measure.change_source, "source"):
            yield placed.fault("change_source", f"{measure.change_source!r} is not in sources.toml")
        yield from _limits(placed, measure)
        yield from _choices(placed, measure)
        yield from _change(placed, measure)
        yield from _items(placed, measure)
        yield from _bands(placed, measure)
        if measure.derived and measure.visit_kinds:
            yield placed.fault("visit_kinds", "must be empty: a derived measure is computed, not entered")
        if not measure.how:
            yield placed.fault("how", "is missing: say how it is measured or computed")
    yield from _names(contents.placed["measure"])
    used = {placed.value.section for placed in contents.placed["measure"]}
    all_read = contents.is_whole("measure")
    for placed in contents.placed["section"]:
        if placed.value.id not in used and all_read:
            yield placed.fault("id", "is a section without a measure")


def _limits(placed: Placed, measure: Measure) -> Iterator[Fault]:
    if measure.kind not in NUMERIC:
        for name in ("hard", "soft", "unit"):
            if getattr(measure, name):
                yield placed.fault(name, f"is not for a {measure.kind}; remove it")
        return
    if measure.hard is None or measure.soft is None:
        yield placed.fault("hard" if measure.hard is None else "soft", f"is missing; a {measure.kind} needs hard and soft limits [low, high]")
        return
    for name, (low, high) in (("hard", measure.hard), ("soft", measure.soft)):
        if low >= high:
            yield placed.fault(name, f"{low:g} is not below {high:g}; write [low, high]")
    if measure.soft[0] < measure.hard[0] or measure.soft[1] > measure.hard[1]:
        yield placed.fault("soft", f"{_span(measure.soft)} reaches outside the hard limits {_span(measure.hard)}")
    if not measure.limit_reason:
        yield placed.fault("limit_reason", "is missing: say in a sentence why the hard limits are there")


def _choices(placed: Placed, measure: Measure) -> Iterator[Fault]:
    if measure.kind is MeasureKind.CHOICE:
        if len(measure.choices) < 2:
            yield placed.fault("choices", "are missing; a choice needs two or more")
        if len(set(measure.choices)) != len(measure.choices):
            yield placed.fault("choices", "hold the same choice twice")
        if len(measure.choice_labels) != len(measure.choices):
            yield placed.fault("choice_labels", f"are {len(measure.choice_labels)}; {len(measure.choices)} choices need as many")
    elif measure.choices or measure.choice_labels or measure.ordered:
        yield placed.fault("choices", f"are not for a {measure.kind}; remove choices, choice_labels and ordered")


def _change(placed: Placed, measure: Measure) -> Iterator[Fault]:
    given = [name for name in ("sdc", "mic", "sdc_percent") if getattr(measure, name) is not None]
    for name in given:
        if getattr(measure, name) <= 0:
            yield placed.fault(name, f"{getattr(measure, name):g} is not allowed; a change is above 0")
        if measure.kind not in NUMERIC:
            yield placed.fault(name, f"is not for a {measure.kind}; remove it")
    if measure.sdc is not None and measure.sdc_percent is not None:
        yield placed.fault("sdc_percent", "stands beside sdc; keep one of them")
    if given and not measure.change_source:
        yield placed.fault("change_source", f"is missing; {' and '.join(given)} must rest on a source")


def _items(placed: Placed, measure: Measure) -> Iterator[Fault]:
    if measure.kind is not MeasureKind.SCORE:
        for name in ("items", "scoring", "min_answered"):
            if getattr(measure, name):
                yield placed.fault(name, f"is not for a {measure.kind}; only a score has it")
        return
    if not measure.items:
        yield placed.fault("items", "are missing; a score has items")
    if not measure.scoring:
        yield placed.fault("scoring", f"is missing; allowed: {', '.join(RISING_IS_BEST_FIRST)}")
    if measure.min_answered is None or not 1 <= measure.min_answered <= len(measure.items):
        yield placed.fault("min_answered", f"must be given, 1 to {len(measure.items)}, the number of the items")
    for number, item in enumerate(measure.items):
        yield from _points(placed, measure, number, item)
    if measure.items and measure.hard and measure.scoring:
        reach = _reach(measure)
        if reach != measure.hard:
            yield placed.fault("hard", f"{_span(measure.hard)} is not what the items add up to, {_span(reach)}")


def _points(placed: Placed, measure: Measure, number: int, item: Item) -> Iterator[Fault]:
    field = f"items[{number}]"
    if item.labels and len(item.labels) != len(item.allowed):
        yield placed.fault(f"{field}.labels", f"are {len(item.labels)}; {len(item.allowed)} allowed points need as many")
    rising = _strictly_rising(item.allowed)
    if not rising and not _strictly_rising(item.allowed[::-1]):
        yield placed.fault(f"{field}.allowed", f"{list(item.allowed)} is not in order; list each point once, the best answer first")
    elif measure.scoring and measure.better is not Better.NEITHER and rising is not (RISING_IS_BEST_FIRST[measure.scoring] is measure.better):
        yield placed.fault(f"{field}.allowed", f"{list(item.allowed)} runs from worst to best; list the best answer first")


def _strictly_rising(points: Sequence[float]) -> bool:
    return len(points) > 1 and all(one < next for one, next in pairwise(points))


def _reach(measure: Measure) -> tuple[float, float]:
    """Lowest and highest score that the items can give when all are answered."""
    lows, highs = [min(item.allowed) for item in measure.items], [max(item.allowed) for item in measure.items]
    if measure.scoring in ("sum", "lefs"):
        return sum(lows), sum(highs)
    low, high = sum(lows) / len(lows), sum(highs) / len(highs)
    return (low, high) if measure.scoring == "mean" else (100 - 25 * high, 100 - 25 * low)


def _bands(placed: Placed, measure: Measure) -> Iterator[Fault]:
    step = 0 if measure.kind is MeasureKind.NUMBER else 1
    for number, band in enumerate(measure.bands):
        if band.low > band.high:
            yield placed.fault(f"bands[{number}]", f"{band.low:g} is above {band.high:g}")
        if number and band.low != measure.bands[number - 1].high + step:
            yield placed.fault(f"bands[{number}].low", f"{band.low:g} leaves a gap or an overlap after {measure.bands[number - 1].high:g}")
    if measure.bands and measure.hard:
        reach = (measure.bands[0].low, measure.bands[-1].high)
        if reach != measure.hard:
            yield placed.fault("bands", f"run over {_span(reach)}, not over the hard limits {_span(measure.hard)}")


def _names(measures: Sequence[Placed]) -> Iterator[Fault]:
    """Id, label, short label and aliases, as the shorthand line reads them, mean one measure only."""
    owner = {placed.value.id: placed.value.id for placed in measures}
    for placed in measures:
        measure: Measure = placed.value
        named = [("label", measure.label), ("short", measure.short), *(("aliases", alias) for alias in measure.aliases)]
        for field, name in named:
            if field == "aliases" and not ALIAS.fullmatch(name):
                yield placed.fault(field, f"{name!r} is not allowed; small letters, digits, blanks, % and - only")
            elif name and owner.setdefault(name.lower(), measure.id) != measure.id:
                yield placed.fault(field, f"{name!r} already means {owner[name.lower()]}")


def _span(pair: tuple[float, float]) -> str:
    return f"{pair[0]:g} to {pair[1]:g}"
