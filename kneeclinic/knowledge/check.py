"""Whether the knowledge hangs together: ids that repeat, sources that do not exist, and all checks across files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.knowledge.check_exercises import exercise_faults
from kneeclinic.knowledge.check_measures import measure_faults
from kneeclinic.knowledge.check_rules import rule_faults
from kneeclinic.knowledge.check_words import word_faults
from kneeclinic.knowledge.contents import TABLES, Contents
from kneeclinic.knowledge.faults import Fault

SHARED_IDS = ("red_flag", "rule")
"""Tables in which several rows may share an id."""
ITEMS = ("exercise", "support", "advice")
"""Tables that share one set of ids, because a suggestion may name any of them."""


def cross_faults(contents: Contents) -> Iterator[Fault]:
    """Every fault that shows only when entries are held against each other."""
    yield from _repeated(contents)
    yield from _sources(contents)
    yield from measure_faults(contents)
    yield from exercise_faults(contents)
    yield from rule_faults(contents)
    yield from word_faults(contents)


def counts(knowledge: Knowledge) -> dict[str, int]:
    """How much there is of everything, for the command line and the library page."""
    return {
        "sources": len(knowledge.sources),
        "sections": len(knowledge.sections),
        "measures": len(knowledge.measures),
        "derived measures": sum(measure.derived for measure in knowledge.measures.values()),
        "exercises": len(knowledge.exercises),
        "supports": len(knowledge.supports),
        "templates": len(knowledge.templates),
        "phases": len(knowledge.phases),
        "red flags": len({flag.id for flag in knowledge.red_flags}),
        "rules": len({rule.id for rule in knowledge.rules}),
        "precautions": len(knowledge.precautions),
        "advice": len(knowledge.advice),
        "reviews": len(knowledge.reviews),
        "running stages": len(knowledge.running.stages),
        "education": len(knowledge.education),
        "languages": len(knowledge.wording),
        "poses": len(knowledge.poses),
    }


def _repeated(contents: Contents) -> Iterator[Fault]:
    groups = [(table,) for table in TABLES if table not in (*SHARED_IDS, *ITEMS)]
    for group in (*groups, ITEMS):
        entries = [placed for table in group for placed in contents.placed[table]]
        times = Counter(placed.value.id for placed in entries)
        first: dict[str, str] = {}
        for placed in entries:
            id = placed.value.id
            if id in first:
                yield placed.fault("id", f"{id!r} stands there {times[id]} times; the first is in {first[id]}")
            first.setdefault(id, placed.file)


def _sources(contents: Contents) -> Iterator[Fault]:
    for table in TABLES:
        for placed in contents.placed[table]:
            source = getattr(placed.value, "source", None)
            if source is not None and not contents.exists(source, "source"):
                yield placed.fault("source", f"{source!r} is not in sources.toml")
    year = contents.edition.value.date.year if contents.edition else None
    for placed in contents.placed["source"]:
        written = placed.value.year
        if written is not None and not 1800 <= written <= (year or written):
            yield placed.fault("year", f"{written} is not allowed; 1800 to the year of the edition")
