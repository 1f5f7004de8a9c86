"""Where it hurts: regions of knee and thigh as codes, each with the kind of pain and how strong it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kneeclinic.vocabulary import Refused, Side

NOTE_PART = "body_chart"
"""The part of a visit's note in which the codes are stored."""
KINDS = {"ache": "dull ache", "sharp": "sharp", "burning": "burning", "pressure": "pressure", "tingling": "tingling", "numb": "numb"}
VIEWS = {"front": "Front", "back": "Back", "outer": "Outer side", "inner": "Inner side"}
REGIONS = {
    "front.thigh": "front of the thigh", "front.above_patella": "above the kneecap", "front.patella_outer": "outer edge of the kneecap",
    "front.patella": "behind the kneecap", "front.patella_inner": "inner edge of the kneecap", "front.tendon": "below the kneecap",
    "front.joint_outer": "outer joint line, front", "front.joint_inner": "inner joint line, front", "front.shin": "upper shin",
    "outer.thigh": "outer thigh", "outer.band": "outer side of the knee", "outer.fibula": "head of the fibula", "outer.shin": "outer lower leg",
    "inner.thigh": "inner thigh", "inner.knee": "inner side of the knee", "inner.below": "inner side, below the joint line",
    "inner.shin": "inner lower leg",
    "back.thigh": "back of the thigh", "back.outer": "back of the knee, outer", "back.inner": "back of the knee, inner", "back.calf": "calf",
}
_SPOT = re.compile(r"([LR])\.([a-z]+\.[a-z_]+) ([a-z]+) (\d{1,2})")


@dataclass(frozen=True)
class Spot:
    """One painful region of one leg; `strength` 0 to 10."""

    side: Side
    region: str
    kind: str
    strength: int

    @property
    def place(self) -> str:
        return f"{'L' if self.side is Side.LEFT else 'R'}.{self.region}"

    def __str__(self) -> str:
        return f"{self.place} {self.kind} {self.strength}"

    @property
    def words(self) -> str:
        return f"{self.side.value}, {REGIONS[self.region]}: {KINDS[self.kind]} {self.strength}/10"


def read_spots(text: str) -> tuple[Spot, ...]:
    """The painful regions of a stored chart. Raises Refused naming the code that is none."""
    found = {}
    for part in (one.strip() for one in text.split(";")):
        if not part:
            continue
        match = _SPOT.fullmatch(part)
        if match is None or match[2] not in REGIONS or match[3] not in KINDS or int(match[4]) > 10:
            raise Refused(f"body_chart: “{part[:60]}” is no region with a kind of pain and a strength from 0 to 10.")
        spot = Spot(Side.LEFT if match[1] == "L" else Side.RIGHT, match[2], match[3], int(match[4]))
        found[spot.place] = spot
    return tuple(found.values())


def write_spots(spots: Iterable[Spot]) -> str:
    return "; ".join(str(one) for one in spots)
