"""What happened with one patient, newest first: visits, versions, reviews, check-ins, runs, documents, imaging."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from kneeclinic.record import Case, DocumentIssued
from kneeclinic.ui import words
from kneeclinic.ui.session import Desk


@dataclass(frozen=True)
class Event:
    on: date
    icon: str
    text: str


def events(at: Desk, case: Case, documents: tuple[DocumentIssued, ...]) -> list[Event]:
    found = []
    for visit in case.visits:
        state = f"signed by {words.safe(case.therapist_name(visit.signed_by))}" if visit.is_signed else "draft, not signed"
        mine = [one for one in case.observations if one.visit_id == visit.id]
        carried = sum(one.carried for one in mine)
        count = f"{len(mine)} values" + (f" ({carried} carried)" if carried else "")
        found.append(Event(visit.on, "stethoscope", f"**{words.VISIT_WORD[visit.kind]}**, {count}, {state}"))
    for program in case.programs:
        what = "program paused" if program.paused else f"{len(program.items)} exercises"
        found.append(Event(program.starts_on, "fitness_center", f"**Program version {program.version}**, phase {program.phase}, {what}"))
    for review in case.reviews:
        if review.undone_at is None and review.decided_at:
            word = words.DECISION_WORD[review.decision][0]
            why = f": {words.safe(review.reason)}" if review.reason else ""
            found.append(Event(review.decided_at.date(), "event_repeat", f"**Weekly review**, {word.lower()} ({review.suggested_rule}){why}"))
    for check_in in case.check_ins:
        worst = f", worst pain {check_in.pain_worst}" if check_in.pain_worst is not None else ""
        done = f", {check_in.sessions_done} of {check_in.sessions_prescribed} sessions" if check_in.sessions_done is not None else ""
        found.append(Event(check_in.week_end, "event_available", f"**Check-in** for the week of {words.day(check_in.week_start)}{done}{worst}"))
    for run in case.runs:
        pain = f", pain {run.pain_during} during" if run.pain_during is not None else ""
        found.append(Event(run.on, "directions_run", f"**Run** {words.distance(run.km, at.units)}{pain}"))
    for document in documents:
        name = document.kind.replace("_", " ")
        found.append(Event(document.issued_at.date(), "description", f"**{name.capitalize()}** issued, {document.language}, {document.layout}"))
    for image in case.episode.imaging:
        found.append(Event(image.done_on or image.ordered_on, "radiology", f"**{image.kind.upper()}** {'done' if image.done_on else 'ordered'}: "
                                                                           f"{words.safe(image.result) or 'no result yet'}"))
    found.append(Event(case.episode.opened_on, "flag", "**Episode opened**"))
    return sorted(found, key=lambda one: one.on, reverse=True)


def show(found: list[Event], most: int = 12) -> None:
    lines = [f":gray[{words.day(one.on)}]  :material/{one.icon}: {one.text}" for one in found]
    st.markdown("  \n".join(lines[:most]))
    if len(lines) > most:
        with st.expander(f"{len(lines) - most} earlier"):
            st.markdown("  \n".join(lines[most:]))
