"""Fields drawn from the measure catalogue: left and right side by side, last values ghosted, limits that ask or refuse with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from kneeclinic.knowledge.schema import Measure
from kneeclinic.record import Case, Observation, Visit
from kneeclinic.rules.validation import check_value
from kneeclinic.ui import drafts, errors, field_names, session, words
from kneeclinic.vocabulary import KneeClinicError, MeasureKind, MeasureSides, Side, VisitState

SPLIT = (4, 3, 3)
"""Label, left knee, right knee: the same on every section."""
WIDE_CHOICE = 22
"""More letters than this in all choices together, and they go into a list."""
YES_NO = {0.0: "No", 1.0: "Yes"}


def head() -> None:
    """The names of the two columns, once a section."""
    _, left, right = st.columns(SPLIT, gap="small", vertical_alignment="bottom")
    left.markdown(f"**{words.side_label('left')}**")
    right.markdown(f"**{words.side_label('right')}**")


def sides_of(measure: Measure) -> tuple[Side, ...]:
    return (Side.LEFT, Side.RIGHT) if measure.sides is MeasureSides.EACH else (Side.NONE,)


def row(at: session.Desk, case: Case, visit: Visit, measure: Measure, draft: dict[str, Any]) -> None:
    """One measure: its name and last values at the left, then the field of each knee, or one field for the person."""
    label, left, right = st.columns(SPLIT, gap="small", vertical_alignment="top")
    with label:
        last = {side: last_before(case, visit, measure, side) for side in sides_of(measure)}
        unit = f" :gray[{words.safe(unit_and_limits(measure))}]"
        st.markdown(f"{words.safe(measure.label)}{unit}{_ghost(measure, last)}", help=measure.how or None)
    for side, place in zip(sides_of(measure), (left, right), strict=False):
        with place:
            own = None if visit.is_signed else draft["values"].get(drafts.key_of(measure.id, side))
            field(at, visit, measure, side, own or stored_entry(case, visit, measure, side), last[side])


def unit_and_limits(measure: Measure) -> str:
    """What may be entered: the unit, and the lowest and highest number that is taken, where the unit does not say it."""
    if measure.unit.startswith("/") or measure.hard is None or measure.kind in (MeasureKind.FLAG, MeasureKind.CHOICE, MeasureKind.TEXT):
        return measure.unit
    low, high = measure.hard
    return f"{low:g} to {high:g} {measure.unit}".strip()


def last_before(case: Case, visit: Visit, measure: Measure, side: Side) -> Observation | None:
    """The newest value from another visit: what is ghosted beside the field."""
    found = [one for one in case.series(measure.id, side) if one.visit_id != visit.id]
    return found[-1] if found else None


def _ghost(measure: Measure, last: dict[Side, Observation | None]) -> str:
    shown = [f"{words.SIDE_MARK[side]} {words.safe(words.value_words(measure, one.value))}".strip() for side, one in last.items() if one]
    when = max((one.on for one in last.values() if one), default=None)
    if when is None:
        return ""
    return f"  \n:small[:gray[{when.day} {when:%b}: {'   '.join(shown)}]]"


def field(at: session.Desk, visit: Visit, measure: Measure, side: Side, entry: dict[str, Any] | None, last: Observation | None) -> None:
    """The control of one value. What is committed is checked and stored in the draft at once."""
    key = field_names.value(visit.id, measure.id, side)
    label = words.measure_name(measure, side)
    locked = visit.state is VisitState.SIGNED
    if measure.kind is MeasureKind.SCORE and measure.items:
        score_field(at, visit, measure, side, entry, key, label, locked)
    else:
        held = _shown(measure, entry)
        if locked:
            st.session_state[key] = held
        start = None if locked else held
        more: dict[str, Any] = {"key": key, "label_visibility": "collapsed", "disabled": locked, "on_change": commit,
                                "args": (key, visit.id, measure.id, str(side))}
        last = None if locked else last  # a locked field shows what the visit holds, no ghost
        ghost = words.value_words(measure, last.value) if last else None
        if measure.kind is MeasureKind.FLAG:
            st.segmented_control(label, [0.0, 1.0], default=start, format_func=lambda one: YES_NO[one], **more)
        elif measure.kind is MeasureKind.CHOICE:
            _choice(label, measure, ghost, start, more)
        elif measure.kind is MeasureKind.TEXT:
            st.text_input(label, start or "", placeholder=ghost, **more)
        else:
            whole = measure.kind is MeasureKind.INTEGER or measure.decimals == 0
            st.number_input(label, value=start, step=1.0 if whole else 10.0 ** -measure.decimals, format=f"%.{0 if whole else measure.decimals}f",
                            placeholder=_number_ghost(measure, last), width="stretch", **more)
    _under(key, visit.id, measure, side, entry, last)


def _choice(label: str, measure: Measure, ghost: str | None, start: str | None, more: dict[str, Any]) -> None:
    names = dict(zip(measure.choices, measure.choice_labels or measure.choices, strict=True))
    if sum(len(one) for one in names.values()) <= WIDE_CHOICE:
        st.segmented_control(label, list(measure.choices), default=start, format_func=names.__getitem__, wrap=True, **more)
    else:
        st.selectbox(label, list(measure.choices), index=_place(measure.choices, start), format_func=names.__getitem__,
                     placeholder=ghost or "Choose", **more)


def _place(choices: Sequence[Any], chosen: Any) -> int | None:
    return list(choices).index(chosen) if chosen in choices else None


def _number_ghost(measure: Measure, last: Observation | None) -> str | None:
    number = last.number if last else None
    return None if number is None else f"{number:.{measure.decimals}f}"


def _shown(measure: Measure, entry: dict[str, Any] | None) -> Any:
    value = entry.get("value") if entry else None
    if value is None or isinstance(value, str):
        return value if measure.kind is not MeasureKind.TEXT else (value or "")
    return float(value)


def stored_entry(case: Case, visit: Visit, measure: Measure, side: Side) -> dict[str, Any] | None:
    """A value that this visit holds already."""
    found = [one for one in case.series(measure.id, side) if one.visit_id == visit.id]
    return {"value": found[-1].value, "items": list(found[-1].items) if found[-1].items else None, "carried": found[-1].carried} if found else None


def _under(key: str, visit_id: str, measure: Measure, side: Side, entry: dict[str, Any] | None, last: Observation | None) -> None:
    """Under the field: why a value was refused, the question about an unusual one, or that it was carried over and not measured today."""
    refused = st.session_state.get(field_names.refusal(visit_id, measure.id, side))
    if refused:
        st.markdown(f":red[:material/block: {words.safe(refused)}]")
    elif entry and entry.get("question") and not entry.get("confirmed"):
        st.markdown(f":orange[:material/help: {words.safe(entry['question'])}]")
        st.button("It is right", key=f"ok_{key}", on_click=confirm, args=(visit_id, measure.id, str(side)), type="tertiary")
    elif entry and entry.get("carried"):
        st.markdown(f":small[:violet[:material/content_copy: carried{f', of {last.on.day} {last.on:%b}' if last else ''}]]")


@errors.on_click
def commit(key: str, visit_id: str, measure_id: str, side: str) -> None:
    """A field was left: the value is checked and goes into the stored draft, or the reason it cannot is kept for the screen."""
    if key.removesuffix("_total") != field_names.value(visit_id, measure_id, side):
        return
    at = session.desk()
    measure = at.clinic.knowledge.measure(measure_id)
    value = st.session_state.get(key)
    st.session_state.pop(field_names.refusal(visit_id, measure_id, side), None)
    if value is None or value == "":
        drafts.put(at, visit_id, measure_id, Side(side), None)
        return
    store(at, visit_id, measure, Side(side), value, None)


def store(at: session.Desk, visit_id: str, measure: Measure, side: Side, value: Any, items: list[float | None] | None) -> None:
    try:
        checked = check_value(measure, side, value, items)
    except KneeClinicError as no:
        st.session_state[field_names.refusal(visit_id, measure.id, side)] = errors.plain(str(no))
        return
    entry: dict[str, Any] = {"value": checked.value if items is None else None}
    if items is not None:
        entry["items"] = items
    if checked.question:
        entry["question"] = checked.question
    drafts.put(at, visit_id, measure.id, side, entry)


@errors.on_click
def confirm(visit_id: str, measure_id: str, side: str) -> None:
    at = session.desk()
    entry = drafts.read(at, visit_id)["values"].get(drafts.key_of(measure_id, side))
    if entry:
        drafts.put(at, visit_id, measure_id, Side(side), entry | {"confirmed": True})


def score_field(at: session.Desk, visit: Visit, measure: Measure, side: Side, entry: dict[str, Any] | None, key: str, label: str,
                locked: bool) -> None:
    """A questionnaire: its score so far, and its items, which open in place."""
    entry = entry or {}
    shown = drafts.value_of(measure, entry)
    items = list(entry.get("items") or [None] * len(measure.items))
    answered = sum(one is not None for one in items)
    if shown is not None:
        title = f"{float(shown):.{measure.decimals}f}{band_words(measure, float(shown))}"
    else:
        name = f"{measure.short or 'Score'} {words.SIDE_MARK[side]}".strip()
        title = f"{name}: {answered} of {len(measure.items)}" if answered else f"{name}: answers"
    opened = st.popover(title, key=f"pop_{key}", on_change="rerun", width="stretch", disabled=locked, help=f"Opens the items of {label}")
    with opened:
        if not opened.open:
            return
        st.markdown(f"**{words.safe(label)}**")
        total_key = f"{key}_total"
        st.number_input(f"{label}: total from a form on paper", value=entry.get("value"), key=total_key, step=1.0, format=f"%.{measure.decimals}f",
                        on_change=commit, args=(total_key, visit.id, measure.id, str(side)))
        for number, item in enumerate(measure.items):
            item_key = f"{key}_{number}"
            names = dict(zip(item.allowed, item.labels, strict=True)) if item.labels else {}
            st.selectbox(
                f"{number + 1}. {item.label}", list(item.allowed), index=_place(item.allowed, items[number]), key=item_key,
                placeholder="Not answered",
                format_func=partial(_answer, names),
                on_change=commit_item, args=(key, visit.id, measure.id, str(side)),
            )
        refused = st.session_state.get(field_names.refusal(visit.id, measure.id, side))
        if refused:
            st.markdown(f":red[{words.safe(refused)}]")


def _answer(names: dict[float, str], points: float) -> str:
    return f"{points:g}  {names.get(points, '')}".strip()


def band_words(measure: Measure, value: float) -> str:
    """The named range of a score, with a comma before it."""
    found = next((one.label for one in measure.bands if one.low <= value <= one.high), "")
    return f", {found}" if found else ""


@errors.on_click
def commit_item(key: str, visit_id: str, measure_id: str, side: str) -> None:
    """One answer of a questionnaire: all answers so far go into the draft; the score comes when enough are there."""
    if key != field_names.value(visit_id, measure_id, side):
        return
    at = session.desk()
    measure = at.clinic.knowledge.measure(measure_id)
    items = [st.session_state.get(f"{key}_{number}") for number in range(len(measure.items))]
    st.session_state.pop(field_names.refusal(visit_id, measure_id, side), None)
    if all(one is None for one in items):
        drafts.put(at, visit_id, measure_id, Side(side), None)
    else:
        drafts.put(at, visit_id, measure_id, Side(side), {"value": None, "items": items})
