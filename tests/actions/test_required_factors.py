"""A clinic may require a second factor of a role: who has none sets one up at the next sign-in, before anything opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kneeclinic import actions
from kneeclinic.actions import Actor, ProfileForm
from kneeclinic.clinic import Clinic
from kneeclinic.security.second_factor import code_at
from kneeclinic.store import open_sessions, verify_chain
from kneeclinic.store.second_factors import read_second_factor
from kneeclinic.vocabulary import NotAllowed, Role

from .conftest import PASSWORD, TODAY, Staff, audited


@pytest.fixture(autouse=True)
def _few_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kneeclinic.security.second_factor.RECOVERY_CODES", 2)


def later(clinic: Clinic, **span: float) -> Clinic:
    return clinic.at(TODAY, clinic.now + timedelta(**span))


@pytest.fixture
def required(clinic: Clinic, staff: Staff) -> Clinic:
    actions.require_second_factor(clinic, staff.lead, [Role.CLINICIAN, Role.LEAD])
    return clinic


def test_who_has_none_sets_one_up_before_the_clinic_opens(required: Clinic) -> None:
    half = actions.sign_in(required, "clinician", PASSWORD, "x")
    assert actions.step_of(required, half) == "factor" and actions.session_actor(required, half) is None
    factor, name = actions.show_first_factor(required, half)
    assert name == "clinician" and actions.show_first_factor(required, half)[0].secret == factor.secret, "loaded again it is the same"
    with pytest.raises(NotAllowed, match="code is wrong"):
        actions.give_first_code(required, half, "000000" if code_at(factor.secret, required.now) != "000000" else "111111", "x")
    token, codes = actions.give_first_code(required, half, code_at(factor.secret, required.now), "x")
    assert actions.session_actor(required, token) is not None and len(codes) == 2
    assert actions.step_of(required, half) == ""
    with pytest.raises(NotAllowed, match="not finished in time"):
        actions.give_first_code(required, half, code_at(factor.secret, required.now), "x")
    assert actions.step_of(required, actions.sign_in(required, "clinician", PASSWORD, "x")) == "code"
    assert audited(required, "set_second_factor")[0].detail == {"at": "sign-in"}
    assert audited(required, "sign_in")[0].detail == {"with": "first code"} and verify_chain(required.database).is_whole


def test_only_the_roles_that_were_named_and_only_from_the_next_sign_in_on(clinic: Clinic, staff: Staff) -> None:
    before = actions.sign_in(clinic, "clinician", PASSWORD, "x")
    actions.require_second_factor(clinic, staff.lead, [Role.CLINICIAN])
    assert actions.session_actor(clinic, before) is not None, "who is signed in stays so"
    assert actions.step_of(clinic, actions.sign_in(clinic, "assistant", PASSWORD, "x")) == ""
    actions.change_role(clinic, staff.lead, staff.assistant.account_id, Role.CLINICIAN)
    assert actions.step_of(clinic, actions.sign_in(clinic, "assistant", PASSWORD, "x")) == "factor"
    actions.require_second_factor(clinic, staff.lead, [])
    assert actions.step_of(clinic, actions.sign_in(clinic, "clinician", PASSWORD, "x")) == ""
    assert [one.detail for one in audited(clinic, "require_second_factor")] == [
        {"was": ["clinician"], "now": []}, {"was": [], "now": ["clinician"]}]


def test_a_password_of_ones_own_comes_first_where_somebody_else_chose_it(required: Clinic, staff: Staff) -> None:
    actions.set_password(required, staff.lead, staff.clinician.account_id, "eleven grey herons wait")
    half = actions.sign_in(required, "clinician", "eleven grey herons wait", "x")
    assert actions.step_of(required, half) == "password"
    with pytest.raises(NotAllowed):
        actions.show_first_factor(required, half)
    second = actions.give_new_password(required, half, "nine wet boots dry", "x")
    assert actions.step_of(required, second) == "factor" and actions.session_actor(required, second) is None


def test_who_takes_theirs_away_sets_another_at_the_next_sign_in(required: Clinic, staff: Staff) -> None:
    half = actions.sign_in(required, "clinician", PASSWORD, "x")
    first = actions.show_first_factor(required, half)[0]
    actions.give_first_code(required, half, code_at(first.secret, required.now), "x")
    actions.remove_second_factor(required, staff.lead, staff.clinician.account_id)
    again = actions.sign_in(required, "clinician", PASSWORD, "x")
    assert actions.step_of(required, again) == "factor" and actions.show_first_factor(required, again)[0].secret != first.secret


def test_a_secret_that_was_begun_before_this_sign_in_is_never_taken_up(clinic: Clinic, staff: Staff) -> None:
    """Somebody at an open screen may have scanned it."""
    old = actions.begin_second_factor(clinic, staff.clinician, PASSWORD).secret
    actions.require_second_factor(clinic, staff.lead, [Role.CLINICIAN])
    now = later(clinic, minutes=1)
    half = actions.sign_in(now, "clinician", PASSWORD, "x")
    with pytest.raises(NotAllowed):
        actions.give_first_code(now, half, code_at(old, now.now), "x")
    assert actions.show_first_factor(now, half)[0].secret != old


def test_the_step_waits_a_quarter_of_an_hour_and_guessing_is_held_back(required: Clinic) -> None:
    half = actions.sign_in(required, "clinician", PASSWORD, "x")
    secret = actions.show_first_factor(required, half)[0].secret
    right = code_at(secret, required.now)
    for number in range(5):
        with pytest.raises(NotAllowed, match="wrong"):
            actions.give_first_code(required, half, f"{(int(right) + 1 + number) % 1000000:06d}", "x")
    with pytest.raises(NotAllowed, match="Wait"):
        actions.give_first_code(required, half, right, "x")
    assert actions.step_of(later(required, minutes=14), half) == "factor" and actions.step_of(later(required, minutes=15), half) == ""
    factor = read_second_factor(required.database, open_sessions(required.database)[0].account_id)
    assert factor is not None and factor.confirmed_at is None


def test_a_single_sign_on_proves_people_in_its_own_way(required: Clinic) -> None:
    token = actions.sign_in_by_provider(required, "https://id.example", "7", "clinician", "x")
    assert actions.session_actor(required, token) is not None


def test_settings_that_were_drawn_before_do_not_take_the_requirement_back(required: Clinic, staff: Staff) -> None:
    actions.revise_profile(required, staff.lead, ProfileForm(name="New name"))
    actions.sign_off_knowledge(required, staff.lead, "Dr. L.")
    assert required.profile.second_factor_roles == (Role.LEAD, Role.CLINICIAN) and required.profile.name == "New name"


def test_only_the_lead_requires_it(clinic: Clinic, staff: Staff) -> None:
    for one in (staff.clinician, staff.assistant, staff.front_desk, staff.read_only):
        with pytest.raises(NotAllowed):
            actions.require_second_factor(clinic, one, [])
    assert replace(clinic.profile).second_factor_roles == () and isinstance(staff.lead, Actor)
