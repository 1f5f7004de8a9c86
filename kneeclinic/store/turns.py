"""The pen of the clinic: one writer at a time, in the order in which they asked, so that long work in pieces keeps nobody waiting for the whole."""

from __future__ import annotations

from collections import deque
from threading import Lock, get_ident


class InTurn:
    """A lock handed on first come, first served; whoever holds it may take it again.

    Python's own goes to whoever is quickest, often the last holder: while values were laid in order, a save once waited for half a minute.
    """

    def __init__(self) -> None:
        self._gate = Lock()
        self._waiting: deque[tuple[Lock, int]] = deque()
        self._holder: int | None = None
        self._depth = 0

    def __enter__(self) -> InTurn:
        me = get_ident()
        with self._gate:
            if self._holder == me or (self._holder is None and not self._waiting):
                self._holder, self._depth = me, self._depth + 1
                return self
            turn = Lock()
            turn.acquire()
            self._waiting.append((turn, me))
        try:
            turn.acquire()
        except BaseException:  # somebody stopped the program while it waited: step out of the line, or hand on at once
            with self._gate:
                left = [one for one in self._waiting if one[0] is not turn]
                handed = len(left) == len(self._waiting)
                self._waiting = deque(left)
            if handed:
                self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with self._gate:
            self._depth -= 1
            if self._depth:
                return
            if self._waiting:
                turn, self._holder = self._waiting.popleft()
                self._depth = 1
                turn.release()
            else:
                self._holder = None
