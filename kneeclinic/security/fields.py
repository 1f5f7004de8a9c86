"""Seals a name, a note or a file so that only this clinic's key opens it, and only in the place where it was written."""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kneeclinic.security.keys import Keys
from kneeclinic.vocabulary import KneeClinicError

FORMAT = b"\x01"
NONCE_BYTES = 12
TAG_BYTES = 16


class Unreadable(KneeClinicError):
    """A sealed value was changed, moved to another record, or belongs to another key."""


@lru_cache(maxsize=8)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def field_context(table: str, column: str, record_id: str) -> str:
    """What a sealed value is bound to: copied to another record, it does not open."""
    return f"{table}.{column}:{record_id}"


def seal(keys: Keys, plaintext: bytes, context: str) -> bytes:
    """AES-256-GCM: one format byte, a random 96-bit nonce, ciphertext and tag. `context` is bound, not stored."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return FORMAT + nonce + _cipher(keys.data_key).encrypt(nonce, plaintext, context.encode())


def open_sealed(keys: Keys, sealed: bytes, context: str) -> bytes:
    """The plaintext; raises Unreadable when the value, its place or the key is not the one it was sealed with."""
    if sealed[:1] != FORMAT or len(sealed) < len(FORMAT) + NONCE_BYTES + TAG_BYTES:
        raise Unreadable(f"The value at {context} was not sealed by this program; restore the last good backup.")
    try:
        return _cipher(keys.data_key).decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], context.encode())
    except InvalidTag:
        raise Unreadable(
            f"The value at {context} does not open: it was changed outside the program or moved from another record. "
            "Run the health check and restore the last good backup."
        ) from None


def normalised(text: str) -> str:
    """One spelling for look-up: compatibility form, case folded, blanks collapsed, ends trimmed."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def blind_index(keys: Keys, text: str) -> str:
    """A keyed hash (HMAC-SHA256, hex) of the normalised text: equal texts meet, nobody without the key can guess them."""
    return hmac.new(keys.index_key, normalised(text).encode(), sha256).hexdigest()
