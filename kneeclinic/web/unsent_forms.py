"""On the program page, saving a version while a form stands open with something typed in it keeps that first: the version is saved by the next press,
when the therapist has seen it. Else the version would leave without the dose that stands on the screen."""

from __future__ import annotations

SCRIPT = """(() => {
  if (window.kneeclinicUnsent) return;
  window.kneeclinicUnsent = true;
  const touched = new Set();
  const SAVE = '.st-key-card_saving [data-testid="stButton"] button', SEND = '[data-testid="stFormSubmitButton"] button';
  const touch = (event) => {
    const form = event.target.closest?.('[data-testid="stMain"] [data-testid="stForm"]');
    if (!form) return;
    if (event.target.closest(SEND)) { if (event.type === "click") touched.delete(form); } else { touched.add(form); }
  };
  const open = () => {
    for (const one of touched) if (!one.isConnected) touched.delete(one);
    return [...touched][0];
  };
  const say = (text) => {
    document.getElementById("unsent")?.remove();
    const told = document.createElement("div");
    told.id = "unsent";
    told.setAttribute("role", "status");
    told.textContent = text;
    told.style.cssText = "position:fixed;right:24px;bottom:24px;z-index:1000;max-width:360px;padding:14px 18px;border-radius:8px;" +
      "background:#0f4f4a;color:#fff;font:500 16px/1.4 inherit;box-shadow:0 4px 16px rgba(0,0,0,.25)";
    document.body.append(told);
    setTimeout(() => told.remove(), 8000);
  };
  const keep = (event, form) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    document.activeElement?.blur?.();
    setTimeout(() => {
      const send = form.querySelector(SEND);
      if (!send || send.disabled) {
        say("Not saved: the open form is not complete yet. Finish it, or close it to leave it out.");
        form.scrollIntoView({ block: "center" });
        return;
      }
      send.click();
      say(`Not saved yet: what stood in the open form was taken over first (“${send.innerText.trim().split("\\n").pop()}”). Look at it, then save.`);
    }, 80);
  };
  document.addEventListener("input", touch, true);
  window.addEventListener("click", (event) => {
    touch(event);
    const form = event.target.closest?.(SAVE) && open();
    if (form) keep(event, form);
  }, true);
  window.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.code !== "KeyS" || !document.querySelector(SAVE)) return;
    const form = open();
    if (form) keep(event, form);
  }, true);
})();
"""
