"""Framed panels of a handout: what changed, the strip of the week, tape, brace or orthosis with its drawing, and running."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block
from kneeclinic.documents.palette import ACCENT, INK, LINE, PAPER, WASH
from kneeclinic.figures import Scene
from kneeclinic.figures.paper import draw_scene

PAD = 8.0


@dataclass(frozen=True)
class Line:
    """One line of a panel: a bold lead (may be empty) and the words after it."""

    words: str
    lead: str = ""
    bullet: bool = False


@dataclass(frozen=True)
class Panel(Block):
    """A titled frame with lines, and a drawing at its left when there is one. `strong`: heavier frame for what must be seen."""

    title: str
    lines: tuple[Line, ...]
    size: float = 9.5
    scenes: tuple[Scene, ...] = ()
    figure: float = 96
    strong: bool = False

    def _figure_width(self) -> float:
        return sum(min(self.figure * max(0.6, one.aspect), self.figure * 1.5) + 6 for one in self.scenes)

    def _room(self, width: float) -> float:
        return width - 2 * PAD - self._figure_width()

    def _wrapped(self, width: float) -> list[tuple[str, str, bool]]:
        """(lead, text, bullet) for each printed line; a lead stands only before the first line of its entry."""
        room = self._room(width)
        found: list[tuple[str, str, bool]] = []
        for line in self.lines:
            indent = self.size if line.bullet else 0
            lead = f"{line.lead} " if line.lead else ""
            lead_width = typeface.width(lead, self.size, True) if lead else 0
            if lead and lead_width > room * 0.5:
                found.append((lead, "", line.bullet))
                lead, lead_width = "", 0
                parts = typeface.wrap(line.words, room - indent, self.size)
            else:
                parts = _wrap_after(line.words, room - indent, lead_width, self.size)
            for number, part in enumerate(parts):
                found.append((lead if number == 0 else "", part, line.bullet and number == 0))
        return found

    def height(self, width: float) -> float:
        title = len(typeface.wrap(self.title, self._room(width), self.size * 1.3, True)) * self.size * 1.3 * 1.25 if self.title else 0
        text = title + len(self._wrapped(width)) * self.size * typeface.LEADING
        return 2 * PAD + max(text, self.figure if self.scenes else 0)

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        self.draw_stretched(canvas, x, top, width, self.height(width))

    def draw_stretched(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        canvas.setStrokeColor(ACCENT if self.strong else LINE)
        canvas.setLineWidth(1.4 if self.strong else 0.8)
        canvas.setFillColor(WASH if self.strong else PAPER)
        canvas.roundRect(x, top - height, width, height, 5, stroke=1, fill=1)
        left = x + PAD
        for scene in self.scenes:
            wide = min(self.figure * max(0.6, scene.aspect), self.figure * 1.5)
            draw_scene(canvas, scene, left, top - PAD - self.figure, wide, self.figure)
            left += wide + 6
        y = top - PAD
        big = self.size * 1.3
        for line in typeface.wrap(self.title, self._room(width), big, True):
            typeface.draw(canvas, left, y - big * 0.95, line, big, bold=True, color=INK)
            y -= big * 1.25
        y -= self.size * 0.95
        for lead, text, bullet in self._wrapped(width):
            indent = 0.0
            if any(one.bullet for one in self.lines):
                indent = self.size
                if bullet:
                    canvas.setFillColor(INK)
                    canvas.circle(left + self.size * 0.35, y + self.size * 0.3, self.size * 0.16, stroke=0, fill=1)
            shift = typeface.width(lead, self.size, True) if lead else 0
            typeface.draw(canvas, left + indent, y, lead, self.size, bold=True, color=INK)
            typeface.draw(canvas, left + indent + shift, y, text, self.size, color=INK)
            y -= self.size * typeface.LEADING


def _wrap_after(words: str, room: float, taken: float, size: float) -> tuple[str, ...]:
    """Wraps words whose first line has `taken` points less room."""
    if not taken:
        return typeface.wrap(words, room, size)
    first = typeface.wrap(words, max(room - taken, 1), size)
    if len(first) <= 1:
        return first
    head = first[0]
    rest = words[len(head):].lstrip()
    return (head, *typeface.wrap(rest, room, size))


@dataclass(frozen=True)
class WeekDay:
    """One day of the strip: its name and short words for what is done."""

    name: str
    things: tuple[str, ...]
    rest: bool = False


@dataclass(frozen=True)
class WeekStrip(Block):
    """Seven boxes: which day is for strength, mobility, running or rest."""

    title: str
    days: tuple[WeekDay, ...]
    size: float = 9.5

    def _lines(self) -> int:
        return max([1, *(len(one.things) for one in self.days)])

    def height(self, width: float) -> float:
        return self.size * 1.5 + self.size * 1.7 + self._lines() * self.size * 1.25 + 5

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        typeface.draw(canvas, x, top - self.size * 1.05, self.title, self.size, bold=True, color=INK)
        upper = top - self.size * 1.5
        tall = self.height(width) - self.size * 1.5
        box = width / len(self.days)
        for number, day in enumerate(self.days):
            left = x + number * box
            canvas.setLineWidth(0.8)
            canvas.setStrokeColor(LINE)
            canvas.setFillColor(WASH if day.rest else PAPER)
            canvas.rect(left, upper - tall, box, tall, stroke=1, fill=1)
            typeface.draw(canvas, left + box / 2, upper - self.size * 1.25, day.name, self.size, bold=True, align="center", color=INK)
            y = upper - self.size * 1.7 - self.size * 0.95
            for thing in day.things:
                text, size = typeface.fitted(thing, box - 4, self.size, 6.5)
                typeface.draw(canvas, left + box / 2, y, text, size, align="center", color=INK)
                y -= self.size * 1.25
