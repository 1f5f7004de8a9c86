"""The visits and values of a large invented clinic, made by the engine itself: eight million in half a minute, the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kneeclinic.store.transactions import ENTRY_BITS, Transaction
from kneeclinic.vocabulary import Side


@dataclass(frozen=True)
class InventedCourse:
    """One episode whose visits are still to be made up: weekly from `opened_on`; `gain` is the share of a measure's change that is reached."""

    episode_id: str
    patient_id: str
    side: Side
    therapist: str
    opened_on: date
    gain: float


@dataclass(frozen=True)
class InventedMeasure:
    """A measure of each visit: value at the start, change over the course, spread around it, limits."""

    measure: str
    sided: bool
    start: float
    change: float
    spread: float
    low: float
    high: float
    whole: bool


_COURSES = """
    create or replace temp table invented_visit as
    select left(md5(concat(?::varchar, '/visit/', episode_id, '/', number)), 20) as id, episode_id, patient_id, side, therapist,
           cast(opened_on + 7 * number as date) as visit_on, number, gain * number / greatest(1, ?::integer - 1) as share
    from (
        select unnest(?::varchar[]) as episode_id, unnest(?::varchar[]) as patient_id, unnest(?::varchar[]) as side,
               unnest(?::varchar[]) as therapist, unnest(?::date[]) as opened_on, unnest(?::double[]) as gain
    ) course, (select unnest(range(?::integer))::integer as number) visits
"""
_VISITS = """
    insert into visit (id, episode_id, patient_id, kind, visit_on, clinician, state, sealed_words, signed_by, signed_at, edition, version,
                       entered_by, entered_at)
    select id, episode_id, patient_id, case number when 0 then 'first' else 'follow_up' end, visit_on, therapist, 'signed', null, therapist,
           visit_on + interval 9 hour, ?, 1, therapist, visit_on + interval 9 hour
    from invented_visit order by visit_on, id
"""
# Two even numbers out of a hash become one that is normal (Box and Muller).
_VALUES = """
    insert into observation (id, visit_id, episode_id, patient_id, measure, side, value, choice, items, sealed_words, taken_on, place, carried,
                             entered_by, entered_at, invalidated_at, invalidated_by, sealed_invalidated_why)
    select left(md5(concat(visit_id, measure)), 20), visit_id, episode_id, patient_id, measure, side,
           round(greatest(low, least(high, start + change * share
               + spread * sqrt(-2 * ln(((one % 1000003) + 1) / 1000005)) * cos(2 * pi() * (other % 1000003) / 1000003))), digits),
           null, null, null, visit_on,
           (date_diff('day', date '1970-01-01', visit_on)::bigint << ?) | (?::bigint + row_number() over (order by visit_on, visit_id, measure)),
           false, therapist, visit_on + interval 9 hour, null, null, null
    from (
        select visit.id as visit_id, episode_id, patient_id, therapist, visit_on, share, measure, start, change, spread, low, high, digits,
               case when sided then side else 'none' end as side, hash(visit.id, measure, 1) as one, hash(visit.id, measure, 2) as other
        from invented_visit visit, (
            select unnest(?::varchar[]) as measure, unnest(?::boolean[]) as sided, unnest(?::double[]) as start, unnest(?::double[]) as change,
                   unnest(?::double[]) as spread, unnest(?::double[]) as low, unnest(?::double[]) as high, unnest(?::integer[]) as digits
        ) measures
    )
    order by patient_id, measure, visit_on
"""


def save_invented_visits(
    tx: Transaction, courses: Sequence[InventedCourse], measures: Sequence[InventedMeasure], visits: int, *, seed: int, edition: str,
) -> int:
    """So many signed weekly visits of each course, every measure at each, laid side by side by patient; returns how many values."""
    columns: list[list[object]] = [
        [one.episode_id for one in courses], [one.patient_id for one in courses], [one.side.value for one in courses],
        [one.therapist for one in courses], [one.opened_on for one in courses], [one.gain for one in courses],
    ]
    tx.run(_COURSES, [str(seed), visits, *columns, visits])
    tx.run(_VISITS, [edition])
    tx.run(_VALUES, [
        ENTRY_BITS, tx.entry, [one.measure for one in measures], [one.sided for one in measures], [one.start for one in measures],
        [one.change for one in measures], [one.spread for one in measures], [one.low for one in measures], [one.high for one in measures],
        [0 if one.whole else 1 for one in measures],
    ])
    tx.run("drop table invented_visit")
    made = len(courses) * visits * len(measures)
    tx.entry += made
    tx.touch(*(one.episode_id for one in courses))
    return made
