"""The measures carry the ids, sides, limits, points and important changes that rules, exports and case files rely on."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeclinic.knowledge import load_knowledge
from kneeclinic.knowledge.schema import Measure
from kneeclinic.vocabulary import Better, MeasureKind, MeasureSides, VisitKind

KNOWLEDGE = load_knowledge()
STRENGTH = ("hip_abduction", "hip_er", "hip_extension", "knee_extension")
FLAG, NPRS, NUMBER, CHOICE, SCORE, INTEGER = "flag", "nprs", "number", "choice", "score", "integer"
STABLE_IDS: dict[tuple[str, str], str] = {
    ("each", FLAG): "giving_way locking block_to_extension crepitus swelling_reported rapid_swelling trauma_7d achilles_calf_pain "
    "knee_surgery_past patella_dislocation_past fever_hot_joint night_rest_pain calf_swelling cannot_bear_weight extensor_gap "
    "focal_bone_tenderness pain_on_hop pain_rises_with_load bony_mass calf_warm_tender numbness_or_back_pattern limp hip_ir_loss obligate_er "
    "patella_tender_isolated fibular_head_tender cannot_flex_90 cannot_take_4_steps patellar_tap apprehension j_sign facet_tenderness "
    "patellar_compression tape_skin_problem brace_requested wears_orthosis wears_tape",
    ("none", FLAG): "avoids_activity novice_runner adhesive_allergy latex_allergy fragile_skin skin_sensation_loss anticoagulants dvt_history "
    "vascular_disease pregnancy hypertension_uncontrolled weight_loss_or_cancer_history red_s_signs breathless",
    ("each", NPRS): "pain_usual pain_worst pain_squat pain_stairs_down pain_stairs_up pain_sitting pain_kneeling pain_rising pain_running "
    "pain_rest_24h pain_resisted_extension pain_step_down tape_trial_before tape_trial_after insert_trial_before insert_trial_after",
    ("none", NPRS): "walk_30_pain",
    ("each", CHOICE): "pain_location stroke_test foot_strike single_leg_squat patellar_tilt",
    ("each", SCORE): "fpi6 lateral_step_down akps koos_pf",
    ("none", SCORE): "lefs psfs tsk11",
    ("each", INTEGER): "sane vas_usual vas_worst step_down_30s calf_raise_reps",
    ("none", INTEGER): "groc",
    ("each", NUMBER): "symptom_months girth_joint_line girth_10cm_above navicular_drop midfoot_width_change arch_height_index rearfoot_angle "
    "overstride knee_flexion_contact knee_flexion_peak pelvic_drop hip_adduction_peak trunk_lean_lateral rearfoot_eversion contact_time fppa "
    "single_leg_stance single_leg_hop side_plank_hold slr_passive knee_ext_deficit_9090 thomas_hip thomas_knee ober ely wb_lunge_cm wb_lunge_deg "
    "dorsiflexion_nwb patellar_glide_medial patellar_glide_lateral q_angle knee_extension_rom knee_flexion_rom tape_trial_drop insert_trial_drop "
    + " ".join(f"{test}_{value}" for test in STRENGTH for value in ("force", "lever", "lsi", "bw", "torque")),
    ("none", NUMBER): "bmi run_speed cadence step_width vertical_oscillation trunk_lean_forward front_plank_hold body_mass height "
    "wb_lunge_difference km_week longest_run_km load_rise_14d adherence_7d pain_threshold_km",
}
DERIVED = {
    "bmi", "wb_lunge_difference", "tape_trial_drop", "insert_trial_drop", "load_rise_14d", "adherence_7d", "pain_threshold_km", "wells_score",
    *(f"{test}_{value}" for test in STRENGTH for value in ("lsi", "bw", "torque")),
}  # fmt: skip


@pytest.mark.parametrize(("sides", "kind", "id"), [(*group, id) for group, ids in STABLE_IDS.items() for id in ids.split()])
def test_a_stable_id_keeps_its_side_and_kind(sides: str, kind: str, id: str) -> None:
    measure = KNOWLEDGE.measure(id)
    assert measure.sides == sides
    if kind == NPRS:
        assert (measure.kind, measure.hard, measure.better, measure.sdc, measure.mic) == ("integer", (0, 10), "lower", 2, 2)
    else:
        assert measure.kind == kind
    assert measure.derived is (id in DERIVED)


@pytest.mark.parametrize(
    ("id", "choices"),
    [
        ("stroke_test", ("0", "trace", "1+", "2+", "3+")),
        ("pain_location", ("retropatellar", "peripatellar", "inferior_pole", "lateral", "medial", "other")),
        ("foot_strike", ("rearfoot", "midfoot", "forefoot")),
        ("single_leg_squat", ("good", "fair", "poor", "unable")),
        ("patellar_tilt", ("hypomobile", "normal", "hypermobile")),
    ],
)
def test_choices_keep_their_words_and_order(id: str, choices: tuple[str, ...]) -> None:
    assert KNOWLEDGE.measure(id).choices == choices


AKPS_POINTS = [
    (5, 3, 0), (5, 3, 0), (5, 3, 2, 0), (10, 8, 5, 0), (5, 4, 3, 2, 0), (10, 8, 6, 3, 0), (10, 7, 2, 0), (10, 8, 6, 4, 0),
    (10, 8, 6, 3, 0), (10, 8, 6, 4, 0), (10, 6, 4, 2, 0), (5, 3, 0), (5, 3, 0),
]  # fmt: skip


def test_akps_allows_exactly_the_points_of_the_published_table() -> None:
    akps = KNOWLEDGE.measure("akps")
    assert [item.allowed for item in akps.items] == AKPS_POINTS
    assert (akps.scoring, akps.min_answered, akps.hard, akps.mic) == ("sum", 13, (0, 100), 10)


@pytest.mark.parametrize(
    ("id", "items", "points", "scoring", "needed", "hard", "better"),
    [
        ("koos_pf", 11, (0, 1, 2, 3, 4), "koos", 6, (0, 100), "higher"),
        ("lefs", 20, (4, 3, 2, 1, 0), "lefs", 18, (0, 80), "higher"),
        ("psfs", 5, tuple(range(10, -1, -1)), "mean", 3, (0, 10), "higher"),
        ("tsk11", 11, (1, 2, 3, 4), "sum", 11, (11, 44), "lower"),
        ("fpi6", 6, (-2, -1, 0, 1, 2), "sum", 6, (-12, 12), "neither"),
    ],
)
def test_a_questionnaire_has_its_items_points_and_range(
    id: str, items: int, points: tuple[int, ...], scoring: str, needed: int, hard: tuple[int, int], better: str
) -> None:
    measure = KNOWLEDGE.measure(id)
    assert [item.allowed for item in measure.items] == [points] * items
    assert (measure.scoring, measure.min_answered, measure.hard, measure.better) == (scoring, needed, hard, better)


def test_the_lateral_step_down_scores_arms_trunk_pelvis_knee_and_balance_in_that_order() -> None:
    items = KNOWLEDGE.measure("lateral_step_down").items
    assert [item.label for item in items] == ["Arms", "Trunk", "Pelvis", "Knee", "Balance"]
    assert [max(item.allowed) for item in items] == [1, 1, 1, 2, 1]


@pytest.mark.parametrize(
    ("id", "bands"),
    [
        ("fpi6", [(-12, -5), (-4, -1), (0, 5), (6, 9), (10, 12)]),
        ("lateral_step_down", [(0, 1), (2, 3), (4, 6)]),
        ("tsk11", [(11, 22), (23, 28), (29, 35), (36, 44)]),
        ("groc", [(-7, -6), (-5, -4), (-3, -1), (0, 0), (1, 3), (4, 5), (6, 7)]),
        ("wells_score", [(-2, 1), (2, 9)]),
    ],
)
def test_bands_have_the_published_edges(id: str, bands: list[tuple[int, int]]) -> None:
    assert [(band.low, band.high) for band in KNOWLEDGE.measure(id).bands] == bands


@pytest.mark.parametrize(
    ("id", "sdc", "mic", "percent"),
    [
        ("akps", 14, 10, None), ("koos_pf", 16, 16.4, None), ("lefs", 10.7, 9, None), ("vas_worst", 20, 20, None), ("tsk11", None, 4, None),
        ("sane", None, 7, None), ("groc", None, None, None), ("wb_lunge_cm", 1.0, None, None), ("wb_lunge_difference", 1.5, None, None),
        ("hip_abduction_force", None, None, 15), ("hip_abduction_lsi", None, None, None), ("q_angle", None, None, None),
    ],
)  # fmt: skip
def test_noise_and_important_change_are_those_of_the_reference(id: str, sdc: float | None, mic: float | None, percent: float | None) -> None:
    measure = KNOWLEDGE.measure(id)
    assert (measure.sdc, measure.mic, measure.sdc_percent) == (sdc, mic, percent)


@pytest.mark.parametrize(
    ("id", "hard", "soft"),
    [
        ("girth_joint_line", (20, 70), (28, 50)), ("navicular_drop", (-5, 30), (0, 20)), ("arch_height_index", (0.2, 0.5), (0.25, 0.42)),
        ("cadence", (100, 240), (140, 210)), ("run_speed", (3, 30), (6, 20)), ("fppa", (-30, 45), (-15, 30)),
        ("contact_time", (120, 450), (180, 330)),
        ("hip_abduction_force", (10, 1500), (50, 350)), ("knee_extension_force", (10, 1500), (100, 900)), ("slr_passive", (0, 140), (40, 110)),
        ("body_mass", (25, 250), (40, 130)), ("height", (100, 230), (140, 205)), ("symptom_months", (0, 600), (0, 120)),
        ("km_week", (0, 300), (0, 120)), ("longest_run_km", (0, 200), (0, 45)), ("step_down_30s", (0, 60), (0, 35)), ("ely", (60, 170), (90, 160)),
    ],
)  # fmt: skip
def test_limits_are_those_of_the_reference(id: str, hard: tuple[float, float], soft: tuple[float, float]) -> None:
    assert (KNOWLEDGE.measure(id).hard, KNOWLEDGE.measure(id).soft) == (hard, soft)


def shown(kind: VisitKind) -> list[str]:
    return [measure.id for measure in KNOWLEDGE.measures.values() if kind in measure.visit_kinds]


def test_a_weekly_check_asks_for_about_a_dozen_values() -> None:
    weekly = shown(VisitKind.WEEKLY)
    assert 10 <= len(weekly) <= 14
    assert {"pain_usual", "pain_worst", "pain_rest_24h", "stroke_test", "walk_30_pain", "km_week"} <= set(weekly)
    assert "akps" not in weekly, "too long to be asked every week"


def test_a_first_visit_asks_for_every_section_and_not_for_a_change() -> None:
    first = shown(VisitKind.FIRST)
    assert {KNOWLEDGE.measure(id).section for id in first} == {section.id for section in KNOWLEDGE.sections}
    assert "groc" not in first
    assert "single_leg_hop" not in first, "hops wait until the knee is calm"


def test_every_plain_measure_is_on_some_form() -> None:
    assert [measure.id for measure in KNOWLEDGE.measures.values() if not measure.derived and not measure.visit_kinds] == []


@pytest.mark.parametrize("measure", KNOWLEDGE.measures.values(), ids=lambda measure: measure.id)
def test_every_measure_says_how_it_is_taken_and_keeps_its_promises(measure: Measure) -> None:
    assert measure.how.endswith((".", "?", ")")), "a whole sentence"
    assert len(measure.label) <= 70
    if measure.kind is MeasureKind.FLAG:
        assert measure.hard is None
        assert measure.unit == ""
    if measure.sdc or measure.mic or measure.sdc_percent:
        assert measure.better is not Better.NEITHER or measure.sdc, "an important change has a direction"
    if measure.id.endswith("_before"):
        assert KNOWLEDGE.measure(measure.id.replace("_before", "_after")).sides is measure.sides
    if measure.kind is MeasureKind.INTEGER:
        assert measure.decimals == 0
        assert all(limit == int(limit) for limit in measure.hard or ())


@pytest.mark.parametrize("test", STRENGTH)
def test_a_strength_test_brings_its_lever_and_three_derived_values_of_each_leg(test: str) -> None:
    for name, derived in (("force", False), ("lever", False), ("lsi", True), ("bw", True), ("torque", True)):
        measure = KNOWLEDGE.measure(f"{test}_{name}")
        assert measure.sides is MeasureSides.EACH
        assert measure.derived is derived


SCORES = [measure for measure in KNOWLEDGE.measures.values() if measure.kind is MeasureKind.SCORE]


@given(st.data())
def test_any_answers_give_a_score_inside_the_limits_and_in_one_band(data: st.DataObject) -> None:
    measure = data.draw(st.sampled_from(SCORES))
    points = [data.draw(st.sampled_from(item.allowed)) for item in measure.items]
    score = {
        "sum": sum(points),
        "lefs": sum(points),
        "mean": sum(points) / len(points),
        "koos": 100 - 25 * sum(points) / len(points),
    }[measure.scoring]
    assert measure.hard
    assert measure.hard[0] <= score <= measure.hard[1]
    if measure.bands:
        assert sum(band.low <= score <= band.high for band in measure.bands) == 1


@pytest.mark.parametrize("measure", SCORES, ids=lambda measure: measure.id)
def test_the_first_answer_of_each_item_gives_the_best_score(measure: Measure) -> None:
    best = [item.allowed[0] for item in measure.items]
    total = sum(best) if measure.scoring in ("sum", "lefs") else sum(best) / len(best)
    score = 100 - 25 * total if measure.scoring == "koos" else total
    assert measure.hard
    if measure.better is not Better.NEITHER:
        assert score == (measure.hard[1] if measure.better is Better.HIGHER else measure.hard[0])


def test_no_item_of_a_protected_questionnaire_carries_its_wording() -> None:
    for id in ("koos_pf", "lefs", "tsk11", "psfs"):
        for number, item in enumerate(KNOWLEDGE.measure(id).items, start=1):
            assert item.label in (f"Item {number}", f"Activity {number}")
    assert all(len(item.label.split()) <= 6 for item in KNOWLEDGE.measure("akps").items)


def test_the_shorthand_words_of_the_weekly_check_are_short_and_unmistakable() -> None:
    owner = {alias: measure.id for measure in KNOWLEDGE.measures.values() for alias in measure.aliases}
    assert {word: owner[word] for word in ("worst", "usual", "stroke", "squat", "km", "kujala", "lsd", "lunge", "fpi", "spm")} == {
        "worst": "pain_worst", "usual": "pain_usual", "stroke": "stroke_test", "squat": "pain_squat", "km": "km_week", "kujala": "akps",
        "lsd": "lateral_step_down", "lunge": "wb_lunge_cm", "fpi": "fpi6", "spm": "cadence",
    }  # fmt: skip
    weekly = [measure for measure in map(KNOWLEDGE.measure, shown(VisitKind.WEEKLY)) if measure.id != "psfs"]
    assert all(measure.aliases for measure in weekly)


def test_ordered_choices_are_those_that_rise() -> None:
    assert {measure.id for measure in KNOWLEDGE.measures.values() if measure.ordered} == {"stroke_test", "single_leg_squat"}


def test_sections_follow_each_other_without_being_torn_apart() -> None:
    sections = [measure.section for measure in KNOWLEDGE.measures.values()]
    changes = sum(one != next for one, next in pairwise(sections))
    assert changes == len(KNOWLEDGE.sections) - 1
