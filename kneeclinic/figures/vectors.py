"""Points, directions and rotations in space: the little geometry that a drawn body needs.

A vector is a tuple of three floats; a rotation is three row vectors. Plain tuples are faster here than arrays, because a body has few joints.
World axes: x to the front of a person who stands, y to the person's left, z up. Lengths are metres, angles at the edge are degrees.
"""

from math import acos, asin, atan2, cos, degrees, pi, radians, sin, sqrt

Vector = tuple[float, float, float]
Rotation = tuple[Vector, Vector, Vector]

ORIGIN: Vector = (0.0, 0.0, 0.0)
UP: Vector = (0.0, 0.0, 1.0)
UPRIGHT: Rotation = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def add(a: Vector, b: Vector) -> Vector:
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def subtract(a: Vector, b: Vector) -> Vector:
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def scale(a: Vector, factor: float) -> Vector:
    return (a[0] * factor, a[1] * factor, a[2] * factor)


def blend(a: Vector, b: Vector, share: float) -> Vector:
    """The point `share` of the way from a to b."""
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)


def dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> Vector:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def length(a: Vector) -> float:
    return sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2])


def distance(a: Vector, b: Vector) -> float:
    return length(subtract(a, b))


def unit(a: Vector) -> Vector:
    """The direction of a; straight up if a has no length."""
    size = length(a)
    return scale(a, 1.0 / size) if size > 1e-9 else (0.0, 0.0, 1.0)


def square_to(a: Vector, axis: Vector) -> Vector:
    """The part of a that stands at a right angle to a unit axis."""
    return subtract(a, scale(axis, dot(a, axis)))


def turn(rotation: Rotation, a: Vector) -> Vector:
    first, second, third = rotation
    x, y, z = a
    return (
        first[0] * x + first[1] * y + first[2] * z,
        second[0] * x + second[1] * y + second[2] * z,
        third[0] * x + third[1] * y + third[2] * z,
    )


def transpose(m: Rotation) -> Rotation:
    return ((m[0][0], m[1][0], m[2][0]), (m[0][1], m[1][1], m[2][1]), (m[0][2], m[1][2], m[2][2]))


def compose(*rotations: Rotation) -> Rotation:
    """One rotation that does the last one first, then the one before it, as matrices multiply."""
    product = rotations[0]
    for following in rotations[1:]:
        (a, b, c), (d, e, f), (g, h, i) = following
        product = tuple((x * a + y * d + z * g, x * b + y * e + z * h, x * c + y * f + z * i) for x, y, z in product)  # type: ignore[assignment]
    return product


def about_x(angle_deg: float) -> Rotation:
    s, c = sin(radians(angle_deg)), cos(radians(angle_deg))
    return ((1.0, 0.0, 0.0), (0.0, c, -s), (0.0, s, c))


def about_y(angle_deg: float) -> Rotation:
    s, c = sin(radians(angle_deg)), cos(radians(angle_deg))
    return ((c, 0.0, s), (0.0, 1.0, 0.0), (-s, 0.0, c))


def about_z(angle_deg: float) -> Rotation:
    s, c = sin(radians(angle_deg)), cos(radians(angle_deg))
    return ((c, -s, 0.0), (s, c, 0.0), (0.0, 0.0, 1.0))


def about_axis(axis: Vector, angle_deg: float) -> Rotation:
    """Rotation about any unit axis (Rodrigues)."""
    s, c = sin(radians(angle_deg)), cos(radians(angle_deg))
    x, y, z = axis
    t = 1 - c
    return (
        (t * x * x + c, t * x * y - s * z, t * x * z + s * y),
        (t * x * y + s * z, t * y * y + c, t * y * z - s * x),
        (t * x * z - s * y, t * y * z + s * x, t * z * z + c),
    )


def from_columns(x: Vector, y: Vector, z: Vector) -> Rotation:
    return transpose((x, y, z))


def part_way(start: Rotation, end: Rotation, share: float) -> Rotation:
    """The rotation `share` of the way from start to end, along the shortest turn."""
    step = compose(transpose(start), end)
    trace = step[0][0] + step[1][1] + step[2][2]
    angle = acos(max(-1.0, min(1.0, (trace - 1) / 2)))
    if angle < 1e-6:
        return start
    axis = unit((step[2][1] - step[1][2], step[0][2] - step[2][0], step[1][0] - step[0][1]))
    return compose(start, about_axis(axis, degrees(angle) * share))


def yxz_angles(m: Rotation) -> Vector:
    """Degrees about y, then x, then z, such that compose(about_y, about_x, about_z) gives m."""
    first = degrees(atan2(m[0][2], m[2][2]))
    second = degrees(asin(max(-1.0, min(1.0, -m[1][2]))))
    third = degrees(atan2(m[1][0], m[1][1]))
    return (first, second, third)


def angle_between(a: Vector, b: Vector) -> float:
    """Degrees between two directions, 0 to 180."""
    return degrees(atan2(length(cross(a, b)), dot(a, b)))


def circle_in_space(middle: Vector, axis: Vector, radius: float, steps: int = 24) -> list[Vector]:
    """Points of a circle about a unit axis."""
    u = unit(cross(axis, (1.0, 0.0, 0.0) if abs(axis[0]) < 0.8 else (0.0, 0.0, 1.0)))
    v = cross(axis, u)
    angles = [2 * pi * i / steps for i in range(steps)]
    return [add(middle, add(scale(u, radius * cos(a)), scale(v, radius * sin(a)))) for a in angles]
