"""The record as the clinic counts: the same courses in miles, pounds and inches, so that band, goal and verdict are drawn in one unit."""

from __future__ import annotations

from dataclasses import replace

from kneeclinic.knowledge import Knowledge
from kneeclinic.knowledge.schema import Measure
from kneeclinic.progress.amounts import KM_PER_MILE, in_units, unit_of
from kneeclinic.record.case import Case
from kneeclinic.record.visits import Observation
from kneeclinic.vocabulary import Units


def counted_in(case: Case, knowledge: Knowledge, measure_id: str, units: Units) -> tuple[Case, Knowledge]:
    """Case and knowledge with one measure in the clinic's units; a verdict is the same in any unit. Computed measures stay as the rules read them."""
    measure = knowledge.measure(measure_id)
    factor = in_units(measure, 1.0, units)
    if factor == 1 or measure.derived:
        return case, knowledge
    values = tuple(_scaled(one, factor) if one.measure == measure_id else one for one in case.observations)
    goals = tuple(replace(one, target=one.target * factor, baseline=None if one.baseline is None else one.baseline * factor)
                  if one.measure == measure_id else one for one in case.episode.goals)
    known = replace(knowledge, measures={**knowledge.measures, measure_id: _measure(measure, factor, unit_of(measure, units))})
    return replace(case, observations=values, episode=replace(case.episode, goals=goals)), known


def runs_in(case: Case, units: Units) -> tuple[Case, str]:
    """The case with every distance that was run in the clinic's unit, and the sign of that unit."""
    if units is not Units.IMPERIAL:
        return case, "km"
    runs = tuple(replace(one, km=round(one.km / KM_PER_MILE, 2)) for one in case.runs)
    weeks = tuple(replace(one, km=None if one.km is None else one.km / KM_PER_MILE,
                          days=tuple(replace(day, km=None if day.km is None else day.km / KM_PER_MILE) for day in one.days))
                  for one in case.check_ins)
    return replace(case, runs=runs, check_ins=weeks), "mi"


def _scaled(one: Observation, factor: float) -> Observation:
    return one if one.number is None else replace(one, value=round(one.number * factor, 2))


def _measure(measure: Measure, factor: float, unit: str) -> Measure:
    sdc, mic = (None if value is None else value * factor for value in (measure.sdc, measure.mic))
    hard = None if measure.hard is None else (measure.hard[0] * factor, measure.hard[1] * factor)
    return measure.model_copy(update={"unit": unit, "sdc": sdc, "mic": mic, "hard": hard, "decimals": max(1, measure.decimals)})
