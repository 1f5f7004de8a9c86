"""One small script of our own: `/` puts the cursor into the patient search, and a field that a key has opened gets it too."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kneeclinic.web import as_typed, chart_clicks, moved_rows, nav_list

SCRIPT = """(() => {
  if (window.kneeclinicKeys) return;
  window.kneeclinicKeys = true;
  document.addEventListener("keydown", (event) => {
    const at = document.activeElement;
    const typing = at && (at.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(at.tagName));
    if (event.key === "Escape" && typing) { at.blur(); return; }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "?") { document.querySelector(".st-key-shortcuts button")?.click(); return; }
    if (event.key !== "/") return;
    const search = document.querySelector('input[aria-label="Search patients"]');
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  });
  new MutationObserver(() => {
    const field = document.querySelector('[class*="st-key-focus_"] :is(input, textarea):not([data-met])');
    if (field) { field.dataset.met = "1"; field.focus(); }
  }).observe(document.body, { childList: true, subtree: true });
})();
"""


def routes() -> list[Route]:
    async def give(_: Request) -> Response:
        return Response(SCRIPT + as_typed.SCRIPT + nav_list.SCRIPT + chart_clicks.SCRIPT + moved_rows.SCRIPT, media_type="text/javascript")

    return [Route("/desk.js", give, methods=["GET"])]
