"""Keeps what was read for as long as nobody has changed it: one process owns the file, so it knows of every change."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")

ALL = "*"


class Changes:
    """A clock that ticks with every saved change, and when each episode, patient or list was last changed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._clock = 0
        self._last: dict[str, int] = {}

    @property
    def clock(self) -> int:
        return self._clock

    def note(self, ids: Iterable[str]) -> None:
        """Called after the commit: whoever began to read before it must not keep what they read."""
        with self._lock:
            self._clock += 1
            for one in ids:
                self._last[one] = self._clock

    def since(self, clock: int, *ids: str) -> bool:
        """Has one of them, or everything, changed after this moment?"""
        return any(self._last.get(one, 0) > clock for one in (ALL, *ids))


class Kept:
    """Values by id, each with the moment before it was read; the least used fall out."""

    def __init__(self, changes: Changes, most: int) -> None:
        self._changes, self._most = changes, most
        self._lock = Lock()
        self._values: OrderedDict[str, tuple[int, tuple[str, ...], Any]] = OrderedDict()

    def get(self, key: str) -> Any | None:
        with self._lock:
            found = self._values.get(key)
            if found is None or self._changes.since(found[0], *found[1]):
                return None
            self._values.move_to_end(key)
            return found[2]

    def or_read(self, key: str, depends_on: tuple[str, ...], read: Callable[[], T]) -> T:
        """What is kept while nothing that it depends on changed (nothing named: nothing that touches everything), else read anew and kept."""
        kept: T | None = self.get(key)
        if kept is None:
            read_at = self._changes.clock
            kept = read()
            self.put(key, read_at, depends_on, kept)
        return kept

    def stale(self, key: str) -> Any | None:
        """What was kept last, changed since or not: to make the new one from, never to hand out."""
        with self._lock:
            found = self._values.get(key)
            return None if found is None else found[2]

    def put(self, key: str, read_at: int, depends_on: tuple[str, ...], value: Any) -> None:
        """`read_at` is the clock from before the reading began."""
        with self._lock:
            self._values[key] = (read_at, depends_on, value)
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)
