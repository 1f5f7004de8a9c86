"""One step up or down for one exercise: dose first, then load, then the neighbour on the ladder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kneeclinic.knowledge import Knowledge
from kneeclinic.knowledge.schema import Exercise
from kneeclinic.record.programs import Dose, ProgramItem
from kneeclinic.rules.half_load import FEWEST_SETS
from kneeclinic.vocabulary import Stress

REPS_STEP = 2
"""The two extra repetitions after which load rises (clinical reference 5.2)."""
MOST_REPS = 20
"""Beyond that it is another kind of training (product default)."""
HOLD_STEP_S = 5.0
SHORT_HOLD_STEP_S = 1.0
LONG_HOLD_FROM_S = 10.0
MINUTES_STEP = 1.0
LOAD_STEP = 1.075
"""In the middle of the 5 to 10 % of the clinical reference 5.2."""
SMALLEST_PLATE_KG = 0.5


@dataclass(frozen=True)
class Ground:
    """What a new exercise must respect: nothing avoided, nothing of a later phase, only what is at home, nothing that stands already."""

    knowledge: Knowledge
    avoided: frozenset[str]
    phase: int
    equipment: frozenset[str]
    impact: bool = True

    def allows(self, exercise: Exercise, others: Iterable[ProgramItem]) -> bool:
        """`others`: the rest of the program; two exercises that train the same are not put side by side."""
        taken = {one.exercise for one in others}
        trained = {self.knowledge.exercises[id].trains for id in taken if id in self.knowledge.exercises}
        return (
            exercise.id not in self.avoided
            and exercise.id not in taken
            and exercise.trains not in trained
            and exercise.phase_from <= self.phase
            and not exercise.clinic_only
            and (self.impact or not exercise.impact)
            and exercise.possible_with(self.equipment)
        )


def step_up(item: ProgramItem, others: Iterable[ProgramItem], ground: Ground, *, ladder_first: bool = False) -> ProgramItem | None:
    """The item one step harder, or None: more repetitions, hold, minutes or load within its range, else the next exercise on the ladder.

    Where the ladder is barred (a later phase, nothing at home, ruled out), repetitions go on up to 20. `ladder_first`: the next exercise
    comes before more of this one.
    """
    others = tuple(others)
    exercise = ground.knowledge.exercises.get(item.exercise)
    if exercise is None:
        return None
    if ladder_first and (above := _on_ladder(item, exercise.harder, others, ground)) is not None:
        return above
    dose = _more(item.dose, exercise)
    if dose is not None:
        return replace(item, dose=dose)
    above = _on_ladder(item, exercise.harder, others, ground)
    if above is not None or item.dose.reps is None or item.dose.reps >= MOST_REPS:
        return above
    return replace(item, dose=replace(item.dose, reps=min(MOST_REPS, item.dose.reps + REPS_STEP)))


def step_down(item: ProgramItem, others: Iterable[ProgramItem], ground: Ground) -> ProgramItem | None:
    """The item easier: the nearest exercise below on the ladder that is allowed, else a set less; None when there is nothing below."""
    exercise = ground.knowledge.exercises.get(item.exercise)
    below = _on_ladder(item, all_below(ground.knowledge, item.exercise), others, ground) if exercise else None
    if below is not None:
        return below
    sets = item.dose.sets
    return replace(item, dose=replace(item.dose, sets=sets - 1)) if sets is not None and sets > FEWEST_SETS else None


def all_below(knowledge: Knowledge, exercise: str) -> tuple[str, ...]:
    """Every easier exercise of the same kind down the ladder, the nearest first."""
    start = knowledge.exercises[exercise]
    found: dict[str, None] = {}
    rung = [exercise]
    while rung:
        rung = [easier for one in rung for easier in knowledge.exercises[one].easier
                if easier not in found and knowledge.exercises[easier].category == start.category]
        found.update(dict.fromkeys(rung))
    return tuple(found)


def loads_the_knee(knowledge: Knowledge, item: ProgramItem) -> bool:
    """Whether the exercise presses on the joint behind the kneecap enough to be stepped back in a flare."""
    exercise = knowledge.exercises.get(item.exercise)
    return exercise is not None and (exercise.impact or exercise.stress.rank >= Stress.MODERATE.rank or exercise.category == "knee strength")


def _more(dose: Dose, exercise: Exercise) -> Dose | None:
    usual = exercise.dose
    if dose.reps is not None and usual.reps_max is not None and dose.reps < usual.reps_max:
        return replace(dose, reps=min(usual.reps_max, dose.reps + REPS_STEP))
    if dose.reps is not None and usual.reps is not None and dose.reps < usual.reps:
        return replace(dose, reps=min(usual.reps, dose.reps + REPS_STEP))
    if dose.sets is not None and usual.sets is not None and dose.sets < usual.sets:
        return replace(dose, sets=dose.sets + 1)
    if dose.hold_s is not None and usual.hold_s_max is not None and dose.hold_s < usual.hold_s_max:
        step = HOLD_STEP_S if usual.hold_s_max >= LONG_HOLD_FROM_S else SHORT_HOLD_STEP_S
        return replace(dose, hold_s=min(usual.hold_s_max, dose.hold_s + step))
    if dose.minutes is not None and usual.minutes_max is not None and dose.minutes < usual.minutes_max:
        return replace(dose, minutes=min(usual.minutes_max, dose.minutes + MINUTES_STEP))
    if dose.load_kg:
        plates = max(1, round(dose.load_kg * (LOAD_STEP - 1) / SMALLEST_PLATE_KG))
        return replace(dose, load_kg=dose.load_kg + plates * SMALLEST_PLATE_KG)
    return None


def _on_ladder(item: ProgramItem, neighbours: Iterable[str], others: Iterable[ProgramItem], ground: Ground) -> ProgramItem | None:
    rest = tuple(others)
    for id in neighbours:
        exercise = ground.knowledge.exercises[id]
        if ground.allows(exercise, rest):
            usual = exercise.dose
            dose = Dose(sets=usual.sets, reps=usual.reps, hold_s=usual.hold_s, minutes=usual.minutes, days_per_week=item.dose.days_per_week,
                        tempo=usual.tempo)
            return replace(item, exercise=id, dose=dose, note="", override_reason="")
    return None
