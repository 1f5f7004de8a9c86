"""One exercise on paper: drawing, name, which leg, the dose large enough to read at arm's length, cues, a mistake, what to feel."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block
from kneeclinic.documents.palette import ACCENT, INK, LINE, PAPER, QUIET, WASH
from kneeclinic.figures import Scene
from kneeclinic.figures.paper import draw_scene

PAD = 8.0
CORNER = 5.0


@dataclass(frozen=True)
class CardStyle:
    """Sizes in points; `figure_share` = part of the card's width that the drawing takes."""

    name: float
    dose: float
    text: float
    figure_share: float
    figure_height: float

    @property
    def line(self) -> float:
        return self.text * typeface.LEADING


STANDARD = CardStyle(name=12, dose=19, text=9.5, figure_share=0.52, figure_height=96)
LARGE = CardStyle(name=22, dose=30, text=18, figure_share=0.58, figure_height=190)
SINGLE = CardStyle(name=24, dose=32, text=15, figure_share=1.0, figure_height=330)
POCKET = CardStyle(name=9.5, dose=13, text=9.5, figure_share=0.5, figure_height=62)


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

    def _title(self, width: float) -> tuple[str, ...]:
        taken = typeface.width(self.mark, self.style.text, True) + 16 if self.mark else 0
        return typeface.wrap(self.name, self._inner(width) - taken, self.style.name, True)

    def _under(self) -> bool:
        """Drawing over the full width with the dose below it, instead of beside it."""
        return self.style.figure_share >= 1

    def _dose_width(self, width: float) -> float:
        inner = self._inner(width)
        return inner if self._under() else inner * (1 - self.style.figure_share) - 6

    def _dose_size(self, width: float) -> float:
        return typeface.fitted(self.dose, self._dose_width(width) - 12, self.style.dose, self.style.text + 1, True)[1]

    def _detail_lines(self, width: float) -> tuple[str, ...]:
        room = self._dose_width(width) - 12
        details = (self.leg, *self.dose_details)
        if self._under():
            details = ("  ·  ".join(one for one in details if one),)
        return tuple(line for one in details if one for line in typeface.wrap(one, room, self.style.text))

    def _dose_height(self, width: float) -> float:
        return self._dose_size(width) * 1.25 + len(self._detail_lines(width)) * self.style.line + 10

    def _picture_height(self, width: float) -> float:
        if self._under():
            return self.style.figure_height
        return max(self.style.figure_height, self._dose_height(width))

    def _text(self, width: float) -> list[tuple[str, str, bool]]:
        """(marker, line, bold) for everything under the drawing."""
        room = self._inner(width)
        indent = self.style.text * 1.1
        found: list[tuple[str, str, bool]] = []
        for number, cue in enumerate(self.cues, start=1):
            for part, line in enumerate(typeface.wrap(cue, room - indent, self.style.text)):
                found.append((f"{number}" if part == 0 else "", line, False))
        for label, words in ((self.labels[0], self.mistake), (self.labels[1], self.feel), ("", self.note)):
            if not words:
                continue
            text = f"{label} {words}".strip()
            for line in typeface.wrap(text, room - indent, self.style.text):
                found.append((">" if line is not None and text.startswith(line) and label else "", line, not label))
        return found

    def height(self, width: float) -> float:
        title = len(self._title(width)) * self.style.name * 1.2
        below = self._dose_height(width) + 6 if self._under() else 0
        return PAD + title + 4 + self._picture_height(width) + below + 5 + len(self._text(width)) * self.style.line + PAD

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        self.draw_stretched(canvas, x, top, width, self.height(width))

    def draw_stretched(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        """Draws the card with its frame `height` tall, so that neighbours end on one line."""
        style = self.style
        canvas.setStrokeColor(LINE)
        canvas.setFillColor(PAPER)
        canvas.setLineWidth(0.8)
        canvas.roundRect(x, top - height, width, height, CORNER, stroke=1, fill=1)
        y = top - PAD - style.name * 0.95
        for line in self._title(width):
            typeface.draw(canvas, x + PAD, y, line, style.name, bold=True, color=INK)
            y -= style.name * 1.2
        if self.mark:
            self._draw_mark(canvas, x + width - PAD, top - PAD, style.text)
        y_top = top - PAD - len(self._title(width)) * style.name * 1.2 - 4
        tall = self._picture_height(width)
        inner = self._inner(width)
        if self._under():
            draw_scene(canvas, self.scene, x + PAD, y_top - tall, inner, tall)
            self._draw_dose(canvas, x + PAD, y_top - tall - 6, inner, self._dose_height(width))
            y = y_top - tall - 6 - self._dose_height(width)
        else:
            draw_scene(canvas, self.scene, x + PAD, y_top - tall, inner * style.figure_share, tall)
            self._draw_dose(canvas, x + PAD + inner - self._dose_width(width), y_top, self._dose_width(width), tall)
            y = y_top - tall
        self._draw_text(canvas, x + PAD, y - 5 - style.text * 0.95, width)

    def _draw_mark(self, canvas: Canvas, right: float, top: float, size: float) -> None:
        wide = typeface.width(self.mark, size, True) + 10
        canvas.setFillColor(INK)
        canvas.roundRect(right - wide, top - size - 3, wide, size + 5, 3, stroke=0, fill=1)
        typeface.draw(canvas, right - wide / 2, top - size + 0.5, self.mark, size, bold=True, align="center", color=PAPER)

    def _draw_dose(self, canvas: Canvas, x: float, top: float, room: float, tall: float) -> None:
        canvas.setFillColor(WASH)
        canvas.setStrokeColor(ACCENT)
        canvas.setLineWidth(1.2)
        canvas.roundRect(x, top - tall, room, tall, 4, stroke=1, fill=1)
        lines = self._detail_lines(room + 2 * PAD if self._under() else self._outer(room))
        size = typeface.fitted(self.dose, room - 12, self.style.dose, self.style.text + 1, True)[1]
        content = size * 1.15 + len(lines) * self.style.line
        y = top - (tall - content) / 2 - size * 0.9
        typeface.draw(canvas, x + room / 2, y, self.dose, size, bold=True, align="center", color=INK)
        y -= size * 0.25 + self.style.text
        for line in lines:
            typeface.draw(canvas, x + room / 2, y, line, self.style.text, align="center", color=INK)
            y -= self.style.line

    def _outer(self, dose_room: float) -> float:
        """The card's width that gives a dose box of `dose_room`."""
        return (dose_room + 6) / (1 - self.style.figure_share) + 2 * PAD

    def _draw_text(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        indent = self.style.text * 1.1
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
            typeface.draw(canvas, x + indent, y, line, self.style.text, bold=bold, color=INK)
            y -= self.style.line
