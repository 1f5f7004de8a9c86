"""What the product believes, to read and to search: exercises, measures, supports, rules as sentences, red flags, sources, and the sign-off."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from kneeclinic import actions
from kneeclinic.knowledge.schema import Condition, Exercise, Measure, Removal, When
from kneeclinic.record import Dose
from kneeclinic.ui import cards, errors, pictures, session, words

PARTS = ("Exercises", "Measures", "Tape and braces", "Rules", "Red flags", "Weekly review", "Sources", "Edition")
OP = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "is", "!=": "is not", "in": "is one of"}
SIDE = {"affected": " on the affected knee", "other": " on the other knee", "any": " on either knee", "none": ""}
CHOSEN = "library_exercise"


def condition(at: session.Desk, one: Condition) -> str:
    """A comparison as words: worst pain on the affected knee at least 6."""
    measure = at.clinic.knowledge.measure(one.measure)
    value = one.value
    shown = " or ".join(words.value_words(measure, each) for each in value) if isinstance(value, tuple) else words.value_words(measure, value)
    return f"{measure.label.lower() if measure.label[:2].istitle() else measure.label}{SIDE[one.side]} {OP[one.op]} {shown}"


def when(at: session.Desk, rule: When) -> str:
    both = " and ".join(condition(at, one) for one in rule.all)
    either = " or ".join(condition(at, one) for one in rule.any)
    if both and either:
        return f"{both}, and one of: {either}"
    return both or either or "a named condition of the program holds"


def removals(at: session.Desk, avoid: Iterable[Removal]) -> str:
    """What a rule takes out, in words."""
    found = []
    for one in avoid:
        parts = [cards.item_name(at.clinic.knowledge, item) for item in one.items]
        parts += [word for word, yes in (("all impact", one.impact), ("all kneeling", one.kneeling), ("deep squats", one.deep_squat),
                                         ("ball and roller work", one.rolling)) if yes]
        if one.stress_at_least:
            parts.append(f"everything with {one.stress_at_least} joint load or more")
        found.append(words.listed(parts))
    return "; ".join(found)


def source_line(at: session.Desk, source: str, standing: str) -> str:
    found = at.clinic.knowledge.sources.get(source)
    title = found.title if found else source
    return f":small[:gray[{words.safe(title)} · {words.STANDING_WORD.get(standing, standing)}]]"


def exercises(at: session.Desk) -> None:
    knowledge = at.clinic.knowledge
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("Search exercises", type="search", live="250ms", placeholder="Name, muscle, equipment", width=320)
        groups = list(dict.fromkeys(one.category for one in knowledge.exercises.values()))
        group = st.pills("Group", groups, wrap=True)
    chosen = st.session_state.get(CHOSEN)
    if chosen in knowledge.exercises:
        st.button("Back to the list", icon=":material/arrow_back:", on_click=choose, args=("",), type="tertiary")
        exercise_page(at, knowledge.exercises[chosen])
        return
    found = [one for one in knowledge.exercises.values() if _fits(at, one, text, group)]
    if not found:
        cards.empty("Nothing found", "Try fewer letters or another group.", icon="search_off")
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


def _fits(at: session.Desk, one: Exercise, text: str, group: str | None) -> bool:
    if group and one.category != group:
        return False
    heap = " ".join([one.id, cards.item_name(at.clinic.knowledge, one.id), one.target, one.position, *one.equipment]).casefold().replace("_", " ")
    return all(word in heap for word in text.casefold().split())


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
            ("Usual dose", words.dose_words(usual)), ("Trains", words.safe(one.target)), ("Position", words.safe(one.position)),
            ("Needs", ", ".join(one.equipment).replace("_", " ") or "nothing"), ("Weight bearing", one.weight_bearing),
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
            st.markdown(f"**{rule.id}** suggests it when {words.safe(when(at, rule.when))}.")
        st.markdown(source_line(at, one.source, one.standing))


def measures(at: session.Desk) -> None:
    text = st.text_input("Search measures", type="search", live="250ms", width=320)
    for section in at.clinic.knowledge.sections:
        found = [one for one in at.clinic.knowledge.measures.values()
                 if one.section == section.id and text.casefold() in f"{one.id} {one.label} {one.short}".casefold()]
        if not found:
            continue
        with st.expander(f"{section.label} ({len(found)})", expanded=bool(text), on_change="rerun") as opened:
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
    if one.mic is not None:
        parts.append(f"important change {one.mic:g}")
    if one.better != "neither":
        parts.append(f"{one.better} is better")
    if one.derived:
        parts.append("computed")
    bands = ", ".join(f"{band.label} {band.low:g} to {band.high:g}" for band in one.bands)
    st.markdown(f"**{words.safe(one.label)}** :gray[{one.id}]  \n:small[{words.safe(', '.join(part for part in parts if part))}]  \n"
                f"{words.safe(one.how)}{f'  {chr(10)}:small[{words.safe(bands)}]' if bands else ''}  \n{source_line(at, one.source, one.standing)}")


def supports(at: session.Desk) -> None:
    for one in at.clinic.knowledge.supports.values():
        with cards.card(words.safe(one.label), icon="healing", key=f"support_{one.id}"):
            word, colour = ("recommended for a short time", "green") if one.recommended else ("not recommended", "orange")
            st.markdown(f":{colour}-badge[grade {one.grade}: {word}]  \n**Guideline** {words.safe(one.guideline)}  \n"
                        f"**Other view** {words.safe(one.other_view) or 'none'}  \n**Wear** {words.safe(one.wear)}"
                        + (f"  \n**Re-test** {words.safe(one.retest)}" if one.retest else "")
                        + (f"  \n**Stop after** {one.stop_weeks} weeks; at once with {words.safe(words.listed(one.stop_if))}"
                           if one.stop_weeks else ""))
            for name, pull in one.directions.items():
                st.markdown(f"**{words.safe(name.replace('_', ' ').capitalize())}** {words.safe(pull)}")
            st.markdown(source_line(at, one.source, one.standing))


def rules(at: session.Desk) -> None:
    """Each rule as one readable sentence."""
    for one in at.clinic.knowledge.rules:
        gives = "; ".join(f"{gives.kind}: {words.listed(cards.item_name(at.clinic.knowledge, item) for item in gives.items)}" for gives in one.gives)
        out = removals(at, one.avoid)
        head = f"{one.id}{f' {one.row}' if one.row else ''}, {words.safe(one.title)}"
        st.markdown(f"**{head}** :gray[{str(one.precedence).replace('_', ' ')}, grade {one.grade}]  \n"
                    f"When {words.safe(when(at, one.when))}"
                    + (f", suggest {words.safe(gives)}" if gives else "") + (f"; take out {words.safe(out)}" if out else "")
                    + f".  \n{words.safe(one.why)}  \n{source_line(at, one.source, one.standing)}")


def red_flags(at: session.Desk) -> None:
    for one in at.clinic.knowledge.red_flags:
        word, colour = words.FLAG_WORD[one.level]
        st.markdown(f":{colour}-badge[:material/flag: {word}] **{one.id}, {words.safe(one.title)}**  \nWhen {words.safe(when(at, one.when))}.  \n"
                    f"{words.safe(one.action)}  \n{source_line(at, one.source, one.standing)}")


def reviews(at: session.Desk) -> None:
    st.caption("Read in this order; the first that matches decides. Rules marked “joined” are added to whatever the decision is.")
    for one in at.clinic.knowledge.reviews:
        word, icon = words.DECISION_WORD[one.decision]
        joined = " :gray-badge[joined]" if one.added else ""
        st.markdown(f"**{one.order}. {one.id}, {words.safe(one.title)}**{joined}  \n{icon} {word}: {words.safe(one.then)}  \n"
                    f"{source_line(at, one.source, one.standing)}")


def sources(at: session.Desk) -> None:
    rows = [{"Id": one.id, "Title": one.title, "Authors": one.authors, "Year": one.year, "Where": one.where, "Read": one.seen, "Note": one.note}
            for one in at.clinic.knowledge.sources.values()]
    st.dataframe(pd.DataFrame(rows), hide_index=True, height=620, alt="Sources of the knowledge files",
                 column_config={"Year": st.column_config.NumberColumn(format="%d"), "Title": st.column_config.TextColumn(width="large")})


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
