"""When a sign-in counts and when it has run out: 15 minutes without a click, 12 hours in any case."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

TOKEN_BYTES = 32
"""256 random bits; ASVS 7.2.3 asks for 128."""
IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
HALF = timedelta(minutes=5)
"""So long a half sign-in waits for its next step."""
CODE, PASSWORD, FACTOR = "code", "password", "factor"
"""What a half sign-in waits for: the code of the second factor, a password of the person's own, a second factor where the role needs one."""
HALF_WITH_AN_APP = timedelta(minutes=15)
"""Whoever has no authenticator app yet must find one first."""
NOTE_EVERY = timedelta(seconds=30)
"""A click is written down at most this often; idle time is counted to the half minute."""


@dataclass(frozen=True)
class Session:
    """One sign-in. The token itself is never kept, only its hash."""

    id: str
    token_hash: str
    account_id: str
    origin: str
    created_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None = None
    ended_why: str = ""
    step: str = ""
    """What is still missing; such a half sign-in opens nothing but its next step."""


def new_token() -> str:
    """A fresh session token for the cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What the store keeps of a token."""
    return sha256(token.encode()).hexdigest()


def half_lasts(step: str) -> timedelta:
    """How long a half sign-in waits for this step."""
    return HALF_WITH_AN_APP if step == FACTOR else HALF


def ends_at(session: Session) -> datetime:
    """When the session runs out if nothing more is clicked."""
    if session.step:
        return session.created_at + half_lasts(session.step)
    return min(session.last_seen_at + IDLE, session.created_at + ABSOLUTE)


def why_over(session: Session, now: datetime) -> str | None:
    """None while the session counts, else the reason in a few words."""
    if session.ended_at is not None:
        return session.ended_why or "signed out"
    if session.step and now >= session.created_at + half_lasts(session.step):
        return "the sign-in was not finished"
    if now >= session.created_at + ABSOLUTE:
        return "12 hours are over"
    if now >= session.last_seen_at + IDLE:
        return "15 minutes without a click"
    if now < session.last_seen_at - IDLE:
        return "the clock of the machine was set back"
    return None


def is_alive(session: Session, now: datetime) -> bool:
    """Does it open the clinic? A half sign-in does not."""
    return not session.step and why_over(session, now) is None


def waits_for(session: Session, now: datetime) -> str:
    """What a half sign-in still needs, while it counts; empty for a whole one, and for one that is over."""
    return session.step if why_over(session, now) is None else ""


def needs_noting(session: Session, now: datetime) -> bool:
    """Is it time to write down that the person was here?"""
    return now - session.last_seen_at >= NOTE_EVERY
