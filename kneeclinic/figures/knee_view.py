"""A right knee seen from the front: outer side on the left of the paper; the kneecap at the origin."""

from kneeclinic.figures.curves import smooth
from kneeclinic.figures.ink import GHOST_EDGE, INK, PAPER, SKIN, Point, Shape

LINE = 0.7
_SHADE, _SHADE_WIDE, _BONE = "#f2e0cf", 3.4, "#fffaf0"

_OUTER = [(-15.9, 26.0), (-15.0, 21.0), (-13.8, 16.0), (-12.4, 6.0), (-12.2, -3.0), (-12.6, -11.0), (-13.0, -19.0), (-12.7, -26.0)]
_INNER = [(16.7, 26.0), (16.2, 21.0), (15.2, 17.0), (13.0, 8.0), (12.6, -1.0), (11.4, -10.0), (12.1, -19.0), (11.7, -26.0)]


def leg_edges() -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Outer and inner edge of the leg, from above."""
    return smooth(_OUTER, closed=False), smooth(_INNER, closed=False)


def edge_at(height: float, inner: bool) -> float:
    """How far out the skin is at a height."""
    line = leg_edges()[1 if inner else 0]
    return min(line, key=lambda p: abs(p[1] - height))[0]


def leg() -> list[Shape]:
    """The leg cut off above and below, with the folds that show it is a knee."""
    outer, inner = leg_edges()
    body = Shape("knee", outer + inner[::-1], SKIN)
    lines = [Shape("knee", edge, None, INK, LINE * 1.4, closed=False) for edge in (outer, inner)]
    folds = [
        smooth([(8.6, 14.0), (10.6, 9.0), (9.6, 5.0)], closed=False),
        smooth([(-9.4, 16.0), (-10.2, 10.0), (-9.0, 6.0)], closed=False),
        smooth([(-2.6, -14.5), (0.0, -16.2), (2.8, -14.5)], closed=False),
        smooth([(3.2, -18.0), (4.0, -23.0), (3.6, -24.6)], closed=False),
    ]
    shades = [
        Shape("knee", outer + tuple((x + _SHADE_WIDE * (0.55 + 0.45 * abs(y) / 26), y) for x, y in outer[::-1]), _SHADE),
        Shape("knee", inner + tuple((x - _SHADE_WIDE * 0.6 * (0.55 + 0.45 * abs(y) / 26), y) for x, y in inner[::-1]), _SHADE),
        Shape("knee", smooth([(-2.8, -6.5), (2.8, -6.5), (2.4, -15.0), (0.0, -16.8), (-2.4, -15.0)]), _SHADE),
    ]
    return [body, *shades, *lines, *(Shape("knee", fold, None, INK, LINE * 0.6, closed=False) for fold in folds)]


def kneecap(dx: float = 0.0, dy: float = 0.0, *, ghost: bool = False) -> Shape:
    shape = smooth([(-5.6, 4.6), (0.0, 6.6), (5.6, 4.6), (6.4, 0.4), (3.6, -4.8), (0.0, -7.2), (-3.6, -4.8), (-6.4, 0.4)])
    moved = tuple((x + dx, y + dy) for x, y in shape)
    if ghost:
        return Shape("kneecap", moved, None, GHOST_EDGE, LINE, dashed=True)
    return Shape("kneecap", moved, PAPER, INK, LINE * 1.1)


def kneecap_under_skin(dx: float = 0.0, dy: float = 0.0) -> list[Shape]:
    """The kneecap as it stands out under the skin: lit from above, in shade below."""
    cap = kneecap(dx, dy)
    shade = smooth([(-6.0, -0.4), (-3.4, -5.0), (0.0, -7.0), (3.4, -5.0), (6.0, -0.4), (2.9, -2.6), (0.0, -4.6), (-2.9, -2.6)])
    shine = smooth([(-3.6, 3.4), (-0.4, 4.8), (2.8, 4.2)], closed=False)
    return [
        Shape("kneecap", cap.points, _BONE),
        Shape("kneecap", tuple((x + dx, y + dy) for x, y in shade), _SHADE),
        Shape("kneecap", tuple((x + dx, y + dy) for x, y in shine), None, PAPER, LINE * 1.6, closed=False),
        Shape("kneecap", cap.points, None, INK, LINE * 1.1),
    ]
