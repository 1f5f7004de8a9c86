"""The eleven screens: file, title, icon and the question each one answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from kneeclinic.security.roles import may
from kneeclinic.vocabulary import Role

FOLDER = Path(__file__).resolve().parents[2] / "pages"


@dataclass(frozen=True)
class Screen:
    name: str
    title: str
    icon: str
    question: str
    group: str
    action: str
    """The action of the role table that opens this page."""


SCREENS = (
    Screen("caseload", "Caseload", "groups", "Who needs me today, and why?", "Clinic day", "see_caseload"),
    Screen("review", "Weekly review", "event_repeat", "One patient after another: look, decide, next.", "Clinic day", "open_case"),
    Screen("patient", "Patient", "person", "How is this runner doing, on one screen?", "This patient", "open_case"),
    Screen("assess", "Assess", "stethoscope", "What did I find today? Red flags first.", "This patient", "open_case"),
    Screen("program", "Program", "fitness_center", "What should they do next, and why each item?", "This patient", "open_case"),
    Screen("progress", "Progress", "monitoring", "Has it really changed?", "This patient", "open_case"),
    Screen("check_in", "Check-in", "event_available", "What did they do this week, and how did it feel?", "This patient", "open_case"),
    Screen("documents", "Documents", "description", "What do they, and the referrer, take away?", "This patient", "open_case"),
    Screen("outcomes", "Outcomes", "query_stats", "How does the clinic do?", "The house", "see_outcomes"),
    Screen("library", "Library", "menu_book", "What does this product believe, and on whose word?", "The house", "see_library"),
    Screen("admin", "Admin", "shield_person", "Who may come in, is it backed up, what happened?", "The house", "end_own_session"),
)
BY_NAME = {one.name: one for one in SCREENS}


def path(name: str) -> str:
    return str(FOLDER / f"{name}.py")


def navigation(role: Role) -> dict[str, list[st.Page]]:
    """The pages that this role may open, for `st.navigation`, in groups."""
    groups: dict[str, list[st.Page]] = {}
    for one in SCREENS:
        if not may(role, one.action) and one.name not in ("patient", "caseload"):
            continue
        page = st.Page(path(one.name), title=one.title, icon=f":material/{one.icon}:", url_path=one.name, default=one.name == "caseload",
                       help=one.question)
        groups.setdefault(one.group, []).append(page)
    return groups


def go(name: str) -> None:
    """Leaves this page for another."""
    from kneeclinic.ui import session

    episode = session.open_episode_id()
    st.switch_page(path(name), query_params={session.PATIENT: episode} if episode else None)
