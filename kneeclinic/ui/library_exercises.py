"""The exercises on the wall: drawings to choose from, and one page for each."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kneeclinic.knowledge import Knowledge
from kneeclinic.knowledge.schema import Exercise
from kneeclinic.record import Dose
from kneeclinic.rules.candidates import Limits
from kneeclinic.ui import cards, library_rules, library_sources, pictures, session, words

CHOSEN = "library_exercise"


def exercises(at: session.Desk, fitting: Sequence[Exercise]) -> None:
    knowledge = at.clinic.knowledge
    chosen = st.session_state.get(CHOSEN)
    if chosen in knowledge.exercises:
        st.button("Back to the list", icon=":material/arrow_back:", on_click=choose, args=("",), type="tertiary")
        exercise_page(at, knowledge.exercises[chosen])
        return
    groups = list(dict.fromkeys(one.category for one in knowledge.exercises.values()))
    group = st.pills("Group", groups, wrap=True)
    found = [one for one in fitting if not group or one.category == group]
    if fitting and not found:
        cards.empty("Nothing found in this group", "Try another group.", icon="search_off")
    shown = st.session_state.get("_library_shown", 24)
    with st.grid("auto", min_column_width=170, gap="small") as wall:
        for one in found[:shown]:
            with wall.cell(), st.container(border=True, gap="xsmall", key=f"card_x_{one.id}"):
                pictures.exercise(knowledge, one.id, "right", 150, most_high=104)
                st.button(cards.item_name(knowledge, one.id), key=f"x_{one.id}", on_click=choose, args=(one.id,), type="tertiary", wrap=True)
                st.caption(f"{one.target}")
    if len(found) > shown:
        st.button(f"Show all {len(found)}", on_click=show_all)


def show_all() -> None:
    st.session_state["_library_shown"] = 500


def choose(exercise: str) -> None:
    st.session_state[CHOSEN] = exercise


def exercise_page(at: session.Desk, one: Exercise) -> None:
    """One exercise: large drawing, words, dose, ladder, cautions, the rules that suggest it."""
    knowledge = at.clinic.knowledge
    said = knowledge.words(one.id, "en")
    left, right = st.columns((5, 6), gap="large")
    with left:
        pictures.exercise(knowledge, one.id, "right", 460)
        found = pictures.exercise_uri(knowledge, one.id, "right", 460)
        if found:
            st.caption(found[1])
    with right:
        st.markdown(f"### {words.safe(said.name)}")
        usual = Dose(sets=one.dose.sets, reps=one.dose.reps, hold_s=one.dose.hold_s, minutes=one.dose.minutes, days_per_week=one.dose.days_per_week)
        st.markdown("  \n".join(f"{number}. {words.safe(cue)}" for number, cue in enumerate(said.cues, start=1)))
        st.markdown(f"**Mistake** {words.safe(said.mistake)}  \n**Feel** {words.safe(said.feel)}")
        cards.facts([
            ("Usual dose", words.dose_words(usual, one)), ("Trains", words.safe(one.target)), ("Position", words.safe(one.position)),
            ("Needs", needs(knowledge, one)), ("Weight bearing", one.weight_bearing),
            ("Joint load", str(one.stress)), ("Knee bend", f"{one.knee_range[0]:g} to {one.knee_range[1]:g} degrees" if one.knee_range else ""),
            ("From phase", str(one.phase_from)), ("Impact", "yes" if one.impact else ""), ("Kneeling", "yes" if one.kneeling else ""),
            ("Caution", words.safe(one.caution)),
        ])
        with st.container(horizontal=True, gap="small"):
            for word, others in (("Easier", one.easier), ("Harder", one.harder)):
                for other in others:
                    st.button(f"{word}: {cards.item_name(knowledge, other)}", key=f"ladder_{word}_{other}", on_click=choose, args=(other,),
                              icon=":material/trending_down:" if word == "Easier" else ":material/trending_up:")
        rules = [rule for rule in knowledge.rules if any(one.id in gives.items for gives in rule.gives)]
        for rule in rules:
            st.markdown(f"**{rule.id}** suggests it when {words.safe(library_rules.when(at, rule.when))}.")
        st.markdown(library_sources.source_line(at, one.source, one.standing))


def needs(knowledge: Knowledge, one: Exercise) -> str:
    """Everything that must be there, and what there must be one of, in words."""
    return Limits(frozenset(), 0, frozenset(), knowledge).missing(one) or "nothing"
