"""The chart of knee and thigh: front, outer side and back of both legs, drawn by us, every region with its code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kneeclinic.knowledge.body_chart import KINDS, REGIONS, VIEWS, Spot

LEG_WIDTH, LEG_HEIGHT = 90, 236
WIDTH, HEIGHT = 6 * LEG_WIDTH + 2 * 16, LEG_HEIGHT + 40
Shape = tuple[tuple[float, float], ...]
SHAPES: dict[str, Shape] = {
    "front.thigh": ((16, 4), (74, 4), (70, 60), (66, 88), (24, 88), (19, 60)),
    "front.above_patella": ((24, 90), (66, 90), (65, 108), (58, 110), (45, 105), (32, 110), (25, 108)),
    "front.patella_outer": ((25, 110), (33, 112), (31, 124), (34, 136), (24, 136), (22, 122)),
    "front.patella": ((35, 112), (45, 107), (55, 112), (58, 123), (54, 136), (45, 141), (36, 136), (32, 123)),
    "front.patella_inner": ((57, 112), (65, 110), (68, 122), (66, 136), (56, 136), (60, 124)),
    "front.joint_outer": ((24, 138), (35, 138), (40, 144), (39, 156), (25, 154)),
    "front.tendon": ((41, 143), (49, 143), (50, 164), (40, 164)),
    "front.joint_inner": ((55, 138), (66, 138), (65, 154), (51, 156), (50, 144)),
    "front.shin": ((25, 157), (38, 158), (39, 167), (51, 167), (52, 158), (65, 157), (66, 186), (60, 232), (32, 232), (25, 186)),
    "outer.thigh": ((18, 4), (72, 4), (69, 60), (66, 100), (26, 100), (22, 60)),
    "outer.band": ((26, 102), (66, 102), (69, 124), (66, 146), (28, 146), (26, 124)),
    "outer.fibula": ((34, 148), (62, 148), (60, 166), (37, 166)),
    "outer.shin": ((30, 168), (62, 168), (64, 186), (58, 232), (36, 232), (27, 190)),
    "back.thigh": ((16, 4), (74, 4), (70, 60), (66, 106), (24, 106), (19, 60)),
    "back.outer": ((24, 108), (44, 108), (44, 146), (24, 146), (22, 126)),
    "back.inner": ((46, 108), (66, 108), (68, 126), (66, 146), (46, 146)),
    "back.calf": ((24, 148), (66, 148), (69, 176), (60, 232), (32, 232), (21, 176)),
}
"""Corners within one leg as seen from the front of the right leg: its outer side is at the left. Left legs are mirrored."""
SHADES = ("#ffffff", "#f6d9c6", "#eeb08a", "#d97b4f", "#a8432a")
LETTER = {kind: kind[0].upper() if kind != "tingling" else "T" for kind in KINDS}


def legs() -> list[tuple[str, str, float, bool]]:
    """View, side mark, left edge and whether it is mirrored, from left to right. In front views the right leg stands at the left, as it is seen."""
    found, x = [], 0.0
    for view in VIEWS:
        order = ("L", "R") if view == "back" else ("R", "L")
        for side in order:
            outer_at_left = (side == "R") != (view == "back")
            found.append((view, side, x, not outer_at_left))
            x += LEG_WIDTH
        x += 16
    return found


def corners(region: str, x: float, mirrored: bool) -> Shape:
    return tuple((x + (LEG_WIDTH - px if mirrored else px), py + 24) for px, py in SHAPES[region])


def shade(strength: int) -> str:
    return SHADES[0 if strength == 0 else min(4, 1 + (strength - 1) // 3)]


def centre(shape: Shape) -> tuple[float, float]:
    return sum(x for x, _ in shape) / len(shape), sum(y for _, y in shape) / len(shape)


def body_chart_svg(spots: Iterable[Spot]) -> str:
    """The chart as SVG; a marked region has a shade, the letter of its kind and its strength, so that no colour is needed to read it."""
    marked = {one.place: one for one in spots}
    said = "; ".join(one.words for one in marked.values()) or "no painful region marked"
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Body chart: {said}" width="100%">']
    for view, side, x, mirrored in legs():
        parts.append(f'<text x="{x + LEG_WIDTH / 2}" y="14" font-size="11" text-anchor="middle" fill="#35504c">{VIEWS[view]} {side}</text>')
        for region in (one for one in SHAPES if one.startswith(f"{view}.")):
            shape = corners(region, x, mirrored)
            spot = marked.get(f"{side}.{region}")
            points = " ".join(f"{px:g},{py:g}" for px, py in shape)
            fill = shade(spot.strength) if spot else "#fbf7f4"
            parts.append(f'<polygon points="{points}" fill="{fill}" stroke="#6b7d79" stroke-width="{2 if spot else 1}" stroke-linejoin="round"/>')
            if spot:
                cx, cy = centre(shape)
                ink = "#ffffff" if spot.strength > 6 else "#16211f"
                parts.append(
                    f'<text x="{cx:g}" y="{cy + 4:g}" font-size="11" font-weight="700" text-anchor="middle" fill="{ink}">'
                    f"{LETTER[spot.kind]}{spot.strength}</text>"
                )
    return "".join(parts) + "</svg>"


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


def areas() -> tuple[Area, ...]:
    """Every region of both legs, for a page that makes the drawing clickable."""
    found = []
    for view, side, x, mirrored in legs():
        for region in (one for one in SHAPES if one.startswith(f"{view}.")):
            shape = corners(region, x, mirrored)
            left, top = min(px for px, _ in shape), min(py for _, py in shape)
            width, height = max(px for px, _ in shape) - left, max(py for _, py in shape) - top
            outline = tuple((100 * (px - left) / width, 100 * (py - top) / height) for px, py in shape)
            box = (100 * left / WIDTH, 100 * top / HEIGHT, 100 * width / WIDTH, 100 * height / HEIGHT)
            found.append(Area(f"{side}.{region}", REGIONS[region], *box, outline))
    return tuple(found)
