"""Where a program begins: suggestions, a template, an earlier version, or nothing; and what each version changed."""

from __future__ import annotations

import streamlit as st

from kneeclinic.progress.difference import difference
from kneeclinic.progress.running_week import propose_load
from kneeclinic.record import Case
from kneeclinic.record.forms import ProgramForm
from kneeclinic.rules.assembly import assemble
from kneeclinic.rules.findings import Findings
from kneeclinic.rules.suggest import suggest
from kneeclinic.ui import cards, errors, program_draft, records, session, words

MOST_CHANGES = 8


def begin(at: session.Desk, case: Case, form: ProgramForm, found: Findings) -> None:
    """The four ways to begin, in one row."""
    episode = case.episode.id
    with st.container(horizontal=True, gap="small"):
        if not found.blocked:
            st.button("Build from suggestions", icon=":material/auto_awesome:", on_click=build, args=(episode,),
                      help="Puts together what is suggested, within the patient's minutes")
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


@errors.on_click
def build(episode_id: str) -> None:
    at = session.desk()
    case = at.clinic.case(episode_id)
    found = suggest(case, at.clinic.knowledge, at.clinic.today)
    made = assemble(found, case, at.clinic.knowledge, at.clinic.today)
    running = propose_load(case, found, at.clinic.knowledge, at.clinic.today, made.items)
    items = program_draft.with_habits(at, made.items)
    program_draft.change(episode_id, program_draft.put(items=items, load=running.plan if running else made.load))
    out = f" Left out: {words.listed(cards.item_name(at.clinic.knowledge, one.item) for one in made.left_out)}." if made.left_out else ""
    errors.say(f"{len(made.items)} exercises, {made.minutes:.0f} minutes.{out}")


def versions(at: session.Desk, case: Case) -> None:
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
            shown = [f"{change_badge(change.kind)} {words.safe(change.text)}" for change in lines[:MOST_CHANGES]]
            if len(lines) > MOST_CHANGES:
                shown.append(f":gray[and {len(lines) - MOST_CHANGES} more]")
            st.markdown("  \n".join(shown) or ":gray[nothing changed]")
            st.button(f"Take version {one.version} up again", key=f"take_{one.version}", icon=":material/settings_backup_restore:",
                      on_click=program_draft.apply, args=(case.episode.id, program_draft.take_up(at, one)))


def change_badge(kind: str) -> str:
    """Word, shape and colour of one kind of change."""
    marks = {"new": "green-badge[:material/add:", "harder": "green-badge[:material/trending_up:", "easier": "blue-badge[:material/trending_down:",
             "stopped": "gray-badge[:material/remove:", "changed": "gray-badge[:material/edit:"}
    return f":{marks[kind]} {kind}]"
