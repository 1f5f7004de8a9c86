"""The angles drawn are those of the pose table of the clinical reference (section 4), within what a drawing can carry."""

import pytest

from kneeclinic.figures.alt_text import measured
from kneeclinic.figures.posture import leg_angles
from kneeclinic.figures.vectors import angle_between, subtract, turn
from tests.figures.conftest import bodies_of

# exercise: (pose, joint, side, lowest, highest) in degrees. The right side is the treated one.
TABLE = [
    ("clamshell", "start", "hip", "right", 40, 50), ("clamshell", "start", "knee", "right", 85, 95),
    ("sl_hip_abd", "end", "hip_abduction", "right", 28, 37), ("sl_hip_abd", "end", "hip", "right", -12, -3),
    ("sl_hip_abd", "end", "knee", "right", 0, 5), ("fire_hydrant", "end", "hip_abduction", "right", 45, 60),
    ("fire_hydrant", "end", "knee", "right", 85, 95), ("fire_hydrant_band", "end", "hip_abduction", "right", 35, 45),
    ("donkey_kick", "end", "hip", "right", -12, 3), ("donkey_kick", "end", "knee", "right", 60, 90),
    ("prone_hip_ext", "end", "hip", "right", -17, -9), ("bridge", "start", "hip", "right", 38, 52),
    ("bridge", "start", "knee", "right", 88, 108), ("bridge", "end", "hip", "right", -10, 8),
    ("single_leg_bridge", "end", "hip", "right", -10, 8), ("single_leg_bridge", "end", "knee", "left", 0, 5),
    ("hip_thrust", "end", "hip", "right", -10, 12), ("hip_thrust", "end", "knee", "right", 80, 100),
    ("standing_hip_abd_band", "end", "hip_abduction", "right", 20, 30), ("wall_press_abd", "end", "hip", "left", 65, 75),
    ("wall_press_abd", "end", "knee", "left", 85, 95), ("wall_press_abd", "end", "knee", "right", 5, 15),
    ("lateral_band_walk", "end", "knee", "right", 22, 42), ("monster_walk", "start", "knee", "right", 28, 42),
    ("hip_hike", "end", "knee", "right", -1, 5), ("hip_hinge_dl", "end", "hip", "right", 72, 90),
    ("hip_hinge_dl", "end", "knee", "right", 15, 25), ("sl_deadlift", "end", "hip", "right", 65, 92),
    ("sl_deadlift", "end", "knee", "right", 15, 25), ("quad_set", "end", "knee", "right", -2, 3), ("slr_hold", "end", "hip", "right", 38, 47),
    ("slr_hold", "end", "knee", "right", -1, 3), ("knee_iso_60", "end", "knee", "right", 58, 62),
    ("knee_ext_90_45", "start", "knee", "right", 85, 95), ("knee_ext_90_45", "end", "knee", "right", 42, 48),
    ("knee_ext_full", "end", "knee", "right", -2, 3), ("bfr_knee_ext", "end", "knee", "right", 42, 48),
    ("tke_band", "start", "knee", "right", 25, 35), ("tke_band", "end", "knee", "right", -2, 3), ("mini_squat", "end", "knee", "right", 40, 50),
    ("mini_squat", "end", "hip", "right", 32, 50), ("mini_squat", "end", "ankle", "right", 8, 24),
    ("wall_squat", "end", "knee", "right", 55, 66), ("wall_squat", "end", "hip", "right", 55, 66),
    ("wall_squat", "start", "knee", "right", 3, 20), ("leg_press", "start", "knee", "right", 5, 18),
    ("leg_press", "end", "knee", "right", 55, 66), ("leg_press_single", "end", "knee", "right", 60, 80),
    ("box_squat", "end", "knee", "right", 85, 91), ("step_up_10", "start", "knee", "right", 35, 45),
    ("step_up_20", "start", "knee", "right", 60, 70), ("step_up_20", "end", "knee", "right", -1, 5),
    ("lateral_step_down", "end", "knee", "right", 50, 60), ("forward_step_down", "end", "knee", "right", 60, 70),
    ("split_squat", "end", "knee", "right", 75, 88), ("split_squat", "end", "knee", "left", 72, 100),
    ("reverse_lunge", "end", "knee", "right", 75, 88), ("rfe_split_squat", "end", "knee", "right", 83, 92),
    ("rfe_split_squat", "end", "knee", "left", 90, 108), ("sl_squat_45", "end", "knee", "right", 45, 60),
    ("sl_decline_squat", "end", "knee", "right", 55, 65), ("dead_bug", "start", "hip", "right", 88, 92),
    ("dead_bug", "end", "hip", "right", 10, 20), ("dead_bug", "end", "knee", "right", -1, 3),
    ("hamstring_supine_pull", "end", "hip", "right", 88, 102), ("hamstring_supine_pull", "end", "knee", "right", 18, 32),
    ("hamstring_strap_slr", "end", "hip", "right", 75, 85), ("hamstring_strap_slr", "end", "knee", "right", -1, 3),
    ("lunge_hip_flexor", "end", "hip", "right", -18, -8), ("figure_four", "end", "hip", "left", 98, 112),
    ("quad_stretch_prone", "end", "knee", "right", 118, 132), ("quad_stretch_stand", "end", "knee", "right", 115, 132),
    ("calf_stretch", "end", "ankle", "right", 16, 27), ("calf_stretch", "end", "knee", "right", -1, 4),
    ("soleus_stretch", "end", "knee", "right", 26, 34), ("soleus_stretch", "end", "ankle", "right", 24, 36),
    ("ankle_df_mob", "end", "ankle", "right", 33, 40), ("ankle_df_mob", "end", "knee", "right", 60, 80),
    ("calf_raise", "end", "ankle", "right", -42, -32), ("calf_raise_single", "end", "ankle", "right", -44, -32),
    ("soleus_raise", "end", "knee", "right", 26, 34), ("sl_stance", "end", "knee", "right", 5, 15),
    ("sl_stance_reach", "end", "knee", "right", 40, 60), ("dl_hop", "start", "knee", "right", 38, 48),
    ("sl_hop", "start", "knee", "right", 26, 40), ("forward_hop", "end", "knee", "right", 45, 55),
    ("lateral_hop", "end", "knee", "right", 38, 50), ("bike_easy", "start", "knee", "right", 25, 35),
    ("bike_easy", "end", "knee", "right", 102, 113), ("walk_run", "end", "knee", "right", 38, 46),
    ("continuous_run", "start", "knee", "right", 12, 18), ("continuous_run", "end", "knee", "right", 38, 45),
    ("cadence_drill", "start", "knee", "right", 2, 8), ("hill_reintro", "end", "knee", "right", 46, 54),
]  # fmt: skip


@pytest.mark.parametrize(("exercise_id", "when", "joint", "side", "lowest", "highest"), TABLE)
def test_a_joint_is_bent_as_the_reference_says(exercise_id, when, joint, side, lowest, highest):
    body = bodies_of(exercise_id)[0 if when == "start" else 1]
    angle = leg_angles(body, side)[joint]
    assert lowest <= angle <= highest, f"{exercise_id} {when}: {joint} {side} is {angle:.0f}, the reference says {lowest} to {highest}"


@pytest.mark.parametrize("exercise_id", ["front_plank", "side_plank", "side_plank_knees", "front_plank_knees", "bridge"])
def test_shoulder_hip_and_knee_form_one_line(exercise_id):
    body = bodies_of(exercise_id)[1]
    trunk = turn(body.axes("chest"), (0.0, 0.0, -1.0))
    thigh = subtract(body.point("knee_right"), body.point("hip_right"))
    assert angle_between(trunk, thigh) < 14


def test_the_heel_stays_and_the_knee_opens_in_the_clamshell():
    numbers = measured(*bodies_of("clamshell"))
    assert numbers["heel_travel_this"] == 0
    assert 30 <= numbers["thigh_swing_this"] <= 40


def test_the_trunk_leans_as_the_reference_says():
    for exercise_id, lowest, highest in (("mini_squat", 15, 25), ("hip_hinge_dl", 68, 82), ("sl_deadlift", 70, 80), ("split_squat", 8, 16)):
        assert lowest <= measured(*bodies_of(exercise_id))["end_trunk"] <= highest


def test_the_pelvis_drops_and_is_levelled_in_the_hip_gait_drill():
    numbers = measured(*bodies_of("hip_gait_drill"))
    assert 6 <= numbers["start_drop"] <= 10
    assert numbers["end_drop"] <= 4


def test_the_foot_comes_closer_to_the_body_in_the_cadence_drill():
    numbers = measured(*bodies_of("cadence_drill"))
    assert numbers["overstride_start"] >= 18
    assert numbers["overstride_end"] <= 12
