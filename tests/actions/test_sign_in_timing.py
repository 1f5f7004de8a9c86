"""What sign-in does besides the password's hash is the same for a known and an unknown name: the clock tells nobody who works here."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

import pytest

from kneeclinic import actions
from kneeclinic.clinic import Clinic
from kneeclinic.security.passwords import hash_password, verify_password
from kneeclinic.vocabulary import NotAllowed

from .conftest import PASSWORD, TODAY

MOST = 0.10
"""Of the time of one hash."""


def hash_time_s() -> float:
    hashed, taken = hash_password(PASSWORD), []
    for _ in range(5):
        begin = time.process_time()
        verify_password("wrong", hashed)
        taken.append(time.process_time() - begin)
    return statistics.median(taken)


def test_known_unknown_and_disabled_names_differ_by_less_than_a_tenth_of_one_hash(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The hash is taken out, so that the small rest shows; each name waits its turn so that the brake never acts."""
    one_hash = hash_time_s()
    lead = actions.command_line_actor("test")
    gone = next(one for one in actions.accounts_of(clinic) if one.name == "read_only")
    actions.disable_account(clinic, lead, gone.id)
    monkeypatch.setattr("kneeclinic.actions.signing_in.verify_password", lambda *_: False)
    compared = []
    for attempt in range(4):
        taken: dict[str, list[float]] = {"lead": [], "nobody at all": [], "read_only": []}
        for round_ in range(12):
            for number, (name, times) in enumerate(taken.items()):
                now = clinic.at(TODAY, clinic.now + timedelta(days=2 * (attempt * 12 + round_ + 1)))
                begin = time.process_time()
                with pytest.raises(NotAllowed):
                    actions.sign_in(now, name, "wrong", f"place {number}")
                times.append(time.process_time() - begin)
        medians = [statistics.median(times) for times in taken.values()]
        compared.append((max(medians) - min(medians)) / one_hash)
        if compared[-1] < MOST:
            print(f"the rest of sign-in differs by {100 * compared[-1]:.1f} % of one hash ({1000 * one_hash:.0f} ms)")
            return
    raise AssertionError(f"differences in hashes: {compared}")
