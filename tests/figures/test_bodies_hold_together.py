"""Every posed body is one that a person could take up, and it keeps its contacts in both poses."""

import pytest

from kneeclinic.figures.body import FOREARM, SHANK, SIDES, THIGH, UPPER_ARM
from kneeclinic.figures.feet import planted_points
from kneeclinic.figures.flesh import lowest_point
from kneeclinic.figures.hands import hand_goal, wrist_goal
from kneeclinic.figures.posture import leg_angles
from kneeclinic.figures.vectors import about_z, distance, subtract, turn
from tests.figures.conftest import POSES, bodies_of, each_exercise

CONTACT_M = 0.01

# Degrees that a flexible person reaches (AAOS ranges with a margin); hip abduction below zero is a crossed leg.
JOINT_LIMITS = {
    "hip": (-32, 130),
    "hip_abduction": (-32, 62),
    "hip_rotation": (-62, 80),
    "knee": (-3, 150),
    "ankle": (-70, 42),
    "ankle_roll": (-28, 28),
    "toes": (-5, 75),
}
STANDS_FREELY = sorted(
    exercise_id
    for exercise_id, pose in POSES.items()
    if pose.position == "standing" and pose.start.support != "pin" and not any(prop.kind in ("wall", "bench") for prop in pose.props)
)


def both(exercise_id):
    return zip(("start", "end"), (POSES[exercise_id].start, POSES[exercise_id].end), bodies_of(exercise_id), strict=True)


@each_exercise
def test_no_joint_of_a_leg_is_bent_further_than_a_person_can(exercise_id):
    for when, _, body in both(exercise_id):
        for side in SIDES:
            for joint, angle in leg_angles(body, side).items():
                low, high = JOINT_LIMITS[joint]
                assert low <= angle <= high, f"{exercise_id} {when}: {joint} {side} is {angle:.0f}, allowed {low} to {high}"


@each_exercise
def test_elbows_bend_and_do_not_overstretch(exercise_id):
    for when, _, body in both(exercise_id):
        for side in SIDES:
            upper = subtract(body.point(f"elbow_{side}"), body.point(f"shoulder_{side}"))
            fore = subtract(body.point(f"wrist_{side}"), body.point(f"elbow_{side}"))
            folded = distance(body.point(f"shoulder_{side}"), body.point(f"wrist_{side}"))
            assert folded > 0.1, f"{exercise_id} {when}: {side} wrist lies in the shoulder"
            assert abs(distance((0, 0, 0), upper) - UPPER_ARM) < 1e-6 and abs(distance((0, 0, 0), fore) - FOREARM) < 1e-6


@each_exercise
def test_bones_keep_their_length(exercise_id):
    for _, _, body in both(exercise_id):
        for side in SIDES:
            assert distance(body.point(f"hip_{side}"), body.point(f"knee_{side}")) == pytest.approx(THIGH, abs=1e-6)
            assert distance(body.point(f"knee_{side}"), body.point(f"ankle_{side}")) == pytest.approx(SHANK, abs=1e-6)


@each_exercise
def test_nothing_of_the_body_is_below_the_floor(exercise_id):
    if POSES[exercise_id].floor == "none":
        pytest.skip("water or a slope")
    for when, _, body in both(exercise_id):
        assert lowest_point(body) > -0.012, f"{exercise_id} {when}: {lowest_point(body) * 100:.1f} cm"


@each_exercise
def test_planted_feet_are_where_they_were_planted(exercise_id):
    for when, pose, body in both(exercise_id):
        for _, point, goal in planted_points(pose):
            apart = distance(body.point(point), goal)
            assert apart < CONTACT_M, f"{exercise_id} {when}: {point} is {apart * 100:.1f} cm from its place"


@each_exercise
def test_hands_are_on_what_they_hold(exercise_id):
    start, _ = bodies_of(exercise_id)
    for when, pose, body in both(exercise_id):
        for side in SIDES:
            reach = getattr(pose, f"{side}_arm").reach
            if reach is None:
                continue
            goal = hand_goal(body, side, reach, start)
            if reach.forearm:
                apart = distance(body.point(f"elbow_{side}"), (goal[0], goal[1], goal[2] + 0.04))
            elif reach.flat is not None:
                apart = distance(body.point(f"wrist_{side}"), wrist_goal(goal, reach, side))
            else:
                apart = distance(body.point(f"palm_{side}"), goal)
            assert apart < CONTACT_M, f"{exercise_id} {when}: {side} hand is {apart * 100:.1f} cm off"


@each_exercise
def test_ankles_laid_on_the_other_leg_lie_there(exercise_id):
    for when, pose, body in both(exercise_id):
        for side in SIDES:
            reach = getattr(pose, f"{side}_leg").reach
            if reach is not None:
                apart = distance(body.point(f"ankle_{side}"), hand_goal(body, side, reach))
                assert apart < CONTACT_M, f"{exercise_id} {when}: {side} ankle is {apart * 100:.1f} cm off"


@each_exercise
def test_points_that_shall_not_move_do_not(exercise_id):
    start, end = bodies_of(exercise_id)
    for point in POSES[exercise_id].still:
        apart = distance(start.point(point), end.point(point))
        assert apart < CONTACT_M, f"{exercise_id}: {point} moves {apart * 100:.1f} cm"


@each_exercise
def test_no_foot_is_inside_a_step_box_or_wall(exercise_id):
    for prop in POSES[exercise_id].props:
        if prop.kind not in ("box", "step", "wall") or prop.tilt:
            continue
        thick = 0.05 if prop.kind == "wall" else prop.size[0]
        for when, _, body in both(exercise_id):
            for side in SIDES:
                for point in ("heel", "ball", "toe", "ankle", "knee_front", "palm"):
                    place = turn(about_z(-prop.turn), subtract(body.point(f"{point}_{side}"), prop.at))
                    inside = abs(place[0]) < thick / 2 - 0.01 and abs(place[1]) < prop.size[1] / 2 - 0.01 and -0.01 < place[2] < prop.size[2] - 0.015
                    assert not inside, f"{exercise_id} {when}: {point} {side} is inside the {prop.kind}"


@each_exercise
def test_points_that_touch_the_floor_touch_it(exercise_id):
    for when, pose, body in both(exercise_id):
        for entry in pose.touch:
            point, _, height = entry.partition("@")
            gap = body.point(point)[2] - float(height or 0)
            assert abs(gap) < CONTACT_M, f"{exercise_id} {when}: {point} is {gap * 100:.1f} cm off the floor"


@pytest.mark.parametrize("exercise_id", STANDS_FREELY)
def test_who_stands_is_in_balance(exercise_id):
    for when, pose, body in both(exercise_id):
        if pose.support == "pin" or pose.lean is None:
            continue
        feet = SIDES if pose.support == "both feet" else (pose.support.partition(" ")[0],)
        xs = [body.point(f"{p}_{s}")[0] for s in feet for p in ("heel", "toe")]
        ys = [body.point(f"{p}_{s}")[1] for s in feet for p in ("heel", "ball")]
        mass = body.centre_of_mass
        assert min(xs) - 0.01 <= mass[0] <= max(xs) + 0.01, f"{exercise_id} {when}: would fall, x {mass[0]:.2f} not in {min(xs):.2f}..{max(xs):.2f}"
        assert min(ys) - 0.045 <= mass[1] <= max(ys) + 0.045, (
            f"{exercise_id} {when}: would fall sideways, y {mass[1]:.2f} not in {min(ys):.2f}..{max(ys):.2f}"
        )


def test_a_body_on_toes_would_be_found_below_the_floor():
    """The test above can fail: the same body, sunk by two centimetres."""
    body = bodies_of("mini_squat")[0].moved((0, 0, -0.02))
    assert lowest_point(body) < -0.012


@pytest.mark.parametrize(
    "exercise_id", ["lateral_step_down", "sl_squat_45", "fire_hydrant", "fire_hydrant_band", "single_leg_bridge", "sl_stance", "bird_dog"]
)
def test_the_pelvis_is_level_where_it_must_be(exercise_id):
    end = bodies_of(exercise_id)[1]
    assert abs(turn(end.axes("pelvis"), (0.0, 1.0, 0.0))[2]) < 0.03


LOADED_ON_ONE_LEG = (
    "lateral_step_down", "forward_step_down", "sl_squat_45", "sl_decline_squat", "step_up_10", "step_up_20", "sl_hop", "forward_hop", "lateral_hop",
    "split_squat", "reverse_lunge", "rfe_split_squat", "sl_stance_reach", "sl_deadlift", "mini_squat", "box_squat", "wall_squat", "leg_press",
)  # fmt: skip


@pytest.mark.parametrize("exercise_id", LOADED_ON_ONE_LEG)
def test_no_picture_shows_a_loaded_knee_that_falls_inward(exercise_id):
    """The knee stays over the foot: a reader copies what is drawn."""
    for when, body in zip(("start", "end"), bodies_of(exercise_id), strict=True):
        inward = body.point("knee_right")[1] - body.point("ball_right")[1]
        assert -0.06 <= inward <= 0.04, f"{exercise_id} {when}: the knee is {inward * 100:.0f} cm inward of the foot"


@pytest.mark.parametrize("exercise_id", [one for one, pose in sorted(POSES.items()) if pose.position in ("side-lying", "supine", "prone")])
def test_who_lies_lies_on_the_mat(exercise_id):
    """Nobody floats above it on an arm or a foot."""
    start, _ = bodies_of(exercise_id)
    assert lowest_point(start, ("trunk",)) < 0.05


def test_the_heels_lie_on_each_other_in_the_clamshell():
    start, end = bodies_of("clamshell")
    for body in (start, end):
        assert distance(body.point("heel_right"), body.point("heel_left")) < 0.105, "a shoe is 8 cm wide"
