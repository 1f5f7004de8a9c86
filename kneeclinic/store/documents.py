"""What left the clinic on paper: the exact bytes, under seal."""

from __future__ import annotations

from hashlib import sha256

from kneeclinic.record.papers import DocumentIssued
from kneeclinic.store.reading import Reader, Row
from kneeclinic.store.sealing import instant, open_blob, open_text, seal_blob, seal_text, to_utc
from kneeclinic.store.transactions import Transaction, valued
from kneeclinic.vocabulary import DocumentKind, Layout, NotFound, Paper, Refused

_INSERT = valued("document", (
    "id kind episode_id patient_id program_id language layout paper sha256 sealed_file_name sealed_bytes issued_by issued_at"
))
_SELECT = """
    select id, kind, episode_id, patient_id, program_id, language, layout, paper, sha256, sealed_file_name, issued_by, issued_at from document
"""


def save_document(tx: Transaction, one: DocumentIssued, data: bytes) -> None:
    """Keeps an issued document; raises Refused when the hash is not that of the bytes."""
    if sha256(data).hexdigest() != one.sha256:
        raise Refused("The document was not stored: its hash does not fit its bytes. Issue it again.")
    tx.run(_INSERT, [
        one.id, one.kind.value, one.episode_id, one.patient_id, one.program_id, one.language, one.layout.value, one.paper.value, one.sha256,
        seal_text(tx.keys, "document", "sealed_file_name", one.id, one.file_name),
        seal_blob(tx.keys, "document", "sealed_bytes", one.id, data), one.issued_by, to_utc(one.issued_at),
    ])


def read_document(db: Reader, document_id: str) -> DocumentIssued:
    """What is known of one issued document; raises NotFound."""
    row = db.one(_SELECT + "where id = ?", [document_id])
    if row is None:
        raise NotFound(f"There is no document with the id {document_id}.")
    return _opened(db, row)


def documents_of(db: Reader, patient_id: str) -> tuple[DocumentIssued, ...]:
    """Documents of one patient, newest first."""
    return tuple(_opened(db, row) for row in db.rows(_SELECT + "where patient_id = ? order by issued_at desc, rowid desc", [patient_id]))


def recent_documents(db: Reader, limit: int = 100) -> tuple[DocumentIssued, ...]:
    """The last documents of the whole clinic, packs of several patients included, newest first."""
    return tuple(_opened(db, row) for row in db.rows(_SELECT + "order by issued_at desc, rowid desc limit ?", [limit]))


def document_bytes(db: Reader, document_id: str) -> bytes:
    """The bytes as issued; raises NotFound."""
    row = db.one("select sealed_bytes from document where id = ?", [document_id])
    if row is None:
        raise NotFound(f"There is no document with the id {document_id}.")
    return open_blob(db.keys, "document", "sealed_bytes", document_id, row[0])


def _opened(db: Reader, row: Row) -> DocumentIssued:
    return DocumentIssued(
        id=row[0], kind=DocumentKind(row[1]), episode_id=row[2], patient_id=row[3], program_id=row[4], language=row[5], layout=Layout(row[6]),
        paper=Paper(row[7]), sha256=row[8], file_name=open_text(db.keys, "document", "sealed_file_name", row[0], row[9]), issued_by=row[10],
        issued_at=instant(row[11]),
    )
