"""The second factor from the first scan to the lost telephone."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from kneeclinic import actions
from kneeclinic.actions import Actor
from kneeclinic.clinic import Clinic
from kneeclinic.security.passwords import hash_password
from kneeclinic.security.second_factor import code_at
from kneeclinic.store import open_sessions, read_audit
from kneeclinic.store.second_factors import read_second_factor, recovery_codes_left
from kneeclinic.vocabulary import NotAllowed, Refused

from .conftest import PASSWORD, TODAY, Staff, audited


def later(clinic: Clinic, **span: float) -> Clinic:
    return clinic.at(TODAY, clinic.now + timedelta(**span))


class Telephone:
    """The clinician's, with the secret scanned; what it shows at a moment."""

    def __init__(self, clinic: Clinic, actor: Actor) -> None:
        self.secret = actions.begin_second_factor(clinic, actor, PASSWORD).secret
        self.recovery = actions.confirm_second_factor(clinic, actor, code_at(self.secret, clinic.now))

    def shows(self, clinic: Clinic) -> str:
        return code_at(self.secret, clinic.now)


@pytest.fixture
def telephone(clinic: Clinic, staff: Staff, monkeypatch: pytest.MonkeyPatch) -> Telephone:
    """Its recovery codes are hashed for real, three of them: ten take a second."""
    monkeypatch.setattr("kneeclinic.security.second_factor.RECOVERY_CODES", 3)
    return Telephone(clinic, staff.clinician)


def half(clinic: Clinic) -> str:
    token = actions.sign_in(clinic, "clinician", PASSWORD, "x")
    assert actions.step_of(clinic, token) == "code"
    return token


def test_the_password_alone_opens_nothing_any_more(clinic: Clinic, telephone: Telephone) -> None:
    token = half(clinic)
    assert actions.session_actor(clinic, token) is None
    now = later(clinic, seconds=30)
    whole = actions.give_code(now, token, telephone.shows(now), "x")
    assert whole != token and actions.session_actor(now, whole) is not None
    assert actions.session_actor(now, token) is None and actions.step_of(now, token) == ""
    line = audited(clinic, "sign_in")[0]
    assert line.detail == {"with": "code"} and audited(clinic, "sign_in_step")[0].detail == {"waits for": "code"}


def test_a_factor_that_no_code_confirmed_asks_for_nothing(clinic: Clinic, staff: Staff) -> None:
    first = actions.begin_second_factor(clinic, staff.clinician, PASSWORD).secret
    assert actions.step_of(clinic, actions.sign_in(clinic, "clinician", PASSWORD, "x")) == ""
    second = actions.begin_second_factor(clinic, staff.clinician, PASSWORD).secret
    assert first != second
    with pytest.raises(Refused, match="not the code"):
        actions.confirm_second_factor(clinic, staff.clinician, code_at(first, clinic.now))


def test_the_current_password_is_asked_before_a_factor_is_set_renewed_or_taken_away(clinic: Clinic, staff: Staff, telephone: Telephone) -> None:
    for attempt in (lambda: actions.begin_second_factor(clinic, staff.assistant, "guess"),
                    lambda: actions.renew_recovery_codes(clinic, staff.clinician, "guess"),
                    lambda: actions.remove_second_factor(clinic, staff.clinician, staff.clinician.account_id, "guess")):
        with pytest.raises(NotAllowed, match="current password is wrong"):
            attempt()
    with pytest.raises(Refused, match="already"):
        actions.begin_second_factor(clinic, staff.clinician, PASSWORD)


def test_a_code_opens_once(clinic: Clinic, telephone: Telephone) -> None:
    """Neither again within its half minute, nor the one that confirmed the factor, nor twice in one moment."""
    with pytest.raises(NotAllowed, match="used before"):
        actions.give_code(clinic, half(clinic), telephone.shows(clinic), "x")
    now = later(clinic, seconds=30)
    code, tokens, opened = telephone.shows(now), [half(now) for _ in range(4)], []

    def attempt(token: str) -> None:
        try:
            opened.append(actions.give_code(now, token, code, "x"))
        except NotAllowed:
            return

    threads = [threading.Thread(target=attempt, args=(one,)) for one in tokens]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(opened) == 1


def test_guessing_codes_has_to_wait_whatever_the_password(clinic: Clinic, telephone: Telephone) -> None:
    now = later(clinic, seconds=30)
    wrong = f"{(int(telephone.shows(now)) + 1) % 1_000_000:06d}"
    for _ in range(5):
        with pytest.raises(NotAllowed, match="code is wrong"):
            actions.give_code(now, half(now) if _ == 0 else token_of(now), wrong, f"place {_}")
    with pytest.raises(NotAllowed, match="Wait"):
        actions.give_code(now, token_of(now), telephone.shows(now), "elsewhere")
    assert [one.detail["why"] for one in audited(clinic, "sign_in_refused")][:5] == ["wrong code"] * 5
    soon = later(now, seconds=60)
    assert actions.give_code(soon, token_of(soon), telephone.shows(soon), "x")


def token_of(clinic: Clinic) -> str:
    return actions.sign_in(clinic, "clinician", PASSWORD, "another place")


def test_a_recovery_code_opens_once_when_the_telephone_is_lost(clinic: Clinic, staff: Staff, telephone: Telephone) -> None:
    assert recovery_codes_left(clinic.database, staff.clinician.account_id) == 3
    token = actions.give_code(clinic, half(clinic), telephone.recovery[1].lower(), "x")
    assert actions.session_actor(clinic, token) is not None
    assert audited(clinic, "sign_in")[0].detail == {"with": "recovery code", "recovery codes left": 2}
    with pytest.raises(NotAllowed):
        actions.give_code(clinic, half(clinic), telephone.recovery[1], "x")
    assert actions.give_code(clinic, half(clinic), telephone.recovery[0], "x")


def test_new_recovery_codes_make_the_old_ones_worthless(clinic: Clinic, staff: Staff, telephone: Telephone) -> None:
    fresh = actions.renew_recovery_codes(clinic, staff.clinician, PASSWORD)
    with pytest.raises(NotAllowed):
        actions.give_code(clinic, half(clinic), telephone.recovery[0], "x")
    assert actions.give_code(clinic, half(clinic), fresh[0], "x")
    with pytest.raises(Refused, match="no second factor"):
        actions.renew_recovery_codes(clinic, staff.assistant, PASSWORD)


def test_the_lead_takes_a_lost_factor_away_and_it_stands_in_the_log(clinic: Clinic, staff: Staff, telephone: Telephone) -> None:
    now = later(clinic, seconds=30)
    inside = actions.give_code(now, half(now), telephone.shows(now), "x")
    with pytest.raises(NotAllowed, match="may not remove second factor"):
        actions.remove_second_factor(now, staff.assistant, staff.clinician.account_id)
    actions.remove_second_factor(now, staff.lead, staff.clinician.account_id)
    line = audited(clinic, "remove_second_factor")[0]
    assert (line.account_id, line.entity_id, line.detail) == (staff.lead.account_id, staff.clinician.account_id, {"own": False})
    assert actions.session_actor(now, inside) is None, "whoever is in by it is out"
    assert actions.step_of(now, actions.sign_in(now, "clinician", PASSWORD, "x")) == ""
    assert recovery_codes_left(clinic.database, staff.clinician.account_id) == 0
    with pytest.raises(Refused, match="has no second factor"):
        actions.remove_second_factor(now, staff.lead, staff.clinician.account_id)


def test_setting_a_factor_ends_the_other_sessions_of_the_account(clinic: Clinic, staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kneeclinic.security.second_factor.RECOVERY_CODES", 1)
    here, there = (actions.sign_in(clinic, "clinician", PASSWORD, place) for place in ("here", "there"))
    Telephone(clinic, actions.session_actor(clinic, here))
    assert [actions.session_actor(clinic, one) is not None for one in (here, there)] == [True, False]
    assert len(open_sessions(clinic.database, staff.clinician.account_id)) == 1


def test_code_and_new_password_follow_each_other(clinic: Clinic, staff: Staff, telephone: Telephone) -> None:
    actions.set_password(clinic, staff.lead, staff.clinician.account_id, "six green pears hang")
    now = later(clinic, seconds=30)
    first = actions.sign_in(now, "clinician", "six green pears hang", "x")
    second = actions.give_code(now, first, telephone.shows(now), "x")
    assert actions.step_of(now, second) == "password" and actions.session_actor(now, second) is None
    with pytest.raises(NotAllowed):
        actions.give_new_password(now, first, "nine wet boots dry", "x")
    assert actions.session_actor(now, actions.give_new_password(now, second, "nine wet boots dry", "x")) is not None


def test_a_disabled_account_takes_no_further_step(clinic: Clinic, staff: Staff, telephone: Telephone) -> None:
    now = later(clinic, seconds=30)
    token = half(now)
    actions.disable_account(now, staff.lead, staff.clinician.account_id)
    with pytest.raises(NotAllowed, match="not finished"):
        actions.give_code(now, token, telephone.shows(now), "x")


def test_neither_secret_nor_codes_stand_in_the_file_or_in_the_log(clinic: Clinic, staff: Staff, telephone: Telephone) -> None:
    clinic.database.rows("checkpoint")
    codes = [*telephone.recovery, *(code.replace("-", "") for code in telephone.recovery)]
    words = [one.encode() for one in (telephone.secret, *codes)]
    for file in (one for one in clinic.path.parent.rglob("*") if one.is_file()):
        held = file.read_bytes()
        assert not [one for one in words if one in held], file.name
    told = str([one.detail for one in read_audit(clinic.database, limit=1000)])
    assert telephone.secret not in told and not [one for one in telephone.recovery if one in told]
    kept = read_second_factor(clinic.database, staff.clinician.account_id)
    assert kept is not None and telephone.secret not in repr(kept)


def test_single_sign_on_finds_the_account_by_its_name_and_then_by_the_person(clinic: Clinic, staff: Staff) -> None:
    issuer = "https://id.example"
    token = actions.sign_in_by_provider(clinic, issuer, "Person-1", " Clinician ", "x")
    assert actions.session_actor(clinic, token).account_id == staff.clinician.account_id
    renamed = actions.sign_in_by_provider(clinic, issuer, "Person-1", "somebody-else", "x")
    assert actions.session_actor(clinic, renamed).account_id == staff.clinician.account_id
    for subject, name in (("Person-2", "clinician"), ("person-1", "clinician"), ("Person-3", "nobody-here"), ("Person-4", "")):
        with pytest.raises(NotAllowed, match="no account"):
            actions.sign_in_by_provider(clinic, issuer, subject, name, "x")
    with pytest.raises(NotAllowed):
        actions.sign_in_by_provider(clinic, "https://other.example", "Person-1", "clinician", "x")
    assert len(actions.accounts_of(clinic)) == 5, "no account is ever made by it"
    assert len(audited(clinic, "link_provider")) == 1 and len(audited(clinic, "sign_in_refused")) == 5
    actions.unlink_provider(clinic, staff.lead, staff.clinician.account_id)
    again = actions.sign_in_by_provider(clinic, issuer, "Person-2", "clinician", "x")
    assert actions.session_actor(clinic, again).account_id == staff.clinician.account_id
    actions.disable_account(clinic, staff.lead, staff.clinician.account_id)
    with pytest.raises(NotAllowed):
        actions.sign_in_by_provider(clinic, issuer, "Person-2", "clinician", "x")


def test_set_passwords_hash_is_not_needed_for_single_sign_on(clinic: Clinic, staff: Staff) -> None:
    """Role and password stay ours: the provider says who it is, and nothing else."""
    before = next(one for one in actions.accounts_of(clinic) if one.id == staff.read_only.account_id)
    actions.sign_in_by_provider(clinic, "https://id.example", "9", "read_only", "x")
    after = next(one for one in actions.accounts_of(clinic) if one.id == staff.read_only.account_id)
    assert (after.role, after.password_hash) == (before.role, before.password_hash)
    assert hash_password(PASSWORD) != before.password_hash
