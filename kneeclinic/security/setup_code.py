"""The one-time code that proves that whoever sets up the clinic sits at its machine."""

from __future__ import annotations

import hmac
import secrets

from kneeclinic.security.recovery import ALPHABET

_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


def new_setup_code() -> str:
    """Twelve characters in three groups, 60 random bits; valid until the clinic is set up or the program ends."""
    raw = "".join(secrets.choice(ALPHABET) for _ in range(12))
    return "-".join(raw[i : i + 4] for i in range(0, 12, 4))


def code_matches(code: str, typed: str) -> bool:
    """Compared in constant time; small letters, blanks and look-alike characters are forgiven."""
    return hmac.compare_digest(_bare(code).encode(), _bare(typed).encode())


def _bare(text: str) -> str:
    return text.strip().upper().translate(_LOOKS_LIKE)
