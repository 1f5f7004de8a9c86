"""Where a stretch or an effort is felt: a hatched place on the treated side."""

from math import hypot

from kneeclinic.figures.body import Body
from kneeclinic.figures.camera import Camera, Point
from kneeclinic.figures.curves import smooth
from kneeclinic.figures.ink import ACCENT, OUTLINE_CM, Shape
from kneeclinic.figures.vectors import Vector

_TINT = "#f0b49c"
_WIDTHS = (0.35, 0.8, 1.0, 0.8, 0.35)

# Part, upper and lower end on that part, half the width in metres.
MUSCLES: dict[str, tuple[str, Vector, Vector, float]] = {
    "hamstrings": ("thigh_right", (-0.052, -0.02, -0.12), (-0.036, -0.02, -0.37), 0.022),
    "quadriceps": ("thigh_right", (0.056, -0.02, -0.1), (0.04, -0.02, -0.36), 0.024),
    "calf": ("shank_right", (-0.036, -0.02, -0.03), (-0.03, -0.02, -0.23), 0.024),
    "soleus": ("shank_right", (-0.034, -0.02, -0.16), (-0.014, -0.01, -0.36), 0.016),
    "hip flexors": ("thigh_right", (0.05, -0.02, 0.04), (0.056, -0.02, -0.2), 0.022),
    "outer hip": ("thigh_right", (0.0, -0.06, 0.05), (0.0, -0.052, -0.23), 0.022),
    "buttock": ("pelvis", (-0.05, -0.1, 0.035), (-0.028, -0.1, -0.05), 0.027),
}


def felt(body: Body, camera: Camera, muscle: str, hanging: set[str]) -> tuple[str, list[Shape]]:
    """The member after which it is painted, and the hatched place."""
    part, upper, lower, half = MUSCLES[muscle]
    (ax, ay), (bx, by) = (camera.on_paper(body.on_part(part, place)) for place in (upper, lower))
    long = hypot(bx - ax, by - ay) or 1.0
    nx, ny = -(by - ay) / long, (bx - ax) / long
    rows = [(ax + (bx - ax) * i / 4, ay + (by - ay) * i / 4, half * 100 * wide) for i, wide in enumerate(_WIDTHS)]
    edge: list[Point] = [(x + nx * w, y + ny * w) for x, y, w in rows] + [(x - nx * w, y - ny * w) for x, y, w in reversed(rows)]
    shapes = [Shape("felt", smooth(edge), _TINT, ACCENT, OUTLINE_CM * 0.8)]
    for i in range(1, 8):
        share = i / 8
        w = half * 100 * (0.35 + 0.65 * (1 - abs(2 * share - 1))) * 0.8
        x, y = ax + (bx - ax) * share, ay + (by - ay) * share
        slant = long * 0.035
        dx, dy = (bx - ax) / long * slant, (by - ay) / long * slant
        shapes.append(
            Shape("felt", ((x + nx * w - dx, y + ny * w - dy), (x - nx * w + dx, y - ny * w + dy)), None, ACCENT, OUTLINE_CM * 0.9, closed=False)
        )
    over = "trunk" if muscle in _AT_THE_HIP and "thigh_right" in hanging else "thigh_right" if part == "pelvis" else part
    return over, shapes


_AT_THE_HIP = ("hip flexors", "outer hip", "buttock")
