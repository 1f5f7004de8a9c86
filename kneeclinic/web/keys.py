"""One small script of our own: `/` puts the cursor into the patient search, a field that a key has opened gets it too, and a shortcut pressed
while a field is typed in keeps what stands there first."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kneeclinic.web import as_typed, chart_clicks, moved_rows, nav_list, shown, typed_ahead, unsent_forms

SCRIPT = """(() => {
  if (window.kneeclinicKeys) return;
  window.kneeclinicKeys = true;
  let left = null;
  document.addEventListener("keydown", (event) => {
    const at = document.activeElement;
    const typing = at && (at.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(at.tagName));
    if (event.key === "Escape" && typing) { at.blur(); return; }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "?") { window.kneeclinicShown(".st-key-shortcuts button")[0]?.click(); return; }
    if (event.key !== "/") return;
    const [search] = window.kneeclinicShown('input[aria-label="Search patients"]');
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const typed = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && !["radio", "checkbox"].includes(field.type));
    const command = event.ctrlKey || event.metaKey;
    if (!typed || event.isComposing || !(event.altKey ? !command && /^(Key|Digit)/.test(event.code) : command && event.code === "KeyS")) return;
    field.blur();
    field.focus({ preventScroll: true });
    left = field;
  }, true);
  new MutationObserver(() => {
    if (left && !left.isConnected) {
      const name = left.getAttribute("aria-label");
      left = null;
      const again = name && window.kneeclinicShown(`:is(input, textarea)[aria-label="${CSS.escape(name)}"]`)[0];
      if (again && document.activeElement === document.body) again.focus({ preventScroll: true });
    }
    const field = window.kneeclinicShown('[class*="st-key-focus_"] :is(input, textarea, [data-testid="stButtonGroup"] button):not([data-met])')
      .find(window.kneeclinicFilled);
    if (!field) return;
    for (const one of field.closest('[data-testid="stButtonGroup"]')?.querySelectorAll("button") ?? [field]) one.dataset.met = "1";
    field.focus();
  }).observe(document.body, { childList: true, subtree: true, attributeFilter: ["value"] });
})();
"""


def routes() -> list[Route]:
    async def give(_: Request) -> Response:
        parts = (as_typed, nav_list, chart_clicks, moved_rows, typed_ahead, unsent_forms)
        return Response(shown.SCRIPT + SCRIPT + "".join(one.SCRIPT for one in parts), media_type="text/javascript")

    return [Route("/desk.js", give, methods=["GET"])]
