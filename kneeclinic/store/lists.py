"""The lists that SQL answers at once: the caseload at a glance, the latest values of all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kneeclinic.record.visits import Value
from kneeclinic.store.reading import Reader
from kneeclinic.store.sealing import open_words
from kneeclinic.vocabulary import AffectedSide, EpisodeStatus, Side


@dataclass(frozen=True)
class CaseloadLine:
    """One open episode: where it stands and what comes next; None = has not happened."""

    episode_id: str
    patient_id: str
    side: AffectedSide
    status: EpisodeStatus
    therapist: str
    opened_on: date
    first_visit_on: date | None
    last_visit_on: date | None
    visits: int
    next_planned_on: date | None
    last_check_in_week: date | None
    program_id: str | None
    program_version: int | None
    program_starts_on: date | None
    first_program_on: date | None
    phase: int | None
    paused: bool | None
    tape_stop_on: date | None
    device_stop_on: date | None
    last_review_week: date | None
    last_run_at: datetime | None


@dataclass(frozen=True)
class LatestValue:
    """The newest valid value of one measure on one side in one episode."""

    episode_id: str
    patient_id: str
    measure: str
    side: Side
    observation_id: str
    value: Value
    taken_on: date


def caseload_lines(db: Reader, therapist: str | None = None) -> tuple[CaseloadLine, ...]:
    """Every open episode (view v_caseload), the oldest first; of one therapist, or of all."""
    rows = db.rows(
        """
        select episode_id, patient_id, side, status, therapist, opened_on, first_visit_on, last_visit_on, coalesce(visits, 0), next_planned_on,
               last_check_in_week, program_id, program_version, program_starts_on, first_program_on, phase, paused, tape_stop_on,
               device_stop_on, last_review_week, last_run_at
        from v_caseload where ?::varchar is null or therapist = ? order by opened_on, episode_id
        """,
        [therapist, therapist],
    )
    return tuple(CaseloadLine(row[0], row[1], AffectedSide(row[2]), EpisodeStatus(row[3]), *row[4:]) for row in rows)


def latest_values(db: Reader, measure: str | None = None, episode_id: str | None = None) -> tuple[LatestValue, ...]:
    """The newest values (view v_latest) of one measure, of one episode, or of all."""
    rows = db.rows(
        """
        select episode_id, patient_id, measure, side, observation_id, value, choice, taken_on, sealed_words
        from v_latest
        where (?::varchar is null or measure = ?) and (?::varchar is null or episode_id = ?)
        order by episode_id, measure, side
        """,
        [measure, measure, episode_id, episode_id],
    )
    found = []
    for episode, patient, measure_id, side, id_, value, choice, taken_on, sealed in rows:
        if value is None:
            value = choice if choice is not None else open_words(db.keys, "observation", id_, sealed).get("value", "")
        found.append(LatestValue(episode, patient, measure_id, Side(side), id_, value, taken_on))
    return tuple(found)
