"""In the weekly review, what is typed right after the key that opens a note or a reason waits for its field: no letter of it is a decision."""

from __future__ import annotations

SCRIPT = """(() => {
  if (window.kneeclinicAhead) return;
  window.kneeclinicAhead = true;
  const PATIENCE = 10000;
  let ahead = null;
  const card = () => document.querySelector(".st-key-card_decide");
  const others = () => [...document.querySelectorAll('.st-key-card_decide [class*="st-key-other_"] button')];
  const field = () => document.querySelector('.st-key-card_decide [class*="st-key-focus_"] input');
  const say = (input, text) => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, input.value + text);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const look = () => {
    if (!ahead) return;
    if (!card() || performance.now() > ahead.until) { ahead = null; return; }
    const choices = others(), input = field();
    if (ahead.choosing && choices.length && ahead.typed) {
      const choice = choices[Number(ahead.typed[0]) - 1];
      ahead.typed = ahead.typed.slice(1);
      if (!choice) { ahead = null; return; }
      ahead.choosing = false;
      choice.click();
    } else if (ahead.choosing && choices.length) {
      ahead = null;
    } else if (!ahead.choosing && input) {
      const typed = ahead.typed;
      ahead = null;
      input.focus();
      if (typed) say(input, typed);
    }
  };
  const opens = (key) => {
    if (key === "d") return "choosing";
    if (key === "n" || (key === "x" && card().innerText.includes("Discharge"))) return "field";
    return /^[1-9]$/.test(key) && others()[Number(key) - 1] ? "field" : "";
  };
  window.addEventListener("keydown", (event) => {
    look();
    const at = document.activeElement;
    if ((at && ["INPUT", "TEXTAREA"].includes(at.tagName)) || !card() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (ahead) {
      if (event.key === "Escape") { ahead = null; return; }
      if (event.key.length === 1) ahead.typed += event.key;
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    const what = event.key.length === 1 && !event.repeat ? opens(event.key.toLowerCase()) : "";
    if (what && !(what === "choosing" ? others().length : field())) {
      ahead = { choosing: what === "choosing", typed: "", until: performance.now() + PATIENCE };
    }
  }, true);
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
})();
"""
