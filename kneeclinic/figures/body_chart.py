"""The chart of knee and thigh: front, back, outer and inner side of both legs, drawn by us, every region with its code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from kneeclinic.figures import leg_shapes
from kneeclinic.figures.leg_shapes import Shape
from kneeclinic.knowledge.body_chart import KINDS, REGIONS, VIEWS, Spot

LEG_WIDTH, LEG_HEIGHT, GAP, HEAD = leg_shapes.WIDTH, leg_shapes.HEIGHT, 14.0, 20.0
ROW = HEAD + LEG_HEIGHT + 8
SHAPES = leg_shapes.REGIONS
SKIN, EDGE, BORDER, LINE = "#f9efe7", "#5b4a3f", "#bf9c85", "#b28a71"
SHADES = ("#ffffff", "#f6d0b8", "#eeb08a", "#d97b4f", "#a8432a")
LETTER = {kind: kind[0].upper() if kind != "tingling" else "T" for kind in KINDS}


@dataclass(frozen=True)
class Leg:
    """One leg of the chart: seen from where, which one, and where it stands on the drawing."""

    view: str
    side: str
    x: float
    y: float
    mirrored: bool

    @property
    def title(self) -> str:
        return f"{VIEWS[self.view]} {self.side}"

    def at(self, shape: Shape) -> Shape:
        return tuple((self.x + (LEG_WIDTH - px if self.mirrored else px), self.y + HEAD + py) for px, py in shape)


@cache
def legs(columns: int = 4) -> tuple[Leg, ...]:
    """Both legs from four sides. From the front the right leg stands at the left, as it is seen; from the back at the right."""
    found = []
    both = [(view, side) for view in VIEWS for side in (("L", "R") if view == "back" else ("R", "L"))]
    for number, (view, side) in enumerate(both):
        row, column = divmod(number, columns)
        found.append(Leg(view, side, column * LEG_WIDTH + column // 2 * GAP, row * ROW, (side == "R") == (view == "back")))
    return tuple(found)


def size(columns: int = 4) -> tuple[float, float]:
    """Width and height of the drawing with so many legs in a row."""
    return columns * LEG_WIDTH + (columns // 2 - 1) * GAP, ROW * -(-2 * len(VIEWS) // columns)


def regions_of(leg: Leg) -> tuple[str, ...]:
    """From the lowest to the one that lies on top."""
    return tuple(one for one in SHAPES if one.startswith(f"{leg.view}."))


def shade(strength: int) -> str:
    return SHADES[0 if strength == 0 else min(4, 1 + (strength - 1) // 3)]


def centre(shape: Shape) -> tuple[float, float]:
    """Where the mark of a region is written: the middle of its box."""
    xs, ys = [x for x, _ in shape], [y for _, y in shape]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def mark_of(leg: Leg, region: str) -> tuple[float, float]:
    """Where the letter of a marked region stands: clear of what lies on top of it."""
    x, y = centre(leg.at(SHAPES[region]))
    sideways = MARK_ASIDE.get(region, 0.0)
    return x + (-sideways if leg.mirrored else sideways), y


MARK_ASIDE = {"front.patella_outer": -6.5, "front.patella_inner": 6.5, "front.joint_outer": -1.0, "front.joint_inner": 1.0}
SMALL = (*MARK_ASIDE, "front.tendon", "outer.fibula", "front.above_patella")


def body_chart_svg(spots: Iterable[Spot], columns: int = 4) -> str:
    """The chart as SVG; a marked region has a shade, the letter of its kind and its strength, so that no colour is needed to read it."""
    marked = {one.place: one for one in spots}
    said = "; ".join(one.words for one in marked.values()) or "no painful region marked"
    width, height = size(columns)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="Body chart: {said}" width="100%">']
    for leg, under, outlines, over in _blank(columns):
        parts.append(under)
        for region, outline in outlines:
            spot = marked.get(f"{leg.side}.{region}")
            parts.append(f'{outline} fill="{shade(spot.strength) if spot else SKIN}" stroke="{BORDER}" '
                         f'stroke-width="{1.4 if spot else 0.5}" {"" if spot else _dash(region)}stroke-linejoin="round"/>')
        parts.append(over)
        for region in regions_of(leg):
            if spot := marked.get(f"{leg.side}.{region}"):
                x, y = mark_of(leg, region)
                small = region in SMALL
                ink = "#ffffff" if spot.strength > 6 and not small else "#16211f"
                if small:  # the letters are wider than the place: a tag of their own
                    parts.append(f'<rect x="{x - 7.5:g}" y="{y - 5.5:g}" width="15" height="11" rx="2.5" fill="#ffffff" stroke="{BORDER}" '
                                 'stroke-width="0.5"/>')
                parts.append(f'<text x="{x:g}" y="{y + 3.5:g}" font-size="{9 if small else 11}" font-family="sans-serif" font-weight="700" '
                             f'text-anchor="middle" fill="{ink}">{LETTER[spot.kind]}{spot.strength}</text>')
    return "".join(parts) + "</svg>"


@cache
def _blank(columns: int) -> tuple[tuple[Leg, str, tuple[tuple[str, str], ...], str], ...]:
    """What is the same on every chart, leg by leg: what lies under the regions, the outline of each region, and the lines over them."""
    found = []
    for leg in legs(columns):
        under = (f'<text x="{leg.x + LEG_WIDTH / 2:g}" y="{leg.y + 13:g}" font-size="11" font-family="sans-serif" text-anchor="middle" '
                 f'fill="#35504c">{leg.title}</text><path d="{_path(leg.at(leg_shapes.outline(leg.view)))}z" fill="{SKIN}"/>')
        outlines = tuple((region, f'<path d="{_path(leg.at(SHAPES[region]))}z"') for region in regions_of(leg))
        over = [f'<path d="{_path(leg.at(line))}" fill="none" stroke="{LINE}" stroke-width="0.7"/>'
                for line in leg_shapes.LANDMARKS[leg.view]]
        over += [f'<path d="{_path(leg.at(line))}" fill="none" stroke="{EDGE}" stroke-width="1.3" stroke-linejoin="round"/>'
                 for line in leg_shapes.edges(leg.view)]
        found.append((leg, under, outlines, "".join(over)))
    return tuple(found)


def is_drawn(region: str) -> bool:
    """The kneecap, its tendon and the head of the fibula are things to see, not lines that divide."""
    return region in ("front.patella", "front.tendon", "outer.fibula")


def _dash(region: str) -> str:
    return "" if is_drawn(region) else 'stroke-dasharray="2 1.6" '


def _path(shape: Shape) -> str:
    """Each point as the step from the one before, in tenths: half as long as the places themselves, and the drawing travels with every mark."""
    tenths = [(round(float(f"{x:.1f}") * 10), round(float(f"{y:.1f}") * 10)) for x, y in shape]
    steps = [tenths[0], *((there[0] - here[0], there[1] - here[1]) for here, there in pairwise(tenths))]
    return "m" + re.sub(r"(?<!\d)0\.", ".", " ".join(f"{step / 10:g}" for both in steps for step in both)).replace(" -", "-")


@dataclass(frozen=True)
class Area:
    """Where a region lies on the drawing, in per cent of its width and height; `outline` in per cent of that box."""

    place: str
    name: str
    left: float
    top: float
    width: float
    height: float
    outline: Shape


@cache
def areas(columns: int = 4) -> tuple[Area, ...]:
    """Every region of both legs, the lowest first, for a page that makes the drawing clickable."""
    found = []
    whole_width, whole_height = size(columns)
    for leg in legs(columns):
        for region in regions_of(leg):
            shape = leg.at(SHAPES[region])
            left, top = min(px for px, _ in shape), min(py for _, py in shape)
            width, height = max(px for px, _ in shape) - left, max(py for _, py in shape) - top
            outline = tuple((100 * (px - left) / width, 100 * (py - top) / height) for px, py in shape)
            box = (100 * left / whole_width, 100 * top / whole_height, 100 * width / whole_width, 100 * height / whole_height)
            found.append(Area(f"{leg.side}.{region}", REGIONS[region], *box, outline))
    return tuple(found)
