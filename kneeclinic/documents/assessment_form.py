"""The blank assessment form: the same catalogue as the screen, on paper, two knees side by side."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block, Heading, Row, lay_out
from kneeclinic.documents.letterhead import letterhead
from kneeclinic.documents.palette import FAINT, INK, LINE, QUIET
from kneeclinic.knowledge import Knowledge
from kneeclinic.knowledge.schema import Measure
from kneeclinic.record import ClinicProfile
from kneeclinic.vocabulary import MeasureKind, MeasureSides, VisitKind

KIND_LABELS = {VisitKind.FIRST: "First visit", VisitKind.FOLLOW_UP: "Follow-up", VisitKind.WEEKLY: "Weekly re-check",
               VisitKind.DISCHARGE: "Discharge"}

TICK, WRITE, MARK = 13.0, 44.0, 13.0
"""Points: a box to tick, a box to write into, the letter of the side."""
BLANKS = "Name ______________________   Date ____________   Therapist ______________________"


@dataclass(frozen=True)
class FormLine(Block):
    """One measure: label with unit and limits, and a place to write for each knee or for the person."""

    measure: Measure
    size: float = 9.5

    def _hint(self) -> str:
        """What may be written; nothing for a box that is only ticked."""
        measure = self.measure
        if measure.kind is MeasureKind.FLAG:
            return ""
        if measure.kind is MeasureKind.CHOICE:
            return " / ".join(measure.choice_labels or measure.choices)
        if measure.hard is not None:
            return f"{measure.hard[0]:g} to {measure.hard[1]:g}{' ' + measure.unit if measure.unit else ''}"
        return measure.unit

    def _box(self) -> float:
        return TICK if self.measure.kind is MeasureKind.FLAG else WRITE

    def _sides(self) -> tuple[str, ...]:
        return ("L", "R") if self.measure.sides is MeasureSides.EACH else ("",)

    def _label_width(self, width: float) -> float:
        return width - 2 * (self._box() + MARK) - 4

    def _lines(self, width: float) -> tuple[tuple[str, float], ...]:
        room = self._label_width(width)
        small = self.size - 1.5
        return (*((one, self.size) for one in typeface.wrap(self.measure.label, room, self.size)),
                *((one, small) for one in typeface.wrap(self._hint(), room, small)))

    def height(self, width: float) -> float:
        return max(18.0, sum(size * 1.2 for _, size in self._lines(width)) + 5)

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        self.draw_stretched(canvas, x, top, width, self.height(width))

    def draw_stretched(self, canvas: Canvas, x: float, top: float, width: float, height: float) -> None:
        lines = self._lines(width)
        y = top - (height - sum(size * 1.2 for _, size in lines)) / 2 + 1
        for line, size in lines:
            y -= size * 1.2
            typeface.draw(canvas, x, y + size * 0.25, line, size, color=INK if size == self.size else QUIET)
        canvas.setLineWidth(0.8)
        box = self._box()
        deep = TICK if box == TICK else max(TICK, height - 6)
        for number, side in enumerate(reversed(self._sides())):
            right = x + width - number * (box + MARK)
            canvas.setStrokeColor(LINE)
            canvas.rect(right - box, top - (height + deep) / 2, box, deep, stroke=1, fill=0)
            typeface.draw(canvas, right - box - 3, top - height / 2 - 3, side, self.size - 1, align="right", color=QUIET)
        canvas.setStrokeColor(FAINT)
        canvas.setLineWidth(0.4)
        canvas.line(x, top - height, x + width, top - height)


def assessment_form_pdf(knowledge: Knowledge, profile: ClinicProfile, kind: VisitKind) -> bytes:
    """A blank form for one kind of visit as PDF bytes: every measure of that visit, in the order of the screen."""
    blocks: list[Block] = []
    for section in knowledge.sections:
        wanted = [one for one in knowledge.measures.values()
                  if one.section == section.id and not one.derived and kind.value in one.visit_kinds]
        if wanted:
            blocks.append(Heading(section.label, 12))
            blocks.extend(Row(tuple(FormLine(one) for one in wanted[start:start + 2]), 2, gap=16) for start in range(0, len(wanted), 2))
    title = f"{KIND_LABELS[kind]}: assessment form"
    sheet = letterhead(profile, title, subtitle=BLANKS, language="en")
    return lay_out(blocks, sheet, gap=1.5)
