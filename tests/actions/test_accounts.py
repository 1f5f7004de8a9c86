"""Who may come in, and how guessing is slowed."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from kneeclinic import actions
from kneeclinic.store import account_by_name, open_sessions, read_audit
from kneeclinic.vocabulary import Conflict, NotAllowed, Refused, Role

from .conftest import PASSWORD, TODAY, audited


def later(clinic, **span):
    return clinic.at(TODAY, clinic.now + timedelta(**span))


def test_a_token_belongs_to_who_signed_in_until_quiet_minutes_or_the_day_are_over(clinic, staff):
    token = actions.sign_in(clinic, "Clinician", PASSWORD, "10.0.0.1")
    actor = actions.session_actor(clinic, token)
    assert actor is not None
    assert (actor.account_id, actor.origin) == (staff.clinician.account_id, "10.0.0.1")
    assert actions.session_actor(later(clinic, minutes=14), token) is not None
    assert actions.session_actor(later(clinic, minutes=28), token) is not None
    assert actions.session_actor(later(clinic, minutes=43, seconds=1), token) is None
    assert actions.session_actor(clinic, "guess") is None
    assert actions.session_actor(clinic, "") is None


def test_twelve_hours_end_a_session_however_busy(clinic):
    token = actions.sign_in(clinic, "lead", PASSWORD, "x")
    for minutes in range(10, 12 * 60, 10):
        assert actions.session_actor(later(clinic, minutes=minutes), token) is not None
    assert actions.session_actor(later(clinic, hours=12), token) is None


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer_and_are_in_the_log(clinic):
    answers = []
    for name in ("lead", "nobody"):
        with pytest.raises(NotAllowed) as refused:
            actions.sign_in(clinic, name, "wrong", "x")
        answers.append(str(refused.value))
    assert answers[0] == answers[1]
    assert len(audited(clinic, "sign_in_refused")) == 2


def test_guessing_has_to_wait_and_the_right_password_waits_too(clinic):
    for _ in range(5):
        with pytest.raises(NotAllowed):
            actions.sign_in(clinic, "lead", "wrong", "x")
    with pytest.raises(NotAllowed, match="Wait"):
        actions.sign_in(clinic, "lead", PASSWORD, "another place")
    assert actions.sign_in(later(clinic, seconds=31), "lead", PASSWORD, "x")


def test_guesses_side_by_side_all_count(clinic):
    def guess() -> None:
        with pytest.raises(NotAllowed):
            actions.sign_in(clinic, "lead", "wrong", "x")

    threads = [threading.Thread(target=guess) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with pytest.raises(NotAllowed, match="Wait"):
        actions.sign_in(clinic, "lead", PASSWORD, "x")


def test_a_disabled_account_is_out_at_once_and_may_come_back(clinic, staff):
    token = actions.sign_in(clinic, "clinician", PASSWORD, "x")
    actions.disable_account(clinic, staff.lead, staff.clinician.account_id)
    assert actions.session_actor(clinic, token) is None
    with pytest.raises(NotAllowed):
        actions.sign_in(clinic, "clinician", PASSWORD, "x")
    actions.enable_account(clinic, staff.lead, staff.clinician.account_id)
    assert actions.session_actor(clinic, token) is None
    assert actions.sign_in(clinic, "clinician", PASSWORD, "x")


def test_signing_out_ends_the_session_everywhere(clinic):
    token = actions.sign_in(clinic, "lead", PASSWORD, "x")
    actions.sign_out(clinic, token)
    assert actions.session_actor(clinic, token) is None
    actions.sign_out(clinic, token)
    assert len(audited(clinic, "sign_out")) == 1


def test_the_last_lead_stays(clinic, staff):
    for refused in (lambda: actions.disable_account(clinic, staff.lead, staff.lead.account_id),
                    lambda: actions.change_role(clinic, staff.lead, staff.lead.account_id, Role.CLINICIAN)):
        with pytest.raises(Refused, match="last lead"):
            refused()
    actions.change_role(clinic, staff.lead, staff.clinician.account_id, Role.LEAD)
    actions.disable_account(clinic, staff.lead, staff.lead.account_id)


def test_anybody_sets_their_own_password_and_only_the_lead_anothers(clinic, staff):
    token = actions.sign_in(clinic, "clinician", PASSWORD, "x")
    with pytest.raises(NotAllowed):
        actions.set_password(clinic, staff.clinician, staff.assistant.account_id, "six green pears hang")
    with pytest.raises(NotAllowed, match="current password is wrong"):
        actions.set_password(clinic, staff.clinician, staff.clinician.account_id, "six green pears hang", "not this one")
    assert actions.session_actor(clinic, token) is not None
    actions.set_password(clinic, staff.clinician, staff.clinician.account_id, "six green pears hang", PASSWORD)
    assert actions.session_actor(clinic, token) is None
    assert actions.sign_in(clinic, "clinician", "six green pears hang", "x")
    with pytest.raises(Refused, match="Password"):
        actions.set_password(clinic, staff.lead, staff.clinician.account_id, "short")


def test_guessing_the_current_password_at_an_open_screen_has_to_wait_too(clinic, staff):
    for _ in range(5):
        with pytest.raises(NotAllowed, match="current password is wrong"):
            actions.set_password(clinic, staff.clinician, staff.clinician.account_id, "six green pears hang", "a guess")
    with pytest.raises(NotAllowed, match="Wait"):
        actions.set_password(clinic, staff.clinician, staff.clinician.account_id, "six green pears hang", PASSWORD)
    with pytest.raises(NotAllowed, match="Wait"):
        actions.sign_in(clinic, "clinician", PASSWORD, "elsewhere")


def test_a_password_that_the_lead_chose_is_changed_before_the_clinic_opens(clinic, staff):
    chosen, own = "six green pears hang", "nine wet boots dry"
    actions.set_password(clinic, staff.lead, staff.clinician.account_id, chosen)
    half = actions.sign_in(clinic, "clinician", chosen, "x")
    assert actions.step_of(clinic, half) == "password"
    assert actions.session_actor(clinic, half) is None
    for refused in (chosen, "short"):
        with pytest.raises(Refused, match="Password"):
            actions.give_new_password(clinic, half, refused, "x")
    token = actions.give_new_password(clinic, half, own, "x")
    assert token != half and actions.session_actor(clinic, token).account_id == staff.clinician.account_id
    assert actions.session_actor(clinic, half) is None
    with pytest.raises(NotAllowed):
        actions.give_new_password(clinic, half, "a third one after that", "x")
    assert actions.step_of(clinic, actions.sign_in(clinic, "clinician", own, "x")) == ""
    assert [one.detail["own"] for one in audited(clinic, "set_password")] == [True, False]


def test_a_half_sign_in_waits_five_minutes(clinic, staff):
    actions.set_password(clinic, staff.lead, staff.clinician.account_id, "six green pears hang")
    half = actions.sign_in(clinic, "clinician", "six green pears hang", "x")
    assert actions.step_of(later(clinic, minutes=4, seconds=59), half) == "password"
    assert actions.step_of(later(clinic, minutes=5), half) == ""
    with pytest.raises(NotAllowed, match="not finished in time"):
        actions.give_new_password(later(clinic, minutes=5), half, "nine wet boots dry", "x")


def test_all_other_sessions_of_ones_own_end_and_this_one_stays(clinic, staff):
    here, there = (actions.sign_in(clinic, "clinician", PASSWORD, place) for place in ("here", "there"))
    somebody = actions.sign_in(clinic, "assistant", PASSWORD, "x")
    assert actions.end_other_sessions(clinic, actions.session_actor(clinic, here)) == 1
    assert [actions.session_actor(clinic, one) is not None for one in (here, there, somebody)] == [True, False, True]


def test_anybody_ends_their_own_session_and_only_the_lead_anothers(clinic, staff):
    token = actions.sign_in(clinic, "assistant", PASSWORD, "x")
    (session,) = open_sessions(clinic.database, staff.assistant.account_id)
    with pytest.raises(NotAllowed):
        actions.end_session(clinic, staff.clinician, session.id)
    actions.end_session(clinic, staff.assistant, session.id)
    assert actions.session_actor(clinic, token) is None


def test_names_are_taken_once_whatever_their_case_and_passwords_are_nowhere(clinic, staff):
    with pytest.raises(Conflict):
        actions.add_account(clinic, staff.lead, "LEAD", "", Role.CLINICIAN, PASSWORD)
    for name in ("", "x" * 61, "a\x00b"):
        with pytest.raises(Refused, match="name"):
            actions.add_account(clinic, staff.lead, name, "", Role.CLINICIAN, PASSWORD)
    with pytest.raises(NotAllowed):
        actions.add_account(clinic, staff.clinician, "friend", "", Role.LEAD, PASSWORD)
    assert account_by_name(clinic.database, "friend") is None
    assert all(PASSWORD not in str(line) for line in read_audit(clinic.database, limit=1000))
