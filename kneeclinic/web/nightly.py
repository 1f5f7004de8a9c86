"""The night shift: once a day, in quiet hours, a backup is taken, old ones are put away, and the values are laid in order."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

import anyio
import anyio.to_thread

from kneeclinic import actions, serving
from kneeclinic.security.accounts import Actor
from kneeclinic.store import values_out_of_order
from kneeclinic.vocabulary import KneeClinicError, Role

LOG = logging.getLogger("kneeclinic.web")
QUIET_FROM_HOUR = 2
LOOK_EVERY_S = 600
FIRST_LOOK_S = 20
"""After a start the people come first."""
KEPT_NIGHTS = 14
WORTH_ORDERING = 50_000
"""So many values entered since the last time make reading one patient slower; fewer are not worth the work."""
SERVER = Actor(account_id="server", name="the server", role=Role.LEAD, origin="nightly")


def backup_folder(clinic_path: Path) -> Path:
    return clinic_path.parent / "backups"


def tonight_is_due(folder: Path, stem: str, local: datetime) -> bool:
    """Whether it is past the quiet hour and this day has no backup yet."""
    return local.hour >= QUIET_FROM_HOUR and not (folder / f"{stem}-{local:%Y-%m-%d}.duckdb").exists()


def backup_tonight() -> Path | None:
    """Takes the backup that is due, keeps it and the last fourteen; returns its path, or None when none is due."""
    if not serving.is_open():
        return None
    clinic = serving.the_clinic()
    path = Path(clinic.database.path)
    folder, local = backup_folder(path), serving.now().astimezone(clinic.zone)
    if not tonight_is_due(folder, path.stem, local):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{path.stem}-{local:%Y-%m-%d}.duckdb"
    actions.backup(clinic, SERVER, target, reason=actions.NIGHTLY)
    actions.put_away_backups(clinic, SERVER, target, keep=1 + KEPT_NIGHTS)
    actions.forget_old_sign_ins(clinic, SERVER)
    return target


def order_tonight() -> int:
    """Lays the values side by side by patient when enough were entered since; returns how many were laid, 0 when it was not worth it."""
    if not serving.is_open():
        return 0
    clinic = serving.the_clinic()
    return actions.recluster(clinic, SERVER) if values_out_of_order(clinic.database) >= WORTH_ORDERING else 0


async def keep_watch() -> None:
    """Looks every ten minutes whether a backup is due, until the server stops."""
    await anyio.sleep(FIRST_LOOK_S)
    while True:
        try:
            made = await anyio.to_thread.run_sync(backup_tonight)
            if made:
                LOG.warning("backup taken: %s", made.name)
                if laid := await anyio.to_thread.run_sync(order_tonight):
                    LOG.warning("values laid in order: %s", laid)
        except KneeClinicError as no:
            LOG.warning("no backup was taken: %s", no)
        except Exception:
            LOG.exception("no backup was taken")
        await anyio.sleep(LOOK_EVERY_S)
