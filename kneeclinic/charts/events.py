"""What happened on the way and may explain a course: program versions, tape and braces on and off, flares, races."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from kneeclinic.charts.style import LINE, SIZE, Chart
from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.rise import clear_rise
from kneeclinic.progress.series import pain_series
from kneeclinic.record.case import Case
from kneeclinic.record.programs import Program
from kneeclinic.record.weeks import Run

ROOM_A_LETTER = 0.038
"""Share of the time shown that a letter takes on a narrow chart."""
VERSIONS = re.compile(r"v\d+(, v\d+)*")


@dataclass(frozen=True)
class Event:
    """One line down the chart, with a short word at its top."""

    on: date
    text: str


def events(case: Case, knowledge: Knowledge, today: date) -> tuple[Event, ...]:
    """Events up to today, oldest first; those of one day share a line."""
    found: dict[date, list[str]] = {}
    before: frozenset[str] = frozenset()
    for program in case.programs:
        if program.starts_on > today:
            break
        worn = _worn(program, knowledge)
        words = [f"v{program.version}" + (" paused" if program.paused else "")]
        words += [f"{one} on" for one in sorted(worn - before)] + [f"{one} off" for one in sorted(before - worn)]
        found.setdefault(program.starts_on, []).extend(words)
        before = worn
    for on in flares(case, knowledge, today):
        found.setdefault(on, []).append("flare")
    for run in case.runs:
        if is_race(run) and run.on <= today:
            found.setdefault(run.on, []).append("race")
    return tuple(Event(on, ", ".join(words)) for on, words in sorted(found.items()))


def flares(case: Case, knowledge: Knowledge, today: date) -> tuple[date, ...]:
    """Days on which worst pain had clearly risen, beyond noise; the first of each rise."""
    points, measure = [one for one in pain_series(case, "pain_worst") if one.on <= today], knowledge.measure("pain_worst")
    risen = [clear_rise(points[: at + 1], measure, point.on) is not None for at, point in enumerate(points)]
    return tuple(point.on for at, point in enumerate(points) if risen[at] and (at == 0 or not risen[at - 1]))


def is_race(run: Run) -> bool:
    """The note of the run says so."""
    return run.invalidated_at is None and re.search(r"\brace\b", run.note, re.IGNORECASE) is not None


def draw_events(on: Chart, shown: tuple[Event, ...], last: date) -> None:
    """Thin dotted lines over all rows; the words stand at the top in two lines. A version for which neither has room keeps its line alone."""
    span = max(7, (last - shown[0].on).days) if shown else 7
    free = [date.min, date.min]
    for event in shown:
        on.down(event.on.isoformat(), "dot", LINE)
        row = next((at for at, since in enumerate(free) if event.on >= since), None)
        if row is None:
            if VERSIONS.fullmatch(event.text):
                continue
            row = free.index(min(free))
        free[row] = event.on + timedelta(days=ROOM_A_LETTER * span * (len(event.text) + 1))
        on.write(event.text, size=SIZE - 2, xref="x", yref="paper", x=event.on.isoformat(), y=1, xanchor="left", yanchor="bottom",
                 yshift=18 if row else 30, xshift=-2)


def _worn(program: Program, knowledge: Knowledge) -> frozenset[str]:
    devices = {knowledge.support(one.device).kind for one in program.devices}
    return frozenset(devices | ({"tape"} if program.tape else set()))
