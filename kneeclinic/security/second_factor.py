"""The second proof at sign-in: a code of six digits from a telephone, or one of ten printed codes when the telephone is lost."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime

import pyotp

from kneeclinic.security.passwords import hash_password, verify_password
from kneeclinic.security.recovery import ALPHABET

ISSUER = "KneeClinic"
STEP_S = 30
DIGITS = 6
SLACK_STEPS = 1
"""A telephone's clock may be half a minute off; RFC 6238 advises at most one step."""
RECOVERY_CODES = 10
SECRET_CHARACTERS = 32
"""160 random bits, the length that RFC 4226 recommends."""
_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


@dataclass(frozen=True)
class SecondFactor:
    """The shared secret of one account. It counts once a first code has confirmed it; `last_step` is the newest code that was used."""

    account_id: str
    secret: str = field(repr=False)
    made_at: datetime
    confirmed_at: datetime | None = None
    last_step: int = 0


@dataclass(frozen=True)
class RecoveryCode:
    """One printed code, kept as a hash only; it opens once. `place` is its first character."""

    account_id: str
    place: int
    code_hash: str = field(repr=False)
    used_at: datetime | None = None


def new_secret() -> str:
    """A fresh secret in base 32, as telephones want it."""
    return pyotp.random_base32(SECRET_CHARACTERS)


def address_of(secret: str, account_name: str, clinic: str) -> str:
    """What the picture to scan holds (otpauth://…): the name that the telephone will show, and the secret."""
    maker = f"{ISSUER} {clinic}".strip()[:60].replace(":", " ")
    return pyotp.TOTP(secret).provisioning_uri(name=account_name.replace(":", " "), issuer_name=maker)


def code_at(secret: str, at: datetime) -> str:
    """The code that a telephone with this secret shows at that moment."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_S).at(at.timestamp())


def step_of_code(secret: str, typed: str, now: datetime, after: int) -> int | None:
    """The time step whose code was typed, or None. A step up to `after` was used before and opens nothing again (RFC 6238, 5.2)."""
    code = "".join(typed.split())
    if len(code) != DIGITS or not code.isascii() or not code.isdigit():
        return None
    totp = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_S)
    here = int(now.timestamp()) // STEP_S
    found = None
    for step in range(here - SLACK_STEPS, here + SLACK_STEPS + 1):
        if secrets.compare_digest(totp.generate_otp(step), code) and step > after:
            found = step
    return found


def new_recovery_codes(account_id: str) -> tuple[tuple[str, ...], tuple[RecoveryCode, ...]]:
    """Ten codes to print, and what is kept of them. Each begins with its place, so that one hash is compared and not ten."""
    shown = tuple(f"{ALPHABET[place]}-{_random(5)}-{_random(5)}" for place in range(RECOVERY_CODES))
    return shown, tuple(RecoveryCode(account_id, place, hash_password(bare(code))) for place, code in enumerate(shown))


def place_of(typed: str) -> int | None:
    """Which of the ten codes this may be; None when it has not the shape of one."""
    code = bare(typed)
    if len(code) != 11 or set(code) - set(ALPHABET):
        return None
    place = ALPHABET.index(code[0])
    return place if place < RECOVERY_CODES else None


def is_recovery_code(typed: str, kept: RecoveryCode | None) -> bool:
    """Is it this code, and not used before? Without one (no such place) the same work is done."""
    right = verify_password(bare(typed), kept.code_hash if kept else None)
    return right and kept is not None and kept.used_at is None


def bare(typed: str) -> str:
    return typed.strip().upper().translate(_LOOKS_LIKE)


def grouped(secret: str) -> str:
    """The secret in groups of four, for who types it in."""
    return " ".join(secret[at:at + 4] for at in range(0, len(secret), 4))


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
