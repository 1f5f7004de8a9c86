"""From parts of a body to lines on paper: balls, hems and lines drawn on the skin, as the camera sees them."""

from collections.abc import Callable
from functools import cache
from math import cos, pi, sin

from kneeclinic.figures.body import Body
from kneeclinic.figures.camera import Camera, Disc, Point, contour
from kneeclinic.figures.ink import INK, Shape
from kneeclinic.figures.pieces import Mass, Piece, Rim
from kneeclinic.figures.vectors import Vector, dot, turn

_RIM_STEPS = 24
_DIRECTIONS = ((1.6, 12), (3.2, 18), (1e3, 28))  # how many directions for balls up to so many centimetres


def seen(body: Body, camera: Camera, masses: tuple[Mass, ...]) -> list[Disc]:
    """The balls of a body as the camera sees them."""
    frames, (rx, ry, rz), (ux, uy, uz), (ex, ey, ez) = body.frames, camera.right, camera.up, camera.towards_eye
    discs = []
    for mass in masses:
        (ox, oy, oz), axes = frames[mass.part]
        x, y, z = turn(axes, mass.centre)
        x, y, z = x + ox, y + oy, z + oz
        discs.append(Disc((rx * x + ry * y + rz * z) * 100, (ux * x + uy * y + uz * z) * 100, (ex * x + ey * y + ez * z) * 100, mass.radius * 100))
    return discs


def rim_on_paper(body: Body, camera: Camera, rim: Rim) -> list[Point]:
    """The whole ring of a hem or sole, once round."""
    x, y, ax, ay, bx, by = _rim_axes(body, camera, rim)
    return [(x + ax * c + bx * s, y + ay * c + by * s) for c, s in _round()]


@cache
def _round() -> tuple[Point, ...]:
    return tuple((cos(2 * pi * i / _RIM_STEPS), sin(2 * pi * i / _RIM_STEPS)) for i in range(_RIM_STEPS))


def outline_of(body: Body, camera: Camera, piece: Piece) -> tuple[Point, ...]:
    """The line round one piece."""
    if piece.contour:
        return contour(seen(body, camera, piece.contour))
    discs = seen(body, camera, piece.masses)
    return round_all(discs, [_rim_axes(body, camera, rim) for rim in piece.rims])


def _rim_axes(body: Body, camera: Camera, rim: Rim) -> tuple[float, float, float, float, float, float]:
    """Middle, forward half and sideways half of a ring on paper."""
    axes = body.axes(rim.part)
    x, y = camera.on_paper(body.on_part(rim.part, rim.centre))
    ahead, aside = turn(axes, (rim.deep * 100, 0.0, 0.0)), turn(axes, (0.0, rim.wide * 100, 0.0))
    return x, y, dot(ahead, camera.right), dot(ahead, camera.up), dot(aside, camera.right), dot(aside, camera.up)


def round_all(discs: list[Disc], rims: list[tuple[float, float, float, float, float, float]]) -> tuple[Point, ...]:
    """The skin stretched over balls and rings, anticlockwise: in each of many directions the point that lies furthest out."""
    balls = [(disc.x, disc.y, disc.radius) for disc in discs]
    skin: list[Point] = []
    largest = max([r for _, _, r in balls] + [_DIRECTIONS[-1][0] for _ in rims])
    for c, s in _directions(next(count for below, count in _DIRECTIONS if largest <= below)):
        reach = -1e9
        px = py = 0.0
        for x, y, r in balls:
            out = x * c + y * s + r
            if out > reach:
                reach, px, py = out, x + r * c, y + r * s
        for x, y, ax, ay, bx, by in rims:
            along, across = ax * c + ay * s, bx * c + by * s
            size = (along * along + across * across) ** 0.5 or 1e-9
            out = x * c + y * s + size
            if out > reach:
                along, across = along / size, across / size
                reach, px, py = out, x + ax * along + bx * across, y + ay * along + by * across
        skin.append((px, py))
    return tuple(skin)


@cache
def _directions(count: int) -> tuple[Point, ...]:
    return tuple((cos(2 * pi * i / count), sin(2 * pi * i / count)) for i in range(count))


def line_in_sight(
    role: str, body: Body, camera: Camera, part: str, places: tuple[Vector, ...], facing: Callable[[Vector], Vector], width: float, ink: str = INK
) -> list[Shape]:
    """A line drawn on the skin; of its points only those that face the camera."""
    axes = body.axes(part)
    shown = [camera.on_paper(body.on_part(part, place)) for place in places if dot(turn(axes, facing(place)), camera.towards_eye) > 0]
    return [Shape(role, tuple(shown), None, ink, width, closed=False)] if len(shown) > 1 else []
