"""Visits, their notes and what was added after signing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from kneeclinic.record.visits import Amendment, Visit
from kneeclinic.security.keys import Keys
from kneeclinic.store.reading import Reader, Row
from kneeclinic.store.sealing import from_utc, instant, open_words, seal_words, to_utc
from kneeclinic.store.transactions import Transaction, kept, unnested, valued
from kneeclinic.vocabulary import Conflict, NotFound, VisitKind, VisitState

_COLUMNS = "id episode_id patient_id kind visit_on clinician state sealed_words signed_by signed_at edition version entered_by entered_at"
_INSERT = valued("visit", _COLUMNS)
_KEEP = kept("visit", _COLUMNS)
_MANY = unnested("visit", {
    "id": "varchar", "episode_id": "varchar", "patient_id": "varchar", "kind": "varchar", "visit_on": "date", "clinician": "varchar",
    "state": "varchar", "sealed_words": "blob", "signed_by": "varchar", "signed_at": "timestamp", "edition": "varchar", "version": "integer",
    "entered_by": "varchar", "entered_at": "timestamp",
})
_UPDATE = """
    update visit set episode_id = ?, patient_id = ?, kind = ?, visit_on = ?, clinician = ?, state = ?, sealed_words = ?, signed_by = ?,
        signed_at = ?, edition = ?, version = ?, entered_by = ?, entered_at = ?
    where id = ? and version = ? and state = 'draft'
    returning id
"""
_SELECT = """
    select id, episode_id, patient_id, kind, visit_on, clinician, state, sealed_words, signed_by, signed_at, edition, version, entered_by,
           entered_at
"""


def save_visit(tx: Transaction, visit: Visit) -> None:
    """A new visit (version 1) or its next version. Raises Conflict when somebody else was first or when it is signed already."""
    values = _stored(tx.keys, visit)
    if visit.version == 1:
        tx.run(_INSERT, values)
    else:
        tx.run(_KEEP, [visit.id, visit.version - 1])
        if not tx.rows(_UPDATE, [*values[1:], visit.id, visit.version - 1]):
            raise Conflict("The visit was signed or changed by somebody else in the meantime; look at it again, then add an amendment.")
    tx.touch(visit.episode_id)


def save_unsigned(tx: Transaction, visit: Visit) -> None:
    """A signed visit as a draft again; the signed version stays in the history. Raises Conflict when somebody changed it first."""
    tx.run(_KEEP, [visit.id, visit.version - 1])
    if not tx.rows(_UPDATE.replace("'draft'", "'signed'"), [*_stored(tx.keys, visit)[1:], visit.id, visit.version - 1]):
        raise Conflict("The visit was changed by somebody else in the meantime; look at it again.")
    tx.touch(visit.episode_id)


def save_withdrawn(tx: Transaction, visit: Visit) -> None:
    """Takes a visit that holds nothing out of the record; what it was stays in the history."""
    tx.run(_KEEP, [visit.id, visit.version])
    if not tx.rows("delete from visit where id = ? and version = ? and state = 'draft' returning id", [visit.id, visit.version]):
        raise Conflict("The visit was changed by somebody else in the meantime; look at it again.")
    tx.touch(visit.episode_id)


def save_visits(tx: Transaction, visits: Sequence[Visit]) -> None:
    """Many new visits at once, without amendments."""
    tx.insert(_MANY, [_stored(tx.keys, one) for one in visits])
    tx.touch(*{one.episode_id for one in visits})


def save_amendment(tx: Transaction, visit: Visit, amendment: Amendment) -> None:
    """Words added to a signed visit."""
    words = seal_words(tx.keys, "amendment", amendment.id, {"text": amendment.text})
    tx.run(
        valued("amendment", "id visit_id episode_id sealed_words amended_by amended_at"),
        [amendment.id, visit.id, visit.episode_id, words, amendment.by, to_utc(amendment.at)],
    )
    tx.touch(visit.episode_id)


def read_visit(db: Reader, visit_id: str) -> Visit:
    """The visit with its note and amendments; raises NotFound."""
    with db.snapshot() as view:
        row = view.one(_SELECT + "from visit where id = ?", [visit_id])
        if row is None:
            raise NotFound(f"There is no visit with the id {visit_id}.")
        return _opened(view.keys, row, _amendments(view, [row[1]])[visit_id])


def visits_of(db: Reader, episode_id: str) -> tuple[Visit, ...]:
    """All visits of one episode, oldest first."""
    return visits_by_episode(db, [episode_id])[episode_id]


def visit_history(db: Reader, visit_id: str) -> tuple[Visit, ...]:
    """Earlier versions of a visit, oldest first."""
    rows = db.rows(_SELECT + "from visit_history where id = ? order by version", [visit_id])
    return tuple(_opened(db.keys, row, ()) for row in rows)


def visits_between(db: Reader, first: date, last: date) -> tuple[Visit, ...]:
    """Visits of the whole clinic from `first` to `last`, both included, by day."""
    with db.snapshot() as view:
        rows = view.rows(_SELECT + "from visit where visit_on between ? and ? order by visit_on, rowid", [first, last])
        amendments = _amendments(view, list({row[1] for row in rows}))
    return tuple(_opened(db.keys, row, amendments[row[0]]) for row in rows)


def visits_by_episode(db: Reader, episode_ids: Iterable[str]) -> dict[str, tuple[Visit, ...]]:
    """Visits of several episodes, oldest first; an episode without a visit gives ()."""
    wanted = list(dict.fromkeys(episode_ids))
    with db.snapshot() as view:
        rows = view.rows(_SELECT + "from visit where episode_id in (select unnest(?::varchar[])) order by visit_on, entered_at, rowid", [wanted])
        amendments = _amendments(view, wanted)
    found: dict[str, list[Visit]] = defaultdict(list)
    for row in rows:
        found[row[1]].append(_opened(db.keys, row, amendments[row[0]]))
    return {one: tuple(found[one]) for one in wanted}


def _amendments(view: Reader, episode_ids: list[str]) -> dict[str, tuple[Amendment, ...]]:
    rows = view.rows(
        "select id, visit_id, sealed_words, amended_by, amended_at from amendment "
        "where episode_id in (select unnest(?::varchar[])) order by amended_at, rowid",
        [episode_ids],
    )
    found: dict[str, tuple[Amendment, ...]] = defaultdict(tuple)
    for id_, visit_id, sealed, by, at in rows:
        found[visit_id] += (Amendment(id_, visit_id, open_words(view.keys, "amendment", id_, sealed).get("text", ""), by, instant(at)),)
    return found


def _stored(keys: Keys, one: Visit) -> list[object]:
    return [
        one.id, one.episode_id, one.patient_id, one.kind.value, one.on, one.clinician, one.state.value,
        seal_words(keys, "visit", one.id, {"note": dict(one.note)}), one.signed_by, to_utc(one.signed_at), one.edition, one.version,
        one.entered_by, to_utc(one.entered_at),
    ]


def _opened(keys: Keys, row: Row, amendments: tuple[Amendment, ...]) -> Visit:
    return Visit(
        id=row[0], episode_id=row[1], patient_id=row[2], kind=VisitKind(row[3]), on=row[4], clinician=row[5], state=VisitState(row[6]),
        note=open_words(keys, "visit", row[0], row[7]).get("note", {}), signed_by=row[8], signed_at=from_utc(row[9]), amendments=amendments,
        edition=row[10], version=row[11], entered_by=row[12], entered_at=from_utc(row[13]),
    )
