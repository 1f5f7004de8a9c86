"""All visits side by side: measures as rows, visits as columns, with what each change means; the same table for the screen and the file."""

from __future__ import annotations

from dataclasses import dataclass

from kneeclinic.knowledge import Knowledge
from kneeclinic.knowledge.schema import Measure
from kneeclinic.progress.amounts import value_text
from kneeclinic.progress.change import judge
from kneeclinic.record import Case, Observation, Visit
from kneeclinic.vocabulary import Better, Side, Units, Verdict

SIDES = (Side.LEFT, Side.RIGHT, Side.NONE)
CARRIED = "(carried)"
MARKS = {
    Verdict.BETTER: "beyond noise and important", Verdict.WORSE: "beyond noise and important", Verdict.POSSIBLY_BETTER: "possibly changed",
    Verdict.POSSIBLY_WORSE: "possibly changed", Verdict.NO_REAL_CHANGE: "within noise", Verdict.NOT_JUDGED: "not judged",
}
"""What the change stands against, from the one module that judges change."""


@dataclass(frozen=True)
class FlowRow:
    """One measure of one knee. `cells` has one text a visit, `numbers` the measured numbers in order, carried ones left out."""

    measure: Measure
    side: Side
    cells: tuple[str, ...]
    numbers: tuple[float, ...]
    change: float | None
    mark: str
    direction: str


@dataclass(frozen=True)
class Flowsheet:
    visits: tuple[Visit, ...]
    rows: tuple[FlowRow, ...]


def flowsheet(case: Case, knowledge: Knowledge, *, section: str = "", units: Units = Units.METRIC) -> Flowsheet:
    """Visits with values, oldest first, and every measure that has one, in the order of the form; `section` keeps one section."""
    mine = [one for one in case.observations if one.is_valid and one.measure in knowledge.measures]
    known = {one.visit_id for one in mine}
    visits = tuple(sorted((one for one in case.visits if one.id in known), key=lambda one: (one.on, one.id)))
    by: dict[tuple[str, Side], dict[str, Observation]] = {}
    for one in mine:
        by.setdefault((one.measure, one.side), {})[one.visit_id] = one
    places = {part.id: place for place, part in enumerate(knowledge.sections)}
    rows = []
    for measure in sorted(knowledge.measures.values(), key=lambda one: places.get(one.section, len(places))):
        if section and measure.section != section:
            continue
        for side in SIDES:
            found = by.get((measure.id, side))
            if found:
                rows.append(_row(measure, side, found, visits, units))
    return Flowsheet(visits, tuple(rows))


def _row(measure: Measure, side: Side, found: dict[str, Observation], visits: tuple[Visit, ...], units: Units) -> FlowRow:
    cells, numbers, days = [], [], []
    for visit in visits:
        one = found.get(visit.id)
        cells.append("" if one is None else value_text(measure, one.value, units) + (f" {CARRIED}" if one.carried else ""))
        if one is not None and one.number is not None and not one.carried:
            numbers.append(one.number)
            days.append(visit.on)
    change = numbers[-1] - numbers[0] if len(numbers) > 1 else None
    verdict = judge(measure, numbers, [(day - days[0]).days / 7 for day in days]).verdict if change is not None else Verdict.NOT_JUDGED
    return FlowRow(measure, side, tuple(cells), tuple(numbers), change, MARKS[verdict] if change is not None else "", direction_of(measure, change))


def direction_of(measure: Measure, change: float | None) -> str:
    """Better, worse or same, by the direction in which this measure is good; nothing where it has none."""
    if change is None:
        return ""
    if change == 0:
        return "same"
    if measure.better is Better.NEITHER:
        return "up" if change > 0 else "down"
    return "better" if (change > 0) == (measure.better is Better.HIGHER) else "worse"


def table(sheet: Flowsheet) -> tuple[list[str], list[list[str]]]:
    """The sheet as head and rows of text."""
    head = ["measure", "side", "unit", *(f"{one.on} {one.kind.value}" for one in sheet.visits), "change", "direction", "mark"]
    rows = []
    for row in sheet.rows:
        change = "" if row.change is None else f"{row.change:.{row.measure.decimals}f}"
        rows.append([row.measure.label, row.side.value, row.measure.unit, *row.cells, change, row.direction, row.mark])
    return head, rows
