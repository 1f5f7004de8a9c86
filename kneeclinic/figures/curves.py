"""Smooth lines through a few points, for what is drawn flat: a foot from the side, a knee from the front."""

from kneeclinic.figures.ink import Point

_STEPS = 7


def smooth(points: list[Point], closed: bool = True, steps: int = _STEPS) -> tuple[Point, ...]:
    """A Catmull-Rom curve through the points."""
    count = len(points)
    spans = count if closed else count - 1
    curve: list[Point] = []
    for i in range(spans):
        a, b, c, d = (_at(points, i + k, closed) for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            curve.append(tuple(_spline(a[k], b[k], c[k], d[k], t) for k in (0, 1)))  # type: ignore[arg-type]
    if not closed:
        curve.append(points[-1])
    return tuple(curve)


def _at(points: list[Point], i: int, closed: bool) -> Point:
    return points[i % len(points)] if closed else points[min(max(i, 0), len(points) - 1)]


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)


def placed(points: tuple[Point, ...], x: float, y: float, size: float = 1.0) -> tuple[Point, ...]:
    return tuple((x + px * size, y + py * size) for px, py in points)
