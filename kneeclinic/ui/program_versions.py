"""Where a program begins: suggestions, a template, an earlier version, or nothing; and what each version changed."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from kneeclinic.progress.amounts import change_words
from kneeclinic.progress.difference import Change, difference
from kneeclinic.progress.running_week import propose_load
from kneeclinic.record import Case, LoadPlan
from kneeclinic.record.forms import ProgramForm
from kneeclinic.rules.assembly import assemble
from kneeclinic.rules.findings import Findings
from kneeclinic.rules.suggest import suggest
from kneeclinic.ui import cards, errors, program_draft, records, session, words
from kneeclinic.vocabulary import EQUIPMENT

MOST_CHANGES = 8


def begin(at: session.Desk, case: Case, form: ProgramForm, found: Findings) -> None:
    """The four ways to begin, in one row."""
    episode = case.episode.id
    if not at.may("revise_program"):
        st.caption("Your role may look at the program but not change it.")
        return
    with st.container(horizontal=True, gap="small"):
        if not found.blocked:
            st.button("Build from suggestions", icon=":material/auto_awesome:", on_click=build, args=(episode,),
                      help="Puts together what is suggested, within the minutes and the equipment named beside this button")
            with st.popover("For whom", icon=":material/tune:", on_change="rerun") as opened:
                if opened.open:
                    means(case)
        if found.blocked:
            if case.programs:
                with st.popover("Versions", icon=":material/history:", on_change="rerun") as opened:
                    if opened.open:
                        versions(at, case, take=False)
            return
        with st.popover("Template", icon=":material/library_books:", on_change="rerun") as opened:
            if opened.open:
                for ready in at.clinic.knowledge.templates.values():
                    st.button(ready.label, key=f"template_{ready.id}", help=ready.description, width="stretch", on_click=program_draft.apply,
                              args=(episode, program_draft.from_template(at, ready.id)))
        if case.programs:
            with st.popover("Versions", icon=":material/history:", on_change="rerun") as opened:
                if opened.open:
                    versions(at, case)
        if form.items:
            st.button("Blank", icon=":material/note_add:", type="tertiary", on_click=program_draft.apply,
                      args=(episode, program_draft.put(items=(), tape=None, devices=(), template="")), help="Begin with an empty program")
    left_out(episode)


def means(case: Case) -> None:
    """Asks how many minutes a day there are and what is at home, for this program; what registration says stands first."""
    minutes, equipment = asked_means(case)
    st.session_state[f"_minutes_{case.episode.id}"] = int(st.number_input("Minutes a day", 5, 90, minutes, step=5))
    st.session_state[f"_equipment_{case.episode.id}"] = tuple(
        st.multiselect("At hand", EQUIPMENT, list(equipment), format_func=lambda one: one.replace("_", " ")))


def asked_means(case: Case) -> tuple[int, tuple[str, ...]]:
    """Minutes a day and equipment for this program: as asked on this page, else as registered."""
    minutes = st.session_state.get(f"_minutes_{case.episode.id}", case.patient.minutes_a_day)
    return minutes, st.session_state.get(f"_equipment_{case.episode.id}", case.patient.equipment)


def left_out(episode_id: str) -> None:
    """What building left out, each with its reason."""
    found: list[tuple[str, str]] = st.session_state.get(f"_left_out_{episode_id}", [])
    if found:
        with st.expander(f"Left out ({len(found)})", icon=":material/filter_alt_off:"):
            for name, why in found:
                st.markdown(f"**{words.safe(name)}**  \n:small[:gray[{words.safe(why)}]]")


@errors.on_click
def build(episode_id: str) -> None:
    at = session.desk()
    case = at.clinic.case(episode_id)
    found = suggest(case, at.clinic.knowledge, at.clinic.today)
    minutes, equipment = asked_means(case)
    with_means = replace(case, patient=replace(case.patient, minutes_a_day=minutes, equipment=equipment))
    made = assemble(found, with_means, at.clinic.knowledge, at.clinic.today)
    running = propose_load(case, found, at.clinic.knowledge, at.clinic.today, made.items)
    items = program_draft.with_habits(at, made.items)
    program_draft.change(episode_id, program_draft.put(items=items, load=running.plan if running else made.load))
    st.session_state[f"_left_out_{episode_id}"] = [(cards.item_name(at.clinic.knowledge, one.item), one.why) for one in made.left_out]
    out = f" {len(made.left_out)} left out; the reasons stand below." if made.left_out else ""
    errors.say(f"{len(made.items)} exercises, {made.minutes:.0f} minutes.{out}")


def versions(at: session.Desk, case: Case, *, take: bool = True) -> None:
    """Every version, newest first, with what it changed; an older one can be taken up again as the next."""
    team = records.team(at)
    with st.container(height=420 if len(case.programs) > 2 else "content", border=False):
        for place in reversed(range(len(case.programs))):
            one = case.programs[place]
            before = case.programs[place - 1] if place else None
            paused = ", paused" if one.paused else ""
            st.markdown(f"**Version {one.version}**, from {words.day(one.starts_on, year=True)}, phase {one.phase}{paused}  \n"
                        f":small[:gray[{words.safe(team.get(one.entered_by, one.entered_by))}, knowledge {words.safe(one.edition)}]]")
            lines = difference(before, one, at.clinic.knowledge)
            old = before.load if before else None
            shown = [f"{change_badge(change.kind)} {change_line(at, change, old, one.load)}" for change in lines[:MOST_CHANGES]]
            if len(lines) > MOST_CHANGES:
                shown.append(f":gray[and {len(lines) - MOST_CHANGES} more]")
            st.markdown("  \n".join(shown) or ":gray[nothing changed]")
            if take:
                st.button(f"Take version {one.version} up again", key=f"take_{one.version}", icon=":material/settings_backup_restore:",
                          on_click=program_draft.apply, args=(case.episode.id, program_draft.take_up(at, one)))


def change_line(at: session.Desk, change: Change, old: LoadPlan | None, new: LoadPlan | None) -> str:
    """One line of a difference in the clinic's units; its kind stands before it as a badge."""
    text = change_words(change, old, new, at.units).removeprefix(f"{change.kind.capitalize()}: ")
    return words.safe(text[:1].upper() + text[1:])


def change_badge(kind: str) -> str:
    """Word, shape and colour of one kind of change."""
    marks = {"new": "green-badge[:material/add:", "harder": "green-badge[:material/trending_up:", "easier": "blue-badge[:material/trending_down:",
             "stopped": "gray-badge[:material/remove:", "changed": "gray-badge[:material/edit:"}
    return f":{marks[kind]} {kind}]"
