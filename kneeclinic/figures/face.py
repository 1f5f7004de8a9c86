"""The head of a drawn body: hair, ears, and a face that shows where the person looks."""

from functools import cache
from itertools import pairwise
from math import atan2, cos, pi, radians, sin

from kneeclinic.figures.body import Body
from kneeclinic.figures.camera import Camera, Point, outline
from kneeclinic.figures.ink import FILLS, HAIR, INK, OUTLINE_CM, Shape
from kneeclinic.figures.pieces import Mass
from kneeclinic.figures.projection import line_in_sight, seen
from kneeclinic.figures.vectors import Vector, circle_in_space, dot, transpose, turn, unit

_SKULL: Vector = (-0.002, 0.0, 0.095)
_HAIR_RADIUS = 0.0925
# Degrees above the middle of the skull at which the hair ends, by degrees round from the front.
_HAIR_LINE = ((0, 44), (25, 43), (48, 36), (66, 24), (76, 2), (84, -16), (96, -16), (104, 4), (116, -4), (135, -26), (160, -36), (180, -38))
_ROLE = "body:head"


@cache
def _hair_ends(steps: int = 72) -> tuple[Vector, ...]:
    """Directions from the middle of the skull to the hair line, once round."""
    return tuple(_direction(_height(angle), angle) for angle in (360 * i / steps - 180 for i in range(steps)))


def _direction(height_deg: float, round_deg: float) -> Vector:
    h, a = radians(height_deg), radians(round_deg)
    return (cos(h) * cos(a), cos(h) * sin(a), sin(h))


def _height(round_deg: float) -> float:
    angle = abs(round_deg)
    for (a, low), (b, high) in pairwise(_HAIR_LINE):
        if angle <= b:
            return low + (high - low) * (angle - a) / (b - a)
    return float(_HAIR_LINE[-1][1])


def face(body: Body, camera: Camera) -> list[Shape]:
    """Everything on the bare head."""
    shapes = _features(body, camera)
    hair = _hair(body, camera)
    if len(hair) > 3:
        shapes.append(Shape(_ROLE, hair, HAIR, INK, OUTLINE_CM * 0.8))
    axes = body.axes("head")
    for out in (-1.0, 1.0):
        if dot(turn(axes, (-0.2, out, 0.0)), camera.towards_eye) > 0.2:
            ear = (Mass("head", (-0.008, 0.083 * out, 0.068), 0.018), Mass("head", (-0.002, 0.08 * out, 0.046), 0.011))
            shapes.append(Shape(_ROLE, outline(seen(body, camera, ear)), FILLS["skin"], INK, OUTLINE_CM * 0.7))
    return shapes


def _features(body: Body, camera: Camera) -> list[Shape]:
    axes = body.axes("head")
    shapes: list[Shape] = []
    for out in (-1.0, 1.0):
        if dot(turn(axes, unit((0.8, 0.55 * out, 0.05))), camera.towards_eye) > 0.28:
            eye = seen(body, camera, (Mass("head", (0.084, 0.037 * out, 0.079), 0.0078), Mass("head", (0.084, 0.037 * out, 0.072), 0.0078)))
            shapes.append(Shape(_ROLE, outline(eye), INK))
            brow = ((0.091, 0.021 * out, 0.104), (0.084, 0.038 * out, 0.109), (0.073, 0.052 * out, 0.104))
            shapes += _line(body, camera, brow, (0.7, 0.5 * out, 0.2), 1.1)
    frontal = dot(turn(axes, (1.0, 0.0, 0.0)), camera.towards_eye) - max(dot(turn(axes, (0.0, 0.0, 1.0)), camera.towards_eye), 0.0)
    for out in (-1.0, 1.0):
        if frontal > 0.45 and dot(turn(axes, (0.0, out, 0.0)), camera.towards_eye) >= 0:
            nose = ((0.108, 0.004 * out, 0.07), (0.117, 0.013 * out, 0.046), (0.113, 0.0, 0.04))
            shapes += _line(body, camera, nose, (1.0, 0.0, 0.0), 0.8)
            break
    mouth = tuple((0.0955 - 9 * y * y, y, 0.010 + 9 * y * y) for y in (-0.022, -0.015, -0.007, 0.0, 0.007, 0.015, 0.022))
    shapes += line_in_sight(_ROLE, body, camera, "head", mouth, lambda p: (0.7, p[1] * 22, 0.0), OUTLINE_CM * 0.9)
    return shapes


def _line(body: Body, camera: Camera, places: tuple[Vector, ...], facing: Vector, weight: float) -> list[Shape]:
    return line_in_sight(_ROLE, body, camera, "head", places, lambda _: facing, OUTLINE_CM * weight)


def _hair(body: Body, camera: Camera) -> tuple[Point, ...]:
    """The part of the hair that the camera sees: what of the hair line faces it, and what of the rim of the skull is hair."""
    axes, eye = body.axes("head"), camera.towards_eye
    centre = camera.on_paper(body.on_part("head", _SKULL))
    back = transpose(axes)
    ends = [turn(axes, end) for end in _hair_ends()]
    line = _longest_run(ends, [dot(d, eye) >= 0 for d in ends])
    rim = circle_in_space((0.0, 0.0, 0.0), eye, 1.0, 48)
    arc = _longest_run(rim, [_is_hair(turn(back, d)) for d in rim])
    if line and arc and dot(arc[0], line[-1]) < dot(arc[-1], line[-1]):
        arc.reverse()
    size = _HAIR_RADIUS * 100
    return tuple((centre[0] + dot(d, camera.right) * size, centre[1] + dot(d, camera.up) * size) for d in (*line, *arc))


def _longest_run(ring: list[Vector], wanted: list[bool]) -> list[Vector]:
    """The longest stretch of a ring that is wanted; all of it if it is wanted all round."""
    if all(wanted):
        return list(ring)
    begin = wanted.index(False)
    best: list[Vector] = []
    run: list[Vector] = []
    for i in range(1, len(ring) + 1):
        at = (begin + i) % len(ring)
        if wanted[at]:
            run.append(ring[at])
        else:
            best, run = (run if len(run) > len(best) else best), []
    return best


def _is_hair(direction: Vector) -> bool:
    x, y, z = direction
    return z > sin(radians(_height(atan2(y, x) * 180 / pi)))
