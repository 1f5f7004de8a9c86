"""`make bench`: times whole user actions and prints one table, as ratios against a floor or a peer of the same run.

`python -m benchmarks [--small] [part …]`: with --small the large clinic holds 40,000 values instead of 8,000,000 and its therapists work for 8 s.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import GOALS, Row, table

PARTS = {
    "knowledge": "Knowledge and rules", "paper": "Paper", "pages": "Screens: processor time of a rerun, 24 patients",
    "pages_300": "Screens that look at everybody, 300 patients", "cold_start": "Cold start",
    "page_speed": "In the browser: from the click to the drawn page", "large_clinic": "The large clinic",
}
"""Each part is a module with `rows()`; loaded only when asked for."""


def main(asked: list[str]) -> int:
    names = [one for one in asked if one != "--small"]
    unknown = [one for one in names if one not in PARTS]
    if unknown:
        sys.stderr.write(f"unknown: {', '.join(unknown)}; there are {', '.join(PARTS)}, and --small\n")
        return 2
    if "--small" in asked:
        os.environ.setdefault("KNEECLINIC_BENCH_SIZE", "small")
    logging.disable(logging.WARNING)
    began, found = time.perf_counter(), []
    print(f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}; Python {sys.version.split()[0]}, "
          + ", ".join(f"{one} {version(one)}" for one in ("duckdb", "streamlit", "pandas", "reportlab")), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("KNEECLINIC_KEY_FILE", str(Path(folder) / "bench.key"))
        for name in names or PARTS:
            since = time.perf_counter()
            rows: Callable[[], list[Row]] = import_module(f"benchmarks.{name}").rows
            part = rows()
            found += part
            print(f"\n{PARTS[name]} ({time.perf_counter() - since:.0f} s, load {os.getloadavg()[0]:.1f})\n{table(part)}", flush=True)
    print(f"\nAgainst the goals\n{goals(found)}")
    print(f"\n{time.perf_counter() - began:.0f} s in all, load after {os.getloadavg()[0]:.1f}. With other programs at work trust the ratios.")
    return 0


def goals(found: list[Row]) -> str:
    """Every row that has a goal, and whether it was reached in this run."""
    lines = []
    for what, goal, by_ratio in GOALS:
        for row in found:
            if row.what.startswith(what) and not (by_ratio and row.ratio is None):
                value = row.ratio if by_ratio else row.ms
                assert value is not None
                unit = f"x {row.against}" if by_ratio else " ms"
                mark = "reached" if value <= goal else "NOT REACHED"
                lines.append(f"{row.what[:76]:<78}{value:>9.1f}{'x' if by_ratio else ' ms'}   goal {goal:g}{unit}   {mark}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
