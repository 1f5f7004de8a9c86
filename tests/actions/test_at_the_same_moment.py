"""Two things about one account happen in the same moment: what closes a door stays closed, and nothing that was said is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from kneeclinic import actions
from kneeclinic.actions import accounts, guessing, signing_in
from kneeclinic.clinic import Clinic
from kneeclinic.security.second_factor import code_at
from kneeclinic.store import account_by_name, open_sessions, read_account
from kneeclinic.vocabulary import KneeClinicError, NotAllowed, Refused, Role

from .conftest import PASSWORD, TODAY, Staff
from .test_second_factors import Telephone, half, telephone

__all__ = ["telephone"]
ANOTHER = "eleven grey herons wait"


def meanwhile(patch: pytest.MonkeyPatch, place: object, name: str, happens: Callable[[], object]) -> None:
    """The next call of `name` finds that this happened in the moment before it."""
    real, once = getattr(place, name), [happens]

    def called(*words: object, **named: object) -> object:
        if once:
            once.pop()()
        return real(*words, **named)

    patch.setattr(place, name, called)


def test_a_click_does_not_bring_a_session_back_that_ends_in_that_moment(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    token = actions.sign_in(clinic, "clinician", PASSWORD, "x")
    later = clinic.at(TODAY, clinic.now + timedelta(minutes=1))
    meanwhile(monkeypatch, signing_in, "needs_noting", lambda: actions.sign_out(later, token))
    assert actions.session_actor(later, token) is None
    assert actions.session_actor(later, token) is None and not open_sessions(clinic.database)


def test_a_changed_role_does_not_open_an_account_that_is_disabled_in_that_moment(
    clinic: Clinic, staff: Staff, monkeypatch: pytest.MonkeyPatch,
) -> None:
    who = staff.assistant.account_id
    meanwhile(monkeypatch, accounts, "write", lambda: actions.disable_account(clinic, staff.lead, who))
    changed = actions.change_role(clinic, staff.lead, who, Role.CLINICIAN)
    assert changed == read_account(clinic.database, who) and not changed.active and changed.role is Role.CLINICIAN


def test_a_new_password_does_not_open_an_account_that_is_disabled_while_it_is_hashed(
    clinic: Clinic, staff: Staff, monkeypatch: pytest.MonkeyPatch,
) -> None:
    who = staff.assistant.account_id
    meanwhile(monkeypatch, accounts, "hash_password", lambda: actions.disable_account(clinic, staff.lead, who))
    assert not actions.set_password(clinic, staff.lead, who, ANOTHER).active
    assert not read_account(clinic.database, who).active


def test_the_last_lead_stays_when_two_leads_are_taken_away_at_once(clinic: Clinic, staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first was no lead yet when their change was begun, and is the only one when it is saved."""
    new, old = staff.clinician.account_id, staff.lead.account_id

    def handed_over() -> None:
        actions.change_role(clinic, staff.lead, new, Role.LEAD)
        actions.disable_account(clinic, replace(staff.clinician, role=Role.LEAD), old)

    meanwhile(monkeypatch, accounts, "write", handed_over)
    with pytest.raises(Refused, match="last lead"):
        actions.disable_account(clinic, staff.lead, new)
    assert read_account(clinic.database, new).active


@pytest.mark.parametrize("closes", [
    lambda clinic, lead, who: actions.disable_account(clinic, lead, who),
    lambda clinic, lead, who: actions.set_password(clinic, lead, who, ANOTHER),
], ids=["disabled", "another password"])
def test_a_password_that_stopped_being_right_while_it_was_looked_at_opens_nothing(
    clinic: Clinic, staff: Staff, monkeypatch: pytest.MonkeyPatch, closes: Callable[..., object],
) -> None:
    meanwhile(monkeypatch, signing_in, "needs_new_hash", lambda: closes(clinic, staff.lead, staff.clinician.account_id))
    with pytest.raises(NotAllowed):
        actions.sign_in(clinic, "clinician", PASSWORD, "x")
    assert not open_sessions(clinic.database, staff.clinician.account_id)


def test_a_stronger_hash_at_sign_in_does_not_open_a_disabled_account(clinic: Clinic, staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in, "needs_new_hash", lambda _: True)
    meanwhile(monkeypatch, signing_in, "hash_password", lambda: actions.disable_account(clinic, staff.lead, staff.clinician.account_id))
    with pytest.raises(NotAllowed):
        actions.sign_in(clinic, "clinician", PASSWORD, "x")
    assert not account_by_name(clinic.database, "clinician").active


def test_a_password_of_ones_own_does_not_open_an_account_that_is_disabled_meanwhile(
    clinic: Clinic, staff: Staff, monkeypatch: pytest.MonkeyPatch,
) -> None:
    actions.set_password(clinic, staff.lead, staff.clinician.account_id, ANOTHER)
    token = actions.sign_in(clinic, "clinician", ANOTHER, "x")
    meanwhile(monkeypatch, signing_in, "hash_password", lambda: actions.disable_account(clinic, staff.lead, staff.clinician.account_id))
    with pytest.raises(NotAllowed):
        actions.give_new_password(clinic, token, "nine wet boots dry", "x")
    assert not read_account(clinic.database, staff.clinician.account_id).active and not open_sessions(clinic.database)


def test_a_half_sign_in_opens_once_whatever_two_codes_come_with_it(clinic: Clinic, telephone: Telephone, monkeypatch: pytest.MonkeyPatch) -> None:
    """A code of the telephone and a recovery code, sent in one moment with one half sign-in."""
    token = half(clinic)
    now = clinic.at(TODAY, clinic.now + timedelta(seconds=30))
    opened: list[str] = []
    meanwhile(monkeypatch, guessing, "by_code", lambda: opened.append(actions.give_code(now, token, telephone.recovery[0], "x")))
    with pytest.raises(NotAllowed, match="not finished in time"):
        actions.give_code(now, token, code_at(telephone.secret, now.now), "x")
    assert len(opened) == 1 and actions.session_actor(now, opened[0]) is not None
    assert len([one for one in open_sessions(clinic.database) if not one.step]) == 1


def test_of_many_guesses_in_one_moment_no_more_are_looked_at_than_one_after_another(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is looked at waits until all the others are, too, or gives up soon: without turns they all meet here."""
    crowd, looked_at, meeting = 12, [0], threading.Condition()

    def wrong(*_: object) -> bool:
        with meeting:
            looked_at[0] += 1
            meeting.notify_all()
            meeting.wait_for(lambda: looked_at[0] == crowd, timeout=0.2)
        return False

    monkeypatch.setattr(signing_in, "verify_password", wrong)
    answers: list[str] = []

    def guess(number: int) -> None:
        try:
            actions.sign_in(clinic, "lead", f"guess {number}", f"10.0.0.{number}")
        except KneeClinicError as no:
            answers.append(str(no))

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(crowd)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert looked_at[0] == 5 and len(answers) == crowd
    assert sum("Wait" in one for one in answers) == crowd - 5


def test_a_clock_that_is_set_back_neither_keeps_a_session_alive_nor_locks_anybody_out(clinic: Clinic) -> None:
    ahead = clinic.at(TODAY, clinic.now + timedelta(days=400))
    for _ in range(8):
        with pytest.raises(NotAllowed):
            actions.sign_in(ahead, "lead", "wrong", "x")
    token = actions.sign_in(ahead, "clinician", PASSWORD, "another place")
    assert actions.session_actor(ahead, token) is not None and actions.session_actor(clinic, token) is None
    assert actions.session_actor(clinic, actions.sign_in(clinic, "lead", PASSWORD, "x")) is not None
