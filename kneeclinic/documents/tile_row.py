"""The week in one row of tiles: this week large, last week small below it."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block
from kneeclinic.documents.palette import INK, LINE, PAPER, QUIET
from kneeclinic.documents.tagging import group, list_item

BETWEEN = 6.0
PAD = 5.0


@dataclass(frozen=True)
class PaperTile:
    """One number of the week: what it is, this week, and the sentence about last week."""

    label: str
    now: str
    last: str


@dataclass(frozen=True)
class TileRow(Block):
    """Tiles of equal width; labels may take two lines."""

    tiles: tuple[PaperTile, ...]
    size: float = 8.5
    big: float = 15.0

    def _wide(self, width: float) -> float:
        return (width - BETWEEN * (len(self.tiles) - 1)) / max(1, len(self.tiles))

    def _label(self, tile: PaperTile, width: float) -> tuple[str, ...]:
        return typeface.wrap(tile.label, self._wide(width) - 2 * PAD, self.size)

    def _label_lines(self, width: float) -> int:
        return max((len(self._label(one, width)) for one in self.tiles), default=1)

    def height(self, width: float) -> float:
        return 2 * PAD + self._label_lines(width) * self.size * 1.2 + self.big * 1.25 + self.size * 1.25

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        wide, tall = self._wide(width), self.height(width)
        with group(canvas, "L"):
            for number, tile in enumerate(self.tiles):
                left = x + number * (wide + BETWEEN)
                canvas.setStrokeColor(LINE)
                canvas.setFillColor(PAPER)
                canvas.setLineWidth(0.8)
                canvas.roundRect(left, top - tall, wide, tall, 4, stroke=1, fill=1)
                with list_item(canvas):
                    self._draw_words(canvas, tile, left + PAD, top - PAD, width)

    def _draw_words(self, canvas: Canvas, tile: PaperTile, x: float, top: float, width: float) -> None:
        room = self._wide(width) - 2 * PAD
        y = top - self.size
        for line in self._label(tile, width):
            typeface.draw(canvas, x, y, line, self.size, color=INK)
            y -= self.size * 1.2
        y = top - self._label_lines(width) * self.size * 1.2 - self.big
        text, size = typeface.fitted(tile.now, room, self.big, self.size, True)
        typeface.draw(canvas, x, y, text, size, bold=True, color=INK)
        text, size = typeface.fitted(tile.last, room, self.size, 7)
        typeface.draw(canvas, x, y - self.size * 1.35, text, size, color=QUIET)
