"""Pictures of tape strips on the knee, of braces and of insoles; drawn for the right side and mirrored for the left."""

from dataclasses import dataclass
from math import hypot

from kneeclinic.figures.camera import Point
from kneeclinic.figures.curves import smooth
from kneeclinic.figures.foot_view import foot, running_shoe
from kneeclinic.figures.ink import ACCENT, INK, PAPER, SKIN, Shape, frame_round
from kneeclinic.figures.knee_view import edge_at, kneecap, kneecap_under_skin, leg
from kneeclinic.figures.locator import locator
from kneeclinic.figures.marks import arrow, circle
from kneeclinic.figures.scene import MARGIN_CM, Scene

_LINE = 0.7
_TAPE = "#e7cfa9"
_CLOTH, _CLOTH_DARK, _CLOTH_PALE = "#6f8296", "#47566a", "#a9b8c6"
_SIDES = ("right", "left", "both")


class UnknownSupport(KeyError):
    """No picture is known for this tape component or support; the message says which are."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Strip:
    """One strip of rigid tape: anchored at the first point, pulled to the last."""

    path: tuple[Point, ...]
    width: float = 7.6


@dataclass(frozen=True)
class Taping:
    """The strips of one component, in the order they are put on, and what they do."""

    strips: tuple[Strip, ...]
    lifts_edge: Point | None
    words: str


# Directions after clinical reference 6.1; right knee from the front, outer side at negative x, kneecap at the origin.
TAPINGS: dict[str, Taping] = {
    "glide": Taping(
        (Strip(((-7.0, 0.6), (2.0, 1.2), (12.4, 0.2)), 8.4),),
        None,
        "one strip from the outer border of the kneecap across it to the inner side of the knee, pulled inward",
    ),
    "tilt": Taping(
        (Strip(((0.4, 0.8), (6.0, 1.0), (12.8, 0.4)), 7.4),),
        (-9.2, 0.4),
        "one strip from the middle of the kneecap to the inner side of the knee, pulled inward so that the outer edge lifts",
    ),
    "rotation": Taping(
        (Strip(((-1.6, -6.4), (5.0, 0.8), (12.6, 10.0)), 7.4),), None, "one strip from the lower pole of the kneecap, pulled up and inward"
    ),
    "ap_tilt": Taping(
        (
            Strip(((-11.4, 5.0), (0.0, 5.6), (12.4, 5.0)), 6.4),
            Strip(((-0.4, -15.5), (-6.4, -10.0), (-11.6, -1.5)), 5.6),
            Strip(((0.4, -15.5), (6.4, -10.0), (12.2, -1.5)), 5.6),
        ),
        None,
        "one strip over the upper half of the kneecap, then two in a V from the shin bump up to both sides, lifting the soft tissue between",
    ),
}
_ALIASES = {"fat_pad": "ap_tilt", "fat_pad_unload": "ap_tilt"}


def tape_scene(component: str, side: str) -> Scene:
    """Where the strips of a component go, with anchor (dot) and pull (arrow). Raises UnknownSupport."""
    name = _ALIASES.get(str(component), str(component))
    if name not in TAPINGS:
        raise UnknownSupport(f"no tape picture is called {str(component)!r}; known are {', '.join(TAPINGS)}")
    taping = TAPINGS[name]
    shapes = [*_person("knee_front_right"), *leg(), *kneecap_under_skin()]
    for strip in taping.strips:
        shapes += _tape(strip)
    shapes.append(kneecap_outline())
    for strip in taping.strips:
        shapes += _pull(strip)
    if taping.lifts_edge:
        x, y = taping.lifts_edge
        lift = smooth([(x + 3.4, y - 6.0), (x - 2.4, y - 3.6), (x - 3.4, y + 2.4), (x + 1.2, y + 6.4)], closed=False)
        shapes += arrow(lift, size=0.5)
    return _scene(
        f"tape_{name}",
        shapes,
        side,
        f"Front view of the {{side}} knee with tape: {taping.words}. A dot marks where each strip is anchored, an arrow its pull.",
    )


def support_scene(support_id: str, side: str) -> Scene:
    """A brace, an insole, a shoe or the first strip of tape, as a small picture. Raises UnknownSupport."""
    if support_id == "tape_patellar":
        return tape_scene("glide", side)
    if support_id not in SUPPORTS:
        raise UnknownSupport(f"no support picture is called {str(support_id)!r}; known are tape_patellar, {', '.join(SUPPORTS)}")
    draw, words = SUPPORTS[support_id]
    person = _person("knee_front_right") if support_id.startswith("brace") else []
    return _scene(support_id, person + draw(), side, words)


def _person(point: str) -> list[Shape]:
    """Who wears it, with a ring round the knee that is drawn large."""
    return locator(point, (-26.0, -25.5), 36.0, (-12.6, -12.5))


def _scene(name: str, shapes: list[Shape], side: str, words: str) -> Scene:
    if str(side) not in _SIDES:
        raise UnknownSupport(f"side {str(side)!r} is not one of {', '.join(_SIDES)}")
    told = words.format(side=side if side != "both" else "one")
    if side == "both":
        told = told.replace("the one knee", "one knee, drawn as a right knee,").replace("the one foot", "one foot")
        told += " The other side is the mirror image."
    scene = Scene(name, tuple(shapes), frame_round(shapes, MARGIN_CM * 0.5), told)
    return scene.mirrored(told) if side == "left" else scene


def ribbon(path: tuple[Point, ...], width: float) -> tuple[Point, ...]:
    """The outline of a strip along a path, square at its ends."""
    left, right = [], []
    for i, (x, y) in enumerate(path):
        (ax, ay), (bx, by) = path[max(i - 1, 0)], path[min(i + 1, len(path) - 1)]
        size = hypot(bx - ax, by - ay) or 1.0
        nx, ny = -(by - ay) / size * width / 2, (bx - ax) / size * width / 2
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return tuple(left + right[::-1])


def _tape(strip: Strip) -> list[Shape]:
    path = smooth(list(strip.path), closed=False)
    edge = ribbon(path, strip.width)
    ribs = [Shape("tape", (edge[i], edge[-1 - i]), None, "#c9ab7d", 0.3, closed=False) for i in range(2, len(path) - 2, 2)]
    return [Shape("tape", edge, _TAPE), *ribs, Shape("tape", edge, None, INK, _LINE)]


def _pull(strip: Strip) -> list[Shape]:
    path = smooth(list(strip.path), closed=False)
    x, y = path[1]
    return [*arrow(path[3:], size=0.54), Shape("anchor", circle(x, y, 1.5, 20), INK, PAPER, 0.5)]


def kneecap_outline() -> Shape:
    """The kneecap as a broken line over the tape."""
    return Shape("kneecap", kneecap().points, None, INK, _LINE * 0.8, dashed=True)


def _wrap(top: float, bottom: float, bulge: float, fill: str) -> Shape:
    """Cloth round the leg between two heights, a little wider than the skin."""
    heights = [top + (bottom - top) * i / 6 for i in range(7)]
    outer = [(edge_at(h, inner=False) - 0.9, h) for h in heights]
    inner = [(edge_at(h, inner=True) + 0.9, h) for h in heights]
    foot_line = smooth([outer[-1], (0.0, bottom - bulge), inner[-1]], closed=False)
    head_line = smooth([inner[0], (0.0, top - bulge), outer[0]], closed=False)
    return Shape("support", tuple(outer) + foot_line[1:-1] + tuple(inner[::-1]) + head_line[1:-1], fill, INK, _LINE)


def _hems(top: float, bottom: float) -> list[Shape]:
    return [_wrap(top, top - 2.6, 1.4, _CLOTH_DARK), _wrap(bottom + 2.6, bottom, 1.4, _CLOTH_DARK)]


def _sleeve() -> list[Shape]:
    hole = Shape("support", circle(0.0, -0.2, 7.4), SKIN, INK, _LINE * 1.6)
    return [*leg(), _wrap(20.0, -20.0, 1.4, _CLOTH), *_hems(20.0, -20.0), hole, *kneecap_under_skin()]


def _strap() -> list[Shape]:
    pad = Shape("support", smooth([(-4.6, -10.2), (4.6, -10.2), (5.2, -12.6), (4.6, -15.0), (-4.6, -15.0), (-5.2, -12.6)]), _CLOTH_DARK, INK, _LINE)
    return [*leg(), *kneecap_under_skin(), _wrap(-9.4, -14.4, 1.0, _CLOTH), pad]


def _realign() -> list[Shape]:
    sleeve = [*leg(), _wrap(22.0, -22.0, 1.4, _CLOTH_PALE), *_hems(22.0, -22.0)]
    hole = Shape("support", circle(0.0, -0.2, 7.6), SKIN, INK, _LINE * 1.4)
    buttress = Shape(
        "support",
        smooth([(-3.0, 9.6), (-8.6, 6.6), (-10.6, 0.0), (-8.6, -6.8), (-3.0, -9.8), (-6.4, -5.2), (-7.8, 0.0), (-6.4, 5.2)]),
        _CLOTH_DARK,
        INK,
        _LINE,
    )
    straps = []
    for sign in (1, -1):
        path = smooth([(-10.8, sign * 3.4), (0.0, sign * 10.8), (12.6, sign * 8.2)], closed=False)
        straps += [Shape("support", ribbon(path, 3.6), _CLOTH, INK, _LINE)]
    pull = arrow(((-17.5, 0.0), (-15.0, 0.0), (-13.0, 0.0), (-11.8, 0.0), (-10.4, 0.0)), size=0.5)
    return [*sleeve, *straps, hole, *kneecap_under_skin(), buttress, *pull]


def _insole() -> list[Shape]:
    base = smooth(
        [
            (-1.2, 0.6),
            (-1.6, -2.6),
            (6.0, -3.6),
            (20.0, -3.4),
            (34.0, -3.0),
            (40.0, -2.4),
            (36.0, -0.6),
            (29.0, 1.4),
            (22.0, 4.4),
            (15.0, 2.6),
            (9.0, 0.2),
            (3.0, -0.2),
            (0.6, 3.4),
        ]
    )
    return [
        Shape("support", ((-6.0, -4.0), (54.0, -4.0)), None, INK, _LINE, closed=False),
        *foot(arch=5.2),
        Shape("support", base, _CLOTH, INK, _LINE * 1.2),
        *arrow(((22.0, -13.5), (22.0, -11.0), (22.0, -8.4), (22.0, -5.4)), size=0.62),
    ]


def _shoe() -> list[Shape]:
    return running_shoe(_CLOTH_PALE, _CLOTH_DARK, ACCENT)


SUPPORTS = {
    "brace_sleeve": (_sleeve, "Front view of the {side} knee in an elastic sleeve with an opening for the kneecap."),
    "brace_strap": (_strap, "Front view of the {side} knee with a strap round the leg just below the kneecap."),
    "brace_realign": (
        _realign,
        "Front view of the {side} knee in a brace with a pad along the outer edge of the kneecap and two straps that hold it inward.",
    ),
    "orthosis_prefab": (_insole, "Inner side of the {side} foot on a ready-made insole that supports the arch."),
    "footwear_comfort": (_shoe, "A running shoe that feels comfortable, {side} foot."),
}
