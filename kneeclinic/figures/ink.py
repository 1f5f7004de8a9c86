"""What ends up on the paper: flat shapes with fill and outline, and the few tones the house draws with."""

from dataclasses import dataclass, replace

Point = tuple[float, float]

# Tones keep their order of lightness on a photocopier; the one accent colour prints dark.
INK = "#22262b"
ACCENT = "#b5380b"
PAPER = "#ffffff"
FLOOR = "#eef0ee"
FLOOR_EDGE = "#a9b0ad"
WOOD, WOOD_LIT = "#dcd6cb", "#f0ece4"
STEEL = "#c9ced4"
BAND = "#f4c23a"

SKIN, SHIRT, SHORTS, SHOE, HAIR = "#fbf1e7", "#9fb6cb", "#4b5a6e", "#30353d", "#463c35"
SOCK, SOLE = "#fdfdfd", "#f4f4f2"
FILLS = {"skin": SKIN, "shirt": SHIRT, "shorts": SHORTS, "shoe": SHOE, "hair": HAIR, "sock": SOCK, "sole": SOLE}
FAR_FILLS = {"skin": "#efe6dc", "shirt": "#b9c8d6", "shorts": "#7c8897", "shoe": "#6a7078", "hair": HAIR, "sock": "#f0f0ee", "sole": "#e4e5e4"}
GHOST_FILL, GHOST_EDGE = "#eff0f2", "#69727c"
PALE_TONES = {
    SKIN: "#fbfbfb",
    SHIRT: "#edeff1",
    SHORTS: "#dcdfe3",
    SHOE: "#d3d7db",
    HAIR: "#dcdfe3",
    SOCK: "#fbfbfb",
    SOLE: "#fbfbfb",
    INK: GHOST_EDGE,
    PAPER: PAPER,
} | {fill: "#eceef0" for fill in FAR_FILLS.values() if fill != HAIR}

DASH_CM = (3.0, 2.4)
OUTLINE_CM = 0.75
TREATED_OUTLINE_CM = 1.35
FAR_OUTLINE_CM = 0.6


@dataclass(frozen=True)
class Shape:
    """One filled or stroked path, in centimetres of the scene; `role` says what it belongs to."""

    role: str
    points: tuple[Point, ...]
    fill: str | None = None
    stroke: str | None = None
    width: float = 0.0
    closed: bool = True
    dashed: bool = False
    upright_about: float | None = None  # a tick or a clock is not turned round in a mirror: the x of its middle

    def mirrored(self) -> "Shape":
        if self.upright_about is not None:
            shift = 2 * self.upright_about
            return replace(self, points=tuple((x - shift, y) for x, y in self.points), upright_about=-self.upright_about)
        return replace(self, points=tuple((-x, y) for x, y in self.points))

    def moved(self, dx: float, dy: float) -> "Shape":
        return self.placed(dx, dy, 1.0)

    def placed(self, dx: float, dy: float, size: float) -> "Shape":
        """The shape scaled about the origin, lines and all, then moved."""
        about = None if self.upright_about is None else dx + self.upright_about * size
        return replace(self, points=tuple((dx + x * size, dy + y * size) for x, y in self.points), width=self.width * size, upright_about=about)


@dataclass(frozen=True)
class Frame:
    """The box that holds every shape of a scene."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom


def frame_round(shapes: tuple[Shape, ...] | list[Shape], margin: float) -> Frame:
    """The smallest box round all shapes, outlines included, with a margin."""
    left = bottom = 1e9
    right = top = -1e9
    for shape in shapes:
        xs, ys = zip(*shape.points, strict=True)
        half = shape.width / 2
        left, right = min(left, min(xs) - half), max(right, max(xs) + half)
        bottom, top = min(bottom, min(ys) - half), max(top, max(ys) + half)
    return Frame(left - margin, bottom - margin, right + margin, top + margin)


def stroke_first(role: str, outlines: list[tuple[Point, ...]], fill: str, stroke: str, width: float) -> list[Shape]:
    """Several outlines of one material as one body: all edges first, all fills over them."""
    if len(outlines) == 1:
        return [Shape(role, outlines[0], fill, stroke, width)]
    edges = [Shape(role, line, fill, stroke, width) for line in outlines]
    return edges + [Shape(role, line, fill) for line in outlines[:-1]]
