"""A measure over time on paper, drawn on the canvas: values, baseline, noise band, important change, goal, events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block
from kneeclinic.documents.palette import ACCENT, FAINT, INK, LINE, PAPER, QUIET, WASH


@dataclass(frozen=True)
class ChartLine:
    """Values of one side, oldest first. `mark` is circle (left), square (right) or diamond (the person)."""

    label: str
    points: tuple[tuple[date, float], ...]
    mark: str = "circle"
    dashed: bool = False


@dataclass(frozen=True)
class ChartEvent:
    on: date
    label: str


@dataclass(frozen=True)
class ChartBlock(Block):
    """`low`, `high` = ends of the axis; `noise` = (low, high) around the baseline; `important` and `goal` are values."""

    title: str
    lines: tuple[ChartLine, ...]
    low: float
    high: float
    start: date
    end: date
    sentence: str = ""
    unit: str = ""
    noise: tuple[float, float] | None = None
    noise_label: str = ""
    important: float | None = None
    important_label: str = ""
    goal: float | None = None
    goal_label: str = ""
    events: tuple[ChartEvent, ...] = ()
    plot_height: float = 92
    size: float = 8.5

    def height(self, width: float) -> float:
        text = len(typeface.wrap(self.sentence, width, self.size + 1)) * (self.size + 1) * typeface.LEADING
        return 16 + self.plot_height + self.size * 2.2 + 4 + text

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        title = f"{self.title} ({self.unit})" if self.unit else self.title
        typeface.draw(canvas, x, top - 10, title, 10.5, bold=True, color=INK)
        self._draw_legend(canvas, x + width, top - 10)
        left, right = x + 26, x + width - 4
        lower, upper = top - 16 - self.plot_height, top - 16
        self._draw_grounds(canvas, left, right, lower, upper)
        self._draw_axis(canvas, left, right, lower, upper)
        for event in self.events:
            self._draw_event(canvas, event, left, right, lower, upper)
        for line in self.lines:
            self._draw_line(canvas, line, left, right, lower, upper)
        y = lower - self.size * 2.2 - 4 - self.size
        for text in typeface.wrap(self.sentence, width, self.size + 1):
            typeface.draw(canvas, x, y, text, self.size + 1, color=INK)
            y -= (self.size + 1) * typeface.LEADING

    def _x(self, on: date, left: float, right: float) -> float:
        span = max(1, (self.end - self.start).days)
        return left + (right - left) * min(1.0, max(0.0, (on - self.start).days / span))

    def _y(self, value: float, lower: float, upper: float) -> float:
        span = (self.high - self.low) or 1
        return lower + (upper - lower) * min(1.0, max(0.0, (value - self.low) / span))

    def _draw_legend(self, canvas: Canvas, right: float, y: float) -> None:
        for line in reversed(self.lines):
            if not line.label:
                continue
            wide = typeface.width(line.label, self.size)
            typeface.draw(canvas, right - wide, y, line.label, self.size, color=INK)
            _mark(canvas, line.mark, right - wide - 7, y + self.size * 0.35)
            right -= wide + 22

    def _draw_grounds(self, canvas: Canvas, left: float, right: float, lower: float, upper: float) -> None:
        if self.noise is not None:
            bottom, ceiling = (self._y(one, lower, upper) for one in self.noise)
            canvas.setFillColor(WASH)
            canvas.rect(left, bottom, right - left, ceiling - bottom, stroke=0, fill=1)
            typeface.draw(canvas, left + 3, ceiling - self.size, self.noise_label, self.size - 1, color=QUIET)
        for value, label, dash in ((self.important, self.important_label, (4, 2)), (self.goal, self.goal_label, (1, 2))):
            if value is None or not self.low <= value <= self.high:
                continue
            y = self._y(value, lower, upper)
            canvas.setStrokeColor(ACCENT)
            canvas.setLineWidth(0.9)
            canvas.setDash(*dash)
            canvas.line(left, y, right, y)
            canvas.setDash()
            typeface.draw(canvas, right - 2, y + 2, label, self.size - 1, align="right", color=ACCENT)

    def _draw_axis(self, canvas: Canvas, left: float, right: float, lower: float, upper: float) -> None:
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.6)
        canvas.line(left, lower, left, upper)
        canvas.line(left, lower, right, lower)
        for step in range(3):
            value = self.low + (self.high - self.low) * step / 2
            y = self._y(value, lower, upper)
            canvas.setStrokeColor(FAINT)
            canvas.line(left, y, right, y)
            typeface.draw(canvas, left - 4, y - self.size * 0.35, f"{value:g}", self.size, align="right", color=QUIET)
        for on, align, at in ((self.start, "left", left), (self.end, "right", right)):
            typeface.draw(canvas, at, lower - self.size * 1.3, on.isoformat(), self.size, align=align, color=QUIET)

    def _draw_event(self, canvas: Canvas, event: ChartEvent, left: float, right: float, lower: float, upper: float) -> None:
        x = self._x(event.on, left, right)
        canvas.setStrokeColor(QUIET)
        canvas.setLineWidth(0.6)
        canvas.setDash(1, 1.5)
        canvas.line(x, lower, x, upper)
        canvas.setDash()
        align = "right" if x > (left + right) / 2 else "left"
        typeface.draw(canvas, x + (-2 if align == "right" else 2), lower + 2, event.label, self.size - 1, align=align, color=QUIET)

    def _draw_line(self, canvas: Canvas, line: ChartLine, left: float, right: float, lower: float, upper: float) -> None:
        places = [(self._x(on, left, right), self._y(value, lower, upper)) for on, value in line.points]
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.1)
        if line.dashed:
            canvas.setDash(3, 2)
        for (x1, y1), (x2, y2) in zip(places, places[1:], strict=False):
            canvas.line(x1, y1, x2, y2)
        canvas.setDash()
        for x, y in places:
            _mark(canvas, line.mark, x, y)


def _mark(canvas: Canvas, kind: str, x: float, y: float) -> None:
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.9)
    if kind == "circle":
        canvas.setFillColor(INK)
        canvas.circle(x, y, 2.2, stroke=1, fill=1)
    elif kind == "square":
        canvas.setFillColor(PAPER)
        canvas.rect(x - 2.2, y - 2.2, 4.4, 4.4, stroke=1, fill=1)
    else:
        canvas.setFillColor(PAPER)
        path = canvas.beginPath()
        path.moveTo(x, y - 3)
        path.lineTo(x + 3, y)
        path.lineTo(x, y + 3)
        path.lineTo(x - 3, y)
        path.close()
        canvas.drawPath(path, stroke=1, fill=1)
