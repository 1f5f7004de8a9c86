"""Timing: medians of several rounds, and a ratio against a floor or a peer that ran in the same minute."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table: milliseconds of the thing and of what it is compared with."""

    what: str
    ms: float
    against: str = ""
    floor_ms: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.ms / self.floor_ms if self.floor_ms else None


def median_ms(action: Callable[[], object], rounds: int = 15, warm: int = 2) -> float:
    """Median wall time of `action` in milliseconds over `rounds`, after `warm` unmeasured ones."""
    for _ in range(warm):
        action()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        action()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def paired_ms(one: Callable[[], object], other: Callable[[], object], rounds: int = 15, warm: int = 2) -> tuple[float, float]:
    """Medians of two actions that take turns, so that both feel the same machine."""
    for _ in range(warm):
        one()
        other()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for action, kept in zip((one, other), times, strict=True):
            began = time.perf_counter()
            action()
            kept.append((time.perf_counter() - began) * 1000)
    return statistics.median(times[0]), statistics.median(times[1])


GOALS: tuple[tuple[str, float, bool], ...] = (
    ("caseload of one therapist (the question), p95", 100, False),
    ("flowsheet of one patient, p95", 20, False),
    ("save a visit with 10 values and the log, p95", 100, False),
    ("search by name", 50, False),
    ("search by number", 50, False),
    ("handout, 2 pages, 6 exercises", 50, False),
    ("handout, 2 pages, 6 exercises", 80, True),
    ("click to the drawn page, a part of it", 4, True),
    ("click to the drawn page, whole", 9, True),
    ("restore of the whole clinic", 60_000, False),
)
"""How the row begins, the goal, and whether the goal is a ratio."""


def table(rows: list[Row]) -> str:
    lines = [f"{'what':<70}{'ms':>10}{'ratio':>9}  against"]
    for row in rows:
        ratio = f"{row.ratio:.1f}x" if row.ratio is not None else ""
        floor = f"{row.against} ({row.floor_ms:.2f} ms)" if row.floor_ms else row.against
        lines.append(f"{row.what:<70}{row.ms:>10.2f}{ratio:>9}  {floor}{'  ' + row.note if row.note else ''}")
    return "\n".join(lines)
