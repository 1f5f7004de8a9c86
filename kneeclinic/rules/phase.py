"""Which phase the findings allow today: one ordered function, where missing data never lifts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.record.case import Case
from kneeclinic.rules.facts import Facts, facts_of
from kneeclinic.rules.load import WEEK, runs_within
from kneeclinic.vocabulary import Side

SYMMETRY = ("hip_abduction_lsi", "knee_extension_lsi")
RECENT_RUN_DAYS = 28
FLUID_FREE = ("0", "trace")


@dataclass(frozen=True)
class PhaseFinding:
    """The phase, and how the criteria of the next one stand: met, not met, or nothing on record."""

    number: int
    label: str
    met: tuple[str, ...]
    not_met: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Criterion:
    """One entry criterion: `is_met` is None when the record does not say."""

    text: str
    is_met: bool | None


def phase(of: Case | Facts, knowledge: Knowledge, today: date) -> PhaseFinding:
    """Phase 0 to 4. Very irritable gives 0; else the highest phase whose entry criteria are all met by what is on record; else 1."""
    facts = of if isinstance(of, Facts) else facts_of(of, knowledge, today)
    number = _number(facts)
    criteria = {0: leaving_calm, 1: entering_strength, 2: entering_running, 3: entering_full_return}.get(number, nothing)(facts)
    return PhaseFinding(
        number,
        knowledge.phases[number].label,
        tuple(one.text for one in criteria if one.is_met),
        tuple(one.text for one in criteria if one.is_met is False),
        tuple(one.text for one in criteria if one.is_met is None),
    )


def _number(facts: Facts) -> int:
    if any(one.is_met is False for one in leaving_calm(facts)):
        return 0
    for number, criteria in ((4, entering_full_return), (3, entering_running), (2, entering_strength)):
        if all(one.is_met for one in criteria(facts)):
            return number
    return 1


def nothing(facts: Facts) -> tuple[Criterion, ...]:
    return ()


def leaving_calm(facts: Facts) -> tuple[Criterion, ...]:
    """Out of phase 0: worst pain below 6, and pain at rest or after 24 hours not above 5."""
    limits = facts.knowledge.phases[0].thresholds
    below, rest = limits["worst_pain_from"], limits["rest_pain_above"]
    return (
        _each(facts, "pain_worst", f"worst pain below {below:g}", lambda pain: pain < below),
        _each(facts, "pain_rest_24h", f"pain at rest or after 24 hours {rest:g} or less", lambda pain: pain <= rest),
    )


def entering_strength(facts: Facts) -> tuple[Criterion, ...]:
    limits = facts.knowledge.phases[2].thresholds
    step, worst = limits["step_down_at_most"], limits["worst_pain_at_most"]
    return (
        _symmetry(facts, limits["lsi_at_least"]),
        _each(facts, "lateral_step_down", f"lateral step-down {step:g} or less", lambda score: score <= step),
        _each(facts, "pain_worst", f"worst pain {worst:g} or less", lambda pain: pain <= worst),
    )


def entering_running(facts: Facts) -> tuple[Criterion, ...]:
    limits = facts.knowledge.phases[3].thresholds
    walk = limits["walk_pain_at_most"]
    pain = facts.number("walk_30_pain", Side.NONE)
    return (
        Criterion(f"30 minutes of brisk walking with pain {walk:g} or less", None if pain is None else pain <= walk),
        _symmetry(facts, limits["lsi_at_least"]),
        _fluid_free(facts),
    )


def entering_full_return(facts: Facts) -> tuple[Criterion, ...]:
    return (*entering_running(facts), _runs(facts))


def _each(facts: Facts, measure: str, text: str, passes: Callable[[float], bool]) -> Criterion:
    """A criterion that every affected knee must pass; one known failure is enough to fail it."""
    values = [facts.number(measure, side) for side in facts.sides]
    if any(value is not None and not passes(value) for value in values):
        return Criterion(text, False)
    return Criterion(text, None if None in values else True)


def _symmetry(facts: Facts, at_least: float) -> Criterion:
    """The lower of hip abduction and knee extension. With both knees affected it must be on record but holds nothing back alone."""
    values = [facts.number(measure, side) for measure in SYMMETRY for side in facts.sides]
    text = f"strength symmetry of hip and knee {at_least:g} % or more"
    known = [value for value in values if value is not None]
    if facts.both_affected:
        text = f"strength of hip and knee measured on both legs (symmetry {at_least:g} % asked of one affected knee only)"
        return Criterion(text, True if len(known) == len(values) else None)
    if any(value < at_least for value in known):
        return Criterion(text, False)
    return Criterion(text, True if len(known) == len(values) else None)


def _fluid_free(facts: Facts) -> Criterion:
    """A stroke test of 0 or trace on every affected knee, and no more than that on the other where it was tested."""
    text = "stroke test 0 or trace"
    grades = [facts.value("stroke_test", side) for side in (Side.LEFT, Side.RIGHT)]
    if any(grade is not None and grade not in FLUID_FREE for grade in grades):
        return Criterion(text, False)
    tested = all(facts.value("stroke_test", side) is not None for side in facts.sides)
    return Criterion(text, True if tested else None)


def _runs(facts: Facts) -> Criterion:
    """Enough long, nearly painless runs within any seven days of the last four weeks."""
    limits = facts.knowledge.phases[4].thresholds
    minutes, wanted, pain = limits["run_minutes_at_least"], int(limits["runs_in_week"]), limits["run_pain_at_most"]
    text = f"{wanted} runs of {minutes:g} minutes in a week with pain {pain:g} or less"
    runs = [run for run in runs_within(facts, RECENT_RUN_DAYS) if run.minutes is not None and run.pain_during is not None]
    good = [run.on for run in runs if (run.minutes or 0) >= minutes and (run.pain_during or 0) <= pain]
    spans = zip(good, good[wanted - 1:], strict=False)
    if any(last - first < timedelta(days=WEEK) for first, last in spans):
        return Criterion(text, True)
    return Criterion(text, False if runs else None)
