"""What the rules say of a patient on a day: finished values that pages, papers and the command line show."""

from __future__ import annotations

from dataclasses import dataclass, field

from kneeclinic.rules.because import Because
from kneeclinic.rules.red_flags import RaisedFlag
from kneeclinic.vocabulary import Precedence, Side, Standing, SuggestionKind


@dataclass(frozen=True)
class Suggestion:
    """One suggestion of one kind by one rule, with the values that made it fire and the word it rests on.

    `sides`: the knees that made it fire; all affected knees where the rule looks at the person.
    """

    rule: str
    kind: SuggestionKind
    items: tuple[str, ...]
    because: tuple[Because, ...]
    source: str
    grade: str
    standing: Standing
    why: str
    precedence: Precedence
    title: str = ""
    sides: tuple[Side, ...] = ()


@dataclass(frozen=True)
class Avoided:
    """Something that is in no suggestion today, and the findings that took it out."""

    item: str
    because: tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """Something a rule names that must wait, e.g. running before the phase allows it; it is not forbidden."""

    item: str
    rule: str
    why: str


@dataclass(frozen=True)
class Findings:
    """Flags, suggestions and what to avoid, under one edition of the knowledge. `blocked`: no program today, refer."""

    edition: str
    flags: tuple[RaisedFlag, ...]
    suggestions: tuple[Suggestion, ...]
    avoid: tuple[Avoided, ...]
    phase: int
    blocked: bool
    held: tuple[Held, ...] = ()
    asks: tuple[str, ...] = field(default=())
    """What the precautions want asked and written into the note."""

    @property
    def avoided_items(self) -> frozenset[str]:
        return frozenset(one.item for one in self.avoid)

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the rules that suggest something, each once."""
        return tuple(dict.fromkeys(one.rule for one in self.suggestions))
