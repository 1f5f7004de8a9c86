"""Every record of the clinic, those that no longer count included, in the order in which they came: for taking the whole clinic out."""

from __future__ import annotations

from kneeclinic.record.drafts import Draft
from kneeclinic.record.papers import DocumentIssued
from kneeclinic.record.visits import Observation
from kneeclinic.record.weeks import CheckIn, PlannedVisit, Review, Run, Snooze
from kneeclinic.security.audit import AuditEntry
from kneeclinic.store import audit, check_ins, documents, drafts, observations, plans, reviews, runs
from kneeclinic.store.reading import Reader
from kneeclinic.store.sealing import open_text, open_words


def every_observation(view: Reader) -> tuple[Observation, ...]:
    rows = view.rows(observations._WHOLE + "from observation order by place")
    return tuple(observations._opened_whole(view.keys, row) for row in rows)


def every_check_in(view: Reader) -> tuple[CheckIn, ...]:
    rows = view.rows(check_ins._SELECT + ", invalidated_at from check_in order by place")
    days = check_ins._days(view, [row[0] for row in rows])
    return tuple(check_ins._opened(view, row, days[row[0]]) for row in rows)


def every_run(view: Reader) -> tuple[Run, ...]:
    return tuple(runs._opened(view, row) for row in view.rows(runs._SELECT + "order by rowid"))


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


def every_audit_entry(view: Reader) -> tuple[AuditEntry, ...]:
    return tuple(audit._opened(view, row) for row in view.rows(audit._SELECT + "order by seq"))
