"""Silence is no answer: what was not asked is said so, and text that no field took keeps the visit from being signed."""

from __future__ import annotations

import pytest

from kneeclinic import actions
from kneeclinic.clinic import Clinic
from kneeclinic.record.forms import EpisodeForm, ObservationForm, PatientForm
from kneeclinic.rules.asked import asked, unasked_words
from kneeclinic.vocabulary import AffectedSide, Sex, Side, VisitKind

from .conftest import Desk
from .conftest import said as shown


@pytest.fixture
def visit(clinic: Clinic, desk: Desk) -> tuple[str, str]:
    """Episode and first visit of somebody of whom nothing is known."""
    born = clinic.today.replace(year=clinic.today.year - 30)
    patient = actions.register_patient(clinic, desk.actor, PatientForm(number="ASK1", given_name="Aska", birth_date=born, sex=Sex.FEMALE))
    episode = actions.open_episode(clinic, desk.actor, patient.id, EpisodeForm(side=AffectedSide.LEFT, opened_on=clinic.today)).id
    return episode, actions.start_visit(clinic, desk.actor, episode, VisitKind.FIRST, clinic.today).id


def said(at) -> str:
    """The words on the screen without the marks that keep them from being read as markup."""
    return shown(at).replace("\\", "")


def page(desk: Desk, visit: tuple[str, str], section: str = ""):
    at = desk.page("assess", visit[0])
    at.session_state["_visit"] = visit[1]
    if section:
        at.session_state[f"_section_{visit[1]}"] = section
    return at.run()


def test_nothing_asked_is_not_told_as_nothing_found(desk: Desk, clinic: Clinic, visit: tuple[str, str]) -> None:
    total = asked(clinic.case(visit[0]), clinic.knowledge, "red_flags").total
    assert f"Red flags: not asked yet (0 of {total})" in said(page(desk, visit))
    forms = [ObservationForm(measure="fever_hot_joint", side=Side.LEFT, value=0), ObservationForm(measure="night_rest_pain", side=Side.LEFT, value=0)]
    actions.record_observations(clinic, desk.actor, visit[1], forms)
    words = said(page(desk, visit))
    assert (have := asked(clinic.case(visit[0]), clinic.knowledge, "red_flags").have) > 0
    assert f"Red flags: {have} of {total} asked, none raised" in words and "material/check: Red flags" not in words
    rest = [one for one in clinic.knowledge.measures.values() if one.section == "red_flags" and not one.derived]
    forms = [ObservationForm(measure=one.id, side=Side.LEFT if one.sides.value == "each" else Side.NONE, value=0) for one in rest]
    actions.record_observations(clinic, desk.actor, visit[1], forms)
    assert f"Red flags: all {total} asked, none raised" in said(page(desk, visit))
    assert unasked_words(clinic.case(visit[0]), clinic.knowledge) == "Not asked: injury screen, clot screen, precautions."


def test_signing_hints_at_what_was_not_asked_and_does_not_hinder(desk: Desk, clinic: Clinic, visit: tuple[str, str]) -> None:
    at = page(desk, visit, "note_and_sign")
    assert "Not asked: red flags, injury screen, clot screen, precautions" in said(at)
    at.button(key="sign").click().run()
    assert not at.exception and clinic.case(visit[0]).visits[-1].is_signed


def test_text_that_no_field_took_hinders_signing_and_is_told_with_labels(desk: Desk, clinic: Clinic, visit: tuple[str, str]) -> None:
    at = page(desk, visit, "note_and_sign")
    at.text_input(key="shorthand").set_value("worst L 14").run()
    told = "\n".join(one.value for one in at.error)
    assert clinic.knowledge.measure("pain_worst").label in told.replace("\\", "") and "pain_worst" not in told.replace("\\", "")
    at.button(key="sign").click().run()
    assert not clinic.case(visit[0]).visits[-1].is_signed
    assert any("worst L 14" in one.value and "then sign" in one.value for one in at.error)
    at.text_input(key="shorthand").set_value("").run()
    assert not any("Not understood" in one.value for one in at.error)
    at.button(key="sign").click().run()
    assert clinic.case(visit[0]).visits[-1].is_signed
