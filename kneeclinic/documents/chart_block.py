"""A measure over time on paper, drawn on the canvas: values, baseline, noise band, important change, goal, events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block
from kneeclinic.documents.palette import ACCENT, FAINT, INK, LINE, PAPER, QUIET, WASH
from kneeclinic.documents.tagging import figure, tagged
from kneeclinic.progress.amounts import day_text

AXIS_ROOM = 26.0
LABELS_MOST = 0.3
"""The largest part of the width that the labels at the right may take."""


@dataclass(frozen=True)
class ChartLine:
    """Values of one side, oldest first. `mark` is circle (left), square (right) or diamond (the person); `end` stands beside the last value."""

    label: str
    points: tuple[tuple[date, float], ...]
    mark: str = "circle"
    dashed: bool = False
    end: str = ""


@dataclass(frozen=True)
class ChartEvent:
    on: date
    label: str


@dataclass(frozen=True)
class EdgeLabel:
    """Words beside the height that they explain."""

    value: float
    text: str
    color: Color


@dataclass(frozen=True)
class ChartBlock(Block):
    """`low`, `high` = ends of the axis; `noise` = (low, high) around the baseline; `important` and `goal` are values.

    Events have rows of their own above the plot and labels a column of their own at its right, so that words never lie on values.
    """

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
    baseline: float | None = None
    baseline_label: str = ""

    def height(self, width: float) -> float:
        text = len(typeface.wrap(self.sentence, width, self.size + 1)) * (self.size + 1) * typeface.LEADING
        return 16 + self._event_height(width) + self.plot_height + self.size * 2.2 + 4 + text

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        with figure(canvas, f"{self.title}. {self.sentence}".strip(), x, top - self.height(width), width, self.height(width)):
            self._draw_plot(canvas, x, top, width)
        y = top - 16 - self._event_height(width) - self.plot_height - self.size * 2.2 - 4 - self.size
        with tagged(canvas, "P"):
            for text in typeface.wrap(self.sentence, width, self.size + 1):
                typeface.draw(canvas, x, y, text, self.size + 1, color=INK)
                y -= (self.size + 1) * typeface.LEADING

    def _draw_plot(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        self._draw_title(canvas, x, top - 10, width)
        left, right = self._edges(x, width)
        upper = top - 16 - self._event_height(width)
        lower = upper - self.plot_height
        self._draw_grounds(canvas, left, right, lower, upper)
        self._draw_axis(canvas, left, right, lower, upper)
        self._draw_events(canvas, left, right, lower, upper)
        for line in self.lines:
            self._draw_line(canvas, line, left, right, lower, upper)
        self._draw_labels(canvas, right + 7, x + width, lower, upper)

    def _edges(self, x: float, width: float) -> tuple[float, float]:
        wide = max([typeface.width(one.text, self.size, one.color is INK) for one in self._labels()], default=0.0)
        return x + AXIS_ROOM, x + width - (min(wide + 8, width * LABELS_MOST) if wide else 4)

    def _x(self, on: date, left: float, right: float) -> float:
        span = max(1, (self.end - self.start).days)
        return left + (right - left) * min(1.0, max(0.0, (on - self.start).days / span))

    def _y(self, value: float, lower: float, upper: float) -> float:
        span = (self.high - self.low) or 1
        return lower + (upper - lower) * min(1.0, max(0.0, (value - self.low) / span))

    def _draw_title(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        right = x + width
        for line in reversed(self.lines):
            if line.label:
                wide = typeface.width(line.label, self.size)
                typeface.draw(canvas, right - wide, y, line.label, self.size, color=INK)
                _mark(canvas, line.mark, right - wide - 7, y + self.size * 0.35)
                right -= wide + 22
        room = max(60.0, right - x - 8)
        whole = f"{self.title} ({self.unit})" if self.unit else self.title
        text, size = typeface.fitted(whole if typeface.width(whole, 8.5, True) <= room else self.title, room, 10.5, 8, True)
        typeface.draw(canvas, x, y, text, size, bold=True, color=INK)

    def _draw_grounds(self, canvas: Canvas, left: float, right: float, lower: float, upper: float) -> None:
        if self.noise is not None:
            bottom, ceiling = (self._y(one, lower, upper) for one in self.noise)
            canvas.setFillColor(WASH)
            canvas.rect(left, bottom, right - left, ceiling - bottom, stroke=0, fill=1)
        rules = ((self.baseline, QUIET, (1, 1.5)), (self.important, ACCENT, (4, 2)), (self.goal, ACCENT, (9, 2)))
        for value, color, dash in rules:
            if value is None or not self.low <= value <= self.high:
                continue
            y = self._y(value, lower, upper)
            canvas.setStrokeColor(color)
            canvas.setLineWidth(0.9)
            canvas.setDash(*dash)
            canvas.line(left, y, right, y)
            canvas.setDash()

    def _draw_axis(self, canvas: Canvas, left: float, right: float, lower: float, upper: float) -> None:
        canvas.setLineWidth(0.6)
        for step in range(3):
            value = self.low + (self.high - self.low) * step / 2
            y = self._y(value, lower, upper)
            canvas.setStrokeColor(FAINT)
            canvas.line(left, y, right, y)
            typeface.draw(canvas, left - 4, y - self.size * 0.35, f"{round(value, 2):g}", self.size, align="right", color=QUIET)
        canvas.setStrokeColor(LINE)
        canvas.line(left, lower, left, upper)
        canvas.line(left, lower, right, lower)
        self._draw_dates(canvas, left, right, lower)

    def _draw_dates(self, canvas: Canvas, left: float, right: float, lower: float) -> None:
        """First and last day in words, a tick each week, and as many days between as have room."""
        y = lower - self.size * 1.3
        first, last = day_text(self.start), day_text(self.end)
        if self.start == self.end:
            typeface.draw(canvas, left, y, first, self.size, color=QUIET)
            return
        typeface.draw(canvas, left, y, first, self.size, color=QUIET)
        typeface.draw(canvas, right, y, last, self.size, align="right", color=QUIET)
        free = left + typeface.width(first, self.size) + 10
        limit = right - typeface.width(last, self.size) - 10
        canvas.setStrokeColor(LINE)
        on = self.start + timedelta(days=7)
        while on < self.end and (self.end - self.start).days <= 7 * 60:
            x = self._x(on, left, right)
            canvas.line(x, lower, x, lower - 2)
            text = day_text(on, year=False)
            half = typeface.width(text, self.size) / 2
            if x - half >= free and x + half <= limit:
                typeface.draw(canvas, x, y, text, self.size, align="center", color=QUIET)
                free = x + half + 14
            on += timedelta(days=7)

    def _event_rows(self, left: float, right: float) -> list[list[tuple[float, ChartEvent, str]]]:
        """Events in rows, so that no two words touch; (left edge of the words, the event, its words)."""
        rows: list[list[tuple[float, ChartEvent, str]]] = []
        ends: list[float] = []
        for event in sorted(self.events, key=lambda one: one.on):
            text, size = typeface.fitted(event.label, (right - left) * 0.6, self.size - 0.5, self.size - 0.5)
            wide = typeface.width(text, size)
            place = max(left, min(self._x(event.on, left, right) - 2, right - wide))
            row = next((number for number, end in enumerate(ends) if end + 6 <= place), len(rows))
            if row == len(rows):
                rows.append([])
                ends.append(0.0)
            rows[row].append((place, event, text))
            ends[row] = place + wide
        return rows

    def _event_height(self, width: float) -> float:
        rows = len(self._event_rows(*self._edges(0, width)))
        return rows * self.size * 1.2 + (3 if rows else 0)

    def _draw_events(self, canvas: Canvas, left: float, right: float, lower: float, upper: float) -> None:
        y = upper + 3
        for row in self._event_rows(left, right):
            for place, event, text in row:
                x = self._x(event.on, left, right)
                canvas.setStrokeColor(QUIET)
                canvas.setLineWidth(0.6)
                canvas.setDash(1, 1.5)
                canvas.line(x, lower, x, upper + 2)
                canvas.setDash()
                typeface.draw(canvas, place, y, text, self.size - 0.5, color=QUIET)
            y += self.size * 1.2

    def _labels(self) -> list[EdgeLabel]:
        found = [EdgeLabel(line.points[-1][1], line.end, INK) for line in self.lines if line.end and line.points]
        if self.goal is not None and self.goal_label:
            found.append(EdgeLabel(self.goal, self.goal_label, ACCENT))
        if self.important is not None and self.important_label and self.low <= self.important <= self.high:
            found.append(EdgeLabel(self.important, self.important_label, ACCENT))
        if self.baseline is not None and self.baseline_label:
            found.append(EdgeLabel(self.baseline, self.baseline_label, QUIET))
        if self.noise is not None and self.noise_label:
            found.append(EdgeLabel(self._free_edge(), self.noise_label, QUIET))
        return found

    def _free_edge(self) -> float:
        """The edge of the noise band that lies inside the axis, the one away from the important change when both do."""
        assert self.noise is not None
        inside = [one for one in self.noise if self.low < one < self.high]
        if not inside:
            return self.noise[1]
        if len(inside) == 2 and self.baseline is not None and self.important is not None:
            return inside[0] if self.important > self.baseline else inside[1]
        return inside[0]

    def _draw_labels(self, canvas: Canvas, left: float, right: float, lower: float, upper: float) -> None:
        """The labels at their heights, moved apart where they would touch."""
        found = sorted(self._labels(), key=lambda one: one.value)
        places = spread([self._y(one.value, lower, upper) for one in found], self.size * 1.15, lower, upper)
        for one, y in zip(found, places, strict=True):
            canvas.setStrokeColor(FAINT)
            canvas.setLineWidth(0.5)
            canvas.line(left - 6, self._y(one.value, lower, upper), left - 1, y)
            text, size = typeface.fitted(one.text, right - left, self.size, self.size - 2, one.color is INK)
            typeface.draw(canvas, left, y - self.size * 0.35, text, size, bold=one.color is INK, color=one.color)

    def _draw_line(self, canvas: Canvas, line: ChartLine, left: float, right: float, lower: float, upper: float) -> None:
        places = [(self._x(on, left, right), self._y(value, lower, upper)) for on, value in line.points]
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.1)
        if line.dashed:
            canvas.setDash(3, 2)
        for (x1, y1), (x2, y2) in pairwise(places):
            canvas.line(x1, y1, x2, y2)
        canvas.setDash()
        for x, y in places:
            _mark(canvas, line.mark, x, y)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Heights in rising order, at least `gap` apart, as near to those wanted as can be, within low and high where they all fit."""
    places: list[float] = []
    for one in wanted:
        places.append(max(one, places[-1] + gap) if places else max(one, low))
    over = places[-1] - high if places else 0
    if over > 0:
        limit = high
        for number in reversed(range(len(places))):
            places[number] = min(places[number], limit)
            limit = places[number] - gap
    return places


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
