"""Unfinished forms, kept as the clinician types."""

from __future__ import annotations

import json
from typing import Any

from kneeclinic.actions.gate import permit
from kneeclinic.clinic import Clinic
from kneeclinic.security.accounts import Actor
from kneeclinic.store.drafts import Draft
from kneeclinic.store.read import read_draft
from kneeclinic.store.save import remove_draft
from kneeclinic.store.save import save_draft as store_draft
from kneeclinic.vocabulary import Conflict, Refused

LARGEST_DRAFT = 2_000_000


def save_draft(
    clinic: Clinic, actor: Actor, kind: str, subject_id: str, payload: dict[str, Any], expected_revision: int | None,
) -> Draft:
    """The draft one revision on. `expected_revision`: what the form was loaded with, None for a new draft.

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

    def change(tx: Any) -> Draft:
        current = read_draft(tx, kind, actor.account_id, subject_id)
        revision = current.revision if current else 0
        if (expected_revision or 0) != revision:
            raise Conflict(f"This form was saved from another window (revision {revision}, you had {expected_revision or 0}); "
                           "nothing was overwritten. Load it again.")
        draft = Draft(kind, actor.account_id, subject_id, revision + 1, payload, clinic.now)
        store_draft(tx, draft)
        return draft

    return clinic.database.write(change)


def discard_draft(clinic: Clinic, actor: Actor, kind: str, subject_id: str) -> None:
    """Throws the person's own draft away; none is no error."""
    permit(clinic, actor, "discard_draft", kind, subject_id)
    clinic.database.write(lambda tx: remove_draft(tx, kind, actor.account_id, subject_id))
