"""The table of requirements in docs/trust.md: twenty-seven rows, each with tests or benchmarks that exist."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in (ROOT / "docs" / "trust.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and line.split("|")[1].strip().isdigit()
]


def test_all_twenty_seven_are_there_in_order() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 28))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_a_requirement_names_tests_that_live_and_a_figure(row: list[str]) -> None:
    assert len(row) == 4 and all(row)
    references = [one for one in row[2].split() if one.startswith(("tests/", "benchmarks/"))]
    assert references, "no test"
    for reference in references:
        file, _, name = reference.partition("::")
        path = ROOT / file
        assert path.exists(), f"{file} does not exist"
        if name:
            names = {node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)}
            assert name in names, f"{file} has no test {name}"
