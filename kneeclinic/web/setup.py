"""The first start: whoever read the code in the terminal makes the clinic and its first account, or opens the demo."""

from __future__ import annotations

import logging
import sys
from zoneinfo import available_timezones

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from kneeclinic import actions, serving
from kneeclinic.record import ClinicProfile
from kneeclinic.security.setup_code import code_matches, new_setup_code
from kneeclinic.vocabulary import KneeClinicError, Paper, Refused, Units
from kneeclinic.web import demo_clinic, plain_pages
from kneeclinic.web.edge import Edge, origin_of
from kneeclinic.web.posted import posted_form

LOG = logging.getLogger("kneeclinic.web")
FIELDS = ("clinic", "phone", "units", "paper", "time_zone", "week_start", "display_name", "name")
FIRST_ZONES = ("UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles")


def zones() -> list[str]:
    """The time zones to choose from: the common ones first, then all that this machine knows."""
    rest = sorted(one for one in available_timezones() if "/" in one and not one.startswith(("Etc/", "posix/", "right/", "SystemV/")))
    return [*FIRST_ZONES, *(one for one in rest if one not in FIRST_ZONES)]


def print_code(edge: Edge, address: str) -> None:
    """Says in the terminal, and only there, how the clinic is claimed."""
    sys.stdout.write(f"\n  No clinic yet. Open {address} and enter this one-time code:  {edge.code}\n\n")
    sys.stdout.flush()


def routes(edge: Edge) -> list[Route]:
    def form(request: Request, *, status: int = 200, typed: dict[str, str] | None = None, refusal: str = "") -> Response:
        seed = edge.cookies.form_seed(request)
        body = plain_pages.set_up_page(token=edge.cookies.form_token(seed), typed=typed or {}, zones=zones(), refusal=refusal,
                                       file_name=edge.path.name)
        response = HTMLResponse(body, status_code=status)
        edge.cookies.give_form_token(response, seed)
        return response

    async def show(request: Request) -> Response:
        return form(request) if edge.needs_set_up else RedirectResponse("/", status_code=303)

    async def claim(request: Request) -> Response:
        if not edge.needs_set_up:
            return RedirectResponse("/", status_code=303)
        posted = await posted_form(request)
        typed = {name: str(posted.get(name, "")).strip()[:200] for name in FIELDS}
        if not edge.cookies.form_is_ours(request, posted.get("form_token", "")):
            return form(request, status=403, typed=typed, refusal="This form was too old. Please send it again.")
        keys, moment = ("set-up", f"from:{origin_of(request)}"), serving.now().timestamp()
        wait = edge.throttle.wait_s(keys, moment)
        if wait > 0:
            return form(request, status=429, typed=typed, refusal=f"Too many wrong codes. Wait {wait:.0f} seconds, then try again.")
        if not code_matches(edge.code, posted.get("code", "")[:60]):
            edge.throttle.wrong(keys, moment)
            LOG.warning("set-up refused: wrong code, from %s", origin_of(request))
            return form(request, status=403, typed=typed, refusal="That is not the code that the terminal printed.")
        edge.throttle.right(keys)
        if not edge.setting_up.acquire(blocking=False):
            return form(request, status=409, typed=typed, refusal="Somebody is setting up this clinic at this moment. Wait a little.")
        try:
            if not edge.needs_set_up:
                return RedirectResponse("/", status_code=303)
            if posted.get("what") == "demo":
                await anyio.to_thread.run_sync(lambda: demo_clinic.open_demo(edge))
                return RedirectResponse("/signin", status_code=303)
            token, recovery = await anyio.to_thread.run_sync(lambda: create(edge, typed, posted, origin_of(request)))
        except KneeClinicError as no:
            return form(request, status=422, typed=typed, refusal=str(no))
        finally:
            edge.setting_up.release()
        edge.code = new_setup_code()
        response = HTMLResponse(plain_pages.recovery_page(clinic=typed["clinic"], code=recovery))
        edge.cookies.give_session(response, token)
        return response

    return [Route("/setup", show, methods=["GET"]), Route("/setup", claim, methods=["POST"])]


def create(edge: Edge, typed: dict[str, str], posted: dict[str, str], origin: str) -> tuple[str, str]:
    """Makes the clinic file, its key and the lead's account; returns the session token of the lead and the key's recovery code."""
    password, again = (posted.get(name, "")[:512] for name in ("password", "again"))
    if password != again:
        raise Refused("The two passwords differ. Type both again.")
    if not typed["clinic"] or not typed["name"] or not typed["display_name"]:
        raise Refused("Name of the clinic, your name and your sign-in name are all needed.")
    try:
        profile = ClinicProfile(
            name=typed["clinic"], phone=typed["phone"], time_zone=typed["time_zone"] or "UTC", week_start=int(typed["week_start"] or 0),
            units=Units(typed["units"] or "metric"), paper=Paper(typed["paper"] or "a4"),
        )
    except ValueError as wrong:
        raise Refused("Choose units, paper, time zone and first day of the week from the lists.") from wrong
    edge.path.parent.mkdir(parents=True, exist_ok=True)
    clinic = actions.setup_clinic(edge.path, profile, typed["name"], typed["display_name"], password)
    serving.keep_open(clinic)
    LOG.info("clinic set up, from %s", origin)
    token = actions.sign_in(serving.the_clinic(), typed["name"], password, origin)
    lead = actions.session_actor(serving.the_clinic(), token)
    if lead is None:
        raise Refused("The clinic was made, but signing in did not work. Sign in with the name and password you chose.")
    return token, actions.print_recovery_code(serving.the_clinic(), lead)
