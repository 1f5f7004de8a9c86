"""The clinic that this process has open: put here by the server, asked for by every page and every download."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from kneeclinic.clinic import Clinic
from kneeclinic.security.accounts import Actor
from kneeclinic.security.sessions import ends_at, is_alive, token_hash
from kneeclinic.store import read_account, read_session
from kneeclinic.vocabulary import NotFound

CLOCK_OVERRIDE = "KNEECLINIC_TODAY"
"""For training and screenshots: an ISO date that the clinic takes for today."""


@dataclass
class _Place:
    clinic: Clinic | None = None
    sign_in_hint: str = ""
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))


_place = _Place()


def keep_open(clinic: Clinic | None, *, sign_in_hint: str = "", clock: Callable[[], datetime] | None = None) -> None:
    """From now on this process serves `clinic`; None = no clinic is open. `sign_in_hint` is shown on a demo's banner."""
    _place.clinic = clinic
    _place.sign_in_hint = sign_in_hint
    _place.clock = clock or (lambda: datetime.now(UTC))


def is_open() -> bool:
    return _place.clinic is not None


def sign_in_hint() -> str:
    return _place.sign_in_hint


def now() -> datetime:
    """This moment in UTC."""
    return _place.clock()


def the_clinic() -> Clinic:
    """The open clinic, told what day and what time it is; the clock is asked once per call. Raises NotFound when none is open."""
    if _place.clinic is None:
        raise NotFound("No clinic is open; start the server with a clinic file and sign in again.")
    moment = now()
    fixed = os.environ.get(CLOCK_OVERRIDE)
    return _place.clinic.at(date.fromisoformat(fixed) if fixed else None, moment)


def peek(token: str) -> tuple[Actor, datetime] | None:
    """Whose session a token is and when it ends, in clinic time, or None. Looking counts as nobody's activity."""
    if not token or _place.clinic is None:
        return None
    session = read_session(_place.clinic.database, token_hash(token))
    if session is None or not is_alive(session, now()):
        return None
    try:
        account = read_account(_place.clinic.database, session.account_id)
    except NotFound:
        return None
    if not account.active:
        return None
    return Actor.of(account, session.origin, session.id), ends_at(session).astimezone(_place.clinic.zone)


def leave_proof(session_token: str) -> str:
    """The proof in the sign-out link of the frame: only who holds the session can make it, and it opens nothing."""
    return hmac.new(session_token.encode(), b"kneeclinic sign out", hashlib.sha256).hexdigest()[:32]
