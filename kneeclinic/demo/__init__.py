"""The fictional clinic: two accounts and two dozen invented runners, made through the same actions that a clinic uses."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from kneeclinic import actions
from kneeclinic.actions import Actor
from kneeclinic.clinic import Clinic
from kneeclinic.demo.course import Course
from kneeclinic.demo.stories import STORIES, demo_name, shortened
from kneeclinic.record import ClinicProfile
from kneeclinic.vocabulary import Role

PASSWORD = "plum garden gate seven"  # noqa: S105 (the demo's password is no secret: its banner shows it)
LEAD_NAME, CLINICIAN_NAME = "lead", "clinician"
SIGN_IN_HINT = f"Sign in as {CLINICIAN_NAME} or {LEAD_NAME}, password: {PASSWORD}"
WEEKS, PATIENTS, SEED = 12, 24, 7


def make_demo(path: Path, patients: int = PATIENTS, weeks: int = WEEKS, seed: int = SEED, now: datetime | None = None) -> None:
    """Makes the demo clinic in a new file. All dates lie before today; the same seed and day tell the same courses."""
    profile = ClinicProfile(name="Demo clinic Garden Path (invented)", address="1 Garden Path, Nowhere", phone="555-0100", is_demo=True)
    moment = now or datetime.now(UTC)
    begun = moment - timedelta(weeks=weeks + 1, days=moment.weekday())
    clinic = actions.setup_clinic(path, profile, LEAD_NAME, "Linden, demo lead", PASSWORD, origin=actions.DEMO, now=begun)
    try:
        _fill(clinic.at(moment.date(), moment), patients, weeks, seed)
    except BaseException:
        clinic.database.close()
        path.unlink(missing_ok=True)
        path.with_name(path.name + ".wal").unlink(missing_ok=True)
        raise
    clinic.database.close()


def _fill(clinic: Clinic, patients: int, weeks: int, seed: int) -> None:
    lead = Actor.of(actions.accounts_of(clinic)[0], actions.DEMO)
    first = clinic.today - timedelta(weeks=weeks, days=clinic.today.weekday())
    opening = clinic.at(first, datetime.combine(first, time(7), UTC))
    clinician = Actor.of(
        actions.add_account(opening, lead, CLINICIAN_NAME, "Hawthorn, demo clinician", Role.CLINICIAN, PASSWORD), actions.DEMO,
    )
    courses = [_course(place, weeks, seed, clinic.today, (clinician, lead)) for place in range(patients)]
    events = sorted(event for course in courses for event in course.events())
    for event in events:
        courses[event.place].live(clinic, event)


def _course(place: int, weeks: int, seed: int, today: date, therapists: tuple[Actor, Actor]) -> Course:
    """The story of that place, ending today (or some weeks ago), with a shorter middle when fewer weeks are asked for."""
    story = shortened(STORIES[place % len(STORIES)], weeks)
    this_monday = today - timedelta(days=today.weekday())
    gone = story.ending.weeks_ago if story.ending else 0
    begins = max(0, weeks - len(story.worst) - gone)
    if len(STORIES[place % len(STORIES)].worst) == 1:
        begins = weeks if today.weekday() > 0 or story.draft else weeks - 1
    return Course(
        story=story, name=demo_name(place), place=place, number=f"D{place + 1:03d}", first_monday=this_monday - timedelta(weeks=weeks - begins),
        today=today, week_start=0, therapist=therapists[story.clinician], rng=Random(seed * 1000 + place),
    )


__all__ = ["CLINICIAN_NAME", "LEAD_NAME", "PASSWORD", "SIGN_IN_HINT", "make_demo"]
