"""The eye that looks at a scene: from the body in space to points on paper, without perspective."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import atan2, cos, hypot, pi, radians, sin

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


def contour(discs: list[Disc]) -> tuple[Point, ...]:
    """The line round a row of balls such as a limb: along one side, round the end, back along the other, anticlockwise.

    Seen almost from its end a limb hides balls behind others; what is hidden has no part in the line.
    """
    row = _in_sight(discs)
    if len(row) < 2:
        return outline(discs)
    normals = [_tangents(a, b) for a, b in pairwise(row)]
    right = _edge(row, [pair[0] for pair in normals])
    left = _edge(row, [pair[1] for pair in normals])
    return (*right, *_cap(row[-1], *normals[-1]), *reversed(left), *_cap(row[0], normals[0][1], normals[0][0]))


def _in_sight(discs: list[Disc]) -> list[Disc]:
    """The balls that no larger one of the row covers whole."""
    row: list[Disc] = []
    for disc in discs:
        while row and hypot(disc.x - row[-1].x, disc.y - row[-1].y) <= disc.radius - row[-1].radius + 0.05:
            row.pop()
        if not row or hypot(disc.x - row[-1].x, disc.y - row[-1].y) > row[-1].radius - disc.radius + 0.05:
            row.append(disc)
    return row


def _tangents(a: Disc, b: Disc) -> tuple[Point, Point]:
    """Directions from both middles to where a line touches both balls, on the right and on the left of the way from a to b."""
    dx, dy = b.x - a.x, b.y - a.y
    apart = hypot(dx, dy)
    dx, dy = dx / apart, dy / apart
    lean = (a.radius - b.radius) / apart
    out = max(1 - lean * lean, 0.0) ** 0.5
    return (dx * lean + dy * out, dy * lean - dx * out), (dx * lean - dy * out, dy * lean + dx * out)


def _edge(row: list[Disc], normals: list[Point]) -> list[Point]:
    edge = []
    for i, disc in enumerate(row):
        (ax, ay), (bx, by) = normals[max(i - 1, 0)], normals[min(i, len(normals) - 1)]
        size = hypot(ax + bx, ay + by) or 1.0
        edge.append((disc.x + disc.radius * (ax + bx) / size, disc.y + disc.radius * (ay + by) / size))
    return edge


def _cap(disc: Disc, first: Point, last: Point) -> list[Point]:
    """Points round the end of a row, anticlockwise from one side to the other."""
    start, end = atan2(first[1], first[0]), atan2(last[1], last[0])
    sweep = (end - start) % (2 * pi)
    steps = max(int(sweep / 0.35), 2)
    return [(disc.x + disc.radius * cos(start + sweep * i / steps), disc.y + disc.radius * sin(start + sweep * i / steps)) for i in range(1, steps)]


def hull(points: list[Point]) -> tuple[Point, ...]:
    """The convex hull, anticlockwise (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return tuple(ordered)
    halves: list[Point] = []
    for run in (ordered, ordered[::-1]):
        half: list[Point] = []
        count = 0
        for p in run:
            x, y = p
            while count > 1:
                ax, ay = half[-2]
                bx, by = half[-1]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 1e-9:
                    break
                half.pop()
                count -= 1
            half.append(p)
            count += 1
        halves += half[:-1]
    return tuple(halves)
