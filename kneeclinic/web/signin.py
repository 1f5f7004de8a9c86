"""Coming in and going out: the sign-in form, its answer, and the end of a session everywhere."""

from __future__ import annotations

import logging

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from kneeclinic import actions, serving
from kneeclinic.vocabulary import KneeClinicError
from kneeclinic.web import plain_pages, step_pages, steps
from kneeclinic.web.edge import Edge, origin_of
from kneeclinic.web.posted import posted_form
from kneeclinic.web.tokens import same

LOG = logging.getLogger("kneeclinic.web")


def local_path(asked: str) -> str:
    """Where to go after sign-in: a path of this server, never another site."""
    if not asked.startswith("/") or asked.startswith(("//", "/\\", "/signin", "/signout", "/setup", "/sso", "/_stcore", "/media")):
        return "/"
    return asked if all(ord(one) >= 32 for one in asked) and len(asked) < 500 else "/"


def routes(edge: Edge) -> list[Route]:
    def form(request: Request, *, status: int = 200, name: str = "", refusal: str = "", note: str = "", next_path: str = "/") -> Response:
        seed = edge.cookies.form_seed(request)
        body = plain_pages.sign_in_page(
            clinic=edge.clinic_name(), token=edge.cookies.form_token(seed), next_path=next_path, name=name, refusal=refusal, note=note,
            hint=serving.sign_in_hint(), other_way=step_pages.provider_link(edge.provider.label, next_path) if edge.provider else "",
        )
        response = HTMLResponse(body, status_code=status)
        edge.cookies.give_form_token(response, seed)
        return response

    async def show(request: Request) -> Response:
        if edge.needs_set_up:
            return RedirectResponse("/setup", status_code=303)
        notes = {"1": "You are signed out.", "ended": "Your session ended. Sign in to go on; drafts are kept.",
                 "late": "That sign-in was not finished in time. Begin again."}
        return form(request, note=notes.get(request.query_params.get("out", ""), ""), next_path=local_path(request.query_params.get("next", "/")))

    async def enter(request: Request) -> Response:
        if edge.needs_set_up:
            return RedirectResponse("/setup", status_code=303)
        posted = await posted_form(request)
        name, password = posted.get("name", "")[:100].strip(), posted.get("password", "")[:512]
        next_path = local_path(posted.get("next", "/"))
        if not edge.cookies.form_is_ours(request, posted.get("form_token", "")):
            return form(request, status=403, name=name, refusal="This form was too old. Please sign in again.", next_path=next_path)
        origin = origin_of(request)
        try:
            token = await anyio.to_thread.run_sync(lambda: actions.sign_in(serving.the_clinic(), name, password, origin))
        except KneeClinicError as no:
            LOG.warning("sign-in refused, from %s", origin)
            return form(request, status=403, name=name, refusal=str(no), next_path=next_path)
        return await steps.onward(edge, request, token, next_path)

    async def ask_to_leave(request: Request) -> Response:
        """A link with the right proof signs out at once; any other only shows the button."""
        token = edge.cookies.session_token(request)
        if token and same(serving.leave_proof(token), request.query_params.get("proof", "")):
            return await gone(token)
        if edge.needs_set_up or not token:
            return RedirectResponse("/signin", status_code=303)
        seed = edge.cookies.form_seed(request)
        response = HTMLResponse(plain_pages.sign_out_page(clinic=edge.clinic_name(), token=edge.cookies.form_token(seed)))
        edge.cookies.give_form_token(response, seed)
        return response

    async def leave(request: Request) -> Response:
        posted = await posted_form(request)
        if not edge.cookies.form_is_ours(request, posted.get("form_token", "")):
            return RedirectResponse("/signout", status_code=303)
        return await gone(edge.cookies.session_token(request))

    async def gone(token: str) -> Response:
        if token and serving.is_open():
            try:
                await anyio.to_thread.run_sync(lambda: actions.sign_out(serving.the_clinic(), token))
            except KneeClinicError:
                LOG.info("sign-out of a session that had ended")
        response = RedirectResponse("/signin?out=1", status_code=303)
        edge.cookies.take_session(response)
        edge.cookies.take_step(response)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    return [
        Route("/signin", show, methods=["GET"]),
        Route("/signin", enter, methods=["POST"]),
        Route("/signout", ask_to_leave, methods=["GET"]),
        Route("/signout", leave, methods=["POST"]),
    ]
