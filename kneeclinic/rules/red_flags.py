"""Red flags: what is not typical runner's knee, on either knee, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.knowledge.schema import RedFlag
from kneeclinic.record.case import Case
from kneeclinic.record.weeks import Snooze
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


def set_aside(case: Case, flag: RaisedFlag, today: date) -> Snooze | None:
    """The written reason with which a flag does not stop this patient today, or None.

    It holds until its day, and lapses as soon as one of the values behind the flag is entered anew: a new finding asks for a new reason.
    An emergency is never set aside: it goes when the finding is looked at again and entered as it is now.
    """
    if flag.level is FlagLevel.EMERGENCY:
        return None
    found = [one for one in case.snoozes if one.alert == flag.id and one.until >= today and (one.at is None or one.at.date() <= today)]
    if not found:
        return None
    last = found[-1]
    behind = {one.measure for one in flag.because}
    newest = max((one.on for one in case.observations if one.measure in behind and one.on <= today), default=date.min)
    return None if last.at is not None and last.at.date() < newest else last


def standing_flags(flags: Iterable[RaisedFlag], case: Case, today: date) -> tuple[RaisedFlag, ...]:
    """The flags that block and were not set aside: while one stands there is no program and no exercise on paper."""
    return tuple(flag for flag in flags if flag.level.blocks and set_aside(case, flag, today) is None)


def _highest(rows: list[tuple[RedFlag, tuple[Because, ...]]]) -> RaisedFlag:
    row, because = min(rows, key=lambda found: SEVERITY.index(found[0].level))
    everything = dict.fromkeys([*because, *(reason for _, reasons in rows for reason in reasons)])
    return RaisedFlag(row.id, row.level, row.title, row.action, tuple(everything), row.source, row.standing)
