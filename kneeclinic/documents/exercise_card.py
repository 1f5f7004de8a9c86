"""One exercise on paper: drawing, name, which leg, the dose large enough to read at arm's length, cues, a mistake, what to feel."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block, Words
from kneeclinic.documents.palette import ACCENT, INK, LINE, PAPER, QUIET, WASH
from kneeclinic.figures import Scene
from kneeclinic.figures.paper import draw_scene

PAD = 8.0
CORNER = 5.0


@dataclass(frozen=True)
class CardStyle:
    """Sizes in points. `beside`: name and dose stand at the right of the drawing; otherwise above and below it."""

    name: float
    dose: float
    text: float
    figure_height: float
    beside: bool = True
    figure_share: float = 0.5
    leading: float = 1.2
    most_cues: int = 5

    @property
    def line(self) -> float:
        return self.text * self.leading


STANDARD = CardStyle(name=11.5, dose=19, text=9.5, figure_height=92)
LARGE = CardStyle(name=21, dose=32, text=18, figure_height=190, figure_share=0.54, leading=1.25)
SINGLE = CardStyle(name=24, dose=32, text=15, figure_height=300, beside=False, leading=1.3)
POCKET = CardStyle(name=9.5, dose=13, text=9.5, figure_height=62)


@dataclass(frozen=True)
class ExerciseCard(Block):
    """`dose` is the big line, `dose_details` the smaller ones, `mark` a word such as "new" in the corner, `labels` = (mistake, feel)."""

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
    starts_page: bool = False

    def _inner(self, width: float) -> float:
        return width - 2 * PAD

    def _side_width(self, width: float) -> float:
        """Room for name and dose."""
        inner = self._inner(width)
        return inner * (1 - self.style.figure_share) - 6 if self.style.beside else inner

    def _mark_height(self) -> float:
        return self.style.text + 9 if self.mark else 0

    def _title(self, width: float) -> tuple[str, ...]:
        room = self._side_width(width)
        if self.mark and not self.style.beside:
            room -= typeface.width(self.mark, self.style.text, True) + 16
        return typeface.wrap(self.name, room, self.style.name, True)

    def _title_height(self, width: float) -> float:
        mark = self._mark_height() if self.style.beside else 0
        return mark + len(self._title(width)) * self.style.name * 1.18 + 4

    def _dose_size(self, width: float) -> float:
        return typeface.fitted(self.dose, self._side_width(width) - 12, self.style.dose, self.style.text + 1, True)[1]

    def _detail_lines(self, width: float) -> tuple[str, ...]:
        room = self._side_width(width) - 12
        details = tuple(one for one in (self.leg, *self.dose_details) if one)
        if not self.style.beside:
            details = ("  ·  ".join(details),)
        return tuple(line for one in details for line in typeface.wrap(one, room, self.style.text))

    def _dose_height(self, width: float) -> float:
        return self._dose_size(width) * 1.2 + len(self._detail_lines(width)) * self.style.line + 10

    def _block_height(self, width: float) -> float:
        """Height of drawing, name and dose together."""
        if self.style.beside:
            return max(self.style.figure_height, self._title_height(width) + self._dose_height(width))
        return self._title_height(width) + self.style.figure_height + 6 + self._dose_height(width)

    def _text(self, width: float) -> list[tuple[str, str, bool]]:
        """(marker, line, bold) for everything under the drawing; the marker is a number, > or nothing."""
        room = self._inner(width) - self._indent()
        found: list[tuple[str, str, bool]] = []
        entries = [(str(number), cue, False) for number, cue in enumerate(self.cues[:self.style.most_cues], start=1)]
        entries += [(">", f"{label} {words}", False) for label, words in zip(self.labels, (self.mistake, self.feel), strict=True) if words]
        if self.note:
            entries.append((">", self.note, True))
        for marker, words, bold in entries:
            lines = typeface.wrap(words, room, self.style.text, bold)
            found += [(marker if number == 0 else "", line, bold) for number, line in enumerate(lines)]
        return found

    def _indent(self) -> float:
        return self.style.text * 1.1

    def height(self, width: float) -> float:
        return PAD + self._block_height(width) + 4 + len(self._text(width)) * self.style.line + PAD - 2

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """The note may go over to the next page; the card itself is never cut."""
        bare = replace(self, note="")
        return (bare, Words(self.note, self.style.text, bold=True)) if self.note and bare.height(width) <= room else None

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        self.draw_stretched(canvas, x, top, width, self.height(width))

    def draw_stretched(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        """Draws the card with its frame `height` tall, so that neighbours end on one line."""
        canvas.setStrokeColor(LINE)
        canvas.setFillColor(PAPER)
        canvas.setLineWidth(0.8)
        canvas.roundRect(x, top - height, width, height, CORNER, stroke=1, fill=1)
        inner, tall = self._inner(width), self._block_height(width)
        upper = top - PAD
        left = x + PAD
        if self.style.beside:
            share = inner * self.style.figure_share
            draw_scene(canvas, self.scene, left, upper - tall, share, tall)
            side = left + share + 6
            if self.mark:
                self._draw_mark(canvas, x + width - PAD, upper)
            self._draw_title(canvas, side, upper - self._mark_height(), width)
            self._draw_dose(canvas, side, upper - self._title_height(width), width, tall - self._title_height(width))
        else:
            if self.mark:
                self._draw_mark(canvas, x + width - PAD, upper)
            self._draw_title(canvas, left, upper, width)
            lower = upper - self._title_height(width) - self.style.figure_height
            draw_scene(canvas, self.scene, left, lower, inner, self.style.figure_height)
            self._draw_dose(canvas, left, lower - 6, width, self._dose_height(width))
        self._draw_text(canvas, left, upper - tall - 4 - self.style.text * 0.95, width)

    def _draw_title(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        y = top - self.style.name * 0.92
        for line in self._title(width):
            typeface.draw(canvas, x, y, line, self.style.name, bold=True, color=INK)
            y -= self.style.name * 1.18

    def _draw_mark(self, canvas: Canvas, right: float, top: float) -> None:
        size = self.style.text
        wide = typeface.width(self.mark, size, True) + 10
        canvas.setFillColor(INK)
        canvas.roundRect(right - wide, top - size - 4, wide, size + 5, 3, stroke=0, fill=1)
        typeface.draw(canvas, right - wide / 2, top - size + 0.5, self.mark, size, bold=True, align="center", color=PAPER)

    def _draw_dose(self, canvas: Canvas, x: float, top: float, width: float, tall: float) -> None:
        room = self._side_width(width)
        canvas.setFillColor(WASH)
        canvas.setStrokeColor(ACCENT)
        canvas.setLineWidth(1.2)
        canvas.roundRect(x, top - tall, room, tall, 4, stroke=1, fill=1)
        lines, size = self._detail_lines(width), self._dose_size(width)
        content = size * 1.15 + len(lines) * self.style.line
        y = top - (tall - content) / 2 - size * 0.9
        typeface.draw(canvas, x + room / 2, y, self.dose, size, bold=True, align="center", color=INK)
        y -= size * 0.2 + self.style.text
        for line in lines:
            typeface.draw(canvas, x + room / 2, y, line, self.style.text, align="center", color=INK)
            y -= self.style.line

    def _draw_text(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        for marker, line, bold in self._text(width):
            if marker == ">":
                canvas.setFillColor(QUIET)
                half = self.style.text * 0.22
                path = canvas.beginPath()
                path.moveTo(x, y - half * 0.2)
                path.lineTo(x + half * 2, y + half * 1.4)
                path.lineTo(x, y + half * 3)
                path.close()
                canvas.drawPath(path, stroke=0, fill=1)
            elif marker:
                typeface.draw(canvas, x, y, marker, self.style.text, bold=True, color=ACCENT)
            typeface.draw(canvas, x + self._indent(), y, line, self.style.text, bold=bold, color=INK)
            y -= self.style.line
