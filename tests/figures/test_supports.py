"""Tape and brace pictures: the strip runs the way the clinical reference says, on either side."""

import pytest

from kneeclinic.figures import UnknownSupport, support_scene, tape_scene
from kneeclinic.figures.supports import TAPINGS
from kneeclinic.figures.svg import render_svg

COMPONENTS = ("glide", "tilt", "rotation", "ap_tilt")
SUPPORTS = ("tape_patellar", "orthosis_prefab", "brace_sleeve", "brace_strap", "brace_realign", "footwear_comfort")


def anchors(scene):
    return [shape for shape in scene.shapes if shape.role == "anchor"]


def middle(shape):
    xs, ys = zip(*shape.points, strict=True)
    return sum(xs) / len(xs), sum(ys) / len(ys)


@pytest.mark.parametrize("component", COMPONENTS)
def test_each_strip_has_an_anchor_and_an_arrow(component):
    scene = tape_scene(component, "right")
    assert len(anchors(scene)) == len(TAPINGS[component].strips)
    assert sum(shape.role == "arrow" for shape in scene.shapes) >= 4 * len(TAPINGS[component].strips)


@pytest.mark.parametrize("component", ("glide", "tilt", "rotation"))
def test_the_pull_is_towards_the_inner_side(component):
    path = TAPINGS[component].strips[0].path
    assert path[-1][0] > path[0][0] + 8, "inner side is positive x on a right knee seen from the front"


def test_rotation_pulls_up_from_the_lower_pole():
    path = TAPINGS["rotation"].strips[0].path
    assert path[0][1] < -4 and path[-1][1] > path[0][1] + 8


def test_unloading_the_fat_pad_makes_a_v_from_the_shin_bump():
    outer, inner = (strip.path for strip in TAPINGS["ap_tilt"].strips[1:])
    assert outer[0][1] < -12 and inner[0][1] < -12
    assert outer[-1][0] < -8 and inner[-1][0] > 8
    assert outer[-1][1] > outer[0][1] and inner[-1][1] > inner[0][1]


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_left_knee_is_the_mirror_image(component):
    right, left = tape_scene(component, "right"), tape_scene(component, "left")
    for a, b in zip(anchors(right), anchors(left), strict=True):
        assert middle(a)[0] == pytest.approx(-middle(b)[0])
    assert "right knee" in right.alt_text and "left knee" in left.alt_text


@pytest.mark.parametrize("support_id", SUPPORTS)
@pytest.mark.parametrize("side", ("right", "left", "both"))
def test_every_support_has_a_picture_with_words(support_id, side):
    scene = support_scene(support_id, side)
    assert scene.alt_text and scene.aspect > 0.3
    assert render_svg(scene).startswith("<svg")


def test_what_is_not_known_is_refused_with_what_is():
    with pytest.raises(UnknownSupport, match="glide, tilt, rotation, ap_tilt"):
        tape_scene("spiral", "right")
    with pytest.raises(UnknownSupport, match="brace_sleeve"):
        support_scene("brace_magic", "right")
    with pytest.raises(UnknownSupport, match="side 'top'"):
        support_scene("brace_sleeve", "top")
