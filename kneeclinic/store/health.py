"""Is the clinic file whole? Nothing points to a missing record, every seal opens, the log fits its chain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from kneeclinic.security.fields import Unreadable
from kneeclinic.store.audit import ChainState, verify_chain
from kneeclinic.store.database import Database
from kneeclinic.store.reading import Reader
from kneeclinic.store.sealing import from_utc, open_blob, open_words

# Child table, its column, parent table; '' in the child means "none" and is no orphan.
_LINKS = (
    ("episode", "patient_id", "patient"), ("goal", "episode_id", "episode"), ("imaging", "episode_id", "episode"),
    ("visit", "episode_id", "episode"), ("visit", "patient_id", "patient"), ("amendment", "visit_id", "visit"),
    ("observation", "visit_id", "visit"), ("observation", "episode_id", "episode"), ("observation", "patient_id", "patient"),
    ("program", "episode_id", "episode"), ("program_item", "program_id", "program"), ("program_tape", "program_id", "program"),
    ("program_device", "program_id", "program"), ("program_answer", "program_id", "program"), ("check_in", "episode_id", "episode"),
    ("check_in_day", "check_in_id", "check_in"), ("run", "patient_id", "patient"), ("run", "episode_id", "episode"),
    ("planned_visit", "episode_id", "episode"), ("review", "episode_id", "episode"), ("snooze", "episode_id", "episode"),
    ("document", "patient_id", "patient"), ("document", "episode_id", "episode"), ("session", "account_id", "account"),
    ("usual_dose", "account_id", "account"), ("second_factor", "account_id", "account"), ("recovery_code", "account_id", "account"),
    ("provider_identity", "account_id", "account"), ("restriction", "patient_id", "patient"), ("glass", "patient_id", "patient"),
    ("glass", "account_id", "account"),
)
# Rules that a key cannot hold, as counts of rows that break them.
_RULES = {
    "an observation of another patient than its visit": (
        "select count(*) from observation join visit on visit.id = observation.visit_id "
        "where visit.patient_id != observation.patient_id or visit.episode_id != observation.episode_id"
    ),
    "a visit of another patient than its episode": (
        "select count(*) from visit join episode on episode.id = visit.episode_id where episode.patient_id != visit.patient_id"
    ),
    "two values with one id": "select count(*) from (select id from observation group by id having count(*) > 1)",
    "two values in one place": "select count(*) from (select place from observation group by place having count(*) > 1)",
    "a gap in the versions of a program": (
        "select count(*) from (select episode_id from program group by episode_id having max(version) != count(*))"
    ),
}
_SEALED_COLUMNS = (
    ("patient", "id", "sealed_number"), ("patient", "id", "sealed_given_name"), ("patient", "id", "sealed_family_name"),
    ("patient", "id", "sealed_birth_date"), ("document", "id", "sealed_file_name"), ("document", "id", "sealed_bytes"),
    ("run_file", "sha256", "sealed_name"), ("run_file", "sha256", "sealed_bytes"), ("observation", "id", "sealed_invalidated_why"),
    ("clinic_profile", "id", "sealed_logo"), ("second_factor", "account_id", "sealed_secret"), ("restriction", "patient_id", "sealed_reason"),
)
_SEALED_WORDS = (
    "patient", "episode", "goal", "imaging", "visit", "amendment", "observation", "program", "check_in", "run", "planned_visit", "review",
    "snooze", "account", "clinic_profile", "usual_dose", "glass",
)


@dataclass(frozen=True)
class Health:
    """The state of the clinic file; `problems` are sentences, empty when all is well."""

    counts: dict[str, int]
    orphans: dict[str, int]
    unreadable: int
    chain: ChainState
    last_backup_at: datetime | None
    size_bytes: int
    problems: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return not self.problems


def health(db: Database, *, deep: bool = True) -> Health:
    """Counts, orphans and the log; with `deep` every seal is opened as well (0.1 s for 60,000)."""
    orphans = find_orphans(db)
    unreadable = _unreadable(db) if deep else 0
    chain = verify_chain(db)
    made = db.one("select max(made_at) from backup")
    problems = [f"{what}: {count}" for what, count in orphans.items()]
    if unreadable:
        problems.append(f"values that do not open with this key: {unreadable}")
    if not chain.is_whole:
        problems.append(chain.why)
    return Health(
        counts=table_counts(db), orphans=orphans, unreadable=unreadable, chain=chain, last_backup_at=from_utc(made[0]) if made else None,
        size_bytes=db.path.stat().st_size, problems=tuple(problems),
    )


def find_orphans(db: Reader) -> dict[str, int]:
    """What points to a missing record or breaks a rule of the store, with the number of rows; {} when all is well."""
    found = {}
    with db.snapshot() as view:
        for child, column, parent in _LINKS:
            row = view.one(
                f"select count(*) from {child} where {column} != '' "  # noqa: S608  (names of our tables)
                f"and not exists (select 1 from {parent} where {parent}.id = {child}.{column})"
            )
            if row and row[0]:
                found[f"{child} without its {parent}"] = int(row[0])
        for what, sql in _RULES.items():
            row = view.one(sql)
            if row and row[0]:
                found[what] = int(row[0])
    return found


def table_counts(reader: Reader | duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows by table."""
    ask: Callable[[str], list[tuple[Any, ...]]] = (
        (lambda sql: reader.execute(sql).fetchall()) if isinstance(reader, duckdb.DuckDBPyConnection) else reader.rows
    )
    names = [row[0] for row in ask("select table_name from duckdb_tables() where not internal and not temporary order by table_name")]
    return {name: int(ask(f'select count(*) from "{name}"')[0][0]) for name in names}  # noqa: S608


def _unreadable(db: Reader) -> int:
    bad = 0
    with db.snapshot() as view:
        for table, key, column in _SEALED_COLUMNS:
            for id_, sealed in view.rows(f"select {key}, {column} from {table} where {column} is not null"):  # noqa: S608
                bad += not _opens(lambda: open_blob(db.keys, table, column, id_, sealed))  # noqa: B023
        for table in _SEALED_WORDS:
            for id_, sealed in view.rows(f"select id, sealed_words from {table} where sealed_words is not null"):  # noqa: S608
                bad += not _opens(lambda: open_words(db.keys, table, id_, sealed))  # noqa: B023
        for seq, sealed in view.rows("select seq, sealed_detail from audit where sealed_detail is not null"):
            bad += not _opens(lambda: open_words(db.keys, "audit", str(seq), sealed))  # noqa: B023
    return bad


def _opens(opening: Callable[[], object]) -> bool:
    try:
        opening()
    except Unreadable:
        return False
    return True
