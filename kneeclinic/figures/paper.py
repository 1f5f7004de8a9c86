"""A scene on paper: drawn on a ReportLab canvas as lines and fills, never as an image.

The operators of a scene are written once in its own centimetres and kept; a canvas only places and scales them.
"""

from functools import lru_cache
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from kneeclinic.figures.ink import DASH_CM, Shape
from kneeclinic.figures.scene import Scene

_PAGE_POINTS = 420.0
_KEPT_SCENES = 600  # every exercise for either side and both, with tape and supports, and room to spare


def draw_scene(canvas: Canvas, scene: Scene, x: float, y: float, width: float, height: float) -> None:
    """Draws the scene as large as it fits into the box, in its middle. (x, y) is the lower left corner, in points."""
    frame = scene.frame
    size = min(width / frame.width, height / frame.height)
    canvas.saveState()
    canvas.translate(x + (width - frame.width * size) / 2, y + (height - frame.height * size) / 2)
    canvas.scale(size, size)
    canvas.addLiteral(operators(scene))
    canvas.restoreState()


def scene_pdf(scene: Scene) -> bytes:
    """One page that is just the scene; the same scene gives the same bytes."""
    page = (_PAGE_POINTS, _PAGE_POINTS / scene.aspect)
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=page, invariant=1)
    canvas.setTitle(scene.name)
    canvas.setSubject(scene.alt_text)
    draw_scene(canvas, scene, 0, 0, *page)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@lru_cache(maxsize=_KEPT_SCENES)
def operators(scene: Scene) -> str:
    """The shapes of a scene as PDF path operators, in centimetres from the lower left corner of the frame; round joins and ends."""
    return "\n".join(["1 j 1 J", *(_path(shape, scene.frame.left, scene.frame.bottom) for shape in scene.shapes)])


def _path(shape: Shape, left: float, bottom: float) -> str:
    ink = []
    if shape.fill:
        ink.append(f"{_colour(shape.fill)} rg")
    if shape.stroke:
        dash = " ".join(f"{length:g}" for length in DASH_CM) if shape.dashed else ""
        ink.append(f"{_colour(shape.stroke)} RG {shape.width:.2f} w [{dash}] 0 d")
    lines = _pattern(len(shape.points)) % tuple(number for x, y in shape.points for number in (x - left, y - bottom))
    return f"{' '.join(ink)} {lines}{' h' if shape.closed else ''} {_PAINT[bool(shape.fill), bool(shape.stroke)]}"


@lru_cache
def _pattern(count: int) -> str:
    """How a path of so many points is written: one formatting for all of them is faster than one for each."""
    return "%.1f %.1f m" + " %.1f %.1f l" * (count - 1)


_PAINT = {(True, True): "B", (True, False): "f", (False, True): "S", (False, False): "n"}


@lru_cache
def _colour(code: str) -> str:
    return " ".join(f"{int(code[i : i + 2], 16) / 255:.3f}" for i in (1, 3, 5))
