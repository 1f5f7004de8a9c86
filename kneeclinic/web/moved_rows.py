"""A row that was moved up or down keeps the cursor on its button, so that the next press moves the same row again."""

from __future__ import annotations

SCRIPT = """(() => {
  if (window.kneeclinicMoved) return;
  window.kneeclinicMoved = true;
  const ROW = '[class*="st-key-move_"]';
  let wanted = "", lent = null, ours = false;
  const nameOf = (one) => [...(one.closest?.(ROW)?.classList ?? [])].find((name) => /^st-key-move_(up|down)_/.test(name)) || "";
  const button = (name) => window.kneeclinicShown(`.${CSS.escape(name)} button`)[0];
  const turned = (name) => name.replace(/^st-key-move_(up|down)_/, (_, way) => `st-key-move_${way === "up" ? "down" : "up"}_`);
  const look = () => {
    if (!wanted) return;
    const at = document.activeElement;
    if (at && at !== document.body && at !== lent && !at.disabled && !at.closest("[data-retained]")) return;
    const own = button(wanted), one = own?.disabled ? button(turned(wanted)) : own;
    if (!one || one.disabled || one === at) return;
    lent = one === own ? null : one;
    ours = true;
    one.focus();
    ours = false;
  };
  document.addEventListener("click", (event) => {
    wanted = nameOf(event.target);
    lent = null;
  }, true);
  document.addEventListener("pointerdown", (event) => { if (!nameOf(event.target)) wanted = ""; }, true);
  document.addEventListener("focusin", (event) => {
    if (!ours && wanted && nameOf(event.target) !== wanted) wanted = "";
  });
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled", "data-retained"] });
})();
"""
