"""Who works in the clinic, and who is doing something just now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from kneeclinic.vocabulary import Role


@dataclass(frozen=True)
class Account:
    """One person who may sign in. `name` is what they type, `display_name` what others see."""

    id: str
    name: str
    display_name: str
    role: Role
    active: bool
    password_hash: str = field(repr=False)
    created_at: datetime
    password_set_at: datetime | None = None
    disabled_at: datetime | None = None
    last_sign_in_at: datetime | None = None


@dataclass(frozen=True)
class Actor:
    """Who does something and from where; `origin` is an address, "command line" or "demo"."""

    account_id: str
    name: str
    role: Role
    origin: str

    @classmethod
    def of(cls, account: Account, origin: str) -> Actor:
        return cls(account.id, account.display_name or account.name, account.role, origin)
