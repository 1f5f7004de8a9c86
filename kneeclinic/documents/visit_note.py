"""The note of one visit on paper: as it was signed, with its amendments; or as a draft that says so on every page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kneeclinic.documents.body_chart_block import BodyChartBlock
from kneeclinic.documents.clinical_sheet import BODY, GAP, VISIT_WORDS, FactGrid, SignLine, about, clinical_sheet, clock_text, part
from kneeclinic.documents.finding_tables import carried_text
from kneeclinic.documents.layout import Block, Heading, Space, Words, lay_out
from kneeclinic.documents.panels import Line, Panel
from kneeclinic.documents.table_block import TableBlock
from kneeclinic.knowledge import Knowledge
from kneeclinic.knowledge.body_chart import NOTE_PART, read_spots
from kneeclinic.knowledge.schema import Measure
from kneeclinic.progress.amounts import counted, day_text, listed, value_text
from kneeclinic.progress.visit_words import PARTS, draft_note, section_notes
from kneeclinic.record import Case, ClinicProfile, Observation, Visit
from kneeclinic.vocabulary import MeasureKind, Side, Units

VALUES = "Values recorded at this visit"
UNWRITTEN = "Nothing was written in this part."


def visit_note_pdf(case: Case, visit: Visit, knowledge: Knowledge, today: date, profile: ClinicProfile, *,
                   entered: Sequence[Observation] | None = None) -> bytes:
    """The note as PDF bytes. A signed one prints its text word for word, the values of the visit and every amendment; a draft is drafted anew.

    `entered` = everything entered at the visit; with it, values that were taken back later are printed as such instead of left out.
    """
    title = f"Visit note, {VISIT_WORDS[visit.kind]} of {day_text(visit.on)}"
    if not visit.is_signed:
        title = f"DRAFT: {title[0].lower()}{title[1:]}"
    facts = [("Visit", f"{VISIT_WORDS[visit.kind]}, {day_text(visit.on)}"), ("Clinician", case.therapist_name(visit.clinician))]
    facts += [("Signed", f"{case.therapist_name(visit.signed_by)}, {clock_text(visit.signed_at, profile)}"),
              ("Knowledge", f"edition {visit.edition}")] if visit.is_signed else [("State", "not signed")]
    blocks: list[Block] = [FactGrid((*about(case, visit.on), *facts))]
    mine = [one for one in (case.observations if entered is None else entered) if one.visit_id == visit.id]
    blocks += _signed(case, visit, knowledge, profile, mine) if visit.is_signed else _draft(case, visit, knowledge, today, profile)
    return lay_out(blocks, clinical_sheet(case, profile, title, today), gap=GAP)


def _body_chart(visit: Visit) -> list[Block]:
    """Where it hurt, drawn and in words; nothing when no place was marked."""
    spots = read_spots(visit.note.get(NOTE_PART, ""))
    if not spots:
        return []
    return [Space(4), Heading("Body chart", BODY + 2), BodyChartBlock(spots), Words(f"{'; '.join(one.words for one in spots)}.", BODY)]


def _draft(case: Case, visit: Visit, knowledge: Knowledge, today: date, profile: ClinicProfile) -> list[Block]:
    """The text holds every value of the visit: new, unchanged and carried."""
    note = draft_note(case, knowledge, today, visit, units=profile.units)
    said = (f"Drafted from the record and not signed: check it before it counts. {counted(note.changed, 'value')} first or changed since the last "
            f"signed visit, {note.carried} carried.")
    blocks: list[Block] = [Panel("", (Line(said, "DRAFT"),), size=BODY, strong=True)]
    for name in PARTS:
        blocks += part(name.capitalize(), [getattr(note, name)], empty=UNWRITTEN)
    return [*blocks, *_body_chart(visit), SignLine(case.therapist_name(visit.clinician), "Not signed")]


def _signed(case: Case, visit: Visit, knowledge: Knowledge, profile: ClinicProfile, mine: Sequence[Observation]) -> list[Block]:
    blocks: list[Block] = []
    empty = []
    for name in PARTS:
        typed = visit.note.get(name, "")
        written = part(name.capitalize(), [typed, *(one for one in section_notes(visit, name, knowledge) if one not in typed)])
        blocks += written
        empty += [] if written else [name]
    if empty:
        blocks += [Space(4), Words(f"Nothing was written under {listed(empty)}.", BODY, quiet=True)]
    blocks += _body_chart(visit)
    blocks += _values(mine, case, knowledge, profile.units)
    blocks += _taken_back(mine, case, knowledge, profile)
    if visit.amendments:
        blocks += [Space(4), Heading("Amendments, added after signing", BODY + 2)]
        for one in sorted(visit.amendments, key=lambda amendment: amendment.at):
            blocks.append(Words(f"{clock_text(one.at, profile)}, {case.therapist_name(one.by)}:", BODY, bold=True, keep_with_next=True))
            blocks += [Words(line, BODY) for line in one.text.split("\n") if line.strip()]
    signer = f"Signed by {case.therapist_name(visit.signed_by)}, {clock_text(visit.signed_at, profile)}."
    more = f" {counted(len(visit.amendments), 'amendment')} since." if visit.amendments else " No amendment since."
    return [*blocks, Space(4), Words(signer + more, BODY, bold=True)]


def _values(mine: Sequence[Observation], case: Case, knowledge: Knowledge, units: Units) -> list[Block]:
    """One line a measure, left knee always left of the right one; negatives in one sentence, carried values marked."""
    valid = [one for one in mine if one.is_valid and one.measure in knowledge.measures]
    if not valid:
        return [Space(4), Heading(VALUES, BODY + 2), Words("No value was recorded.", BODY, quiet=True)]
    by_measure: dict[str, dict[Side, Observation]] = {}
    for one in valid:
        by_measure.setdefault(one.measure, {})[one.side] = one
    rows, negative = [], []
    for measure in _form_order(by_measure, knowledge):
        found = by_measure[measure.id]
        if measure.kind is MeasureKind.FLAG and not any(one.value or one.carried for one in found.values()):
            negative.append(f"{measure.label[:1].lower()}{measure.label[1:]}{_where(found)}")
            continue
        rows.append((measure.label, *(_cell(case, measure, found.get(side), units) for side in (Side.LEFT, Side.RIGHT, Side.NONE))))
    carried = sum(one.carried for one in valid)
    title = f"{VALUES}{f' ({carried} carried, not measured on the day)' if carried else ''}"
    blocks: list[Block] = [Space(4), Heading(title, BODY + 2)]
    blocks += [TableBlock(("Measure", "Left", "Right", "Person"), tuple(rows), (0.43, 0.19, 0.19, 0.19), (), 9)] if rows else []
    blocks += [Words(f"Asked or tested, and not there: {', '.join(negative)}.", 9)] if negative else []
    blocks += [Words(f"{knowledge.measure(one.measure).label}{_where({one.side: one})}, note: {line}", 9)
               for one in valid for line in one.note.split("\n") if line.strip()]
    return blocks


def _form_order(wanted: dict[str, dict[Side, Observation]], knowledge: Knowledge) -> list[Measure]:
    places = {section.id: place for place, section in enumerate(knowledge.sections)}
    found = [one for one in knowledge.measures.values() if one.id in wanted]
    return sorted(found, key=lambda one: places.get(one.section, len(places)))


def _where(found: dict[Side, Observation]) -> str:
    sides = [side.value for side in (Side.LEFT, Side.RIGHT) if side in found]
    return f" ({' and '.join(sides)})" if sides else ""


def _cell(case: Case, measure: Measure, one: Observation | None, units: Units) -> str:
    if one is None:
        return ""
    text = value_text(measure, one.value, units)
    if one.items is not None and any(item is None for item in one.items):
        text += f", {sum(item is not None for item in one.items)} of {len(one.items)} items"
    return f"{text}\n{carried_text(case, one)}" if one.carried else text


def _taken_back(mine: Sequence[Observation], case: Case, knowledge: Knowledge, profile: ClinicProfile) -> list[Block]:
    gone = [one for one in mine if not one.is_valid and one.measure in knowledge.measures]
    if not gone:
        return []
    lines = [
        f"{knowledge.measure(one.measure).label}{_where({one.side: one})} {value_text(knowledge.measure(one.measure), one.value, profile.units)}: "
        f"{case.therapist_name(one.invalidated_by)}, {clock_text(one.invalidated_at, profile)}. {one.invalidated_why}" for one in gone
    ]
    return part("Values taken back", lines)
