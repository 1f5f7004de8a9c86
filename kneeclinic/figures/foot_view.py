"""Feet drawn flat for close-ups: a bare foot from its inner side (toes to the right, heel at the origin) and from the front, and a running shoe."""

from math import cos, radians, sin

from kneeclinic.figures.curves import smooth
from kneeclinic.figures.ink import FAR_FILLS, GHOST_EDGE, GHOST_FILL, INK, PAPER, SKIN, Point, Shape

_TOE_JOINT: Point = (37.0, 3.6)
LINE = 0.7


def foot_outline(arch: float, shortened: float) -> tuple[Point, ...]:
    """Heel to toe joints: `arch` is how high the inner arch stands, `shortened` how far the ball has come to the heel."""
    ball = 38.5 - shortened
    return smooth([
        (4.0, 34.0), (2.6, 20.0), (-0.4, 9.0), (0.8, 2.2), (5.5, 0.0), (11.0, 0.3), (17.0, arch * 0.8), (22.0, arch),
        (27.5, arch * 0.75), (ball - 5.0, 0.4), (ball - 1.0, 0.0), (ball + 1.2, 3.4), (ball - 1.0, 7.6), (30.0 - shortened, 11.6 + arch * 0.25),
        (22.0, 17.4 + arch * 0.3), (16.6, 25.0), (16.0, 34.0),
    ])  # fmt: skip


def toe_outline(lift_deg: float, long: float, thick: float, shortened: float = 0.0, drop: float = 0.0) -> tuple[Point, ...]:
    """One toe from its joint, lifted by so many degrees."""
    jx, jy = _TOE_JOINT[0] - shortened, _TOE_JOINT[1] - drop
    flat = [
        (-3.0, -thick * 0.55),
        (long * 0.5, -thick * 0.42),
        (long * 0.86, -thick * 0.5),
        (long, -thick * 0.05),
        (long * 0.86, thick * 0.42),
        (long * 0.45, thick * 0.32),
        (-3.0, thick * 0.62),
    ]
    c, s = cos(radians(lift_deg)), sin(radians(lift_deg))
    return smooth([(jx + x * c - y * s, jy + x * s + y * c) for x, y in flat])


def foot(arch: float = 2.0, shortened: float = 0.0, big_toe: float = 0.0, small_toes: float = 0.0, *, ghost: bool = False) -> list[Shape]:
    """The foot in one posture; lifts in degrees."""
    fill, edge, far = (GHOST_FILL, GHOST_EDGE, GHOST_FILL) if ghost else (SKIN, INK, FAR_FILLS["skin"])
    role = "inset-ghost" if ghost else "inset"
    shapes = []
    if small_toes > 0 or big_toe > 0:
        for i, long in enumerate((9.5, 11.0, 12.5)):
            shapes.append(Shape(role, toe_outline(small_toes * (1.3 - 0.3 * i), long, 4.6, shortened, 0.5), far, edge, LINE))
    shapes.append(Shape(role, toe_outline(big_toe, 13.5, 6.6, shortened), fill, edge, LINE))
    shapes.append(Shape(role, foot_outline(arch, shortened), fill, edge, LINE))
    patch = [
        (_TOE_JOINT[0] - shortened + x, _TOE_JOINT[1] + y)
        for x, y in ((-4.5, -2.6), (0.4, -2.4 + big_toe * 0.02), (0.4, 2.6 + big_toe * 0.03), (-4.5, 3.4))
    ]
    shapes.append(Shape(role, smooth(patch), fill))
    if not ghost:
        jx, jy = _TOE_JOINT[0] - shortened, _TOE_JOINT[1]
        c, s = cos(radians(big_toe)), sin(radians(big_toe))
        nail = tuple((jx + x * c - y * s, jy + x * s + y * c) for x, y in ((10.0, 2.6), (12.2, 2.0), (13.0, 0.6)))
        shapes.append(Shape(role, nail, None, edge, LINE * 0.7, closed=False))
        shapes.append(Shape(role, smooth([(9.0, 21.0), (11.0, 23.0), (13.0, 21.4)], closed=False), None, edge, LINE * 0.7, closed=False))
    return shapes


# A right foot seen from the front, the big toe on the inner side: middle, half width, half height of each toe.
_TOES = ((14.0, 7.4, 6.2), (2.4, 4.7, 4.9), (-6.4, 4.4, 4.6), (-14.2, 4.1, 4.2), (-21.2, 3.7, 3.8))
_OVAL = ((-1.0, 0.0), (-0.7, 0.8), (0.0, 1.0), (0.7, 0.8), (1.0, 0.0), (0.7, -0.8), (0.0, -1.0), (-0.7, -0.8))
TOE_LIFT = 13.0


def foot_from_front(lifted: tuple[int, ...]) -> list[Shape]:
    """The forefoot with its five toes (0 = big toe); the lifted ones stand clear of the ground."""
    instep = smooth([
        (-25.0, 5.0), (-23.6, 13.0), (-16.0, 22.0), (-8.0, 30.0), (-6.0, 42.0), (14.0, 42.0), (16.0, 30.0), (20.0, 20.0), (22.4, 10.0), (20.6, 3.4),
        (0.0, 1.6), (-22.0, 1.8),
    ])  # fmt: skip
    shapes = [Shape("inset", instep, SKIN, INK, LINE * 1.2)]
    for toe, (x, wide, high) in enumerate(_TOES):
        up = toe in lifted
        tall = high * 1.5 if up else high
        middle = high + 0.4 + TOE_LIFT * 0.62 if up else high
        shapes.append(Shape("inset", smooth([(x + wide * px, middle + tall * py) for px, py in _OVAL]), SKIN, INK, LINE * 1.2))
        if up:  # its pad and the fold below it
            fold = [(x - wide * 0.6, middle - tall * 0.12), (x, middle - tall * 0.26), (x + wide * 0.6, middle - tall * 0.12)]
            shapes.append(Shape("inset", smooth(fold, closed=False), None, INK, LINE * 0.7, closed=False))
        else:
            nail = [(x + wide * px, middle + high * py) for px, py in ((-0.5, 0.1), (-0.42, 0.7), (0.42, 0.7), (0.5, 0.1))]
            shapes.append(Shape("inset", smooth(nail), PAPER, INK, LINE * 0.7))
    return shapes


def running_shoe(pale: str, dark: str, stripe: str) -> list[Shape]:
    """A running shoe from the side, toes to the right, heel near the origin, about 56 units long."""
    upper = smooth([
        (0.6, 4.0), (-1.2, 10.0), (1.4, 19.5), (6.0, 21.5), (14.0, 19.4), (20.0, 16.0), (30.0, 11.2), (42.0, 9.4),
        (50.0, 5.8), (51.4, 2.2), (40.0, 1.6), (20.0, 1.8),
    ])  # fmt: skip
    sole = smooth(
        [(-2.6, 4.6), (-3.0, 0.4), (1.0, -2.6), (20.0, -2.2), (42.0, -2.4), (51.0, -0.2), (53.6, 3.2), (44.0, 3.0), (24.0, 2.6), (8.0, 3.4)]
    )
    laces = [((16.6 + 3.4 * i, 17.6 - 1.9 * i), (20.6 + 3.4 * i, 12.6 - 1.7 * i)) for i in range(4)]
    return [
        Shape("support", upper, pale, INK, LINE * 1.2),
        Shape("support", smooth([(2.6, 18.0), (7.0, 16.4), (14.0, 18.8), (8.0, 21.0)]), dark, INK, LINE),
        Shape("support", sole, PAPER, INK, LINE * 1.2),
        *(Shape("support", lace, None, INK, LINE * 1.6, closed=False) for lace in laces),
        Shape("support", smooth([(8.0, 4.6), (16.0, 8.6), (26.0, 5.0)], closed=False), None, stripe, LINE * 2.2, closed=False),
    ]
