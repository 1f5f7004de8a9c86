"""The script that tells the page which region of the body chart was clicked, and when: one click is counted once."""

from __future__ import annotations

SCRIPT = """(() => {
  if (window.kneeclinicChart) return;
  window.kneeclinicChart = true;
  document.addEventListener("click", (event) => {
    const region = event.target instanceof Element && event.target.closest(".kc-region");
    const field = document.querySelector(".st-key-chart_pick input");
    if (!region || !field) return;
    const name = [...region.classList].find((one) => /^kc-[LR]-/.test(one));
    const [, side, view, ...rest] = name.split("-");
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, `${side}.${view}.${rest.join("-")} ${Date.now()}`);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => field.dispatchEvent(new KeyboardEvent("keydown",
      { key: "Enter", code: "Enter", keyCode: 13, which: 13, bubbles: true, cancelable: true })), 30);
  });
})();
"""
