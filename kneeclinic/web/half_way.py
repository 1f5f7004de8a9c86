"""Sign-ins that are half way: which screen their next step has, whose browser is at it, and what happens when the last step is taken."""

from __future__ import annotations

import logging

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from kneeclinic import actions, serving
from kneeclinic.security.sessions import CODE, FACTOR, PASSWORD
from kneeclinic.vocabulary import KneeClinicError
from kneeclinic.web.edge import Edge

LOG = logging.getLogger("kneeclinic.web")
PLACES = {CODE: "/signin/code", PASSWORD: "/signin/password", FACTOR: "/signin/factor"}
TOO_OLD = "This form was too old. Please send it again."


async def waiting_for(edge: Edge, request: Request, waits: str) -> str:
    """The token of a half sign-in that is at this step, or nothing."""
    token = edge.cookies.step_token(request)
    if not token or not serving.is_open():
        return ""
    return token if await anyio.to_thread.run_sync(lambda: actions.step_of(serving.the_clinic(), token)) == waits else ""


async def let_into(edge: Edge, request: Request, response: Response, token: str) -> None:
    """Hands the whole session to the browser. The one it had until now ends: nobody holds it any more who would sign it out."""
    before = edge.cookies.session_token(request)
    edge.cookies.give_session(response, token)
    edge.cookies.take_step(response)
    if before and before != token:
        try:
            await anyio.to_thread.run_sync(lambda: actions.sign_out(serving.the_clinic(), before, "another sign-in in this browser"))
        except KneeClinicError as no:
            LOG.warning("the session before this sign-in could not be ended: %s", type(no).__name__)
