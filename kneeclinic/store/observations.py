"""Single values: appended, never changed; the latest valid one of a day counts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from kneeclinic.record.visits import Observation
from kneeclinic.security.keys import Keys
from kneeclinic.store.reading import Reader, Row
from kneeclinic.store.sealing import from_utc, open_text, open_words, seal_text, seal_words, to_utc
from kneeclinic.store.transactions import ENTRY_BITS, Transaction, unnested
from kneeclinic.vocabulary import Conflict, NotFound, Side

_INSERT = unnested("observation", {
    "id": "varchar", "visit_id": "varchar", "episode_id": "varchar", "patient_id": "varchar", "measure": "varchar", "side": "varchar",
    "value": "double", "choice": "varchar", "items": "double[]", "sealed_words": "blob", "taken_on": "date", "place": "bigint",
    "carried": "boolean", "entered_by": "varchar", "entered_at": "timestamp", "invalidated_at": "timestamp", "invalidated_by": "varchar",
    "sealed_invalidated_why": "blob",
})
_VALID = """
    select id, visit_id, episode_id, patient_id, measure, side, value, choice, items, sealed_words, taken_on, carried, entered_by, entered_at
"""
_WHOLE = _VALID + ", invalidated_at, invalidated_by, sealed_invalidated_why "
_CODE = re.compile(r"[a-z0-9][a-z0-9_.+-]{0,60}")
SLICE = 130_000
"""Values laid in order in one transaction: a row group of the engine; who saves meanwhile waits for one such piece, not for all."""
LAID = "values laid in order up to entry"
_NEW, _SET = object.__new__, object.__setattr__
_SIDES = {one.value: one for one in Side}


def save_observations(tx: Transaction, observations: Sequence[Observation]) -> None:
    """Appends values. A text is stored readable only when its measure's answers are codes and it looks like one; else sealed."""
    tx.insert(_INSERT, [_stored(tx, one) for one in observations])
    tx.touch(*{one.episode_id for one in observations})


def save_observation(tx: Transaction, observation: Observation) -> None:
    save_observations(tx, [observation])


def save_invalidated(tx: Transaction, observation_id: str, *, at: datetime, by: str, why: str, patient_id: str = "") -> Observation:
    """Marks a value as not valid, with the reason; it stays in the record. Raises Conflict when it was marked before.

    Who knows the patient says so: then one patient is looked through, not all of a large clinic.
    """
    sealed = seal_text(tx.keys, "observation", "sealed_invalidated_why", observation_id, why)
    patient = patient_id or read_observation(tx, observation_id).patient_id
    done = tx.rows(
        "update observation set invalidated_at = ?, invalidated_by = ?, sealed_invalidated_why = ? "
        "where patient_id = ? and id = ? and invalidated_at is null returning episode_id",
        [to_utc(at), by, sealed, patient, observation_id],
    )
    after = read_observation(tx, observation_id, patient)
    if not done:
        raise Conflict("The value was marked as not valid by somebody else in the meantime; nothing more to do.")
    tx.touch(done[0][0])
    return after


def read_observation(db: Reader, observation_id: str, patient_id: str = "") -> Observation:
    """One value, valid or not; raises NotFound. With the patient it is found at once, without only after looking through everybody's."""
    if patient_id:
        row = db.one(_WHOLE + "from observation where patient_id = ? and id = ?", [patient_id, observation_id])
    else:
        row = db.one(_WHOLE + "from observation where id = ?", [observation_id])
    if row is None:
        raise NotFound(f"There is no value with the id {observation_id}.")
    return _opened_whole(db.keys, row)


def observations_of_visit(db: Reader, visit_id: str) -> tuple[Observation, ...]:
    """Everything entered at one visit, in order of entry: valid, replaced and invalidated."""
    of_visit = db.one("select patient_id from visit where id = ?", [visit_id])
    if of_visit is None:
        rows = db.rows(_WHOLE + "from observation where visit_id = ? order by place", [visit_id])
    else:  # rows lie by patient after re-clustering: without the patient, all of a large clinic would be read
        rows = db.rows(_WHOLE + "from observation where patient_id = ? and visit_id = ? order by place", [of_visit[0], visit_id])
    return tuple(_opened_whole(db.keys, row) for row in rows)


def all_observations_of(db: Reader, episode_id: str) -> tuple[Observation, ...]:
    """Everything entered in one episode, in order of day and entry: valid, replaced and invalidated."""
    return tuple(_opened_whole(db.keys, row) for row in db.rows(_WHOLE + "from observation where episode_id = ? order by place", [episode_id]))


def observations_by_episode(db: Reader, episode_ids: Sequence[str], patient_ids: Sequence[str]) -> dict[str, list[Observation]]:
    """What counts, by episode, oldest first: of each measure, side and day the value entered last that was not invalidated."""
    if len(episode_ids) == 1 and len(patient_ids) == 1:
        rows = db.rows(
            _VALID + "from observation where invalidated_at is null and patient_id = ? and episode_id = ? order by place",
            [patient_ids[0], episode_ids[0]],
        )
    else:
        # Rows lie by patient after re-clustering, so the patients prune what is read.
        rows = db.rows(
            _VALID + "from observation where invalidated_at is null and patient_id in (select unnest(?::varchar[])) "
            "and episode_id in (select unnest(?::varchar[])) order by place",
            [list(patient_ids), list(episode_ids)],
        )
    return _counting(db.keys, rows)


def reclustering_slices(db: Reader, size: int = SLICE) -> list[tuple[str, str]]:
    """Patients in order, cut where about `size` values are together: first and last patient of each piece."""
    slices: list[tuple[str, str]] = []
    first, held = "", 0
    for patient, values in db.rows("select patient_id, count(*) from observation group by patient_id order by patient_id"):
        first, held = first or patient, held + values
        if held >= size:
            slices.append((first, patient))
            first, held = "", 0
    if first:
        slices.append((first, patient))
    return slices


def values_out_of_order(db: Reader) -> int:
    """Values entered since they were laid in order the last time."""
    row = db.one(
        "select count(*) from observation where place & ? > coalesce((select cast(value as bigint) from house where name = ?), 0)",
        [(1 << ENTRY_BITS) - 1, LAID])
    return int(row[0]) if row else 0


def save_laid_in_order(tx: Transaction, entry: int) -> None:
    """Notes that everything up to this number of entry lies in order."""
    tx.run("insert into house (name, value) values (?, ?) on conflict (name) do update set value = excluded.value", [LAID, str(entry)])


def save_reclustered(tx: Transaction, first: str = "", last: str = "\uffff") -> int:
    """Lays the values of these patients side by side by patient, measure and time, so that one patient is read in one piece; returns how many."""
    newest = tx.one("select max(rowid) from observation")
    if newest is None or newest[0] is None:
        return 0
    laid = tx.rows("insert into observation select * from observation where patient_id between ? and ? order by patient_id, measure, place",
                   [first, last])
    tx.run("delete from observation where rowid <= ? and patient_id between ? and ?", [newest[0], first, last])
    return int(laid[0][0])


def _counting(keys: Keys, rows: Iterable[Row]) -> dict[str, list[Observation]]:
    """Later rows of the same measure, side and day replace earlier ones (rows come ordered by place)."""
    latest: dict[str, dict[tuple[Any, ...], Row]] = defaultdict(dict)
    for row in rows:
        of_episode = latest[row[2]]
        key = (row[4], row[5], row[10])
        if key in of_episode:
            del of_episode[key]
        of_episode[key] = row
    instants: dict[datetime | None, datetime | None] = {None: None}
    for of_episode in latest.values():
        for stamp in {row[13] for row in of_episode.values()}:
            if stamp not in instants:
                instants[stamp] = from_utc(stamp)
    return {one: [_built(keys, row, instants[row[13]]) for row in of_episode.values()] for one, of_episode in latest.items()}


def _built(keys: Keys, row: Row, entered_at: datetime | None) -> Observation:
    """An Observation without the cost of a frozen `__init__` (a caseload reads forty thousand); equal to one made the usual way."""
    id_, visit_id, episode_id, patient_id, measure, side, value, choice, items, sealed, taken_on, carried, entered_by, _ = row
    note = ""
    if sealed is not None:
        words = open_words(keys, "observation", id_, sealed)
        note = words.get("note", "")
        choice = words.get("value", choice)
    one = _NEW(Observation)
    _SET(one, "__dict__", {
        "id": id_, "visit_id": visit_id, "episode_id": episode_id, "patient_id": patient_id, "measure": measure, "side": _SIDES[side],
        "value": value if value is not None else (choice or ""), "on": taken_on, "items": tuple(items) if items is not None else None,
        "note": note, "carried": carried, "entered_by": entered_by, "entered_at": entered_at,
        "invalidated_at": None, "invalidated_by": "", "invalidated_why": "",
    })
    return one


def _opened_whole(keys: Keys, row: Row) -> Observation:
    one = _built(keys, row[:14], from_utc(row[13]))
    one.__dict__.update({
        "invalidated_at": from_utc(row[14]), "invalidated_by": row[15] or "",
        "invalidated_why": open_text(keys, "observation", "sealed_invalidated_why", one.id, row[16]),
    })
    return one


def _stored(tx: Transaction, one: Observation) -> list[Any]:
    words: dict[str, Any] = {"note": one.note}
    value, choice = None, None
    if not isinstance(one.value, str):
        value = float(one.value)
    elif one.measure in tx.coded_measures and _CODE.fullmatch(one.value):
        choice = one.value
    else:
        words["value"] = one.value
    return [
        one.id, one.visit_id, one.episode_id, one.patient_id, one.measure, one.side.value, value, choice,
        None if one.items is None else list(one.items), seal_words(tx.keys, "observation", one.id, words), one.on, tx.place(one.on),
        one.carried, one.entered_by, to_utc(one.entered_at), to_utc(one.invalidated_at), one.invalidated_by or None,
        seal_text(tx.keys, "observation", "sealed_invalidated_why", one.id, one.invalidated_why),
    ]
