"""How long the next sign-in has to wait after wrong passwords."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FREE_TRIES = 4
"""Wrong passwords before the first wait; ASVS wants guessing slowed well before the hundredth try."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGET_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class FailedSignIns:
    """Wrong tries in a row for one name or one address (`subject` is a keyed hash, never the name)."""

    subject: str
    failures: int = 0
    last_failed_at: datetime | None = None


def open_again_at(state: FailedSignIns) -> datetime | None:
    """When the next try is looked at, or None when there is no wait; doubles from 30 s to 15 minutes."""
    if state.last_failed_at is None or state.failures <= FREE_TRIES:
        return None
    doubled = FIRST_WAIT * 2 ** min(state.failures - FREE_TRIES - 1, 10)
    return state.last_failed_at + min(doubled, LONGEST_WAIT)


def wait_seconds(state: FailedSignIns, now: datetime) -> int:
    """Whole seconds to wait, 0 = try now."""
    until = open_again_at(state)
    if until is None or until <= now or until - now > LONGEST_WAIT:  # longer than any wait: the clock was wrong then, and is set back now
        return 0
    return int((until - now).total_seconds()) + 1


def after_failure(state: FailedSignIns, now: datetime) -> FailedSignIns:
    """One more wrong try; what lies more than a day back is forgotten."""
    stale = state.last_failed_at is not None and now - state.last_failed_at > FORGET_AFTER
    return replace(state, failures=(0 if stale else state.failures) + 1, last_failed_at=now)
