"""The facts of the exercises against the clinical table: every id, every dose, every property, and ladders that can be walked both ways."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from kneeclinic.knowledge.schema import DoseDefault, Exercise
from kneeclinic.vocabulary import EQUIPMENT, HOME_EQUIPMENT, Standing, Stress

FOLDER = Path(__file__).parents[2] / "data" / "knowledge"

# The default dose of every exercise, as the clinical table has it: sets x repetitions, hold in seconds, times a week.
DOSES = """
glute_set: 3x10 5s 5/wk
clamshell: 3x15 1s 3/wk
clamshell_band: 3x15 1s 3/wk
sl_hip_abd: 3x12 2s 3/wk
fire_hydrant: 3x15 1s 3/wk
fire_hydrant_band: 3x12 1s 3/wk
donkey_kick: 3x15 1s 3/wk
prone_hip_ext: 3x12 2s 3/wk
bridge: 3x12 3s 3/wk
single_leg_bridge: 3x10 2s 3/wk
hip_thrust: 3x8-10 1s 2-3/wk
seated_hip_er_band: 3x12 2s 3/wk
standing_hip_abd_band: 3x12 1s 3/wk
wall_press_abd: 3x5 20s 3/wk
lateral_band_walk: 3x10 3/wk
monster_walk: 3x10 3/wk
hip_hike: 3x12 1s 3/wk
hip_hinge_dl: 3x8-10 3/wk
sl_deadlift: 3x8 3/wk
quad_set: 3x10 5-10s 5/wk
slr_hold: 3x15 3-4s 3/wk
knee_iso_60: 5x30-45s 4/wk
knee_ext_90_45: 3x10-12 3/wk
knee_ext_full: 3x8-10 2-3/wk
bfr_knee_ext: 4x15-30 2-3/wk
tke_band: 3x15 2s 3/wk
mini_squat: 3x12 3/wk
wall_squat: 3x10 5s 3/wk
leg_press: 3x10-12 2-3/wk
leg_press_single: 3x8-10 2-3/wk
box_squat: 3x8-10 2-3/wk
step_up_10: 3x10 3/wk
step_up_20: 3x10 3/wk
lateral_step_down: 3x8-10 3/wk
forward_step_down: 3x8 2-3/wk
split_squat: 3x8-10 2-3/wk
reverse_lunge: 3x8 2-3/wk
rfe_split_squat: 3x6-8 2/wk
sl_squat_45: 3x8 2-3/wk
sl_decline_squat: 3x6 2/wk
dead_bug: 3x8 2s 3/wk
bird_dog: 3x8 3s 3/wk
front_plank_knees: 3x20-30s 3/wk
front_plank: 3x30-45s 3/wk
side_plank_knees: 3x20-30s 3/wk
side_plank: 3x20-45s 3/wk
side_plank_abd: 3x6-8 2s 2-3/wk
hamstring_supine_pull: 3x30s 7/wk
hamstring_strap_slr: 3x30s 5-7/wk
lunge_hip_flexor: 3x30s 7/wk
figure_four: 3x30s 7/wk
quad_stretch_stand: 3x30s 5-7/wk
quad_stretch_prone: 3x30s 5-7/wk
itb_tfl_stand: 3x30s 5/wk
calf_stretch: 3x30s 5-7/wk
soleus_stretch: 3x30s 5-7/wk
ankle_df_mob: 3x10 3s 5/wk
patellar_self_mob: 3x10 5s 5/wk
ball_glute: 1-2x60s 7/wk
roll_itb: 1-2x60s 7/wk
roll_quad: 1-2x60s 7/wk
roll_hamstring: 1-2x60s 7/wk
roll_calf: 1x60s 3-7/wk
short_foot: 3x10 5s 5/wk
short_foot_stand: 3x6 10s 4/wk
toe_yoga: 2x10 3s 5/wk
calf_raise: 3x15 3/wk
calf_raise_single: 3x10-15 3/wk
soleus_raise: 3x12-15 3/wk
sl_stance: 3x30-45s 4/wk
sl_stance_reach: 3x5 3/wk
dl_hop: 3x10 2/wk
sl_hop: 3x10 2/wk
forward_hop: 3x6 2/wk
lateral_hop: 3x6 2/wk
bike_easy: 20-30min 3/wk
pool_run: 20-30min 2-3/wk
walk_base: 20-30min 5/wk
walk_run: 20-30min 3/wk
continuous_run: 20-40min 3/wk
cadence_drill: 10-30min 3-4/wk
hip_gait_drill: 15-30min 3-4/wk
forefoot_drill: 10-30min 3-4/wk
hill_reintro: 20-40min 1/wk
"""
EXPECTED = dict(line.split(": ") for line in DOSES.split("\n") if line)

def ids(text: str) -> set[str]:
    return set(text.split())


# Four steps: low-moderate counts as low, moderate-high as high. What is in none of these is low.
NO_STRESS = ids("""glute_set dead_bug front_plank side_plank side_plank_abd hamstring_supine_pull hamstring_strap_slr figure_four itb_tfl_stand
    calf_stretch patellar_self_mob ball_glute roll_itb roll_quad roll_hamstring roll_calf short_foot toe_yoga""")
MODERATE = ids("""wall_squat leg_press step_up_20 lateral_step_down split_squat reverse_lunge sl_stance_reach dl_hop sl_hop
    continuous_run walk_run cadence_drill hip_gait_drill forefoot_drill""")
HIGH = ids("""knee_ext_full leg_press_single box_squat forward_step_down rfe_split_squat sl_squat_45 sl_decline_squat
    lateral_hop forward_hop hill_reintro""")
KNEELING = ids("fire_hydrant fire_hydrant_band donkey_kick bird_dog front_plank_knees lunge_hip_flexor")
IMPACT = ids("""dl_hop sl_hop forward_hop lateral_hop walk_run continuous_run cadence_drill hip_gait_drill forefoot_drill hill_reintro""")
ROLLING = ids("ball_glute roll_itb roll_quad roll_hamstring roll_calf")
DEEP = ids("step_up_20 forward_step_down leg_press_single box_squat split_squat reverse_lunge rfe_split_squat")
SOURCE_A = ids("""clamshell clamshell_band fire_hydrant fire_hydrant_band donkey_kick slr_hold hamstring_supine_pull lunge_hip_flexor figure_four
    ball_glute roll_itb roll_quad roll_hamstring""")
ON_THE_FLOOR = ("supine", "prone", "side-lying", "all fours", "long sitting", "half-kneeling", "sitting on the floor")


@cache
def exercises() -> dict[str, Exercise]:
    found: dict[str, Exercise] = {}
    for path in sorted((FOLDER / "exercises").glob("*.toml")):
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["exercise"]:
            exercise = Exercise.model_validate(row)
            assert exercise.id not in found, f"{exercise.id} stands twice"
            assert path.stem == exercise.category.replace(" ", "_"), f"{exercise.id} stands in the file of another category"
            found[exercise.id] = exercise
    return found


def with_property(name: str) -> set[str]:
    return {one.id for one in exercises().values() if getattr(one, name)}


def span(low: float | None, high: float | None) -> str:
    return "" if low is None else f"{low:g}" if high is None else f"{low:g}-{high:g}"


def shorthand(dose: DoseDefault) -> str:
    """3x15 1s 3/wk, 3x30-45s 3/wk, 20-30min 5/wk."""
    days = f"{span(dose.days_per_week, dose.days_per_week_max)}/wk"
    if dose.minutes is not None:
        return f"{span(dose.minutes, dose.minutes_max)}min {days}"
    hold, sets = span(dose.hold_s, dose.hold_s_max), span(dose.sets, dose.sets_max)
    if dose.reps is None:
        return f"{sets}x{hold}s {days}"
    return f"{sets}x{span(dose.reps, dose.reps_max)} {hold + 's ' if hold else ''}{days}"


def test_the_library_holds_exactly_the_84_exercises_of_the_clinical_table():
    assert len(EXPECTED) == 84
    assert set(exercises()) == set(EXPECTED)


@pytest.mark.parametrize("id", EXPECTED)
def test_the_default_dose_is_the_one_of_the_clinical_table(id):
    assert shorthand(exercises()[id].dose) == EXPECTED[id]


@pytest.mark.parametrize(("id", "hold"), [("clamshell", (1, None)), ("donkey_kick", (1, None)), ("fire_hydrant", (1, None)), ("slr_hold", (3, 4))])
def test_the_four_exercises_of_the_article_are_three_sets_of_fifteen_with_a_band_option(id, hold):
    exercise = exercises()[id]
    assert (exercise.dose.sets, exercise.dose.reps) == (3, 15)
    assert (exercise.dose.hold_s, exercise.dose.hold_s_max) == hold
    assert exercise.source == "source_a"
    assert "loop_band" in exercise.optional_equipment
    assert "loop_band" not in exercise.equipment, "bodyweight must do"


def test_stretches_and_ball_work_of_the_article_are_daily():
    daily = {one.id for one in exercises().values() if one.dose.days_per_week == 7}
    assert daily == {"hamstring_supine_pull", "lunge_hip_flexor", "figure_four", "ball_glute", "roll_itb", "roll_quad", "roll_hamstring"}


def test_what_the_article_names_rests_on_the_article():
    assert {one.id for one in exercises().values() if one.source == "source_a"} == SOURCE_A


def test_stress_follows_the_four_steps():
    found = {step: {one.id for one in exercises().values() if one.stress is step} for step in Stress}
    assert found[Stress.NONE] == NO_STRESS
    assert found[Stress.MODERATE] == MODERATE
    assert found[Stress.HIGH] == HIGH
    assert sum(map(len, found.values())) == 84


@pytest.mark.parametrize(
    ("name", "expected"),
    [("kneeling", KNEELING), ("impact", IMPACT), ("rolling", ROLLING), ("deep_squat", DEEP), ("clinic_only", {"bfr_knee_ext"})],
)
def test_what_precautions_take_out_is_marked(name, expected):
    assert with_property(name) == expected


def test_deep_means_more_than_60_degrees_with_weight_on_the_knee():
    for exercise in exercises().values():
        is_deep = (
            exercise.category == "knee strength" and exercise.weight_bearing != "no"
            and exercise.knee_range is not None and exercise.knee_range[1] > 60
        )
        assert exercise.deep_squat == is_deep, exercise.id


def test_all_impact_waits_for_phase_three():
    assert {one.id for one in exercises().values() if one.impact and one.phase_from < 3} == set()


def test_the_calm_phase_has_something_for_every_region():
    first = [one for one in exercises().values() if one.phase_from == 0]
    assert {one.category for one in first} >= {"hip strength", "knee strength", "core", "flexibility", "soft tissue", "foot and ankle"}
    assert {"quad_set", "knee_iso_60", "glute_set", "clamshell", "dead_bug"} <= {one.id for one in first}
    assert all(one.stress.rank <= Stress.LOW.rank for one in first)


def test_equipment_is_of_the_vocabulary_and_named_once():
    for exercise in exercises().values():
        named = exercise.equipment + exercise.any_equipment + exercise.optional_equipment
        assert set(named) <= set(EQUIPMENT), exercise.id
        assert len(named) == len(set(named)), exercise.id
        assert len(exercise.any_equipment) != 1, f"{exercise.id}: a choice of one is no choice"


def test_what_is_done_on_the_floor_needs_the_floor():
    for exercise in exercises().values():
        if exercise.position.startswith(ON_THE_FLOOR):
            assert "floor" in exercise.equipment, exercise.id


def test_a_choice_of_equipment_needs_one_of_it():
    roll = exercises()["roll_quad"]
    assert roll.possible_with(["floor", "ball"])
    assert roll.possible_with(["floor", "roller"])
    assert not roll.possible_with(["floor", "towel"])
    assert not roll.possible_with(["ball", "roller"])


def test_a_home_can_train_hip_knee_core_and_stretch():
    at_home = {one.category for one in exercises().values() if one.possible_with(HOME_EQUIPMENT) and not one.clinic_only}
    assert len(at_home) == 8
    for id in ("clamshell_band", "sl_hip_abd", "knee_iso_60", "knee_ext_90_45", "step_up_10", "seated_hip_er_band", "cadence_drill"):
        assert exercises()[id].possible_with(HOME_EQUIPMENT), id
    for id in ("leg_press", "bfr_knee_ext", "hip_thrust", "sl_decline_squat", "pool_run"):
        assert not exercises()[id].possible_with(HOME_EQUIPMENT), id


def test_every_step_of_a_ladder_exists():
    for exercise in exercises().values():
        assert set(exercise.harder + exercise.easier) <= set(exercises()), exercise.id


def test_the_level_rises_on_the_way_up_and_falls_on_the_way_down():
    for exercise in exercises().values():
        assert all(exercises()[id].level > exercise.level for id in exercise.harder), exercise.id
        assert all(exercises()[id].level < exercise.level for id in exercise.easier), exercise.id


def test_no_way_up_ever_comes_back_to_where_it_began():
    def climb(id: str, below: tuple[str, ...]) -> None:
        assert id not in below, f"{' -> '.join(below)} -> {id}"
        for above in exercises()[id].harder:
            climb(above, (*below, id))

    for id in exercises():
        climb(id, ())


def test_every_way_up_has_its_way_back():
    for exercise in exercises().values():
        for above in exercise.harder:
            assert exercise.id in exercises()[above].easier, f"{above} does not lead back to {exercise.id}"


def test_every_end_of_a_ladder_is_stated():
    for exercise in exercises().values():
        expected = {(False, False): "alone", (True, False): "easiest", (False, True): "hardest", (True, True): ""}
        assert exercise.end == expected[bool(exercise.harder), bool(exercise.easier)], exercise.id


def test_the_first_way_down_never_leads_from_a_calm_exercise_to_a_loading_one_or_adds_impact():
    for exercise in exercises().values():
        if exercise.easier:
            below = exercises()[exercise.easier[0]]
            assert below.stress.rank <= max(exercise.stress.rank, Stress.LOW.rank), f"{exercise.id} -> {below.id}"
            assert exercise.impact or not below.impact, f"{exercise.id} -> {below.id}"


def test_a_word_for_what_is_trained_stays_in_one_group():
    """What a program holds only once has one word, and one word stays in one group of exercises."""
    categories: dict[str, set[str]] = {}
    for exercise in exercises().values():
        assert exercise.trains.isidentifier(), exercise.id
        categories.setdefault(exercise.trains, set()).add(exercise.category)
    assert {word: found for word, found in categories.items() if len(found) > 1} == {}


def test_the_starter_routine_trains_four_different_things():
    words = [exercises()[id].trains for id in ("clamshell", "donkey_kick", "fire_hydrant", "slr_hold")]
    assert len(set(words)) == 4


def test_standing_agrees_with_the_source():
    sources = tomllib.loads((FOLDER / "sources.toml").read_text(encoding="utf-8"))["source"]
    known = {one["id"] for one in sources}
    for exercise in exercises().values():
        assert exercise.source in known, exercise.id
        assert (exercise.source == "common_practice") <= (exercise.standing is Standing.COMMON_PRACTICE), exercise.id
        assert (exercise.source == "product_default") == (exercise.standing is Standing.PRODUCT_DEFAULT), exercise.id
    assert exercises()["bfr_knee_ext"].standing is Standing.COMMON_PRACTICE
    assert exercises()["cadence_drill"].source == "lenhart_2014"
    assert exercises()["forefoot_drill"].source == "vannatta_2015"


@pytest.mark.parametrize(
    ("id", "arc"),
    [("mini_squat", (0, 45)), ("knee_ext_90_45", (45, 90)), ("knee_iso_60", (60, 60)), ("wall_squat", (0, 60)), ("leg_press", (0, 60)),
     ("step_up_10", (0, 40)), ("box_squat", (0, 90)), ("forward_step_down", (0, 70))],
)  # fmt: skip
def test_the_knee_moves_through_the_arc_of_the_table(id, arc):
    assert exercises()[id].knee_range == arc


def test_every_exercise_warns_of_something_or_says_that_nothing_is_known():
    for exercise in exercises().values():
        assert exercise.caution.endswith("."), exercise.id
