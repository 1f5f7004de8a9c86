"""Everything the product believes, read once and frozen: what can be measured, what can be prescribed, and on whose word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from kneeclinic.knowledge.poses import ExercisePose
from kneeclinic.knowledge.schema import (
    Advice,
    Edition,
    Education,
    Exercise,
    ExerciseWords,
    Measure,
    PainZone,
    Phase,
    Precaution,
    RedFlag,
    ReviewRule,
    Rule,
    RunningFacts,
    Section,
    Source,
    Support,
    Template,
    Wording,
)
from kneeclinic.vocabulary import NotFound

Thing = TypeVar("Thing")


@dataclass(frozen=True, eq=False)
class Knowledge:
    """One edition of the knowledge. Made by `load_knowledge`, which has checked that every id in it resolves."""

    edition: Edition
    sources: dict[str, Source]
    sections: tuple[Section, ...]
    """In the order of the assessment form."""
    measures: dict[str, Measure]
    """In the order of the assessment form."""
    exercises: dict[str, Exercise]
    supports: dict[str, Support]
    templates: dict[str, Template]
    phases: tuple[Phase, ...]
    """Phase 0 first."""
    red_flags: tuple[RedFlag, ...]
    advice: dict[str, Advice]
    rules: tuple[Rule, ...]
    precautions: tuple[Precaution, ...]
    reviews: tuple[ReviewRule, ...]
    """In the order in which they are read."""
    running: RunningFacts
    pain_zones: tuple[PainZone, ...]
    education: dict[str, Education]
    wording: dict[str, Wording]
    """By language."""
    poses: dict[str, ExercisePose]

    def measure(self, id: str) -> Measure:
        """The measure of that id; raises NotFound."""
        return _found("measure", id, self.measures)

    def exercise(self, id: str) -> Exercise:
        """The exercise of that id; raises NotFound."""
        return _found("exercise", id, self.exercises)

    def support(self, id: str) -> Support:
        """The tape, brace, orthosis or footwear of that id; raises NotFound."""
        return _found("support", id, self.supports)

    def template(self, id: str) -> Template:
        """The ready-made program of that id; raises NotFound."""
        return _found("template", id, self.templates)

    def source(self, id: str) -> Source:
        """The source of that id; raises NotFound."""
        return _found("source", id, self.sources)

    def item_label(self, id: str) -> str:
        """English name of an exercise, a support or an advice; raises NotFound."""
        if id in self.exercises:
            return self.words(id, "en").name
        if id in self.supports:
            return self.supports[id].label
        if id in self.advice:
            return self.advice[id].label
        raise NotFound(_unknown("exercise, support or advice", id, [*self.exercises, *self.supports, *self.advice]))

    def words(self, exercise_id: str, language: str) -> ExerciseWords:
        """What a patient reads about an exercise; raises NotFound."""
        return _found("exercise", exercise_id, self._language(language).exercises)

    def text(self, key: str, language: str, **fields: object) -> str:
        """One sentence of the wording file with its {fields} filled in; raises NotFound for an unknown key, language or missing field."""
        sentence = _found("sentence", key, self._language(language).text)
        try:
            return sentence.format(**fields)
        except KeyError as error:
            raise NotFound(f"The sentence {key!r} needs the field {error}; give it a value.") from error

    def _language(self, language: str) -> Wording:
        return _found("language", language, self.wording)


def _found(noun: str, id: str, shelf: dict[str, Thing]) -> Thing:
    try:
        return shelf[id]
    except KeyError:
        raise NotFound(_unknown(noun, id, shelf)) from None


def _unknown(noun: str, id: str, known: Iterable[str]) -> str:
    near = get_close_matches(id, list(known), n=3)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"There is no {noun} {id!r}.{hint}"
