"""`make bench`: times whole user actions and prints one table, as ratios against a floor or a peer of the same run."""

from __future__ import annotations

import sys

from benchmarks import cold_start, knowledge, large_clinic, page_speed, pages, pages_300, paper
from benchmarks.measure import table

PARTS = {"knowledge": knowledge.rows, "paper": paper.rows, "pages": pages.rows, "pages_300": pages_300.rows, "cold_start": cold_start.rows,
         "page_speed": page_speed.rows, "large_clinic": large_clinic.rows}


def main(asked: list[str]) -> int:
    unknown = [one for one in asked if one not in PARTS]
    if unknown:
        sys.stderr.write(f"unknown: {', '.join(unknown)}; there are {', '.join(PARTS)}\n")
        return 2
    for name in asked or PARTS:
        print(table(PARTS[name]()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
