"""What must not be done today: everything that flags, rules and precautions take out, by item, with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.knowledge.schema import Exercise, Removal
from kneeclinic.rules.because import Because
from kneeclinic.rules.conditions import matches
from kneeclinic.rules.facts import Facts
from kneeclinic.rules.findings import Avoided
from kneeclinic.rules.red_flags import RaisedFlag
from kneeclinic.vocabulary import FlagLevel


@dataclass(frozen=True)
class TakenOut:
    """One removal with who asks for it: the reason in words, followed by the value behind it."""

    removal: Removal
    by: str
    because: tuple[Because, ...]

    def sentences(self, knowledge: Knowledge) -> tuple[str, ...]:
        return tuple(f"{self.removal.because} ({self.by}): {one.sentence(knowledge)}" for one in self.because)


def items_of(removal: Removal, knowledge: Knowledge) -> tuple[str, ...]:
    """Ids of everything a removal takes out, in the order of the catalogue."""
    named = list(removal.items)
    named += [one.id for one in knowledge.exercises.values() if _has_property(removal, one)]
    return tuple(dict.fromkeys(named))


def _has_property(removal: Removal, exercise: Exercise) -> bool:
    return (
        (removal.impact and exercise.impact)
        or (removal.kneeling and exercise.kneeling)
        or (removal.deep_squat and exercise.deep_squat)
        or (removal.rolling and exercise.rolling)
        or (removal.weight_bearing and exercise.weight_bearing == "yes")
        or (removal.stress_at_least is not None and exercise.stress.rank >= removal.stress_at_least.rank)
    )


def unsaid(out: frozenset[str], knowledge: Knowledge) -> frozenset[str]:
    """Ids of advice that speaks only of what is to be avoided."""
    return frozenset(one.id for one in knowledge.advice.values() if one.about and out.issuperset(one.about))


def by_flags(flags: Iterable[RaisedFlag]) -> list[TakenOut]:
    """Every flag but one that only informs takes out running and jumping."""
    return [
        TakenOut(Removal(impact=True, because=flag.title.lower()), flag.id, flag.because)
        for flag in flags
        if flag.level is not FlagLevel.INFORM
    ]


def by_precautions(facts: Facts) -> tuple[list[TakenOut], tuple[str, ...]]:
    """What the precautions take out, and what they want asked."""
    taken, asks = [], []
    for row in facts.knowledge.precautions:
        because = tuple(dict.fromkeys(reason for match in matches(row.when, facts) for reason in match.because))
        if because:
            taken += [TakenOut(removal, "precaution", because) for removal in row.avoid]
            asks += [row.asks] if row.asks else []
    return taken, tuple(asks)


def joined(taken: Iterable[TakenOut], knowledge: Knowledge) -> tuple[Avoided, ...]:
    """One entry an item, with every reason once."""
    reasons: dict[str, dict[str, None]] = {}
    for one in taken:
        for item in items_of(one.removal, knowledge):
            reasons.setdefault(item, {}).update(dict.fromkeys(one.sentences(knowledge)))
    return tuple(Avoided(item, tuple(found)) for item, found in reasons.items())
