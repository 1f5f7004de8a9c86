"""The body chart: codes that read back, regions that lie within their leg and mirror on the other."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from kneeclinic.figures.body_chart import SHAPES, areas, body_chart_svg, legs, size
from kneeclinic.figures.leg_shapes import edge_at, outline
from kneeclinic.knowledge.body_chart import KINDS, REGIONS, VIEWS, Spot, read_spots, write_spots
from kneeclinic.vocabulary import Refused, Side


def test_every_region_has_a_shape_and_a_name() -> None:
    assert set(SHAPES) == set(REGIONS)


def test_what_was_marked_reads_back() -> None:
    spots = (Spot(Side.LEFT, "back.calf", "ache", 7), *(Spot(Side.RIGHT, "front.tendon", kind, 10) for kind in list(KINDS)[:1]))
    assert read_spots(write_spots(spots)) == spots


@pytest.mark.parametrize("text", ["R.front.elbow ache 3", "R.front.patella ache 11", "R.front.patella sweet 3", "<b>"])
def test_what_is_no_region_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_spots(text)


def test_every_region_of_both_legs_is_clickable_and_lies_on_the_drawing() -> None:
    found = areas()
    assert len({one.place for one in found}) == 2 * len(REGIONS)
    assert all(one.left >= 0 and one.left + one.width <= 100 and one.top >= 0 and one.top + one.height <= 100 for one in found)
    assert {one.place.split(".")[1] for one in found} == {"front", "back", "outer", "inner"}


def test_no_region_leaves_its_leg_and_every_point_of_a_leg_belongs_to_one() -> None:
    for view in VIEWS:
        whole = Path(outline(view))
        shapes = [Path(shape) for name, shape in SHAPES.items() if name.startswith(f"{view}.")]
        for x in range(2, 99, 3):
            for y in range(4, 222, 5):
                inside = whole.contains(x, y)
                assert inside or not any(one.contains(x, y) and not near(view, x, y) for one in shapes), (view, x, y)
                assert not inside or near(view, x, y) or any(one.contains(x, y) for one in shapes), (view, x, y)


def test_each_region_is_large_enough_for_a_finger_or_a_mouse_on_the_smallest_screen() -> None:
    """The column of the chart is 540 pixels wide at 1024x768."""
    wide, high = size()
    for one in areas():
        assert one.width / 100 * 540 >= 15 and one.height / 100 * 540 * high / wide >= 24, one.place


def test_the_left_leg_mirrors_the_right_one_in_every_view() -> None:
    by = {(leg.view, leg.side): leg for leg in legs()}
    for view in VIEWS:
        assert by[view, "L"].mirrored is not by[view, "R"].mirrored
    assert [leg.side for leg in legs() if leg.view == "front"] == ["R", "L"] and [leg.side for leg in legs() if leg.view == "back"] == ["L", "R"]


class Path:
    """A closed shape that knows what lies in it."""

    def __init__(self, shape: tuple[tuple[float, float], ...]) -> None:
        self.shape = shape

    def contains(self, x: float, y: float) -> bool:
        found = False
        for (x0, y0), (x1, y1) in pairwise((*self.shape, self.shape[0])):
            if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
                found = not found
        return found


def near(view: str, x: float, y: float) -> bool:
    """Within two units of the outline, where rounding decides."""
    return min(abs(x - edge_at(view, 0, y)), abs(x - edge_at(view, 1, y))) < 2


def test_a_mark_is_read_without_colour() -> None:
    assert ">S6<" in body_chart_svg([Spot(Side.RIGHT, "front.patella", "sharp", 6)])


def places_of(steps: str) -> list[tuple[float, float]]:
    """The places that a line of steps goes through, as a browser reads it."""
    numbers = [float(one) for one in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", steps)]
    x = y = 0.0
    found = []
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        found.append((x, y))
    return found


def test_every_region_is_drawn_where_it_is_clicked() -> None:
    drawn = [places_of(steps) for steps in re.findall(r'd="m([^"z]+)z"', body_chart_svg([]))]
    for leg in legs():
        for name in (one for one in SHAPES if one.startswith(f"{leg.view}.")):
            shape = leg.at(SHAPES[name])
            assert any(len(shape) == len(found) and all(abs(px - x) < 0.06 and abs(py - y) < 0.06
                       for (px, py), (x, y) in zip(shape, found, strict=True)) for found in drawn), (leg, name)


def test_no_mark_of_one_patient_stands_on_the_chart_of_the_next() -> None:
    blank = body_chart_svg([])
    marked = body_chart_svg([Spot(Side.RIGHT, "front.patella", "sharp", 6), Spot(Side.LEFT, "back.calf", "ache", 9)])
    assert marked != blank and body_chart_svg([]) == blank and ">A9<" not in blank


def test_the_chart_is_light_enough_to_travel_with_every_mark() -> None:
    assert len(body_chart_svg([])) < 60_000
