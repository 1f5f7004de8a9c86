"""A sealed value opens with its key, in its place, unchanged; in every other case it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeclinic.security import Keys
from kneeclinic.security.fields import Unreadable, blind_index, field_context, open_sealed, seal

KEYS = Keys.fresh()
PLACE = field_context("patient", "sealed_given_name", "p1")


@given(st.binary(max_size=500), st.text(max_size=50))
def test_what_was_sealed_opens_again(data: bytes, context: str) -> None:
    assert open_sealed(KEYS, seal(KEYS, data, context), context) == data


def test_every_single_changed_bit_is_noticed() -> None:
    sealed = seal(KEYS, b"Ruth", PLACE)
    for place in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(Unreadable):
            open_sealed(KEYS, bytes(changed), PLACE)


@pytest.mark.parametrize("cut", [0, 1, 12, 13, 20])
def test_a_value_cut_short_is_noticed(cut: int) -> None:
    with pytest.raises(Unreadable):
        open_sealed(KEYS, seal(KEYS, b"Ruth", PLACE)[:cut], PLACE)


@pytest.mark.parametrize("elsewhere", [
    field_context("patient", "sealed_given_name", "p2"), field_context("patient", "sealed_family_name", "p1"),
    field_context("account", "sealed_given_name", "p1"), "",
])
def test_it_does_not_open_in_another_place(elsewhere: str) -> None:
    with pytest.raises(Unreadable, match="does not open"):
        open_sealed(KEYS, seal(KEYS, b"Ruth", PLACE), elsewhere)


def test_another_key_does_not_open_it() -> None:
    other = Keys.fresh()
    with pytest.raises(Unreadable):
        open_sealed(other, seal(KEYS, b"Ruth", PLACE), PLACE)
    assert open_sealed(replace(other, data_key=KEYS.data_key), seal(KEYS, b"Ruth", PLACE), PLACE) == b"Ruth"


def test_equal_words_look_different_every_time() -> None:
    assert len({seal(KEYS, b"Ruth", PLACE) for _ in range(2000)}) == 2000


@pytest.mark.parametrize(("one", "two"), [
    ("K-101", "k-101"), ("  K   101 ", "k 101"), ("Ω１２", "ω12"), ("straße", "STRASSE"), ("e\u0301", "\u00e9"), ("\ufb01n", "FIN"),
])
def test_spellings_that_mean_the_same_meet_in_the_index(one: str, two: str) -> None:
    assert blind_index(KEYS, one) == blind_index(KEYS, two)


def test_different_words_and_different_keys_do_not_meet() -> None:
    assert len({blind_index(KEYS, f"K-{number}") for number in range(3000)}) == 3000
    assert blind_index(KEYS, "K-1") != blind_index(Keys.fresh(), "K-1")
    assert blind_index(replace(Keys.fresh(), index_key=KEYS.index_key), "K-1") == blind_index(KEYS, "K-1")


def test_keys_do_not_show_in_what_is_printed() -> None:
    assert KEYS.data_key.hex() not in repr(KEYS) and repr(KEYS) == "Keys()"
