"""From suggestions to a program that a person will do: few exercises, within the minutes and the equipment there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.knowledge.schema import Exercise
from kneeclinic.record.case import Case
from kneeclinic.record.programs import Dose, LoadPlan, ProgramItem
from kneeclinic.rules.candidates import BASE_KINDS, Candidate, Refusal, candidates, limits_of
from kneeclinic.rules.facts import facts_of
from kneeclinic.rules.findings import Findings
from kneeclinic.rules.half_load import HALF_THE_LOAD, half_the_sets, is_strength
from kneeclinic.rules.running_plan import running_plan
from kneeclinic.vocabulary import AffectedSide, Side

TURNS = (
    "hip strength", "knee strength", "neuromuscular control", "flexibility", "core", "foot and ankle", "soft tissue",
)
"""Which kind of exercise has its turn when; hip and knee strength stand first because they are the core of treatment (guideline, A)."""
SECONDS = 60


@dataclass(frozen=True)
class LeftOut:
    """Something the findings suggest that is not in the program, and why."""

    item: str
    why: str


@dataclass(frozen=True)
class Assembly:
    """A proposed program, hardest on the knee first, with its minutes on a full day; `load` is the running of the week."""

    items: tuple[ProgramItem, ...]
    minutes: float
    left_out: tuple[LeftOut, ...]
    load: LoadPlan | None = None


def assemble(findings: Findings, case: Case, knowledge: Knowledge, today: date, minutes: float | None = None) -> Assembly:
    """The program that the findings allow: at most six exercises (three when too few sessions are done), no two that train the same.

    `minutes` a day: as given, else what the patient has. Running is planned beside the exercises and costs none of these minutes. Where the
    findings ask for half the load, strength work is given in half of its sets.
    """
    if findings.blocked:
        return Assembly((), 0.0, (LeftOut("program", BLOCKED),), None)
    facts = facts_of(case, knowledge, today)
    budget = float(case.patient.minutes_a_day if minutes is None else minutes)
    limits = limits_of(knowledge)
    most = int(limits["few_items"] if "R42" in findings.rules else limits["most_items"])
    pool, refused = candidates(findings, facts)
    queue = in_turn(pool, knowledge)
    usual = [program_item(one, knowledge) for one in queue]
    if HALF_THE_LOAD in {item for one in findings.suggestions for item in one.items}:
        usual = [_halved(item, knowledge) for item in usual]
    fewest = int(limits["fewest_sets"])
    tries = [_fill(usual, most, budget, cap, knowledge) for cap in (None, fewest, ONE_SET)]
    whole = [one for one in tries if _is_whole(one[0], queue, knowledge)]
    chosen, did_not_fit = whole[0] if whole else tries[1]
    taken = {item.exercise for item in chosen}
    left_out = [LeftOut(item, _refused(item, refused, taken, knowledge)) for item in refused]
    left_out += [LeftOut(one.item, one.why) for one in findings.held]
    left_out += did_not_fit
    left = {one.item: one for one in reversed(left_out) if one.item not in taken}
    minutes = round(sum(item_minutes(item, knowledge) for item in chosen), 1)
    return Assembly(hardest_first(chosen, knowledge), minutes, tuple(reversed(left.values())), running_plan(findings, facts))


def _refused(item: str, refused: Mapping[str, Refusal], taken: set[str], knowledge: Knowledge) -> str:
    """Why it is not done; what is said to stand in its place is what the program really holds, or nothing is said of it."""
    first = stands = refused[item]
    while stands.instead and stands.instead not in taken and stands.instead in refused:
        stands = refused[stands.instead]
    if stands.instead not in taken or knowledge.item_label(stands.instead).lower() in first.why:
        return first.why
    return f"{first.why}; {knowledge.item_label(stands.instead).lower()} in its place"


def _fill(
    queue: Iterable[ProgramItem], most: int, budget: float, sets: int | None, knowledge: Knowledge
) -> tuple[list[ProgramItem], list[LeftOut]]:
    """Items in their order, each that still fits; `sets` caps the sets of all."""
    chosen: list[ProgramItem] = []
    left_out: list[LeftOut] = []
    spent = 0.0
    for usual in queue:
        why, item = _fit(usual, chosen, most, budget - spent, sets, knowledge)
        if item is None:
            left_out.append(LeftOut(usual.exercise, why))
            continue
        chosen.append(item)
        spent += item_minutes(item, knowledge)
    return chosen, left_out


def _is_whole(chosen: Iterable[ProgramItem], queue: Iterable[Candidate], knowledge: Knowledge) -> bool:
    """Whether hip and knee strength are both in, as far as there is something to choose from."""
    has = {knowledge.exercise(item.exercise).category for item in chosen}
    could = {knowledge.exercise(one.exercise).category for one in queue}
    return could.intersection(BASE_KINDS) <= has


ONE_SET = 1
"""What each exercise may go down to where hip and knee would not both fit otherwise: one set of each does more than none of one."""
BLOCKED = "a red flag blocks the program"
HALVED = "Half of the sets, until the fluid in the joint has gone."


def item_minutes(item: ProgramItem, knowledge: Knowledge) -> float:
    """Minutes one session takes: rests between sets, both legs where it is done for both, and each side, way or direction of a set."""
    limits = limits_of(knowledge)
    exercise = knowledge.exercise(item.exercise)
    dose = item.dose
    if dose.minutes is not None:
        return dose.minutes
    sets, reps, hold = dose.sets or 1, dose.reps or 1, dose.hold_s or 0.0
    moving = 0.0 if dose.reps is None else _tempo_seconds(dose.tempo, limits["rep_seconds"])
    legs = 2 if exercise.sided and item.side is AffectedSide.BOTH else 1
    return (sets * legs * exercise.rounds * reps * (moving + hold) + (sets - 1) * limits["rest_seconds"]) / SECONDS


def _tempo_seconds(tempo: str, otherwise: float) -> float:
    """Seconds of one repetition: the sum of a tempo such as 3-0-3, else the usual time."""
    parts = tempo.split("-")
    return float(sum(int(part) for part in parts)) if tempo and all(part.isdigit() for part in parts) else otherwise


def in_turn(pool: Iterable[Candidate], knowledge: Knowledge) -> list[Candidate]:
    """One of each kind in turn, best first within a kind, so that a short program is still a whole one."""
    waiting = {kind: [one for one in pool if knowledge.exercise(one.exercise).category == kind] for kind in TURNS}
    order: list[Candidate] = []
    while any(waiting.values()):
        order += [queue.pop(0) for queue in waiting.values() if queue]
    return order


def _fit(
    item: ProgramItem, chosen: list[ProgramItem], most: int, minutes_left: float, cap: int | None, knowledge: Knowledge
) -> tuple[str, ProgramItem | None]:
    """The item at its usual dose, with fewer sets where time is short, or why it is left out."""
    if len(chosen) >= most:
        return f"the program holds {most} exercises already", None
    fewest = int(limits_of(knowledge)["fewest_sets"])
    for sets in _sets_downwards(item.dose, fewest if cap is None else min(fewest, cap), cap):
        shorter = replace(item, dose=replace(item.dose, sets=sets))
        if item_minutes(shorter, knowledge) <= minutes_left:
            return "", shorter
    return "does not fit into the minutes", None


def _sets_downwards(dose: Dose, fewest: int, cap: int | None) -> list[int]:
    """The sets to try, most first."""
    usual = dose.sets or 1
    most = usual if cap is None else min(usual, cap)
    return list(range(most, min(usual, fewest) - 1, -1))


def program_item(one: Candidate, knowledge: Knowledge) -> ProgramItem:
    """The candidate with the dose its exercise starts with."""
    exercise = knowledge.exercise(one.exercise)
    start = exercise.dose
    dose = Dose(start.sets, start.reps, start.hold_s, start.minutes, start.days_per_week, None, start.tempo)
    return ProgramItem(one.exercise, _legs(one.sides, exercise), dose, reason=one.reason, rules=one.rules)


def _halved(item: ProgramItem, knowledge: Knowledge) -> ProgramItem:
    """Half of the sets of an exercise that strengthens, and why; a stretch stays as it is."""
    if not is_strength(knowledge, item):
        return item
    return replace(half_the_sets(item), reason=f"{item.reason} {HALVED}")


def _legs(sides: tuple[Side, ...], exercise: Exercise) -> AffectedSide:
    if not exercise.sided or len(sides) != 1:
        return AffectedSide.BOTH
    return AffectedSide(sides[0].value)


def hardest_first(items: Iterable[ProgramItem], knowledge: Knowledge) -> tuple[ProgramItem, ...]:
    """Hard on the knee to easy; what is stretched or rolled comes last, when the leg is warm."""

    def key(item: ProgramItem) -> tuple[bool, int, int, str]:
        exercise = knowledge.exercise(item.exercise)
        return (exercise.category in ("flexibility", "soft tissue"), -exercise.stress.rank, -exercise.level, item.exercise)

    return tuple(sorted(items, key=key))

