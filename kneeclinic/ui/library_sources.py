"""On whose word the product believes something: the sources, what rests on each, the edition and its sign-off."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from kneeclinic import actions
from kneeclinic.knowledge.schema import Source
from kneeclinic.knowledge.search import Fact, resting_on
from kneeclinic.ui import cards, errors, session, words

SEEN = {"itself": "read itself", "summary": "read in a summary", "not seen": "not read"}
KIND = {"exercise": "Exercises", "measure": "Measures", "support": "Tape and braces", "rule": "Rules", "precaution": "Precautions",
        "red_flag": "Red flags", "phase": "Phases and running", "review": "Weekly review"}


def source_line(at: session.Desk, source: str, standing: str = "") -> str:
    """On whose word: title, authors, year and place of the source, whether it was read, and the standing of the fact where it has its own."""
    found = at.clinic.knowledge.sources.get(source)
    stands = f" · {words.STANDING_WORD.get(standing, standing)}" if standing else ""
    if found is None:
        return f":small[:gray[{words.safe(source)}{stands}]]"
    parts = [found.title, found.authors, str(found.year or ""), found.where if found.where != found.title else ""]
    return f":small[:gray[Source: {words.safe(', '.join(part for part in parts if part))} · {SEEN[found.seen]}{stands}]]"


def sources(at: session.Desk, found: Iterable[Source]) -> None:
    """One line a source; the line that is ticked tells what rests on it."""
    listed = list(found)
    if not listed:
        return
    rows = [{"Facts": len(resting_on(at.clinic.knowledge, one.id)), "Title": one.title, "Authors": one.authors, "Year": one.year,
             "Where": one.where, "Read": SEEN[one.seen], "Note": one.note, "Id": one.id} for one in listed]
    chosen = st.dataframe(pd.DataFrame(rows), hide_index=True, height=min(560, 38 + 35 * len(rows)), alt="Sources of the knowledge files",
                          on_select="rerun", selection_mode="single-row", key="library_sources",
                          column_config={"Year": st.column_config.NumberColumn(format="%d"),
                                         "Title": st.column_config.TextColumn(width="large")})
    st.caption("Tick a line to see everything that rests on it.")
    picked = [one for one in chosen.selection.rows if one < len(listed)]
    if picked:
        facts_of(at, listed[picked[0]])


def facts_of(at: session.Desk, source: Source) -> None:
    """Everything that names this source, by kind."""
    st.markdown(f"**{words.safe(source.title)}**")
    by_kind: dict[str, list[str]] = {}
    for kind, fact in resting_on(at.clinic.knowledge, source.id):
        by_kind.setdefault(kind, []).append(name_of(at, kind, fact))
    for kind, names in by_kind.items():
        st.markdown(f"{KIND[kind]}: {words.safe(', '.join(names))}")


def name_of(at: session.Desk, kind: str, fact: Fact) -> str:
    if kind in ("exercise", "support"):
        return cards.item_name(at.clinic.knowledge, fact.id)
    title = getattr(fact, "label", "") or getattr(fact, "title", "")
    if kind in ("precaution", "phase"):
        return title or fact.id.replace("_", " ")
    return title if kind == "measure" else f"{fact.id} {title}"


def edition(at: session.Desk) -> None:
    """Which edition stands, what changed, and the sign-off of this clinic."""
    known, profile = at.clinic.knowledge.edition, at.clinic.profile
    st.markdown(f"**Edition {words.safe(known.edition)}**, {words.day(known.date, year=True)}")
    for one in known.changes:
        st.markdown(f"- {words.safe(one)}")
    if profile.knowledge_reviewed_edition == known.edition:
        st.success(f"Reviewed for this clinic by {words.safe(profile.knowledge_reviewed_by)} on "
                   f"{words.day(profile.knowledge_reviewed_on, year=True)}.", icon=":material/verified:")
    else:
        st.warning("No clinician of this clinic has reviewed this edition. Until then a banner says so on every page.", icon=":material/rule:")
    if at.may("sign_off_knowledge"):
        with st.form("sign_off", border=True):
            name = st.text_input("Name of the reviewing clinician", at.actor.name)
            sure = st.checkbox("I have read the rules, doses, red flags and sources of this edition and take them over for this clinic")
            if st.form_submit_button("Sign off this edition", type="primary", icon=":material/draw:"):
                with errors.calmly():
                    if not sure:
                        st.error("Tick the sentence first.", icon=":material/error:")
                    else:
                        actions.sign_off_knowledge(at.clinic, at.actor, name)
                        errors.say("The edition is signed off.")
                        st.rerun()
