"""The body chart on the screen: choose the kind of pain and its strength, then click where it hurts; the same by a list for the keyboard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

import streamlit as st

from kneeclinic.figures.body_chart import areas, body_chart_svg
from kneeclinic.knowledge.body_chart import KINDS, NOTE_PART, REGIONS, Spot, read_spots, write_spots
from kneeclinic.record import Case, Visit
from kneeclinic.ui import drafts, errors, frame, session, words
from kneeclinic.vocabulary import Side

WIDEST, SMALL = 680, 560
LAST_CLICK = "_chart_clicked"
"""Session state: the moment of the click that was taken last. A browser may tell of one click twice; a second time it would take the mark away."""
PLACES = {f"{mark}.{region}": f"{side}, {name}" for mark, side in (("L", "left"), ("R", "right")) for region, name in REGIONS.items()}


def show(case: Case, visit: Visit, draft: drafts.Draft) -> None:
    """The chart of this visit, to mark; below it those of earlier visits."""
    st.markdown("#### Body chart  \n:gray[Kind and strength first, then the place. A click on a marked place takes the mark away.]")
    spots = spots_of(visit, draft)
    if not visit.is_signed:
        st.segmented_control("Kind of pain", list(KINDS), default="ache", required=True, format_func=KINDS.__getitem__, key="chart_kind", wrap=True)
        st.segmented_control("Strength of the pain", list(range(11)), default=5, required=True, key="chart_strength")
    st.html(drawing(spots, clickable=not visit.is_signed))
    if not visit.is_signed:
        st.selectbox("Mark a place", list(PLACES), index=None, format_func=PLACES.__getitem__, key="chart_list", on_change=mark,
                     args=(visit.id, "chart_list"), placeholder="Choose a place, or click on the drawing")
        with st.container(key="chart_click"):
            st.text_input("Place clicked on the drawing", key="chart_pick", on_change=mark, args=(visit.id, "chart_pick"))
    for spot in spots:
        st.markdown(f"{words.safe(spot.words)} :small[:gray[{spot.place}]]")
    over_time([one for one in case.visits if one.id != visit.id], 4)


def over_time(visits: Sequence[Visit], most: int) -> None:
    """The charts of these visits, newest first: the day, the words and the drawing."""
    drawn = [one for one in reversed(visits) if one.note.get(NOTE_PART, "").strip()]
    for one in drawn[:most]:
        before = read_spots(one.note[NOTE_PART])
        st.markdown(f"**{words.day(one.on, year=True)}**  {words.safe('; '.join(spot.words for spot in before))}")
        st.html(drawing(before, clickable=False))


def drawing(spots: Iterable[Spot], *, clickable: bool) -> str:
    """The drawing as a picture, with a surface over each region that the page's script listens to."""
    told = tuple(spots)
    said = "; ".join(one.words for one in told) or "no painful place marked"
    columns = 4 if clickable else 8
    picture = f'<img src="{frame.data_uri(body_chart_svg(told, columns))}" alt="Body chart: {said}" style="width:100%;display:block">'
    return f'<div style="position:relative;max-width:{WIDEST if clickable else SMALL}px">{picture}{surfaces() if clickable else ""}</div>'


@cache
def surfaces() -> str:
    """The same for everybody: where each region lies on the drawing."""
    return "".join(
        f'<div class="kc-region kc-{one.place.replace(".", "-")}" title="{one.name}" style="position:absolute;cursor:pointer;left:{one.left:.2f}%;'
        f'top:{one.top:.2f}%;width:{one.width:.2f}%;height:{one.height:.2f}%;'
        f'clip-path:polygon({",".join(f"{x:.1f}% {y:.1f}%" for x, y in one.outline)})"></div>' for one in areas()
    )


def spots_of(visit: Visit, draft: drafts.Draft) -> tuple[Spot, ...]:
    own = draft["note"].get(NOTE_PART) if not visit.is_signed else None
    return read_spots(own if own is not None else visit.note.get(NOTE_PART, ""))


@errors.on_click
def mark(visit_id: str, key: str) -> None:
    """Marks the chosen place, or takes its mark away."""
    place, _, moment = str(st.session_state.get(key) or "").partition(" ")
    st.session_state[key] = "" if key == "chart_pick" else None
    if place not in PLACES or (moment and moment == st.session_state.get(LAST_CLICK)):
        return
    st.session_state[LAST_CLICK] = moment
    at = session.desk()
    visit = next(one for one in at.clinic.case(session.open_episode_id()).visits if one.id == visit_id)
    spots = spots_of(visit, drafts.read(at, visit_id))
    kept = [one for one in spots if one.place != place]
    if len(kept) == len(spots):
        new = Spot(Side.LEFT if place[0] == "L" else Side.RIGHT, place[2:], "ache", 0)
        kept.append(replace(new, kind=st.session_state.get("chart_kind") or "ache", strength=int(st.session_state.get("chart_strength") or 0)))
    drafts.change(at, visit_id, note={NOTE_PART: write_spots(kept)}, said="a mark on the body chart")
