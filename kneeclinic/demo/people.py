"""What a demo runner is like on the first day and later: values of the assessment made from a story, the same for the same seed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from kneeclinic.demo.stories import Found, Story
from kneeclinic.knowledge import Knowledge
from kneeclinic.record.forms import ObservationForm, PatientForm
from kneeclinic.vocabulary import HOME_EQUIPMENT, MeasureSides, Sex, Side

FULL_STRENGTH = {"hip_abduction": 165.0, "hip_er": 110.0, "hip_extension": 230.0, "knee_extension": 420.0}
"""Newton of the stronger leg of a woman of 62 kg; a man has a quarter more (invented, within the usual)."""
LEVERS = {"hip_abduction": 0.38, "hip_er": 0.34, "hip_extension": 0.37, "knee_extension": 0.33}
OTHER = "@other"
WEEKS_BETWEEN = 4
"""Between two tests of strength, and between two values of a story."""
AKPS_PER_PAIN, BEST_SCORE = 4, 100
"""Points of the scale that go with one point of worst pain."""


def patient_form(story: Story, name: str, number: str, first_day: date, rng: Random) -> PatientForm:
    birthday = first_day - timedelta(days=int(365.25 * story.age) + rng.randint(20, 340))
    return PatientForm(
        number=number, given_name="Demo", family_name=name, birth_date=birthday, sex=story.sex, language=story.language,
        sport=story.sport, minutes_a_day=story.minutes, equipment=HOME_EQUIPMENT, consent_on=first_day,
        phone=f"555-01{int(number[-2:]):02d}", note="Invented for the demo.",
    )


def first_findings(story: Story, knowledge: Knowledge, rng: Random) -> list[ObservationForm]:
    """The first assessment: red-flag screen, pain, strength, movement, flexibility, foot, questionnaires, and what the story adds."""
    values: dict[str, Found] = {
        "symptom_months": rng.randint(2, 6), "pain_location": "peripatellar", "crepitus": rng.randint(0, 1), "fever_hot_joint": 0,
        "night_rest_pain": 0, "cannot_bear_weight": 0, "locking": 0, "giving_way": 0, "calf_swelling": 0, "focal_bone_tenderness": 0,
        "adhesive_allergy": 0, "latex_allergy": 0, "fragile_skin": 0, "skin_sensation_loss": 0, "stroke_test": "0",
        "apprehension": 0, "patellar_tilt": "normal", "fpi6": rng.randint(1, 4),
        "lateral_step_down": rng.choice((2, 3)), "fppa": rng.randint(5, 9), "side_plank_hold": rng.randint(46, 70),
        "side_plank_hold" + OTHER: rng.randint(48, 70), "slr_passive": rng.randint(74, 88), "slr_passive" + OTHER: rng.randint(76, 88),
        "ely": rng.randint(122, 135), "ober": rng.randint(8, 18), "wb_lunge_cm": rng.randint(10, 12), "wb_lunge_cm" + OTHER: rng.randint(10, 12),
        "cadence": rng.randint(160, 172), "run_speed": 9.5, "foot_strike": "rearfoot", "overstride": rng.randint(8, 18),
        "pelvic_drop": rng.randint(3, 5), "hip_adduction_peak": rng.randint(10, 16), "trunk_lean_forward": rng.randint(5, 9),
        "km_week": story.km[0], "longest_run_km": round(story.km[0] * 0.4, 1), "tsk11": rng.randint(16, 24), "lefs": rng.randint(50, 62),
        "psfs": rng.randint(3, 5), "walk_30_pain": min(4, max(1, story.worst[0] - 3)), "pain_kneeling": 2,
        "body_mass": rng.randint(56, 68) if story.sex is not Sex.MALE else rng.randint(68, 84),
        "height": rng.randint(162, 174) if story.sex is not Sex.MALE else rng.randint(174, 188),
    }
    if story.age < 16:
        values |= {"limp": 0, "hip_ir_loss": 0, "obligate_er": 0, "body_mass": 52, "height": 164}
    values |= pains(story.worst[0]) | strength(story, story.symmetry[0], rng) | {"akps": story.akps[0], "koos_pf": story.akps[0] - 8}
    special = {name: value for name, value in story.found.items() if name not in FULL_STRENGTH}
    if "hip_abduction" in story.found:
        values |= forces("hip_abduction", float(story.found["hip_abduction"]), story, rng)
    return forms(values | special, story, knowledge)


def later_findings(story: Story, week: int, at: int, knowledge: Knowledge, rng: Random) -> list[ObservationForm]:
    """A re-test: pain and swelling at every visit, the knee questionnaires from week 4 on, strength and control every four weeks. `at` = place
    in the course."""
    values: dict[str, Found] = {"stroke_test": "0", "km_week": story.km[at], **pains(story.worst[at])}
    quarter, knee = week // WEEKS_BETWEEN, knee_score(story, at)
    if week >= WEEKS_BETWEEN:
        values |= {"akps": knee, "koos_pf": max(0, knee - 7), "groc": min(6, max(-2, (knee - story.akps[0]) // 4))}
    if week % WEEKS_BETWEEN == 0:
        values |= strength(story, _of(story.symmetry, quarter), rng)
        values |= {"lateral_step_down": max(1, 3 - quarter), "psfs": min(9, 4 + 2 * quarter), "walk_30_pain": max(0, story.worst[at] - 3),
                   "lefs": min(78, 55 + 6 * quarter)}
    values |= story.later.get(week, {})
    if at == len(story.worst) - 1:
        values |= story.later.get(-1, {})
    return forms(values, story, knowledge)


def knee_score(story: Story, at: int) -> int:
    """The AKPS at a place of the course: what the story tells of weeks 0, 4 and 8, evenly between them; after the last it goes with the pain."""
    known, left = divmod(at, WEEKS_BETWEEN)
    if known + 1 < len(story.akps):
        return round(story.akps[known] + (story.akps[known + 1] - story.akps[known]) * left / WEEKS_BETWEEN)
    last = len(story.akps) - 1
    eased = story.worst[min(last * WEEKS_BETWEEN, len(story.worst) - 1)] - story.worst[at]
    return max(0, min(BEST_SCORE, story.akps[last] + AKPS_PER_PAIN * eased))


def pains(worst: int) -> dict[str, Found]:
    """Pain by activity that fits a worst pain."""
    return {
        "pain_worst": worst, "pain_usual": max(0, worst - 3), "pain_stairs_down": max(0, worst - 1), "pain_squat": max(0, worst - 1),
        "pain_sitting": max(0, worst - 2), "pain_running": worst, "pain_rest_24h": max(0, worst - 5), "pain_step_down": max(0, worst - 1),
        "pain_resisted_extension": max(0, worst - 2),
    }


def strength(story: Story, symmetry: int, rng: Random) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for test in FULL_STRENGTH:
        found |= forces(test, symmetry + rng.randint(-2, 3), story, rng)
    return found


def forces(test: str, symmetry: float, story: Story, rng: Random) -> dict[str, Found]:
    full = FULL_STRENGTH[test] * (1.25 if story.sex is Sex.MALE else 1.0) + rng.randint(-6, 6)
    return {
        f"{test}_force": round(full * symmetry / 100), f"{test}_force{OTHER}": round(full),
        f"{test}_lever": LEVERS[test], f"{test}_lever{OTHER}": LEVERS[test],
    }


def forms(values: Mapping[str, Found], story: Story, knowledge: Knowledge) -> list[ObservationForm]:
    """Forms for the treated knee, for the other with `@other`, and for the person; with two treated knees the left is the stronger."""
    treated = story.side.sides
    made = []
    for name, value in values.items():
        measure = knowledge.measure(name.removesuffix(OTHER))
        if measure.sides is MeasureSides.NONE:
            made.append(ObservationForm(measure=measure.id, value=value))
        elif name.endswith(OTHER):
            other = Side.LEFT if len(treated) == 2 else treated[0].opposite
            made = [one for one in made if (one.measure, one.side) != (measure.id, other)]
            made.append(ObservationForm(measure=measure.id, side=other, value=value))
        else:
            known = {(one.measure, one.side) for one in made}
            made += [ObservationForm(measure=measure.id, side=side, value=value) for side in treated if (measure.id, side) not in known]
    return made


def _of(values: tuple[int, ...], place: int) -> int:
    return values[min(place, len(values) - 1)]
