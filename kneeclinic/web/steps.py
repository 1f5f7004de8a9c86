"""The later steps of signing in: the code of the second factor, and a password of one's own where somebody else chose the last."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from kneeclinic import actions, serving
from kneeclinic.security.sessions import CODE, PASSWORD, half_lasts
from kneeclinic.vocabulary import KneeClinicError, Refused
from kneeclinic.web import first_factor, step_pages
from kneeclinic.web.edge import Edge, origin_of
from kneeclinic.web.half_way import PLACES, TOO_OLD, let_into, waiting_for
from kneeclinic.web.posted import posted_form

LOG = logging.getLogger("kneeclinic.web")


async def onward(edge: Edge, request: Request, token: str, next_path: str) -> Response:
    """After a step: into the clinic with the session cookie, or on to the step that is still missing."""
    waits = await anyio.to_thread.run_sync(lambda: actions.step_of(serving.the_clinic(), token))
    if waits:
        response = RedirectResponse(PLACES[waits], status_code=303)
        edge.cookies.give_step(response, token, int(half_lasts(waits).total_seconds()))
        edge.next_paths[token] = next_path
        return response
    response = RedirectResponse(next_path, status_code=303)
    await let_into(edge, request, response, token)
    return response


def routes(edge: Edge) -> list[Route]:
    def step(waits: str, draw: Callable[..., str], take: Callable[[str, dict[str, str], str], str]) -> tuple[
        Callable[[Request], Awaitable[Response]], Callable[[Request], Awaitable[Response]],
    ]:
        def form(request: Request, *, status: int = 200, refusal: str = "") -> Response:
            seed = edge.cookies.form_seed(request)
            body = draw(clinic=edge.clinic_name(), token=edge.cookies.form_token(seed), refusal=refusal)
            response = HTMLResponse(body, status_code=status)
            edge.cookies.give_form_token(response, seed)
            return response

        async def show(request: Request) -> Response:
            return form(request) if await waiting_for(edge, request, waits) else RedirectResponse("/signin", status_code=303)

        async def enter(request: Request) -> Response:
            token = await waiting_for(edge, request, waits)
            if not token:
                return RedirectResponse("/signin?out=late", status_code=303)
            posted = await posted_form(request)
            if not edge.cookies.form_is_ours(request, posted.get("form_token", "")):
                return form(request, status=403, refusal=TOO_OLD)
            typed = {name: value[:512] for name, value in posted.items()}
            origin = origin_of(request)
            try:
                fresh = await anyio.to_thread.run_sync(lambda: take(token, typed, origin))
            except KneeClinicError as no:
                LOG.warning("a step of sign-in was refused (%s), from %s", waits, origin)
                return form(request, status=403, refusal=str(no))
            return await onward(edge, request, fresh, edge.next_paths.pop(token, "/"))

        return show, enter

    def code(token: str, typed: dict[str, str], origin: str) -> str:
        return actions.give_code(serving.the_clinic(), token, typed.get("code", "")[:40], origin)

    def password(token: str, typed: dict[str, str], origin: str) -> str:
        if typed.get("password", "") != typed.get("again", ""):
            raise Refused("The two passwords differ. Type both again.")
        return actions.give_new_password(serving.the_clinic(), token, typed.get("password", ""), origin)

    doors = ((CODE, step_pages.code_page, code), (PASSWORD, step_pages.new_password_page, password))
    return [
        Route(PLACES[waits], endpoint, methods=[method])
        for waits, draw, take in doors
        for method, endpoint in zip(("GET", "POST"), step(waits, draw, take), strict=True)
    ] + first_factor.routes(edge)
