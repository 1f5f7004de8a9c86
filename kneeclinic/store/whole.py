"""Every record of the clinic, those that no longer count included, in the order in which they came: for taking the whole clinic out.

What there may be much of comes piece by piece, so that a large clinic takes no more memory than a small one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from kneeclinic.record.drafts import Draft
from kneeclinic.record.episodes import Episode
from kneeclinic.record.papers import DocumentIssued
from kneeclinic.record.people import Patient
from kneeclinic.record.programs import Program
from kneeclinic.record.visits import Observation, Visit
from kneeclinic.record.weeks import CheckIn, PlannedVisit, Review, Run, Snooze
from kneeclinic.security.audit import AuditEntry
from kneeclinic.store import audit, check_ins, documents, drafts, episodes, observations, patients, plans, programs, reviews, runs, visits
from kneeclinic.store.reading import Reader, Row
from kneeclinic.store.sealing import open_text, open_words

PIECE = 10_000
"""Rows in memory at once."""
BEFORE_ALL = -(2**63)
PEOPLE = 500
"""Patients or episodes whose versions are asked for at once."""
T = TypeVar("T")


def every_patient(view: Reader) -> Iterator[Patient]:
    """Each with the versions before it, oldest first."""
    for ids in _some(patients.patient_ids(view)):
        before = _versions(view, patients._SELECT, "patient_history", ids, lambda row: patients._opened(view.keys, row))
        for one in patients.read_patients(view, ids):
            yield from (*before[one.id], one)


def every_episode(view: Reader) -> Iterator[Episode]:
    """Each with the versions before it, oldest first."""
    for ids in _some(episodes.all_episode_ids(view)):
        before = _versions(view, episodes._SELECT, "episode_history", ids, lambda row: episodes._opened(view.keys, row, (), ()))
        for one in episodes.read_episodes(view, ids):
            yield from (*before[one.id], one)


def every_visit(view: Reader) -> Iterator[Visit]:
    """Each with the versions before it, oldest first, episode by episode."""
    for ids in _some(episodes.all_episode_ids(view)):
        found = [one for of_one in visits.visits_by_episode(view, ids).values() for one in of_one]
        before = _versions(view, visits._SELECT, "visit_history", [one.id for one in found], lambda row: visits._opened(view.keys, row, ()))
        for one in found:
            yield from (*before[one.id], one)


def every_program(view: Reader) -> Iterator[Program]:
    """All versions, episode by episode."""
    for ids in _some(episodes.all_episode_ids(view)):
        for versions in programs.programs_by_episode(view, ids).values():
            yield from versions


def every_observation(view: Reader) -> Iterator[Observation]:
    for rows in _by_place(view, "observation", observations._WHOLE):
        yield from (observations._opened_whole(view.keys, row) for row in rows)


def every_check_in(view: Reader) -> Iterator[CheckIn]:
    for rows in _by_place(view, "check_in", check_ins._SELECT + ", invalidated_at"):
        days = check_ins._days(view, [row[0] for row in rows])
        yield from (check_ins._opened(view, row, days[row[0]]) for row in rows)


def every_run(view: Reader) -> Iterator[Run]:
    ids = [row[0] for row in view.rows("select id from run order by rowid")]
    for some in _some(ids, PIECE):
        rows = view.rows(runs._SELECT + "where id in (select unnest(?::varchar[])) order by rowid", [some])
        yield from (runs._opened(view, row) for row in rows)


def every_run_file(view: Reader) -> tuple[tuple[str, str, str, str], ...]:
    """Hash, patient, name and the moment of each kept file; the bytes come from `read_run_file`."""
    rows = view.rows("select sha256, patient_id, sealed_name, stored_at from run_file order by rowid")
    return tuple((row[0], row[1], open_text(view.keys, "run_file", "sealed_name", row[0], row[2]), row[3].isoformat()) for row in rows)


def every_review(view: Reader) -> tuple[Review, ...]:
    return tuple(reviews._opened(view, row) for row in view.rows(reviews._SELECT + "order by place"))


def every_planned(view: Reader) -> tuple[PlannedVisit, ...]:
    return tuple(plans._opened(view, row) for row in view.rows(plans._SELECT + "order by rowid"))


def every_snooze(view: Reader) -> tuple[Snooze, ...]:
    rows = view.rows("select id, episode_id, alert, until_on, sealed_words, snoozed_by, snoozed_at from snooze order by place")
    return tuple(
        Snooze(row[0], row[1], row[2], row[3], open_words(view.keys, "snooze", row[0], row[4]).get("reason", ""), row[5],
               plans.from_utc(row[6]))
        for row in rows
    )


def every_document(view: Reader) -> tuple[DocumentIssued, ...]:
    return tuple(documents._opened(view, row) for row in view.rows(documents._SELECT + "order by issued_at, rowid"))


def every_draft(view: Reader) -> tuple[Draft, ...]:
    rows = view.rows("select kind, owner, subject_id, revision, sealed_payload, saved_at from draft order by saved_at")
    return tuple(drafts._opened(view, row) for row in rows)


def every_audit_entry(view: Reader) -> Iterator[AuditEntry]:
    last = 0
    while rows := view.rows(audit._SELECT + "where seq > ? order by seq limit ?", [last, PIECE]):
        yield from (audit._opened(view, row) for row in rows)
        last = rows[-1][0]


def _some(ids: Sequence[str], size: int = PEOPLE) -> Iterator[list[str]]:
    for first in range(0, len(ids), size):
        yield list(ids[first:first + size])


def _versions(view: Reader, select: str, table: str, ids: list[str], opened: Callable[[Row], T]) -> dict[str, list[T]]:
    """Earlier versions of these records by id, oldest first."""
    found: dict[str, list[T]] = defaultdict(list)
    for some in _some(ids, PIECE):
        for row in view.rows(select + f"from {table} where id in (select unnest(?::varchar[])) order by version", [some]):
            found[row[0]].append(opened(row))
    return found


def _by_place(view: Reader, table: str, select: str) -> Iterator[list[Row]]:
    """Rows in the order of their places; those of one place, if there are such, come in one piece."""
    some = f"select place from {table} where place > ? order by place limit ?"  # noqa: S608 (our own word)
    last = BEFORE_ALL
    while (end := max(view.rows(some, [last, PIECE]), default=(None,))[0]) is not None:
        yield view.rows(f"{select} from {table} where place > ? and place <= ? order by place", [last, end])
        last = end
