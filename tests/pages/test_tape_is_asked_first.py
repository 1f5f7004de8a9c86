"""The tape tab asks what tape must not meet, writes the answers into a visit of today, and opens only then."""

from __future__ import annotations

import pytest

from kneeclinic import actions
from kneeclinic.clinic import Clinic
from kneeclinic.record.forms import EpisodeForm, PatientForm
from kneeclinic.rules.tape_questions import TAPE_QUESTIONS, not_asked, tape_answers
from kneeclinic.store import read_audit
from kneeclinic.vocabulary import AffectedSide, Sex

from .conftest import Desk, said


@pytest.fixture
def episode(clinic: Clinic, desk: Desk) -> str:
    """Somebody of whom nothing is known yet."""
    form = PatientForm(number="TAPE1", given_name="Tapia", birth_date=clinic.today.replace(year=clinic.today.year - 30), sex=Sex.FEMALE)
    patient = actions.register_patient(clinic, desk.actor, form)
    return actions.open_episode(clinic, desk.actor, patient.id, EpisodeForm(side=AffectedSide.LEFT, opened_on=clinic.today)).id


def tape_tab(desk: Desk, episode: str):
    at = desk.page("program", episode)
    at.session_state[f"part_{episode}"] = "Tape"
    return at.run()


def put_button(at):
    return next(one for one in at.button if one.label == "Put the tape into the program")


def test_one_click_writes_none_of_them_into_a_visit_of_today_and_the_log(desk: Desk, clinic: Clinic, episode: str) -> None:
    at = tape_tab(desk, episode)
    assert put_button(at).disabled and "Ask before tape" in said(at)
    at.button(key="tape_asked").click().run()
    assert not at.exception and not not_asked(clinic.case(episode))
    assert {one.on for one in clinic.case(episode).observations} == {clinic.today}
    assert read_audit(clinic.database, action="record_observations", limit=1)[0].detail["measures"] == sorted(TAPE_QUESTIONS)
    assert not put_button(at).disabled and "Ask before tape" not in said(at)


def test_a_yes_is_kept_and_shuts_the_tape(desk: Desk, clinic: Clinic, episode: str) -> None:
    at = tape_tab(desk, episode)
    at.session_state[f"p_{episode}_tape_yes"] = ["latex_allergy"]
    at.run()
    at.button(key="tape_asked").click().run()
    answers = tape_answers(clinic.case(episode))
    assert answers == {**dict.fromkeys(TAPE_QUESTIONS, False), "latex_allergy": True}
    assert put_button(at).disabled and any("No tape: allergy to latex" in one.value for one in at.error)
    assert clinic.case(episode).visits[-1].on == clinic.today
