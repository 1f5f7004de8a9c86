"""The first page stands at `/`; who types its name gets it too, with the patient of the address."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

FIRST_PAGE = "caseload"


def routes() -> list[Route]:
    async def home(request: Request) -> RedirectResponse:
        asked = request.url.query
        return RedirectResponse(f"/?{asked}" if asked else "/", status_code=303)

    return [Route(address, home, methods=["GET"]) for address in (f"/{FIRST_PAGE}", f"/{FIRST_PAGE}/")]
