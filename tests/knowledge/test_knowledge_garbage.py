"""Whatever stands in a knowledge file, the loader answers with the knowledge or with a list of faults, never with a crash."""

from __future__ import annotations

import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from small_knowledge import World, faults_in, small, write

GARBAGE = st.sampled_from([None, "", "x", "a_book", "bridge", "worst", 0, 1, -1, 3.5, 1e9, True, [], ["x"], [1, 2], {}, {"x": 1}, [[]], [{}]])


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * (len(path) > 1) + [place for key, one in inner for place in places(one, (*path, key))]


PLACES = places(small())


def put(world: World, place: tuple[Any, ...], value: Any) -> None:
    target: Any = world
    for key in place[:-1]:
        target = target[key]
    if value is None:
        del target[place[-1]]
    else:
        target[place[-1]] = deepcopy(value)


@settings(max_examples=150, deadline=None)
@given(place=st.sampled_from(PLACES), value=GARBAGE)
def test_garbage_at_any_place_is_refused_in_words_or_harmless(place: tuple[Any, ...], value: Any) -> None:
    world = small()
    put(world, place, value)
    with tempfile.TemporaryDirectory() as folder:
        for fault in faults_in(write(Path(folder), world)):
            assert fault.problem
            assert fault.file
            assert len(str(fault)) < 1_000
