"""The night shift: once a day, in quiet hours, a backup is taken and old ones are put away."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path

import anyio
import anyio.to_thread

from kneeclinic import actions, serving
from kneeclinic.security.accounts import Actor
from kneeclinic.vocabulary import KneeClinicError, Role

LOG = logging.getLogger("kneeclinic.web")
QUIET_FROM_HOUR = 2
LOOK_EVERY_S = 600
KEPT_NIGHTS = 14
SERVER = Actor(account_id="server", name="the server", role=Role.LEAD, origin="nightly")


def backup_folder(clinic_path: Path) -> Path:
    return clinic_path.parent / "backups"


def tonight_is_due(folder: Path, stem: str, local: datetime) -> bool:
    """Whether it is past the quiet hour and this day has no backup yet."""
    return local.hour >= QUIET_FROM_HOUR and not (folder / f"{stem}-{local:%Y-%m-%d}.duckdb").exists()


def backup_tonight() -> Path | None:
    """Takes the backup that is due, keeps the last fourteen; returns its path, or None when none is due."""
    if not serving.is_open():
        return None
    clinic = serving.the_clinic()
    path = Path(clinic.database.path)
    folder, local = backup_folder(path), serving.now().astimezone(serving.zone(clinic.profile.time_zone))
    if not tonight_is_due(folder, path.stem, local):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{path.stem}-{local:%Y-%m-%d}.duckdb"
    actions.backup(clinic, SERVER, target)
    oldest = (local - timedelta(days=KEPT_NIGHTS)).date().isoformat()
    for old in folder.glob(f"{path.stem}-????-??-??.duckdb*"):
        if old.name[len(path.stem) + 1:len(path.stem) + 11] < oldest:
            old.unlink()
    return target


async def keep_watch() -> None:
    """Looks every ten minutes whether a backup is due, until the server stops."""
    while True:
        try:
            made = await anyio.to_thread.run_sync(backup_tonight)
            if made:
                LOG.warning("backup taken: %s", made.name)
        except KneeClinicError as no:
            LOG.warning("no backup was taken: %s", no)
        except Exception:
            LOG.exception("no backup was taken")
        await anyio.sleep(LOOK_EVERY_S)
