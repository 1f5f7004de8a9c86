"""Eight at work in a large clinic while it is copied and laid in order: no fault, nobody else's values, and the copy is the clinic again."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import large_clinic

SIZES = {"small": "4", "full": "120"}
"""Seconds at work by size: 40,000 or 8,000,000 values."""


@pytest.mark.parametrize("size", ["small", pytest.param("full", marks=pytest.mark.soak)])
def test_the_copy_taken_under_load_is_the_clinic_again_and_nobody_at_work_meets_a_fault(
    size: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KNEECLINIC_BENCH_SIZE", size)
    monkeypatch.setenv("KNEECLINIC_BENCH_SECONDS", SIZES[size])
    monkeypatch.setenv("KNEECLINIC_KEY_FILE", str(tmp_path / "large.key"))
    monkeypatch.delenv("KNEECLINIC_BENCH_CLINIC", raising=False)
    found = {one.what: one for one in large_clinic.rows()}  # raises where engines disagree, a row differs or a foreign value shows
    assert [one.ms for what, one in found.items() if what.startswith("faults and foreign values")] == [0, 0]
    assert found["restore of the whole clinic"].ms <= 60_000
    at_work = [what for what in found if "p95 of 8" in what]
    assert len(at_work) == 10, at_work
