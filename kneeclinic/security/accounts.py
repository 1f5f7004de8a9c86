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
    must_change_password: bool = False
    """Somebody else chose the password: the next sign-in asks for one of the person's own."""


@dataclass(frozen=True)
class Actor:
    """Who does something and from where; `origin` is an address, "command line" or "demo"."""

    account_id: str
    name: str
    role: Role
    origin: str
    session_id: str = field(default="", compare=False)
    """The sign-in through which they act; empty on the command line."""

    @classmethod
    def of(cls, account: Account, origin: str, session_id: str = "") -> Actor:
        return cls(account.id, account.display_name or account.name, account.role, origin, session_id)
