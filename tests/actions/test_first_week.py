"""The first week of a program asks only for the days since it began."""

from __future__ import annotations

from datetime import date, timedelta

from kneeclinic import actions
from kneeclinic.record.forms import CheckInForm

from .test_programs import a_program

LAST_MONDAY = date(2026, 3, 16)


def test_a_program_of_the_last_day_asks_for_that_day_alone(clinic, staff, episode):
    sunday = LAST_MONDAY + timedelta(days=6)
    actions.revise_program(clinic.at(sunday, clinic.now - timedelta(days=1)), staff.clinician, episode.id, a_program(starts_on=sunday), None)
    week = actions.record_check_in(clinic, staff.assistant, episode.id, CheckInForm(week_start=LAST_MONDAY, pain_worst=4))
    assert week.sessions_prescribed == 0
