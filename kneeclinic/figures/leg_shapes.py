"""The leg from mid-thigh to the calf, seen from four sides: its outline, its regions and the lines that tell a clinician where they are.

Drawn for a right leg; left legs are mirrored. From the front and the back its outer side is at the left; from the outer side the front
is at the right, from the inner side at the left. One leg is 100 wide and 224 high.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

Point = tuple[float, float]
Shape = tuple[Point, ...]
WIDTH, HEIGHT = 100.0, 224.0
STEP = 4.0

EDGES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "front": ((2, 14, 87), (26, 15.5, 86), (50, 19, 83), (66, 22, 81), (76, 24.5, 79.5), (86, 26.5, 75.5), (98, 27, 73.5), (109, 28, 72.5),
              (118, 27, 72), (128, 24.5, 71), (138, 23.5, 72.5), (152, 22, 77), (168, 23, 77.5), (186, 27, 73), (204, 32, 67.5), (222, 35.5, 64)),
    "back": ((2, 13, 86), (26, 14.5, 84.5), (50, 18, 81), (70, 22, 78), (86, 25.5, 75.5), (98, 27, 74), (110, 26.5, 73.5), (122, 24, 75),
             (136, 21, 78), (152, 19.5, 80), (168, 21, 78.5), (186, 26, 72.5), (204, 31.5, 67), (222, 35, 64)),
    "outer": ((2, 17, 85), (26, 19.5, 83.5), (50, 24, 79), (66, 28, 74.5), (76, 31, 72), (82, 32.5, 73), (92, 34.5, 76.5), (102, 35, 76),
              (110, 34, 72.5), (120, 31.5, 69), (128, 28.5, 68.5), (136, 24.5, 66.5), (150, 21, 65), (164, 22, 64), (180, 27.5, 62.5),
              (198, 35, 61), (222, 41, 59.5)),
}
EDGES["inner"] = tuple((y, 100 - right, 100 - left) for y, left, right in EDGES["outer"])
"""Height, left edge, right edge: the outline runs smoothly through them."""


def smooth(points: Sequence[Point], pieces: int = 5) -> Shape:
    """A smooth line through the points, as many short straight ones."""
    found: list[Point] = []
    for at in range(len(points) - 1):
        before, here, there, after = (points[max(0, min(len(points) - 1, at + shift))] for shift in (-1, 0, 1, 2))
        for piece in range(pieces):
            t = piece / pieces
            found.append(tuple(  # type: ignore[arg-type]
                0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)
                for a, b, c, d in zip(before, here, there, after, strict=True)))
    return (*found, points[-1])


def closed(points: Sequence[Point], pieces: int = 5) -> Shape:
    """A smooth closed shape through the points."""
    whole = smooth((points[-1], *points, points[0], points[1]), pieces)
    return whole[pieces:-pieces - 1]


@lru_cache(maxsize=8)
def _edge(view: str, side: int) -> Shape:
    return smooth([(row[1 + side], row[0]) for row in EDGES[view]], 8)


def edge_at(view: str, side: int, y: float) -> float:
    """Where the outline lies at a height: side 0 is the left edge, 1 the right one."""
    line = _edge(view, side)
    for (x0, y0), (x1, y1) in pairwise(line):
        if y0 <= y <= y1 and y1 > y0:
            return x0 + (x1 - x0) * (y - y0) / (y1 - y0)
    return line[0][0] if y < line[0][1] else line[-1][0]


def edges(view: str) -> tuple[Shape, Shape]:
    """The two sides of the outline; above and below the leg goes on."""
    return _edge(view, 0), _edge(view, 1)


@lru_cache(maxsize=4)
def outline(view: str) -> Shape:
    """The whole leg, once round."""
    return (*_edge(view, 0), *reversed(_edge(view, 1)))


def band(view: str, top: float, bottom: float, left: float = 0, right: float = 1, *, bow_top: float = 0, bow_bottom: float = 0) -> Shape:
    """A slice across the leg between two heights, from `left` to `right` of its width; `bow` lowers the middle of the upper or lower line."""
    def across(y: float, bow: float, backwards: bool) -> list[Point]:
        shares = [left + (right - left) * one / 10 for one in range(11)]
        row = []
        for share in shares:
            height = y + bow * (1 - (2 * share - 1) ** 2)
            low, high = edge_at(view, 0, height), edge_at(view, 1, height)
            row.append((low + (high - low) * share, height))
        return row[::-1] if backwards else row

    upper, lower = across(top, bow_top, False), across(bottom, bow_bottom, True)

    def down(share: float, first: float, last: float) -> list[Point]:
        count = max(1, int(abs(last - first) / STEP))
        heights = [first + (last - first) * one / count for one in range(1, count)]
        return [(edge_at(view, 0, y) + (edge_at(view, 1, y) - edge_at(view, 0, y)) * share, y) for y in heights]

    return (*upper, *down(right, upper[-1][1], lower[0][1]), *lower, *down(left, lower[-1][1], upper[0][1]))


PATELLA = closed(((50, 81), (58.5, 83), (62.5, 91), (59.5, 100), (50, 108), (40.5, 100), (37.5, 91), (41.5, 83)))
REGIONS: dict[str, Shape] = {
    "front.thigh": band("front", 2, 58, bow_bottom=6),
    "front.above_patella": band("front", 58, 80, bow_top=6, bow_bottom=0),
    "front.patella_outer": band("front", 80, 109, 0, 0.45),
    "front.patella_inner": band("front", 80, 109, 0.55, 1),
    "front.joint_outer": band("front", 109, 128, 0, 0.5),
    "front.joint_inner": band("front", 109, 128, 0.5, 1),
    "front.shin": band("front", 128, 222),
    "front.patella": PATELLA,
    "front.tendon": closed(((44, 107.5), (50, 109.5), (56, 107.5), (54.5, 118), (56, 128), (50, 134), (44, 128), (45.5, 118))),
    "outer.thigh": band("outer", 2, 72),
    "outer.band": band("outer", 72, 118),
    "outer.shin": band("outer", 118, 222),
    "outer.fibula": closed(((42, 117), (50, 121), (51, 130), (46, 137), (39, 135), (35.5, 127))),
    "inner.thigh": band("inner", 2, 72),
    "inner.knee": band("inner", 72, 112),
    "inner.below": band("inner", 112, 144),
    "inner.shin": band("inner", 144, 222),
    "back.thigh": band("back", 2, 78),
    "back.outer": band("back", 78, 118, 0, 0.5),
    "back.inner": band("back", 78, 118, 0.5, 1),
    "back.calf": band("back", 118, 222),
}
"""Later ones lie on top of earlier ones."""

LANDMARKS: dict[str, tuple[Shape, ...]] = {
    "front": (
        smooth(((44, 4), (42, 30), (44, 56), (48, 76))), smooth(((62, 30), (68, 50), (70.5, 64), (67, 75), (60, 80))),
        smooth(((30, 36), (31, 56), (36, 72), (41, 80))), smooth(((29, 112), (38, 115.5), (44, 114))), smooth(((56, 114), (62, 115.5), (71, 112))),
        smooth(((52, 140), (51, 165), (49, 195), (48, 220))), smooth(((68, 136), (71, 152), (69, 172), (62, 192))),
        closed(((31, 117), (35, 119), (35, 126), (31.5, 129), (28, 125), (28, 119))),
    ),
    "outer": (
        smooth(((50, 4), (51, 40), (54, 80), (58, 116))), smooth(((58, 4), (59, 40), (60, 80), (62, 112))),
        closed(((70.5, 82.5), (74.5, 88), (75, 95), (72, 102.5), (68.5, 96), (68, 88))), smooth(((73.5, 104), (70, 116), (67.5, 126))),
        smooth(((40, 112), (52, 114), (66, 112))), smooth(((30, 70), (36, 96), (42, 118))),
        smooth(((46, 138), (47, 165), (50, 195), (51, 220))), smooth(((36, 140), (38, 160), (43, 182))),
    ),
    "inner": (
        smooth(((26, 40), (34, 58), (37, 70), (32, 79), (27, 80))), closed(((29.5, 82.5), (25.5, 88), (25, 95), (28, 102.5), (31.5, 96), (32, 88))),
        smooth(((26.5, 104), (30, 116), (32.5, 126))), smooth(((36, 112), (48, 114), (62, 112))),
        smooth(((66, 30), (64, 70), (60, 104), (50, 122), (40, 132))), smooth(((70, 60), (66, 92), (58, 114), (46, 128))),
        smooth(((41, 140), (42, 165), (44, 195), (45, 220))), smooth(((64, 132), (60, 156), (54, 182))),
    ),
    "back": (
        smooth(((50, 4), (50, 30), (48, 54), (40, 80), (33, 104))), smooth(((48, 54), (56, 70), (63, 90), (67, 106))),
        smooth(((30, 99), (40, 102.5), (50, 103), (60, 102.5), (70, 99))), smooth(((50, 118), (50, 140), (50.5, 166))),
        smooth(((24, 150), (32, 170), (42, 172), (50.5, 166), (60, 178), (70, 174), (76, 158))), smooth(((42, 184), (46, 202), (47, 220))),
        smooth(((60, 186), (54, 204), (53, 220))),
    ),
}
"""Muscle, tendon, kneecap and joint line: drawn thinly, not marked."""
