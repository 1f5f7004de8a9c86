"""Pictures on the screen: drawings of exercises and tape as SVG, and pages as PNG."""

from __future__ import annotations

import base64
from functools import lru_cache

import streamlit as st

from kneeclinic.figures import UnknownFigure, exercise_scene, tape_scene
from kneeclinic.figures.svg import render_svg
from kneeclinic.knowledge import Knowledge


class _Shelf:
    """The knowledge whose drawings are kept; a new edition empties the shelf."""

    knowledge: Knowledge | None = None


def _shelf(knowledge: Knowledge) -> Knowledge:
    if _Shelf.knowledge is not knowledge:
        _Shelf.knowledge = knowledge
        _drawn.cache_clear()
    return knowledge


@lru_cache(maxsize=600)
def _drawn(exercise: str, side: str, width: int, high: int) -> tuple[str, str] | None:
    assert _Shelf.knowledge is not None
    try:
        scene = exercise_scene(exercise, _Shelf.knowledge.poses, side)
    except (UnknownFigure, KeyError):
        return None
    svg = render_svg(scene, width, high)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode(), scene.alt_text


def exercise_uri(knowledge: Knowledge, exercise: str, side: str, width: int, high: int = 0) -> tuple[str, str] | None:
    """The drawing as a data URI, and what it shows in words; None where nothing is drawn."""
    _shelf(knowledge)
    return _drawn(exercise, side, width, high)


def exercise(knowledge: Knowledge, exercise: str, side: str = "right", width: int = 150, *, most_high: int = 0) -> None:
    """Shows the drawing of an exercise, mirrored for the side treated; `most_high` sets it into a box of that height: a row stands even."""
    found = exercise_uri(knowledge, exercise, side, width, most_high)
    if found is None:
        st.caption("no drawing yet")
        return
    uri, alt = found
    st.image(uri, width=width, alt=alt)


def tape(component: str, side: str, width: int = 120) -> None:
    """Shows where one strip of tape goes on this knee."""
    scene = tape_scene(component, side)
    svg = render_svg(scene, width)
    st.image("data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode(), width=width, alt=scene.alt_text)


def png_uri(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()
