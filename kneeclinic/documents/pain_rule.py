"""The pain rule: three bands by shape and word, and the signs that mean stop and call."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block
from kneeclinic.documents.palette import INK, LINE, PAPER, WASH

PAD = 8.0


@dataclass(frozen=True)
class Band:
    """One band: shape is circle (go on), square (keep), triangle (step back)."""

    shape: str
    scale: str
    name: str
    advice: str


@dataclass(frozen=True)
class PainRule(Block):
    title: str
    bands: tuple[Band, Band, Band]
    stop: str
    emergency: str
    call: str
    size: float = 9.5
    stacked: bool = False

    def _band_width(self, width: float) -> float:
        return width if self.stacked else (width - 16) / 3

    def _symbol(self) -> float:
        return self.size * 2.6

    def _band_height(self, width: float) -> float:
        room = self._band_width(width) - self._symbol() - 3 * PAD
        names = self.size * 1.35 * 1.2
        advice = self.size * typeface.LEADING
        tallest = max(len(self._name(one, room)) * names + len(typeface.wrap(one.advice, room, self.size)) * advice for one in self.bands)
        return 2 * PAD + tallest

    def _name(self, band: Band, room: float) -> tuple[str, ...]:
        return typeface.wrap(f"{band.scale}: {band.name}", room, self.size * 1.35, True)

    def _stop_lines(self, width: float) -> tuple[str, ...]:
        return typeface.wrap(self.stop, width - 2 * PAD - self._symbol() - 4, self.size + 1.5, True)

    def _stop_height(self, width: float) -> float:
        emergency = len(typeface.wrap(self.emergency, width - 2 * PAD - self._symbol() - 4, self.size)) * self.size * typeface.LEADING
        phone = self.size * 2.1 if self.call else 0
        return 2 * PAD + len(self._stop_lines(width)) * (self.size + 1.5) * typeface.LEADING + emergency + phone

    def height(self, width: float) -> float:
        bands = self._band_height(width) * (3 if self.stacked else 1) + (12 if self.stacked else 0)
        return self.size * 1.4 * 1.3 + 5 + bands + 7 + self._stop_height(width)

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        title = self.size * 1.4
        typeface.draw(canvas, x, top - title, self.title, title, bold=True, color=INK)
        y = top - title * 1.3 - 5
        tall, wide = self._band_height(width), self._band_width(width)
        for number, band in enumerate(self.bands):
            left = x if self.stacked else x + number * (wide + 8)
            upper = y - number * (tall + 6) if self.stacked else y
            self._draw_band(canvas, band, left, upper, wide, tall)
        y -= tall * (3 if self.stacked else 1) + (12 if self.stacked else 0) + 7
        self._draw_stop(canvas, x, y, width)

    def _draw_band(self, canvas: Canvas, band: Band, x: float, top: float, width: float, tall: float) -> None:
        canvas.setLineWidth(1)
        canvas.setStrokeColor(LINE)
        canvas.setFillColor(PAPER)
        canvas.roundRect(x, top - tall, width, tall, 4, stroke=1, fill=1)
        symbol = self._symbol()
        self._draw_shape(canvas, band.shape, x + PAD, top - PAD - symbol, symbol)
        left = x + PAD + symbol + PAD
        y = top - PAD - self.size * 1.35
        for line in self._name(band, width - symbol - 3 * PAD):
            typeface.draw(canvas, left, y + self.size * 0.1, line, self.size * 1.35, bold=True, color=INK)
            y -= self.size * 1.35 * 1.2
        y += self.size * 0.3
        for line in typeface.wrap(band.advice, width - symbol - 3 * PAD, self.size):
            typeface.draw(canvas, left, y, line, self.size, color=INK)
            y -= self.size * typeface.LEADING

    def _draw_shape(self, canvas: Canvas, shape: str, x: float, y: float, side: float) -> None:
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
        text_left = left + symbol + 4
        room = width - 2 * PAD - symbol - 4
        big = self.size + 1.5
        y = top - PAD - big * 0.95
        for line in self._stop_lines(width):
            typeface.draw(canvas, text_left, y, line, big, bold=True, color=INK)
            y -= big * typeface.LEADING
        for line in typeface.wrap(self.emergency, room, self.size):
            typeface.draw(canvas, text_left, y, line, self.size, color=INK)
            y -= self.size * typeface.LEADING
        if self.call:
            text, size = typeface.fitted(self.call, room, self.size * 1.7, self.size, True)
            typeface.draw(canvas, text_left, y - self.size * 0.6, text, size, bold=True, color=INK)
