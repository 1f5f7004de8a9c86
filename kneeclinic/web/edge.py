"""What the doors of one running server share: which clinic file, which cookies, the brake on guessing, the one-time set-up code."""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from kneeclinic import actions, serving
from kneeclinic.security.accounts import Actor
from kneeclinic.security.setup_code import new_setup_code
from kneeclinic.vocabulary import KneeClinicError
from kneeclinic.web.throttle import Throttle
from kneeclinic.web.tokens import Cookies

MOST_SEEN = 500
SEEN_FOR_S = 3.0
"""How long the gate takes a checked session for granted when it hands out the program's own scripts and fonts."""


LOOPBACK_HOSTS = ("127.0.0.1", "::1", "localhost")


class NextPaths(OrderedDict[str, str]):
    """Where a half sign-in wanted to go; the oldest are forgotten."""

    def __setitem__(self, token: str, path: str) -> None:
        super().__setitem__(token, path)
        while len(self) > MOST_SEEN:
            self.popitem(last=False)


@dataclass(frozen=True)
class Provider:
    """Who vouches for people at the single sign-on, and what we are called there."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    address: str
    """Our own address as browsers know it."""
    claim: str
    """What the provider calls the sign-in name of an account here."""
    label: str


@dataclass
class Edge:
    """The state of the doors; one for each server process."""

    path: Path
    demo_path: Path
    demo: bool = False
    tls: bool = False
    public: str = ""
    """The name by which browsers know the server behind a proxy."""
    code: str = field(default_factory=new_setup_code)
    throttle: Throttle = field(default_factory=Throttle)
    form_key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    provider: Provider | None = None
    next_paths: NextPaths = field(default_factory=NextPaths, repr=False)
    setting_up: threading.Lock = field(default_factory=threading.Lock)
    _seen: dict[str, tuple[float, Actor | None]] = field(default_factory=dict, repr=False)

    @property
    def cookies(self) -> Cookies:
        served = self.demo_path if self.demo else self.path
        mark = hashlib.sha256(str(served.resolve()).encode()).hexdigest()[:8]
        return Cookies(mark, self.tls, self.form_key)

    @property
    def needs_set_up(self) -> bool:
        return not serving.is_open()

    def clinic_name(self) -> str:
        return serving.the_clinic().profile.name if serving.is_open() else ""

    def actor_of(self, token: str, *, counts: bool = False, fresh: bool = True) -> Actor | None:
        """Who a session token belongs to, or None. `counts`: a person asked, so the idle time starts anew.
        `fresh=False` accepts an answer of the last few seconds."""
        if not token or not serving.is_open():
            return None
        moment = serving.now().timestamp()
        at, known = self._seen.get(token, (0.0, None))
        if not fresh and known is not None and 0 <= moment - at < SEEN_FOR_S:
            return known
        found: Actor | None = None
        try:
            if counts:
                found = actions.session_actor(serving.the_clinic(), token)
            else:
                seen = serving.peek(token)
                found = seen[0] if seen else None
        except KneeClinicError:
            found = None
        if found is None:
            self._seen.pop(token, None)
        else:
            if len(self._seen) > MOST_SEEN:
                self._seen.clear()
            self._seen[token] = (moment, found)
        return found


def is_foreign(connection: HTTPConnection, public: str) -> bool:
    """Whether a page of another address asks: its browser says so in `Origin`. Programs send none; of a form, `null` says that it keeps where it
    comes from to itself (our own do: no-referrer)."""
    origin = connection.headers.get("origin")
    if origin is None or (origin == "null" and connection.scope["type"] == "http"):
        return False
    try:
        asked = urlsplit(origin)
        return asked.netloc != connection.headers.get("host") and (not public or asked.hostname != public)
    except ValueError:
        return True


def origin_of(connection: HTTPConnection) -> str:
    """The address a request came from; a forwarded address counts only behind a proxy that was named trusted, and then the last one: that is
    the proxy's own word, in whichever line it wrote it."""
    direct = connection.client.host if connection.client else "unknown"
    trusted = {one.strip() for one in os.environ.get("KNEECLINIC_TRUSTED_PROXY", "").split(",") if one.strip()}
    if direct in trusted:
        forwarded = [one.strip() for one in ",".join(connection.headers.getlist("x-forwarded-for")).split(",") if one.strip()]
        if forwarded:
            return forwarded[-1][:45]
    return direct
