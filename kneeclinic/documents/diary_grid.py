"""The weekly diary: a row an exercise, seven boxes, pain rows, four corner marks and a code, so that a photo can be read later."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block
from kneeclinic.documents.palette import FAINT, INK, LINE, PAPER, WASH

MARK = 9.0
CODE = 54.0
INSET = 13.0


@dataclass(frozen=True)
class Cell:
    """One box, measured from the top left corner of the grid in points; `row` is an exercise id or a name such as pain_worst."""

    row: str
    day: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class DiaryRow:
    """`key` is stable, `label` is read; `planned` = the days (0 = first day of the week) on which it is due, () = any."""

    key: str
    label: str
    planned: tuple[int, ...] = ()
    written: bool = False


@dataclass(frozen=True)
class DiaryGrid(Block):
    """`code` is what the QR code holds: program, version and week, never a name."""

    title: str
    rows: tuple[DiaryRow, ...]
    days: tuple[str, ...]
    code: str
    bring: str
    size: float = 9.5

    @property
    def row_height(self) -> float:
        return max(17.5, self.size * 1.8)

    def _head(self) -> float:
        return max(CODE + 4, self.size * 1.4 * 1.3 + self.size * 2.8 * typeface.LEADING)

    def _label_width(self, width: float) -> float:
        return (width - 2 * INSET) * 0.36

    def height(self, width: float) -> float:
        return INSET + self._head() + self.row_height * (len(self.rows) + 1) + INSET

    def cells(self, width: float) -> tuple[Cell, ...]:
        """Every box a person writes into, for drawing and for reading a photo."""
        label = self._label_width(width)
        box = (width - 2 * INSET - label) / len(self.days)
        first = INSET + self._head() + self.row_height
        return tuple(
            Cell(row.key, day, INSET + label + day * box, first + number * self.row_height, box, self.row_height)
            for number, row in enumerate(self.rows) for day in range(len(self.days))
        )

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        tall = self.height(width)
        canvas.setFillColor(INK)
        for left in (x, x + width - MARK):
            for lower in (top - MARK, top - tall):
                canvas.rect(left, lower, MARK, MARK, stroke=0, fill=1)
        self._draw_code(canvas, x + width - INSET - CODE, top - INSET - CODE + 6)
        title = self.size * 1.4
        typeface.draw(canvas, x + INSET, top - INSET - title + 2, self.title, title, bold=True, color=INK)
        y = top - INSET - title * 1.3 - self.size + 2
        for line in typeface.wrap(self.bring, width - 2 * INSET - CODE - 12, self.size):
            typeface.draw(canvas, x + INSET, y, line, self.size, color=INK)
            y -= self.size * typeface.LEADING
        self._draw_table(canvas, x, top, width)

    def _draw_table(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        label = self._label_width(width)
        box = (width - 2 * INSET - label) / len(self.days)
        left, upper = x + INSET, top - INSET - self._head()
        for day, name in enumerate(self.days):
            text, size = typeface.fitted(name, box - 3, self.size, 6.5, True)
            typeface.draw(canvas, left + label + (day + 0.5) * box, upper - self.row_height + 6, text, size, bold=True, align="center", color=INK)
        canvas.setLineWidth(0.8)
        for number, row in enumerate(self.rows):
            lower = upper - (number + 2) * self.row_height
            canvas.setStrokeColor(FAINT)
            canvas.line(left, lower, left + label, lower)
            text, size = typeface.fitted(row.label, label - 8, self.size, 7.5, bold=row.written)
            typeface.draw(canvas, left, lower + self.row_height / 2 - size * 0.35, text, size, bold=row.written, color=INK)
        canvas.setStrokeColor(LINE)
        for cell in self.cells(width):
            due = next(one for one in self.rows if one.key == cell.row)
            rest = bool(due.planned) and cell.day not in due.planned
            canvas.setFillColor(WASH if rest else PAPER)
            canvas.setStrokeColor(FAINT if rest else INK)
            canvas.rect(x + cell.x + 1.5, top - cell.y - cell.height + 1.5, cell.width - 3, cell.height - 3, stroke=1, fill=1)

    def _draw_code(self, canvas: Canvas, x: float, y: float) -> None:
        matrix = [list(row) for row in segno.make(self.code, error="m", micro=False).matrix_iter(border=2)]
        step = CODE / len(matrix)
        canvas.setFillColor(INK)
        for down, row in enumerate(matrix):
            start = None
            for across, dark in enumerate([*row, 0]):
                if dark and start is None:
                    start = across
                elif not dark and start is not None:
                    canvas.rect(x + start * step, y + CODE - (down + 1) * step, (across - start) * step, step, stroke=0, fill=1)
                    start = None
