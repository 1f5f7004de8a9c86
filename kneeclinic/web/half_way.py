"""Sign-ins that are half way: which screen their next step has, and whose browser is at it."""

from __future__ import annotations

import anyio.to_thread
from starlette.requests import Request

from kneeclinic import actions, serving
from kneeclinic.security.sessions import CODE, FACTOR, PASSWORD
from kneeclinic.web.edge import Edge

PLACES = {CODE: "/signin/code", PASSWORD: "/signin/password", FACTOR: "/signin/factor"}
TOO_OLD = "This form was too old. Please send it again."


async def waiting_for(edge: Edge, request: Request, waits: str) -> str:
    """The token of a half sign-in that is at this step, or nothing."""
    token = edge.cookies.step_token(request)
    if not token or not serving.is_open():
        return ""
    return token if await anyio.to_thread.run_sync(lambda: actions.step_of(serving.the_clinic(), token)) == waits else ""
