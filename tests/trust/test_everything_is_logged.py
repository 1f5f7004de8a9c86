"""Every action of the table leaves its line in the log, with who, as what, from where and about whom."""

from __future__ import annotations

import pytest

from kneeclinic.clinic import Clinic
from kneeclinic.store import read_audit, verify_chain
from tests.actions.conftest import Staff
from tests.trust.test_restricted_records import ABOUT_A_PATIENT
from tests.trust.test_role_matrix import TRIES, Record, _light_hash, at, clinic, record

__all__ = ["_light_hash", "at", "clinic", "record"]

SCRATCH = {"save_draft", "discard_draft"}
"""A person's own scratch paper: sealed, gone with its owner; the visit that comes of it is in the log."""
LISTS = {"find_patients", "see_planned"}
"""The page notes whom a list showed; what it asks for letter by letter is no line."""
ELSEWHERE = {"restore", "break_glass"}
"""`restore` writes into the new file; the lead has no glass to break."""


@pytest.mark.parametrize("action", sorted(set(TRIES) - SCRATCH - LISTS - ELSEWHERE))
def test_an_action_that_was_done_is_in_the_log_with_all_its_fields(at: Record, clinic: Clinic, staff: Staff, action: str) -> None:
    before = read_audit(clinic.database, limit=1)[0].seq
    TRIES[action](at, clinic, staff.lead)
    lines = [one for one in read_audit(clinic.database, limit=50) if one.seq > before]
    assert lines, f"{action} left no line"
    for one in lines:
        assert one.at is not None and one.origin == "test" and one.role == "lead", one
        assert one.account_id == staff.lead.account_id and one.actor_name and one.action and one.entity, one
    if action in ABOUT_A_PATIENT:
        assert all(one.patient_id for one in lines), f"{action}: the line does not say whose record"
    assert verify_chain(clinic.database).is_whole
