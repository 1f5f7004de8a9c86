"""How a program grows: the phases with what lets in, on and back, the pain zones, the walk-run table, the numbers of running."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from kneeclinic.knowledge.schema import PainZone, Phase, RunStage, Threshold
from kneeclinic.knowledge.search import Fact
from kneeclinic.ui import cards, library_sources, session, words


def phases(at: session.Desk, found: Iterable[Fact]) -> None:
    listed = list(found)
    for title, lines in (
        ("Phases", [phase(at, one) for one in listed if isinstance(one, Phase)]),
        ("Pain during and after exercise", [zone(at, one) for one in listed if isinstance(one, PainZone)]),
        ("Walking and running in turns", [stage(at, one) for one in listed if isinstance(one, RunStage)]),
        ("Numbers the product goes by", [threshold(at, one) for one in listed if isinstance(one, Threshold)]),
    ):
        if lines:
            st.markdown(f"#### {title}")
            for line in lines:
                st.markdown(line)


def phase(at: session.Desk, one: Phase) -> str:
    """What is done in a phase, what lets in and on, what holds or sends back, and what a program falls back on."""
    base = "; ".join(cards.item_name(at.clinic.knowledge, item) for item in one.base)
    parts = (("Enter", one.enter), ("On when all", one.progress), ("Hold or back", one.hold))
    lines = [f"{name}: {'; '.join(all_of)}" for name, all_of in parts] + [f"Where nothing else is suggested: {base}"]
    return (f"**{one.number}. {words.safe(one.label)}** :gray[weeks {words.safe(one.weeks)}]  \n{words.safe(one.content)}"
            + "".join(f"  \n:small[{words.safe(line)}]" for line in lines) + f"  \n{library_sources.source_line(at, one.source, one.standing)}")


def zone(at: session.Desk, one: PainZone) -> str:
    return (f"**{one.zone.capitalize()}, {one.low:g} to {one.high:g}**, {words.safe(one.next_morning)}  \n{words.safe(one.action)}  \n"
            f"{library_sources.source_line(at, one.source, one.standing)}")


def stage(at: session.Desk, one: RunStage) -> str:
    turns = f"run {one.run_min:g} min, walk {one.walk_min:g} min, {one.repeats} times" if one.walk_min else f"run {one.run_min:g} min without a break"
    return f"**Stage {one.stage}** {turns}: {one.total_min:g} min in all  \n{library_sources.source_line(at, one.source, one.standing)}"


def threshold(at: session.Desk, one: Threshold) -> str:
    value = f"{one.value:g}{one.unit}" if one.unit.startswith("/") else f"{one.value:g} {one.unit}"
    return f"{words.safe(one.label)}: **{words.safe(value.strip())}**  \n{library_sources.source_line(at, one.source, one.standing)}"
