"""Cross-checks of exercises, ladders, templates and supports: every step exists, leads up, and has its way back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kneeclinic.knowledge.contents import Contents, Placed
from kneeclinic.knowledge.faults import Fault
from kneeclinic.knowledge.schema import DoseDefault, Exercise, Support, TemplateItem
from kneeclinic.vocabulary import DAYS_PER_WEEK, EQUIPMENT, HOLD_SECONDS, REPS, SESSION_MINUTES, SETS, LimitedNumber, TapeComponent

DOSE_LIMITS: dict[str, LimitedNumber] = {
    "sets": SETS, "reps": REPS, "hold_s": HOLD_SECONDS, "minutes": SESSION_MINUTES, "days_per_week": DAYS_PER_WEEK,
}  # fmt: skip
ENDS = {(False, False): "alone", (False, True): "hardest", (True, False): "easiest", (True, True): ""}
"""What `end` must say, by (has harder, has easier)."""


def exercise_faults(contents: Contents) -> Iterator[Fault]:
    """Every fault inside an exercise, along the ladders, and in what names exercises: templates and phases."""
    exercises: dict[str, Exercise] = contents.by_id("exercise")
    for placed in contents.placed["exercise"]:
        exercise: Exercise = placed.value
        for name in ("equipment", "any_equipment", "optional_equipment"):
            for thing in getattr(exercise, name):
                if thing not in EQUIPMENT:
                    yield placed.fault(name, f"{thing!r} is unknown; allowed: {', '.join(EQUIPMENT)}")
        if exercise.knee_range and not 0 <= exercise.knee_range[0] <= exercise.knee_range[1] <= 170:
            yield placed.fault("knee_range", f"{list(exercise.knee_range)} is not allowed; [low, high] within 0 to 170 degrees")
        yield from _dose(placed, "dose", exercise.dose)
        yield from _ladder(placed, exercise, exercises, contents)
    yield from _loops(contents.placed["exercise"], exercises)
    yield from _templates(contents)
    for placed in contents.placed["support"]:
        yield from _support(placed)


def _dose(placed: Placed, field: str, dose: DoseDefault | TemplateItem) -> Iterator[Fault]:
    for name, limit in DOSE_LIMITS.items():
        value: Any = getattr(dose, name)
        most: Any = getattr(dose, f"{name}_max", None)
        for end, number in ((name, value), (f"{name}_max", most)):
            refusal = None if number is None else limit.refusal(number)
            if refusal:
                yield placed.fault(f"{field}.{end}", refusal)
        if most is not None and (value is None or most <= value):
            yield placed.fault(f"{field}.{name}_max", f"{most:g} must be above {name}, which must be given")


def _ladder(placed: Placed, exercise: Exercise, exercises: dict[str, Exercise], contents: Contents) -> Iterator[Fault]:
    expected = ENDS[bool(exercise.harder), bool(exercise.easier)]
    if exercise.end != expected:
        ways = f"{len(exercise.harder)} harder and {len(exercise.easier)} easier"
        yield placed.fault("end", f"{exercise.end!r} is not allowed here; with {ways} it is {expected!r}")
    for way, side in (("harder", "above"), ("easier", "below")):
        for id in getattr(exercise, way):
            if not contents.exists(id, "exercise"):
                yield placed.fault(way, f"{id!r} is no exercise")
            elif id == exercise.id:
                yield placed.fault(way, "names the exercise itself")
            elif id in exercises:
                other = exercises[id]
                rise = other.level - exercise.level
                if rise <= 0 if way == "harder" else rise >= 0:
                    yield placed.fault(way, f"{id} has level {other.level}; it must be {side} level {exercise.level}")
                if way == "harder" and exercise.id not in other.easier:
                    yield placed.fault(way, f"{id} has no way back: {exercise.id} is missing in its easier")


def _loops(placed: list[Placed], exercises: dict[str, Exercise]) -> Iterator[Fault]:
    """An exercise from which `harder` leads back to itself; the step to itself is reported elsewhere."""
    for one in placed:
        seen: set[str] = set()
        ahead = [id for id in one.value.harder if id != one.value.id]
        while ahead:
            id = ahead.pop()
            if id == one.value.id:
                yield one.fault("harder", f"goes round in a circle: {id} leads back to itself")
                break
            if id not in seen and id in exercises:
                seen.add(id)
                ahead.extend(exercises[id].harder)


def _templates(contents: Contents) -> Iterator[Fault]:
    for placed in contents.placed["template"]:
        for number, item in enumerate(placed.value.items):
            if not contents.exists(item.exercise, "exercise"):
                yield placed.fault(f"items[{number}].exercise", f"{item.exercise!r} is no exercise")
            yield from _dose(placed, f"items[{number}]", item)
        named = [item.exercise for item in placed.value.items]
        yield from (placed.fault("items", f"{id!r} stands there twice") for id in sorted({id for id in named if named.count(id) > 1}))
    for placed in contents.placed["phase"]:
        for id in placed.value.base:
            if not contents.exists(id, "exercise"):
                yield placed.fault("base", f"{id!r} is no exercise")


def _support(placed: Placed) -> Iterator[Fault]:
    support: Support = placed.value
    known = tuple(TapeComponent)
    for component in support.components:
        if component not in known:
            yield placed.fault("components", f"{component!r} is unknown; allowed: {', '.join(known)}")
    if set(support.directions) != set(support.components):
        yield placed.fault("directions", f"must name each component once: {', '.join(support.components) or 'none'}")
    if support.kind == "tape" and not (support.components and support.steps and support.skin and support.retest and support.stop_weeks):
        yield placed.fault("kind", "tape needs components, steps, skin, retest and stop_weeks")
    if support.stop_weeks is not None and not 1 <= support.stop_weeks <= 52:
        yield placed.fault("stop_weeks", f"{support.stop_weeks} is not allowed; 1 to 52 weeks")
