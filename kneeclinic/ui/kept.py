"""Findings of one patient, kept for the whole house until something in that patient's record changes, or the day."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from threading import Lock
from typing import TypeVar

from kneeclinic import store as read
from kneeclinic.progress.caseload import CaseloadRow, caseload_row, most_urgent_first
from kneeclinic.progress.review import WeeklyReview, weekly_review
from kneeclinic.record import Case
from kneeclinic.ui.session import Desk

MOST = 8_000
"""Findings of four kinds for the cases that the store keeps."""
MOST_ENDED = 1_000
"""The newest ended episodes are enough for a band, and the oldest were treated otherwise."""
MOST_DRAWN = 400
"""Charts with their sentence: larger than rows, and wanted only while a patient is on the desk."""
MOST_AT_ONCE = 1_500
"""Patients in treatment of whom all are looked at together: the store keeps 2,000 cases, and a first look at so many takes seconds."""
T = TypeVar("T")

_lock = Lock()
Shelf = OrderedDict[tuple[str, str], tuple[Case, tuple[object, ...], object]]
_kept: Shelf = OrderedDict()
_drawn: Shelf = OrderedDict()


def of_case(kind: str, case: Case, at: Desk, make: Callable[[], T], *also: object) -> T:
    """What `make` finds, made anew when the record, the day, the knowledge or one of `also` is another.

    The store hands out the same frozen case until somebody changes it, so "is it the same object" is the whole question.
    """
    return _on(_kept, MOST, kind, case, at, make, also)


def chart(kind: str, case: Case, at: Desk, make: Callable[[], T], *also: object) -> T:
    """As `of_case`, for what is drawn."""
    return _on(_drawn, MOST_DRAWN, kind, case, at, make, also)


def _on(shelf: Shelf, most: int, kind: str, case: Case, at: Desk, make: Callable[[], T], also: tuple[object, ...]) -> T:
    slot, depends = (kind, case.episode.id), (at.clinic.today, id(at.clinic.knowledge), *also)
    with _lock:
        found = shelf.get(slot)
    if found is not None and found[0] is case and found[1] == depends:
        return found[2]  # type: ignore[return-value]
    made = make()
    with _lock:
        shelf[slot] = (case, depends, made)
        shelf.move_to_end(slot)
        while len(shelf) > most:
            shelf.popitem(last=False)
    return made


def in_treatment(at: Desk) -> tuple[Case, ...]:
    """Everybody in treatment; in a house with more than can be looked at together, those of who looks."""
    ids = read.open_episode_ids(at.clinic.database)
    return at.clinic.cases(read.open_episode_ids(at.clinic.database, at.actor.account_id) if len(ids) > MOST_AT_ONCE else ids)


def narrowed_from(at: Desk) -> int:
    """How many are in treatment in the house when the list holds only one's own, else 0."""
    everybody = len(read.open_episode_ids(at.clinic.database))
    return everybody if everybody > MOST_AT_ONCE else 0


def rows(at: Desk, cases: Iterable[Case]) -> tuple[CaseloadRow, ...]:
    """The caseload, the most urgent first; only rows of changed patients are computed."""
    clinic = at.clinic
    return most_urgent_first(
        of_case("row", one, at, lambda case=one: caseload_row(case, clinic.knowledge, clinic.today))  # type: ignore[misc]
        for one in cases if one.episode.is_open
    )


def review(at: Desk, case: Case) -> WeeklyReview:
    """The weekly review of one patient in the week of this clinic that holds today."""
    clinic, first = at.clinic, at.clinic.profile.week_start
    return of_case("review", case, at, lambda: weekly_review(case, clinic.knowledge, clinic.today, first_day=first), first)


def of_ended(kind: str, at: Desk, make: Callable[[tuple[Case, ...]], T], *also: object) -> T:
    """What `make` finds in the newest ended episodes; their records are read again only when another episode has ended, or the day is another."""
    still_open = set(read.open_episode_ids(at.clinic.database))
    ended = tuple(one for one in read.all_episode_ids(at.clinic.database) if one not in still_open)[-MOST_ENDED:]
    depends = (at.clinic.today, id(at.clinic.knowledge), ended, *also)
    found = _whole.get(kind)
    if found is not None and found[1] == depends:
        return found[2]  # type: ignore[return-value]
    made = make(at.clinic.counted(ended))
    _whole[kind] = ((), depends, made)
    return made


_whole: dict[str, tuple[Sequence[object], tuple[object, ...], object]] = {}


def of_all(kind: str, cases: Sequence[object], at: Desk, make: Callable[[], T], *also: object) -> T:
    """What `make` finds in all these cases or rows together; made anew when one of them, the day or one of `also` is another."""
    depends = (at.clinic.today, id(at.clinic.knowledge), *also)
    found = _whole.get(kind)
    if found is not None and found[1] == depends and len(found[0]) == len(cases) and all(
            old is new for old, new in zip(found[0], cases, strict=True)):
        return found[2]  # type: ignore[return-value]
    made = make()
    _whole[kind] = (cases, depends, made)
    return made
