"""Single sign-on: the provider of the clinic's organisation vouches for a person (OpenID Connect); the session is ours, as after a password.

Nothing here is loaded unless a provider is set. An account is never made by it, and its role is never taken from it.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from kneeclinic import actions, serving
from kneeclinic.vocabulary import KneeClinicError, NotAllowed, Refused
from kneeclinic.web import plain_pages, step_pages
from kneeclinic.web.edge import LOOPBACK_HOSTS, Edge, Provider, origin_of
from kneeclinic.web.half_way import let_into
from kneeclinic.web.signin import local_path

LOG = logging.getLogger("kneeclinic.web")
BEGUN_FOR = timedelta(minutes=10)
MOST_BEGUN = 1_000
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures by a key pair only: a shared secret or none at all would let the browser forge who it is."""
TIMEOUT_S = 10.0
NOT_NOW = "Signing in through {label} did not work. Try again, or sign in with your name and password."
NOT_BEGUN = "This sign-in was not begun in this browser, or it took too long. Begin again."


def provider_from_environment() -> Provider | None:
    """The provider that is set, or None. Refused with one sentence when it is set by half."""
    issuer = os.environ.get("KNEECLINIC_SSO_ISSUER", "").strip().rstrip("/")
    if not issuer:
        return None
    client, file, address = (os.environ.get(f"KNEECLINIC_SSO_{one}", "").strip() for one in ("CLIENT", "SECRET_FILE", "ADDRESS"))
    missing = [f"KNEECLINIC_SSO_{name}" for name, value in (("CLIENT", client), ("SECRET_FILE", file), ("ADDRESS", address)) if not value]
    if missing:
        raise Refused(f"Single sign-on is set by half: {' and '.join(missing)} is missing. Set it, or take KNEECLINIC_SSO_ISSUER away.")
    for name, value in (("ISSUER", issuer), ("ADDRESS", address)):
        parts = urlsplit(value)
        if not parts.hostname or (parts.scheme != "https" and parts.hostname not in LOOPBACK_HOSTS):
            raise Refused(f"KNEECLINIC_SSO_{name} must begin with https:// ({value} does not).")
    try:
        secret = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as why:
        raise Refused(f"The file of KNEECLINIC_SSO_SECRET_FILE cannot be read: {why}") from None
    return Provider(
        issuer=issuer, client_id=client, secret=secret, address=address.rstrip("/"),
        claim=os.environ.get("KNEECLINIC_SSO_CLAIM", "").strip() or "preferred_username",
        label=os.environ.get("KNEECLINIC_SSO_LABEL", "").strip() or "Sign in with your organization",
    )


@dataclass
class Begun:
    """A sign-in on its way through the provider: what must come back with it, and where it goes on."""

    at: datetime
    next_path: str
    origin: str
    kept: dict[str, Any] = field(default_factory=dict, repr=False)


class Waiting:
    """Sign-ins on their way, each bound to the browser that began it by its strict form cookie."""

    def __init__(self) -> None:
        self._begun: dict[str, Begun] = {}

    def begin(self, seed: str, next_path: str, origin: str) -> Begun:
        """Where there are too many, the place that began most of them loses its oldest: a machine that begins over and over crowds out itself."""
        now = serving.now()
        self._begun = {key: one for key, one in self._begun.items() if now - one.at < BEGUN_FOR and key != _mark(seed)}
        while len(self._begun) >= MOST_BEGUN:
            (crowd, _), = Counter(one.origin for one in self._begun.values()).most_common(1)
            self._begun.pop(next(key for key, one in self._begun.items() if one.origin == crowd))
        begun = self._begun[_mark(seed)] = Begun(now, next_path, origin)
        return begun

    def take(self, seed: str) -> Begun | None:
        """Once: a way back that was used is no way back any more."""
        begun = self._begun.pop(_mark(seed), None) if seed else None
        return begun if begun is not None and serving.now() - begun.at < BEGUN_FOR else None


def routes(edge: Edge) -> list[Route]:
    """No routes at all where no provider is set."""
    if edge.provider is None:
        return []
    provider, waiting = edge.provider, Waiting()
    clients: list[Any] = []

    async def client() -> Any:
        """Loaded at the first sign-in, so that a start stays as fast as without it."""
        if not clients:
            clients.append(await anyio.to_thread.run_sync(lambda: _client(provider)))
        metadata = await clients[0].load_server_metadata()
        if str(metadata.get("issuer", "")).rstrip("/") != provider.issuer:
            raise NotAllowed("The provider calls itself by another name than the one that is set.")
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        clients[0].server_metadata["id_token_signing_alg_values_supported"] = [one for one in offered if one in ALGORITHMS] or ["RS256"]
        return clients[0]

    def refuse(text: str, status: int = 403) -> Response:
        return HTMLResponse(
            plain_pages.sentence_page("You are not signed in", text, clinic=edge.clinic_name(), link="/signin", link_words="Back to sign-in"),
            status_code=status,
        )

    async def start(request: Request) -> Response:
        if edge.needs_set_up:
            return RedirectResponse("/setup", status_code=303)
        seed = edge.cookies.form_seed(request)
        begun = waiting.begin(seed, local_path(request.query_params.get("next", "/")), origin_of(request))
        try:
            response: Response = await (await client()).authorize_redirect(remembering(request, begun), f"{provider.address}/sso/back")
        except Exception as why:
            LOG.warning("single sign-on cannot begin: %s", type(why).__name__)
            return refuse(NOT_NOW.format(label=provider.label), 502)
        edge.cookies.give_form_token(response, seed)
        return response

    async def back(request: Request) -> Response:
        """From another site: the browser holds back its strict cookie. A page of our own goes on, and then it comes along."""
        brought = {name: value[:4096] for name in ("code", "state", "error") if (value := request.query_params.get(name))}
        return HTMLResponse(step_pages.way_back_page(clinic=edge.clinic_name(), on=f"/sso/arrive?{urlencode(brought)}"))

    async def arrive(request: Request) -> Response:
        begun = waiting.take(request.cookies.get(edge.cookies.form_name, ""))
        if begun is None or not serving.is_open():
            return refuse(NOT_BEGUN)
        try:
            claims = await _claims(await client(), remembering(request, begun), provider)
        except Exception as why:
            LOG.warning("single sign-on refused: %s, from %s", type(why).__name__, origin_of(request))
            return refuse(NOT_NOW.format(label=provider.label))
        name, subject = str(claims.get(provider.claim) or ""), str(claims["sub"])
        if provider.claim == "email" and claims.get("email_verified") is not True:
            name = ""
        origin = origin_of(request)
        try:
            token = await anyio.to_thread.run_sync(
                lambda: actions.sign_in_by_provider(serving.the_clinic(), provider.issuer, subject, name, origin)
            )
        except KneeClinicError as no:
            LOG.warning("single sign-on refused: no account, from %s", origin)
            return refuse(str(no))
        response = RedirectResponse(begun.next_path, status_code=303)
        await let_into(edge, request, response, token)
        return response

    return [Route("/sso/start", start, methods=["GET"]), Route("/sso/back", back, methods=["GET"]),
            Route("/sso/arrive", arrive, methods=["GET"])]


def remembering(request: Request, begun: Begun) -> Request:
    """The request as Authlib wants it: with a place to remember. A scope of its own, since the server around us keeps another session there."""
    return Request({**request.scope, "session": begun.kept}, request.receive)


def _client(provider: Provider) -> Any:
    from authlib.integrations.starlette_client import OAuth

    return OAuth().register(
        "provider", client_id=provider.client_id, client_secret=provider.secret,
        server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256", "timeout": TIMEOUT_S},
    )


async def _claims(client: Any, request: Request, provider: Provider) -> dict[str, Any]:
    """What the provider signed about the person; raises when signature, issuer, audience, nonce or time do not fit."""
    wanted = {"iss": {"essential": True, "value": client.server_metadata["issuer"]}, "aud": {"essential": True, "value": provider.client_id},
              "sub": {"essential": True}, "exp": {"essential": True}, "nonce": {"essential": True}}
    token = await client.authorize_access_token(request, claims_options=wanted)
    found = dict(token.get("userinfo") or {})
    if not found.get("sub"):
        raise NotAllowed("The provider told nothing of the person.")
    return found


def _mark(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()
