"""Which exercises a program may draw on: what was suggested, taken back to the level that findings, phase and equipment allow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.knowledge.schema import Exercise
from kneeclinic.rules.facts import Facts
from kneeclinic.rules.findings import Findings, Suggestion
from kneeclinic.vocabulary import Precedence, Side, SuggestionKind

RUNNING = "gait and load"
BASE_RULE = "base"
BASE_KINDS = ("hip strength", "knee strength")
MORE_RULES_FIRST = -1
BOTH_HURT = "Both knees hurt, so both legs do it."
IRRITABLE = (Precedence.RED_FLAG, Precedence.IRRITABILITY, Precedence.IMPAIRMENT, Precedence.ADJUNCT)
CALM = (Precedence.RED_FLAG, Precedence.IMPAIRMENT, Precedence.IRRITABILITY, Precedence.ADJUNCT)
"""Which rules choose first. In phase 0 calming does; later what was measured on this patient goes before the general set."""


@dataclass(frozen=True)
class Candidate:
    """An exercise that may be done today, the legs it is for, the rules that ask for it, and the reason in words."""

    exercise: str
    sides: tuple[Side, ...]
    rules: tuple[str, ...]
    reason: str
    rank: int
    """Place of the strongest rule behind it in CALM or IRRITABLE; 0 is chosen first."""


@dataclass(frozen=True)
class Refusal:
    """Why an exercise that was asked for is not done, and which one would stand in its place."""

    why: str
    instead: str = ""


@dataclass(frozen=True)
class Limits:
    """What a program of today must keep to."""

    avoid: frozenset[str]
    phase: int
    equipment: frozenset[str]
    knowledge: Knowledge

    def objection(self, exercise: Exercise) -> str:
        """Why the exercise cannot be done today, or an empty text."""
        if exercise.id in self.avoid:
            return "is to be avoided today"
        if exercise.clinic_only:
            return "is done in the clinic only"
        if exercise.phase_from > self.phase:
            return f"waits for phase {exercise.phase_from}"
        return "" if exercise.possible_with(self.equipment) else f"needs {self.missing(exercise)}"

    def missing(self, exercise: Exercise) -> str:
        """What is not there, in words: everything it must have, and the things of which one would do."""
        needed = [self._thing(one) for one in exercise.equipment if one not in self.equipment]
        if exercise.any_equipment and not self.equipment.intersection(exercise.any_equipment):
            needed.append(_listed([self._thing(one) for one in exercise.any_equipment], "or"))
        return _listed(needed, "and")

    def _thing(self, token: str) -> str:
        return self.knowledge.text(f"equipment_{token}", "en")


def _listed(words: list[str], last: str) -> str:
    """`a chair, a strap or a machine`: commas between, the given word before the last."""
    return f" {last} ".join([*([", ".join(words[:-1])] if words[1:] else []), *words[-1:]])


def limits_of(knowledge: Knowledge) -> dict[str, float]:
    """The numbers of program building and running, by id."""
    return {one.id: one.value for one in knowledge.running.thresholds}


def candidates(findings: Findings, facts: Facts) -> tuple[list[Candidate], dict[str, Refusal]]:
    """Exercises that may be done, best first, and what was left out with the reason. Running is left to the running plan.

    Where the findings suggest no hip or no knee strength exercise, the phase lends its base: both are the core of treatment, for each
    affected knee.
    """
    knowledge = facts.knowledge
    limits = Limits(findings.avoided_items, findings.phase, frozenset(facts.case.patient.equipment), knowledge)
    refused: dict[str, Refusal] = {}
    found: dict[str, Candidate] = {}
    for one in findings.suggestions:
        if one.kind is not SuggestionKind.EXERCISE:
            continue
        for item in one.items:
            if knowledge.exercise(item).category == RUNNING:
                refused[item] = Refusal("is planned with the running, beside the exercises")
                continue
            _take(item, one, limits, found, refused)
    found = _one_of_each(found.values(), knowledge, refused)
    for kind in BASE_KINDS:
        if not any(knowledge.exercise(item).category == kind for item in found):
            _lend_base(kind, facts, limits, found, refused)
        _cover_both(kind, facts, found)
    ordered = sorted(found.values(), key=lambda one: _preference(one, knowledge))
    return ordered, {item: why for item, why in refused.items() if item not in found}


def _preference(one: Candidate, knowledge: Knowledge) -> tuple[int, int, int, str]:
    """Strongest rule first, then what more rules ask for, then the easiest level."""
    return one.rank, MORE_RULES_FIRST * len(one.rules), knowledge.exercise(one.exercise).level, one.exercise


def _take(item: str, of: Suggestion, limits: Limits, found: dict[str, Candidate], refused: dict[str, Refusal]) -> None:
    exercise, why = walk_down(item, limits)
    if why:
        refused[item] = Refusal(why, "" if exercise is None else exercise.id)
    if exercise is None:
        return
    reason = of.why
    if exercise.id != item:
        reason = f"{of.why.removesuffix('.')} (in place of {limits.knowledge.item_label(item).lower()}, which {why})."
    rank = (IRRITABLE if limits.phase == 0 else CALM).index(of.precedence)
    known = found.get(exercise.id)
    if known is None:
        found[exercise.id] = Candidate(exercise.id, of.sides, (of.rule,), reason, rank)
        return
    found[exercise.id] = _joined(exercise.id, known, Candidate(exercise.id, of.sides, (of.rule,), reason, rank))


def _joined(exercise: str, *candidates: Candidate) -> Candidate:
    """One candidate for what several ask: all their legs and rules, and the reason of the strongest rule."""
    strongest = min(candidates, key=lambda one: one.rank)
    sides = {side for one in candidates for side in one.sides}
    rules = dict.fromkeys(rule for one in candidates for rule in one.rules)
    return Candidate(exercise, tuple(side for side in Side if side in sides), tuple(rules), strongest.reason, strongest.rank)


def _one_of_each(found: Iterable[Candidate], knowledge: Knowledge, refused: dict[str, Refusal]) -> dict[str, Candidate]:
    """Of exercises that train the same the easiest, standing for all of them; harder ones come with progress."""
    groups: dict[str, list[Candidate]] = {}
    for one in sorted(found, key=lambda one: knowledge.exercise(one.exercise).level):
        groups.setdefault(knowledge.exercise(one.exercise).trains, []).append(one)
    for easiest, *others in groups.values():
        why = f"trains the same as {knowledge.item_label(easiest.exercise).lower()}, which is easier"
        refused.update({one.exercise: Refusal(why, easiest.exercise) for one in others})
    return {group[0].exercise: _joined(group[0].exercise, *group) for group in groups.values()}


def walk_down(item: str, limits: Limits) -> tuple[Exercise | None, str]:
    """The exercise itself, else the nearest easier one that can be done today; with what spoke against the first. Never a harder one."""
    exercises = limits.knowledge.exercises
    first = exercises[item]
    why = limits.objection(first)
    if not why:
        return first, ""
    if first.clinic_only:
        return None, why
    seen, level = {item}, [item]
    while level:
        below = [id for one in level for id in exercises[one].easier if id not in seen]
        below = [id for id in dict.fromkeys(below) if _no_harder(exercises[id], first)]
        for id in below:
            if not limits.objection(exercises[id]):
                return exercises[id], why
        seen.update(below)
        level = below
    return None, why


def _no_harder(exercise: Exercise, first: Exercise) -> bool:
    """An easier exercise of another kind must not bring running or more load on the joint in."""
    return exercise.stress.rank <= first.stress.rank and exercise.category != RUNNING


def _lend_base(kind: str, facts: Facts, limits: Limits, found: dict[str, Candidate], refused: dict[str, Refusal]) -> None:
    """The first exercise of the phase's base that can be done; where none can, why not."""
    knowledge = facts.knowledge
    phase = knowledge.phases[limits.phase]
    barred: dict[str, Refusal] = {}
    for item in phase.base:
        if knowledge.exercise(item).category != kind:
            continue
        exercise, why = walk_down(item, limits)
        if exercise is not None and exercise.category == kind and exercise.id not in found:
            reason = f"Hip and knee exercise is the core of treatment; this is where phase {phase.number} begins."
            found[exercise.id] = Candidate(exercise.id, facts.sides, (BASE_RULE,), reason, len(Precedence))
            return
        barred[item] = Refusal(why)
    refused.update({item: why for item, why in barred.items() if item not in refused})


def _cover_both(kind: str, facts: Facts, found: dict[str, Candidate]) -> None:
    """No affected knee goes without: where every exercise of the kind is for the other leg alone, the best of them is done with both."""
    knowledge = facts.knowledge
    of_kind = [one for one in found.values() if knowledge.exercise(one.exercise).category == kind]
    done = {side for one in of_kind for side in (one.sides if knowledge.exercise(one.exercise).sided else facts.sides)}
    if not of_kind or done.issuperset(facts.sides):
        return
    best = min(of_kind, key=lambda one: _preference(one, knowledge))
    found[best.exercise] = replace(best, sides=facts.sides, reason=f"{best.reason} {BOTH_HURT}")
