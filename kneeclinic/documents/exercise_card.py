"""One exercise on paper: drawing, name, which leg, the dose large enough to read at arm's length, cues, a mistake, what to feel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import ClassVar

from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block, Words, wrap_after
from kneeclinic.documents.palette import ACCENT, INK, LINE, PAPER
from kneeclinic.documents.tagging import figure, group, list_item, tagged
from kneeclinic.figures import Scene
from kneeclinic.figures.paper import draw_scene

PAD = 8.0
CORNER = 5.0
APART = 2.5
WIDE_SHARE = 0.47


@dataclass(frozen=True)
class CardStyle:
    """Sizes in points. `beside`: the dose stands at the right of the drawing; otherwise below it."""

    name: float
    dose: float
    text: float
    figure_height: float
    beside: bool = True
    figure_share: float = 0.54
    leading: float = 1.2
    most_cues: int = 5
    pad: float = PAD

    @property
    def line(self) -> float:
        return self.text * self.leading


STANDARD = CardStyle(name=12.5, dose=22, text=9.5, figure_height=96)
LARGE = CardStyle(name=21, dose=34, text=18, figure_height=190, leading=1.22)
SINGLE = CardStyle(name=24, dose=34, text=15, figure_height=350, beside=False, leading=1.35, pad=12)
POCKET = CardStyle(name=9.5, dose=13, text=9.5, figure_height=62)


@dataclass(frozen=True)
class Entry:
    """Something under the drawing: `number` of a cue (0 = none), a bold lead, words, and whether the words are bold too."""

    number: int
    lead: str
    words: str
    bold: bool = False


@dataclass(frozen=True)
class TextLine:
    """One printed line under the drawing."""

    number: int
    lead: str
    text: str
    bold: bool
    apart: bool = False
    first: bool = False


@dataclass(frozen=True)
class ExerciseCard(Block):
    """`dose` is the big line, `dose_details` the smaller ones, `mark` a word such as "new" in the corner, `labels` = (mistake, feel),
    `limit` what is said of the pain of this exercise where it is not the general rule."""

    name: str
    leg: str
    dose: str
    dose_details: tuple[str, ...]
    cues: tuple[str, ...]
    mistake: str
    feel: str
    labels: tuple[str, str]
    scene: Scene
    style: CardStyle = STANDARD
    mark: str = ""
    note: str = ""
    limit: str = ""
    starts_page: bool = False
    number: int = 0
    alt: str = ""
    keeps_whole: ClassVar[bool] = True  # type: ignore[misc]
    wide: bool = False
    """Alone in its row: the words stand at the right of drawing and dose instead of under them."""

    def _inner(self, width: float) -> float:
        return width - 2 * self.style.pad

    def _side_width(self, width: float) -> float:
        """Room for the dose."""
        inner = self._left(width)
        return inner * (1 - self.style.figure_share) - 6 if self.style.beside else inner

    def _left(self, width: float) -> float:
        """Room for drawing and dose."""
        return self._inner(width) * WIDE_SHARE if self.wide else self._inner(width)

    def _words_room(self, width: float) -> float:
        return self._inner(width) - self._left(width) - 12 if self.wide else self._inner(width)

    def _badge(self) -> float:
        """Room for the number before the name."""
        return self.style.name * 1.65 if self.number else 0

    def _title(self, width: float) -> tuple[str, ...]:
        room = self._inner(width) - self._badge()
        if self.mark:
            room -= typeface.width(self.mark, self.style.text, True) + 16
        return typeface.wrap(self.name, room, self.style.name, True)

    def _title_height(self, width: float) -> float:
        return len(self._title(width)) * self.style.name * 1.18 + self.style.name * 0.4

    def _dose_size(self, width: float) -> float:
        return typeface.fitted(self.dose, self._side_width(width) - 10, self.style.dose, self.style.text + 1, True)[1]

    def _detail_lines(self, width: float) -> tuple[str, ...]:
        room = self._side_width(width) - 10
        details = tuple(one for one in (self.leg, *self.dose_details) if one)
        if not self.style.beside:
            details = ("  ·  ".join(details),)
        return tuple(line for one in details for line in typeface.wrap(one, room, self.style.text))

    def _dose_height(self, width: float) -> float:
        return self._dose_size(width) * 1.15 + len(self._detail_lines(width)) * self.style.line + 8

    def _picture_height(self, width: float) -> float:
        """Height of drawing and dose together."""
        if self.style.beside:
            return max(self.style.figure_height, self._dose_height(width))
        return self.style.figure_height + 8 + self._dose_height(width)

    def _entries(self) -> list[Entry]:
        found = [Entry(number, "", cue) for number, cue in enumerate(self.cues[:self.style.most_cues], start=1)]
        found += [Entry(0, label, words) for label, words in zip(self.labels, (self.mistake, self.feel), strict=True) if words]
        return found + [Entry(0, "", one, True) for one in (self.limit, self.note) if one]

    def _text(self, width: float) -> list[TextLine]:
        """Everything under the drawing, line by line."""
        room = self._words_room(width) - self._indent()
        found: list[TextLine] = []
        for one in self._entries():
            taken = typeface.width(f"{one.lead} ", self.style.text, True) if one.lead else 0
            for place, line in enumerate(wrap_after(one.words, room, taken, self.style.text, one.bold)):
                apart = place == 0 and bool(one.lead) and one.lead == self.labels[0]
                found.append(TextLine(one.number if place == 0 else 0, one.lead if place == 0 else "", line, one.bold, apart, place == 0))
        return found

    def _text_height(self, width: float) -> float:
        """The lines, with a little room between what to do and what to watch."""
        lines = self._text(width)
        return 5 + len(lines) * self.style.line + (APART if any(one.apart for one in lines) else 0) if lines else 0

    def _indent(self) -> float:
        return self.style.text * 1.15

    def height(self, width: float) -> float:
        below = self.style.text * 0.2
        if self.wide:
            return 2 * self.style.pad + self._title_height(width) + max(self._picture_height(width), self._text_height(width) - 5 + below)
        return 2 * self.style.pad + self._title_height(width) + self._picture_height(width) + self._text_height(width) - 3 + below

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """Where no page holds the card, its note goes over to the next one, with the name of the exercise; the card itself is never cut."""
        bare = replace(self, note="")
        name = f"{self.number}. {self.name}" if self.number else self.name
        return (bare, Words(f"{name}: {self.note}", self.style.text, bold=True)) if self.note and bare.height(width) <= room else None

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        self.draw_stretched(canvas, x, top, width, self.height(width))

    def draw_stretched(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        """Draws the card with its frame `height` tall, so that neighbours end on one line."""
        canvas.setStrokeColor(LINE)
        canvas.setFillColor(PAPER)
        canvas.setLineWidth(0.8)
        canvas.roundRect(x, top - height, width, height, CORNER, stroke=1, fill=1)
        with group(canvas, "Sect"):
            self._draw_parts(canvas, x, top, width)

    def _draw_picture(self, canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
        with figure(canvas, self.alt or self.scene.alt_text, x, y, width, height, "" if self.alt else "en"):
            draw_scene(canvas, self.scene, x, y, width, height)

    def _draw_parts(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        left, upper = x + self.style.pad, top - self.style.pad
        self._draw_title(canvas, left, upper, width)
        if self.mark:
            self._draw_mark(canvas, x + width - self.style.pad, upper)
        upper -= self._title_height(width)
        inner, tall = self._left(width), self._picture_height(width)
        if self.style.beside:
            share = inner * self.style.figure_share
            self._draw_picture(canvas, left, upper - tall, share, tall)
            self._draw_dose(canvas, left + share + 6, upper, width, tall)
        else:
            self._draw_picture(canvas, left, upper - self.style.figure_height, inner, self.style.figure_height)
            self._draw_dose(canvas, left, upper - self.style.figure_height - 8, width, self._dose_height(width))
        if self.wide:
            self._draw_text(canvas, left + inner + 12, upper - self.style.text * 0.85, width)
        else:
            self._draw_text(canvas, left, upper - tall - 5 - self.style.text * 0.95, width)

    def _draw_title(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        with tagged(canvas, "H2"):
            self._draw_heading(canvas, x, top, width)

    def _draw_heading(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        size = self.style.name
        y = top - size * 0.88
        if self.number:
            radius = size * 0.62
            canvas.setFillColor(ACCENT)
            canvas.circle(x + radius, y + size * 0.35, radius, stroke=0, fill=1)
            typeface.draw(canvas, x + radius, y + size * 0.07, str(self.number), size * 0.8, bold=True, align="center", color=PAPER)
        for line in self._title(width):
            typeface.draw(canvas, x + self._badge(), y, line, size, bold=True, color=INK)
            y -= size * 1.18

    def _draw_mark(self, canvas: Canvas, right: float, top: float) -> None:
        size = self.style.text
        wide = typeface.width(self.mark, size, True) + 10
        canvas.setFillColor(INK)
        canvas.roundRect(right - wide, top - size - 3.5, wide, size + 5, 3, stroke=0, fill=1)
        typeface.draw(canvas, right - wide / 2, top - size + 0.8, self.mark, size, bold=True, align="center", color=PAPER)

    def _draw_dose(self, canvas: Canvas, x: float, top: float, width: float, tall: float) -> None:
        room = self._side_width(width)
        canvas.setFillColor(PAPER)
        canvas.setStrokeColor(ACCENT)
        canvas.setLineWidth(1.4)
        canvas.roundRect(x + 0.7, top - tall + 0.7, room - 1.4, tall - 1.4, 4, stroke=1, fill=1)
        lines, size = self._detail_lines(width), self._dose_size(width)
        content = size * 1.15 + len(lines) * self.style.line
        y = top - (tall - content) / 2 - size * 0.9
        with tagged(canvas, "P"):
            typeface.draw(canvas, x + room / 2, y, self.dose, size, bold=True, align="center", color=INK)
            y -= size * 0.2 + self.style.text
            for line in lines:
                typeface.draw(canvas, x + room / 2, y, line, self.style.text, align="center", color=INK)
                y -= self.style.line

    def _draw_text(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        lines = self._text(width)
        starts = [place for place, line in enumerate(lines) if line.first]
        with group(canvas, "L"):
            for start, end in pairwise([*starts, len(lines)]):
                with list_item(canvas):
                    y = self._draw_entry(canvas, lines[start:end], x, y)

    def _draw_entry(self, canvas: Canvas, lines: list[TextLine], x: float, y: float) -> float:
        size = self.style.text
        for line in lines:
            y -= APART if line.apart else 0
            if line.number:
                typeface.draw(canvas, x, y, str(line.number), size, bold=True, color=ACCENT)
            left = x + self._indent()
            if line.lead:
                typeface.draw(canvas, left, y, line.lead, size, bold=True, color=INK)
                left += typeface.width(f"{line.lead} ", size, True)
            typeface.draw(canvas, left, y, line.text, size, bold=line.bold, color=INK)
            y -= self.style.line
        return y
