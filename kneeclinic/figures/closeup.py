"""Close-ups in a lens beside the body, for what is too small to see on it: an arch that rises, toes, a kneecap that glides."""

from dataclasses import replace
from math import cos, hypot, radians, sin

from kneeclinic.figures.camera import Point
from kneeclinic.figures.curves import smooth
from kneeclinic.figures.foot_view import foot, foot_from_front, running_shoe
from kneeclinic.figures.ink import INK, OUTLINE_CM, PAPER, SHIRT, SHORTS, SKIN, Frame, Shape
from kneeclinic.figures.knee_view import kneecap, kneecap_under_skin, leg
from kneeclinic.figures.marks import arrow, circle, straight, verdict

RADIUS_CM = 34.0
_GAP_CM = 5.0
_LENS = 1.12
_BELOW_LARGER = 1.1  # a lens below a wide scene has room

# What each close-up looks at: a point of the end pose, or one of the start pose and one of the end pose.
LOOKS_AT: dict[str, tuple[str, ...]] = {
    "short foot": ("instep_right",),
    "toe yoga": ("toe_right",),
    "patella up": ("knee_front_right",),
    "patella in": ("knee_front_right",),
    "glute squeeze": ("hip_outside_right",),
    "foot strike": ("heel_right", "ball_right"),
}


def inset_shapes(shows: str, frame: Frame, targets: list[Point], obstacles: list[tuple[Point, ...]], weight: float = 1.0) -> list[Shape]:
    """The lens, or two side by side or one over the other, where it covers nothing, with a line to its place on the body.

    Two targets have a lens each, below the scene.
    """
    pictures = _PICTURES[shows]()
    radius = RADIUS_CM * weight * _LENS
    if len(targets) > 1:
        radius *= _BELOW_LARGER
        centres = [(x, frame.bottom - radius - _GAP_CM) for x, _ in targets]
    else:
        centres = _free_place(len(pictures), frame, targets[0], obstacles, radius)
    size = radius / RADIUS_CM
    ends = centres if len(targets) > 1 else [min(centres, key=lambda c: hypot(c[0] - targets[0][0], c[1] - targets[0][1]))]
    shapes = [shape for centre, target in zip(ends, targets, strict=True) for shape in _leader(centre, target, radius)]
    for (x, y), picture in zip(centres, pictures, strict=True):
        shapes.append(Shape("inset", circle(x, y, radius, 60), PAPER))
        shapes += [shape.placed(x, y, size) for shape in picture]
        shapes.append(Shape("inset", circle(x, y, radius, 60), None, INK, OUTLINE_CM * 1.3 * weight))
    return shapes


def _free_place(count: int, frame: Frame, target: Point, obstacles: list[tuple[Point, ...]], radius: float) -> list[Point]:
    """Middles of the lenses: clear of everything drawn, near the target, making the frame as little larger as can be."""
    drawn = [point for outline in obstacles for point in outline[:: 3 if len(outline) > 12 else 1]]
    step = 2 * radius + _GAP_CM
    clear = (radius + 2) ** 2
    tried: list[tuple[float, list[Point]]] = []
    for i in range(13):
        for j in range(11):
            x = frame.left + (frame.width + radius + _GAP_CM) * i / 12
            y = frame.bottom + radius + (frame.height + _GAP_CM) * j / 10
            for dx, dy in ((0.0, step), (step, 0.0)) if count > 1 else ((0.0, 0.0),):
                centres = [(x + dx * k, y + dy * (count - 1 - k)) for k in range(count)]  # the first on the left or on top
                right, left = max(frame.right, centres[-1][0] + radius), min(frame.left, x - radius)
                top = max(frame.top, centres[0][1] + radius)
                size = max(right - left, 1.15 * (top - frame.bottom))
                tried.append((size + 0.35 * hypot(x - target[0], y - target[1]), centres))
    for _, centres in sorted(tried):  # the best first, so that few are looked at closely
        if not any((px - cx) * (px - cx) + (py - cy) * (py - cy) < clear for cx, cy in centres for px, py in drawn):
            return centres
    return [(frame.right + radius + _GAP_CM, frame.bottom + radius + step * k) for k in range(count)]


def _leader(centre: Point, target: Point, radius: float) -> list[Shape]:
    apart = hypot(target[0] - centre[0], target[1] - centre[1]) or 1.0
    rim = (centre[0] + (target[0] - centre[0]) / apart * radius, centre[1] + (target[1] - centre[1]) / apart * radius)
    return [
        Shape("inset", (rim, target), None, PAPER, OUTLINE_CM * 3, closed=False),
        Shape("inset", (rim, target), None, INK, OUTLINE_CM, closed=False),
        Shape("inset", circle(*target, 1.6, 16), INK, PAPER, OUTLINE_CM),
    ]


def _in_lens(shapes: list[Shape], dx: float, dy: float, size: float) -> list[Shape]:
    """Shapes scaled into a lens round the origin; what sticks out is cut at the rim."""
    return [
        Shape(s.role, tuple(_kept((dx + x * size, dy + y * size)) for x, y in s.points), s.fill, s.stroke, s.width, s.closed, s.dashed)
        for s in shapes
    ]


def _kept(p: Point) -> Point:
    apart = hypot(*p)
    edge = RADIUS_CM
    return p if apart <= edge else (p[0] / apart * edge, p[1] / apart * edge)


def _ground() -> Shape:
    return Shape("inset", ((-29.0, -12.6), (29.0, -12.6)), None, INK, OUTLINE_CM, closed=False)


def _short_foot() -> list[list[Shape]]:
    before = _in_lens(foot(arch=1.2, ghost=True), -24.5, -12.0, 0.98)
    after = _in_lens(foot(arch=7.2, shortened=3.0), -24.5, -12.0, 0.98)
    draw_in = arrow(straight((17.5, -18.5), (-1, 0), 17.0), role="inset-arrow", size=0.9)
    lift = arrow(straight((-2.6, -11.5), (0, 1), 9.0), role="inset-arrow", size=0.55)
    return [[_ground(), *before, *after, *draw_in, *lift]]


def _toe_yoga() -> list[list[Shape]]:
    pictures = []
    for lifted, spots in (((0,), (14.0,)), ((1, 2, 3, 4), (2.4, -6.4, -14.2, -21.2))):
        drawn = _in_lens(foot_from_front(lifted), 0.0, -13.0, 1.0)
        size = 0.9 if len(spots) == 1 else 0.6
        arrows = [shape for x in spots for shape in arrow(straight((x, 10.5), (0, 1), 11.0), role="inset-arrow", size=size)]
        pictures.append([*drawn, _ground(), *arrows])
    return pictures


def _foot_strike() -> list[list[Shape]]:
    pictures = []
    for slope, (x, y), spot, good in ((24.0, (-22.0, -9.0), (-20.5, -12.6), False), (-5.0, (-25.0, -7.0), (13.0, -12.6), True)):
        shoe = _in_lens(_turned(running_shoe(SHIRT, SHORTS, INK), slope), x, y, 0.95)
        push = arrow(straight((spot[0], spot[1] - 13.0), (0, 1), 11.0), role="inset-arrow", size=0.75)
        pictures.append([_ground(), *shoe, *push, *verdict(0.0 if good else 4.0, 22.5, good, 0.75, "inset")])
    return pictures


def _turned(shapes: list[Shape], angle: float) -> list[Shape]:
    c, s = cos(radians(angle)), sin(radians(angle))
    return [replace(shape, role="inset", points=tuple((x * c - y * s, x * s + y * c) for x, y in shape.points)) for shape in shapes]


def _knee(shift: Point) -> list[Shape]:
    return _in_lens([*leg(), kneecap(ghost=True), *kneecap_under_skin(*shift)], 0.0, 0.0, 0.98)


def _patella_up() -> list[list[Shape]]:
    return [[*_knee((0.0, 3.6)), *arrow(straight((0.0, 12.5), (0, 1), 15.0), role="inset-arrow", size=0.9)]]


def _patella_in() -> list[list[Shape]]:
    thumbs = []
    for y in (4.2, -3.6):
        finger = smooth([(-32.0, y + 3.2), (-16.0, y + 3.0), (-6.2, y + 2.2), (-4.6, y), (-6.2, y - 2.2), (-16.0, y - 3.0), (-32.0, y - 3.2)])
        thumbs += [Shape("inset", tuple(_kept(p) for p in finger), SKIN, INK, OUTLINE_CM)]
        thumbs.append(Shape("inset", smooth([(-5.4, y + 1.2), (-7.4, y + 1.3), (-7.4, y - 1.3), (-5.4, y - 1.2)]), PAPER, INK, OUTLINE_CM * 0.6))
    return [[*_knee((3.0, 0.0)), *thumbs, *arrow(straight((11.0, 0.0), (1, 0), 15.0), role="inset-arrow", size=0.9)]]


def _glute_squeeze() -> list[list[Shape]]:
    hips = smooth(
        [
            (-13.0, 30.0),
            (-12.0, 20.0),
            (-18.5, 6.0),
            (-20.0, -6.0),
            (-18.0, -29.0),
            (-2.0, -29.0),
            (-0.8, -15.0),
            (0.8, -15.0),
            (2.0, -29.0),
            (18.0, -29.0),
            (20.0, -6.0),
            (18.5, 6.0),
            (12.0, 20.0),
            (13.0, 30.0),
        ]
    )
    cleft = smooth([(0.0, 8.0), (0.6, -2.0), (0.0, -14.0)], closed=False)
    folds = [smooth([(s * 2.0, -13.5), (s * 9.0, -16.0), (s * 15.5, -13.0)], closed=False) for s in (-1, 1)]
    lines = [Shape("inset", line, None, PAPER, OUTLINE_CM, closed=False) for line in (cleft, *folds)]
    squeeze = [shape for s in (-1, 1) for shape in arrow(straight((s * 19.0, -4.0), (-s, 0), 14.0), role="inset-arrow", size=0.9)]
    return [[Shape("inset", tuple(_kept(p) for p in hips), SHORTS, INK, OUTLINE_CM), *lines, *squeeze]]


_PICTURES = {
    "short foot": _short_foot,
    "toe yoga": _toe_yoga,
    "patella up": _patella_up,
    "patella in": _patella_in,
    "glute squeeze": _glute_squeeze,
    "foot strike": _foot_strike,
}
