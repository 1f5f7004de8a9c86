"""Every hazard has a cause, a harm, a control and tests that exist."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROWS = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in (ROOT / "docs" / "hazards.md").read_text(encoding="utf-8").splitlines() if line.startswith("| H")
]


def test_the_log_has_hazards_with_ids_of_their_own() -> None:
    assert len(ROWS) >= 20
    assert len({row[0] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_hazard_has_cause_harm_control_and_living_tests(row: list[str]) -> None:
    assert len(row) == 6
    assert all(row)
    for reference in row[5].split():
        file, _, name = reference.partition("::")
        path = ROOT / file
        assert path.exists(), f"{row[0]}: {file} does not exist"
        if path.is_dir():
            assert list(path.rglob("test_*.py")), f"{row[0]}: {file} holds no test"
        elif name:
            names = {node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)}
            assert name in names, f"{row[0]}: {file} has no test {name}"
