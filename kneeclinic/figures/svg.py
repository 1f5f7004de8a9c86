"""A scene for the screen: one standalone SVG with its title and description."""

from functools import lru_cache
from xml.sax.saxutils import escape

from kneeclinic.figures.ink import DASH_CM, Shape
from kneeclinic.figures.scene import Scene

_KEPT_PICTURES = 300  # about 10 MB of text


@lru_cache(maxsize=_KEPT_PICTURES)
def render_svg(scene: Scene, width: int = 480, height: int = 0) -> str:
    """The scene as an SVG document `width` pixels wide; with a `height` it stands in the middle of a box of that size."""
    frame = scene.frame
    height = height or max(round(width / scene.aspect), 1)
    drawn = "".join(_path(shape, frame.left, frame.top) for shape in scene.shapes)
    words = escape(scene.alt_text)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {frame.width:.2f} {frame.height:.2f}" role="img" '
        f'aria-label="{escape(scene.alt_text, {chr(34): "&quot;"})}"><title>{escape(scene.name)}</title><desc>{words}</desc>'
        f'<g stroke-linejoin="round" stroke-linecap="round">{drawn}</g></svg>'
    )


def _path(shape: Shape, left: float, top: float) -> str:
    corners = _pattern(len(shape.points)) % tuple(number for x, y in shape.points for number in (x - left, top - y))
    ink = f'fill="{shape.fill or "none"}"'
    if shape.stroke:
        ink += f' stroke="{shape.stroke}" stroke-width="{shape.width:.2f}"'
    if shape.dashed:
        ink += f' stroke-dasharray="{DASH_CM[0]:g} {DASH_CM[1]:g}"'
    return f'<path d="M{corners}{"Z" if shape.closed else ""}" {ink}/>'


@lru_cache
def _pattern(count: int) -> str:
    """How so many points are written: one formatting for all of them is faster than one for each."""
    return " ".join(["%.1f %.1f"] * count)
