"""A table on paper: wrapped cells, a head that comes again on each page, rows that are never cut in two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block
from kneeclinic.documents.palette import FAINT, INK, LINE
from kneeclinic.documents.tagging import group, tagged

PAD = 4.0
LONG_ROW = 12
"""Lines from which a row may be cut between two pages: what a person typed can be longer than a page."""


@dataclass(frozen=True)
class TableBlock(Block):
    """`shares` = widths of the columns as parts of the whole; `right` = columns of numbers, set to the right; `strong` = columns in bold."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]
    right: tuple[int, ...] = ()
    size: float = 9.5
    strong: tuple[int, ...] = ()

    def _widths(self, width: float) -> list[float]:
        whole = sum(self.shares)
        return [width * one / whole for one in self.shares]

    def _cells(self, row: Sequence[str], width: float, bold: bool) -> list[tuple[str, ...]]:
        return [typeface.wrap(text, max(10, room - 2 * PAD), self.size, bold or number in self.strong)
                for number, (text, room) in enumerate(zip(row, self._widths(width), strict=True))]

    def _row_height(self, row: Sequence[str], width: float, bold: bool = False) -> float:
        lines = max((len(cell) for cell in self._cells(row, width, bold)), default=1)
        return max(1, lines) * self.size * typeface.LEADING + 5

    def least(self, width: float) -> float:
        first = self._row_height(self.rows[0], width) if self.rows else 0
        return self._head_height(width) + min(first, LONG_ROW * self.size * typeface.LEADING)

    def _head_height(self, width: float) -> float:
        return self._row_height(self.head, width, True) if any(self.head) else 0

    def height(self, width: float) -> float:
        return self._head_height(width) + sum(self._row_height(row, width) for row in self.rows)

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        with group(canvas, "Table"):
            self._draw_rows(canvas, x, top, width)

    def _draw_rows(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        y = top
        if any(self.head):
            self._draw_row(canvas, self.head, x, y, width, True)
            y -= self._head_height(width)
            canvas.setStrokeColor(LINE)
            canvas.setLineWidth(1)
            canvas.line(x, y, x + width, y)
        for row in self.rows:
            self._draw_row(canvas, row, x, y, width, False)
            y -= self._row_height(row, width)
            canvas.setStrokeColor(FAINT)
            canvas.setLineWidth(0.5)
            canvas.line(x, y, x + width, y)

    def _draw_row(self, canvas: Canvas, row: Sequence[str], x: float, top: float, width: float, bold: bool) -> None:
        with group(canvas, "TR"):
            self._draw_cells(canvas, row, x, top, width, bold)

    def _draw_cells(self, canvas: Canvas, row: Sequence[str], x: float, top: float, width: float, bold: bool) -> None:
        left = x
        for number, (cell, room) in enumerate(zip(self._cells(row, width, bold), self._widths(width), strict=True)):
            y = top - 2.5 - self.size
            with tagged(canvas, "TH", "Column") if bold else tagged(canvas, "TD"):
                for line in cell:
                    edge = left + room - PAD if number in self.right else left + PAD
                    typeface.draw(canvas, edge, y, line, self.size, bold=bold or number in self.strong,
                                  align="right" if number in self.right else "left", color=INK)
                    y -= self.size * typeface.LEADING
            left += room

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        used = self._head_height(width)
        count = 0
        for row in self.rows:
            used += self._row_height(row, width)
            if used > room:
                break
            count += 1
        if count == len(self.rows):
            return None
        if count == 0:
            return self._cut_row(width, room)
        return replace(self, rows=self.rows[:count]), replace(self, rows=self.rows[count:])

    def _cut_row(self, width: float, room: float) -> tuple[Block, Block] | None:
        """A first row that is too long for the page, cut between two lines."""
        cells = self._cells(self.rows[0], width, False)
        fit = int((room - self._head_height(width) - 5) // (self.size * typeface.LEADING))
        if max(map(len, cells), default=0) <= LONG_ROW or fit < 3:
            return None
        upper = tuple("\n".join(cell[:fit]) for cell in cells)
        lower = tuple("\n".join(cell[fit:]) for cell in cells)
        return replace(self, rows=(upper,)), replace(self, rows=(lower, *self.rows[1:]))
