"""Many fields by one click: every open question becomes a no, what does not hurt a 0, and last values are carried over. What was typed stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from kneeclinic.knowledge.schema import Measure
from kneeclinic.record import Case, Visit
from kneeclinic.ui import drafts, errors, field_names, session, words
from kneeclinic.ui.measure_form import last_before, sides_of, stored_entry
from kneeclinic.vocabulary import Better, MeasureKind, MeasureSides, Side

Entry = dict[str, Any]


def offer(case: Case, visit: Visit, fields: list[Measure]) -> None:
    """The buttons that fit this section."""
    flags = tuple(one.id for one in fields if one.kind is MeasureKind.FLAG)
    with st.container(horizontal=True, gap="small"):
        if len(flags) > 1:
            st.button("All else: no", icon=":material/done_all:", on_click=all_no, args=(visit.id, flags),
                      help="Every open question of this section becomes a no: asked, and negative")
        offer_no_pain(case, visit, fields)
        if any(last_before(case, visit, one, side) for one in fields for side in sides_of(one)):
            st.button("Carry last values", icon=":material/content_copy:", on_click=carry, args=(visit.id, tuple(one.id for one in fields)),
                      shortcut="Alt+L", help="Takes last values over, marked as carried")


def is_pain(measure: Measure) -> bool:
    """A pain of 0 to 10, asked for each knee."""
    return measure.sides is MeasureSides.EACH and measure.kind is MeasureKind.INTEGER and measure.hard == (0, 10) and measure.better is Better.LOWER


def offer_no_pain(case: Case, visit: Visit, fields: list[Measure]) -> None:
    """What was asked and does not hurt becomes 0: the other knee where one is treated, else every pain field of both knees that is still open."""
    ids = tuple(one.id for one in fields if is_pain(one))
    if len(ids) < 2:
        return
    treated = case.episode.side.sides
    open_sides = tuple(one for one in (Side.LEFT, Side.RIGHT) if one not in treated) or tuple(treated)
    label = f"{words.side_label(open_sides[0])} knee: all 0" if len(open_sides) == 1 else "All else: 0"
    whose = "of this knee" if len(open_sides) == 1 else "of both knees"
    st.button(label, icon=":material/done_all:", on_click=no_pain, args=(visit.id, ids, tuple(one.value for one in open_sides)), shortcut="Alt+0",
              help=f"Asked, and without pain: every field {whose} that is still open becomes 0")


@errors.on_click
def all_no(visit_id: str, measure_ids: tuple[str, ...]) -> None:
    """Every yes-or-no question of the section that is still open becomes a no: asked, and negative."""
    _fill(visit_id, measure_ids, sides_of, lambda *_: {"value": 0.0}, "{} answers no")


@errors.on_click
def no_pain(visit_id: str, measure_ids: tuple[str, ...], sides: tuple[str, ...]) -> None:
    """These knees were asked about and have no pain where nothing stands yet: their open fields become 0."""
    _fill(visit_id, measure_ids, lambda _: [Side(one) for one in sides], lambda *_: {"value": 0.0}, f"{{}} times no pain, {' and '.join(sides)}")


@errors.on_click
def carry(visit_id: str, measure_ids: tuple[str, ...]) -> None:
    """Takes the last values of the section over into this visit, marked as carried."""
    count = _fill(visit_id, measure_ids, sides_of, _carried, "{} values carried over")
    if count:
        errors.say(f"{count} last values carried over, marked as carried.")


def _carried(case: Case, visit: Visit, measure: Measure, side: Side) -> Entry | None:
    last = None if measure.derived else last_before(case, visit, measure, side)
    if last is None:
        return None
    return {"value": None, "items": list(last.items), "carried": True} if last.items else {"value": last.value, "carried": True}


def _fill(visit_id: str, measure_ids: tuple[str, ...], sides: Callable[[Measure], Iterable[Side]],
          entry_of: Callable[[Case, Visit, Measure, Side], Entry | None], told: str) -> int:
    """Fills the fields in which nothing stands; one whose value was refused waits to be corrected and is not open. Returns how many."""
    at = session.desk()
    draft = drafts.read(at, visit_id)
    case = at.clinic.case(session.open_episode_id())
    visit = next(one for one in case.visits if one.id == visit_id)
    fresh: dict[str, Entry] = {}
    for measure in (at.clinic.knowledge.measure(one) for one in measure_ids):
        for side in sides(measure):
            key = drafts.key_of(measure.id, side)
            refused = st.session_state.get(field_names.refusal(visit_id, measure.id, side))
            if key in draft["values"] or refused or stored_entry(case, visit, measure, side) is not None:
                continue
            entry = entry_of(case, visit, measure, side)
            if entry is not None:
                fresh[key] = entry
                drafts.forget_field(visit_id, key)
    if fresh:
        drafts.put_many(at, visit_id, fresh, told.format(len(fresh)))
    return len(fresh)
