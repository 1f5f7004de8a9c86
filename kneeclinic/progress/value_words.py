"""The values of a visit in words: by section what is first or changed, then in one line each the negatives, the unchanged and the carried."""

from __future__ import annotations

from collections.abc import Sequence

from kneeclinic.progress.amounts import day_text, name_of, side_text, value_text
from kneeclinic.progress.visit_values import Moment, VisitValue
from kneeclinic.rules.facts import facts_of
from kneeclinic.vocabulary import MeasureKind, MeasureSides, Side

TOLD_SECTIONS = ("red_flags", "injury_screen", "clot_screen", "history", "precautions", "pain", "questionnaires", "load", "requests")
"""What the patient tells; everything else was found by the examiner."""
COMPUTED = ("_lsi", "_deficit", "_difference", "_drop")
"""Computed measures worth a word in a note, by the end of their id."""


def part_of(section: str) -> str:
    """Which of the four parts a section of the assessment belongs to."""
    return "subjective" if section in TOLD_SECTIONS else "objective"


def value_lines(at: Moment, part: str) -> list[str]:
    """First and changed values by section, then in one line each: negatives, unchanged, carried."""
    mine = [one for one in at.values if part_of(one.measure.section) == part]
    told = [one for one in mine if one.kind in ("first", "changed") and not _is_first_no(one)]
    lines = []
    for section in at.knowledge.sections:
        lines += _line(section.label, [one for one in told if one.measure.section == section.id], at)
    negative = [one for one in mine if _is_first_no(one)]
    if negative:
        lines.append(f"Asked or tested and negative, {_negatives(negative)}.")
    same = [one for one in mine if one.kind == "same"]
    carried = [one for one in mine if one.kind == "carried"]
    lines += _line(f"Measured again without change ({len(same)})", same, at)
    return lines + _line(f"Carried, not measured today ({len(carried)})", carried, at)


def _line(head: str, values: Sequence[VisitValue], at: Moment) -> list[str]:
    """Pain, left: Worst pain 3/10 (was 4/10); … The side stands in the head when all values are of one knee, else before each value."""
    if not values:
        return []
    sides = {one.side for one in values}
    only = sides.pop() if len(sides) == 1 else None
    by_measure: dict[str, list[VisitValue]] = {}
    for one in values:
        by_measure.setdefault(one.measure.id, []).append(one)
    told = [f"{name_of(group[0].measure)} {', '.join(_one_value(one, at, named=only is None) for one in group)}" for group in by_measure.values()]
    where = f", {only.value}" if only not in (None, Side.NONE) else ""
    return [f"{head}{where}: {'; '.join(told)}."]


def _is_first_no(one: VisitValue) -> bool:
    return one.measure.kind is MeasureKind.FLAG and one.kind == "first" and not one.observation.value and not one.observation.note


def _one_value(one: VisitValue, at: Moment, *, named: bool) -> str:
    text = f"{side_text(one.side) if named else ''} {value_text(one.measure, one.observation.value, at.units)}".strip()
    if one.kind == "changed" and one.before is not None:
        text += f" (was {value_text(one.measure, one.before.value, at.units)})"
    elif one.kind == "first" and at.before is not None:
        text += " (first value)"
    elif one.kind == "carried":
        text += f" (of {day_text(one.before.on)})" if one.before is not None else " (day not on record)"
    return f"{text} [{one.observation.note}]" if one.observation.note else text


def _negatives(values: Sequence[VisitValue]) -> str:
    """left: locking, giving way; both knees: swelling; person: fever."""
    sides: dict[str, list[Side]] = {}
    names: dict[str, str] = {}
    for one in values:
        sides.setdefault(one.measure.id, []).append(one.side)
        names[one.measure.id] = one.measure.label[:1].lower() + one.measure.label[1:]
    found: dict[str, list[str]] = {}
    for measure, where in sides.items():
        found.setdefault("both knees" if len(where) > 1 else "person" if where[0] is Side.NONE else where[0].value, []).append(names[measure])
    return "; ".join(f"{where}: {', '.join(told)}" for where, told in found.items())


def computed_words(at: Moment) -> list[str]:
    """Computed measures of which a part was measured today, with their value at the last signed visit."""
    fresh = [one.measure.id for one in at.values if one.kind != "carried"]
    now = facts_of(at.case, at.knowledge, at.on)
    then = facts_of(at.case, at.knowledge, at.before.on) if at.before else None
    found = []
    for measure in at.knowledge.measures.values():
        if not measure.derived or not measure.id.endswith(COMPUTED) or not any(measure.id.rsplit("_", 1)[0] in one for one in fresh):
            continue
        for side in at.case.episode.side.sides if measure.sides is MeasureSides.EACH else (Side.NONE,):
            value, old = now.value(measure.id, side), then.value(measure.id, side) if then else None
            if value is not None and value != old:
                was = f" (was {value_text(measure, old, at.units)})" if old is not None else ""
                found.append(f"{name_of(measure)} {side_text(side)}".strip() + f" {value_text(measure, value, at.units)}{was}")
    return found
