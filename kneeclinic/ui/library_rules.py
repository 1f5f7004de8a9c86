"""What the product concludes from findings, as sentences to read: rules, precautions, red flags, the weekly review."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from kneeclinic.knowledge.schema import Condition, Precaution, RedFlag, Removal, ReviewRule, Rule, When
from kneeclinic.ui import cards, library_sources, session, words
from kneeclinic.vocabulary import MeasureKind, Stress

OP = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "is", "!=": "is not", "in": "is one of"}
SIDE = {"affected": " on the affected knee", "other": " on the other knee", "any": " on either knee", "none": ""}


def condition(at: session.Desk, one: Condition) -> str:
    """A comparison as words: worst pain on the affected knee at least 6."""
    measure = at.clinic.knowledge.measure(one.measure)
    value = one.value
    if measure.kind is MeasureKind.FLAG and (one.op, value) == ("==", 1):
        return f"“{measure.label}” is ticked{SIDE[one.side]}"
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
                                         ("ball and roller work", one.rolling),
                                         ("everything standing on the leg", one.weight_bearing)) if yes]
        if one.stress_at_least:
            parts.append("every exercise" if one.stress_at_least is Stress.NONE else f"everything with {one.stress_at_least} joint load or more")
        found.append(words.listed(parts))
    return "; ".join(found)


def rules(at: session.Desk, found: Iterable[Rule]) -> None:
    """Each rule as one readable sentence."""
    for one in found:
        gives = "; ".join(f"{gives.kind}: {words.listed(cards.item_name(at.clinic.knowledge, item) for item in gives.items)}" for gives in one.gives)
        out = removals(at, one.avoid)
        head = f"{one.id}{f' {one.row}' if one.row else ''}, {words.safe(one.title)}"
        st.markdown(f"**{head}** :gray[{str(one.precedence).replace('_', ' ')}, grade {one.grade}]  \n"
                    f"When {words.safe(when(at, one.when))}"
                    + (f", suggest {words.safe(gives)}" if gives else "") + (f"; take out {words.safe(out)}" if out else "")
                    + f".  \n{words.safe(one.why)}{beside(at, one)}  \n{library_sources.source_line(at, one.source, one.standing)}")


def beside(at: session.Desk, one: Rule) -> str:
    """What else a rule says: what it puts in the place of something, when it is silent, and its advice in full."""
    name = cards.item_name
    lines = []
    if one.instead:
        lines.append("In place of what is taken out: "
                     + "; ".join(f"{name(at.clinic.knowledge, old)}: {name(at.clinic.knowledge, new)}" for old, new in one.instead.items()))
    if one.every_side:
        lines.append("Must hold on every affected knee")
    if one.at_start:
        lines.append("Looks at the first value, not the newest")
    if one.yields_to:
        lines.append(f"Silent where {' or '.join(one.yields_to)} speaks")
    advice = at.clinic.knowledge.advice
    lines += [f"{advice[item].label}: {advice[item].text}" for gives in one.gives for item in gives.items if item in advice]
    return "".join(f"  \n:small[{words.safe(line)}]" for line in lines)


def precautions(at: session.Desk, found: Iterable[Precaution]) -> None:
    """Findings that take things out of every suggestion, whatever rule asks for them."""
    st.caption("What is taken out here is in no suggestion and in no program, whatever rule asks for it.")
    for one in found:
        out = removals(at, one.avoid)
        because = words.listed(dict.fromkeys(removal.because for removal in one.avoid))
        st.markdown(f"**{words.safe((because or one.id.replace('_', ' ')).capitalize())}**  \n"
                    f"When {words.safe(when(at, one.when))}" + (f", take out {words.safe(out)}" if out else "")
                    + (f". {words.safe(one.asks)}" if one.asks else ".") + f"  \n{library_sources.source_line(at, one.source, one.standing)}")


def red_flags(at: session.Desk, found: Iterable[RedFlag]) -> None:
    for one in found:
        word, colour = words.FLAG_WORD[one.level]
        st.markdown(f":{colour}-badge[:material/flag: {word}] **{one.id}, {words.safe(one.title)}**  \nWhen {words.safe(when(at, one.when))}"
                    f"{', on one and the same knee' if one.same_knee else ''}.  \n"
                    f"{words.safe(one.action)}  \n{library_sources.source_line(at, one.source, one.standing)}")


def reviews(at: session.Desk, found: Iterable[ReviewRule]) -> None:
    st.caption("Read in this order; the first that matches decides. Rules marked “joined” are added to whatever the decision is.")
    for one in found:
        word, icon = words.DECISION_WORD[one.decision]
        joined = " :gray-badge[joined]" if one.added else ""
        st.markdown(f"**{one.order}. {one.id}, {words.safe(one.title)}**{joined}  \n{icon} {word}: {words.safe(one.then)}{limits(one)}  \n"
                    f"{library_sources.source_line(at, one.source, one.standing)}")


def limits(one: ReviewRule) -> str:
    """The numbers a row of the review goes by."""
    told = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in one.thresholds.items())
    return f"  \n:small[Limits: {words.safe(told)}]" if told else ""
