"""A visit as it would be if what is typed were saved: what findings, the drafted note and its print are made from while the visit is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from kneeclinic.knowledge import Knowledge
from kneeclinic.knowledge.schema import Measure
from kneeclinic.record import Case, Observation, Visit
from kneeclinic.rules.scores import score
from kneeclinic.vocabulary import KneeClinicError, MeasureKind, Side


def with_draft(case: Case, visit: Visit, payload: Mapping[str, Any], knowledge: Knowledge, by: str, now: datetime) -> tuple[Case, Visit]:
    """The case and the visit with the typed values and note in them. `payload`: `values` ("measure|side" to entry) and `note` of a draft."""
    fresh = tuple(_provisional(visit, payload.get("values", {}), knowledge, by, now))
    keys = {(one.measure, one.side) for one in fresh}
    kept = tuple(one for one in case.observations if not (one.visit_id == visit.id and (one.measure, one.side) in keys))
    merged = sorted((*kept, *fresh), key=lambda one: (one.on, one.entered_at is None, one.entered_at or now))
    whole = replace(visit, note={**visit.note, **payload.get("note", {})})
    return replace(case, observations=tuple(merged), visits=tuple(whole if one.id == visit.id else one for one in case.visits)), whole


def _provisional(visit: Visit, values: Mapping[str, Mapping[str, Any]], knowledge: Knowledge, by: str, now: datetime) -> Iterable[Observation]:
    for key, entry in values.items():
        measure_id, _, side = key.partition("|")
        measure = knowledge.measures.get(measure_id)
        value = value_of(measure, entry) if measure else None
        if value is None:
            continue
        items = tuple(entry["items"]) if entry.get("items") is not None else None
        yield Observation(id=f"draft-{key}", visit_id=visit.id, episode_id=visit.episode_id, patient_id=visit.patient_id, measure=measure_id,
                          side=Side(side), value=value, on=visit.on, items=items, note=entry.get("note", ""),
                          carried=bool(entry.get("carried")), entered_by=by, entered_at=now)


def value_of(measure: Measure, entry: Mapping[str, Any]) -> float | str | None:
    """The value of a typed entry; a questionnaire counts once enough of its items are answered."""
    items = entry.get("items")
    if measure.kind is MeasureKind.SCORE and items is not None:
        try:
            return score(measure, items).value
        except KneeClinicError:
            return None
    value = entry.get("value")
    return value if value is None or isinstance(value, str) else float(value)
