"""Passwords: long enough, not among the well known, kept only as argon2id hashes."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from kneeclinic.security.common_passwords import is_common
from kneeclinic.vocabulary import Refused

SHORTEST = 8
"""ASVS 5.0.0, 6.2.1: at least 8, at least 15 advised; no rule on kinds of characters (6.2.5)."""
ADVISED = 15
LONGEST = 256
"""ASVS asks for at least 64; the limit only stops a megabyte from being hashed."""

_HASHER = PasswordHasher()
AT_ONCE = 4
"""Each hash takes 64 MB while it is made: a crowd at the door must not take the memory of those who work inside."""
_ROOM = BoundedSemaphore(AT_ONCE)


def check_policy(password: str, account_name: str = "") -> str | None:
    """Raises Refused with one sentence when the password is not accepted; else returns advice in one sentence, or None."""
    length = len(_typed(password))
    if length < SHORTEST:
        raise Refused(f"Password: {length} characters are too few; use at least {SHORTEST}, better {ADVISED}.")
    if length > LONGEST:
        raise Refused(f"Password: {length} characters are too many; use at most {LONGEST}.")
    if is_common(password):
        raise Refused("Password: this one is among the first that anybody tries; choose a few words that do not belong together.")
    bare = _typed(password).casefold()
    if account_name and len(account_name) >= 3 and bare.replace(account_name.casefold(), "").strip("0123456789!?.-_ ") == "":
        raise Refused("Password: it is only the account name; choose a few words that do not belong together.")
    return None if length >= ADVISED else f"{ADVISED} characters or more are advised; a short sentence is easiest to keep in mind."


def hash_password(password: str) -> str:
    """An argon2id hash with its own salt, as text."""
    with _ROOM:
        return _HASHER.hash(_typed(password))


def verify_password(password: str, password_hash: str | None) -> bool:
    """Is it the right password? With None (no such account) the same work is done, so that time tells nothing."""
    try:
        with _ROOM:
            right = _HASHER.verify(password_hash or _nobody(), _typed(password))
    except (Argon2Error, InvalidHashError):
        return False
    return right and password_hash is not None


def needs_new_hash(password_hash: str) -> bool:
    """Was it hashed with weaker settings than today's? Then hash again at the next sign-in."""
    return _HASHER.check_needs_rehash(password_hash)


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")


def _typed(password: str) -> str:
    """The same characters however the keyboard composed them; nothing is cut or trimmed."""
    return unicodedata.normalize("NFC", password)
