"""A small person who stands beside a close-up of a knee or foot, with a ring where it is, so that side and direction are plain."""

from dataclasses import replace
from functools import cache
from math import hypot

from kneeclinic.figures.body import Body
from kneeclinic.figures.camera import Camera, Point
from kneeclinic.figures.ink import ACCENT, PAPER, Shape
from kneeclinic.figures.marks import circle
from kneeclinic.figures.painter import solid
from kneeclinic.figures.posture import settled
from kneeclinic.knowledge.poses import Arm, BodyPose, Leg, Plant

_FRONT = Camera(90, 2)
_RING_CM = 11.0
_BOLDER = 1.35  # lines of a small person would be too thin


@cache
def _standing() -> Body:
    leg = Leg(knee=2, plant=Plant(at=(0.1, 0.11, 0.0), heading=10))
    arm = Arm(shoulder=(2, 14, 0), elbow=8)
    return settled(BodyPose(support="both feet", right_leg=leg, left_leg=leg, right_arm=arm, left_arm=arm), "standing", None)


def locator(point: str, beside: Point, height: float, target: Point) -> list[Shape]:
    """The person seen from the front, so tall, the middle of the feet at `beside`; the ring round the point is tied to `target`."""
    body = _standing()
    size = height / (body.point("head")[2] * 100 + 12)
    middle = _FRONT.on_paper((0.0, 0.0, 0.0))

    def place(x: float, y: float) -> Point:
        return beside[0] + (x - middle[0]) * size, beside[1] + (y - middle[1]) * size

    drawn = [
        replace(shape, role="locator", points=tuple(place(x, y) for x, y in shape.points), width=shape.width * size * _BOLDER)
        for shape in solid(body, _FRONT, None)
    ]
    rx, ry = place(*_FRONT.on_paper(body.point(point)))
    ring = _RING_CM * size
    apart = hypot(target[0] - rx, target[1] - ry) or 1.0
    rim = (rx + (target[0] - rx) / apart * ring, ry + (target[1] - ry) / apart * ring)
    tie = Shape("locator", (rim, target), None, ACCENT, 0.55, closed=False)
    edge = circle(rx, ry, ring, 32)
    rings = [Shape("locator", edge, None, ink, width) for ink, width in ((PAPER, 1.9), (ACCENT, 0.9))]
    return [*drawn, replace(tie, stroke=PAPER, width=1.6), tie, *rings]
