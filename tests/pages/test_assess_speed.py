"""The assess page of a full first visit is drawn fast: only the open section, from the stored draft."""

from __future__ import annotations

import statistics
import time

import pytest

from kneeclinic import actions
from kneeclinic.knowledge.schema import Measure
from kneeclinic.ui import assess_view, drafts, measure_form
from kneeclinic.vocabulary import MeasureKind, VisitKind

from .conftest import Desk, runner

MOST_MS = 50


def an_entry(measure: Measure) -> drafts.Entry:
    if measure.kind is MeasureKind.SCORE and measure.items:
        return {"value": None, "items": [one.allowed[0] for one in measure.items]}
    kinds = {MeasureKind.FLAG: 0.0, MeasureKind.CHOICE: (measure.choices or ("",))[0], MeasureKind.TEXT: "as before"}
    return {"value": kinds.get(measure.kind, float((measure.soft or measure.hard or (1, 1))[0] or 0))}


def test_a_full_first_visit_takes_less_than_fifty_milliseconds_of_script(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    episode = runner(desk.clinic)
    visit = actions.start_visit(desk.clinic, desk.actor, episode, VisitKind.FIRST, desk.clinic.today)
    fields = [one for one in desk.clinic.knowledge.measures.values() if not one.derived and VisitKind.FIRST in one.visit_kinds]
    values = {drafts.key_of(one.id, side): an_entry(one) for one in fields for side in measure_form.sides_of(one)}
    actions.save_draft(desk.clinic, desk.actor, drafts.KIND, visit.id, {"values": values, "note": {}}, 0)
    taken: list[float] = []
    draw = assess_view.desk.__wrapped__  # type: ignore[attr-defined]

    def timed(visit_id: str) -> None:
        start = time.thread_time()
        draw(visit_id)
        taken.append((time.thread_time() - start) * 1_000)

    monkeypatch.setattr(assess_view, "desk", timed)
    at = desk.page("assess", episode)
    found = {}
    for section in ("red_flags", "pain", "strength", "questionnaires"):
        next(one for one in at.radio if one.label == "Sections").set_value(section).run()
        taken.clear()
        for _ in range(5):
            at.run()
        found[section] = statistics.median(taken)
    print(f"{len(values)} values; script of the assess page by section, ms: " + ", ".join(f"{one} {ms:.0f}" for one, ms in found.items()))
    assert len(values) > 150 and max(found.values()) < MOST_MS
