"""Unfinished forms, kept as the clinician types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kneeclinic.actions.gate import permit
from kneeclinic.clinic import Clinic
from kneeclinic.record.drafts import Draft
from kneeclinic.security.accounts import Actor
from kneeclinic.store import drafts as kept
from kneeclinic.vocabulary import Refused

LARGEST_DRAFT = 2_000_000


def save_draft(
    clinic: Clinic, actor: Actor, kind: str, subject_id: str, payload: Mapping[str, Any], expected_revision: int | None,
) -> Draft:
    """The draft one revision on. `expected_revision`: what the form was loaded with, None or 0 for a new draft.

    Conflict when the same person saved it from another window in between. Drafts are the person's own scratch paper: saving is not
    audited, what becomes of it (a visit, a program) is.
    """
    permit(clinic, actor, "save_draft", kind, subject_id)
    try:
        size = len(json.dumps(payload))
    except (TypeError, ValueError) as error:
        raise Refused(f"payload: the form cannot be kept as a draft ({error}).") from None
    if size > LARGEST_DRAFT:
        raise Refused("payload: the form is too large to be kept as a draft; save a part of it.")
    return clinic.database.write(lambda tx: kept.save_draft(
        tx, kind=kind, owner=actor.account_id, subject_id=subject_id, payload=payload, expected_revision=expected_revision, now=clinic.now,
    ))


def discard_draft(clinic: Clinic, actor: Actor, kind: str, subject_id: str) -> None:
    """Throws the person's own draft away; none is no error."""
    permit(clinic, actor, "discard_draft", kind, subject_id)
    clinic.database.write(lambda tx: kept.save_draft_discarded(tx, kind, actor.account_id, subject_id))
