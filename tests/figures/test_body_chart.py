"""The body chart: codes that read back, regions that lie within their leg and mirror on the other."""

from __future__ import annotations

import pytest

from kneeclinic.figures.body_chart import HEIGHT, SHAPES, areas, body_chart_svg
from kneeclinic.knowledge.body_chart import KINDS, REGIONS, Spot, read_spots, write_spots
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
    assert HEIGHT > 200


def test_a_mark_is_read_without_colour() -> None:
    assert ">S6<" in body_chart_svg([Spot(Side.RIGHT, "front.patella", "sharp", 6)])
