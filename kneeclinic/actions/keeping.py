"""Backups that were opened again, the way back from one, a new key, and laying the values in order at night."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from glob import escape
from pathlib import Path
from time import perf_counter

from kneeclinic.actions.gate import permit, write
from kneeclinic.clinic import Clinic, open_clinic
from kneeclinic.security.accounts import Actor
from kneeclinic.security.keys import anchor_file_of, key_file_of, load_or_create_keys, new_outer_key, remember_key
from kneeclinic.security.roles import may
from kneeclinic.security.throttling import FORGET_AFTER
from kneeclinic.store import (
    Backup,
    backups,
    health,
    reclustering_slices,
    restore_copy,
    save_backup,
    save_copy,
    save_envelope,
    save_laid_in_order,
    save_only_envelope,
    save_reclustered,
)
from kneeclinic.store.accounts import save_sessions_forgotten, save_wrong_tries_forgotten
from kneeclinic.store.audit import save_audit
from kneeclinic.store.backups import HALF, save_backup_gone, save_copy_anchor
from kneeclinic.store.transactions import Transaction
from kneeclinic.vocabulary import NotAllowed, NotFound, Refused, new_id

DRILL = ".drill-"
"""How the name of a restored copy begins that is only an exercise."""


def backup(clinic: Clinic, actor: Actor, target: Path | str, reason: str = "by hand") -> Backup:
    """A whole copy in a new file while everybody works on; it was opened again and counted. The same key opens it."""
    permit(clinic, actor, "backup", "clinic")
    copy = save_copy(clinic.database, target)
    save_copy_anchor(clinic.database, copy, anchor_file_of(copy.path))
    made = Backup(new_id(), clinic.now, actor.account_id, reason, str(copy.path), copy.size_bytes, checked_at=clinic.now)
    write(clinic, actor, "backup", "backup", made.id, {"path": made.path, "sha256": copy.sha256, "reason": reason},
          lambda tx: save_backup(tx, made))
    return made


NIGHTLY = "nightly"
STALE = timedelta(days=1)
"""So old, half a copy is nobody's work on its way any more: the program was ended in the middle of it."""


def put_away_backups(clinic: Clinic, actor: Actor, made: Path, keep: int) -> tuple[str, ...]:
    """After the nightly backup `made`: removes all nightly ones but the newest `keep`, half copies that were left behind, and takes off the list
    what is no more. Returns the names of the files removed.

    Counted and not reckoned by the calendar: a clock that was wrong for one night must not take all the good ones away.
    """
    permit(clinic, actor, "backup", "clinic")
    folder = made.parent
    nightly = sorted(folder.glob(f"{escape(clinic.path.stem)}-????-??-??.duckdb"), reverse=True)
    old = [one for one in nightly[keep:] if one != made]
    for one in old:
        for file in (one, one.with_name(one.name + ".wal"), anchor_file_of(one)):
            file.unlink(missing_ok=True)
    for half in (*folder.glob(f"{HALF}*"), *clinic.path.parent.glob(f"{DRILL}*")):
        if clinic.now.timestamp() - half.stat().st_mtime > STALE.total_seconds():
            half.unlink(missing_ok=True)
    gone = [one.id for one in backups(clinic.database, limit=10_000)
            if one.reason == NIGHTLY and Path(one.path).parent == folder and not Path(one.path).is_file()]
    if old or gone:
        def change(tx: Transaction) -> None:
            for backup_id in gone:
                save_backup_gone(tx, backup_id)

        write(clinic, actor, "put_away_backups", "clinic", "", {"files": [one.name for one in old]}, change)
    return tuple(one.name for one in old)


SIGN_INS_KEPT = timedelta(days=30)


def forget_old_sign_ins(clinic: Clinic, actor: Actor) -> int:
    """Sessions of long ago and wrong tries that nobody waits for any more are taken off their lists, which are read at every click; the log
    keeps them. Returns how many."""
    permit(clinic, actor, "recluster", "clinic")

    def change(tx: Transaction) -> int:
        sessions = save_sessions_forgotten(tx, clinic.now - SIGN_INS_KEPT)
        tries = save_wrong_tries_forgotten(tx, clinic.now - FORGET_AFTER)
        if sessions or tries:
            save_audit(tx, actor, "forget_old_sign_ins", "clinic", "", {"sessions": sessions, "wrong tries": tries}, clinic.now)
        return sessions + tries

    return clinic.database.write(change)


def restore(source: Path | str, target: Path | str, actor: Actor) -> Clinic:
    """The clinic of a backup in a NEW file, opened. The key is looked for as for the backup's own file, then among all known keys."""
    if not may(actor.role, "restore"):
        raise NotAllowed(f"{actor.name} may not restore a backup; ask the lead clinician.")
    if not Path(source).expanduser().is_file():
        raise NotFound(f"There is no backup at {source}; check the name.")
    outer = load_or_create_keys(Path(target))
    database = restore_copy(source, target, outer)
    try:
        if database.outer_key is not None:
            remember_key(Path(target), database.outer_key)
        clinic = open_clinic(target)
        write(clinic, actor, "restore", "clinic", "", {"source": str(source)}, lambda _: None)
    finally:
        database.close()
    return clinic


@dataclass(frozen=True)
class Drill:
    """A backup that was restored as an exercise: which one, how long it took, and how many rows came back."""

    backup: Backup
    seconds: float
    rows: int


def restore_beside(clinic: Clinic, actor: Actor, backup_id: str) -> Path:
    """One of the noted backups as a new clinic file beside this one; the clinic that is served stays as it is. Returns the new file."""
    permit(clinic, actor, "restore", "backup", backup_id)
    made = _noted(clinic, backup_id)
    target = clinic.path.with_name(f"{clinic.path.stem}-restored-{clinic.now:%Y%m%dT%H%M%S}.duckdb")
    restore(made.path, target, actor).close()
    write(clinic, actor, "restore", "backup", made.id, {"source": made.path, "target": str(target)}, lambda _: None)
    return target


def drill_backup(clinic: Clinic, actor: Actor) -> Drill:
    """The newest backup, restored as an exercise: opened, every row counted, every seal and the log proven, then removed again."""
    permit(clinic, actor, "restore", "backup")
    made = _newest(clinic)
    trial = clinic.path.with_name(f"{DRILL}{new_id()}.duckdb")
    begun = perf_counter()
    try:
        with restore_copy(made.path, trial, clinic.keys) as restored:
            found = health(restored)
        if not found.is_good:
            raise Refused(f"The backup {made.path} came back with faults: {'; '.join(found.problems)}. Take another backup at once.")
    finally:
        for one in (trial, *(trial.with_name(trial.name + end) for end in (".wal", ".anchor"))):
            one.unlink(missing_ok=True)
    note_drill(clinic, actor)
    return Drill(made, perf_counter() - begun, sum(found.counts.values()))


def _newest(clinic: Clinic) -> Backup:
    noted = backups(clinic.database, limit=10_000)
    made = next((one for one in noted if Path(one.path).is_file()), None)
    if made is None:
        raise NotFound("None of the backups is where it was put; take a new one." if noted else "No backup was taken yet; take one first.")
    return made


def _noted(clinic: Clinic, backup_id: str) -> Backup:
    made = next((one for one in backups(clinic.database, limit=10_000) if one.id == backup_id), None)
    if made is None:
        raise NotFound("This backup is not in the list; load the page again.")
    return made


def note_drill(clinic: Clinic, actor: Actor) -> Backup:
    """Notes that the newest backup was restored as an exercise."""
    permit(clinic, actor, "backup", "clinic")
    made = _newest(clinic)
    drilled = replace(made, drilled_at=clinic.now)
    write(clinic, actor, "note_drill", "backup", made.id, {}, lambda tx: save_backup(tx, drilled))
    return drilled


def change_key(clinic: Clinic, actor: Actor) -> str:
    """A new outer key; the old one opens only older backups. Returns the new recovery code, to be printed and locked away."""
    permit(clinic, actor, "change_key", "clinic")
    database = clinic.database
    fresh = new_outer_key()
    save_envelope(database, fresh)
    kept = remember_key(clinic.path, fresh)
    dropped = save_only_envelope(database, kept)
    write(clinic, actor, "change_key", "clinic", "", {"dropped": dropped, "key_file": str(key_file_of(clinic.path))}, lambda _: None)
    return kept.recovery_code


def print_recovery_code(clinic: Clinic, actor: Actor) -> str:
    """The recovery code of the present key; that it was shown is noted."""
    permit(clinic, actor, "print_recovery_code", "clinic")
    outer = clinic.database.outer_key
    if outer is None:
        raise NotFound("This clinic was opened without a key that can be printed.")
    write(clinic, actor, "print_recovery_code", "clinic", "", {}, lambda _: None)
    return outer.recovery_code


def recluster(clinic: Clinic, actor: Actor) -> int:
    """Lays the values of each patient side by side, which makes reading one patient faster; returns how many there are.

    Some patients at a time: who saves meanwhile waits for a piece, not for the whole.
    """
    permit(clinic, actor, "recluster", "clinic")
    laid, entry = 0, clinic.database.newest_entry
    for first, last in reclustering_slices(clinic.database):
        laid += clinic.database.write(lambda tx, first=first, last=last: save_reclustered(tx, first, last))  # type: ignore[misc]
    write(clinic, actor, "recluster", "clinic", "", {"values": laid}, lambda tx: save_laid_in_order(tx, entry))
    return laid
