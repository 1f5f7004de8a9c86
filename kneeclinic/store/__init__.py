"""The filing cabinet: one clinic file, what is read from it and what is saved into it; the only room that knows SQL."""

from kneeclinic.record.case import Case
from kneeclinic.record.drafts import Draft
from kneeclinic.record.people import ClinicProfile
from kneeclinic.security.keys import WrongKey
from kneeclinic.store.accounts import (
    account_by_name,
    account_names,
    open_sessions,
    read_account,
    read_accounts,
    read_failed_sign_ins,
    read_session,
    save_account,
    save_failed_sign_ins,
    save_session,
    save_sessions_ended,
    save_sessions_forgotten,
    save_signed_in,
    session_by_id,
)
from kneeclinic.store.audit import ChainState, read_audit, save_anchor_anew, save_audit, verify_chain
from kneeclinic.store.backups import Backup, Copy, backup_name, backups, latest_backup, restore_copy, save_backup, save_copy
from kneeclinic.store.cases import read_case, read_cases
from kneeclinic.store.check_ins import check_ins_by_episode, read_check_in, save_check_in, save_check_in_invalidated
from kneeclinic.store.connection import CannotWrite, ClinicBusy, NotAClinic
from kneeclinic.store.database import Database
from kneeclinic.store.documents import document_bytes, documents_of, read_document, recent_documents, save_document
from kneeclinic.store.drafts import drafts_of, read_draft, save_draft, save_draft_discarded
from kneeclinic.store.envelopes import save_envelope, save_only_envelope
from kneeclinic.store.episodes import (
    all_episode_ids,
    episode_history,
    episodes_of,
    open_episode_ids,
    read_episode,
    read_episodes,
    save_episode,
    save_episodes,
    save_goal,
    save_imaging,
)
from kneeclinic.store.health import Health, find_orphans, health, table_counts
from kneeclinic.store.lists import CaseloadLine, LatestValue, caseload_lines, latest_values
from kneeclinic.store.migrating import ChangedMigration
from kneeclinic.store.names import KnownName, find_patients, known_names
from kneeclinic.store.observations import (
    all_observations_of,
    observations_of_visit,
    read_observation,
    reclustering_slices,
    save_invalidated,
    save_laid_in_order,
    save_observation,
    save_observations,
    save_reclustered,
    values_out_of_order,
)
from kneeclinic.store.patients import (
    count_patients,
    patient_by_number,
    patient_history,
    patient_ids,
    possible_duplicates,
    read_patient,
    read_patients,
    save_patient,
    save_patients,
)
from kneeclinic.store.plans import planned_between, planned_by_episode, read_planned, save_planned, save_snooze, snoozes_by_episode
from kneeclinic.store.profile import is_set_up, read_profile, save_profile
from kneeclinic.store.programs import programs_of, read_program, save_program
from kneeclinic.store.reading import Reader
from kneeclinic.store.reviews import read_review, reviews_by_episode, save_review, save_review_undone
from kneeclinic.store.runs import read_run, read_run_file, runs_of, save_run_annotated, save_run_file, save_run_invalidated, save_runs
from kneeclinic.store.transactions import Transaction
from kneeclinic.store.usual_doses import every_usual_dose, save_usual_dose, save_usual_dose_forgotten, usual_doses_of
from kneeclinic.store.visits import (
    read_visit,
    save_amendment,
    save_unsigned,
    save_visit,
    save_visits,
    save_withdrawn,
    visit_history,
    visits_between,
    visits_of,
)

__all__ = [
    "Backup", "CannotWrite", "Case", "CaseloadLine", "ChainState", "ChangedMigration", "ClinicBusy", "ClinicProfile", "Copy", "Database",
    "Draft", "Health", "KnownName", "LatestValue", "NotAClinic", "Reader", "Transaction", "WrongKey", "account_by_name", "account_names",
    "all_episode_ids", "all_observations_of", "backup_name", "backups", "caseload_lines", "check_ins_by_episode", "count_patients",
    "document_bytes", "documents_of", "drafts_of", "episode_history", "episodes_of", "every_usual_dose", "find_orphans", "find_patients",
    "health", "is_set_up", "known_names", "latest_backup", "latest_values", "observations_of_visit", "open_episode_ids", "open_sessions",
    "patient_by_number", "patient_history", "patient_ids", "planned_between", "planned_by_episode", "possible_duplicates", "programs_of",
    "read_account", "read_accounts", "read_audit", "read_case", "read_cases", "read_check_in", "read_document", "read_draft",
    "read_episode", "read_episodes", "read_failed_sign_ins", "read_observation", "read_patient", "read_patients", "read_planned",
    "read_profile", "read_program", "read_review", "read_run", "read_run_file", "read_session", "read_visit", "recent_documents",
    "reclustering_slices", "restore_copy", "reviews_by_episode", "runs_of", "save_account", "save_amendment", "save_anchor_anew", "save_audit",
    "save_backup", "save_check_in", "save_check_in_invalidated", "save_copy", "save_document", "save_draft", "save_draft_discarded", "save_envelope",
    "save_episode", "save_episodes", "save_failed_sign_ins", "save_goal", "save_imaging", "save_invalidated", "save_laid_in_order",
    "save_observation", "save_observations", "save_only_envelope", "save_patient", "save_patients", "save_planned", "save_profile", "save_program",
    "save_reclustered", "save_review", "save_review_undone", "save_run_annotated", "save_run_file", "save_run_invalidated", "save_runs",
    "save_session", "save_sessions_ended", "save_sessions_forgotten", "save_signed_in", "save_snooze", "save_unsigned", "save_usual_dose",
    "save_usual_dose_forgotten", "save_visit", "save_visits", "save_withdrawn", "session_by_id", "snoozes_by_episode", "table_counts",
    "usual_doses_of", "values_out_of_order", "verify_chain", "visit_history", "visits_between", "visits_of",
]
