"""The dose each therapist usually begins an exercise with."""

from __future__ import annotations

from datetime import datetime

from kneeclinic.record.programs import Dose, UsualDose
from kneeclinic.store.reading import Reader, Row
from kneeclinic.store.sealing import instant, open_words, seal_words, to_utc
from kneeclinic.store.transactions import Transaction, valued

_INSERT = valued("usual_dose", "id account_id exercise sets reps hold_s minutes days_per_week load_kg sealed_words set_at")
_SELECT = "select id, account_id, exercise, sets, reps, hold_s, minutes, days_per_week, load_kg, sealed_words, set_at from usual_dose "


def save_usual_dose(tx: Transaction, one: UsualDose, now: datetime) -> None:
    """The dose from now on; there is one a person and exercise."""
    save_usual_dose_forgotten(tx, one.account_id, one.exercise)
    id_, dose = _id(one.account_id, one.exercise), one.dose
    tx.run(_INSERT, [id_, one.account_id, one.exercise, dose.sets, dose.reps, dose.hold_s, dose.minutes, dose.days_per_week, dose.load_kg,
                     seal_words(tx.keys, "usual_dose", id_, {"tempo": dose.tempo}), to_utc(one.set_at or now)])


def save_usual_dose_forgotten(tx: Transaction, account_id: str, exercise: str) -> bool:
    """Back to the dose of the catalogue; False when there was none of one's own."""
    return bool(tx.rows("delete from usual_dose where id = ? returning id", [_id(account_id, exercise)]))


def usual_doses_of(db: Reader, account_id: str) -> dict[str, Dose]:
    """Exercise to this person's usual dose."""
    return {one.exercise: one.dose for row in db.rows(_SELECT + "where account_id = ?", [account_id]) for one in (_opened(db, row),)}


def every_usual_dose(db: Reader) -> tuple[UsualDose, ...]:
    return tuple(_opened(db, row) for row in db.rows(_SELECT + "order by set_at, id"))


def _id(account_id: str, exercise: str) -> str:
    return f"{account_id}:{exercise}"


def _opened(db: Reader, row: Row) -> UsualDose:
    words = open_words(db.keys, "usual_dose", row[0], row[9])
    dose = Dose(row[3], row[4], row[5], row[6], row[7], row[8], words.get("tempo", ""))
    return UsualDose(row[1], row[2], dose, instant(row[10]))
