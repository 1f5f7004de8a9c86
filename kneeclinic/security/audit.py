"""The log of who did what: each line carries a keyed hash of the line before, so that a changed line shows."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

FIRST_LINK = bytes(32)


@dataclass(frozen=True)
class AuditEntry:
    """One line of the log. `detail` holds old and new values where there are any; `link` ties it to the line before."""

    seq: int
    at: datetime
    account_id: str
    actor_name: str
    role: str
    origin: str
    action: str
    entity: str
    entity_id: str
    patient_id: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    link: str = ""


def link(audit_key: bytes, previous: bytes, entry: bytes) -> bytes:
    """HMAC-SHA256 over the previous link and this entry, 32 bytes; only the holder of the audit key can make one."""
    return hmac.new(audit_key, len(previous).to_bytes(4, "big") + previous + entry, sha256).digest()


def entry_bytes(plain: list[Any], sealed: bytes | None) -> bytes:
    """The exact bytes that are linked: the readable columns in order and the hash of the sealed part."""
    return json.dumps([*plain, sha256(sealed or b"").hexdigest()], ensure_ascii=False, separators=(",", ":")).encode()


def anchor_mark(audit_key: bytes, clinic_id: str, seq: int, head: bytes) -> str:
    """Proof that the noted head of the log was noted by this program."""
    return hmac.new(audit_key, f"anchor:{clinic_id}:{seq}:{head.hex()}".encode(), sha256).hexdigest()
