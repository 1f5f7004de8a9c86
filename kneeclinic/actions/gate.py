"""The one door to the record: who may do it, then the change and its audit entry in a single transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from kneeclinic.clinic import Clinic
from kneeclinic.security.accounts import Actor
from kneeclinic.security.restricted import Restricted, may_open
from kneeclinic.security.roles import may
from kneeclinic.store.audit import save_audit
from kneeclinic.store.restrictions import guarded, patient_of
from kneeclinic.store.transactions import Transaction
from kneeclinic.vocabulary import Conflict, NotAllowed, Refused

T = TypeVar("T")
Detail = Mapping[str, Any]


def permit(clinic: Clinic, actor: Actor, action: str, entity: str, entity_id: str = "") -> None:
    """Passes when the role table lets the actor do it and the record is not restricted to others; else the refusal is audited and
    NotAllowed raised (Restricted, where a written reason would open it)."""
    if may(actor.role, action):
        keep_restricted(clinic, actor, action, entity, entity_id)
        return
    clinic.database.write(lambda tx: save_audit(tx, actor, "refused", entity, entity_id, {"action": action}, clinic.now))
    words = action.replace("_", " ")
    raise NotAllowed(f"{actor.name or 'This account'} ({actor.role.value.replace('_', ' ')}) may not {words}; ask the lead clinician.")


def keep_restricted(clinic: Clinic, actor: Actor, action: str, entity: str, entity_id: str) -> None:
    """Raises Restricted when the record belongs to a restricted patient and is not for this actor; the refusal is audited."""
    held = guarded(clinic.database)
    patient_id = patient_of(clinic.database, entity, entity_id) if held.therapists and entity_id else None
    if patient_id is None or patient_id not in held.therapists:
        return
    if may_open(actor, held.therapists[patient_id], held.glasses.get(patient_id, ()), clinic.now):
        return
    detail = {"action": action, "why": "restricted"}
    clinic.database.write(lambda tx: save_audit(tx, actor, "refused", entity, entity_id, detail, clinic.now, patient_id=patient_id))
    raise Restricted(patient_id)


def write(
    clinic: Clinic, actor: Actor, action: str, entity: str, entity_id: str, detail: Detail, change: Callable[[Transaction], T],
    *, patient_id: str = "",
) -> T:
    """Runs `change(tx)` and stores its audit entry with it: both or neither. `change` may run again when two writers meet."""

    def together(tx: Transaction) -> T:
        result = change(tx)
        save_audit(tx, actor, action, entity, entity_id, dict(detail), clinic.now, patient_id=patient_id)
        return result

    return clinic.database.write(together)


def same_version(what: str, expected: int, current: int) -> None:
    """Raises Conflict when somebody saved first."""
    if expected != current:
        raise Conflict(f"{what} was changed by somebody else (version {current}, you had {expected}); nothing was saved. Load it again.")


def not_in_future(name: str, day: date | None, today: date) -> None:
    if day is not None and day > today:
        raise Refused(f"{name}: {day} is in the future; enter a date up to today ({today}).")


def not_before(name: str, day: date | None, start: date | None, what: str) -> None:
    """Raises Refused when `day` lies before `start`; `what` names the start."""
    if day is not None and start is not None and day < start:
        raise Refused(f"{name}: {day} is before {what} ({start}); correct one of the two.")


def written_reason(name: str, text: str, what: str) -> str:
    """The reason without blanks around it. Raises Refused when nothing was written."""
    if not text.strip():
        raise Refused(f"{name}: {what} needs a written reason; write why.")
    return text.strip()


def changed_fields(before: object, after: object, names: tuple[str, ...]) -> dict[str, list[Any]]:
    """Old and new value of each field that differs, for the audit."""
    return {
        name: [_plain(getattr(before, name)), _plain(getattr(after, name))]
        for name in names
        if getattr(before, name) != getattr(after, name)
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)
