"""Runs, and the watch files they came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from kneeclinic.record.weeks import Run
from kneeclinic.store.reading import Reader, Row
from kneeclinic.store.sealing import from_utc, open_blob, open_text, open_words, seal_blob, seal_text, seal_words, to_utc
from kneeclinic.store.transactions import Transaction, unnested
from kneeclinic.vocabulary import Conflict, NotFound

_INSERT = unnested("run", {
    "id": "varchar", "patient_id": "varchar", "episode_id": "varchar", "started": "timestamp", "km": "double", "minutes": "double",
    "cadence_spm": "double", "climb_m": "double", "descent_m": "double", "pain_during": "integer", "pain_next_morning": "integer",
    "settled_within_60_min": "boolean", "source": "varchar", "file_hash": "varchar", "sealed_words": "blob", "entered_by": "varchar",
    "entered_at": "timestamp", "invalidated_at": "timestamp",
})
_SELECT = """
    select id, patient_id, episode_id, started, km, minutes, cadence_spm, climb_m, descent_m, pain_during, pain_next_morning,
           settled_within_60_min, source, file_hash, sealed_words, entered_by, entered_at, invalidated_at
    from run
"""


def save_runs(tx: Transaction, runs: Sequence[Run]) -> None:
    """Appends runs; `started` is local clinic time."""
    tx.insert(_INSERT, [
        [one.id, one.patient_id, one.episode_id, one.started.replace(tzinfo=None), one.km, one.minutes, one.cadence_spm, one.climb_m,
         one.descent_m, one.pain_during, one.pain_next_morning, one.settled_within_60_min, one.source, one.file_hash,
         seal_words(tx.keys, "run", one.id, {"note": one.note, "file_name": one.file_name}), one.entered_by, to_utc(one.entered_at),
         to_utc(one.invalidated_at)]
        for one in runs
    ])
    tx.touch(*{one.episode_id for one in runs})


def save_run_annotated(tx: Transaction, run: Run) -> None:
    """What was told about a run afterwards: pain, whether it settled, a note. Raises Conflict when the run is not there."""
    done = tx.rows(
        "update run set pain_during = ?, pain_next_morning = ?, settled_within_60_min = ?, sealed_words = ? "
        "where id = ? and invalidated_at is null returning id",
        [run.pain_during, run.pain_next_morning, run.settled_within_60_min,
         seal_words(tx.keys, "run", run.id, {"note": run.note, "file_name": run.file_name}), run.id],
    )
    if not done:
        raise Conflict("The run does not exist or was marked as not valid; look at the list again.")
    tx.touch(run.episode_id)


def save_run_invalidated(tx: Transaction, run_id: str, at: datetime) -> None:
    """Marks a run as not valid; it stays in the record."""
    done = tx.rows("update run set invalidated_at = ? where id = ? and invalidated_at is null returning episode_id", [to_utc(at), run_id])
    if not done:
        raise Conflict("The run does not exist or was marked as not valid before; look at the list again.")
    tx.touch(done[0][0])


def read_run(db: Reader, run_id: str) -> Run:
    """One run, valid or not; raises NotFound."""
    row = db.one(_SELECT + "where id = ?", [run_id])
    if row is None:
        raise NotFound(f"There is no run with the id {run_id}.")
    return _opened(db, row)


def runs_of(db: Reader, patient_id: str) -> tuple[Run, ...]:
    """All valid runs of a patient in all episodes, oldest first: to tell a duplicate."""
    rows = db.rows(_SELECT + "where patient_id = ? and invalidated_at is null order by started, rowid", [patient_id])
    return tuple(_opened(db, row) for row in rows)


def runs_by_episode(db: Reader, episode_ids: Iterable[str]) -> dict[str, tuple[Run, ...]]:
    """Valid runs by episode, oldest first."""
    wanted = list(dict.fromkeys(episode_ids))
    rows = db.rows(_SELECT + "where episode_id in (select unnest(?::varchar[])) and invalidated_at is null order by started, rowid", [wanted])
    found: dict[str, list[Run]] = defaultdict(list)
    for row in rows:
        found[row[2]].append(_opened(db, row))
    return {one: tuple(found[one]) for one in wanted}


def save_run_file(tx: Transaction, sha256: str, patient_id: str, name: str, data: bytes, at: datetime) -> bool:
    """Keeps the original file under seal (a track starts at home); False when it was kept before."""
    if tx.one("select 1 from run_file where sha256 = ?", [sha256]):
        return False
    tx.run("insert into run_file (sha256, patient_id, sealed_name, sealed_bytes, stored_at) values (?, ?, ?, ?, ?)", [
        sha256, patient_id, seal_text(tx.keys, "run_file", "sealed_name", sha256, name),
        seal_blob(tx.keys, "run_file", "sealed_bytes", sha256, data), to_utc(at),
    ])
    return True


def read_run_file(db: Reader, sha256: str) -> tuple[str, bytes]:
    """Name and bytes of an original file; raises NotFound."""
    row = db.one("select sealed_name, sealed_bytes from run_file where sha256 = ?", [sha256])
    if row is None:
        raise NotFound(f"There is no run file with the hash {sha256}.")
    return open_text(db.keys, "run_file", "sealed_name", sha256, row[0]), open_blob(db.keys, "run_file", "sealed_bytes", sha256, row[1])


def _opened(db: Reader, row: Row) -> Run:
    words = open_words(db.keys, "run", row[0], row[14])
    return Run(
        id=row[0], patient_id=row[1], episode_id=row[2], started=row[3], km=row[4], minutes=row[5], cadence_spm=row[6], climb_m=row[7],
        descent_m=row[8], pain_during=row[9], pain_next_morning=row[10], settled_within_60_min=row[11], source=row[12], file_hash=row[13],
        file_name=words.get("file_name", ""), note=words.get("note", ""), entered_by=row[15], entered_at=from_utc(row[16]),
        invalidated_at=from_utc(row[17]),
    )
