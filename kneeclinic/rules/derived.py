"""Computed measures: what follows from the record by arithmetic. Each is a small function, registered under its measure id."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kneeclinic.record.visits import Value
from kneeclinic.rules import load
from kneeclinic.rules.told import TOLD
from kneeclinic.vocabulary import Side

if TYPE_CHECKING:
    from kneeclinic.rules.facts import Facts

__all__ = ["DERIVED", "OF_BOTH_LEGS", "OF_ONE_LEG", "STRENGTH_TESTS", "TOLD"]

Derived = Callable[["Facts", Side], "Value | None"]
STRENGTH_TESTS = ("hip_abduction", "hip_er", "hip_extension", "knee_extension")
GRAVITY = 9.81  # m/s2: newtons that one kilogram weighs
WELLS_ONE_POINT = (
    "wells_cancer", "wells_paralysis_cast", "wells_bed_surgery", "wells_vein_tenderness", "wells_leg_swollen",
    "wells_calf_3cm", "wells_pitting", "wells_collateral_veins", "wells_past_dvt",
)
WELLS_OTHER_CAUSE = "wells_other_cause"
FLUID_FROM = "1+"


def exact(value: float) -> float:
    """Without the last digits of floating point, so that a value on a limit is on it."""
    return round(value, 6)


def age(facts: Facts, side: Side) -> float | None:
    """Whole years on the day."""
    return facts.case.patient.age_on(facts.today)


def sex(facts: Facts, side: Side) -> str:
    return facts.case.patient.sex.value


def knees_affected(facts: Facts, side: Side) -> float:
    return len(facts.sides)


def bmi(facts: Facts, side: Side) -> float | None:
    """Body mass index in kg/m2; height is kept in cm."""
    mass, height = facts.number("body_mass", Side.NONE), facts.number("height", Side.NONE)
    if mass is None or not height:
        return None
    return exact(mass * 10_000 / (height * height))


def symmetry(measure: str) -> Derived:
    """Limb symmetry in per cent: affected / other x 100, on the affected side only; with both knees affected weaker / stronger x 100, on both."""

    def of(facts: Facts, side: Side) -> float | None:
        if side not in facts.sides:
            return None
        own, other = facts.number(measure, side), facts.number(measure, side.opposite)
        if own is None or other is None or min(own, other) <= 0:
            return None
        if facts.both_affected:
            return exact(100 * min(own, other) / max(own, other))
        return exact(100 * own / other)

    return of


def share_of_body_weight(test: str) -> Derived:
    """Force in per cent of body weight: N / (kg x 9.81) x 100."""

    def of(facts: Facts, side: Side) -> float | None:
        force, mass = facts.number(f"{test}_force", side), facts.number("body_mass", Side.NONE)
        return None if force is None or not mass else exact(100 * force / (mass * GRAVITY))

    return of


def torque(test: str) -> Derived:
    """Torque in Nm per kg of body mass: N x m / kg."""

    def of(facts: Facts, side: Side) -> float | None:
        force, lever = facts.number(f"{test}_force", side), facts.number(f"{test}_lever", side)
        mass = facts.number("body_mass", Side.NONE)
        return None if force is None or lever is None or not mass else exact(force * lever / mass)

    return of


def wb_lunge_difference(facts: Facts, side: Side) -> float | None:
    """Left against right in the weight-bearing lunge, cm, without sign."""
    left, right = facts.number("wb_lunge_cm", Side.LEFT), facts.number("wb_lunge_cm", Side.RIGHT)
    return None if left is None or right is None else exact(abs(left - right))


def side_plank_deficit(facts: Facts, side: Side) -> float | None:
    """How much shorter this side holds than the other, in per cent of the other; negative when it holds longer."""
    own, other = facts.number("side_plank_hold", side), facts.number("side_plank_hold", side.opposite)
    return None if own is None or not other else exact(100 * (other - own) / other)


def fall_of_pain(trial: str) -> Derived:
    """(Before - after) / before x 100 of one trial; None when it did not hurt before or the two are from different days."""

    def of(facts: Facts, side: Side) -> float | None:
        first, second = facts.newest(f"{trial}_before", side), facts.newest(f"{trial}_after", side)
        before, after = facts.number(f"{trial}_before", side), facts.number(f"{trial}_after", side)
        if before is None or after is None or before <= 0:
            return None
        if first is not None and second is not None and first.on != second.on:
            return None
        return exact(100 * (before - after) / before)

    return of


def wells_score(facts: Facts, side: Side) -> float | None:
    """One for each of nine items, minus two for another cause; items that were not asked are left out, None when none was asked."""
    points = dict.fromkeys(WELLS_ONE_POINT, 1) | {WELLS_OTHER_CAUSE: -2}
    known = [(facts.number(item, Side.NONE), weight) for item, weight in points.items()]
    asked = [weight if value else 0 for value, weight in known if value is not None]
    return sum(asked) if asked else None


def effusion_sustained_days(facts: Facts, side: Side) -> float | None:
    """Days from the first to the newest stroke test of 1+ or more; None when the newest is less, or none was done."""
    grades = facts.knowledge.measure("stroke_test").choices
    fluid = grades[grades.index(FLUID_FROM):]
    tests = facts.history("stroke_test", side)
    if facts.value("stroke_test", side) not in fluid or not tests:
        return None
    return max((tests[-1].on - one.on).days if one.value in fluid else 0 for one in tests)


def weeks_without_gain(facts: Facts, side: Side) -> float | None:
    """Whole weeks from the first to the newest value of the leading measure when that gained less than its important change.

    Leading measures: AKPS and KOOS-PF, else LEFS, else worst pain. 0 when it gained; a global rating of +2 or more is a gain.
    """
    for group in (("akps", "koos_pf"), ("lefs",), ("pain_worst",)):
        courses = [_course(facts, measure, knee) for measure in group for knee in (*facts.sides, Side.NONE)]
        known = [one for one in courses if one is not None]
        if not known:
            continue
        rating = facts.number("groc", Side.NONE)
        gained = any(gain for _, gain in known) or (rating is not None and rating >= GLOBAL_RATING_GAIN)
        return 0 if gained else max(weeks for weeks, _ in known)
    return None


GLOBAL_RATING_GAIN = 2  # the rating that section 5.4 of the clinical reference counts as a gain


def _course(facts: Facts, measure: str, side: Side) -> tuple[int, bool] | None:
    """Weeks between the first and the newest value, and whether it gained at least the important change."""
    values = facts.history(measure, side)
    if len(values) < 2 or values[0].on == values[-1].on:
        return None
    entry = facts.knowledge.measure(measure)
    first, last = values[0].number, values[-1].number
    if first is None or last is None or entry.mic is None:
        return None
    gain = (last - first) if entry.better == "higher" else (first - last)
    return (values[-1].on - values[0].on).days // 7, gain >= entry.mic


DERIVED: dict[str, Derived] = {
    "age": age,
    "sex": sex,
    "knees_affected": knees_affected,
    "bmi": bmi,
    "wb_lunge_difference": wb_lunge_difference,
    "side_plank_deficit": side_plank_deficit,
    "hop_lsi": symmetry("single_leg_hop"),
    "tape_trial_drop": fall_of_pain("tape_trial"),
    "insert_trial_drop": fall_of_pain("insert_trial"),
    "wells_score": wells_score,
    "effusion_sustained_days": effusion_sustained_days,
    "weeks_without_gain": weeks_without_gain,
    "load_rise_14d": load.load_rise_14d,
    "adherence_7d": load.adherence_7d,
    "pain_threshold_km": load.pain_threshold_km,
    "run_not_settled": load.run_not_settled,
    **{f"{test}_lsi": symmetry(f"{test}_force") for test in STRENGTH_TESTS},
    **{f"{test}_bw": share_of_body_weight(test) for test in STRENGTH_TESTS},
    **{f"{test}_torque": torque(test) for test in STRENGTH_TESTS},
}
OF_BOTH_LEGS = {"wb_lunge_difference": ("wb_lunge_cm",), "side_plank_deficit": ("side_plank_hold",), "hop_lsi": ("single_leg_hop",),
                **{f"{test}_lsi": (f"{test}_force",) for test in STRENGTH_TESTS}}
OF_ONE_LEG = {**{f"{test}_bw": (f"{test}_force",) for test in STRENGTH_TESTS},
              **{f"{test}_torque": (f"{test}_force", f"{test}_lever") for test in STRENGTH_TESTS},
              **{f"{trial}_drop": (f"{trial}_before", f"{trial}_after") for trial in ("tape_trial", "insert_trial")}}
"""What a computed measure is made of: where one part was carried over, the result was not measured anew either."""
