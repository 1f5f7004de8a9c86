"""The key of a clinic as a code that a person can print, lock away and type in again."""

from __future__ import annotations

from hashlib import sha256

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that nothing is misread."""
_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
GROUP = 5
SECRET_BYTES = 32


def recovery_code(secret: bytes) -> str:
    """Fourteen groups: each has four characters of the key and one that checks the group and its place."""
    digits = _digits(secret)
    return "-".join(_with_check(digits[i : i + GROUP - 1], i // (GROUP - 1)) for i in range(0, len(digits), GROUP - 1))


def secret_of_code(text: str) -> bytes:
    """The key; raises ValueError that names the group with the typing mistake."""
    bare = "".join(text.upper().split()).replace("-", "").translate(_LOOKS_LIKE)
    length = len(_digits(bytes(SECRET_BYTES))) // (GROUP - 1) * GROUP
    if len(bare) != length:
        raise ValueError(f"a recovery code has {length} letters and digits, this has {len(bare)}.")
    digits = ""
    for number in range(length // GROUP):
        group = bare[number * GROUP : (number + 1) * GROUP]
        if set(group) - set(ALPHABET) or _with_check(group[:-1], number) != group:
            raise ValueError(f"group {number + 1} of the recovery code is mistyped.")
        digits += group[:-1]
    value = 0
    for digit in digits:
        value = value * 32 + ALPHABET.index(digit)
    raw = value.to_bytes(len(digits) * 5 // 8, "big")
    secret, check = raw[:SECRET_BYTES], raw[SECRET_BYTES:]
    if check != sha256(secret).digest()[: len(check)]:
        raise ValueError("the recovery code does not add up; check every group.")
    return secret


def _digits(secret: bytes) -> str:
    """56 base-32 digits: 32 bytes of key and 3 of its hash."""
    value = int.from_bytes(secret + sha256(secret).digest()[:3], "big")
    return "".join(ALPHABET[value >> shift & 31] for shift in range((SECRET_BYTES + 3) * 8 - 5, -1, -5))


def _with_check(digits: str, place: int) -> str:
    sum_ = place * 7 + sum((2 * i + 1) * ALPHABET.index(one) for i, one in enumerate(digits))
    return digits + ALPHABET[sum_ % 32]
