"""What follows from the record: red flags first, then scores, symmetry and suggestions, each with its reasons in one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import streamlit as st

from kneeclinic import actions
from kneeclinic.record import Case
from kneeclinic.rules import red_flags
from kneeclinic.rules.asked import asked
from kneeclinic.rules.because import CARRIED, told
from kneeclinic.rules.facts import Facts
from kneeclinic.rules.red_flags import RaisedFlag
from kneeclinic.rules.suggest import Findings, Suggestion
from kneeclinic.ui import cards, errors, session, words
from kneeclinic.vocabulary import FlagLevel, MeasureKind, MeasureSides, Side, SuggestionKind

SET_ASIDE_DAYS = 14


def because(at: session.Desk, reasons: Iterable[Any]) -> str:
    """The reasons in one line."""
    found = list(reasons)
    values = told((one for one in found if not isinstance(one, str)), at.clinic.knowledge)
    return "; ".join([*(one for one in found if isinstance(one, str)), *values])


def set_aside(at: session.Desk, case: Case, flag: RaisedFlag) -> str:
    """The reason with which a red flag was set aside, or nothing."""
    found = red_flags.set_aside(case, flag, at.clinic.today)
    return found.reason if found else ""


def alarm(at: session.Desk, case: Case, flags: Iterable[RaisedFlag]) -> None:
    """The head of the page when a red flag blocks: what to do, why, and no way past it without a written reason."""
    for flag in flags:
        if not flag.level.blocks:
            continue
        reason = set_aside(at, case, flag)
        word = "Emergency: stop, send today" if flag.level is FlagLevel.EMERGENCY else "Stop: refer, no program today"
        if reason:
            st.warning(f"{words.safe(flag.title)}. Set aside: {words.safe(reason)}", icon=":material/flag:")
            continue
        st.error(f"{words.safe(flag.action)}  \n{words.safe(because(at, flag.because))} :gray[{flag.id}]", icon=":material/flag:",
                 title=f"{word}: {flag.title}")
        if flag.level is FlagLevel.EMERGENCY:
            st.caption("An emergency is not set aside. Once ruled out, enter the finding as it is now, or take back a value entered by mistake.")
        elif at.may("snooze_alert"):
            with st.popover("Set aside with a reason", key=f"aside_{flag.id}", on_change="rerun") as opened:
                if opened.open:
                    with st.form(f"aside_form_{flag.id}", border=False):
                        why = st.text_input(f"Why {flag.id} does not stop this patient", max_chars=500)
                        if st.form_submit_button("Set aside for two weeks"):
                            with errors.calmly():
                                actions.snooze_alert(at.clinic, at.actor, case.episode.id, flag.id,
                                                     at.clinic.today + timedelta(days=SET_ASIDE_DAYS), why)
                                st.rerun()


def flag_list(at: session.Desk, case: Case, flags: Iterable[RaisedFlag]) -> None:
    raised = list(flags)
    if not raised:
        screen = asked(case, at.clinic.knowledge, "red_flags")
        if screen.have < screen.total:
            st.markdown(f":gray[:material/help: {words.safe(screen.words)}{', none raised' if screen.have else ''}]")
        else:
            st.markdown(f":gray[:material/check: Red flags: all {screen.total} asked, none raised]")
    for flag in raised:
        word, colour = words.FLAG_WORD[flag.level]
        aside = " :gray[(set aside)]" if set_aside(at, case, flag) else ""
        st.markdown(f":{colour}-badge[:material/flag: {word}] **{words.safe(flag.title)}**{aside}  \n{words.safe(flag.action)}  \n"
                    f":small[:gray[{words.safe(because(at, flag.because))} · {flag.id}]]")


def scores(at: session.Desk, case: Case, visit_id: str) -> None:
    """Scores and symmetry of this visit, with their bands."""
    from kneeclinic.ui.measure_form import band_words

    lines = []
    for one in case.observations:
        measure = at.clinic.knowledge.measures.get(one.measure)
        if one.visit_id == visit_id and measure is not None and measure.kind is MeasureKind.SCORE and one.number is not None:
            lines.append(f"{words.safe(measure.short or measure.label)} {words.SIDE_MARK[one.side]} **{one.number:.{measure.decimals}f}**"
                         f"{CARRIED if one.carried else ''}{words.safe(band_words(measure, one.number))}")
    if lines:
        st.markdown("  \n".join(lines))


def symmetry(at: session.Desk, facts: Facts, case: Case) -> None:
    """Limb symmetry of every strength test that is known."""
    lines = []
    for measure in at.clinic.knowledge.measures.values():
        if not measure.id.endswith("_lsi"):
            continue
        for side in case.episode.side.sides if measure.sides is MeasureSides.EACH else (Side.NONE,):
            value = facts.value(measure.id, side)
            if isinstance(value, int | float):
                mark = "◆ below 90" if value < 90 else "check entry" if value > 110 else ""
                if facts.carried(measure.id, side):
                    mark = f"{mark}{CARRIED}" if mark else "carried"
                lines.append(f"{words.safe(measure.label)} {words.SIDE_MARK[side]} **{value:.0f} %** :gray[{mark}]")
    if lines:
        st.markdown("  \n".join(lines))


def suggestion_line(at: session.Desk, one: Suggestion, *, items: bool = True) -> str:
    names = ", ".join(words.safe(cards.item_name(at.clinic.knowledge, item)) for item in one.items)
    grade = f"grade {one.grade}" if one.grade != "none" else "no grade"
    head = f"**{names}**  \n" if items else ""
    word = f"{one.rule}, {grade}, {words.STANDING_WORD[one.standing]}"
    return f"{head}:small[{words.safe(because(at, one.because))}. :gray[{words.safe(one.why)} · {word}]]"


def by_rule(found: Iterable[Suggestion]) -> list[Suggestion]:
    """Each rule once, with all it gives: what to do, and the advice that goes with it."""
    once: dict[tuple[Any, ...], Suggestion] = {}
    for one in found:
        key = (one.rule, one.because)
        before = once.get(key)
        once[key] = replace(before, items=tuple(dict.fromkeys((*before.items, *one.items)))) if before else one
    return list(once.values())


def suggestions(at: session.Desk, found: Findings, most: int = 8) -> None:
    """The suggestions in short, as they appear or go while values are typed."""
    if found.blocked:
        st.markdown(":gray[No program is suggested while a red flag stands.]")
    for question in found.asks:
        st.markdown(f":orange[:material/help: {words.safe(question)}]")
    shown = [one for one in found.suggestions if one.kind is not SuggestionKind.REFER or found.blocked]
    rules = by_rule(shown)
    for one in rules[:most]:
        st.markdown(suggestion_line(at, one))
    if len(rules) > most:
        st.caption(f"{len(rules) - most} more on the program page")
    if not shown:
        st.markdown(":gray[Nothing is suggested yet; values bring suggestions.]")
