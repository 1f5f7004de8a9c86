"""Records that only the treating therapists and the lead open, and the glass that others break with a written reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kneeclinic.security.accounts import Actor
from kneeclinic.vocabulary import NotAllowed, Role

GLASS_OPEN_FOR = timedelta(minutes=60)
SHORTEST_REASON = 15
"""Characters of the reason: "on call for Dr Lane" is enough, "ok" is not."""
LONGEST_REASON = 500
NAME = "Restricted record"
"""What stands in lists where the name would be."""


class Restricted(NotAllowed):
    """The record is for its treating therapists; whoever needs it now breaks the glass with a reason."""

    def __init__(self, patient_id: str) -> None:
        super().__init__(
            "This record is restricted to its treating therapists. Write why you need it now, or ask the lead clinician."
        )
        self.patient_id = patient_id


@dataclass(frozen=True)
class Restriction:
    """Why, by whom and since when a patient's record is restricted."""

    patient_id: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Glass:
    """Somebody opened a restricted record with a reason: for one session and a limited time, to be looked at by the lead."""

    id: str
    patient_id: str
    account_id: str
    session_id: str
    reason: str
    at: datetime
    until: datetime
    reviewed_by: str = ""
    reviewed_at: datetime | None = None


def may_open(actor: Actor, therapists: Collection[str], glasses: Iterable[Glass], now: datetime) -> bool:
    """May this person open a restricted record? The lead and whoever treats the patient may; others only through their own open glass."""
    if actor.role is Role.LEAD or actor.account_id in therapists:
        return True
    return any(
        one.account_id == actor.account_id and one.session_id == actor.session_id and one.at <= now < one.until for one in glasses
    )
