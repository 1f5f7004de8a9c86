"""Who asked first writes first; long work in pieces lets everybody in between."""

from __future__ import annotations

import threading

import pytest
from record_builders import a_patient

from kneeclinic import store
from kneeclinic.store import Database
from kneeclinic.store.turns import InTurn


def test_the_pen_is_handed_on_in_the_order_of_asking() -> None:
    pen, order, asked = InTurn(), [], []

    def ask(number: int) -> None:
        asked.append(number)
        with pen:
            order.append(number)

    threads = []
    with pen:
        for number in range(6):
            one = threading.Thread(target=ask, args=(number,))
            one.start()
            threads.append(one)
            while len(pen._waiting) <= number:
                one.join(0.001)
    for one in threads:
        one.join(10)
    assert order == asked == list(range(6))
    with pen, pen:
        assert pen._depth == 2
    assert pen._holder is None and pen._depth == 0


def test_long_work_in_pieces_lets_a_saver_in_after_one_piece(db: Database) -> None:
    """With a lock that goes to the quickest, the one who just gave it back would take it again and again."""
    pieces: list[int] = []
    entered = threading.Event()
    saved_after: list[int] = []

    def saver() -> None:
        entered.wait(10)
        db.write(lambda tx: (saved_after.append(len(pieces)), store.save_patient(tx, a_patient())))

    one = threading.Thread(target=saver)
    one.start()

    def piece(tx: store.Transaction) -> None:
        if not pieces:
            entered.set()
            while not db._writer._waiting:
                one.join(0.001)
        pieces.append(1)

    for _ in range(50):
        db.write(piece)
    one.join(10)
    assert saved_after == [1]


def test_a_transaction_within_a_transaction_is_still_refused(db: Database) -> None:
    with pytest.raises(RuntimeError, match="hand its tx on"):
        db.write(lambda tx: db.write(lambda inner: None))
    assert db._writer._holder is None
    db.write(lambda tx: store.save_patient(tx, a_patient()))


def test_who_is_stopped_while_waiting_leaves_the_line() -> None:
    pen = InTurn()

    class Stopped(BaseException):
        pass

    class StoppedLock:
        def __init__(self) -> None:
            self.taken = 0

        def acquire(self) -> None:
            self.taken += 1
            if self.taken == 2:
                raise Stopped

        def release(self) -> None:
            return None

    told: list[str] = []

    def waiter() -> None:
        import kneeclinic.store.turns as turns

        real, turns.Lock = turns.Lock, StoppedLock  # type: ignore[assignment,misc]
        try:
            with pen:
                told.append("inside")
        except Stopped:
            told.append("left")
        finally:
            turns.Lock = real  # type: ignore[misc]

    with pen:
        one = threading.Thread(target=waiter)
        one.start()
        one.join(10)
        assert told == ["left"] and not pen._waiting
    with pen:
        assert pen._depth == 1
