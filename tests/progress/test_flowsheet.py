"""All visits side by side, and a visit as it would be if what is typed were saved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from kneeclinic.knowledge import load_knowledge
from kneeclinic.progress.change import judge
from kneeclinic.progress.flowsheet import MARKS, flowsheet, table
from kneeclinic.progress.unsaved import with_draft
from kneeclinic.record import Case, Episode, Observation, Patient, Visit
from kneeclinic.vocabulary import AffectedSide, Sex, Side, Units, VisitKind

KNOWLEDGE = load_knowledge()
FIRST = date(2026, 3, 2)
NOW = datetime(2026, 3, 30, 9, tzinfo=UTC)


def a_course(*values: tuple[str, Side, int, float | str], carried: tuple[int, ...] = ()) -> Case:
    """A case of weekly visits; a value is measure, side, week and what was found."""
    weeks = sorted({week for _, _, week, _ in values})
    visits = tuple(Visit(f"visit{week}", "episode", "patient", VisitKind.WEEKLY, FIRST + timedelta(weeks=week), "therapist") for week in weeks)
    seen = tuple(
        Observation(f"{measure}{side}{week}", f"visit{week}", "episode", "patient", measure, side, value, FIRST + timedelta(weeks=week),
                    carried=week in carried)
        for measure, side, week, value in values
    )
    patient = Patient("patient", "K-1", "Demo", "Aster", date(1990, 1, 1), Sex.FEMALE)
    return Case(patient, Episode("episode", "patient", AffectedSide.RIGHT, FIRST, "therapist"), visits, seen)


def test_measures_are_rows_and_visits_are_columns_in_the_order_of_time() -> None:
    sheet = flowsheet(a_course(("akps", Side.RIGHT, 2, 70.0), ("pain_worst", Side.RIGHT, 0, 7.0), ("pain_worst", Side.RIGHT, 2, 4.0)), KNOWLEDGE)
    assert [visit.id for visit in sheet.visits] == ["visit0", "visit2"]
    rows = {row.measure.id: row for row in sheet.rows}
    assert rows["pain_worst"].cells == ("7/10", "4/10")
    assert rows["akps"].cells == ("", "70/100")
    assert rows["akps"].change is None and rows["akps"].mark == "" and rows["akps"].direction == ""


def test_a_change_is_marked_as_the_verdict_says_and_never_otherwise() -> None:
    for values in ((62, 66), (62, 75), (62, 90), (62, 70, 78, 84), (80, 60)):
        case = a_course(*(("akps", Side.RIGHT, week, float(value)) for week, value in enumerate(values)))
        [row] = flowsheet(case, KNOWLEDGE).rows
        assert row.mark == MARKS[judge(KNOWLEDGE.measure("akps"), values).verdict]
        assert row.direction == ("better" if values[-1] > values[0] else "worse")
    assert flowsheet(a_course(("akps", Side.RIGHT, 0, 62.0), ("akps", Side.RIGHT, 1, 66.0)), KNOWLEDGE).rows[0].mark == "within noise"


def test_a_measure_without_a_good_direction_says_up_or_down_and_is_not_judged() -> None:
    [row] = flowsheet(a_course(("q_angle", Side.RIGHT, 0, 12.0), ("q_angle", Side.RIGHT, 1, 15.0)), KNOWLEDGE).rows
    assert (row.direction, row.mark) == ("up", "not judged")
    [row] = flowsheet(a_course(("q_angle", Side.RIGHT, 0, 15.0), ("q_angle", Side.RIGHT, 1, 12.0)), KNOWLEDGE).rows
    assert row.direction == "down"
    [row] = flowsheet(a_course(("akps", Side.RIGHT, 0, 60.0), ("akps", Side.RIGHT, 1, 60.0)), KNOWLEDGE).rows
    assert row.direction == "same"


def test_a_carried_value_is_marked_and_counts_for_nothing() -> None:
    [row] = flowsheet(a_course(("akps", Side.RIGHT, 0, 62.0), ("akps", Side.RIGHT, 1, 62.0), carried=(1,)), KNOWLEDGE).rows
    assert row.cells == ("62/100", "62/100 (carried)")
    assert row.numbers == (62.0,)
    assert row.change is None


def test_one_section_can_be_asked_for_and_the_table_has_a_column_a_visit() -> None:
    case = a_course(("akps", Side.RIGHT, 0, 62.0), ("akps", Side.RIGHT, 1, 90.0), ("body_mass", Side.NONE, 0, 70.0),
                    ("stroke_test", Side.LEFT, 1, "trace"))
    section = KNOWLEDGE.measure("akps").section
    sheet = flowsheet(case, KNOWLEDGE, section=section)
    assert {row.measure.section for row in sheet.rows} == {section}
    head, rows = table(flowsheet(case, KNOWLEDGE, units=Units.IMPERIAL))
    assert head[:3] == ["measure", "side", "unit"] and len(head) == 3 + 2 + 3
    assert any("154.3 lb" in cell for row in rows for cell in row)
    assert all(len(row) == len(head) for row in rows)


def test_a_draft_stands_in_the_case_as_if_it_were_saved() -> None:
    case = a_course(("pain_worst", Side.RIGHT, 0, 7.0))
    payload = {
        "values": {"pain_worst|right": {"value": 3, "carried": True},
                   "akps|right": {"items": [5, 5, 5, 10, 5, 10, 10, 10, 10, 10, 10, 5, 5]},
                   "fpi6|left": {"items": [9]}, "body_mass|none": {"value": None}, "stroke_test|right": {"value": "1+"},
                   "nothing|right": {"value": 1}},
        "note": {"pain": "worse on stairs"},
    }
    seen, visit = with_draft(case, case.visits[0], payload, KNOWLEDGE, "therapist", NOW)
    found = {(one.measure, one.side): one for one in seen.observations}
    assert found["pain_worst", Side.RIGHT].value == 3 and found["pain_worst", Side.RIGHT].carried
    assert found["akps", Side.RIGHT].value == 100
    assert found["stroke_test", Side.RIGHT].value == "1+"
    assert set(found) == {("pain_worst", Side.RIGHT), ("akps", Side.RIGHT), ("stroke_test", Side.RIGHT)}
    assert visit.note["pain"] == "worse on stairs" and seen.visits[0] is visit
