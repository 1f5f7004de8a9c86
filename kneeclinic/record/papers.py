"""What left the clinic on paper; the bytes themselves stay in the store, encrypted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kneeclinic.vocabulary import DocumentKind, Layout, Paper


@dataclass(frozen=True)
class DocumentIssued:
    """One issued document; `sha256` is of the bytes as issued, so that it opens again as the same bytes."""

    id: str
    kind: DocumentKind
    episode_id: str
    patient_id: str
    program_id: str
    language: str
    layout: Layout
    paper: Paper
    sha256: str
    file_name: str
    issued_by: str
    issued_at: datetime
