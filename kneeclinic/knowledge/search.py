"""Finds what the product believes by a few letters: name, muscle, equipment, phase or finding; typing mistakes are forgiven."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.knowledge.schema import (
    Exercise,
    Measure,
    PainZone,
    Phase,
    Precaution,
    RedFlag,
    ReviewRule,
    Rule,
    RunStage,
    Source,
    Support,
    Threshold,
    When,
)

Fact = Exercise | Measure | Support | Rule | Precaution | RedFlag | Phase | PainZone | RunStage | Threshold | ReviewRule | Source
IN_NAME = {"is": 8.0, "begins": 6.0, "holds": 4.0, "almost": 3.0}
ELSEWHERE = {"is": 3.0, "begins": 2.0, "holds": 1.0, "almost": 0.5}
"""How much a word of the question counts by where it was found and how well it fits; a hit in the name stands before any other."""
SHORTEST_GUESS = 4
"""Fewer letters are not corrected: "hip" and "lip" are two words."""
SHORTEST_INSIDE = 3


@dataclass(frozen=True, eq=False)
class _Entry:
    """One fact and the words under which it is found."""

    kind: str
    fact: Fact
    name: frozenset[str]
    other: frozenset[str]


def search(knowledge: Knowledge, text: str) -> dict[str, tuple[Fact, ...]]:
    """Kind to the facts that fit every word, best first; all of them for no text.

    Kinds: exercise, measure, support, rule, precaution, red_flag, phase (with pain zones, walk-run stages and numbers), review, source.
    """
    index = _index(knowledge)
    found: dict[str, list[tuple[float, int, Fact]]] = {one.kind: [] for one in index}
    fits = [_fitting(word, index) for word in dict.fromkeys(_words(text))]
    for place, entry in enumerate(index):
        if all(place in fit for fit in fits):
            found[entry.kind].append((-sum(fit[place] for fit in fits), place, entry.fact))
    return {kind: tuple(fact for *_, fact in sorted(rows, key=lambda row: row[:2])) for kind, rows in found.items()}


def resting_on(knowledge: Knowledge, source: str) -> tuple[tuple[str, Fact], ...]:
    """Kind and fact of everything that names this source."""
    return tuple((one.kind, one.fact) for one in _index(knowledge) if getattr(one.fact, "source", "") == source)


def _fitting(word: str, index: tuple[_Entry, ...]) -> dict[int, float]:
    """Place in the index to how well the word fits there; nearly right words count only where nothing fits as typed."""
    known = _known(index)
    fits = {each: how for each in known if (how := _as_typed(word, each))}
    if not fits and len(word) >= SHORTEST_GUESS and not word.isdigit():
        allowed = 1 if len(word) <= 5 else 2
        fits = {each: "almost" for each in known if min(OSA.distance(word, each), OSA.distance(word, each[: len(word)])) <= allowed}
    best: dict[int, float] = defaultdict(float)
    for place, one in enumerate(index):
        for words, worth in ((one.name, IN_NAME), (one.other, ELSEWHERE)):
            for each in words & fits.keys():
                best[place] = max(best[place], worth[fits[each]])
    return best


@lru_cache(maxsize=2)
def _known(index: tuple[_Entry, ...]) -> frozenset[str]:
    return frozenset(each for one in index for each in one.name | one.other)


def _as_typed(word: str, known: str) -> str:
    if word == known:
        return "is"
    if word.isdigit():
        return ""
    if known.startswith(word):
        return "begins"
    return "holds" if len(word) >= SHORTEST_INSIDE and word in known else ""


@lru_cache(maxsize=2)
def _index(knowledge: Knowledge) -> tuple[_Entry, ...]:
    return tuple(_entries(knowledge))


def _entries(knowledge: Knowledge) -> Iterator[_Entry]:
    given_by: dict[str, list[Rule]] = defaultdict(list)
    for rule in knowledge.rules:
        for gives in rule.gives:
            for item in gives.items:
                given_by[item].append(rule)

    def entry(kind: str, fact: Fact, name: Iterable[str], other: Iterable[str]) -> _Entry:
        words = frozenset(_words(" ".join([fact.id, *name])))
        return _Entry(kind, fact, words, frozenset(_words(" ".join(other))) - words)

    def suggested(item: str) -> list[str]:
        return [word for rule in given_by[item] for word in (rule.id, rule.title, *_findings(knowledge, rule.when))]

    for exercise in knowledge.exercises.values():
        yield entry("exercise", exercise, [knowledge.item_label(exercise.id)], [
            exercise.category, exercise.target, exercise.trains, exercise.position, *exercise.equipment, *exercise.any_equipment,
            *exercise.optional_equipment, f"phase {exercise.phase_from}", *suggested(exercise.id)])
    sections = {one.id: one.label for one in knowledge.sections}
    for measure in knowledge.measures.values():
        yield entry("measure", measure, [measure.label, measure.short, *measure.aliases], [sections[measure.section], measure.unit])
    for support in knowledge.supports.values():
        yield entry("support", support, [support.label], [support.kind, *support.components, support.guideline, *suggested(support.id)])
    for rule in knowledge.rules:
        items = [knowledge.item_label(item) for gives in rule.gives for item in gives.items]
        yield entry("rule", rule, [rule.title], [rule.why, *items, *_findings(knowledge, rule.when)])
    for precaution in knowledge.precautions:
        taken = [knowledge.item_label(item) for removal in precaution.avoid for item in removal.items]
        yield entry("precaution", precaution, [removal.because for removal in precaution.avoid],
                    [precaution.asks, *taken, *_findings(knowledge, precaution.when)])
    for flag in knowledge.red_flags:
        yield entry("red_flag", flag, [flag.title], [flag.action, *_findings(knowledge, flag.when)])
    for phase in knowledge.phases:
        yield entry("phase", phase, [phase.label], [phase.content, *phase.enter, *phase.progress, *phase.hold])
    for zone in knowledge.pain_zones:
        yield entry("phase", zone, [zone.zone, "pain zone"], [zone.next_morning, zone.action])
    for stage in knowledge.running.stages:
        yield entry("phase", stage, [f"stage {stage.stage}"], ["running walking walk-run table"])
    for threshold in knowledge.running.thresholds:
        yield entry("phase", threshold, [threshold.label], [threshold.unit])
    for review in knowledge.reviews:
        yield entry("review", review, [review.title], [review.then])
    for source in knowledge.sources.values():
        yield entry("source", source, [source.title], [source.authors, str(source.year or ""), source.where])


def _findings(knowledge: Knowledge, when: When) -> list[str]:
    """The names of the measures that are looked at, and the other words for them."""
    measures = [knowledge.measure(one.measure) for one in (*when.all, *when.any)]
    return [word for one in measures for word in (one.id, one.label, one.short, *one.aliases)]


def _words(text: str) -> list[str]:
    """Letters and digits in lower case, accents dropped."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    return re.findall(r"[^\W_]+", plain)
