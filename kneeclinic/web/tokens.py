"""The session cookie and the tokens that tie a form to the browser it was shown in."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.responses import Response

ABSOLUTE_SECONDS = 12 * 60 * 60
FORM_SECONDS = 60 * 60
STEP_SECONDS = 5 * 60


@dataclass(frozen=True)
class Cookies:
    """Names and flags of the two cookies of one server. Two servers on one machine share a host, so the name holds a `mark`."""

    mark: str
    tls: bool
    form_key: bytes

    @property
    def session_name(self) -> str:
        return f"{'__Host-' if self.tls else ''}kneeclinic_{self.mark}"

    @property
    def form_name(self) -> str:
        return f"{'__Host-' if self.tls else ''}kneeclinic_form_{self.mark}"

    @property
    def step_name(self) -> str:
        return f"{'__Host-' if self.tls else ''}kneeclinic_step_{self.mark}"

    def session_token(self, connection: HTTPConnection) -> str:
        return connection.cookies.get(self.session_name, "")

    def give_session(self, response: Response, token: str) -> None:
        response.set_cookie(self.session_name, token, max_age=ABSOLUTE_SECONDS, path="/", httponly=True, samesite="strict", secure=self.tls)

    def take_session(self, response: Response) -> None:
        response.delete_cookie(self.session_name, path="/", httponly=True, samesite="strict", secure=self.tls)

    def step_token(self, connection: HTTPConnection) -> str:
        """The token of a half sign-in, which opens nothing but its next step."""
        return connection.cookies.get(self.step_name, "")

    def give_step(self, response: Response, token: str, seconds: int = STEP_SECONDS) -> None:
        response.set_cookie(self.step_name, token, max_age=seconds, path="/", httponly=True, samesite="strict", secure=self.tls)

    def take_step(self, response: Response) -> None:
        response.delete_cookie(self.step_name, path="/", httponly=True, samesite="strict", secure=self.tls)

    def give_form_token(self, response: Response, seed: str) -> None:
        response.set_cookie(self.form_name, seed, max_age=FORM_SECONDS, path="/", httponly=True, samesite="strict", secure=self.tls)

    def form_seed(self, connection: HTTPConnection) -> str:
        return connection.cookies.get(self.form_name) or secrets.token_urlsafe(24)

    def form_token(self, seed: str) -> str:
        return hmac.new(self.form_key, seed.encode(), hashlib.sha256).hexdigest()

    def form_is_ours(self, connection: HTTPConnection, posted: str) -> bool:
        """Whether a posted form carries the token that belongs to this browser's form cookie."""
        seed = connection.cookies.get(self.form_name, "")
        return bool(seed) and same(self.form_token(seed), posted)


def same(known: str, sent: str) -> bool:
    """Compared in constant time; what was sent may hold any letters."""
    return hmac.compare_digest(known.encode(), sent.encode("utf-8", "surrogatepass"))
