"""Two questions a watcher may ask without signing in: does the program live, and can it serve? They say nothing of patients."""

from __future__ import annotations

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kneeclinic import serving
from kneeclinic.vocabulary import KneeClinicError


def state() -> str:
    """`serving`, `not set up`, or `not readable`."""
    if not serving.is_open():
        return "not set up"
    try:
        _ = serving.the_clinic().profile
    except KneeClinicError:
        return "not readable"
    return "serving"


def routes() -> list[Route]:
    async def health(_: Request) -> Response:
        """Alive: a fresh installation that waits for its set-up is well, too. A service manager starts the program anew when this fails."""
        found = await anyio.to_thread.run_sync(state)
        return JSONResponse({"status": found}, status_code=503 if found == "not readable" else 200)

    async def ready(_: Request) -> Response:
        """Ready: a clinic is open and answers. A proxy sends nobody here as long as this says no."""
        found = await anyio.to_thread.run_sync(state)
        return JSONResponse({"status": found}, status_code=200 if found == "serving" else 503)

    return [Route("/health", health, methods=["GET"]), Route("/ready", ready, methods=["GET"])]
