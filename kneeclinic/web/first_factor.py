"""The step of sign-in in which a second factor is set up, where the clinic requires one of a role: the picture to scan, and the codes to keep."""

from __future__ import annotations

import logging

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from kneeclinic import actions, serving
from kneeclinic.security.second_factor import address_of
from kneeclinic.security.sessions import FACTOR
from kneeclinic.vocabulary import KneeClinicError
from kneeclinic.web import step_pages
from kneeclinic.web.edge import Edge, origin_of
from kneeclinic.web.half_way import PLACES, TOO_OLD, let_into, waiting_for
from kneeclinic.web.posted import posted_form

LOG = logging.getLogger("kneeclinic.web")


def routes(edge: Edge) -> list[Route]:
    async def form(request: Request, token: str, *, status: int = 200, refusal: str = "") -> Response:
        clinic = serving.the_clinic()
        try:
            factor, name = await anyio.to_thread.run_sync(lambda: actions.show_first_factor(clinic, token))
        except KneeClinicError:
            return RedirectResponse("/signin?out=late", status_code=303)
        seed, house = edge.cookies.form_seed(request), edge.clinic_name()
        body = step_pages.first_factor_page(clinic=house, token=edge.cookies.form_token(seed), secret=factor.secret,
                                            address=address_of(factor.secret, name, house), refusal=refusal)
        response = HTMLResponse(body, status_code=status)
        edge.cookies.give_form_token(response, seed)
        return response

    async def show(request: Request) -> Response:
        token = await waiting_for(edge, request, FACTOR)
        return await form(request, token) if token else RedirectResponse("/signin", status_code=303)

    async def enter(request: Request) -> Response:
        token = await waiting_for(edge, request, FACTOR)
        if not token:
            return RedirectResponse("/signin?out=late", status_code=303)
        posted = await posted_form(request)
        if not edge.cookies.form_is_ours(request, posted.get("form_token", "")):
            return await form(request, token, status=403, refusal=TOO_OLD)
        typed, origin = posted.get("code", "")[:40], origin_of(request)
        try:
            fresh, codes = await anyio.to_thread.run_sync(lambda: actions.give_first_code(serving.the_clinic(), token, typed, origin))
        except KneeClinicError as no:
            LOG.warning("a step of sign-in was refused (%s), from %s", FACTOR, origin)
            return await form(request, token, status=403, refusal=str(no))
        response = HTMLResponse(step_pages.recovery_codes_page(clinic=edge.clinic_name(), codes=codes, on=edge.next_paths.pop(token, "/")))
        await let_into(edge, request, response, fresh)
        return response

    return [Route(PLACES[FACTOR], show, methods=["GET"]), Route(PLACES[FACTOR], enter, methods=["POST"])]
