"""Limbs of two bones: how hip and knee, or shoulder and elbow, must turn so that the far end is where it has to be."""

from math import acos, cos, sin

from kneeclinic.figures.body import FOREARM, PALM, SHANK, THIGH, UPPER_ARM, Body
from kneeclinic.figures.vectors import (
    Rotation,
    Vector,
    add,
    cross,
    dot,
    from_columns,
    length,
    scale,
    square_to,
    subtract,
    unit,
)  # fmt: skip


def middle_joint(root: Vector, target: Vector, first: float, second: float, pole: Vector) -> tuple[Vector, Vector]:
    """Where the knee or elbow is, bent towards `pole`, and the end that can be reached (the target, if it is near enough)."""
    way = subtract(target, root)
    span = length(way)
    direction = unit(way)
    reach = min(max(span, abs(first - second) + 1e-4), (first + second) * 0.99999)
    along = (first * first + reach * reach - second * second) / (2 * first * reach)
    angle = acos(max(-1.0, min(1.0, along)))
    side = unit(square_to(pole, direction))
    middle = add(root, add(scale(direction, first * cos(angle)), scale(side, first * sin(angle))))
    return middle, add(root, scale(direction, reach))


def bone_axes(top: Vector, bottom: Vector, front: Vector) -> Rotation:
    """Axes of a bone that runs down from top to bottom with its front side towards `front`."""
    up = unit(subtract(top, bottom))
    ahead = unit(square_to(front, up))
    return from_columns(ahead, cross(up, ahead), up)


def with_leg_to(body: Body, side: str, ankle: Vector, pole: Vector) -> Body:
    """The body with one ankle brought to a place, the knee pointing towards `pole`."""
    hip = body.point(f"hip_{side}")
    knee, end = middle_joint(hip, ankle, THIGH, SHANK, pole)
    thigh_front = _front_of_bend(hip, knee, end, pole, bends_forward=False)
    body = body.with_turn(f"thigh_{side}", bone_axes(hip, knee, thigh_front))
    return body.with_turn(f"shank_{side}", bone_axes(knee, end, thigh_front))


def with_arm_to(body: Body, side: str, target: Vector, pole: Vector, *, palm: bool = True) -> Body:
    """The body with one palm (or wrist) brought to a place, the elbow pointing towards `pole`, the hand in line with the forearm."""
    shoulder = body.point(f"shoulder_{side}")
    far = FOREARM + PALM if palm else FOREARM
    elbow, end = middle_joint(shoulder, target, UPPER_ARM, far, pole)
    front = _front_of_bend(shoulder, elbow, end, scale(pole, -1), bends_forward=True)
    body = body.with_turn(f"upper_arm_{side}", bone_axes(shoulder, elbow, front))
    return body.with_turn(f"forearm_{side}", bone_axes(elbow, end, front))


def _front_of_bend(root: Vector, middle: Vector, end: Vector, front: Vector, *, bends_forward: bool) -> Vector:
    """The front of both bones of a hinge: square to the hinge, on the side the joint bends towards or away from."""
    first, second = unit(subtract(middle, root)), unit(subtract(end, middle))
    hinge = cross(first, second)
    if length(hinge) < 1e-3:
        return front
    hinge = scale(unit(hinge), -1.0 if bends_forward else 1.0)
    return cross(hinge, unit(subtract(root, end))) if dot(first, second) > -0.999 else front
