"""The weekly diary: a row an exercise, seven boxes, pain rows, four corner marks and a code, so that a photo can be read later."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block
from kneeclinic.documents.palette import ACCENT, FAINT, INK, PAPER, WASH
from kneeclinic.documents.tagging import decoration, empty_cells, group, tagged

MARK = 9.0
CODE = 56.0
CODE_MASK = 2
"""One of the eight patterns of a code; every reader knows them all, and trying each takes longer than drawing the sheet."""
INSET = 12.0
SMALLEST_ROW = 17.0
"""6 mm: a tick or a number written by hand."""


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
    """`key` is stable, `label` is read; `planned` = the days (0 = first day of the week) on which it is due, () = any.

    `number` is that of the exercise on its card."""

    key: str
    label: str
    planned: tuple[int, ...] = ()
    written: bool = False
    number: int = 0


@dataclass(frozen=True)
class DiaryGrid(Block):
    """`code` is what the QR code holds: program, version and week, never a name."""

    title: str
    rows: tuple[DiaryRow, ...]
    days: tuple[str, ...]
    code: str
    bring: str
    size: float = 9.5
    row: float = 20.0

    @property
    def row_height(self) -> float:
        return max(SMALLEST_ROW, self.row, self.size * 1.75)

    def _words_left(self) -> float:
        """Title and instructions stand at the right of the code."""
        return INSET + CODE + 10

    def _bring_lines(self, width: float) -> tuple[str, ...]:
        return typeface.wrap(self.bring, width - self._words_left() - INSET, self.size)

    def _head(self, width: float) -> float:
        """Height of all above the names of the days."""
        words = self.size * 1.4 * 1.25 + len(self._bring_lines(width)) * self.size * 1.2
        return max(CODE + 3 - self._days_height(width), words + 2)

    def _days_height(self, width: float) -> float:
        return self.size * 1.7 + (self._day_size(width) * 1.15 if self._days_apart(width) else 0)

    def _box(self, width: float) -> float:
        return (width - 2 * INSET - self._label_width(width)) / len(self.days)

    def _days_apart(self, width: float) -> bool:
        """Whether the number of the day stands under its name, because the boxes are too narrow for both."""
        return any(typeface.width(one, self.size, True) > self._box(width) - 3 for one in self.days)

    def _day_size(self, width: float) -> float:
        """One size for all days."""
        words = [part for one in self.days for part in (one.split(" ", 1) if self._days_apart(width) else [one])]
        return min((typeface.fitted(one, self._box(width) - 3, self.size, 6.5, True)[1] for one in words), default=self.size)

    def _label_width(self, width: float) -> float:
        """As wide as the longest name asks for, within reason: the boxes need their room too."""
        inner = width - 2 * INSET
        longest = max((typeface.width(one.label, self.size, one.written) for one in self.rows), default=0.0)
        return min(max(longest + self._number_room() + 8, inner * 0.37), inner * 0.45)

    def _number_room(self) -> float:
        """Room for the numbers of the exercises before their names."""
        numbers = [one.number for one in self.rows]
        return self.size * (1.5 if max(numbers, default=0) > 9 else 1.1) if any(numbers) else 0.0

    def height(self, width: float) -> float:
        return 2 * INSET - 3 + self._head(width) + self._days_height(width) + self.row_height * len(self.rows)

    def cells(self, width: float) -> tuple[Cell, ...]:
        """Every box a person writes into, for drawing and for reading a photo."""
        label = self._label_width(width)
        box = (width - 2 * INSET - label) / len(self.days)
        first = INSET - 2 + self._head(width) + self._days_height(width)
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
        with decoration(canvas):
            self._draw_code(canvas, x + INSET - 3, top - INSET - CODE + 4)
        title, left = self.size * 1.4, x + self._words_left()
        with tagged(canvas, "H2"):
            typeface.draw(canvas, left, top - INSET - title * 0.78, self.title, title, bold=True, color=INK)
        y = top - INSET - title * 1.25 - self.size * 0.75
        with tagged(canvas, "P"):
            for line in self._bring_lines(width):
                typeface.draw(canvas, left, y, line, self.size, color=INK)
                y -= self.size * 1.2
        with group(canvas, "Table"):
            self._draw_table(canvas, x, top, width)

    def _draw_table(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        label = self._label_width(width)
        box = (width - 2 * INSET - label) / len(self.days)
        left, upper = x + INSET, top - INSET + 2 - self._head(width) - self._days_height(width)
        apart, size = self._days_apart(width), self._day_size(width)
        with group(canvas, "TR"):
            empty_cells(canvas, 1)
            for day, name in enumerate(self.days):
                middle = left + label + (day + 0.5) * box
                with tagged(canvas, "TH", "Column"):
                    for place, line in enumerate(reversed(name.split(" ", 1) if apart else [name])):
                        typeface.draw(canvas, middle, upper + size * (0.45 + 1.15 * place), line, size, bold=True, align="center", color=INK)
        canvas.setLineWidth(0.8)
        for number, row in enumerate(self.rows):
            lower = upper - (number + 1) * self.row_height
            if row.written and number and not self.rows[number - 1].written:
                canvas.setStrokeColor(INK)
                canvas.line(left, lower + self.row_height, left + label - 4, lower + self.row_height)
            elif number:
                canvas.setStrokeColor(FAINT)
                canvas.line(left, lower + self.row_height, left + label - 4, lower + self.row_height)
            with group(canvas, "TR"):
                with tagged(canvas, "TH", "Row"):
                    self._draw_label(canvas, row, left, lower + self.row_height / 2, label)
                empty_cells(canvas, len(self.days))
        for cell in self.cells(width):
            due = next(one for one in self.rows if one.key == cell.row)
            rest = bool(due.planned) and cell.day not in due.planned
            canvas.setFillColor(WASH if rest else PAPER)
            canvas.setStrokeColor(FAINT if rest else INK)
            canvas.rect(x + cell.x + 1.5, top - cell.y - cell.height + 1.5, cell.width - 3, cell.height - 3, stroke=1, fill=1)

    def _draw_label(self, canvas: Canvas, row: DiaryRow, x: float, middle: float, width: float) -> None:
        shift = 0.0
        if row.number:
            typeface.draw(canvas, x, middle - self.size * 0.35, str(row.number), self.size, bold=True, color=ACCENT)
            shift = self._number_room()
        room = width - 6 - shift
        lines = typeface.wrap(row.label, room, self.size, row.written)
        if 1 < len(lines) <= self.row_height / (self.size * 1.2):
            for place, line in enumerate(lines):
                lower = middle - self.size * (0.35 + 1.15 * (place - (len(lines) - 1) / 2))
                typeface.draw(canvas, x + shift, lower, line, self.size, bold=row.written, color=INK)
            return
        text, size = typeface.fitted(row.label, room, self.size, 7.5, bold=row.written)
        typeface.draw(canvas, x + shift, middle - size * 0.35, text, size, bold=row.written, color=INK)

    def _draw_code(self, canvas: Canvas, x: float, y: float) -> None:
        matrix = [list(row) for row in segno.make(self.code, error="m", micro=False, mask=CODE_MASK).matrix_iter(border=2)]
        step = CODE / len(matrix)
        bars = []
        for down, row in enumerate(matrix):
            start = None
            for across, dark in enumerate([*row, 0]):
                if dark and start is None:
                    start = across
                elif not dark and start is not None:
                    bars.append(f"{x + start * step:.2f} {y + CODE - (down + 1) * step:.2f} {(across - start) * step:.2f} {step:.2f} re")
                    start = None
        canvas.setFillColor(INK)
        canvas.addLiteral("\n".join([*bars, "f"]))
