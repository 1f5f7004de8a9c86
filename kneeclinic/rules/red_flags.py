"""Red flags: what is not typical runner's knee, on either knee, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.knowledge.schema import RedFlag
from kneeclinic.record.case import Case
from kneeclinic.rules.because import Because
from kneeclinic.rules.conditions import matches
from kneeclinic.rules.facts import Facts, facts_of
from kneeclinic.vocabulary import FlagLevel, Standing

SEVERITY = tuple(FlagLevel)  # most urgent first


@dataclass(frozen=True)
class RaisedFlag:
    """One flag at its highest level, with the values that raised it."""

    id: str
    level: FlagLevel
    title: str
    action: str
    because: tuple[Because, ...]
    source: str
    standing: Standing


def red_flags(case: Case, knowledge: Knowledge, today: date) -> tuple[RaisedFlag, ...]:
    """Every flag that is raised, most urgent first; both knees are looked at, whichever is treated."""
    return raised(facts_of(case, knowledge, today))


def raised(facts: Facts) -> tuple[RaisedFlag, ...]:
    """As `red_flags`, for facts at hand."""
    rows: dict[str, list[tuple[RedFlag, tuple[Because, ...]]]] = {}
    for row in facts.knowledge.red_flags:
        found = matches(row.when, facts, same_knee=row.same_knee)
        if found:
            reasons = tuple(dict.fromkeys(reason for match in found for reason in match.because))
            rows.setdefault(row.id, []).append((row, reasons))
    flags = [_highest(found) for found in rows.values()]
    return tuple(sorted(flags, key=lambda flag: (SEVERITY.index(flag.level), int(flag.id.removeprefix("RF")))))


def _highest(rows: list[tuple[RedFlag, tuple[Because, ...]]]) -> RaisedFlag:
    row, because = min(rows, key=lambda found: SEVERITY.index(found[0].level))
    everything = dict.fromkeys([*because, *(reason for _, reasons in rows for reason in reasons)])
    return RaisedFlag(row.id, row.level, row.title, row.action, tuple(everything), row.source, row.standing)
