"""The whole clinic out, and in again into a new file: every record with its versions, its papers and its log."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from kneeclinic.actions.gate import permit, write
from kneeclinic.actions.house import check_profile
from kneeclinic.clinic import Clinic, open_clinic
from kneeclinic.record import (
    CheckIn,
    ClinicProfile,
    DocumentIssued,
    Episode,
    Observation,
    Patient,
    PlannedVisit,
    Program,
    Review,
    Run,
    Snooze,
    UsualDose,
    Visit,
)
from kneeclinic.record.drafts import Draft
from kneeclinic.security.accounts import Account, Actor
from kneeclinic.security.audit import AuditEntry
from kneeclinic.security.restricted import Restriction
from kneeclinic.security.roles import may
from kneeclinic.store import (
    Transaction,
    all_episode_ids,
    document_bytes,
    episode_history,
    every_usual_dose,
    patient_history,
    patient_ids,
    programs_of,
    read_accounts,
    read_episode,
    read_patient,
    read_profile,
    read_run_file,
    save_account,
    save_amendment,
    save_audit,
    save_check_in,
    save_document,
    save_draft,
    save_episode,
    save_observations,
    save_patient,
    save_planned,
    save_profile,
    save_program,
    save_review,
    save_run_file,
    save_runs,
    save_snooze,
    save_usual_dose,
    save_visit,
    visit_history,
    visits_of,
    whole,
)
from kneeclinic.store.restrictions import read_restrictions, save_restriction
from kneeclinic.vocabulary import Conflict, NotAllowed, Role


@dataclass(frozen=True)
class RunFile:
    """An original file of a watch, as it came."""

    sha256: str
    patient_id: str
    name: str
    stored_at: datetime
    data: bytes


@dataclass(frozen=True)
class WholeClinic:
    """Everything that a clinic file holds. Patients, episodes and visits come with all their versions, oldest first.

    Sign-ins, second factors and links to a single sign-on are left out: nobody is signed in to the new file, and factors are set anew there.
    Accounts keep the hash of their password.
    """

    profile: ClinicProfile
    accounts: tuple[Account, ...] = ()
    patients: tuple[Patient, ...] = ()
    episodes: tuple[Episode, ...] = ()
    visits: tuple[Visit, ...] = ()
    observations: tuple[Observation, ...] = ()
    programs: tuple[Program, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()
    runs: tuple[Run, ...] = ()
    planned: tuple[PlannedVisit, ...] = ()
    reviews: tuple[Review, ...] = ()
    snoozes: tuple[Snooze, ...] = ()
    documents: tuple[tuple[DocumentIssued, bytes], ...] = ()
    run_files: tuple[RunFile, ...] = ()
    drafts: tuple[Draft, ...] = ()
    usual_doses: tuple[UsualDose, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    audit: tuple[AuditEntry, ...] = ()


def read_whole_clinic(clinic: Clinic, actor: Actor) -> WholeClinic:
    """Everything, as of one moment; that it was taken out is noted before it leaves."""
    permit(clinic, actor, "export_clinic", "clinic")
    write(clinic, actor, "export_clinic", "clinic", "", {}, lambda _: None)
    with clinic.database.snapshot() as view:
        patients = patient_ids(view)
        episodes = all_episode_ids(view)
        visits = [one for episode in episodes for one in visits_of(view, episode)]
        return WholeClinic(
            profile=read_profile(view),
            accounts=read_accounts(view),
            patients=tuple(one for id_ in patients for one in (*patient_history(view, id_), read_patient(view, id_))),
            episodes=tuple(one for id_ in episodes for one in (*episode_history(view, id_), read_episode(view, id_))),
            visits=tuple(one for visit in visits for one in (*visit_history(view, visit.id), visit)),
            observations=whole.every_observation(view),
            programs=tuple(one for id_ in episodes for one in programs_of(view, id_)),
            check_ins=whole.every_check_in(view),
            runs=whole.every_run(view),
            planned=whole.every_planned(view),
            reviews=whole.every_review(view),
            snoozes=whole.every_snooze(view),
            documents=tuple((one, document_bytes(view, one.id)) for one in whole.every_document(view)),
            run_files=tuple(
                RunFile(sha256, patient_id, name, datetime.fromisoformat(stored), read_run_file(view, sha256)[1])
                for sha256, patient_id, name, stored in whole.every_run_file(view)
            ),
            drafts=whole.every_draft(view),
            usual_doses=every_usual_dose(view),
            restrictions=read_restrictions(view),
            audit=whole.every_audit_entry(view),
        )


def write_whole_clinic(path: Path, held: WholeClinic, actor: Actor) -> Clinic:
    """A NEW clinic file with everything in it, in one transaction; its log begins with the old one's lines, chained anew."""
    if not may(actor.role, "import_clinic"):
        raise NotAllowed(f"{actor.name} may not import a clinic; ask the lead clinician.")
    if Path(path).exists():
        raise Conflict(f"{path} exists already; a clinic is imported into a new file only.")
    check_profile(held.profile)
    clinic = open_clinic(path, create=True)
    try:
        write(clinic, actor, "import_clinic", "clinic", "", {"lines_of_the_old_log": len(held.audit)}, lambda tx: _save(tx, held))
    except BaseException:
        clinic.close()
        Path(path).unlink(missing_ok=True)
        Path(path).with_name(Path(path).name + ".wal").unlink(missing_ok=True)
        raise
    return clinic.at()


def _save(tx: Transaction, held: WholeClinic) -> None:
    save_profile(tx, held.profile)
    for account in held.accounts:
        save_account(tx, account)
    for patient in held.patients:
        save_patient(tx, patient)
    for episode in held.episodes:
        save_episode(tx, episode)
    for visit in held.visits:
        save_visit(tx, visit)
        for amendment in visit.amendments:
            save_amendment(tx, visit, amendment)
    save_observations(tx, held.observations)
    for program in held.programs:
        save_program(tx, program)
    for check_in in held.check_ins:
        save_check_in(tx, check_in)
    save_runs(tx, held.runs)
    for planned in held.planned:
        save_planned(tx, planned)
    for review in held.reviews:
        save_review(tx, review)
    for snooze in held.snoozes:
        save_snooze(tx, snooze)
    for document, data in held.documents:
        save_document(tx, document, data)
    for file in held.run_files:
        save_run_file(tx, file.sha256, file.patient_id, file.name, file.data, file.stored_at)
    for draft in held.drafts:
        if draft.saved_at is not None:
            save_draft(tx, kind=draft.kind, owner=draft.owner, subject_id=draft.subject_id, payload=draft.payload, expected_revision=None,
                       now=draft.saved_at)
    for usual in held.usual_doses:
        if usual.set_at is not None:
            save_usual_dose(tx, usual, usual.set_at)
    for restriction in held.restrictions:
        save_restriction(tx, restriction)
    for entry in held.audit:
        who = Actor(entry.account_id, entry.actor_name, Role(entry.role), entry.origin)
        save_audit(tx, who, entry.action, entry.entity, entry.entity_id, entry.detail, entry.at, patient_id=entry.patient_id)


def comparable(held: WholeClinic) -> WholeClinic:
    """The same without what a move must change: links of the log, revisions of drafts."""
    return replace(
        held,
        audit=tuple(replace(one, link="") for one in held.audit),
        drafts=tuple(replace(one, revision=1) for one in held.drafts),
    )
