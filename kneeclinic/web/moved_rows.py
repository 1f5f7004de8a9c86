"""A row that was moved up or down keeps the cursor on its button, so that the next press moves the same row again."""

from __future__ import annotations

SCRIPT = """(() => {
  if (window.kneeclinicMoved) return;
  window.kneeclinicMoved = true;
  let wanted = "";
  const button = (name) => document.querySelector(`.${CSS.escape(name)} button:not(:disabled)`);
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.('[class*="st-key-move_"]');
    wanted = row ? [...row.classList].find((name) => /^st-key-move_(up|down)_/.test(name)) || "" : "";
  }, true);
  document.addEventListener("focusin", (event) => {
    if (wanted && !event.target.closest('[class*="st-key-move_"]')) wanted = "";
  });
  new MutationObserver(() => {
    if (!wanted || (document.activeElement && document.activeElement !== document.body)) return;
    const other = wanted.replace(/^st-key-move_(up|down)_/, (_, way) => `st-key-move_${way === "up" ? "down" : "up"}_`);
    (button(wanted) || button(other))?.focus();
  }).observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
})();
"""
