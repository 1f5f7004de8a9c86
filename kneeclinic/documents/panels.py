"""Framed panels of a handout: what changed, the strip of the week, tape, brace or orthosis with its drawing, and running."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block
from kneeclinic.documents.palette import ACCENT, INK, LINE, PAPER, WASH
from kneeclinic.figures import Scene
from kneeclinic.figures.paper import draw_scene

PAD = 8.0
LONG_ENTRY = 12
"""Printed lines from which one entry may be cut between two pages."""
LARGE_PRINT = 13.0


@dataclass(frozen=True)
class Line:
    """One line of a panel: a bold lead (may be empty) and the words after it."""

    words: str
    lead: str = ""
    bullet: bool = False


@dataclass(frozen=True)
class Printed:
    """One printed line of a panel."""

    lead: str
    text: str
    bullet: bool


@dataclass(frozen=True)
class Panel(Block):
    """A titled frame: drawings at its left when there are any, then the lines in one or more columns. `strong`: what must be seen."""

    title: str
    lines: tuple[Line, ...]
    size: float = 9.5
    scenes: tuple[Scene, ...] = ()
    figure: float = 92
    strong: bool = False
    columns: int = 1

    def _figure_width(self, scene: Scene) -> float:
        return min(self.figure * scene.aspect, self.figure * 1.5)

    def _figures_above(self) -> bool:
        """In large print the drawings stand above the words instead of beside them."""
        return bool(self.scenes) and self.size > LARGE_PRINT

    def _room(self, width: float) -> float:
        beside = () if self._figures_above() else self.scenes
        return width - 2 * PAD - sum(self._figure_width(one) + 8 for one in beside)

    def _title_height(self, width: float) -> float:
        return len(typeface.wrap(self.title, self._room(width), self.size * 1.3, True)) * self.size * 1.3 * 1.25 if self.title else 0

    def _column(self, width: float) -> float:
        return (self._room(width) - 12 * (self.columns - 1)) / self.columns

    def _indent(self) -> float:
        return self.size if any(one.bullet for one in self.lines) else 0

    def _printed(self, line: Line, width: float) -> list[Printed]:
        """The printed lines of one entry; its lead stands before the first."""
        room = self._column(width) - self._indent()
        lead = f"{line.lead} " if line.lead else ""
        taken = typeface.width(lead, self.size, True) if lead else 0
        if lead and (not line.words or taken > room * 0.6):
            leads = typeface.wrap(line.lead, room, self.size, True)
            found = [Printed(one, "", line.bullet and number == 0) for number, one in enumerate(leads)]
            return found + [Printed("", one, False) for one in typeface.wrap(line.words, room, self.size)]
        parts = _wrap_after(line.words, room, taken, self.size)
        return [Printed(lead if number == 0 else "", part, line.bullet and number == 0) for number, part in enumerate(parts)]

    def _in_columns(self, width: float) -> list[list[Printed]]:
        """The lines shared out over the columns, an entry never cut between two."""
        entries = [self._printed(one, width) for one in self.lines]
        total = sum(len(one) for one in entries)
        columns: list[list[Printed]] = [[]]
        for entry in entries:
            full = len(columns[-1]) >= total / self.columns or len(columns[-1]) + len(entry) > total / self.columns + len(entry) / 2
            if columns[-1] and full and len(columns) < self.columns:
                columns.append([])
            columns[-1].extend(entry)
        return columns

    def height(self, width: float) -> float:
        lines = max(len(one) for one in self._in_columns(width))
        text = self._title_height(width) + lines * self.size * typeface.LEADING
        if self._figures_above():
            return 2 * PAD + text + self.figure + PAD
        return 2 * PAD + max(text, self.figure if self.scenes else 0)

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """Between two entries of a panel of one column, or within one that is very long; the drawings stay with the first part."""
        if self.columns > 1:
            return None
        fits = [count for count in range(1, len(self.lines)) if replace(self, lines=self.lines[:count]).height(width) <= room]
        if not fits:
            return self._cut_entry(width, room)
        return replace(self, lines=self.lines[:fits[-1]]), replace(self, lines=self.lines[fits[-1]:], title="", scenes=())

    def _cut_entry(self, width: float, room: float) -> tuple[Block, Block] | None:
        printed = self._printed(self.lines[0], width) if self.lines else []
        whole = len(printed) * self.size * typeface.LEADING
        fit = int((room - (replace(self, lines=self.lines[:1]).height(width) - whole)) // (self.size * typeface.LEADING))
        if len(printed) <= LONG_ENTRY or fit < 3 or fit >= len(printed) or self.scenes:
            return None
        first, rest = ("\n".join(one.text for one in part if one.text) for part in (printed[:fit], printed[fit:]))
        upper = replace(self, lines=(replace(self.lines[0], words=first),))
        return upper, replace(self, lines=(Line(rest), *self.lines[1:]), title="")

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        self.draw_stretched(canvas, x, top, width, self.height(width))

    def draw_stretched(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        canvas.setStrokeColor(ACCENT if self.strong else LINE)
        canvas.setLineWidth(1.4 if self.strong else 0.8)
        canvas.setFillColor(WASH if self.strong else PAPER)
        canvas.roundRect(x, top - height, width, height, 5, stroke=1, fill=1)
        left, y = x + PAD, top - PAD
        middle = y - self.figure if self._figures_above() else top - (height + self.figure) / 2
        for scene in self.scenes:
            draw_scene(canvas, scene, left, middle, self._figure_width(scene), self.figure)
            left += self._figure_width(scene) + 8
        if self._figures_above():
            left, y = x + PAD, y - self.figure - PAD
        big = self.size * 1.3
        for line in typeface.wrap(self.title, self._room(width), big, True):
            typeface.draw(canvas, left, y - big * 0.95, line, big, bold=True, color=INK)
            y -= big * 1.25
        for number, column in enumerate(self._in_columns(width)):
            self._draw_column(canvas, column, left + number * (self._column(width) + 12), y - self.size * 0.95)

    def _draw_column(self, canvas: Canvas, lines: list[Printed], x: float, y: float) -> None:
        for line in lines:
            if line.bullet:
                canvas.setFillColor(INK)
                canvas.circle(x + self.size * 0.35, y + self.size * 0.3, self.size * 0.16, stroke=0, fill=1)
            left = x + self._indent()
            typeface.draw(canvas, left, y, line.lead, self.size, bold=True, color=INK)
            shift = typeface.width(line.lead, self.size, True) if line.lead else 0
            typeface.draw(canvas, left + shift, y, line.text, self.size, color=INK)
            y -= self.size * typeface.LEADING


def _wrap_after(words: str, room: float, taken: float, size: float) -> tuple[str, ...]:
    """Wraps words whose first line has `taken` points less room; the first line may stay empty when no word fits beside the lead."""
    words = "\n".join(" ".join(line.split()) for line in words.split("\n"))
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
