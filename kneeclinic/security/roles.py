"""Who may do what: one table, one line an action."""

from __future__ import annotations

from kneeclinic.vocabulary import Role

_LEAD = frozenset({Role.LEAD})
_CLINICAL = frozenset({Role.LEAD, Role.CLINICIAN})
_CARE = _CLINICAL | {Role.ASSISTANT}
_DESK = _CARE | {Role.FRONT_DESK}
_READERS = _CARE | {Role.READ_ONLY}
_ALL = frozenset(Role)

ACTIONS: dict[str, frozenset[Role]] = {
    # reading
    "find_patients": _ALL,
    "see_planned": _ALL,
    "see_library": _ALL,
    "see_caseload": _READERS,
    "open_case": _READERS,
    "open_document": _READERS,
    "see_outcomes": _CLINICAL | {Role.READ_ONLY},
    # restricted records: whose role opens records at all may break the glass with a reason
    "restrict_patient": _LEAD,
    "lift_restriction": _LEAD,
    "break_glass": _ALL,
    "review_glass": _LEAD,
    "see_restricted": _LEAD,
    # patients and episodes
    "register_patient": _DESK,
    "revise_patient": _DESK,
    "import_patients": _LEAD | {Role.FRONT_DESK},
    "open_episode": _CLINICAL,
    "revise_episode": _CLINICAL,
    "close_episode": _CLINICAL,
    "reopen_episode": _CLINICAL,
    "set_goal": _CLINICAL,
    "drop_goal": _CLINICAL,
    "record_imaging": _CLINICAL,
    # visits: an assistant measures and writes under supervision, a clinician signs
    "start_visit": _CARE,
    "record_observations": _CARE,
    "write_note": _CARE,
    "sign_visit": _CLINICAL,
    "amend_visit": _CLINICAL,
    "invalidate_observation": _CLINICAL,
    # one's own last action; who may no longer do the action itself may not take it back either
    "undo_last": _CARE,
    "save_draft": _DESK,
    "discard_draft": _DESK,
    "set_usual_dose": _CLINICAL,
    # program, weeks, reviews
    "revise_program": _CLINICAL,
    "record_check_in": _CARE,
    "invalidate_check_in": _CLINICAL,
    "record_runs": _CARE,
    "record_run_file": _CARE,
    "import_runs": _CARE,
    "annotate_run": _CARE,
    "invalidate_run": _CLINICAL,
    "decide_review": _CLINICAL,
    "undo_review": _CLINICAL,
    "plan_visit": _DESK,
    "change_planned": _DESK,
    "snooze_alert": _CLINICAL,
    "issue_document": _CARE,
    # the house
    "setup_clinic": _LEAD,
    "revise_profile": _LEAD,
    "sign_off_knowledge": _LEAD,
    "add_account": _LEAD,
    "change_role": _LEAD,
    "disable_account": _LEAD,
    "enable_account": _LEAD,
    "set_password": _LEAD,
    "set_own_password": _ALL,
    "set_second_factor": _ALL,
    "remove_second_factor": _LEAD,
    "require_second_factor": _LEAD,
    "unlink_provider": _LEAD,
    "sign_in": _ALL,
    "sign_out": _ALL,
    "session_actor": _ALL,
    "give_code": _ALL,
    "give_new_password": _ALL,
    "show_first_factor": _ALL,
    "give_first_code": _ALL,
    "sign_in_by_provider": _ALL,
    "end_session": _LEAD,
    "end_own_session": _ALL,
    "see_accounts": _LEAD,
    "see_sessions": _LEAD,
    "see_audit": _LEAD,
    "see_health": _LEAD,
    "backup": _LEAD,
    "restore": _LEAD,
    "change_key": _LEAD,
    "print_recovery_code": _LEAD,
    "export_clinic": _LEAD,
    "import_clinic": _LEAD,
    "recluster": _LEAD,
}


def may(role: Role, action: str) -> bool:
    """May this role do it? An action that is not in the table is a fault of the program (KeyError), not a "no"."""
    return role in ACTIONS[action]
