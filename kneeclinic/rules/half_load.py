"""Half the load for a knee that holds fluid: half of the sets of everything that strengthens."""

from __future__ import annotations

from dataclasses import replace

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.record.programs import ProgramItem

HALF_THE_LOAD = "cut_load_half"
"""The advice that asks for it."""
FEWEST_SETS = 1
STRENGTH = ("hip strength", "knee strength", "core", "neuromuscular control", "foot and ankle")


def half_the_sets(item: ProgramItem) -> ProgramItem:
    """The item with half of its sets, at least one."""
    sets = item.dose.sets
    return item if sets is None or sets <= FEWEST_SETS else replace(item, dose=replace(item.dose, sets=max(FEWEST_SETS, sets // 2)))


def is_strength(knowledge: Knowledge, item: ProgramItem) -> bool:
    """Whether the exercise works a muscle, in distinction from a stretch, rolling or running; one the knowledge no longer has does not count."""
    exercise = knowledge.exercises.get(item.exercise)
    return exercise is not None and exercise.category in STRENGTH
