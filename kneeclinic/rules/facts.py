"""What is known of a patient on a day, as rules read it: the newest value of every measure, plain or computed, knee by knee."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.record.case import Case
from kneeclinic.record.visits import Observation, Value
from kneeclinic.rules.derived import DERIVED, OF_BOTH_LEGS, OF_ONE_LEG, TOLD
from kneeclinic.vocabulary import AffectedSide, Side

Key = tuple[str, Side]


@dataclass(frozen=True, eq=False)
class Facts:
    """Values are looked up by measure and side. A value that is not on record is None, never zero.

    `supposed` holds values that replace what is on record, for the question "what if".
    """

    case: Case
    knowledge: Knowledge
    today: date
    supposed: Mapping[Key, Value | None] = field(default_factory=dict)
    _by_key: dict[Key, tuple[Observation, ...]] = field(default_factory=dict, repr=False)
    _memo: dict[Key, Value | None] = field(default_factory=dict, repr=False)

    @property
    def sides(self) -> tuple[Side, ...]:
        """The affected knees."""
        return self.case.episode.side.sides

    @property
    def both_affected(self) -> bool:
        return self.case.episode.side is AffectedSide.BOTH

    def history(self, measure: str, side: Side) -> tuple[Observation, ...]:
        """Valid observations up to today, oldest first."""
        return self._by_key.get((measure, side), ())

    def newest(self, measure: str, side: Side) -> Observation | None:
        """The newest observation itself, or None."""
        found = self.history(measure, side)
        return found[-1] if found else None

    def value(self, measure: str, side: Side) -> Value | None:
        """The newest value; None when unknown. A computed measure falls back on a value that was entered for it.

        Pain that was told between visits counts too: of what was said in the last seven days the highest is taken.
        """
        key = (measure, side)
        if key in self.supposed:
            return self.supposed[key]
        if key not in self._memo:
            self._memo[key] = self._look_up(measure, side)
        return self._memo[key]

    def number(self, measure: str, side: Side) -> float | None:
        """The value where it is a number, else None."""
        value = self.value(measure, side)
        return None if isinstance(value, str) else value

    def carried(self, measure: str, side: Side) -> bool:
        """Was the newest value taken over from an earlier visit, or is it computed from one that was?"""
        if (measure, side) in self.supposed:
            return False
        if measure in DERIVED:
            legs = (Side.LEFT, Side.RIGHT) if measure in OF_BOTH_LEGS else (side,)
            parts = OF_BOTH_LEGS.get(measure, OF_ONE_LEG.get(measure, (measure,)))
            return any(one.carried for part in parts for leg in legs if (one := self.newest(part, leg)) is not None)
        newest = self.newest(measure, side)
        return newest is not None and newest.carried and newest.value == self.value(measure, side)

    def supposing(self, measure: str, side: Side, value: Value | None) -> Facts:
        """The same patient with one value changed; what is computed from it changes too."""
        return replace(self, supposed={**self.supposed, (measure, side): value}, _memo={})

    def _look_up(self, measure: str, side: Side) -> Value | None:
        if measure in TOLD:
            return TOLD[measure](self, side)
        computed = DERIVED[measure](self, side) if measure in DERIVED else None
        if computed is not None:
            return computed
        found = self.newest(measure, side)
        return None if found is None else found.value


def facts_of(case: Case, knowledge: Knowledge, today: date) -> Facts:
    """The facts of a case on a day. Later observations and invalidated ones do not count."""
    by_key: dict[Key, list[Observation]] = defaultdict(list)
    for one in case.observations:
        if one.on <= today and one.is_valid:
            by_key[(one.measure, one.side)].append(one)
    return Facts(case, knowledge, today, {}, {key: tuple(sorted(found, key=_when)) for key, found in by_key.items()})


def _when(one: Observation) -> date:
    return one.on
