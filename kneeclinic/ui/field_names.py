"""What the fields of a visit are called. A field that the product fills gets a new name: what the browser still sends of the old one is an echo."""

from __future__ import annotations

import streamlit as st

from kneeclinic.vocabulary import Side


def value_base(visit_id: str, measure: str, side: Side | str) -> str:
    return f"v_{visit_id}_{measure}_{side}"


def note_base(visit_id: str, part: str) -> str:
    return f"note_{visit_id}_{part}"


def value(visit_id: str, measure: str, side: Side | str) -> str:
    """The field of one value."""
    return _named(visit_id, value_base(visit_id, measure, side))


def note(visit_id: str, part: str) -> str:
    """The text under a section, or a part of the note."""
    return _named(visit_id, note_base(visit_id, part))


def sections(visit_id: str) -> str:
    """The list of sections."""
    return f"section_{visit_id}"


def show(visit_id: str, section: str) -> None:
    """This section is drawn now. Shown again after another one, it has fields of its own: the browser keeps those of the time before."""
    if st.session_state.get(f"_drawn_{visit_id}") != section:
        st.session_state[f"_drawn_{visit_id}"] = section
        st.session_state[f"_showing_{visit_id}"] = st.session_state.get(f"_showing_{visit_id}", 0) + 1


def page_anew(visit_id: str) -> None:
    """The page is drawn from the start: so are its fields."""
    st.session_state.pop(f"_drawn_{visit_id}", None)


def _named(visit_id: str, base: str) -> str:
    return f"{base}~{st.session_state.get(f'_showing_{visit_id}', 0)}.{turn(base)}"


def anew(base: str) -> None:
    """What is stored fills the field on the next draw. Else a message that the browser sent before it saw the new content would bring the old one
    back, as if somebody had typed it."""
    st.session_state[f"_turn_{base}"] = st.session_state.get(f"_turn_{base}", 0) + 1


def turn(base: str) -> int:
    """How often this field was filled anew."""
    return int(st.session_state.get(f"_turn_{base}", 0))


def value_anew(visit_id: str, measure: str, side: Side | str) -> None:
    anew(value_base(visit_id, measure, side))


def note_anew(visit_id: str, part: str) -> None:
    anew(note_base(visit_id, part))


def shown(visit_id: str) -> str:
    """The section that is open, as far as it is known before the list is drawn."""
    return str(st.session_state.get(f"_section_{visit_id}") or st.session_state.get(sections(visit_id)) or "")


def refusal(visit_id: str, measure: str, side: Side | str) -> str:
    """Session state: why what was last typed into a field was refused."""
    return f"_no_{value_base(visit_id, measure, side)}"


def refused(visit_id: str) -> list[tuple[str, Side, str]]:
    """Measure, side and reason of every value of this visit that was refused and not corrected since."""
    start = f"_no_v_{visit_id}_"
    found = [(one, one.removeprefix(start).rpartition("_")) for one in st.session_state if isinstance(one, str) and one.startswith(start)]
    return [(measure, Side(side), str(st.session_state[slot])) for slot, (measure, _, side) in sorted(found)]


def leave_out(visit_id: str, measure: str, side: Side | str) -> None:
    st.session_state.pop(refusal(visit_id, measure, side), None)
