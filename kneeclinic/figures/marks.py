"""What is drawn beside a body to say how it moves: arrows along the true path, push arrows, the stopwatch of a hold."""

from dataclasses import dataclass, replace
from itertools import pairwise
from math import cos, hypot, pi, sin

from kneeclinic.figures.body import Body, between, shift
from kneeclinic.figures.camera import Camera, Point
from kneeclinic.figures.curves import smooth
from kneeclinic.figures.ink import ACCENT, GHOST_EDGE, INK, PAPER, Frame, Shape

SHAFT_CM, HEAD_LONG_CM, HEAD_WIDE_CM = 2.1, 7.4, 7.4
_HALO_CM = 1.3
_STEPS = 14
_LONG_WAY_M, _LATE_START = 0.45, 0.16
_DRAWN_OUT = 0.55  # of the width of the pelvis, beyond it on either side
_GAPS = (4.0, 6.0, 8.0, 10.5, 13.0, 16.0, 20.0, 25.0, 30.0, 36.0)


@dataclass(frozen=True)
class Track:
    """The path that an arrow follows, on paper, and how far beside the body's point it runs."""

    points: tuple[Point, ...]
    beside_cm: float


def path_of(start: Body, end: Body, camera: Camera, point: str, rise: float = 0) -> tuple[Point, ...]:
    """Where a point of the body passes on its way from start to end; a flight rises so many metres on the way.

    A long way begins a little after its start, so that the arrow does not seem to leave from what stays there.
    """
    late = _LATE_START if shift(start, end, point) > _LONG_WAY_M and not rise else 0.0
    path = []
    for i in range(_STEPS + 1):
        share = late + (1 - late) * i / _STEPS
        x, y, z = between(start, end, share).point(point)
        path.append(camera.on_paper((x, y, z + 4 * rise * share * (1 - share))))
    return tuple(path)


def beside(path: tuple[Point, ...], obstacles: list[tuple[Point, ...]], gap: float | None = None) -> Track:
    """The path moved to the side where it crosses the least of the body, as near as it can be."""
    best: tuple[float, Track] | None = None
    boxes = boxed(obstacles)
    for size in (gap * 100,) if gap is not None else _GAPS:
        for sign in (1, -1):
            moved = _shifted(path, size * sign)
            hidden = share_covered(moved + _room_of_head(moved), boxes)
            cost = hidden * 100 + size * 0.5
            if best is None or cost < best[0]:
                best = (cost, Track(moved, size * sign))
    assert best is not None
    return best[1]


def _room_of_head(path: tuple[Point, ...]) -> tuple[Point, ...]:
    """The corners of the arrow head at the end of a path, so that it does not lie on the body either."""
    triangle, _ = _head(path, 1.25)
    return (*triangle, *triangle)


def _shifted(path: tuple[Point, ...], gap: float) -> tuple[Point, ...]:
    """The path moved square to its own direction; a curve keeps its middle, so that the shift widens or narrows the arc."""
    shifted = []
    last = len(path) - 1
    for i, (x, y) in enumerate(path):
        (ax, ay), (bx, by) = path[max(i - 1, 0)], path[min(i + 1, last)]
        size = hypot(bx - ax, by - ay) or 1.0
        shifted.append((x - (by - ay) / size * gap, y + (bx - ax) / size * gap))
    return tuple(shifted)


Box = tuple[float, float, float, float, tuple[Point, ...]]


def boxed(outlines: list[tuple[Point, ...]]) -> list[Box]:
    """Each outline with its left, right, lower and upper end, so that most need not be looked at closely."""
    boxes = []
    for outline in outlines:
        xs, ys = zip(*outline, strict=True)
        boxes.append((min(xs), max(xs), min(ys), max(ys), outline))
    return boxes


def share_covered(path: tuple[Point, ...], obstacles: list[Box]) -> float:
    """Which share of the path's points lies on one of the outlines (0 to 1)."""
    xs, ys = zip(*path, strict=True)
    left, right, bottom, top = min(xs), max(xs), min(ys), max(ys)
    near = [box for box in obstacles if box[1] >= left and box[0] <= right and box[3] >= bottom and box[2] <= top]
    covered = 0
    for p in path:
        x, y = p
        covered += any(box[0] <= x <= box[1] and box[2] <= y <= box[3] and inside(p, box[4]) for box in near)
    return covered / len(path)


def inside(p: Point, outline: tuple[Point, ...]) -> bool:
    """Whether a point lies in an outline or on it."""
    x, y = p
    crossings = False
    ax, ay = outline[-1]
    for bx, by in outline:
        turned = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        if turned == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            return True
        if (ay > y) != (by > y) and (turned > 0) == (by > ay):
            crossings = not crossings
        ax, ay = bx, by
    return crossings


def arrow(path: tuple[Point, ...], *, both_ways: bool = False, role: str = "arrow", size: float = 1.0, ink: str = ACCENT) -> list[Shape]:
    """An arrow along a path: pale halo, shaft, one head or two."""
    shaft, heads = path, []
    tip, shaft = _head(shaft, size)
    heads.append(tip)
    if both_ways:
        tip, shaft = _head(shaft[::-1], size)
        heads.append(tip)
    width = SHAFT_CM * size
    shaft = smooth(list(shaft), closed=False, steps=3)
    shapes = [Shape(role, shaft, None, PAPER, width + 2 * _HALO_CM * size, closed=False)]
    shapes += [Shape(role, head, PAPER, PAPER, 2 * _HALO_CM * size) for head in heads]
    shapes.append(Shape(role, shaft, None, ink, width, closed=False))
    shapes += [Shape(role, head, ink, ink, 0.4) for head in heads]
    return shapes


def stop_bar(path: tuple[Point, ...], size: float = 1.0) -> list[Shape]:
    """A bar across the tip of an arrow: so far and no further."""
    (ax, ay), (bx, by) = path[-3], path[-1]
    apart = hypot(bx - ax, by - ay) or 1.0
    dx, dy = (bx - ax) / apart, (by - ay) / apart
    x, y = bx + dx * 3.2 * size, by + dy * 3.2 * size
    half = HEAD_WIDE_CM * size * 0.85
    bar = ((x - dy * half, y + dx * half), (x + dy * half, y - dx * half))
    return [
        Shape("arrow-stop", bar, None, PAPER, (SHAFT_CM + 2 * _HALO_CM) * size, closed=False),
        Shape("arrow-stop", bar, None, INK, SHAFT_CM * 1.2 * size, closed=False),
    ]


def verdict(x: float, y: float, good: bool, size: float = 1.0, role: str = "verdict") -> list[Shape]:
    """A tick in a ring for how it should be, a cross in a ring for how it should not."""
    r = 8.5 * size
    shapes = [Shape(role, circle(x, y, r), PAPER, ACCENT if good else INK, 1.7 * size)]
    strokes = [((-0.5, 0.0), (-0.12, -0.42), (0.55, 0.45))] if good else [((-0.42, -0.42), (0.42, 0.42)), ((-0.42, 0.42), (0.42, -0.42))]
    for stroke in strokes:
        line = tuple((x + px * r, y + py * r) for px, py in stroke)
        shapes.append(Shape(role, line, None, ACCENT if good else INK, 2.4 * size, closed=False, upright_about=x))
    return shapes


def _head(path: tuple[Point, ...], size: float) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """The triangle at the end of a path, and the path cut back to the triangle's base."""
    long, wide = HEAD_LONG_CM * size, HEAD_WIDE_CM * size
    tx, ty = path[-1]
    cut = len(path) - 1
    while cut > 0 and hypot(tx - path[cut][0], ty - path[cut][1]) < long:
        cut -= 1
    bx, by = path[cut]
    apart = hypot(tx - bx, ty - by) or 1.0
    dx, dy = (tx - bx) / apart, (ty - by) / apart
    base = (tx - dx * long, ty - dy * long)
    triangle = ((tx, ty), (base[0] - dy * wide / 2, base[1] + dx * wide / 2), (base[0] + dy * wide / 2, base[1] - dx * wide / 2))
    end = (base[0] + dx * 0.8, base[1] + dy * 0.8)
    return triangle, (*path[: max(cut, 1)], end)


def stretched(path: tuple[Point, ...], least: float) -> tuple[Point, ...]:
    """A path at least so long; a shorter one is drawn out about its middle."""
    size = sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(path))
    if size >= least or size < 1e-6:
        return path
    mx, my = path[len(path) // 2]
    grow = least / size
    return tuple((mx + (x - mx) * grow, my + (y - my) * grow) for x, y in path)


def straight(start: Point, direction: Point, size: float) -> tuple[Point, ...]:
    d = hypot(*direction) or 1.0
    return tuple((start[0] + direction[0] / d * size * i / 8, start[1] + direction[1] / d * size * i / 8) for i in range(9))


def between_figures(drawn: list[Shape], weight: float) -> tuple[Point, ...]:
    """The way from the start figure to the end figure beside it: straight across, at the height where there is most room."""
    before = [p for shape in drawn if shape.role == "ghost" for p in shape.points]
    after = [p for shape in drawn if shape.role.startswith("body") for p in shape.points]
    top, bottom = max(y for _, y in after), min(y for _, y in after)
    best = (-1e9, 0.0, 0.0)
    for i in range(5, 17):
        height = bottom + (top - bottom) * i / 18
        left = max((x for x, y in before if abs(y - height) < 9), default=-1e9)
        right = min((x for x, y in after if abs(y - height) < 9), default=1e9)
        if left > -1e8 and right < 1e8 and right - left > best[0]:
            best = (right - left, height, (left + right) / 2)
    room, height, middle = best
    long = min(max(room - 8.0, 16.0), 34.0 * weight)
    return straight((middle - long / 2, height), (1.0, 0.0), long)


def pelvis_lines(start: Body, end: Body, camera: Camera, weight: float = 1.0) -> list[Shape]:
    """Lines through both hips, drawn out to either side: pale where the start pose has them, strong at the end."""
    shapes = []
    for body, ink, wide in ((start, GHOST_EDGE, 1.3 * weight), (end, ACCENT, 1.6 * weight)):
        (ax, ay), (bx, by) = (camera.on_paper(body.point(f"waist_{side}")) for side in ("right", "left"))
        dx, dy = (bx - ax) * _DRAWN_OUT, (by - ay) * _DRAWN_OUT
        line = ((ax - dx, ay - dy), (bx + dx, by + dy))
        shapes += [Shape("level", line, None, PAPER, wide * 2.6, closed=False), Shape("level", line, None, ink, wide, closed=False, dashed=True)]
    return shapes


def circle(x: float, y: float, radius: float, steps: int = 40) -> tuple[Point, ...]:
    return tuple((x + radius * cos(2 * pi * i / steps), y + radius * sin(2 * pi * i / steps)) for i in range(steps))


STOPWATCH_CM = 8.4


def stopwatch(x: float, y: float, size: float = 1.0) -> list[Shape]:
    """The sign for "hold it": a stopwatch."""
    radius = STOPWATCH_CM * size

    def at(*places: Point) -> tuple[Point, ...]:
        return tuple((x + px * radius, y + py * radius) for px, py in places)

    wedge = at((0.0, 0.0), *((0.7 * cos(a), 0.7 * sin(a)) for a in (pi / 2 - (2 * pi / 3) * i / 10 for i in range(11))))
    shapes = [
        Shape("hold", at((-0.22, 1.3), (0.22, 1.3)), None, ACCENT, 2.4 * size, closed=False),
        Shape("hold", at((0.0, 1.0), (0.0, 1.3)), None, ACCENT, 1.9 * size, closed=False),
        Shape("hold", at((0.72, 0.86), (0.86, 1.0)), None, ACCENT, 1.9 * size, closed=False),
        Shape("hold", circle(x, y, radius), PAPER, ACCENT, 1.9 * size),
        Shape("hold", wedge, "#f0b49c"),
        Shape("hold", at((0.0, 0.7), (0.0, 0.0), (0.61, -0.35)), None, INK, 1.1 * size, closed=False),
    ]
    return [replace(shape, upright_about=x) for shape in shapes]


def free_corner(frame: Frame, obstacles: list[tuple[Point, ...]], radius: float) -> Point:
    """A place for a sign inside the frame, or just outside it, that covers nothing; the upper corners first."""
    reach = radius + 2.0
    spots = [
        (frame.right - reach, frame.top - reach), (frame.left + reach, frame.top - reach),
        (frame.right - reach, frame.bottom + frame.height / 2), (frame.left + reach, frame.bottom + frame.height / 2),
    ]  # fmt: skip
    boxes = boxed(obstacles)
    for spot in spots:
        ring = (*circle(*spot, reach + 1, 12), spot)
        if share_covered(ring, boxes) == 0:
            return spot
    return (frame.right + reach, frame.top - reach)
