"""Setting up the clinic, its settings, the sign-off of its knowledge, backup and restore."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field

from kneeclinic.actions.accounts import new_account
from kneeclinic.actions.gate import changed_fields, permit, write, written_reason
from kneeclinic.clinic import Clinic, open_clinic
from kneeclinic.record import ClinicProfile
from kneeclinic.record.forms import Form
from kneeclinic.security.accounts import Actor
from kneeclinic.store.accounts import save_account
from kneeclinic.store.profile import read_profile, save_profile
from kneeclinic.store.transactions import Transaction
from kneeclinic.vocabulary import LANGUAGES, Conflict, Paper, Refused, Role, Units

LARGEST_LOGO = 1_000_000
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


class ProfileForm(Form):
    """What the clinic is called on paper and how it shows numbers and dates."""

    name: str = Field(min_length=1, max_length=200)
    address: str = Field(default="", max_length=500)
    phone: str = Field(default="", max_length=60)
    logo_png: bytes = b""
    time_zone: str = "UTC"
    week_start: int = Field(default=0, ge=0, le=6)
    units: Units = Units.METRIC
    paper: Paper = Paper.A4
    language: str = "en"


def setup_clinic(
    path: Path, profile: ClinicProfile, name: str, display_name: str, password: str, *, origin: str = "set-up",
    now: datetime | None = None,
) -> Clinic:
    """A new clinic file with its first account, a lead. Conflict when the file exists; nothing is left behind when something is refused.
    `now`: the moment of setting up, for a clinic that is told from the past."""
    if Path(path).exists():
        raise Conflict(f"{path} exists already; choose another file.")
    check_profile(profile)
    moment = now or datetime.now(UTC)
    account = new_account(moment, name, display_name, Role.LEAD, password)
    clinic = open_clinic(path, create=True, now=moment)
    actor = Actor.of(account, origin)

    def change(tx: Transaction) -> None:
        save_profile(tx, profile)
        save_account(tx, account)

    try:
        write(clinic, actor, "setup_clinic", "clinic", "", {"demo": profile.is_demo}, change)
    except BaseException:
        clinic.database.close()
        for one in (Path(path), Path(f"{path}.wal")):
            one.unlink(missing_ok=True)
        raise
    return clinic.at()


def revise_profile(clinic: Clinic, actor: Actor, form: ProfileForm) -> ClinicProfile:
    """The settings as changed; what was signed off stays signed off."""
    permit(clinic, actor, "revise_profile", "clinic")
    names = tuple(name for name in ProfileForm.model_fields if name != "logo_png")
    detail: dict[str, Any] = {}

    def change(tx: Transaction) -> ClinicProfile:
        """From what stands at this moment: what the form does not hold may have been changed since it was drawn."""
        current = read_profile(tx)
        profile = replace(current, **{name: getattr(form, name) for name in ProfileForm.model_fields})
        check_profile(profile)
        detail.update(changed=changed_fields(current, profile, names), logo=current.logo_png != profile.logo_png)
        save_profile(tx, profile)
        return profile

    return write(clinic, actor, "revise_profile", "clinic", "", detail, change)


def require_second_factor(clinic: Clinic, actor: Actor, roles: Collection[Role]) -> ClinicProfile:
    """In these roles, and in no others, whoever signs in with a password must have a second factor: who has none sets one up at the next
    sign-in, before the clinic opens. Who is signed in stays so; a single sign-on proves people in its own way."""
    permit(clinic, actor, "require_second_factor", "clinic")
    wanted = tuple(one for one in Role if one in roles)
    detail: dict[str, Any] = {}

    def change(tx: Transaction) -> ClinicProfile:
        current = read_profile(tx)
        detail.update(was=[one.value for one in current.second_factor_roles], now=[one.value for one in wanted])
        profile = replace(current, second_factor_roles=wanted)
        save_profile(tx, profile)
        return profile

    return write(clinic, actor, "require_second_factor", "clinic", "", detail, change)


def sign_off_knowledge(clinic: Clinic, actor: Actor, name: str) -> ClinicProfile:
    """The clinic's lead says, by name, that this edition of the knowledge was reviewed."""
    permit(clinic, actor, "sign_off_knowledge", "clinic")
    edition, by = clinic.knowledge.edition.edition, written_reason("name", name, "the sign-off")

    def change(tx: Transaction) -> ClinicProfile:
        profile = replace(read_profile(tx), knowledge_reviewed_by=by, knowledge_reviewed_edition=edition, knowledge_reviewed_on=clinic.today)
        save_profile(tx, profile)
        return profile

    return write(clinic, actor, "sign_off_knowledge", "clinic", "", {"edition": edition}, change)


def check_profile(profile: ClinicProfile) -> None:
    """Raises Refused when a setting is not one that the clinic can live with."""
    if not profile.name.strip():
        raise Refused("name: the clinic needs a name.")
    try:
        ZoneInfo(profile.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(f"time_zone: {profile.time_zone!r} is unknown; write for example Europe/Berlin or UTC.") from None
    if profile.week_start not in range(7):
        raise Refused(f"week_start: {profile.week_start} is no day of the week; use 0 (Monday) to 6 (Sunday).")
    if profile.language not in LANGUAGES:
        raise Refused(f"language: {profile.language!r} is not one of {', '.join(LANGUAGES)}.")
    if profile.logo_png and not profile.logo_png.startswith(PNG_MAGIC):
        raise Refused("logo_png: the logo is no PNG picture; save it as PNG.")
    if len(profile.logo_png) > LARGEST_LOGO:
        raise Refused(f"logo_png: the logo has {len(profile.logo_png) // 1000} kB; at most {LARGEST_LOGO // 1000} kB.")
