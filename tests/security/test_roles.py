"""One table says who may do what; this is the table as the clinic would write it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from kneeclinic.security.roles import ACTIONS, may
from kneeclinic.vocabulary import Role

ROOT = Path(__file__).resolve().parents[2]
CLINICAL_JUDGEMENT = (
    "open_episode", "revise_episode", "close_episode", "reopen_episode", "set_goal", "drop_goal", "record_imaging", "sign_visit", "set_usual_dose",
    "amend_visit", "invalidate_observation", "revise_program", "decide_review", "snooze_alert",
)
CARE = ("start_visit", "record_observations", "write_note", "record_check_in", "record_runs", "record_run_file", "annotate_run", "issue_document")
DESK = ("register_patient", "revise_patient", "plan_visit", "change_planned", "save_draft", "discard_draft")
HOUSE = (
    "setup_clinic", "revise_profile", "sign_off_knowledge", "add_account", "disable_account", "enable_account", "set_password", "end_session",
    "remove_second_factor", "restrict_patient", "lift_restriction", "review_glass", "see_restricted", "unlink_provider",
    "backup", "restore", "see_audit", "see_health", "change_key", "export_clinic", "import_clinic",
)


@pytest.mark.parametrize(("actions", "roles"), [
    (CLINICAL_JUDGEMENT, {Role.LEAD, Role.CLINICIAN}),
    (CARE, {Role.LEAD, Role.CLINICIAN, Role.ASSISTANT}),
    (DESK, {Role.LEAD, Role.CLINICIAN, Role.ASSISTANT, Role.FRONT_DESK}),
    (HOUSE, {Role.LEAD}),
    (("open_case", "open_document", "see_caseload"), set(Role) - {Role.FRONT_DESK}),
    (("sign_in", "sign_out", "set_own_password", "find_patients", "see_library"), set(Role)),
])
def test_the_table_is_as_the_clinic_wants_it(actions: tuple[str, ...], roles: set[Role]) -> None:
    for action in actions:
        assert {role for role in Role if may(role, action)} == roles, action


def test_who_only_reads_changes_nothing() -> None:
    own = {"sign_in", "sign_out", "session_actor", "set_own_password", "end_own_session", "set_second_factor", "give_code", "give_new_password",
           "sign_in_by_provider", "show_first_factor", "give_first_code", "break_glass"}
    reading = {"find_patients", "see_planned", "see_library", "see_caseload", "open_case", "open_document", "see_outcomes"}
    assert {action for action in ACTIONS if may(Role.READ_ONLY, action)} == own | reading


def test_the_lead_may_do_everything_and_every_action_has_somebody() -> None:
    assert all(may(Role.LEAD, action) for action in ACTIONS)


def test_an_action_that_is_not_in_the_table_is_a_fault_and_not_a_no() -> None:
    with pytest.raises(KeyError):
        may(Role.LEAD, "fly")


def asked_for() -> set[str]:
    """The action in every `permit(clinic, actor, "action", …)` and `may(role, "action")` of the product."""
    found = set()
    for file in (ROOT / "kneeclinic").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("permit", "may"):
                action = node.args[2 if node.func.id == "permit" else 1]
                if isinstance(action, ast.Constant):
                    found.add(action.value)
    return found


def test_every_action_that_the_product_asks_for_has_its_line_in_the_table() -> None:
    asked = asked_for()
    assert len(asked) > 20, "the test must see the questions"
    assert asked - set(ACTIONS) == set()
