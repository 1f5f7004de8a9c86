"""A link of the log depends on every byte of its line and on all lines before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kneeclinic.security.audit import FIRST_LINK, anchor_mark, entry_bytes, link

LINES = st.lists(st.binary(max_size=40), min_size=1, max_size=8)


def head(key: bytes, lines: list[bytes]) -> bytes:
    previous = FIRST_LINK
    for one in lines:
        previous = link(key, previous, one)
    return previous


@given(LINES, LINES)
def test_two_logs_have_one_head_only_when_they_are_the_same(one: list[bytes], two: list[bytes]) -> None:
    assert (head(b"k", one) == head(b"k", two)) is (one == two)


@given(LINES)
def test_another_key_gives_another_head(lines: list[bytes]) -> None:
    assert head(b"k", lines) != head(b"l", lines)


def test_where_one_field_ends_and_the_next_begins_matters() -> None:
    assert entry_bytes(["ab", "c"], None) != entry_bytes(["a", "bc"], None)
    assert entry_bytes(["a"], b"x") != entry_bytes(["a"], b"y")
    assert entry_bytes([1], None) != entry_bytes(["1"], None)


def test_the_note_of_the_head_cannot_be_made_without_the_key() -> None:
    marks = {anchor_mark(b"k", "clinic", 3, FIRST_LINK), anchor_mark(b"l", "clinic", 3, FIRST_LINK), anchor_mark(b"k", "other", 3, FIRST_LINK),
             anchor_mark(b"k", "clinic", 4, FIRST_LINK), anchor_mark(b"k", "clinic", 3, b"x" * 32)}
    assert len(marks) == 5
