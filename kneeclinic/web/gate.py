"""The gate: nobody without a session gets past it, not to a page, not to a picture, not to the live connection."""

from __future__ import annotations

from urllib.parse import quote

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from kneeclinic.web.edge import Edge, is_foreign

OPEN_PATHS = frozenset({"/signin", "/signin/code", "/signin/password", "/signin/factor", "/signout", "/setup", "/health", "/ready"})
"""What anybody may ask for: none of these shows anything of a patient."""
PROVIDER_PATHS = frozenset({"/sso/start", "/sso/back", "/sso/arrive"})
"""Open besides where a single sign-on is set."""

OWN_SCRIPTS = ("/static/", "/favicon.png")
PREFIX = b"x-kneeclinic-"
SESSION_HEADER = "X-KneeClinic-Session"
ACCOUNT_HEADER = "X-KneeClinic-Account"


class Gate:
    """A plain ASGI class: the usual middleware helper does not see WebSockets. Strips identity headers and sets its own."""

    def __init__(self, app: ASGIApp, *, edge: Edge) -> None:
        self.app = app
        self.edge = edge

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        scope = {**scope, "headers": [(name, value) for name, value in scope["headers"] if not name.lower().startswith(PREFIX)]}
        path = str(scope["path"])
        if scope["type"] == "http" and (path in OPEN_PATHS or (self.edge.provider is not None and path in PROVIDER_PATHS)):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        token = self.edge.cookies.session_token(connection)
        a_person_asks = scope["type"] == "http" and scope["method"] == "GET" and "text/html" in connection.headers.get("accept", "")
        actor = await anyio.to_thread.run_sync(
            lambda: self.edge.actor_of(token, counts=a_person_asks, fresh=not path.startswith(OWN_SCRIPTS))
        )
        if actor is None or is_foreign(connection, self.edge.public):
            await self.refuse(scope, receive, send)
            return
        known = [(SESSION_HEADER.lower().encode(), token.encode()), (ACCOUNT_HEADER.lower().encode(), actor.account_id.encode())]
        # Judged here; the server around us would ask a machine outside what its own address is, to judge an origin that it does not know.
        kept = [(name, value) for name, value in scope["headers"] if name.lower() != b"origin"]
        await self.app({**scope, "headers": [*kept, *known]}, receive, send)

    async def refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A WebSocket is closed before it is accepted (the browser sees 403), a page goes to sign-in, all else is 401."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4403, "reason": "sign in first"})
            return
        await self.answer(scope)(scope, receive, send)

    def answer(self, scope: Scope) -> PlainTextResponse | RedirectResponse:
        path = str(scope["path"])
        wants_page = scope["method"] in ("GET", "HEAD") and "text/html" in Headers(scope=scope).get("accept", "")
        inner = path.startswith(("/_stcore/", "/media/", "/static/", "/component/", "/app/"))
        if self.edge.needs_set_up and not inner and scope["method"] in ("GET", "HEAD"):
            return RedirectResponse("/setup", status_code=303)
        if (wants_page or path == "/") and not inner and scope["method"] in ("GET", "HEAD"):
            asked = path + ("?" + scope["query_string"].decode("latin-1") if scope.get("query_string") else "")
            return RedirectResponse("/signin" + ("" if asked == "/" else "?next=" + quote(asked, safe="")), status_code=303)
        return PlainTextResponse("Sign in first.\n", status_code=401)
