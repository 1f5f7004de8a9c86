"""The body chart on paper: the same drawing as on the screen, with the painful places in words under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block, Heading, Space, Words
from kneeclinic.documents.palette import INK
from kneeclinic.figures import body_chart, leg_shapes
from kneeclinic.figures.leg_shapes import Shape
from kneeclinic.knowledge.body_chart import NOTE_PART, Spot, read_spots
from kneeclinic.progress.amounts import day_text
from kneeclinic.record import Case

WIDEST = 460
COLUMNS = 8
"""All legs in one row: paper is wide and short of height."""


@dataclass(frozen=True)
class BodyChartBlock(Block):
    """Both legs from four sides; a marked region has a shade, the letter of its kind and its strength."""

    spots: tuple[Spot, ...]
    keep_with_next = True

    def height(self, width: float) -> float:
        wide, high = body_chart.size(COLUMNS)
        return min(width, WIDEST) / wide * high

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        scale = min(width, WIDEST) / body_chart.size(COLUMNS)[0]
        marked = {one.place: one for one in self.spots}
        canvas.saveState()
        canvas.setLineJoin(1)
        for leg in body_chart.legs(COLUMNS):
            def trace(shape: Shape, *, fill: str | None = None, stroke: str | None = None, line: float = 0, closed: bool = True,
                      leg: body_chart.Leg = leg) -> None:
                path = canvas.beginPath()
                for number, (px, py) in enumerate(leg.at(shape)):
                    (path.lineTo if number else path.moveTo)(x + px * scale, top - py * scale)
                if closed:
                    path.close()
                canvas.setLineWidth(line)
                canvas.setStrokeColor(HexColor(stroke or "#000000"))
                canvas.setFillColor(HexColor(fill or "#ffffff"))
                canvas.drawPath(path, stroke=int(stroke is not None), fill=int(fill is not None))

            typeface.draw(canvas, x + (leg.x + body_chart.LEG_WIDTH / 2) * scale, top - 12 * scale, leg.title, 7.5, align="center", color=INK)
            for region in body_chart.regions_of(leg):
                spot = marked.get(f"{leg.side}.{region}")
                canvas.setDash([] if spot or body_chart.is_drawn(region) else [1, 1])
                trace(body_chart.SHAPES[region], fill=body_chart.shade(spot.strength) if spot else "#ffffff", stroke=body_chart.BORDER,
                      line=0.8 if spot else 0.35)
            canvas.setDash([])
            for shape in leg_shapes.LANDMARKS[leg.view]:
                trace(shape, stroke=body_chart.LINE, line=0.4, closed=False)
            for shape in leg_shapes.edges(leg.view):
                trace(shape, stroke=body_chart.EDGE, line=0.9, closed=False)
            for region in body_chart.regions_of(leg):
                if spot := marked.get(f"{leg.side}.{region}"):
                    cx, cy = body_chart.mark_of(leg, region)
                    small = region in body_chart.SMALL
                    ink = HexColor("#ffffff") if spot.strength > 6 and not small else INK
                    if small:
                        canvas.setLineWidth(0.3)
                        canvas.setFillColor(HexColor("#ffffff"))
                        canvas.roundRect(x + cx * scale - 4.6, top - cy * scale - 3.4, 9.2, 6.8, 1.4, stroke=1, fill=1)
                    typeface.draw(canvas, x + cx * scale, top - cy * scale - 2.4, f"{body_chart.LETTER[spot.kind]}{spot.strength}",
                                  6 if small else 7.5, bold=True, align="center", color=ink)
        canvas.restoreState()


def drawn_charts(case: Case, on: date) -> tuple[tuple[date, tuple[Spot, ...]], ...]:
    """Every chart up to a day that was drawn at a visit, oldest first."""
    return tuple((one.on, spots) for one in case.visits if one.on <= on and (spots := read_spots(one.note.get(NOTE_PART, ""))))


def spots_words(spots: Sequence[Spot]) -> str:
    return f"{'; '.join(one.words for one in spots)}."


def where_it_hurts(case: Case, on: date, size: float) -> list[Block]:
    """The first and the newest chart, drawn and in words; nothing when none was drawn."""
    found = drawn_charts(case, on)
    if not found:
        return []
    blocks: list[Block] = [Space(4), Heading("Where it hurts", size + 2)]
    for day, spots in dict((found[0], found[-1])).items():
        blocks += [BodyChartBlock(spots), Words(f"{day_text(day)}: {spots_words(spots)}", size), Space(2)]
    return blocks
