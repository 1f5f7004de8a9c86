"""The blank assessment form: the same catalogue as the screen, on paper, two knees side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block, Heading, lay_out
from kneeclinic.documents.letterhead import letterhead
from kneeclinic.documents.palette import FAINT, INK, LINE, QUIET
from kneeclinic.knowledge import Knowledge
from kneeclinic.knowledge.schema import Measure
from kneeclinic.record import ClinicProfile
from kneeclinic.vocabulary import MeasureKind, MeasureSides, VisitKind

KIND_LABELS = {VisitKind.FIRST: "First visit", VisitKind.FOLLOW_UP: "Follow-up", VisitKind.WEEKLY: "Weekly re-check",
               VisitKind.DISCHARGE: "Discharge"}


@dataclass(frozen=True)
class FormLine(Block):
    """One measure: label with unit and limits, and a place to write for each knee or for the person."""

    measure: Measure
    size: float = 9.5

    def _answer(self) -> str:
        measure = self.measure
        if measure.kind is MeasureKind.FLAG:
            return "yes / no"
        if measure.kind is MeasureKind.CHOICE:
            return " / ".join(measure.choice_labels or measure.choices)
        if measure.hard is not None:
            return f"{measure.hard[0]:g} to {measure.hard[1]:g}{' ' + measure.unit if measure.unit else ''}"
        return measure.unit

    def _label_width(self, width: float) -> float:
        return width * 0.56

    def _label_lines(self, width: float) -> tuple[str, ...]:
        return typeface.wrap(self.measure.label, self._label_width(width) - 8, self.size)

    def _hint_lines(self, width: float) -> tuple[str, ...]:
        return typeface.wrap(self._answer(), self._label_width(width) - 8, self.size - 1.5) if self._answer() else ()

    def height(self, width: float) -> float:
        text = len(self._label_lines(width)) * self.size * 1.22 + len(self._hint_lines(width)) * (self.size - 1.5) * 1.22
        return max(20.0, text + 6)

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        y = top - self.size
        for line in self._label_lines(width):
            typeface.draw(canvas, x, y, line, self.size, color=INK)
            y -= self.size * 1.22
        small = self.size - 1.5
        for line in self._hint_lines(width):
            typeface.draw(canvas, x, y, line, small, color=QUIET)
            y -= small * 1.22
        label = self._label_width(width)
        tall = self.height(width)
        sides = ("R", "L") if self.measure.sides is MeasureSides.EACH else ("",)
        box = (width - label) / len(sides)
        canvas.setLineWidth(0.8)
        for number, side in enumerate(sides):
            left = x + label + number * box
            canvas.setStrokeColor(LINE)
            canvas.rect(left + 4, top - tall + 3, box - 8, tall - 6, stroke=1, fill=0)
            typeface.draw(canvas, left + 8, top - tall / 2 - 3, side, small, color=QUIET)
        canvas.setStrokeColor(FAINT)
        canvas.setLineWidth(0.4)
        canvas.line(x, top - tall, x + width, top - tall)


def assessment_form_pdf(knowledge: Knowledge, profile: ClinicProfile, kind: VisitKind, today: date) -> bytes:
    """A blank form for one kind of visit as PDF bytes: every measure of that visit, in the order of the screen."""
    blocks: list[Block] = []
    for section in knowledge.sections:
        wanted = [one for one in knowledge.measures.values()
                  if one.section == section.id and not one.derived and kind.value in one.visit_kinds]
        if wanted:
            blocks.append(Heading(section.label, 12))
            blocks.extend(FormLine(one) for one in wanted)
    title = f"{KIND_LABELS[kind]}: assessment form"
    sheet = letterhead(profile, title, subtitle="Name ______________________   Date ____________   Therapist ______________________", language="en", today=today)
    return lay_out(blocks, sheet, gap=1.5)
