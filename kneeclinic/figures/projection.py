"""From parts of a body to lines on paper: balls, hems and lines drawn on the skin, as the camera sees them."""

from collections.abc import Callable
from functools import cache
from math import cos, pi, sin

from kneeclinic.figures.body import Body
from kneeclinic.figures.camera import Camera, Disc, Point, contour, hull
from kneeclinic.figures.flesh import Mass, Piece, Rim
from kneeclinic.figures.ink import INK, Shape
from kneeclinic.figures.vectors import Vector, dot, turn

_RIM_STEPS = 24


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
    axes = body.axes(rim.part)
    x, y = camera.on_paper(body.on_part(rim.part, rim.centre))
    ahead, aside = turn(axes, (rim.deep * 100, 0.0, 0.0)), turn(axes, (0.0, rim.wide * 100, 0.0))
    ax, ay = dot(ahead, camera.right), dot(ahead, camera.up)
    bx, by = dot(aside, camera.right), dot(aside, camera.up)
    return [(x + ax * c + bx * s, y + ay * c + by * s) for c, s in _round()]


@cache
def _round() -> tuple[Point, ...]:
    return tuple((cos(2 * pi * i / _RIM_STEPS), sin(2 * pi * i / _RIM_STEPS)) for i in range(_RIM_STEPS))


def outline_of(body: Body, camera: Camera, piece: Piece) -> tuple[Point, ...]:
    """The line round one piece."""
    if piece.contour:
        return contour(seen(body, camera, piece.contour))
    points = [point for disc in seen(body, camera, piece.masses) for point in disc.rim()]
    for rim in piece.rims:
        points += rim_on_paper(body, camera, rim)
    return hull(points)


def line_in_sight(
    role: str, body: Body, camera: Camera, part: str, places: tuple[Vector, ...], facing: Callable[[Vector], Vector], width: float, ink: str = INK
) -> list[Shape]:
    """A line drawn on the skin; of its points only those that face the camera."""
    axes = body.axes(part)
    shown = [camera.on_paper(body.on_part(part, place)) for place in places if dot(turn(axes, facing(place)), camera.towards_eye) > 0]
    return [Shape(role, tuple(shown), None, ink, width, closed=False)] if len(shown) > 1 else []
