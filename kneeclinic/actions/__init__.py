"""Every write of the clinic, one verb a function; each checks who may do it, what may be stored, and leaves its line in the log."""

from kneeclinic.actions.accounts import (
    COMMAND_LINE,
    DEMO,
    accounts_of,
    add_account,
    change_role,
    command_line_actor,
    disable_account,
    enable_account,
    set_password,
    unlink_provider,
)
from kneeclinic.actions.bulk import generate_clinic
from kneeclinic.actions.check_ins import invalidate_check_in, record_check_in
from kneeclinic.actions.drafts import discard_draft, save_draft
from kneeclinic.actions.episodes import (
    close_episode,
    drop_goal,
    open_episode,
    record_imaging,
    reopen_episode,
    revise_episode,
    set_goal,
)
from kneeclinic.actions.first_factors import give_first_code, show_first_factor
from kneeclinic.actions.house import ProfileForm, require_second_factor, revise_profile, setup_clinic, sign_off_knowledge
from kneeclinic.actions.keeping import (
    NIGHTLY,
    Drill,
    backup,
    change_key,
    drill_backup,
    forget_old_sign_ins,
    note_drill,
    print_recovery_code,
    put_away_backups,
    recluster,
    restore,
    restore_beside,
)
from kneeclinic.actions.looking import note_list, read_log
from kneeclinic.actions.papers import check_handout, issue_document, note_download, open_case, open_document
from kneeclinic.actions.patients import KnownPerson, check_person, import_patients, register_patient, revise_patient
from kneeclinic.actions.plans import change_planned, plan_visit, snooze_alert
from kneeclinic.actions.program_checks import Override, check_dose, check_program
from kneeclinic.actions.programs import revise_program
from kneeclinic.actions.proposals import current_program, planned_visits, proposed_program, proposed_review
from kneeclinic.actions.restricted import break_glass, find_patients, hidden_from, lift_restriction, restrict_patient, review_glass, seen_by
from kneeclinic.actions.reviews import decide_review, undo_review
from kneeclinic.actions.runs import RunAnswer, annotate_run, invalidate_run, record_run_file, record_runs
from kneeclinic.actions.second_factors import begin_second_factor, confirm_second_factor, remove_second_factor, renew_recovery_codes
from kneeclinic.actions.signing_in import (
    end_other_sessions,
    end_session,
    give_code,
    give_new_password,
    session_actor,
    sign_in,
    sign_in_by_provider,
    sign_out,
    step_of,
)
from kneeclinic.actions.undo import LastAction, Undone, last_action, undo_last
from kneeclinic.actions.usual_doses import set_usual_dose
from kneeclinic.actions.visits import (
    amend_visit,
    invalidate_observation,
    record_observations,
    sign_visit,
    start_visit,
    write_note,
)
from kneeclinic.actions.whole_clinic import Leaving, RunFile, WholeClinic, leaving_clinic, read_whole_clinic, write_whole_clinic
from kneeclinic.security.accounts import Account, Actor
from kneeclinic.security.audit import AuditEntry

__all__ = [
    "Account", "Actor", "AuditEntry", "COMMAND_LINE", "DEMO", "Drill", "KnownPerson", "LastAction", "Leaving", "NIGHTLY", "Override", "ProfileForm",
    "RunAnswer", "RunFile", "Undone", "WholeClinic", "accounts_of", "add_account", "amend_visit", "annotate_run", "backup",
    "begin_second_factor", "break_glass", "change_key", "change_planned", "change_role", "check_dose", "check_handout", "check_person",
    "check_program", "close_episode", "command_line_actor", "confirm_second_factor", "current_program", "decide_review", "disable_account",
    "discard_draft", "drill_backup", "drop_goal", "enable_account", "end_other_sessions", "end_session", "find_patients", "forget_old_sign_ins",
    "generate_clinic", "give_code", "give_first_code", "give_new_password", "hidden_from", "import_patients", "invalidate_check_in",
    "invalidate_observation", "invalidate_run", "issue_document", "last_action", "leaving_clinic", "lift_restriction",
    "note_download", "note_drill", "note_list",
    "open_case", "open_document", "open_episode", "plan_visit", "planned_visits", "print_recovery_code", "proposed_program", "proposed_review",
    "put_away_backups", "read_log", "read_whole_clinic", "recluster", "record_check_in", "record_imaging", "record_observations",
    "record_run_file", "record_runs", "register_patient", "remove_second_factor", "renew_recovery_codes", "reopen_episode",
    "require_second_factor", "restore", "restore_beside", "restrict_patient", "review_glass", "revise_episode", "revise_patient",
    "revise_profile", "revise_program", "save_draft", "seen_by", "session_actor", "set_goal", "set_password", "set_usual_dose", "setup_clinic",
    "show_first_factor", "sign_in", "sign_in_by_provider", "sign_off_knowledge", "sign_out", "sign_visit", "snooze_alert", "start_visit",
    "step_of", "undo_last", "undo_review", "unlink_provider", "write_note", "write_whole_clinic",
]
