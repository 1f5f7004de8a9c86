"""What every paper for a colleague has: who it is about on each page, a grid of facts, headed parts, and a line to sign."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Block, Heading, Sheet, Space, Words
from kneeclinic.documents.letterhead import letterhead
from kneeclinic.documents.palette import INK, LINE, QUIET
from kneeclinic.documents.tagging import tagged
from kneeclinic.progress.amounts import day_text, knee_text
from kneeclinic.progress.visit_values import utc
from kneeclinic.progress.visit_words import ALARM
from kneeclinic.record import Case, ClinicProfile
from kneeclinic.vocabulary import VisitKind, zone_named

GAP = 3.5
"""Points between two statements."""
BODY = 9.5
CONFIDENTIAL = "Confidential: patient record"
VISIT_WORDS = {
    VisitKind.FIRST: "first visit", VisitKind.FOLLOW_UP: "follow-up", VisitKind.WEEKLY: "weekly re-check", VisitKind.DISCHARGE: "discharge visit",
}


def clinical_sheet(case: Case, profile: ClinicProfile, title: str, on: date, *, right: tuple[str, ...] = ()) -> Sheet:
    """The letterhead of a paper about one patient; every later page names the patient and the paper."""
    later = "  ·  ".join(one for one in (title, f"No. {case.patient.number}", case.patient.full_name, f"printed {day_text(on)}") if one)
    return letterhead(profile, title, subtitle="", language="en", today=on, right=right or (f"Printed {day_text(on)}", CONFIDENTIAL), later=later)


def clock_text(moment: datetime | None, profile: ClinicProfile) -> str:
    """20 Nov 2026, 14:03, by the clock of the clinic."""
    if moment is None:
        return ""
    there = utc(moment).astimezone(zone_named(profile.time_zone))
    return f"{day_text(there.date())}, {there:%H:%M}"


def about(case: Case, on: date) -> tuple[tuple[str, str], ...]:
    """Who the paper is about: name, number, birth date and age, knee, episode, therapist, codes, referrer."""
    patient, episode = case.patient, case.episode
    born = f"{day_text(patient.birth_date)} ({patient.age_on(on)} years)"
    facts = [
        ("Patient", patient.full_name), ("Number", patient.number), ("Born", born), ("Treated", knee_text(episode.side)),
        ("Episode", f"since {day_text(episode.opened_on)}, week {episode.week_on(on)}"), ("Therapist", case.therapist_name(episode.therapist)),
    ]
    facts += [("Codes", ", ".join(episode.icd10))] if episode.icd10 else []
    facts += [("Referred by", episode.referrer)] if episode.referrer else []
    return tuple(facts)


def part(title: str, texts: Iterable[str], *, size: float = BODY, empty: str = "") -> list[Block]:
    """A heading with its statements, one a line; `empty` is said in grey when there are none."""
    found = [line for text in texts for line in text.split("\n") if line.strip()]
    if not found and not empty:
        return []
    blocks: list[Block] = [Space(4), Heading(title, size + 2)]
    return blocks + ([Words(one, size, bold=one.startswith(ALARM)) for one in found] or [Words(empty, size, quiet=True)])


@dataclass(frozen=True)
class FactGrid(Block):
    """Pairs of label and value in two columns, framed by thin rules; long values are wrapped."""

    facts: tuple[tuple[str, str], ...]
    size: float = 9.5
    label_width: float = 62.0

    def _column(self, width: float) -> float:
        return (width - 14) / 2

    def _rows(self, width: float) -> list[list[tuple[str, tuple[str, ...]]]]:
        room = self._column(width) - self.label_width
        cells = [(label, typeface.wrap(value, room, self.size) or ("",)) for label, value in self.facts]
        return [cells[start:start + 2] for start in range(0, len(cells), 2)]

    def _tall(self, row: list[tuple[str, tuple[str, ...]]]) -> float:
        return max(len(lines) for _, lines in row) * self.size * typeface.LEADING + 1.5

    def height(self, width: float) -> float:
        return 8 + sum(self._tall(row) for row in self._rows(width))

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        y = top - 4
        for row in self._rows(width):
            for number, (label, lines) in enumerate(row):
                left = x + number * (self._column(width) + 14)
                with tagged(canvas, "P"):
                    typeface.draw(canvas, left, y - self.size, label, self.size - 0.5, color=QUIET)
                    for place, line in enumerate(lines):
                        typeface.draw(canvas, left + self.label_width, y - self.size - place * self.size * typeface.LEADING, line, self.size,
                                      bold=label == "Patient", color=INK)
            y -= self._tall(row)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.6)
        canvas.line(x, top - self.height(width), x + width, top - self.height(width))


@dataclass(frozen=True)
class SignLine(Block):
    """A line to write on, with the name under it."""

    name: str
    words: str = ""
    size: float = 9.5

    def _lines(self, width: float) -> tuple[str, ...]:
        return typeface.wrap(self.name, width * 0.55, self.size, True) + typeface.wrap(self.words, width * 0.55, self.size - 1)

    def height(self, width: float) -> float:
        return 30 + len(self._lines(width)) * self.size * typeface.LEADING

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.8)
        canvas.line(x, top - 26, x + width * 0.55, top - 26)
        canvas.line(x + width * 0.65, top - 26, x + width, top - 26)
        typeface.draw(canvas, x + width * 0.65, top - 28 - self.size, "Date", self.size - 1, color=QUIET)
        y = top - 28 - self.size
        names = len(typeface.wrap(self.name, width * 0.55, self.size, True))
        for number, line in enumerate(self._lines(width)):
            is_name = number < names
            typeface.draw(canvas, x, y, line, self.size if is_name else self.size - 1, bold=is_name, color=INK if is_name else QUIET)
            y -= self.size * typeface.LEADING
