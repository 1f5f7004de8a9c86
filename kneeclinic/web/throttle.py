"""A brake on guessing: after a few wrong tries from one place or for one name, the next try has to wait."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

FREE_TRIES = 4
FIRST_WAIT_S = 5.0
LONGEST_WAIT_S = 15 * 60.0
FORGET_AFTER_S = 30 * 60.0
KEPT = 5_000


@dataclass
class Throttle:
    """Counts wrong tries by key; each wrong try after the free ones doubles the wait."""

    _tries: OrderedDict[str, tuple[int, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait_s(self, keys: tuple[str, ...], now: float) -> float:
        """Seconds that must pass before the next try is looked at; 0 = go on."""
        with self._lock:
            return max((self._wait_of(key, now) for key in keys), default=0.0)

    def _wait_of(self, key: str, now: float) -> float:
        wrong, last = self._tries.get(key, (0, 0.0))
        if wrong <= FREE_TRIES or now - last > FORGET_AFTER_S:
            return 0.0
        wait = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** (wrong - FREE_TRIES - 1))
        return max(0.0, last + wait - now)

    def wrong(self, keys: tuple[str, ...], now: float) -> None:
        with self._lock:
            for key in keys:
                wrong, last = self._tries.pop(key, (0, 0.0))
                self._tries[key] = (1 if now - last > FORGET_AFTER_S else wrong + 1, now)
            while len(self._tries) > KEPT:
                self._tries.popitem(last=False)

    def right(self, keys: tuple[str, ...]) -> None:
        with self._lock:
            for key in keys:
                self._tries.pop(key, None)
