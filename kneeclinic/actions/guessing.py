"""The brake on guessing: wrong tries are counted by name, by account and by place, and the next one has to wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from threading import Lock
from zlib import crc32

from kneeclinic.clinic import Clinic
from kneeclinic.security.accounts import Account, Actor
from kneeclinic.security.fields import blind_index
from kneeclinic.security.throttling import FailedSignIns, after_failure, wait_seconds
from kneeclinic.store.accounts import read_failed_sign_ins, save_failed_sign_ins
from kneeclinic.store.audit import save_audit
from kneeclinic.store.reading import Reader
from kneeclinic.store.transactions import Transaction
from kneeclinic.vocabulary import NotAllowed, Role

_TURNS = tuple(Lock() for _ in range(64))


@contextmanager
def one_try(subjects: Sequence[str]) -> Iterator[None]:
    """Tries for one name, or from one place, are looked at one after another: forty sent in the same moment would else all be looked at
    before the first is counted as wrong."""
    with ExitStack() as held:
        for turn in sorted({crc32(one.encode("utf-8", "surrogatepass")) % len(_TURNS) for one in subjects}):
            held.enter_context(_TURNS[turn])
        yield


def by_name(name: str, origin: str) -> tuple[str, ...]:
    """Passwords tried for one name, from one place."""
    return (f"name:{name.strip().casefold()}", f"from:{origin}")


def by_code(account_id: str, origin: str) -> tuple[str, ...]:
    """Codes tried for one account, from one place: a right password does not wash them off."""
    return (f"code:{account_id}", f"from:{origin}")


def tries(db: Reader, clinic: Clinic, subjects: Sequence[str]) -> tuple[FailedSignIns, ...]:
    return tuple(read_failed_sign_ins(db, blind_index(clinic.keys, one)) for one in subjects)


def wait_first(clinic: Clinic, subjects: Sequence[str]) -> tuple[FailedSignIns, ...]:
    """The tries so far; raises NotAllowed when the next has to wait."""
    states = tries(clinic.database, clinic, subjects)
    wait = max((wait_seconds(state, clinic.now) for state in states), default=0)
    if wait:
        raise NotAllowed(f"Too many wrong tries. Wait {wait} seconds, then try again.")
    return states


def save_forgiven(tx: Transaction, states: Sequence[FailedSignIns]) -> None:
    """The right one came: the wrong ones are forgotten."""
    for state in states:
        if state.failures:
            save_failed_sign_ins(tx, replace(state, failures=0, last_failed_at=None))


def note_wrong(clinic: Clinic, account: Account | None, origin: str, subjects: Sequence[str], why: str) -> None:
    """Counted inside the transaction, so that tries side by side all count."""
    actor = Actor(account.id if account else "", "", account.role if account else Role.READ_ONLY, origin)

    def change(tx: Transaction) -> None:
        for state in tries(tx, clinic, subjects):
            save_failed_sign_ins(tx, after_failure(state, clinic.now))
        save_audit(tx, actor, "sign_in_refused", "account", account.id if account else "", {"why": why}, clinic.now)

    clinic.database.write(change)
