"""Where it hurts, as codes: what is written is read back, and a code that is none is refused."""

from __future__ import annotations

import pytest

from kneeclinic.knowledge.body_chart import KINDS, REGIONS, Spot, read_spots, write_spots
from kneeclinic.vocabulary import Refused, Side


def test_every_region_and_kind_is_read_back_as_written() -> None:
    spots = tuple(Spot(side, region, kind, 7) for side, kind in zip((Side.LEFT, Side.RIGHT), list(KINDS)[:2], strict=True) for region in REGIONS)
    assert read_spots(write_spots(spots)) == spots
    assert read_spots("") == read_spots(" ; ") == ()


def test_a_place_is_told_in_words_and_counted_once() -> None:
    first, = read_spots("L.front.patella ache 3; L.front.patella sharp 10")
    assert (first.place, str(first)) == ("L.front.patella", "L.front.patella sharp 10")
    assert first.words == "left, behind the kneecap: sharp 10/10"
    assert read_spots("R.back.calf numb 0")[0].words == "right, calf: numb 0/10"


@pytest.mark.parametrize("code", ["L.front.elbow ache 3", "M.front.patella ache 3", "L.front.patella sad 3", "L.front.patella ache 11", "<b>"])
def test_a_code_that_is_none_is_refused_in_one_sentence(code: str) -> None:
    with pytest.raises(Refused, match="is no region with a kind of pain") as refusal:
        read_spots(code)
    assert "\n" not in str(refusal.value)
