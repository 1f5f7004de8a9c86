"""A click does not wait until all memory was searched for waste, and no waste stays for good."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import anyio
import pytest

from kneeclinic.web import memory, server


class Ring:
    """Holds itself: only a search finds out that nobody needs it."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.collect()


def test_what_stays_is_not_searched_again() -> None:
    held = [[number] for number in range(400_000)]
    before = memory.search_ms()
    memory.settle()
    assert memory.search_ms() < before / 4
    assert len(held) == 400_000


def test_new_waste_is_found_as_before() -> None:
    memory.settle()
    gone = weakref.ref(Ring())
    memory.search_ms()
    assert gone() is None


def test_what_was_set_apart_and_became_waste_goes_with_the_next_round() -> None:
    ring = Ring()
    gone = weakref.ref(ring)
    memory.settle()
    del ring
    memory.search_ms()
    assert gone() is not None, "it was set apart: this test would show nothing"
    memory.settle()
    assert gone() is None


def rounds_of(monkeypatch: pytest.MonkeyPatch, search_ms: float, looks: int) -> list[int]:
    """At which looks of the running server what stays was set apart anew."""
    settled: list[int] = []
    looked: list[float] = []

    async def look() -> None:
        async with anyio.create_task_group() as tasks:
            async def soon(seconds: float) -> None:
                if seconds == memory.LOOK_EVERY_S:
                    looked.append(seconds)
                if len(looked) == looks:
                    tasks.cancel_scope.cancel()
                await anyio.lowlevel.checkpoint()

            monkeypatch.setattr(anyio, "sleep", soon)
            monkeypatch.setattr(memory, "search_ms", lambda: search_ms)
            monkeypatch.setattr(memory, "settle", lambda: settled.append(len(looked)))
            tasks.start_soon(server.warm_up)

    with ThreadPoolExecutor(1) as apart:  # a browser of the journeys keeps a loop in this thread to the end
        apart.submit(anyio.run, look).result()
    return settled


def test_the_running_server_sets_apart_what_takes_too_long_to_search(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rounds_of(monkeypatch, memory.WORTH_MS + 1, 4) == [0, 1, 2, 3]


def test_what_a_closed_window_held_is_gone_within_a_quarter_of_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rounds_of(monkeypatch, memory.WORTH_MS - 1, 31) == [0, 15, 30]
    assert memory.ROUNDS * memory.LOOK_EVERY_S <= 900
