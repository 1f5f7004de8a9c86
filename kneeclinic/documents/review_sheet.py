"""The weekly review on paper: one page a patient with the week, the verdicts, what the rules suggest and room for the decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.chart_block import ChartBlock, ChartEvent, ChartLine
from kneeclinic.documents.layout import Block, Heading, Words, lay_out, with_fewest_pages
from kneeclinic.documents.letterhead import letterhead
from kneeclinic.documents.palette import INK, LINE, QUIET
from kneeclinic.documents.panels import Line, Panel
from kneeclinic.documents.table_block import TableBlock
from kneeclinic.documents.tile_row import PaperTile, TileRow
from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.amounts import IMPERIAL, change_words, day_text, distances_in, dose_words, load_words, number_text, unit_of
from kneeclinic.progress.change import VERDICT_WORDS, ChangeVerdict
from kneeclinic.progress.review import Tile, WeeklyReview
from kneeclinic.progress.series import pain_series
from kneeclinic.progress.visit_words import ALARM
from kneeclinic.progress.week import main_verdict
from kneeclinic.record import Case, ClinicProfile, Review, TapeNote
from kneeclinic.rules.phase import phase
from kneeclinic.vocabulary import Decision, Units

DECISIONS = {
    Decision.PROGRESS: "Progress", Decision.HOLD: "Hold", Decision.REGRESS: "Step back", Decision.REASSESS: "Re-assess", Decision.REFER: "Refer",
    Decision.DISCHARGE: "Discharge", Decision.STOP_SUPPORT: "Stop tape or orthosis",
}
WEEKS_SHOWN = 12
GAP = 6.0


@dataclass(frozen=True)
class Size:
    """Height of the chart, size of the tables and letters of a patient's note that are shown; a patient with much to tell gets the smaller
    ones, to stay on one page. The notes stand in full on the handout; a reason to override is never shortened."""

    plot: float
    text: float
    note: int = 4000


LONG_NOTE = 160
"""Letters that still stand in the last column."""
SIZES = (Size(70, 9), Size(56, 8.5), Size(44, 8), Size(44, 8, 70), Size(40, 8, 26), Size(36, 8, 0))


def review_sheet_pdf(entries: Sequence[tuple[Case, WeeklyReview]], knowledge: Knowledge, today: date, profile: ClinicProfile) -> bytes:
    """The pack of one week as PDF bytes: a summary page when there are several patients, then one page each. Empty = one page that says so."""
    blocks: list[Block] = []
    if len(entries) != 1:
        blocks += _summary(entries, knowledge, today)
    week = entries[0][1].week_start if entries else today - timedelta(days=today.weekday())
    sheet = letterhead(profile, f"Weekly review, week of {day_text(week)}", subtitle="", language="en", today=today,
                       right=(f"Printed {day_text(today)}", "Confidential: patient record"))
    sheet = replace(sheet, gap=GAP)
    for number, (case, review) in enumerate(entries):
        versions = (_patient(case, review, knowledge, today, profile.units, size, starts_page=number > 0 or len(entries) > 1) for size in SIZES)
        blocks += with_fewest_pages((one, sheet) for one in versions)[0]
    return lay_out(blocks, sheet)


def _summary(entries: Sequence[tuple[Case, WeeklyReview]], knowledge: Knowledge, today: date) -> list[Block]:
    if not entries:
        return [Words("No open episode this week: nobody is on the caseload.", 11)]
    rows = tuple(_summary_row(case, review, knowledge, today) for case, review in entries)
    counts = Counter(decided_words(case, review) for case, review in entries)
    flagged = sum(bool(review.flags) for _, review in entries)
    said = [*([f"{ALARM}: {flagged}"] if flagged else []), *(f"{word}: {count}" for word, count in counts.most_common())]
    return [Heading(f"{len(entries)} patients"), Words("  ·  ".join(said), 10, keep_with_next=True),
            TableBlock(("Patient", "Week", "Worst pain", "Main measure", "Decision", "Because"), rows, (0.19, 0.12, 0.11, 0.14, 0.16, 0.28), size=9,
                       strong=(0,))]


def _summary_row(case: Case, review: WeeklyReview, knowledge: Knowledge, today: date) -> tuple[str, ...]:
    """One patient in the table of the team meeting: who, where in the course, pain, verdict, decision, and why."""
    patient = case.patient
    pain = next((tile for tile in review.tiles if tile.label == "Worst pain"), None)
    told = "not told" if pain is None or pain.now is None else f"{pain.now:g}" if pain.last is None else f"{pain.last:g} to {pain.now:g}"
    verdict = VERDICT_WORDS[main_verdict(case, knowledge, today).verdict]
    alarm = "; ".join(f"{ALARM}: {one.title}" for one in review.flags)
    lead = _lead(review)
    why = alarm if alarm and lead.startswith("red flag") else ". ".join(one for one in (alarm, lead) if one)
    return (f"{patient.full_name}\n{patient.number}", f"{case.episode.week_on(today)}, phase {phase(case, knowledge, today).number}", told, verdict,
            decided_words(case, review), why)


def _lead(review: WeeklyReview) -> str:
    return "; ".join(review.decision.because) or review.decision.title


def decision_of(case: Case, review: WeeklyReview) -> Review | None:
    """The decision that was already taken in this week, the newest that stands."""
    found = [one for one in case.reviews if one.week_start == review.week_start and one.undone_at is None]
    return found[-1] if found else None


def decided_words(case: Case, review: WeeklyReview) -> str:
    taken = decision_of(case, review)
    return f"{DECISIONS[taken.decision]} (decided)" if taken else f"{DECISIONS[review.decision.decision]} (suggested)"


def _patient(case: Case, review: WeeklyReview, knowledge: Knowledge, today: date, units: Units, size: Size, *, starts_page: bool,
             ) -> list[Block]:
    patient, episode = case.patient, case.episode
    where = phase(case, knowledge, today)
    about = (f"{patient.number}  ·  {patient.age_on(today)} years  ·  {episode.side.value} knee{'s' if episode.side.value == 'both' else ''}  ·  "
             f"phase {where.number} ({where.label})  ·  week {episode.week_on(today)}  ·  {case.therapist_name(episode.therapist)}")
    blocks: list[Block] = [Heading(patient.full_name, 15, starts_page=starts_page), Words(about, 9.5, quiet=True)]
    if review.flags:
        lines = tuple(Line(f"{one.action} ({'; '.join(because.sentence(knowledge) for because in one.because)})", f"{one.level.value}: {one.title}.")
                      for one in review.flags)
        blocks.append(Panel("Red flags", lines, strong=True))
    blocks.append(TileRow(tuple(PaperTile(_label(tile, units), _shown(tile, tile.now, units), f"last week {_shown(tile, tile.last, units)}")
                                for tile in review.tiles)))
    blocks.append(_decision_panel(case, review, units))
    chart = pain_chart(case, today, size.plot)
    if chart is not None:
        blocks.append(chart)
    if review.verdicts:
        rows = tuple(_verdict_row(one, knowledge, units) for one in review.verdicts)
        shares = (0.27, 0.08, 0.08, 0.05, 0.16, 0.36)
        blocks.append(TableBlock(("Measure", "First", "Now", "n", "Verdict", "Why"), rows, shares, (1, 2, 3), size.text))
    blocks += _program(case, knowledge, units, size)
    blocks.append(Signature())
    return blocks


def _decision_panel(case: Case, review: WeeklyReview, units: Units) -> Panel:
    found = review.decision
    lines = [Line("; ".join(found.because), "Because:")] if found.because else []
    lines.append(Line(found.then, "Then:"))
    lines += [Line(distances_in(one, units), "Mind:") for one in review.notes]
    lines += [Line(f"{one.then} ({'; '.join(one.because)})", f"Also {one.rule}:") for one in found.added]
    old, new = case.program.load if case.program else None, review.proposal.load if review.proposal else None
    lines += [Line(change_words(one, old, new, units), "Change:") for one in review.changes]
    taken = decision_of(case, review)
    if taken is not None:
        why = f" {taken.reason}" if taken.reason else ""
        lines.append(Line(f"{DECISIONS[taken.decision]}, {case.therapist_name(taken.clinician)}.{why}", "Decided:"))
        if taken.note:
            lines.append(Line(taken.note, "Note:"))
    return Panel(f"{found.rule}: {found.title}. Suggestion: {DECISIONS[found.decision].lower()}", tuple(lines), strong=True)


def _label(tile: Tile, units: Units) -> str:
    unit = IMPERIAL[tile.unit].sign if units is Units.IMPERIAL and tile.unit in IMPERIAL else tile.unit
    return f"{tile.label} ({unit})" if unit else tile.label


def _shown(tile: Tile, value: float | str | None, units: Units) -> str:
    if value is None or isinstance(value, str):
        return "not told" if value is None else value
    factor = IMPERIAL[tile.unit].factor if units is Units.IMPERIAL and tile.unit in IMPERIAL else 1
    return f"{round(value * factor, 0 if tile.unit == '%' else 1):g}"


def _verdict_row(one: ChangeVerdict, knowledge: Knowledge, units: Units) -> tuple[str, ...]:
    measure = knowledge.measure(one.measure)
    first, last = ("" if value is None else number_text(measure, value, units) for value in (one.first, one.last))
    unit = unit_of(measure, units)
    return (f"{measure.label} ({unit})" if unit else measure.label, first, last, str(one.n), VERDICT_WORDS[one.verdict], one.why)


def pain_chart(case: Case, today: date, plot_height: float = 64) -> ChartBlock | None:
    """Worst pain of the treated knee over the last weeks, or None when there are fewer than two values."""
    start = today - timedelta(weeks=WEEKS_SHOWN)
    marks = {"left": "circle", "right": "square"}
    lines = tuple(
        ChartLine(side.value, points, marks[side.value])
        for side in case.episode.side.sides
        if len(points := tuple((one.on, one.value) for one in pain_series(case, "pain_worst", side) if start <= one.on <= today)) > 1
    )
    if not lines:
        return None
    first = min(points[0][0] for points in (line.points for line in lines))
    events = [ChartEvent(one.starts_on, f"v{one.version}") for one in case.programs if first <= one.starts_on <= today]
    return ChartBlock("Worst pain", lines, 0, 10, first, today, unit="0-10", events=tuple(events[-6:]), plot_height=plot_height)


def _program(case: Case, knowledge: Knowledge, units: Units, size: Size) -> list[Block]:
    program = case.program
    if program is None:
        return [Words("No program yet.", 9.5)]
    rows = [(knowledge.item_label(one.exercise), one.side.value, dose_words(one.dose, units, knowledge.exercise(one.exercise)),
             " ".join(part for part in (", ".join(one.rules), f"Override: {one.override_reason}" if one.override_reason else "",
                       _shortened(one.note, size.note)) if part))
            for one in program.items]
    if program.tape is not None:
        rows.append(("Tape: " + ", ".join(one.value.replace("_", " ") for one in program.tape.components), program.tape.side.value,
                     f"stops {day_text(program.tape.stop_on)}", _tape_words(program.tape)))
    rows += [(knowledge.item_label(one.device), one.side.value, f"stops {day_text(one.stop_on)}", one.reason) for one in program.devices]
    rows, below = _long_below(rows)
    running = load_words(program.load, units) if program.load is not None else ""
    state = ", paused" if program.paused else ""
    return [Heading(f"Program, version {program.version}, from {day_text(program.starts_on)}{state}", 11),
            TableBlock(("What", "Leg", "Dose", "Rules and notes"), tuple(rows), (0.32, 0.08, 0.34, 0.26), size=size.text),
            *(Words(one, size.text) for one in below),
            *([Words(f"Running: {running}", size.text)] if running else [])]


def _long_below(rows: Sequence[tuple[str, str, str, str]]) -> tuple[list[tuple[str, str, str, str]], list[str]]:
    """The rows with what is too long for the narrow column in full under the table: a reason is read to its end."""
    short = [(what, leg, dose, note if len(note) <= LONG_NOTE else "see below") for what, leg, dose, note in rows]
    return short, [f"{what}: {note}" for what, _, _, note in rows if len(note) > LONG_NOTE]


def _shortened(note: str, letters: int) -> str:
    return note if len(note) <= letters else f"{note[:letters].rsplit(' ', 1)[0].rstrip(' ,;.')} …".strip()


def _tape_words(tape: TapeNote) -> str:
    """What the re-test showed, and the written note: with tape that the findings rule out it is the reason."""
    test = "" if tape.retest_before is None or tape.retest_after is None else f"re-test {tape.retest_before} to {tape.retest_after}"
    return "; ".join(one for one in (test, tape.note) if one)


@dataclass(frozen=True)
class Signature(Block):
    """Boxes for the decision and a line to sign."""

    size: float = 9.5

    def height(self, width: float) -> float:
        return 34

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        left = x
        y = top - 12
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.8)
        for words in DECISIONS.values():
            canvas.rect(left, y - 1, 9, 9, stroke=1, fill=0)
            typeface.draw(canvas, left + 12, y, words, 8.5, color=INK)
            left += typeface.width(words, 8.5) + 22
        canvas.setStrokeColor(LINE)
        canvas.line(x, top - 32, x + width * 0.6, top - 32)
        canvas.line(x + width * 0.64, top - 32, x + width, top - 32)
        typeface.draw(canvas, x + width * 0.64, top - 29.5, "Name, date", 8.5, color=QUIET)
