"""Episodes with their goals and imaging."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kneeclinic.record.episodes import Episode, Goal, Imaging
from kneeclinic.security.keys import Keys
from kneeclinic.store.reading import Reader, Row
from kneeclinic.store.sealing import from_utc, open_words, seal_words, to_utc
from kneeclinic.store.transactions import Transaction, kept, unnested, valued
from kneeclinic.vocabulary import AffectedSide, CauseGroup, Conflict, EpisodeStatus, NotFound, Side

LIST = "episodes"
_COLUMNS = (
    "id patient_id side opened_on therapist onset_on cause_groups primary_cause icd10 status closed_on sealed_words version entered_by entered_at"
)
_INSERT = valued("episode", _COLUMNS)
_KEEP = kept("episode", _COLUMNS)
_MANY = unnested("episode", {
    "id": "varchar", "patient_id": "varchar", "side": "varchar", "opened_on": "date", "therapist": "varchar", "onset_on": "date",
    "cause_groups": "varchar[]", "primary_cause": "varchar", "icd10": "varchar[]", "status": "varchar", "closed_on": "date",
    "sealed_words": "blob", "version": "integer", "entered_by": "varchar", "entered_at": "timestamp",
})
_UPDATE = """
    update episode set patient_id = ?, side = ?, opened_on = ?, therapist = ?, onset_on = ?, cause_groups = ?, primary_cause = ?, icd10 = ?,
        status = ?, closed_on = ?, sealed_words = ?, version = ?, entered_by = ?, entered_at = ?
    where id = ? and version = ?
    returning id
"""
_SELECT = """
    select id, patient_id, side, opened_on, therapist, onset_on, cause_groups, primary_cause, icd10, status, closed_on, sealed_words,
           version, entered_by, entered_at
"""
_GOAL = """
    insert into goal (id, episode_id, patient_id, measure, side, target, due_on, baseline, set_on, dropped_on, sealed_words)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (id) do update set target = excluded.target, due_on = excluded.due_on, dropped_on = excluded.dropped_on,
        sealed_words = excluded.sealed_words
"""
_IMAGING = """
    insert into imaging (id, episode_id, patient_id, sealed_words, ordered_on, done_on) values (?, ?, ?, ?, ?, ?)
    on conflict (id) do update set sealed_words = excluded.sealed_words, ordered_on = excluded.ordered_on, done_on = excluded.done_on
"""


def save_episode(tx: Transaction, episode: Episode) -> None:
    """A new episode (version 1) or its next version, with its goals and imaging. Raises Conflict when somebody else was first."""
    values = _stored(tx.keys, episode)
    if episode.version == 1:
        tx.run(_INSERT, values)
    else:
        tx.run(_KEEP, [episode.id, episode.version - 1])
        if not tx.rows(_UPDATE, [*values[1:], episode.id, episode.version - 1]):
            raise Conflict("The episode was changed by somebody else in the meantime; look at the new values and repeat your change.")
    for goal in episode.goals:
        save_goal(tx, episode, goal)
    for imaging in episode.imaging:
        save_imaging(tx, episode, imaging)
    tx.touch(episode.id, LIST)


def save_episodes(tx: Transaction, episodes: Sequence[Episode]) -> None:
    """Many new episodes at once, with goals and imaging."""
    tx.insert(_MANY, [_stored(tx.keys, one) for one in episodes])
    for one in episodes:
        for goal in one.goals:
            save_goal(tx, one, goal)
        for imaging in one.imaging:
            save_imaging(tx, one, imaging)
    tx.touch(LIST, *(one.id for one in episodes))


def save_goal(tx: Transaction, episode: Episode, goal: Goal) -> None:
    """A new goal, or one that was changed or dropped (same id)."""
    tx.run(_GOAL, [
        goal.id, episode.id, episode.patient_id, goal.measure, goal.side.value, goal.target, goal.by, goal.baseline, goal.set_on,
        goal.dropped_on, seal_words(tx.keys, "goal", goal.id, {"note": goal.note}),
    ])
    tx.touch(episode.id)


def save_imaging(tx: Transaction, episode: Episode, imaging: Imaging) -> None:
    """A picture that was asked for, or its result (same id)."""
    words = seal_words(tx.keys, "imaging", imaging.id, {"kind": imaging.kind, "result": imaging.result})
    tx.run(_IMAGING, [imaging.id, episode.id, episode.patient_id, words, imaging.ordered_on, imaging.done_on])
    tx.touch(episode.id)


def read_episode(db: Reader, episode_id: str) -> Episode:
    """The episode with goals and imaging; raises NotFound."""
    found = read_episodes(db, [episode_id])
    if not found:
        raise NotFound(f"There is no episode with the id {episode_id}.")
    return found[0]


def read_episodes(db: Reader, episode_ids: Iterable[str]) -> tuple[Episode, ...]:
    """Several episodes in the order asked for; unknown ids are left out."""
    wanted = list(dict.fromkeys(episode_ids))
    with db.snapshot() as view:
        rows = view.rows(_SELECT + "from episode where id in (select unnest(?::varchar[]))", [wanted])
        goals, imaging = _goals(view, wanted), _imaging(view, wanted)
    by_id = {row[0]: _opened(db.keys, row, goals[row[0]], imaging[row[0]]) for row in rows}
    return tuple(by_id[one] for one in wanted if one in by_id)


def episodes_of(db: Reader, patient_id: str) -> tuple[Episode, ...]:
    """All episodes of one patient, oldest first."""
    return read_episodes(db, [row[0] for row in db.rows("select id from episode where patient_id = ? order by opened_on, rowid", [patient_id])])


def episode_history(db: Reader, episode_id: str) -> tuple[Episode, ...]:
    """All earlier versions, oldest first, without goals and imaging."""
    rows = db.rows(_SELECT + "from episode_history where id = ? order by version", [episode_id])
    return tuple(_opened(db.keys, row, (), ()) for row in rows)


def open_episode_ids(db: Reader, therapist: str | None = None) -> tuple[str, ...]:
    """Ids of the episodes that are open or paused, oldest first; of one therapist, or of all."""
    rows = db.rows(
        "select id from episode where status in ('open', 'paused') and (?::varchar is null or therapist = ?) order by opened_on, rowid",
        [therapist, therapist],
    )
    return tuple(row[0] for row in rows)


def all_episode_ids(db: Reader) -> tuple[str, ...]:
    """Ids of every episode, oldest first."""
    return tuple(row[0] for row in db.rows("select id from episode order by opened_on, rowid"))


def _goals(view: Reader, ids: list[str]) -> dict[str, tuple[Goal, ...]]:
    rows = view.rows(
        "select episode_id, id, measure, side, target, due_on, baseline, set_on, dropped_on, sealed_words from goal "
        "where episode_id in (select unnest(?::varchar[])) order by set_on, rowid",
        [ids],
    )
    found: dict[str, tuple[Goal, ...]] = defaultdict(tuple)
    for row in rows:
        found[row[0]] += (Goal(
            id=row[1], measure=row[2], side=Side(row[3]), target=row[4], by=row[5], baseline=row[6], set_on=row[7], dropped_on=row[8],
            note=open_words(view.keys, "goal", row[1], row[9]).get("note", ""),
        ),)
    return found


def _imaging(view: Reader, ids: list[str]) -> dict[str, tuple[Imaging, ...]]:
    rows = view.rows(
        "select episode_id, id, sealed_words, ordered_on, done_on from imaging "
        "where episode_id in (select unnest(?::varchar[])) order by ordered_on, rowid",
        [ids],
    )
    found: dict[str, tuple[Imaging, ...]] = defaultdict(tuple)
    for row in rows:
        words = open_words(view.keys, "imaging", row[1], row[2])
        found[row[0]] += (Imaging(row[1], words.get("kind", ""), row[3], row[4], words.get("result", "")),)
    return found


def _stored(keys: Keys, one: Episode) -> list[object]:
    words = {"problem": one.problem, "referrer": one.referrer, "closing_reason": one.closing_reason}
    return [
        one.id, one.patient_id, one.side.value, one.opened_on, one.therapist, one.onset_on, [group.value for group in one.cause_groups],
        one.primary_cause.value if one.primary_cause else None, list(one.icd10), one.status.value, one.closed_on,
        seal_words(keys, "episode", one.id, words), one.version, one.entered_by, to_utc(one.entered_at),
    ]


def _opened(keys: Keys, row: Row, goals: tuple[Goal, ...], imaging: tuple[Imaging, ...]) -> Episode:
    words = open_words(keys, "episode", row[0], row[11])
    return Episode(
        id=row[0], patient_id=row[1], side=AffectedSide(row[2]), opened_on=row[3], therapist=row[4], onset_on=row[5],
        cause_groups=tuple(CauseGroup(one) for one in row[6]), primary_cause=CauseGroup(row[7]) if row[7] else None, icd10=tuple(row[8]),
        status=EpisodeStatus(row[9]), closed_on=row[10], goals=goals, imaging=imaging,
        problem=words.get("problem", ""), referrer=words.get("referrer", ""), closing_reason=words.get("closing_reason", ""),
        version=row[12], entered_by=row[13], entered_at=from_utc(row[14]),
    )
