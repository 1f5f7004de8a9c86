"""Framed panels of a handout: what changed, the strip of the week, tape, brace or orthosis with its drawing, and running."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block, wrap_after
from kneeclinic.documents.palette import ACCENT, INK, LINE, PAPER, QUIET
from kneeclinic.documents.tagging import figure, group, list_item, tagged
from kneeclinic.figures import Scene
from kneeclinic.figures.paper import draw_scene

PAD = 8.0
LONG_ENTRY = 12
"""Printed lines from which one entry may be cut between two pages."""
LARGE_PRINT = 13.0


@dataclass(frozen=True)
class Line:
    """One line of a panel: a bold lead (may be empty) and the words after it, with a dot or the number of a step before it."""

    words: str
    lead: str = ""
    bullet: bool = False
    number: int = 0


@dataclass(frozen=True)
class Printed:
    """One printed line of a panel."""

    lead: str
    text: str
    bullet: bool
    number: int = 0
    first: bool = False


@dataclass(frozen=True)
class Panel(Block):
    """A titled frame: drawings at its left when there are any, then the lines in one or more columns.

    `strong`: what must be seen. `aside`: a few bold words at the right of the title, or under it where they do not fit beside it.
    """

    title: str
    lines: tuple[Line, ...]
    size: float = 9.5
    scenes: tuple[Scene, ...] = ()
    figure: float = 92
    strong: bool = False
    columns: int = 1
    aside: str = ""
    leading: float = typeface.LEADING
    pad: float = PAD
    alt: str = ""

    @property
    def keeps_whole(self) -> bool:  # type: ignore[override]
        """Steps, limits and last day are read together; a single long text may go over to the next page."""
        return len(self.lines) > 1

    def _figures_above(self) -> bool:
        """In large print the drawings stand above the words instead of beside them."""
        return bool(self.scenes) and self.size > LARGE_PRINT

    def _figure(self) -> float:
        """Height of one drawing; several beside the words stand one above the other."""
        return self.figure if self._figures_above() or len(self.scenes) < 2 else self.figure * 0.72

    def _figure_width(self, scene: Scene) -> float:
        return min(self._figure() * scene.aspect, self._figure() * 1.5)

    def _figure_room(self) -> tuple[float, float]:
        """Width and height that the drawings beside the words take."""
        if not self.scenes or self._figures_above():
            return 0.0, 0.0
        columns = self._figure_columns()
        wide = sum(max(self._figure_width(one) for one in column) + 10 for column in columns)
        return wide, max(len(column) for column in columns) * (self._figure() + 6) - 6

    def _figure_columns(self) -> list[tuple[Scene, ...]]:
        return [self.scenes[start:start + 2] for start in range(0, len(self.scenes), 2)]

    def _room(self, width: float) -> float:
        return width - 2 * self.pad - self._figure_room()[0]

    def _title_lines(self, width: float) -> tuple[str, ...]:
        return typeface.wrap(self.title, self._room(width), self._title_size(), True) if self.title else ()

    def _title_size(self) -> float:
        return self.size * 1.32

    def _aside_beside(self, width: float) -> bool:
        titles = self._title_lines(width)
        if not self.aside or len(titles) != 1:
            return False
        return typeface.width(titles[0], self._title_size(), True) + typeface.width(self.aside, self.size + 1, True) + 24 <= self._room(width)

    def _aside_lines(self, width: float) -> tuple[str, ...]:
        """The aside where it stands under the title."""
        return () if not self.aside or self._aside_beside(width) else typeface.wrap(self.aside, self._room(width), self.size + 1, True)

    def _title_height(self, width: float) -> float:
        titles = self._title_lines(width)
        under = len(self._aside_lines(width)) * (self.size + 1) * self.leading
        return (len(titles) * self._title_size() * 1.25 + 1 if titles else 0) + under

    def _column(self, width: float) -> float:
        return (self._room(width) - 14 * (self.columns - 1)) / self.columns

    def _indent(self) -> float:
        return self.size * 1.1 if any(one.bullet or one.number for one in self.lines) else 0

    def _printed(self, line: Line, width: float) -> list[Printed]:
        """The printed lines of one entry; its lead stands before the first."""
        first, *rest = self._wrapped(line, width) or [Printed("", "", line.bullet)]
        return [replace(first, first=True), *rest]

    def _wrapped(self, line: Line, width: float) -> list[Printed]:
        room = self._column(width) - self._indent()
        lead = f"{line.lead} " if line.lead else ""
        taken = typeface.width(lead, self.size, True) if lead else 0
        if lead and (not line.words or taken > room * 0.6):
            leads = typeface.wrap(line.lead, room, self.size, True)
            found = [Printed(one, "", line.bullet and at == 0, line.number if at == 0 else 0) for at, one in enumerate(leads)]
            return found + [Printed("", one, False) for one in typeface.wrap(line.words, room, self.size)]
        parts = wrap_after(line.words, room, taken, self.size)
        return [Printed(lead if at == 0 else "", part, line.bullet and at == 0, line.number if at == 0 else 0) for at, part in enumerate(parts)]

    def _in_columns(self, width: float) -> list[list[Printed]]:
        """The lines shared out over the columns as evenly as can be; neither an entry nor a run of numbered steps is cut between two."""
        entries = [self._printed(one, width) for one in self.lines]
        if self.columns == 1 or len(entries) < 2:
            return [[line for entry in entries for line in entry]]
        cuts = combinations(range(1, len(entries)), min(self.columns, len(entries)) - 1)
        sizes = [len(one) for one in entries]

        def worth(cut: tuple[int, ...]) -> tuple[bool, int, int]:
            ends = (0, *cut, len(entries))
            tall = [sum(sizes[start:end]) for start, end in pairwise(ends)]
            return any(self.lines[end].number > 1 for end in cut), max(tall), -tall[0]

        ends = (0, *min(cuts, key=worth), len(entries))
        return [[line for entry in entries[start:end] for line in entry] for start, end in pairwise(ends)]

    def height(self, width: float) -> float:
        lines = max(len(one) for one in self._in_columns(width))
        text = self._title_height(width) + lines * self.size * self.leading
        if self._figures_above():
            return 3 * self.pad + text + self.figure
        return 2 * self.pad + max(text, self._figure_room()[1]) - 1

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """Before the first of numbered steps where that can be, else between two entries of a panel of one column, or within one that is
        very long; the drawings stay with the first part."""
        if self.columns > 1:
            return None
        fits = [count for count in range(1, len(self.lines)) if replace(self, lines=self.lines[:count]).height(width) <= room]
        if not fits:
            return self._cut_entry(width, room)
        steps = next((count for count in fits if self.lines[count].number == 1), None)
        if steps is not None:
            return replace(self, lines=self.lines[:steps]), replace(self, lines=self.lines[steps:], scenes=())
        return replace(self, lines=self.lines[:fits[-1]]), replace(self, lines=self.lines[fits[-1]:], title="", aside="", scenes=())

    def _cut_entry(self, width: float, room: float) -> tuple[Block, Block] | None:
        printed = self._printed(self.lines[0], width) if self.lines else []
        whole = len(printed) * self.size * self.leading
        fit = int((room - (replace(self, lines=self.lines[:1]).height(width) - whole)) // (self.size * self.leading))
        if len(printed) <= LONG_ENTRY or fit < 3 or fit >= len(printed) or self.scenes:
            return None
        first, rest = ("\n".join(one.text for one in part if one.text) for part in (printed[:fit], printed[fit:]))
        upper = replace(self, lines=(replace(self.lines[0], words=first),))
        return upper, replace(self, lines=(Line(rest), *self.lines[1:]), title="", aside="")

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        self.draw_stretched(canvas, x, top, width, self.height(width))

    def draw_stretched(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        canvas.setStrokeColor(ACCENT if self.strong else LINE)
        canvas.setLineWidth(1.6 if self.strong else 0.8)
        canvas.setFillColor(PAPER)
        canvas.roundRect(x, top - height, width, height, 5, stroke=1, fill=1)
        with group(canvas, "Sect"):
            self._draw_parts(canvas, x, top, width, height)

    def _draw_scene(self, canvas: Canvas, scene: Scene, x: float, y: float, width: float, height: float) -> None:
        with figure(canvas, self.alt or scene.alt_text, x, y, width, height, "" if self.alt else "en"):
            draw_scene(canvas, scene, x, y, width, height)

    def _draw_parts(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        left, y = x + self.pad, top - self.pad
        if self._figures_above():
            for scene in self.scenes:
                self._draw_scene(canvas, scene, left, y - self.figure, self._figure_width(scene), self.figure)
                left += self._figure_width(scene) + 8
            left, y = x + self.pad, y - self.figure - self.pad
        else:
            left += self._draw_beside(canvas, left, top, height)
        y = self._draw_head(canvas, left, y, width)
        with group(canvas, "L"):
            for number, column in enumerate(self._in_columns(width)):
                self._draw_column(canvas, column, left + number * (self._column(width) + 14), y - self.size * 0.95)

    def _draw_beside(self, canvas: Canvas, x: float, top: float, height: float) -> float:
        """The drawings at the left, in the middle of the height; gives back the width they take."""
        left = x
        for column in self._figure_columns() if self.scenes else ():
            wide = max(self._figure_width(one) for one in column)
            tall = len(column) * (self._figure() + 6) - 6
            lower = top - (height - tall) / 2 - self._figure()
            for number, scene in enumerate(column):
                self._draw_scene(canvas, scene, left, lower - number * (self._figure() + 6), wide, self._figure())
            left += wide + 10
        return left - x

    def _draw_head(self, canvas: Canvas, x: float, y: float, width: float) -> float:
        """Title and aside; gives back where the lines begin."""
        big = self._title_size()
        for line in self._title_lines(width):
            with tagged(canvas, "H2"):
                typeface.draw(canvas, x, y - big * 0.92, line, big, bold=True, color=INK)
            if self._aside_beside(width):
                typeface.draw(canvas, x + self._room(width), y - big * 0.92, self.aside, self.size + 1, bold=True, align="right", color=ACCENT)
            y -= big * 1.25
        y -= 1 if self.title else 0
        for line in self._aside_lines(width):
            typeface.draw(canvas, x, y - self.size, line, self.size + 1, bold=True, color=ACCENT)
            y -= (self.size + 1) * self.leading
        return y

    def _draw_column(self, canvas: Canvas, lines: list[Printed], x: float, y: float) -> None:
        starts = [place for place, line in enumerate(lines) if line.first]
        for start, end in pairwise([*starts, len(lines)]):
            with list_item(canvas):
                y = self._draw_entry(canvas, lines[start:end], x, y)

    def _draw_entry(self, canvas: Canvas, lines: list[Printed], x: float, y: float) -> float:
        for line in lines:
            if line.bullet:
                canvas.setFillColor(INK)
                canvas.circle(x + self.size * 0.35, y + self.size * 0.3, self.size * 0.19, stroke=0, fill=1)
            if line.number:
                typeface.draw(canvas, x, y, str(line.number), self.size, bold=True, color=ACCENT)
            left = x + self._indent()
            typeface.draw(canvas, left, y, line.lead.rstrip(), self.size, bold=True, color=INK)
            shift = typeface.width(line.lead, self.size, True) if line.lead else 0
            typeface.draw(canvas, left + shift, y, line.text, self.size, color=INK)
            y -= self.size * self.leading
        return y


@dataclass(frozen=True)
class WeekDay:
    """One day of the strip: its name and short words for what is done."""

    name: str
    things: tuple[str, ...]
    rest: bool = False


@dataclass(frozen=True)
class WeekStrip(Block):
    """Seven boxes: which day is for strength, mobility, running or rest; the title stands before them."""

    title: str
    days: tuple[WeekDay, ...]
    size: float = 9.5

    def _title_width(self, width: float) -> float:
        return min(typeface.width(self.title, self.size + 1, True) + 10, width * 0.16)

    def _box(self, width: float) -> float:
        return (width - self._title_width(width)) / len(self.days)

    def _things(self, day: WeekDay, width: float) -> tuple[str, ...]:
        return tuple(line for one in day.things for line in typeface.wrap(one, self._box(width) - 5, self.size))

    def height(self, width: float) -> float:
        lines = max([1, *(len(self._things(one, width)) for one in self.days)])
        return self.size * 1.55 + lines * self.size * 1.2 + 5

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        tall, box, head = self.height(width), self._box(width), self.size * 1.55
        y = top - self.size * 1.15
        with tagged(canvas, "H2"):
            for line in typeface.wrap(self.title, self._title_width(width) - 6, self.size + 1, True):
                typeface.draw(canvas, x, y, line, self.size + 1, bold=True, color=INK)
                y -= self.size * 1.3
        with group(canvas, "L"):
            self._draw_days(canvas, x, top, width, tall, box, head)

    def _draw_days(self, canvas: Canvas, x: float, top: float, width: float, tall: float, box: float, head: float) -> None:
        canvas.setLineWidth(0.8)
        for number, day in enumerate(self.days):
            left = x + self._title_width(width) + number * box
            canvas.setStrokeColor(LINE)
            canvas.setFillColor(PAPER)
            canvas.rect(left, top - tall, box, tall, stroke=1, fill=1)
            if not day.rest:
                canvas.setFillColor(ACCENT)
                canvas.rect(left, top - head, box, head, stroke=0, fill=1)
            with list_item(canvas):
                self._draw_day(canvas, day, left + box / 2, top, width)

    def _draw_day(self, canvas: Canvas, day: WeekDay, middle: float, top: float, width: float) -> None:
        typeface.draw(canvas, middle, top - self.size * 1.15, day.name, self.size, bold=True, align="center", color=QUIET if day.rest else PAPER)
        y = top - self.size * 1.55 - self.size * 1.1
        for line in self._things(day, width):
            typeface.draw(canvas, middle, y, line, self.size, align="center", color=QUIET if day.rest else INK)
            y -= self.size * 1.2
