"""Lists that were looked at: whose names a person was shown, noted as one line and not as a line a name."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from kneeclinic.actions.gate import permit, write
from kneeclinic.clinic import Clinic
from kneeclinic.security.accounts import Actor
from kneeclinic.security.audit import AuditEntry
from kneeclinic.store.audit import read_audit


def note_list(clinic: Clinic, actor: Actor, where: str, patient_ids: Collection[str]) -> None:
    """The line in the log that a list (`where`: caseload, search …) showed these patients; the ids are sealed with it."""
    if patient_ids:
        detail = {"list": where, "count": len(patient_ids), "patients": sorted(patient_ids)}
        write(clinic, actor, "see_list", "patient", "", detail, lambda _: None)


def read_log(clinic: Clinic, actor: Actor, **filters: Any) -> tuple[AuditEntry, ...]:
    """Lines of the log that fit the filters of `store.read_audit`, newest first."""
    permit(clinic, actor, "see_audit", "audit")
    return read_audit(clinic.database, **filters)
