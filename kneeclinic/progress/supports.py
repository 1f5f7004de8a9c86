"""Tape, braces and orthoses as a clinician writes them down: what, on which knee, since when, and the day on which it stops."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.amounts import counted, day_text, knee_text, listed, sentence
from kneeclinic.record.case import Case
from kneeclinic.record.programs import Program, TapeNote


@dataclass(frozen=True)
class Worn:
    """One support of a program. `details` are sentences: pull or reason, wear, re-test, note."""

    label: str
    started_on: date
    stop_on: date
    details: tuple[str, ...]

    def stops(self, on: date) -> str:
        """stops on 12 Nov 2026 (in 3 days); a stop date that has passed says what to do."""
        left = (self.stop_on - on).days
        when = f"in {counted(left, 'day')}" if left > 0 else "today" if left == 0 else f"{counted(-left, 'day')} ago: take it off, or give a reason"
        return f"stops on {day_text(self.stop_on)} ({when})"

    def text(self, on: date, *, whole: bool = True) -> str:
        """One line; without the details when not `whole`."""
        head = f"{self.label}, since {day_text(self.started_on)}, {self.stops(on)}."
        return " ".join([head, *self.details]) if whole else head


def supports_of(program: Program, knowledge: Knowledge) -> tuple[Worn, ...]:
    """Tape first, then the devices in their order."""
    found = [_tape(program.tape)] if program.tape is not None else []
    for one in program.devices:
        told = tuple(word for word in (_told("Reason", one.reason), _told("Worn", one.wear), one.note) if word)
        found.append(Worn(f"{knowledge.item_label(one.device)}, {knee_text(one.side)}", one.started_on, one.stop_on, told))
    return tuple(found)


def support_periods(case: Case, knowledge: Knowledge, until: date) -> tuple[tuple[str, date, date | None], ...]:
    """Every support that was worn: label, first day, and the day it came off; None = worn still. In the order in which they began."""
    begun: dict[str, date] = {}
    found: list[tuple[str, date, date | None]] = []
    for program in case.programs:
        if program.starts_on > until:
            break
        worn = {one.label: one.started_on for one in supports_of(program, knowledge)}
        found += [(label, min(on, program.starts_on), program.starts_on) for label, on in begun.items() if label not in worn]
        begun = {label: begun.get(label, on) for label, on in worn.items()}
    found += [(label, on, None) for label, on in begun.items()]
    return tuple(sorted(found, key=lambda one: one[1]))


def _tape(tape: TapeNote) -> Worn:
    what = listed(one.value.replace("_", " ") for one in tape.components)
    told = [_told("Pull", tape.direction), _told("Worn", tape.wear)]
    if tape.retest_before is not None and tape.retest_after is not None:
        task = f", {tape.retest_task}" if tape.retest_task else ""
        told.append(f"Re-test{task}: pain {tape.retest_before}/10 without, {tape.retest_after}/10 with it.")
    label = f"Tape{f' ({what})' if what else ''}, {knee_text(tape.side)}"
    return Worn(label, tape.started_on, tape.stop_on, tuple(one for one in (*told, tape.note) if one))


def _told(head: str, words: str) -> str:
    return sentence(f"{head}: {words[:1].lower()}{words[1:]}") if words else ""
