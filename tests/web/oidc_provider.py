"""A small provider of single sign-on, as an organisation has one: real keys, real signatures, and ways to lie that a test chooses."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "kneeclinic", "a secret of the provider"


def plain(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned(*parts: dict[str, Any]) -> str:
    return ".".join(plain(json.dumps(one).encode()) for one in parts)


@dataclass
class OidcProvider:
    """Who signs in there, and what is wrong with the answer (`lie`)."""

    port: int
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "p-1", "preferred_username": "ada"})
    lie: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}))
    other_key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}))
    given: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    def app(self) -> Starlette:
        return Starlette(routes=[
            Route("/.well-known/openid-configuration", self.discovery), Route("/keys", self.keys), Route("/authorize", self.authorize),
            Route("/token", self.token, methods=["POST"]),
        ])

    async def discovery(self, _: Request) -> Response:
        return JSONResponse({
            "issuer": "http://localhost:1" if self.lie == "another issuer at discovery" else self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize", "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"], "code_challenge_methods_supported": ["S256"],
        })

    async def keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        """The person is signed in here already; the browser goes straight back."""
        asked = dict(request.query_params)
        self.asked.append(asked)
        if self.lie == "says no":
            return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}", status_code=302)
        code = secrets.token_urlsafe(16)
        self.given[code] = asked
        state = "another state" if self.lie == "another state" else asked["state"]
        to = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': state})}"
        if self.lie == "a page of its own":
            return HTMLResponse(f'<h1>Organisation</h1><a href="{to}">Continue as Ada</a>')
        return RedirectResponse(to, status_code=302)

    async def token(self, request: Request) -> Response:
        posted = dict(await request.form())
        asked = self.given.pop(str(posted.get("code")), None)
        basic = base64.b64decode(request.headers.get("authorization", "Basic ").split()[-1] + "==").decode()
        verifier = str(posted.get("code_verifier", ""))
        challenge = plain(hashlib.sha256(verifier.encode()).digest())
        secret = basic.partition(":")[2].replace("+", " ").replace("%20", " ")
        if asked is None or secret != SECRET or asked.get("code_challenge") != challenge or posted.get("redirect_uri") != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": asked["nonce"], **self.person}
        claims |= {
            "another issuer": {"iss": "http://localhost:2"}, "another audience": {"aud": "somebody else"}, "another nonce": {"nonce": "x"},
            "run out": {"iat": now - 9_000, "exp": now - 8_000},
        }.get(self.lie, {})
        if self.lie in ("no person", "no nonce", "no end"):
            del claims[{"no person": "sub", "no nonce": "nonce", "no end": "exp"}[self.lie]]
        header: dict[str, Any] = {"alg": "RS256", "kid": "k1"}
        if self.lie == "no signature":
            signed = unsigned({"alg": "none"}, claims) + "."
        elif self.lie == "signed with the public key":
            head = unsigned({"alg": "HS256", "kid": "k1"}, claims)
            signed = f"{head}.{plain(hmac.new(self.key.as_pem(private=False), head.encode(), hashlib.sha256).digest())}"
        else:
            signed = jwt.encode(header, claims, self.other_key if self.lie == "another key" else self.key)
        answer = {"access_token": "unused", "token_type": "Bearer", "expires_in": 60}
        return JSONResponse(answer if self.lie == "no id token" else answer | {"id_token": signed})


@contextmanager
def running() -> Iterator[OidcProvider]:
    """The provider at an address of its own: another site than the clinic's, as browsers see it."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        provider = OidcProvider(door.getsockname()[1])
        server = uvicorn.Server(uvicorn.Config(provider.app(), log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        door.listen()
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.started
        yield provider
        server.should_exit = True
        thread.join(20)
