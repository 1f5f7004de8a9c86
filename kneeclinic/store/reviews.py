"""Weekly decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from kneeclinic.record.weeks import Review
from kneeclinic.store.reading import Reader, Row
from kneeclinic.store.sealing import from_utc, open_words, seal_words, to_utc
from kneeclinic.store.transactions import Transaction, valued
from kneeclinic.vocabulary import Conflict, Decision, NotFound

_INSERT = valued("review", (
    "id episode_id patient_id week_start suggested_rule suggested decision sealed_words clinician edition program_id place decided_at undone_at"
))
_SELECT = """
    select id, episode_id, patient_id, week_start, suggested_rule, suggested, decision, sealed_words, clinician, edition, program_id,
           decided_at, undone_at
    from review
"""


def save_review(tx: Transaction, one: Review) -> None:
    """Appends a decision."""
    words = {"because": list(one.because), "reason": one.reason, "note": one.note}
    tx.run(_INSERT, [
        one.id, one.episode_id, one.patient_id, one.week_start, one.suggested_rule, one.suggested.value, one.decision.value,
        seal_words(tx.keys, "review", one.id, words), one.clinician, one.edition, one.program_id, tx.place(one.week_start),
        to_utc(one.decided_at), to_utc(one.undone_at),
    ])
    tx.touch(one.episode_id)


def save_review_undone(tx: Transaction, review_id: str, at: datetime) -> None:
    """Takes a decision back; it stays in the record."""
    done = tx.rows("update review set undone_at = ? where id = ? and undone_at is null returning episode_id", [to_utc(at), review_id])
    if not done:
        raise Conflict("The review does not exist or was taken back before; look at the list again.")
    tx.touch(done[0][0])


def read_review(db: Reader, review_id: str) -> Review:
    """One decision, taken back or not; raises NotFound."""
    row = db.one(_SELECT + "where id = ?", [review_id])
    if row is None:
        raise NotFound(f"There is no review with the id {review_id}.")
    return _opened(db, row)


def reviews_by_episode(db: Reader, episode_ids: Iterable[str]) -> dict[str, tuple[Review, ...]]:
    """Decisions that stand, by episode, oldest first."""
    wanted = list(dict.fromkeys(episode_ids))
    rows = db.rows(_SELECT + "where episode_id in (select unnest(?::varchar[])) and undone_at is null order by place", [wanted])
    found: dict[str, list[Review]] = defaultdict(list)
    for row in rows:
        found[row[1]].append(_opened(db, row))
    return {one: tuple(found[one]) for one in wanted}


def _opened(db: Reader, row: Row) -> Review:
    words = open_words(db.keys, "review", row[0], row[7])
    return Review(
        id=row[0], episode_id=row[1], patient_id=row[2], week_start=row[3], suggested_rule=row[4], suggested=Decision(row[5]),
        decision=Decision(row[6]), because=tuple(words.get("because", ())), reason=words.get("reason", ""), clinician=row[8], edition=row[9],
        note=words.get("note", ""), program_id=row[10], decided_at=from_utc(row[11]), undone_at=from_utc(row[12]),
    )
