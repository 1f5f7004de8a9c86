"""The only lead has lost password and telephone: whoever holds the key of the file lets them in again, and the log tells of it."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from kneeclinic import actions, demo
from kneeclinic.clinic import open_clinic
from kneeclinic.security.second_factor import code_at
from kneeclinic.store import read_audit
from kneeclinic.vocabulary import Role


def test_a_lost_password_and_a_lost_second_factor_are_replaced_on_the_machine(run, clinic_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_clinic(clinic_file) as clinic:
        lead = next(one for one in actions.accounts_of(clinic) if one.name == demo.LEAD_NAME)
        actor = actions.Actor.of(lead, "test")
        secret = actions.begin_second_factor(clinic, actor, demo.PASSWORD).secret
        actions.confirm_second_factor(clinic, actor, code_at(secret, clinic.now))
    told = run("user", "remove-second-factor", demo.LEAD_NAME, "--clinic", clinic_file)
    assert told.code == 0 and "password alone" in told.out
    monkeypatch.setattr("sys.stdin", io.StringIO("nine wet boots dry\n"))
    told = run("user", "password", demo.LEAD_NAME, "--clinic", clinic_file)
    assert told.code == 0 and "nine wet" not in told.out
    with open_clinic(clinic_file) as clinic:
        now = clinic.at(now=datetime.now(UTC))
        half = actions.sign_in(now, demo.LEAD_NAME, "nine wet boots dry", "x")
        assert actions.step_of(now, half) == "password"
        assert actions.session_actor(now, actions.give_new_password(now, half, "a calm lake in may", "x"))
        lines = {one.action: one for one in read_audit(clinic.database, limit=10)}
        assert lines["remove_second_factor"].origin == "command line"


def test_who_may_not_go_without_a_second_factor_is_set_and_taken_back_on_the_machine(run, clinic_file: str) -> None:
    assert "lead, clinician" in run("user", "require-second-factor", "clinician", "lead", "--clinic", clinic_file).out
    with open_clinic(clinic_file) as clinic:
        assert clinic.profile.second_factor_roles == (Role.LEAD, Role.CLINICIAN)
        assert read_audit(clinic.database, action="require_second_factor", limit=1)[0].origin == "command line"
    wrong = run("user", "require-second-factor", "janitor", "--clinic", clinic_file)
    assert wrong.code == 2 and "janitor is no role; there are lead, clinician" in wrong.err
    assert "nobody" in run("user", "require-second-factor", "--clinic", clinic_file).out
    with open_clinic(clinic_file) as clinic:
        assert clinic.profile.second_factor_roles == ()


def test_a_name_that_nobody_has_and_a_factor_that_is_not_there_are_said_in_one_sentence(run, clinic_file: str) -> None:
    told = run("user", "remove-second-factor", "nobody", "--clinic", clinic_file)
    assert told.code == 1 and "no account of this name" in told.err and told.err.count("\n") == 1
    told = run("user", "remove-second-factor", demo.LEAD_NAME, "--clinic", clinic_file)
    assert told.code == 1 and "has no second factor" in told.err
