"""A value as a clinician writes it: with its unit in the clinic's system, its side, and dates that nobody reads the wrong way round."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import floor
from typing import TYPE_CHECKING

from kneeclinic.knowledge.schema import Exercise, Measure
from kneeclinic.record.programs import Dose, LoadPlan
from kneeclinic.record.visits import Value
from kneeclinic.rules.because import shown
from kneeclinic.vocabulary import AffectedSide, MeasureKind, Side, Units

if TYPE_CHECKING:
    from kneeclinic.progress.difference import Change

KM_PER_MILE = 1.609344
HAIR = 0.02
"""Tenths that a distance typed in miles may lose by being kept in kilometres."""
LB_PER_KG = 2.2046226
CM_PER_INCH = 2.54
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WORDLESS = ("count", "ratio")
"""Units that say nothing beside the name of the measure."""


@dataclass(frozen=True)
class Unit:
    """A unit of the imperial system: its sign, how many of it are one metric unit, the decimals that are worth printing."""

    sign: str
    factor: float
    decimals: int


IMPERIAL = {
    "km": Unit("mi", 1 / KM_PER_MILE, 1), "km/h": Unit("mph", 1 / KM_PER_MILE, 1), "kg": Unit("lb", LB_PER_KG, 0),
    "cm": Unit("in", 1 / CM_PER_INCH, 1),
}
KILOGRAMS = re.compile(r"(\d+(?:\.\d+)?) kg")


def unit_of(measure: Measure, units: Units) -> str:
    """The unit as it is printed in the head of a table or chart."""
    if units is Units.IMPERIAL and measure.unit in IMPERIAL:
        return IMPERIAL[measure.unit].sign
    return "" if measure.unit in WORDLESS else measure.unit


def in_units(measure: Measure, value: float, units: Units) -> float:
    """The number in the clinic's units; unchanged where there is nothing to convert."""
    if units is Units.IMPERIAL and measure.unit in IMPERIAL:
        return value * IMPERIAL[measure.unit].factor
    return value


def number_text(measure: Measure, value: float, units: Units, *, sign: bool = False) -> str:
    """The number alone, without dust: decimals as the measure asks for, one more where that would change the value."""
    plus = "+" if sign else ""
    if units is Units.IMPERIAL and measure.unit in IMPERIAL:
        unit = IMPERIAL[measure.unit]
        return _trimmed(f"{value * unit.factor:{plus}.{max(unit.decimals, measure.decimals)}f}")
    text = f"{value:{plus}.{measure.decimals}f}"
    return _trimmed(text if abs(float(text) - value) < 1e-6 else f"{value:{plus}.{measure.decimals + 1}f}")


def _trimmed(number: str) -> str:
    """Without zeros after the point, and never minus nothing."""
    text = number.rstrip("0").rstrip(".") if "." in number else number
    return "0" if text in ("-0", "+0") else text


def value_text(measure: Measure, value: Value, units: Units = Units.METRIC) -> str:
    """3/10, 62/100, 84 %, 15.2 mi, +6 on a scale with two directions, yes, the label of a choice; a text as it was typed."""
    if isinstance(value, str) and measure.kind is MeasureKind.CHOICE:
        label = shown(measure, value)
        return label[:1].lower() + label[1:]
    if isinstance(value, str) or measure.kind is MeasureKind.FLAG:
        return shown(measure, value)
    if measure.hard is not None and measure.hard[0] == -measure.hard[1]:
        return number_text(measure, float(value), units, sign=True)
    number = number_text(measure, float(value), units)
    if measure.kind is MeasureKind.SCORE and measure.unit == "points" and measure.hard is not None and measure.hard[0] == 0:
        return f"{number}/{measure.hard[1]:g}"
    unit = unit_of(measure, units)
    return f"{number}{unit}" if unit.startswith("/") else f"{number} {unit}".rstrip()


def name_of(measure: Measure) -> str:
    """The short name where there is one, without the unit that stands behind the value anyway."""
    if not measure.short or "/" in measure.short:
        return measure.label
    return measure.short.removesuffix(f" {measure.unit}") if measure.unit else measure.short


def side_text(side: Side) -> str:
    return "" if side is Side.NONE else side.value


def knee_text(side: AffectedSide) -> str:
    return "both knees" if side is AffectedSide.BOTH else f"{side.value} knee"


def leg_text(side: AffectedSide) -> str:
    return "both legs" if side is AffectedSide.BOTH else f"{side.value} leg"


def day_text(on: date | None, *, year: bool = True) -> str:
    """20 Nov 2026: no reader takes the month for the day."""
    if on is None:
        return "not set"
    return f"{on.day} {MONTHS[on.month - 1]}" + (f" {on.year}" if year else "")


def distance_text(km: float, units: Units) -> str:
    return f"{km / KM_PER_MILE:.1f} mi" if units is Units.IMPERIAL else f"{round(km, 1):g} km"


def run_text(km: float, units: Units) -> str:
    """One run of a plan, to the tenth below: all runs together never pass what the week allows."""
    shown, sign = (km / KM_PER_MILE, "mi") if units is Units.IMPERIAL else (km, "km")
    return f"{floor(shown * 10 + HAIR) / 10:g} {sign}"


_KILOMETRES = re.compile(r"(\d+(?:\.\d+)?) km\b")


def distances_in(text: str, units: Units) -> str:
    """A sentence with its kilometres in the clinic's units."""
    return _KILOMETRES.sub(lambda found: distance_text(float(found.group(1)), units), text) if units is Units.IMPERIAL else text


def rounds_words(exercise: Exercise) -> str:
    """How often the repetitions of one set are done: each side, each way, in each of 3 directions; nothing where it is once."""
    if exercise.rounds == 1:
        return ""
    if exercise.rounds > 2:
        return f"in each of {exercise.rounds} directions"
    return "each side" if exercise.category == "core" else "each way"


def dose_words(dose: Dose, units: Units, exercise: Exercise | None = None) -> str:
    """3 x 15 each way, hold 3 s, 5.5 lb, 3 / week; holds alone are 3 x 30 s."""
    held = f"{dose.hold_s:g} s" if dose.hold_s else ""
    if dose.reps:
        parts = [f"{dose.sets or 1} x {dose.reps}", f"hold {held}" if held else ""]
    elif held:
        parts = [f"{dose.sets or 1} x {held}"]
    else:
        parts = [f"{dose.sets} sets" if dose.sets else ""]
    rounds = rounds_words(exercise) if exercise and parts[0] else ""
    parts[0] = f"{parts[0]} {rounds}".strip()
    parts += [f"{dose.minutes:g} min" if dose.minutes else "", _kilograms(f"{dose.load_kg:g} kg", units) if dose.load_kg else ""]
    parts += [f"tempo {dose.tempo}" if dose.tempo else "", f"{dose.days_per_week} / week"]
    return ", ".join(one for one in parts if one)


def change_words(change: Change, old: LoadPlan | None, new: LoadPlan | None, units: Units) -> str:
    """One line of a program difference in the clinic's units; what a person typed in it is left alone."""
    text = change.text
    if change.what == "load" and change.kind != "stopped" and units is Units.IMPERIAL:
        before, after = old or LoadPlan(), new or LoadPlan()
        for name, fields in (("km a week", (before.weekly_km, after.weekly_km)), ("km longest run", (before.longest_run_km, after.longest_run_km))):
            text = _distances(text, name, fields)
        return text
    for dose in {change.before, change.after} - {""}:
        text = text.replace(dose, _kilograms(dose, units))
    return text


def _distances(text: str, name: str, fields: tuple[float | None, float | None]) -> str:
    old, new = fields
    if old == new or new is None:
        return text.replace(f"{name}:", f"{name.replace('km', 'miles')}:")
    was = f"{old:g} to {new:g}" if old is not None else f"{new:g}"
    now = f"{old / KM_PER_MILE:.1f} to {new / KM_PER_MILE:.1f}" if old is not None else f"{new / KM_PER_MILE:.1f}"
    return text.replace(f"{name}: {was}", f"{name.replace('km', 'miles')}: {now}")


def _kilograms(text: str, units: Units) -> str:
    if units is Units.METRIC:
        return text
    return KILOGRAMS.sub(lambda found: f"{float(found.group(1)) * LB_PER_KG:.1f} lb", text)


def load_words(load: LoadPlan, units: Units) -> str:
    """The running plan in one line, or '' when it says nothing; no distance at all means no running."""
    rests = load.weekly_km == 0
    parts = [
        "no running" if rests else f"{distance_text(load.weekly_km, units)} a week" if load.weekly_km is not None else "",
        f"longest run {distance_text(load.longest_run_km, units)}" if load.longest_run_km and not rests else "",
        counted(load.runs_per_week, "run") + " a week" if load.runs_per_week and not rests else "",
        f"walk-run stage {load.walk_run_stage}" if load.walk_run_stage is not None else "",
        f"other training: {load.cross_training}" if load.cross_training else "",
        f"cadence: {load.cadence_cue}" if load.cadence_cue else "",
        f"shoes: {load.footwear_note}" if load.footwear_note else "",
        f"note: {load.note}" if load.note else "",
    ]
    return ", ".join(one for one in parts if one)


def listed(words: Iterable[str]) -> str:
    """a, b and c."""
    found = [one for one in words if one]
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else ""


def sentence(text: str) -> str:
    """With a capital at its start and a full stop at its end."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?:" else ".")


def counted(count: int, one: str, more: str = "") -> str:
    """1 run, 2 runs."""
    return f"{count} {one if count == 1 else more or one + 's'}"
