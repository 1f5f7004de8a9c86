"""The whole clinic out, and in again into a new file: every record with its versions, its papers and its log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

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
    document_bytes,
    every_usual_dose,
    read_accounts,
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
    whole,
)
from kneeclinic.store.reading import Reader
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


PARTS: dict[str, Callable[[Reader], Iterable[Any]]] = {
    "accounts": read_accounts, "patients": whole.every_patient, "episodes": whole.every_episode, "visits": whole.every_visit,
    "observations": whole.every_observation, "programs": whole.every_program, "check_ins": whole.every_check_in, "runs": whole.every_run,
    "planned": whole.every_planned, "reviews": whole.every_review, "snoozes": whole.every_snooze, "drafts": whole.every_draft,
    "usual_doses": every_usual_dose, "restrictions": read_restrictions, "audit": whole.every_audit_entry,
}
"""What a clinic holds besides its settings, its papers and the files of watches; each may be asked for more than once."""


@dataclass(frozen=True)
class Leaving:
    """A whole clinic on its way out, as of one moment and piece by piece: it may be larger than the memory."""

    view: Reader
    profile: ClinicProfile

    def part(self, name: str) -> Iterator[Any]:
        return iter(PARTS[name](self.view))

    def documents(self) -> Iterator[tuple[DocumentIssued, bytes]]:
        return ((one, document_bytes(self.view, one.id)) for one in whole.every_document(self.view))

    def run_files(self) -> Iterator[RunFile]:
        for sha256, patient_id, name, stored in whole.every_run_file(self.view):
            yield RunFile(sha256, patient_id, name, datetime.fromisoformat(stored), read_run_file(self.view, sha256)[1])


@contextmanager
def leaving_clinic(clinic: Clinic, actor: Actor) -> Iterator[Leaving]:
    """Everything, as of one moment; that it was taken out is noted before it leaves."""
    permit(clinic, actor, "export_clinic", "clinic")
    write(clinic, actor, "export_clinic", "clinic", "", {}, lambda _: None)
    with clinic.database.snapshot() as view:
        yield Leaving(view, read_profile(view))


def read_whole_clinic(clinic: Clinic, actor: Actor) -> WholeClinic:
    """Everything at once, for a clinic that fits into the memory."""
    with leaving_clinic(clinic, actor) as going:
        parts: dict[str, Any] = {name: tuple(going.part(name)) for name in PARTS}
        return WholeClinic(profile=going.profile, documents=tuple(going.documents()), run_files=tuple(going.run_files()), **parts)


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
