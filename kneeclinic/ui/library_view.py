"""What the product believes, to read and to search: one search box over exercises, measures, supports, rules, red flags and sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from kneeclinic.knowledge.schema import Measure, Support
from kneeclinic.knowledge.search import search
from kneeclinic.ui import cards, library_exercises, library_phases, library_rules, library_sources, session, words

KIND = {"Exercises": "exercise", "Measures": "measure", "Tape and braces": "support", "Rules": "rule", "Precautions": "precaution",
        "Red flags": "red_flag", "Phases and running": "phase", "Weekly review": "review", "Sources": "source"}
PARTS = (*KIND, "Edition")


def library(at: session.Desk) -> None:
    """The part that was chosen, narrowed by the search; the other parts say how much of them fits."""
    part = st.segmented_control("Part of the library", PARTS, default="Exercises", required=True, key="library_part",
                                label_visibility="collapsed", wrap=True)
    if part == "Edition":
        library_sources.edition(at)
        return
    text = st.text_input("Search the library", type="search", live="250ms", width=420, key="library_search",
                         on_change=library_exercises.choose, args=("",), placeholder="Name, muscle, equipment, phase, finding").strip()
    found: dict[str, Any] = search(at.clinic.knowledge, text)
    here = found[KIND[part]]
    if text:
        others = [f"{other} {len(found[kind])}" for other, kind in KIND.items() if other != part and found[kind]]
        st.caption(words.safe(f"{len(here)} found here" + (f"; elsewhere: {', '.join(others)}" if others else "")))
    if not here:
        cards.empty("Nothing found here", "Try fewer or other words, or another part of the library.", icon="search_off")
    elif part == "Exercises":
        library_exercises.exercises(at, here)
    elif part == "Measures":
        measures(at, here, searched=bool(text))
    elif part == "Tape and braces":
        supports(at, here)
    elif part == "Rules":
        library_rules.rules(at, here)
    elif part == "Precautions":
        library_rules.precautions(at, here)
    elif part == "Phases and running":
        library_phases.phases(at, here)
    elif part == "Red flags":
        library_rules.red_flags(at, here)
    elif part == "Weekly review":
        library_rules.reviews(at, here)
    else:
        library_sources.sources(at, here)


def measures(at: session.Desk, fitting: Sequence[Measure], *, searched: bool) -> None:
    for section in at.clinic.knowledge.sections:
        found = [one for one in fitting if one.section == section.id]
        if not found:
            continue
        with st.expander(f"{section.label} ({len(found)})", expanded=searched, on_change="rerun") as opened:
            if opened.open:
                for one in found:
                    measure(at, one)


def measure(at: session.Desk, one: Measure) -> None:
    parts = [str(one.kind), "each knee" if one.sides == "each" else "the person", one.unit]
    if one.hard:
        parts.append(f"allowed {one.hard[0]:g} to {one.hard[1]:g}")
    if one.soft:
        parts.append(f"usual {one.soft[0]:g} to {one.soft[1]:g}")
    if one.sdc is not None:
        parts.append(f"smallest detectable change {one.sdc:g}")
    if one.sdc_percent is not None:
        parts.append(f"smallest detectable change {one.sdc_percent:g} % of the value")
    if one.mic is not None:
        parts.append(f"important change {one.mic:g}")
    if one.better != "neither":
        parts.append(f"{one.better} is better")
    if one.derived:
        parts.append("computed")
    bands = ", ".join(f"{band.label} {band.low:g} to {band.high:g}" for band in one.bands)
    st.markdown(f"**{words.safe(one.label)}** :gray[{one.id}]  \n:small[{words.safe(', '.join(part for part in parts if part))}]  \n"
                f"{words.safe(one.how)}{''.join(f'  {chr(10)}:small[{words.safe(line)}]' for line in (bands, one.note) if line)}  \n"
                f"{library_sources.source_line(at, one.source, one.standing)}"
                + (f"  \n:small[:gray[What counts as a change:]] {library_sources.source_line(at, one.change_source)}" if one.change_source else ""))


def supports(at: session.Desk, found: Iterable[Support]) -> None:
    for one in found:
        with cards.card(words.safe(one.label), icon="healing", key=f"support_{one.id}"):
            word, colour = ("recommended for a short time", "green") if one.recommended else ("not recommended", "orange")
            st.markdown(f":{colour}-badge[grade {one.grade}: {word}]  \n**Guideline** {words.safe(one.guideline)}  \n"
                        f"**Other view** {words.safe(one.other_view) or 'none'}  \n**Wear** {words.safe(one.wear)}"
                        + (f"  \n**Re-test** {words.safe(one.retest)}" if one.retest else "")
                        + (f"  \n**Stop after** {one.stop_weeks} weeks; at once with {words.safe(words.listed(one.stop_if))}"
                           if one.stop_weeks else ""))
            for name, pull in one.directions.items():
                st.markdown(f"**{words.safe(name.replace('_', ' ').capitalize())}** {words.safe(pull)}")
            st.markdown(library_sources.source_line(at, one.source, one.standing))
