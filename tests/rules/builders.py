"""Builders: a runner with defaults, showing only what a test is about."""

from __future__ import annotations

from datetime import date
from typing import Any

from kneeclinic.exchange.case_file import case_of
from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.record.case import Case

TODAY = date(2026, 3, 30)


def a_runner(knowledge: Knowledge, *values: tuple, check_ins: tuple = (), runs: tuple = (), **patient: Any) -> Case:
    """A woman of 30 with a painful right knee. A value is (measure, value), (measure, side, value) or (measure, side, value, date)."""
    rows = []
    for one in values:
        measure, side, value, on = (one[0], "", one[1], TODAY) if len(one) == 2 else (*one, TODAY)[:4]
        rows.append({"measure": measure, "value": value, "date": on, **({"side": side} if side else {})})
    document = {
        "today": TODAY,
        "patient": {"age": 30, "sex": "female", "side": "right", **patient},
        "observation": rows,
        "check_in": list(check_ins),
        "run": list(runs),
    }
    return case_of(document, knowledge)[0]


READY = (
    ("hip_abduction_force", "right", 190), ("hip_abduction_force", "left", 200),
    ("knee_extension_force", "right", 390), ("knee_extension_force", "left", 400),
    ("pain_worst", "right", 2), ("pain_usual", "right", 1), ("walk_30_pain", 1), ("stroke_test", "right", "0"),
)
"""Everything that phase 3 asks."""
