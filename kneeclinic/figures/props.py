"""The things of a gym and a living room: floor, wall, step, bench, chair, band, ball, roller, strap, weights, machines."""

from itertools import pairwise
from math import cos, radians, sin

from kneeclinic.figures.body import Body
from kneeclinic.figures.camera import Camera, Disc, Point, hull
from kneeclinic.figures.curves import smooth
from kneeclinic.figures.ink import BAND, FLOOR, FLOOR_EDGE, INK, OUTLINE_CM, PAPER, STEEL, WOOD, WOOD_LIT, Shape
from kneeclinic.figures.painter import Layer
from kneeclinic.figures.vectors import Vector, about_y, about_z, add, circle_in_space, compose, cross, dot, scale, subtract, turn, unit
from kneeclinic.knowledge.poses import Prop

_FACES = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))


def block(
    camera: Camera, middle: Vector, size: Vector, *, turned: float = 0, tilted: float = 0, tones: tuple[str, str] = (WOOD_LIT, WOOD)
) -> list[Shape]:
    """A box by the middle of its underside; faces that the camera sees."""
    axes = compose(about_z(turned), about_y(tilted))
    corners = [add(middle, turn(axes, (sx * size[0] / 2, sy * size[1] / 2, sz * size[2]))) for sx in (-1, 1) for sy in (-1, 1) for sz in (0, 1)]
    shapes = []
    for face in _FACES:
        a, b, c = (corners[face[i]] for i in (0, 1, 2))
        normal = cross(subtract(b, a), subtract(c, b))
        centre = scale(add(a, c), 0.5)
        heart = add(middle, turn(axes, (0, 0, size[2] / 2)))
        if dot(normal, subtract(centre, heart)) < 0:
            normal = scale(normal, -1)
        if dot(normal, camera.towards_eye) > 1e-9:
            tone = tones[0] if unit(normal)[2] > 0.7 else tones[1]
            shapes.append(Shape("prop", tuple(camera.on_paper(corners[i]) for i in face), tone, INK, OUTLINE_CM * 0.8))
    return shapes


def wedge(camera: Camera, middle: Vector, size: Vector, low: float = 0.02) -> list[Shape]:
    """A board that falls from its full height at the back to `low` at the front."""
    (x, y, z), (long, wide, high) = middle, size
    back, front, near, far = x - long / 2, x + long / 2, y - wide / 2, y + wide / 2
    top = [(back, near, z + high), (front, near, z + low), (front, far, z + low), (back, far, z + high)]
    side = [(back, near, z), (front, near, z), (front, near, z + low), (back, near, z + high)]
    return [
        Shape("prop", hull([camera.on_paper(p) for p in corners]), tone, INK, OUTLINE_CM * 0.8) for corners, tone in ((top, WOOD_LIT), (side, WOOD))
    ]


def cylinder(camera: Camera, first: Vector, second: Vector, radius: float, tone: str, name: str) -> Layer:
    """A roller or a rolled towel, with the end that faces the camera."""
    axis = unit(subtract(second, first))
    ends = [[camera.on_paper(p) for p in circle_in_space(end, axis, radius)] for end in (first, second)]
    shapes = [Shape("prop", hull(ends[0] + ends[1]), tone, INK, OUTLINE_CM)]
    near = 1 if dot(axis, camera.towards_eye) > 0 else 0
    if abs(dot(axis, camera.towards_eye)) > 0.1:
        shapes.append(Shape("prop", tuple(ends[near]), tone, INK, OUTLINE_CM * 0.8))
        end = (first, second)[near]
        if name == "towel":
            shapes.append(Shape("prop", _coil(camera, end, axis, radius), None, INK, OUTLINE_CM * 0.8, closed=False))
        else:
            inner = circle_in_space(end, axis, radius * 0.5)
            shapes.append(Shape("prop", tuple(camera.on_paper(p) for p in inner), PAPER, INK, OUTLINE_CM * 0.7))
    discs = tuple(Disc(*camera.on_paper(p), camera.depth(p) * 100, radius * 100) for p in (first, scale(add(first, second), 0.5), second))
    return Layer(name, discs, tuple(shapes))


def _coil(camera: Camera, middle: Vector, axis: Vector, radius: float) -> tuple[Point, ...]:
    """The spiral that the end of a rolled towel shows."""
    ring = circle_in_space((0.0, 0.0, 0.0), axis, 1.0, 12)
    return tuple(camera.on_paper(add(middle, scale(ring[i % 12], radius * (0.12 + 0.78 * i / 30)))) for i in range(31))


def gauge(at_limb: Point, middle: Point, radius: float = 8.0) -> list[Shape]:
    """A round pressure gauge on a tube."""
    (ax, ay), (x, y) = at_limb, middle
    tube = ((ax, ay), (ax + (x - ax) * 0.15, ay + (y - ay) * 0.55), (ax + (x - ax) * 0.6, ay + (y - ay) * 0.45), (x, y - radius))
    dial = tuple((x + radius * cos(radians(a)), y + radius * sin(radians(a))) for a in range(0, 360, 10))
    ticks = [
        tuple((x + radius * r * cos(radians(a)), y + radius * r * sin(radians(a))) for r in (0.62, 0.84))
        for a in (-30, 15, 60, 105, 150, 195, 240)
    ]
    return [
        *flat_rod(smooth(list(tube), closed=False), 1.5, "#6b7280"),
        Shape("prop", dial, PAPER, INK, OUTLINE_CM * 1.6),
        *(Shape("prop", tick, None, INK, OUTLINE_CM * 0.8, closed=False) for tick in ticks),
        Shape("prop", ((x, y), (x + radius * 0.4, y + radius * 0.45)), None, INK, OUTLINE_CM * 1.6, closed=False),
    ]


def rod(camera: Camera, places: tuple[Vector, ...], thickness: float, tone: str = STEEL, role: str = "prop") -> list[Shape]:
    """A bent tube or strap: a dark line with a light one inside it."""
    path = tuple(camera.on_paper(p) for p in places)
    return flat_rod(path, thickness * 100, tone, role)


def flat_rod(path: tuple[Point, ...], thickness_cm: float, tone: str, role: str = "prop") -> list[Shape]:
    return [
        Shape(role, path, None, INK, thickness_cm + OUTLINE_CM * 1.3, closed=False),
        Shape(role, path, None, tone, thickness_cm, closed=False),
    ]


def cuff(body: Body, camera: Camera, part: str, low: float, high: float, radius: float) -> list[Point]:
    """The paper points of two rings round a limb, `low` and `high` metres down its length."""
    axis = turn(body.axes(part), (0.0, 0.0, 1.0))
    return [camera.on_paper(p) for down in (low, high) for p in circle_in_space(body.on_part(part, (0.004, 0.0, -down)), axis, radius)]


def cuff_disc(body: Body, camera: Camera, part: str, down: float, radius: float) -> Disc:
    middle = body.on_part(part, (0.004, 0.0, -down))
    return Disc(*camera.on_paper(middle), camera.depth(middle) * 100 + 4, radius * 100)


def floor(kind: str, camera: Camera, extent: tuple[float, float, float, float]) -> list[Shape]:
    """The ground under the extent (x and y of the nearest and farthest things) as a mat, a strip or nothing."""
    if kind == "none":
        return []
    left, right, near, far = extent
    if kind == "mat":
        return block(
            camera,
            ((left + right) / 2, (near + far) / 2, -0.025),
            (right - left + 0.16, max(far - near + 0.2, 0.56), 0.025),
            tones=("#e6ebe8", "#c6cfca"),
        )
    corners = [(left, near, 0.0), (right, near, 0.0), (right, far, 0.0), (left, far, 0.0)]
    strip = tuple(camera.on_paper(c) for c in corners)
    return [Shape("floor", strip, FLOOR, FLOOR_EDGE, OUTLINE_CM * 0.8)]


def wall(prop: Prop, camera: Camera) -> list[Shape]:
    """A wall whose face stands at `at`; hatched on the far side, as builders draw it."""
    x, y, z = prop.at
    width, height = prop.size[1], prop.size[2]
    return block(camera, (x, y, z), (0.05, width, height), turned=prop.turn, tones=("#d5d8d6", "#e2e5e3"))


def chair(prop: Prop, camera: Camera) -> list[Shape]:
    """A plain chair: seat at the height of `size`, legs, and a back where size[1] is set."""
    x, y, z = prop.at
    depth, back, height = prop.size
    spin = about_z(prop.turn)
    half = depth / 2

    def place(px: float, py: float, pz: float) -> Vector:
        return add((x, y, z), turn(spin, (px, py, pz)))

    shapes: list[Shape] = []
    legs = sorted([(sx * (half - 0.02), sy * 0.19) for sx in (-1, 1) for sy in (-1, 1)], key=lambda c: camera.depth(place(c[0], c[1], 0)))
    for leg_x, leg_y in legs:
        shapes += block(camera, place(leg_x, leg_y, 0), (0.035, 0.035, height - 0.04), turned=prop.turn)
    shapes += block(camera, place(0, 0, height - 0.045), (depth, 0.42, 0.045), turned=prop.turn)
    if back > 0:
        shapes += block(camera, place(-half + 0.015, 0, height), (0.03, 0.42, back), turned=prop.turn)
    return shapes


def dumbbell(body: Body, camera: Camera, side: str, along: Vector) -> Layer:
    """A dumbbell in one hand."""
    grip = body.point(f"palm_{side}")
    ends = [add(grip, scale(along, s * 0.085)) for s in (-1, 1)]
    shapes = rod(camera, tuple(ends), 0.025)
    for end in sorted(ends, key=camera.depth):
        face = [camera.on_paper(p) for s in (-0.028, 0.028) for p in circle_in_space(add(end, scale(along, s)), along, 0.05)]
        shapes.append(Shape("prop", hull(face), "#6b7280", INK, OUTLINE_CM))
    discs = tuple(Disc(*camera.on_paper(e), camera.depth(e) * 100 + 3, 5) for e in (*ends, grip))
    return Layer(f"dumbbell_{side}", discs, tuple(shapes))


def strap_layer(camera: Camera, places: tuple[Vector, ...], thickness: float = 0.018, bias: float = 3.0) -> Layer:
    """A strap that runs from place to place."""
    discs = tuple(Disc(*camera.on_paper(p), camera.depth(p) * 100 + bias, 2.0) for p in _densely(places))
    return Layer("strap", discs, tuple(rod(camera, places, thickness, BAND)))


def _densely(places: tuple[Vector, ...]) -> list[Vector]:
    dense = []
    for first, second in pairwise(places):
        dense += [add(scale(first, 1 - i / 5), scale(second, i / 5)) for i in range(6)]
    return dense


def wave(camera: Camera, left: float, right: float, y: float, height: float, size: float = 0.025) -> tuple[Point, ...]:
    steps = max(int((right - left) / 0.03), 8)
    return tuple(camera.on_paper((left + (right - left) * i / steps, y, height + size * sin(i * 0.9))) for i in range(steps + 1))


def metronome(corner: Point, size: float = 1.7) -> list[Shape]:
    """A metronome with its paper corner at the lower left, the beat shown on both sides of it."""

    def at(*places: Point) -> tuple[Point, ...]:
        return tuple((corner[0] + x * size, corner[1] + y * size) for x, y in places)

    swings = [at(*((7 + s * r * cos(radians(a)), 17 + r * sin(radians(a))) for a in (-28, -14, 0, 14, 28))) for s in (1, -1) for r in (13, 16.5)]
    return [
        Shape("prop", at((0, 0), (14, 0), (10.5, 20), (3.5, 20)), WOOD, INK, OUTLINE_CM),
        Shape("prop", at((0.9, 5), (13.1, 5)), None, INK, OUTLINE_CM, closed=False),
        Shape("prop", at((7, 5), (13.5, 22)), None, INK, OUTLINE_CM * 1.6, closed=False),
        Shape("prop", at(*((11.2 + 2 * cos(radians(a)), 16 + 2 * sin(radians(a))) for a in range(0, 360, 30))), INK),
        *(Shape("prop", swing, None, INK, OUTLINE_CM, closed=False) for swing in swings),
    ]


def barbell(camera: Camera, middle: Vector) -> list[Layer]:
    """A bar across the body with a plate on each end."""
    ends = [add(middle, (0.0, s * 0.52, 0.0)) for s in (-1, 1)]
    layers = [
        Layer(
            "bar",
            tuple(Disc(*camera.on_paper(p), camera.depth(p) * 100 + 5, 2) for p in _densely(tuple(ends))),
            tuple(rod(camera, tuple(ends), 0.03)),
        )
    ]
    for i, end in enumerate(ends):
        face = [camera.on_paper(p) for s in (-0.02, 0.02) for p in circle_in_space(add(end, (0.0, s, 0.0)), (0.0, 1.0, 0.0), 0.11)]
        disc = Disc(*camera.on_paper(end), camera.depth(end) * 100, 11)
        hub = [camera.on_paper(p) for p in circle_in_space(end, (0.0, 1.0, 0.0), 0.025)]
        layers.append(
            Layer(
                f"plate_{i}", (disc,), (Shape("prop", hull(face), "#8d96a1", INK, OUTLINE_CM), Shape("prop", hull(hub), STEEL, INK, OUTLINE_CM * 0.8))
            )
        )
    return layers


def shadow(camera: Camera, middle: Vector, deep: float, wide: float) -> list[Shape]:
    """The shadow under somebody in the air, so that one sees that the feet have left the ground."""
    ring = [(middle[0] + deep * x, middle[1] + wide * y, 0.002) for x, y, _ in circle_in_space((0.0, 0.0, 0.0), (0.0, 0.0, 1.0), 1.0, 30)]
    return [Shape("floor", tuple(camera.on_paper(p) for p in ring), "#c3c9c8")]
