"""The body chart on paper: the same drawing as on the screen, with the painful places in words under it."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block
from kneeclinic.documents.palette import INK
from kneeclinic.documents.tagging import figure
from kneeclinic.figures import body_chart
from kneeclinic.knowledge.body_chart import VIEWS, Spot

WIDEST = 400


@dataclass(frozen=True)
class BodyChartBlock(Block):
    """The six legs in one row; a marked region has a shade, the letter of its kind and its strength."""

    spots: tuple[Spot, ...]
    keep_with_next = True

    def height(self, width: float) -> float:
        return min(width, WIDEST) / body_chart.WIDTH * (body_chart.HEIGHT - 14)

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        scale = min(width, WIDEST) / body_chart.WIDTH
        marked = {one.place: one for one in self.spots}
        words = "; ".join(one.words for one in self.spots)
        with figure(canvas, f"Body chart: {words}", x, top - self.height(width), min(width, WIDEST), self.height(width)):
            self._draw_legs(canvas, x, top, scale, marked)

    def _draw_legs(self, canvas: Canvas, x: float, top: float, scale: float, marked: dict[str, Spot]) -> None:
        canvas.saveState()
        for view, side, left, mirrored in body_chart.legs():
            middle = x + (left + body_chart.LEG_WIDTH / 2) * scale
            typeface.draw(canvas, middle, top - 14 * scale, f"{VIEWS[view]} {side}", 8, align="center", color=INK)
            for region in (one for one in body_chart.SHAPES if one.startswith(f"{view}.")):
                shape = body_chart.corners(region, left, mirrored)
                spot = marked.get(f"{side}.{region}")
                path = canvas.beginPath()
                path.moveTo(x + shape[0][0] * scale, top - shape[0][1] * scale)
                for px, py in shape[1:]:
                    path.lineTo(x + px * scale, top - py * scale)
                path.close()
                canvas.setStrokeColor(HexColor("#6b7d79"))
                canvas.setLineWidth(1.4 if spot else 0.6)
                canvas.setFillColor(HexColor(body_chart.shade(spot.strength) if spot else "#ffffff"))
                canvas.drawPath(path, stroke=1, fill=1)
                if spot:
                    cx, cy = body_chart.centre(shape)
                    ink = HexColor("#ffffff") if spot.strength > 6 else INK
                    typeface.draw(canvas, x + cx * scale, top - (cy + 4) * scale, f"{body_chart.LETTER[spot.kind]}{spot.strength}", 8, bold=True,
                                  align="center", color=ink)
        canvas.restoreState()
