"""Pictures that a tired reader can tell apart, also on a photocopy: no two alike, lines that hold, nothing important covered."""

from functools import cache
from itertools import combinations

import numpy as np
import pypdfium2
import pytest

from kneeclinic.figures import exercise_scene, support_scene, tape_scene
from kneeclinic.figures.camera import Camera, Disc, contour
from kneeclinic.figures.ink import ACCENT, FILLS, GHOST_EDGE, INK, SHORTS
from kneeclinic.figures.marks import inside
from kneeclinic.figures.painter import solid
from kneeclinic.figures.paper import scene_pdf
from kneeclinic.figures.supports import TAPINGS
from tests.figures.conftest import POSES, bodies_of, each_exercise

PICTURE = 96
ALIKE = 0.1  # share of ink that two pictures must at least not have in common
CARD_MM = (56.0, 40.0)  # the room for a figure on a standard handout
THINNEST_MM = 0.11


@cache
def as_copied(exercise_id: str) -> np.ndarray:
    """The picture in black and white as a copier makes it, drawn as large as it fits into a square."""
    page = pypdfium2.PdfDocument(scene_pdf(exercise_scene(exercise_id, POSES)))[0]
    scale = 4 * PICTURE / max(page.get_width(), page.get_height())
    grey = page.render(scale=scale, grayscale=True).to_numpy().squeeze()
    canvas = np.full((4 * PICTURE, 4 * PICTURE), 255, dtype=np.uint8)
    high, wide = min(grey.shape[0], 4 * PICTURE), min(grey.shape[1], 4 * PICTURE)
    canvas[:high, :wide] = grey[:high, :wide]
    black = canvas < 128
    return black.reshape(PICTURE, 4, PICTURE, 4).mean(axis=(1, 3))


def test_no_two_pictures_are_alike_even_in_black_and_white():
    close = []
    for one, other in combinations(sorted(POSES), 2):
        a, b = as_copied(one), as_copied(other)
        apart = np.abs(a - b).sum() / max(a.sum(), b.sum())
        if apart < ALIKE:
            close.append(f"{one} and {other}: {apart:.3f}")
    assert not close, "; ".join(close)


def test_a_picture_is_like_itself():
    a = as_copied("bridge")
    assert np.abs(a - a).sum() / a.sum() < ALIKE < np.abs(a - as_copied("hip_thrust")).sum() / a.sum()


@pytest.mark.parametrize("tone", [INK, ACCENT, GHOST_EDGE, SHORTS])
def test_what_carries_meaning_is_dark_enough_for_a_copier(tone):
    red, green, blue = (int(tone[i : i + 2], 16) for i in (1, 3, 5))
    assert 0.299 * red + 0.587 * green + 0.114 * blue < 126


@each_exercise
def test_outlines_stay_visible_at_the_size_of_a_handout(exercise_id):
    scene = exercise_scene(exercise_id, POSES)
    millimetres = min(CARD_MM[0] / scene.frame.width, CARD_MM[1] / scene.frame.height)
    outlines = [shape.width for shape in scene.shapes if shape.stroke == INK and shape.role.startswith("body") and shape.fill]
    assert min(outlines) * millimetres >= THINNEST_MM * 0.8
    assert np.median(outlines) * millimetres >= THINNEST_MM


@each_exercise
def test_the_face_is_not_covered_by_the_neck(exercise_id):
    """The last thing painted of the neck comes before the first of the head."""
    roles = [shape.role for shape in exercise_scene(exercise_id, POSES).shapes]
    assert max(i for i, role in enumerate(roles) if role == "body:neck") < min(i for i, role in enumerate(roles) if role == "body:head")


@each_exercise
def test_a_close_up_covers_no_arrow_and_no_stopwatch(exercise_id):
    shapes = exercise_scene(exercise_id, POSES).shapes
    lenses = [shape for shape in shapes if shape.role == "inset" and shape.fill == "#ffffff" and len(shape.points) == 60]
    assert len(lenses) == ({"toe yoga": 2, "foot strike": 2}.get(POSES[exercise_id].inset.shows, 1) if POSES[exercise_id].inset else 0)
    for lens in lenses:
        for shape in shapes:
            if shape.role in ("arrow", "hold", "body:head", "body:foot_right"):
                assert not any(inside(p, lens.points) for p in shape.points), f"{exercise_id}: a close-up covers {shape.role}"


@each_exercise
def test_start_and_end_side_by_side_do_not_run_into_each_other(exercise_id):
    pose = POSES[exercise_id]
    if not pose.travels:
        pytest.skip("one upon the other")
    start, end = bodies_of(exercise_id)
    camera = Camera(*pose.camera)
    before = camera.on_paper(start.point("head"))[0] - pose.aside * 100
    assert camera.on_paper(end.point("head"))[0] - before > 45, "the heads are not clear of each other"
    trunk = [shape for shape in exercise_scene(exercise_id, POSES).shapes if shape.role == "body:trunk" and shape.fill]
    assert not any(inside((before, camera.on_paper(start.point("head"))[1]), shape.points) for shape in trunk)


@each_exercise
def test_how_not_to_do_it_has_a_cross_and_how_to_do_it_a_tick(exercise_id):
    signs = [shape for shape in exercise_scene(exercise_id, POSES).shapes if shape.role == "verdict" and shape.fill]
    assert len(signs) == (2 if POSES[exercise_id].wrong_right else 0)
    if signs:
        assert signs[0].points[0][0] < signs[1].points[0][0], "the cross is with the start, on the left"


STRETCHES = sorted(exercise_id for exercise_id, pose in POSES.items() if pose.feels)


@pytest.mark.parametrize("exercise_id", STRETCHES)
def test_where_a_stretch_is_felt_is_on_the_treated_leg(exercise_id):
    shapes = exercise_scene(exercise_id, POSES).shapes
    hatched = [shape for shape in shapes if shape.role == "felt" and shape.fill]
    assert len(hatched) == len(POSES[exercise_id].feels)
    limb = [shape.points for shape in shapes if shape.role in ("body:thigh_right", "body:shank_right", "body:trunk") and shape.fill]
    for patch in hatched:
        middle = tuple(sum(p[k] for p in patch.points) / len(patch.points) for k in (0, 1))
        assert any(inside(middle, outline) for outline in limb)
        on_it = sum(any(inside(p, outline) for outline in limb) for p in patch.points) / len(patch.points)
        assert on_it > 0.75, f"{exercise_id}: only {on_it:.0%} of the hatching lies on the leg"


def test_every_stretch_that_is_held_against_a_wall_strap_or_hand_says_where_it_is_felt():
    names = ("hamstring_supine_pull", "hamstring_strap_slr", "lunge_hip_flexor", "figure_four", "quad_stretch_stand", "quad_stretch_prone")
    assert set(names) | {"itb_tfl_stand", "calf_stretch", "soleus_stretch"} == set(STRETCHES)


def test_the_contour_of_a_limb_swells_and_tapers_and_runs_anticlockwise():
    line = contour([Disc(0, 0, 0, 5), Disc(10, 0, 0, 3), Disc(20, 0, 0, 4)])
    assert all(inside((x, 0.0), line) for x in (-4, 0, 10, 20, 23))
    assert not inside((10.0, 3.6), line), "a hull would go straight across the waist"
    area = sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(line, line[1:] + line[:1], strict=True))
    assert area > 0


def test_a_limb_seen_from_its_end_is_a_disc():
    line = contour([Disc(0, 0, 0, 5), Disc(0.5, 0, 1, 4), Disc(0.8, 0, 2, 3)])
    assert max(x for x, _ in line) == pytest.approx(5, abs=0.1)


def test_a_sole_is_painted_last_only_where_the_camera_looks_onto_it():
    """The raised foot of the donkey kick turns its sole up: seen from above the sole lies over the shoe, from below under it."""
    body = bodies_of("donkey_kick")[1]
    for elevation, sole_on_top in ((50, True), (-50, False)):
        shapes = [shape for shape in solid(body, Camera(-8, elevation), None) if shape.role == "body:foot_right" and shape.fill]
        assert (shapes[-1].fill == FILLS["sole"]) == sole_on_top


@pytest.mark.parametrize("component", sorted(TAPINGS))
@pytest.mark.parametrize("side", ("right", "left"))
def test_a_tape_picture_shows_which_knee_by_a_ring_on_a_person(component, side):
    rings = [shape for shape in tape_scene(component, side).shapes if shape.role == "locator" and shape.stroke == ACCENT and shape.closed]
    person = [p for shape in tape_scene(component, side).shapes if shape.role == "locator" and shape.fill for p in shape.points]
    middle = sum(x for x, _ in rings[0].points) / len(rings[0].points)
    centre = (min(x for x, _ in person) + max(x for x, _ in person)) / 2
    assert (middle < centre) == (side == "right"), "the right knee of a person who faces the reader is on the reader's left"


def test_a_brace_picture_has_the_person_too_and_a_shoe_needs_none():
    assert any(shape.role == "locator" for shape in support_scene("brace_sleeve", "left").shapes)
    assert not any(shape.role == "locator" for shape in support_scene("footwear_comfort", "left").shapes)
