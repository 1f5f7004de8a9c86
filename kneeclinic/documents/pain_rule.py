"""The pain rule: three bands by shape and word, and the signs that mean stop and call."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block
from kneeclinic.documents.palette import INK, LINE, PAPER, WASH
from kneeclinic.documents.tagging import tagged

PAD = 7.0
BETWEEN = 7.0


@dataclass(frozen=True)
class Band:
    """One band: shape is circle (go on), square (keep), triangle (step back)."""

    shape: str
    scale: str
    name: str
    advice: str


@dataclass(frozen=True)
class PainRule(Block):
    """The bands side by side (in large print one under the other), then the bar of the signs to stop and call for."""

    title: str
    bands: tuple[Band, Band, Band]
    stop: str
    emergency: str
    call: str
    size: float = 9.5
    stacked: bool = False
    leading: float = typeface.LEADING

    def _title_height(self) -> float:
        return self.size * 1.32 * 1.3 + 3

    def _band_width(self, width: float) -> float:
        return width if self.stacked else (width - 2 * BETWEEN) / 3

    def _symbol(self) -> float:
        return self.size * 2.5

    def _band_room(self, width: float) -> float:
        return self._band_width(width) - self._symbol() - 3 * PAD

    def _name_size(self, width: float) -> float:
        """The largest size at which every name stands on one line, if there is one that is larger than the text."""
        names = [f"{one.scale}: {one.name}" for one in self.bands]
        return min(typeface.fitted(one, self._band_room(width), self.size * 1.4, self.size + 1, True)[1] for one in names)

    def _band_height(self, width: float) -> float:
        names = self._name_size(width) * 1.25
        tallest = max(len(self._name(one, width)) * names + self._advice_height(one, width) for one in self.bands)
        return 2 * PAD + tallest - 2

    def _advice_height(self, band: Band, width: float) -> float:
        return len(typeface.wrap(band.advice, self._band_room(width), self.size)) * self.size * self.leading

    def _name(self, band: Band, width: float) -> tuple[str, ...]:
        return typeface.wrap(f"{band.scale}: {band.name}", self._band_room(width), self._name_size(width), True)

    def _stop_room(self, width: float) -> float:
        return width - 3 * PAD - self._symbol() - 2

    def _stop_lines(self, width: float) -> tuple[str, ...]:
        return typeface.wrap(self.stop, self._stop_room(width), self.size + 1.5, True)

    def _call(self, width: float) -> tuple[str, float]:
        """Whom to call, as large as it can stand beside the emergency line, else on a line of its own."""
        if not self.call:
            return "", 0.0
        beside = self._stop_room(width) - typeface.width(self.emergency, self.size) - 18
        largest, least = self.size * 1.75, self.size * 1.35
        if beside > 0 and typeface.width(self.call, least, True) <= beside:
            return typeface.fitted(self.call, beside, largest, least, True)
        room, size = self._stop_room(width), largest
        while size > least and typeface.width(self.call, size, True) > room:
            size -= 0.5
        return self.call, size

    def _call_lines(self, width: float) -> tuple[str, ...]:
        """Whom to call on lines of its own; a number is never cut off."""
        text, size = self._call(width)
        return typeface.wrap(text, self._stop_room(width), size, True)

    def _call_beside(self, width: float) -> bool:
        text, size = self._call(width)
        whole = typeface.width(self.emergency, self.size) + 18 + typeface.width(text, size, True)
        return bool(text) and whole <= self._stop_room(width) + 0.1

    def _stop_height(self, width: float) -> float:
        emergency = len(typeface.wrap(self.emergency, self._stop_room(width), self.size)) * self.size * self.leading
        call = self._call(width)[1] * 1.25
        below = max(emergency, call) if self._call_beside(width) else emergency + call * len(self._call_lines(width))
        return 2 * PAD + max(len(self._stop_lines(width)) * (self.size + 1.5) * self.leading + below, self._symbol())

    def height(self, width: float) -> float:
        bands = self._band_height(width) * (3 if self.stacked else 1) + (12 if self.stacked else 0)
        return self._title_height() + bands + BETWEEN + self._stop_height(width)

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        title = self.size * 1.32
        with tagged(canvas, "H2"):
            typeface.draw(canvas, x, top - title, self.title, title, bold=True, color=INK)
        y = top - self._title_height()
        tall, wide = self._band_height(width), self._band_width(width)
        for number, band in enumerate(self.bands):
            left = x if self.stacked else x + number * (wide + BETWEEN)
            upper = y - number * (tall + 6) if self.stacked else y
            with tagged(canvas, "P"):
                self._draw_band(canvas, band, left, upper, width, tall)
        y -= tall * (3 if self.stacked else 1) + (12 if self.stacked else 0) + BETWEEN
        with tagged(canvas, "P"):
            self._draw_stop(canvas, x, y, width)

    def _draw_band(self, canvas: Canvas, band: Band, x: float, top: float, width: float, tall: float) -> None:
        canvas.setLineWidth(1)
        canvas.setStrokeColor(LINE)
        canvas.setFillColor(PAPER)
        canvas.roundRect(x, top - tall, self._band_width(width), tall, 4, stroke=1, fill=1)
        symbol, size = self._symbol(), self._name_size(width)
        self.draw_shape(canvas, band.shape, x + PAD, top - PAD - symbol, symbol)
        left = x + 2 * PAD + symbol
        y = top - PAD - size * 0.95
        for line in self._name(band, width):
            typeface.draw(canvas, left, y, line, size, bold=True, color=INK)
            y -= size * 1.25
        y += (size - self.size) * 0.95
        for line in typeface.wrap(band.advice, self._band_room(width), self.size):
            typeface.draw(canvas, left, y, line, self.size, color=INK)
            y -= self.size * self.leading

    def draw_shape(self, canvas: Canvas, shape: str, x: float, y: float, side: float) -> None:
        """Circle with a tick, square with two bars, triangle that points down."""
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.6)
        canvas.setFillColor({"circle": PAPER, "square": WASH, "triangle": INK}[shape])
        if shape == "circle":
            canvas.circle(x + side / 2, y + side / 2, side / 2, stroke=1, fill=1)
            canvas.setLineWidth(2.2)
            canvas.line(x + side * 0.27, y + side * 0.5, x + side * 0.44, y + side * 0.32)
            canvas.line(x + side * 0.44, y + side * 0.32, x + side * 0.75, y + side * 0.68)
        elif shape == "square":
            canvas.rect(x + 1, y + 1, side - 2, side - 2, stroke=1, fill=1)
            canvas.setFillColor(INK)
            for lift in (0.33, 0.57):
                canvas.rect(x + side * 0.25, y + side * lift, side * 0.5, side * 0.1, stroke=0, fill=1)
        else:
            path = canvas.beginPath()
            path.moveTo(x, y + side * 0.94)
            path.lineTo(x + side, y + side * 0.94)
            path.lineTo(x + side / 2, y + side * 0.06)
            path.close()
            canvas.drawPath(path, stroke=1, fill=1)

    def _draw_stop(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        tall = self._stop_height(width)
        canvas.setLineWidth(2)
        canvas.setStrokeColor(INK)
        canvas.setFillColor(PAPER)
        canvas.rect(x + 1, top - tall + 1, width - 2, tall - 2, stroke=1, fill=1)
        symbol = self._symbol()
        path = canvas.beginPath()
        cut = symbol * 0.29
        left, lower = x + PAD, top - PAD - symbol
        corners = ((cut, 0), (symbol - cut, 0), (symbol, cut), (symbol, symbol - cut), (symbol - cut, symbol), (cut, symbol),
                   (0, symbol - cut), (0, cut))
        path.moveTo(left + corners[0][0], lower + corners[0][1])
        for dx, dy in corners[1:]:
            path.lineTo(left + dx, lower + dy)
        path.close()
        canvas.setFillColor(INK)
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.setFillColor(PAPER)
        canvas.rect(left + symbol * 0.44, lower + symbol * 0.36, symbol * 0.12, symbol * 0.42, stroke=0, fill=1)
        canvas.circle(left + symbol / 2, lower + symbol * 0.22, symbol * 0.075, stroke=0, fill=1)
        text_left = left + symbol + PAD + 2
        big = self.size + 1.5
        y = top - PAD - big * 0.95
        for line in self._stop_lines(width):
            typeface.draw(canvas, text_left, y, line, big, bold=True, color=INK)
            y -= big * self.leading
        call, size = self._call(width)
        if self._call_beside(width):
            y -= max(0.0, size - self.size * 1.1) * 0.9
            typeface.draw(canvas, x + width - PAD, y, call, size, bold=True, align="right", color=INK)
            typeface.draw(canvas, text_left, y, self.emergency, self.size, color=INK)
            return
        for line in typeface.wrap(self.emergency, self._stop_room(width), self.size):
            typeface.draw(canvas, text_left, y, line, self.size, color=INK)
            y -= self.size * self.leading
        y -= (size - self.size) * 0.8
        for line in self._call_lines(width):
            typeface.draw(canvas, text_left, y, line, size, bold=True, color=INK)
            y -= size * 1.25
