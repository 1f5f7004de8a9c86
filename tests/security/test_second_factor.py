"""The code of the telephone and the printed codes: what RFC 6238 says, what is used once, and what is forgiven in typing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kneeclinic.security import second_factor as factor
from kneeclinic.security.recovery import ALPHABET

NOW = datetime(2026, 3, 30, 10, 0, tzinfo=UTC)
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The seed "12345678901234567890" of the test vectors of RFC 6238, appendix B."""


@pytest.mark.parametrize(("seconds", "code"), [
    (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"), (2_000_000_000, "279037"),
    (20_000_000_000, "353130"),
])
def test_the_code_is_that_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert factor.code_at(SECRET, at) == code
    assert factor.step_of_code(SECRET, code, at, 0) == seconds // 30


@pytest.mark.parametrize(("off", "taken"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_telephone_may_be_half_a_minute_off_and_no_more(off: int, taken: bool) -> None:
    code = factor.code_at(SECRET, NOW + timedelta(seconds=off))
    assert (factor.step_of_code(SECRET, code, NOW, 0) is not None) is taken


def test_a_step_that_was_used_and_any_before_it_open_nothing() -> None:
    here, before = factor.code_at(SECRET, NOW), factor.code_at(SECRET, NOW - timedelta(seconds=30))
    step = factor.step_of_code(SECRET, here, NOW, 0)
    assert step is not None
    assert factor.step_of_code(SECRET, here, NOW, step) is None
    assert factor.step_of_code(SECRET, before, NOW, step) is None
    later = NOW + timedelta(seconds=30)
    assert factor.step_of_code(SECRET, factor.code_at(SECRET, later), later, step) == step + 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "٠٠٥٩٢٤", "12 34 5", "-12345", "0x1234"])
def test_what_is_no_six_digits_is_no_code(typed: str) -> None:
    assert factor.step_of_code(SECRET, typed, NOW, 0) is None


def test_blanks_in_a_code_are_forgiven() -> None:
    code = factor.code_at(SECRET, NOW)
    assert factor.step_of_code(SECRET, f" {code[:3]} {code[3:]} ", NOW, 0)


def test_secrets_are_160_random_bits_and_never_the_same() -> None:
    made = {factor.new_secret() for _ in range(500)}
    assert len(made) == 500 and {len(one) for one in made} == {32}


def test_the_address_names_clinic_and_account_and_nothing_breaks_it() -> None:
    address = factor.address_of(SECRET, "ada: <lane>&x=1", "Riverside: Knee")
    assert address.startswith("otpauth://totp/KneeClinic%20Riverside") and f"secret={SECRET}" in address
    assert "<" not in address and address.count("secret=") == 1 and "&x=1" not in address


def test_ten_recovery_codes_are_made_and_only_hashes_are_kept() -> None:
    shown, kept = factor.new_recovery_codes("a1")
    assert len(set(shown)) == len(kept) == 10
    assert all(len(one) == 13 and set(one) <= set(ALPHABET) | {"-"} for one in shown)
    for code, one in zip(shown, kept, strict=True):
        assert factor.bare(code)[1:] not in one.code_hash and one.code_hash.startswith("$argon2id$")
    place = factor.place_of(shown[7])
    assert place == 7
    assert factor.is_recovery_code(f" {shown[7].lower().replace('-', ' ')} ", kept[7])
    assert not factor.is_recovery_code(shown[6], kept[7])
    assert not factor.is_recovery_code(shown[7], None)
    assert "recovery" not in repr(kept[7]) and kept[7].code_hash not in repr(kept[7])


@pytest.mark.parametrize("typed", ["", "123456", "ZZZZZ", "A-12345-6789U", "Z-00000-00000", "0-00000-0000", "0-00000-000000"])
def test_what_has_not_the_shape_of_a_recovery_code_is_none(typed: str) -> None:
    assert factor.place_of(typed) is None
