"""Documents that leave the clinic, opened again as the same bytes; and opening a patient's case, which is noted too."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from kneeclinic.actions.gate import permit, write
from kneeclinic.clinic import Clinic
from kneeclinic.record import Case, DocumentIssued
from kneeclinic.rules.red_flags import RaisedFlag, red_flags, standing_flags
from kneeclinic.security.accounts import Actor
from kneeclinic.store.cases import read_case
from kneeclinic.store.documents import document_bytes, read_document, save_document
from kneeclinic.vocabulary import LANGUAGES, DocumentKind, Layout, Paper, Refused, new_id

LARGEST_DOCUMENT = 30_000_000
PDF_MAGIC = b"%PDF-"


def open_case(clinic: Clinic, actor: Actor, episode_id: str) -> Case:
    """The case, with the reading noted in the audit."""
    permit(clinic, actor, "open_case", "episode", episode_id)
    case = read_case(clinic.database, episode_id)
    write(clinic, actor, "open_case", "episode", episode_id, {}, lambda _: None, patient_id=case.patient.id)
    return case


def issue_document(
    clinic: Clinic, actor: Actor, episode_id: str, kind: DocumentKind, data: bytes, *, language: str = "en",
    layout: Layout = Layout.STANDARD, paper: Paper = Paper.A4, file_name: str = "",
) -> DocumentIssued:
    """The document as issued: its bytes are kept, sealed, with their hash."""
    permit(clinic, actor, "issue_document", "episode", episode_id)
    case = read_case(clinic.database, episode_id)
    if not data.startswith(PDF_MAGIC):
        raise Refused("data: these bytes are no PDF; make the document again.")
    if len(data) > LARGEST_DOCUMENT:
        raise Refused(f"data: the document has {len(data) // 1_000_000} MB; at most {LARGEST_DOCUMENT // 1_000_000} MB are kept.")
    if kind is DocumentKind.HANDOUT:
        check_handout(clinic, case)
    if language not in LANGUAGES:
        raise Refused(f"language: {language!r} is not one of {', '.join(LANGUAGES)}.")
    document = DocumentIssued(
        id=new_id(), kind=kind, episode_id=episode_id, patient_id=case.patient.id, program_id=case.program.id if case.program else "",
        language=language, layout=layout, paper=paper, sha256=hashlib.sha256(data).hexdigest(),
        file_name=file_name.strip() or f"{kind.value}.pdf", issued_by=actor.account_id, issued_at=clinic.now,
    )
    detail = {"kind": kind.value, "language": language, "layout": layout.value, "sha256": document.sha256,
              "program": case.program.version if case.program else None}
    write(clinic, actor, "issue_document", "document", document.id, detail, lambda tx: save_document(tx, document, data),
          patient_id=case.patient.id)
    return document


def check_handout(clinic: Clinic, case: Case) -> None:
    """Raises Refused when this patient may take no exercises home today, on whatever way they would leave: a red flag blocks, or the program
    is paused."""
    if (flag := _blocking(clinic, case)) is not None:
        raise Refused(f"No handout today: {flag.id}, {flag.title}. {flag.action} Give the stop sheet instead.")
    if case.program is not None and case.program.paused:
        raise Refused("No handout while the program is paused; write the next version on the program page first.")


def note_download(
    clinic: Clinic, actor: Actor, what: str, *, entity_id: str = "", patient_id: str = "", refused: str = "", detail: Mapping[str, Any] | None = None,
) -> None:
    """The line in the log for a file that leaves by a download, or was asked for and not given (`refused`: the kind of refusal)."""
    told = {**(detail or {}), "what": what, "refused": refused}
    if not refused:
        told.pop("refused")
    write(clinic, actor, "download_refused" if refused else "download", "file", entity_id, told, lambda _: None, patient_id=patient_id)


def _blocking(clinic: Clinic, case: Case) -> RaisedFlag | None:
    return next(iter(standing_flags(red_flags(case, clinic.knowledge, clinic.today), case, clinic.today)), None)


def open_document(clinic: Clinic, actor: Actor, document_id: str) -> bytes:
    """The bytes as issued, checked against their hash; the reading is noted in the audit."""
    permit(clinic, actor, "open_document", "document", document_id)
    document = read_document(clinic.database, document_id)
    data = document_bytes(clinic.database, document_id)
    if hashlib.sha256(data).hexdigest() != document.sha256:
        raise Refused(f"The document {document.file_name} is not the one that was issued (its hash differs); restore it from a backup.")
    write(clinic, actor, "open_document", "document", document_id, {"episode": document.episode_id}, lambda _: None,
          patient_id=document.patient_id)
    return data
