"""A scene on paper: drawn on a ReportLab canvas as lines and fills, never as an image."""

from io import BytesIO

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from kneeclinic.figures.scene import Scene

_PAGE_POINTS = 420.0
_COLOURS: dict[str, HexColor] = {}


def _colour(code: str) -> HexColor:
    if code not in _COLOURS:
        _COLOURS[code] = HexColor(code)
    return _COLOURS[code]


def draw_scene(canvas: Canvas, scene: Scene, x: float, y: float, width: float, height: float) -> None:
    """Draws the scene as large as it fits into the box, in its middle. (x, y) is the lower left corner, in points."""
    frame = scene.frame
    size = min(width / frame.width, height / frame.height)
    canvas.saveState()
    canvas.translate(x + (width - frame.width * size) / 2, y + (height - frame.height * size) / 2)
    canvas.setLineJoin(1)
    canvas.setLineCap(1)
    for shape in scene.shapes:
        path = canvas.beginPath()
        (first_x, first_y), *rest = shape.points
        path.moveTo((first_x - frame.left) * size, (first_y - frame.bottom) * size)
        for px, py in rest:
            path.lineTo((px - frame.left) * size, (py - frame.bottom) * size)
        if shape.closed:
            path.close()
        if shape.fill:
            canvas.setFillColor(_colour(shape.fill))
        if shape.stroke:
            canvas.setStrokeColor(_colour(shape.stroke))
            canvas.setLineWidth(shape.width * size)
            canvas.setDash([3 * size, 2.4 * size] if shape.dashed else [])
        canvas.drawPath(path, stroke=1 if shape.stroke else 0, fill=1 if shape.fill else 0)
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
