"""One question a watcher may ask without signing in: is the clinic being served? Says nothing of patients."""

from __future__ import annotations

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kneeclinic import serving
from kneeclinic.vocabulary import KneeClinicError


def routes() -> list[Route]:
    async def show(_: Request) -> Response:
        def ask() -> str:
            if not serving.is_open():
                return "not set up"
            try:
                _ = serving.the_clinic().profile
            except KneeClinicError:
                return "not readable"
            return "serving"

        state = await anyio.to_thread.run_sync(ask)
        return JSONResponse({"status": state}, status_code=503 if state == "not readable" else 200)

    return [Route("/health", show, methods=["GET"])]
