"""The geometry under the drawings: limbs reach, hulls hold, movement runs from start to end, near covers far."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kneeclinic.figures import exercise_scene
from kneeclinic.figures.body import POINTS, between
from kneeclinic.figures.camera import Camera, hull
from kneeclinic.figures.ink import BAND, PAPER
from kneeclinic.figures.limbs import bone_axes, middle_joint
from kneeclinic.figures.marks import inside
from kneeclinic.figures.painter import solid
from kneeclinic.figures.vectors import (
    about_x,
    about_y,
    about_z,
    compose,
    cross,
    distance,
    dot,
    length,
    part_way,
    square_to,
    subtract,
    transpose,
    turn,
    unit,
    yxz_angles,
)
from tests.figures.conftest import POSES, bodies_of, each_exercise

PLACES = st.tuples(*[st.floats(-1, 1, allow_nan=False)] * 3)
ANGLES = st.floats(-80, 80, allow_nan=False)
CAMERAS = st.builds(Camera, st.floats(-180, 180), st.floats(-20, 80))


@given(PLACES, PLACES, st.floats(0.2, 0.6), st.floats(0.2, 0.6))
def test_a_limb_reaches_every_place_within_its_length(target, pole, first, second):
    span = length(target)
    assume(abs(first - second) + 0.01 < span < first + second - 0.01)
    assume(length(cross(unit(target), pole)) > 0.05)
    middle, end = middle_joint((0.0, 0.0, 0.0), target, first, second, pole)
    assert distance(end, target) < 1e-4
    assert abs(length(middle) - first) < 1e-6
    assert abs(distance(middle, end) - second) < 1e-4
    assert dot(middle, square_to(pole, unit(target))) > -1e-9, "the joint bends away from where it shall point"


@given(PLACES, PLACES)
def test_a_limb_that_is_too_short_points_at_the_place(target, pole):
    assume(length(target) > 0.75 and length(cross(unit(target), pole)) > 0.05)
    _, end = middle_joint((0.0, 0.0, 0.0), target, 0.3, 0.3, pole)
    assert length(end) < 0.6001
    assert dot(unit(end), unit(target)) > 0.9999


@given(PLACES, PLACES, PLACES)
def test_axes_of_a_bone_are_square_and_right_handed(top, bottom, front):
    assume(distance(top, bottom) > 0.05 and length(cross(unit(subtract(top, bottom)), front)) > 0.05)
    x, y, z = transpose(bone_axes(top, bottom, front))
    assert max(abs(dot(x, y)), abs(dot(y, z)), abs(dot(z, x))) < 1e-9
    assert distance(cross(x, y), z) < 1e-9


@given(ANGLES, ANGLES, ANGLES)
def test_joint_angles_are_read_back_as_they_were_set(first, second, third):
    read = yxz_angles(compose(about_y(first), about_x(second), about_z(third)))
    assert max(abs(a - b) for a, b in zip(read, (first, second, third), strict=True)) < 1e-6


@given(ANGLES, ANGLES, st.floats(0, 1))
def test_half_a_turn_is_a_turn_by_half(start, end, share):
    reached = part_way(about_y(start), about_y(end), share)
    assert distance(turn(reached, (1.0, 0.0, 0.0)), turn(about_y(start + (end - start) * share), (1.0, 0.0, 0.0))) < 1e-5


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=3, max_size=40))
def test_a_hull_holds_all_its_points(points):
    outline = hull(points)
    assume(len(outline) > 2)
    assert all(inside(point, outline) for point in points)
    assert set(outline) <= set(points)


@given(CAMERAS)
def test_the_axes_of_a_camera_are_square(camera):
    axes = (camera.right, camera.up, camera.towards_eye)
    for i, a in enumerate(axes):
        assert abs(length(a) - 1) < 1e-9
        assert all(abs(dot(a, b)) < 1e-9 for b in axes[i + 1 :])
    assert distance(cross(camera.right, camera.up), camera.towards_eye) < 1e-9


@each_exercise
def test_a_movement_begins_at_the_start_pose_and_ends_at_the_end_pose(exercise_id):
    start, end = bodies_of(exercise_id)
    for share, body in ((0, start), (1, end)):
        moved = between(start, end, share)
        assert max(distance(moved.point(name), body.point(name)) for name in POINTS) < 1e-4


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(sorted(POSES)), CAMERAS)
def test_a_body_can_be_painted_from_anywhere(exercise_id, camera):
    shapes = solid(bodies_of(exercise_id)[1], camera, "right")
    assert {shape.role for shape in shapes} >= {"body:head", "body:trunk", "body:thigh_right", "body:foot_left"}
    assert all(len(shape.points) >= 2 for shape in shapes)


def first_and_last(role, camera):
    """Painting positions of a member of a standing body."""
    shapes = solid(bodies_of("mini_squat")[0], camera, None)
    places = [i for i, shape in enumerate(shapes) if shape.role == role and shape.stroke]
    return places[0], places[-1]


def test_the_near_arm_is_painted_over_the_trunk_and_the_far_arm_under_it():
    for azimuth, near, far in ((0, "right", "left"), (180, "left", "right")):
        camera = Camera(azimuth, 5)
        trunk_first, trunk_last = first_and_last("body:trunk", camera)
        assert first_and_last(f"body:upper_arm_{near}", camera)[0] > trunk_last
        assert first_and_last(f"body:upper_arm_{far}", camera)[1] < trunk_first


@each_exercise
def test_clothing_is_never_painted_under_its_own_limb(exercise_id):
    """Within a limb the skin comes first, the cloth over it; where the limb comes towards the eye it comes out of its hem."""
    body, camera = bodies_of(exercise_id)[1], Camera(*POSES[exercise_id].camera)
    shapes = solid(body, camera, "right")
    for limb, cloth in (("thigh", ("#4b5a6e", "#7c8897")), ("upper_arm", ("#9fb6cb", "#b9c8d6"))):
        for side in ("right", "left"):
            drawn = [shape for shape in shapes if shape.role == f"body:{limb}_{side}" and shape.stroke]
            skin = [i for i, shape in enumerate(drawn) if shape.fill in ("#fbf1e7", "#efe6dc")]
            over = [i for i, shape in enumerate(drawn) if shape.fill in cloth]
            down = turn(body.axes(f"{limb}_{side}"), (0.0, 0.0, -1.0))
            out_of_the_hem = dot(down, camera.towards_eye) > 0.3
            assert skin and over and (max(over) < min(skin) if out_of_the_hem else max(skin) < min(over))


WORN = [(exercise_id, prop) for exercise_id, pose in sorted(POSES.items()) for prop in pose.props if prop.kind in ("loop_band", "cuff")]


@pytest.mark.parametrize(("exercise_id", "prop"), WORN, ids=[exercise_id for exercise_id, _ in WORN])
def test_a_band_or_cuff_is_painted_over_the_limb_it_goes_round(exercise_id, prop):
    limbs = tuple(f"body:{part}" for part in (prop.on or ("thigh",)))
    shapes = exercise_scene(exercise_id, POSES).shapes
    band = max(i for i, shape in enumerate(shapes) if shape.role == "prop" and BAND in (shape.fill, shape.stroke))
    skin_and_cloth = [i for i, shape in enumerate(shapes) if shape.stroke and shape.role.startswith(limbs) and shape.fill != PAPER]
    assert skin_and_cloth and band > max(skin_and_cloth)
