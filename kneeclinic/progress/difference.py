"""What changed between two versions of a program, as a patient and a therapist would say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.amounts import day_text
from kneeclinic.progress.steps import all_below
from kneeclinic.record.forms import ProgramForm
from kneeclinic.record.programs import DeviceNote, Dose, LoadPlan, Program, ProgramItem, TapeNote
from kneeclinic.vocabulary import AffectedSide, NotFound

Kind = Literal["new", "harder", "easier", "stopped", "changed"]
HARDER_UP = ("sets", "reps", "hold_s", "minutes", "days_per_week", "load_kg")
"""More of each is harder."""
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Change:
    """One line. `what` is the id of an exercise or support, or load; `before` and `after` are doses in signs that need no translation."""

    kind: Kind
    what: str
    text: str
    before: str = ""
    after: str = ""


def difference(old: Program | None, new: Program | ProgramForm, knowledge: Knowledge) -> tuple[Change, ...]:
    """Lines in the order of the new program, then what stopped, then tape and devices, then running. No old program: everything is new."""
    before = list(old.items) if old else []
    lines: list[Change] = []
    left, kept = list(before), {item.exercise for item in new.items}
    for item in new.items:
        match = _same(item, left) or _on_ladder(item, [one for one in left if one.exercise not in kept], knowledge)
        if match is None:
            lines.append(Change("new", item.exercise, f"New: {_name(knowledge, item)}, {dose_text(item.dose)}.", "", dose_text(item.dose)))
            continue
        left.remove(match)
        lines += _of_item(match, item, knowledge)
    lines += [Change("stopped", item.exercise, f"Stopped: {_name(knowledge, item)}.", dose_text(item.dose)) for item in left]
    lines += _of_tape(old.tape if old else None, new.tape)
    lines += _of_devices(old.devices if old else (), new.devices, knowledge)
    lines += _of_load(old.load if old else None, new.load)
    return tuple(lines)


def dose_text(dose: Dose) -> str:
    """A dose in signs: 3 x 15, 3 s, 2.5 kg, 3 / week; holds alone are 3 x 30 s."""
    held = f"{dose.hold_s:g} s" if dose.hold_s else ""
    if dose.sets and not dose.reps and held:
        parts = [f"{dose.sets} x {held}"]
    else:
        parts = [f"{dose.sets} x {dose.reps}" if dose.sets and dose.reps else f"{dose.sets} x" if dose.sets else f"{dose.reps} x"
                 if dose.reps else "", held]
    parts += [f"{dose.minutes:g} min" if dose.minutes else ""]
    parts += [f"{dose.load_kg:g} kg" if dose.load_kg else "", f"{dose.days_per_week} / week"]
    return ", ".join(part for part in parts if part)


def _same(item: ProgramItem, left: list[ProgramItem]) -> ProgramItem | None:
    """The old item of the same exercise, on the same leg if there is one."""
    same = [one for one in left if one.exercise == item.exercise]
    return next((one for one in same if one.side is item.side), same[0] if same else None)


def _on_ladder(item: ProgramItem, left: list[ProgramItem], knowledge: Knowledge) -> ProgramItem | None:
    """The old item nearest on the same ladder and leg, which this one took the place of."""
    if item.exercise not in knowledge.exercises:
        return None
    known = [one for one in left if one.side is item.side and one.exercise in knowledge.exercises]
    near = [one for one in known if _is_below(item.exercise, one.exercise, knowledge) or _is_below(one.exercise, item.exercise, knowledge)]
    return min(near, key=lambda one: abs(knowledge.exercise(one.exercise).level - knowledge.exercise(item.exercise).level), default=None)


def _is_below(easier: str, harder: str, knowledge: Knowledge) -> bool:
    return easier in all_below(knowledge, harder) or harder in knowledge.exercise(easier).harder


def _of_item(old: ProgramItem, new: ProgramItem, knowledge: Knowledge) -> Iterator[Change]:
    name, before, after = _name(knowledge, new), dose_text(old.dose), dose_text(new.dose)
    if old.exercise != new.exercise:
        kind: Kind = "harder" if _is_below(old.exercise, new.exercise, knowledge) else "easier"
        text = f"{kind.capitalize()}: {name} instead of {_name(knowledge, old)}, {after}."
        yield Change(kind, new.exercise, text, before, after)
        return
    details = _details(old, new)
    if old.dose != new.dose:
        kind = _direction(old.dose, new.dose)
        steps = f"{before} becomes {after}" if before != after else f"tempo {new.dose.tempo or 'as it comes'}"
        yield Change(kind, new.exercise, f"{kind.capitalize()}: {name}, {steps}{''.join(f'; {one}' for one in details)}.", before, after)
    elif details:
        yield Change("changed", new.exercise, f"Changed: {name}, {'; '.join(details)}.", before, after)


def _direction(old: Dose, new: Dose) -> Kind:
    steps = []
    for name in HARDER_UP:
        before, after = getattr(old, name) or 0, getattr(new, name) or 0
        if before != after:
            steps.append(after > before)
    if not steps or (any(steps) and not all(steps)):
        return "changed"
    return "harder" if all(steps) else "easier"


def _details(old: ProgramItem, new: ProgramItem) -> list[str]:
    found = []
    if old.side is not new.side:
        found.append(f"{old.side.value} leg becomes {_legs(new.side)}")
    if old.days != new.days:
        found.append(f"days: {' '.join(DAYS[day] for day in new.days) or 'any'}")
    if old.pain_limit != new.pain_limit:
        found.append(f"pain up to {new.pain_limit}/10")
    if old.note != new.note:
        found.append("new note" if new.note else "note removed")
    return found


def _legs(side: AffectedSide) -> str:
    return "both legs" if side is AffectedSide.BOTH else f"{side.value} leg"


def _name(knowledge: Knowledge, item: ProgramItem) -> str:
    try:
        return knowledge.item_label(item.exercise)
    except NotFound:
        return item.exercise.replace("_", " ")


def _of_tape(old: TapeNote | None, new: TapeNote | None) -> Iterator[Change]:
    what = "tape_patellar"
    if old is None and new is not None:
        yield Change("new", what, f"New: tape, until {day_text(new.stop_on)}.")
    elif old is not None and new is None:
        yield Change("stopped", what, "Stopped: tape.")
    elif old is not None and new is not None and old != new:
        parts = [f"stop on {day_text(new.stop_on)}"] if old.stop_on != new.stop_on else []
        parts += [f"wear: {new.wear}"] if old.wear != new.wear else []
        yield Change("changed", what, f"Changed: tape, {'; '.join(parts) or 'other note'}.")


def _of_devices(old: tuple[DeviceNote, ...], new: tuple[DeviceNote, ...], knowledge: Knowledge) -> Iterator[Change]:
    before = {(one.device, one.side): one for one in old}
    after = {(one.device, one.side): one for one in new}
    for key, device in after.items():
        label = knowledge.support(device.device).label
        if key not in before:
            yield Change("new", device.device, f"New: {label}, until {day_text(device.stop_on)}.")
        elif before[key] != device:
            yield Change("changed", device.device, f"Changed: {label}, stop on {day_text(device.stop_on)}.")
    for key, device in before.items():
        if key not in after:
            yield Change("stopped", device.device, f"Stopped: {knowledge.support(device.device).label}.")


def _of_load(old: LoadPlan | None, new: LoadPlan | None) -> Iterator[Change]:
    if old == new:
        return
    before, after = old or LoadPlan(), new or LoadPlan()
    if after == LoadPlan():
        yield Change("stopped", "load", "Stopped: running plan.")
        return
    facts = [
        _step("km a week", before.weekly_km, after.weekly_km),
        _step("km longest run", before.longest_run_km, after.longest_run_km),
        _step("runs a week", before.runs_per_week, after.runs_per_week),
        _step("walk-run stage", before.walk_run_stage, after.walk_run_stage),
    ]
    moved = [(text, up) for text, up in facts if text]
    if before == LoadPlan():
        kind: Kind = "new"
    elif not moved or (any(up for _, up in moved) and not all(up for _, up in moved)):
        kind = "changed"
    else:
        kind = "harder" if moved[0][1] else "easier"
    text = "; ".join(text for text, _ in moved) or "rest days, other training or note"
    yield Change(kind, "load", f"{'Running plan' if kind != 'new' else 'New running plan'}: {text}.")


def _step(name: str, old: float | None, new: float | None) -> tuple[str, bool]:
    if old == new:
        return "", False
    if new is None:
        return f"{name}: no longer set", False
    if old is None:
        return f"{name}: {new:g}", True
    return f"{name}: {old:g} to {new:g}", new > old
