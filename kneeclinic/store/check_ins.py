"""Check-ins: a week as the patient lived it; the one entered last for a week counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from kneeclinic.record.weeks import CheckIn, CheckInDay
from kneeclinic.store.reading import Reader, Row
from kneeclinic.store.sealing import from_utc, open_words, seal_words, to_utc
from kneeclinic.store.transactions import Transaction, unnested, valued
from kneeclinic.vocabulary import CheckInSource, Conflict, NotFound

_INSERT = valued("check_in", (
    "id episode_id patient_id week_start source sessions_done sessions_prescribed pain_usual pain_worst pain_next_morning tape_days km "
    "sealed_words program_id place entered_by entered_at invalidated_at"
))
_DAYS = unnested("check_in_day", {
    "check_in_id": "varchar", "day_on": "date", "done": "varchar[]", "pain_usual": "integer", "pain_worst": "integer",
    "pain_next_morning": "integer", "tape_worn": "boolean", "km": "double",
})
_SELECT = """
    select id, episode_id, patient_id, week_start, source, sessions_done, sessions_prescribed, pain_usual, pain_worst, pain_next_morning,
           tape_days, km, sealed_words, program_id, entered_by, entered_at
"""


def save_check_in(tx: Transaction, one: CheckIn) -> None:
    """Appends a week with its days; an earlier entry of the same week stays, but no longer counts."""
    tx.run(_INSERT, [
        one.id, one.episode_id, one.patient_id, one.week_start, one.source.value, one.sessions_done, one.sessions_prescribed, one.pain_usual,
        one.pain_worst, one.pain_next_morning, one.tape_days, one.km, seal_words(tx.keys, "check_in", one.id, {"note": one.note}),
        one.program_id, tx.place(one.week_start), one.entered_by, to_utc(one.entered_at), to_utc(one.invalidated_at),
    ])
    tx.insert(_DAYS, [
        [one.id, day.on, list(day.done), day.pain_usual, day.pain_worst, day.pain_next_morning, day.tape_worn, day.km] for day in one.days
    ])
    tx.touch(one.episode_id)


def save_check_in_invalidated(tx: Transaction, check_in_id: str, at: datetime) -> None:
    """Marks a week as not valid; an earlier entry of the same week counts again."""
    done = tx.rows("update check_in set invalidated_at = ? where id = ? and invalidated_at is null returning episode_id", [to_utc(at), check_in_id])
    if not done:
        raise Conflict("The check-in does not exist or was marked as not valid before; look at the list again.")
    tx.touch(done[0][0])


def read_check_in(db: Reader, check_in_id: str) -> CheckIn:
    """One week, valid or not; raises NotFound."""
    with db.snapshot() as view:
        row = view.one(_SELECT + ", invalidated_at from check_in where id = ?", [check_in_id])
        if row is None:
            raise NotFound(f"There is no check-in with the id {check_in_id}.")
        return _opened(view, row, _days(view, [check_in_id])[check_in_id])


def check_ins_by_episode(db: Reader, episode_ids: Iterable[str]) -> dict[str, tuple[CheckIn, ...]]:
    """The weeks that count, by episode, oldest first."""
    wanted = list(dict.fromkeys(episode_ids))
    with db.snapshot() as view:
        rows = view.rows(
            _SELECT + ", null from v_check_in where episode_id in (select unnest(?::varchar[])) order by week_start", [wanted]
        )
        days = _days(view, [row[0] for row in rows])
        found: dict[str, list[CheckIn]] = defaultdict(list)
        for row in rows:
            found[row[1]].append(_opened(view, row, days[row[0]]))
    return {one: tuple(found[one]) for one in wanted}


def _days(view: Reader, ids: list[str]) -> dict[str, tuple[CheckInDay, ...]]:
    rows = view.rows(
        "select check_in_id, day_on, done, pain_usual, pain_worst, pain_next_morning, tape_worn, km from check_in_day "
        "where check_in_id in (select unnest(?::varchar[])) order by check_in_id, day_on",
        [ids],
    )
    found: dict[str, list[CheckInDay]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(CheckInDay(row[1], tuple(row[2]), *row[3:]))
    return defaultdict(tuple, {one: tuple(days) for one, days in found.items()})


def _opened(view: Reader, row: Row, days: tuple[CheckInDay, ...]) -> CheckIn:
    return CheckIn(
        id=row[0], episode_id=row[1], patient_id=row[2], week_start=row[3], source=CheckInSource(row[4]), sessions_done=row[5],
        sessions_prescribed=row[6], pain_usual=row[7], pain_worst=row[8], pain_next_morning=row[9], tape_days=row[10], km=row[11],
        note=open_words(view.keys, "check_in", row[0], row[12]).get("note", ""), days=days, program_id=row[13], entered_by=row[14],
        entered_at=from_utc(row[15]), invalidated_at=from_utc(row[16]),
    )
