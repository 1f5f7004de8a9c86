"""The eye that looks at a scene: from the body in space to points on paper, without perspective."""

from dataclasses import dataclass
from functools import cached_property
from math import cos, pi, radians, sin

from kneeclinic.figures.vectors import Vector, dot

Point = tuple[float, float]

_CIRCLE = tuple((cos(2 * pi * i / 24), sin(2 * pi * i / 24)) for i in range(24))


@dataclass(frozen=True)
class Camera:
    """Looks from `azimuth` (0 = from the right side, 90 = from the front) and `elevation` degrees above the floor.

    Paper coordinates are centimetres, x to the right, y up; `depth` grows towards the eye.
    """

    azimuth_deg: float
    elevation_deg: float

    @cached_property
    def right(self) -> Vector:
        a = radians(self.azimuth_deg)
        return (cos(a), sin(a), 0.0)

    @cached_property
    def up(self) -> Vector:
        a, e = radians(self.azimuth_deg), radians(self.elevation_deg)
        return (-sin(a) * sin(e), cos(a) * sin(e), cos(e))

    @cached_property
    def towards_eye(self) -> Vector:
        a, e = radians(self.azimuth_deg), radians(self.elevation_deg)
        return (sin(a) * cos(e), -cos(a) * cos(e), sin(e))

    def on_paper(self, place: Vector) -> Point:
        return (dot(self.right, place) * 100, dot(self.up, place) * 100)

    def depth(self, place: Vector) -> float:
        return dot(self.towards_eye, place)


@dataclass(frozen=True)
class Disc:
    """A ball as the camera sees it."""

    x: float
    y: float
    depth: float
    radius: float

    def rim(self) -> list[Point]:
        r = self.radius
        return [(self.x + r * c, self.y + r * s) for c, s in _CIRCLE]


def outline(discs: list[Disc]) -> tuple[Point, ...]:
    """The line round a skin stretched over the balls: the hull of their rims, anticlockwise."""
    return hull([point for disc in discs for point in disc.rim()])


def hull(points: list[Point]) -> tuple[Point, ...]:
    """The convex hull, anticlockwise (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return tuple(ordered)
    halves = []
    for run in (ordered, ordered[::-1]):
        half: list[Point] = []
        for p in run:
            while len(half) > 1:
                (ax, ay), (bx, by) = half[-2], half[-1]
                if (bx - ax) * (p[1] - ay) - (by - ay) * (p[0] - ax) > 1e-9:
                    break
                half.pop()
            half.append(p)
        halves.append(half[:-1])
    return tuple(halves[0] + halves[1])
