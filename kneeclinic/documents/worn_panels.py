"""What is worn on the knee or in the shoe, on paper: which way the tape pulls, how to put it on, when it comes off, its last day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from kneeclinic.documents.panels import LARGE_PRINT, Line, Panel
from kneeclinic.documents.speech import Speech
from kneeclinic.figures import support_scene, tape_scene
from kneeclinic.knowledge.schema import Support
from kneeclinic.record import DeviceNote, Program, TapeNote
from kneeclinic.vocabulary import TapeComponent

kept_tape_scene = lru_cache(maxsize=64)(tape_scene)
kept_support_scene = lru_cache(maxsize=64)(support_scene)
"""The same drawing for every patient, drawn once."""
TAPE_STEPS = (1, 2, 3, 4, 5, 6)
ORTHOSIS_STEPS = (1, 2, 3)
DEVICE_WORDS = {"brace_sleeve": "sleeve", "brace_strap": "strap", "brace_realign": "brace", "orthosis_prefab": "orthosis",
                "footwear_comfort": "footwear"}
"""Support id to the start of its keys in the wording files."""
TASK_WORDS = {"step-down": "task_step_down", "squat": "task_squat", "single-leg squat": "task_single_leg_squat", "stairs down": "task_stairs_down"}
WEAR_WORDS = {"orthosis": "orthosis", "footwear": "footwear"}
TAPE = "tape_patellar"
DEVICE_SHARE = 0.7
"""Height of the drawing of a device against that of tape."""


def device_words(device: str) -> str:
    """The start of the keys of a device in the wording files."""
    return DEVICE_WORDS.get(device, "brace")


def is_over(note: TapeNote | DeviceNote, today: date) -> bool:
    """Whether the last day has passed, so that the paper says stop instead of how; shoes are worn on."""
    return note.stop_on < today and not (isinstance(note, DeviceNote) and device_words(note.device) == "footwear")


def stop_panel(note: TapeNote | DeviceNote, speech: Speech, size: float, leading: float, pad: float) -> Panel:
    """Tape, brace or orthosis after its last day: stop, and go on with the exercises."""
    say, kind = speech.say, "tape" if isinstance(note, TapeNote) else "device"
    title = say("tape_title") if isinstance(note, TapeNote) else say(f"{device_words(note.device)}_title")
    line = Line(say(f"{kind}_stop_was", date=speech.day(note.stop_on)), say(f"{kind}_stop_now"))
    return Panel(title, (line,), size, strong=True, leading=leading, pad=pad)


def tape_panel(tape: TapeNote, speech: Speech, size: float, figure: float, columns: int, leading: float, pad: float) -> Panel:
    """Which knee, which way, when to wear it, when to take it off, and the steps; the last day stands beside the title.

    With both knees taped each has its drawing: inward is to the left on one and to the right on the other.
    """
    say = speech.say
    support = speech.knowledge.support(TAPE)
    wear = _worn(tape.wear, support, say("tape_wear_usual"), say("tape_wear", wear=tape.wear))
    where = [say("tape_side", knee=speech.knee(tape.side)), *([wear] if wear else [])]
    lines = [Line(" ".join(where), bullet=True)]
    lines += [Line(say(f"tape_direction_{one.value}"), bullet=True) for one in tape.components]
    if tape.direction and tape.direction not in usual_directions(support, tape.components):
        lines.append(Line(tape.direction, say("tape_direction_title") + ":", bullet=True))
    if tape.retest_before is not None and tape.retest_after is not None:
        task = task_words(tape.retest_task, speech)
        lines.append(Line(say("tape_retest", before=tape.retest_before, after=tape.retest_after, task=task), bullet=True))
    if tape.note:
        lines.append(Line(tape.note, bullet=True))
    lines.append(Line(say("tape_take_off_if"), say("tape_take_off_title") + ":", bullet=True))
    lines += [Line(say(f"tape_step_{step}"), number=step) for step in TAPE_STEPS]
    drawn = tape.components[:1 if size > LARGE_PRINT and len(tape.side.sides) > 1 else 2]
    scenes = tuple(kept_tape_scene(one.value, side.value) for one in drawn for side in tape.side.sides)
    alt = "" if speech.language == "en" else f"{say('tape_title')}: {' '.join(say(f'tape_direction_{one.value}') for one in tape.components)}"
    return Panel(say("tape_title"), tuple(lines), size, scenes, figure, columns=columns, leading=leading, pad=pad, alt=alt,
                 aside=say("tape_stop_date", date=speech.day(tape.stop_on)))


def device_panel(device: DeviceNote, speech: Speech, size: float, figure: float, leading: float, pad: float) -> Panel:
    """A brace, a strap, an insole or shoes: what it is for, how to wear it, its last day."""
    say, words = speech.say, device_words(device.device)
    lines = [Line(say(f"{words}_text"))]
    if words == "orthosis":
        lines += [Line(say(f"orthosis_step_{step}"), bullet=True) for step in ORTHOSIS_STEPS]
    elif words != "footwear":
        lines.append(Line(say("device_side", knee=speech.knee(device.side)), bullet=True))
    if device.reason:
        lines.append(Line(say("device_why", reason=device.reason), bullet=True))
    wear = _worn(device.wear, speech.knowledge.support(device.device), say(f"{WEAR_WORDS.get(words, 'brace')}_wear_usual"),
                 say("device_wear", wear=device.wear))
    if wear:
        lines.append(Line(wear, bullet=True))
    if device.note:
        lines.append(Line(device.note, bullet=True))
    if words != "footwear":
        lines.append(Line(say("device_take_off_if"), bullet=True))
    scene = kept_support_scene(device.device, device.side.sides[0].value)
    return Panel(say(f"{words}_title"), tuple(lines), size, (scene,), figure * DEVICE_SHARE, leading=leading, pad=pad,
                 alt="" if speech.language == "en" else say(f"{words}_title"),
                 aside="" if words == "footwear" else say("device_stop_date", date=speech.day(device.stop_on)))


def worn_panels(program: Program, speech: Speech, size: float, today: date) -> list[Panel]:
    """Tape and devices in the fewest words: which way, and the last day."""
    say, found = speech.say, []
    if program.tape is not None and is_over(program.tape, today):
        found.append(Panel(f"{say('tape_title')}: {say('tape_stop_now')}", (), size))
    elif program.tape is not None:
        tape = program.tape
        lines = [Line("", say("tape_stop_date", date=speech.day(tape.stop_on))), Line(say("tape_side", knee=speech.knee(tape.side)))]
        lines += [Line(say(f"tape_direction_{one.value}")) for one in tape.components]
        found.append(Panel(say("tape_title"), tuple(lines), size))
    for device in program.devices:
        if is_over(device, today):
            found.append(Panel(f"{say(f'{device_words(device.device)}_title')}: {say('device_stop_now')}", (), size))
            continue
        words = device_words(device.device)
        last = Line(say(f"{words}_text")) if words == "footwear" else Line("", say("device_stop_date", date=speech.day(device.stop_on)))
        found.append(Panel(say(f"{words}_title"), (last,), size))
    return found


def usual_directions(support: Support, components: Sequence[TapeComponent]) -> tuple[str, ...]:
    """What the screen proposes as direction: the catalogue's words for clinicians, which the patient reads in words of their own."""
    return " ".join(support.directions.get(one, "") for one in components)[:300], *support.directions.values()


def task_words(task: str, speech: Speech) -> str:
    """The test task in the patient's language; one that was typed stays as typed."""
    key = TASK_WORDS.get(task.strip().lower())
    return speech.say(key) if key else task or "–"


def _worn(typed: str, support: Support, usual: str, said: str) -> str:
    """When it is worn: typed words as they are, the catalogue's words for clinicians in words for patients."""
    return "" if not typed else usual if typed.strip() == support.wear else _ended(said)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
