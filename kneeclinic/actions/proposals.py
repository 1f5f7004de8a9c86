"""What the rules propose, ready to be decided on; nothing here is stored."""

from __future__ import annotations

from kneeclinic.actions.gate import permit
from kneeclinic.clinic import Clinic
from kneeclinic.progress.review import WeeklyReview, weekly_review
from kneeclinic.record import PlannedVisit, Program
from kneeclinic.record.forms import ProgramForm
from kneeclinic.rules.assembly import assemble
from kneeclinic.rules.suggest import suggest
from kneeclinic.security.accounts import Actor
from kneeclinic.store import planned_by_episode, programs_of


def proposed_program(clinic: Clinic, actor: Actor, episode_id: str, minutes: int | None = None) -> ProgramForm | None:
    """The program that follows from the findings within the patient's minutes; None while a red flag blocks."""
    permit(clinic, actor, "open_case", "episode", episode_id)
    case = clinic.case(episode_id)
    findings = suggest(case, clinic.knowledge, clinic.today)
    if findings.blocked:
        return None
    assembly = assemble(findings, case, clinic.knowledge, clinic.today, minutes)
    return ProgramForm(starts_on=clinic.today, items=assembly.items, load=assembly.load, phase=findings.phase)


def proposed_review(clinic: Clinic, actor: Actor, episode_id: str) -> WeeklyReview:
    """The review of this week with its suggestion and what would change."""
    permit(clinic, actor, "open_case", "episode", episode_id)
    return weekly_review(clinic.case(episode_id), clinic.knowledge, clinic.today, first_day=clinic.profile.week_start)


def current_program(clinic: Clinic, actor: Actor, episode_id: str) -> Program | None:
    permit(clinic, actor, "open_case", "episode", episode_id)
    versions = programs_of(clinic.database, episode_id)
    return versions[-1] if versions else None


def planned_visits(clinic: Clinic, actor: Actor, episode_id: str) -> tuple[PlannedVisit, ...]:
    permit(clinic, actor, "see_planned", "episode", episode_id)
    return planned_by_episode(clinic.database, [episode_id])[episode_id]
