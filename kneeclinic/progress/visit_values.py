"""The values of one visit, set against the last signed visit before it: first, changed, measured again without change, or carried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from kneeclinic.knowledge import Knowledge
from kneeclinic.knowledge.schema import Measure
from kneeclinic.record.case import Case
from kneeclinic.record.programs import Program
from kneeclinic.record.visits import Observation, Visit
from kneeclinic.rules.red_flags import RaisedFlag
from kneeclinic.vocabulary import Side, Units

Kind = Literal["first", "changed", "same", "carried"]
SIDES = (Side.LEFT, Side.RIGHT, Side.NONE)
START_OF_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class VisitValue:
    """One value of the visit. `before` is what stood at the last signed visit; for a carried value, where it was truly measured."""

    measure: Measure
    observation: Observation
    before: Observation | None
    kind: Kind

    @property
    def side(self) -> Side:
        return self.observation.side


def visit_before(case: Case, visit: Visit) -> Visit | None:
    """The last signed visit before this one, or None at the first."""
    earlier = [one for one in case.visits if one.is_signed and one.id != visit.id and _moment(one) < _moment(visit)]
    return max(earlier, key=_moment, default=None)


def visit_after(case: Case, visit: Visit) -> Visit | None:
    later = [one for one in case.visits if one.id != visit.id and one.on > visit.on]
    return min(later, key=_moment, default=None)


def values_of_visit(case: Case, knowledge: Knowledge, visit: Visit) -> tuple[VisitValue, ...]:
    """The valid values of the visit in the order of the form, left before right."""
    order = {section.id: place for place, section in enumerate(knowledge.sections)}
    places = {id_: place for place, id_ in enumerate(knowledge.measures)}
    before = visit_before(case, visit)
    found = []
    for one in case.observations:
        if one.visit_id != visit.id or not one.is_valid or one.measure not in knowledge.measures:
            continue
        measure = knowledge.measure(one.measure)
        old = measured(case, one) if one.carried else _standing(case, one, visit, before)
        kind: Kind = "carried" if one.carried else "first" if old is None else "same" if old.value == one.value else "changed"
        found.append(VisitValue(measure, one, old, kind))
    return tuple(sorted(found, key=lambda one: (order.get(one.measure.section, len(order)), places[one.measure.id], SIDES.index(one.side))))


def measured(case: Case, carried: Observation) -> Observation | None:
    """Where a carried value was truly measured; None when that is not on record."""
    earlier = [one for one in case.series(carried.measure, carried.side, carried.on) if not one.carried and one.id != carried.id]
    return earlier[-1] if earlier else None


def program_at(case: Case, visit: Visit) -> Program | None:
    """The program that came out of a visit: the last version that began before the next visit; None when there was none."""
    following = visit_after(case, visit)
    begun = [one for one in case.programs if following is None or one.starts_on < following.on]
    return begun[-1] if begun else None


def _standing(case: Case, one: Observation, visit: Visit, before: Visit | None) -> Observation | None:
    """What stood at the last signed visit."""
    if before is None:
        return None
    known = [old for old in case.series(one.measure, one.side, before.on) if old.visit_id != visit.id]
    return known[-1] if known else None


def _moment(visit: Visit) -> tuple[date, datetime]:
    return visit.on, utc(visit.entered_at) if visit.entered_at is not None else START_OF_TIME


def utc(moment: datetime) -> datetime:
    """The instant with its zone; what is stored without one is UTC."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Moment:
    """All that the sentences are made from: the case on the day of the visit, and the last signed visit before it."""

    case: Case
    knowledge: Knowledge
    visit: Visit
    before: Visit | None
    on: date
    units: Units
    values: tuple[VisitValue, ...]
    flags: tuple[RaisedFlag, ...]
