"""In the weekly review, what is typed right after the key that opens a note or a reason waits for its field: no letter of it is a decision.

The key presses its button here: a button that has just come to the page does not hear its own shortcut yet, and what follows would wait in vain.
It waits as long as the page is being drawn, and a moment longer: the choices come one after the other. A field that was left with Enter or Escape
is on its way out and takes nothing more."""

from __future__ import annotations

SCRIPT = """(() => {
  if (window.kneeclinicAhead) return;
  window.kneeclinicAhead = true;
  const TICK = 200, MOST_RESTED = 15, FEW_RESTED = 2, CHOICES = "choices";
  const KEYS = { d: ["other", CHOICES], n: ["note", "st-key-focus_note"], x: ["discharge", "st-key-focus_reason_discharge"] };
  const NOTE = '.st-key-card_decide [class*="st-key-focus_note"] input';
  let ahead = null;
  const shown = (css) => window.kneeclinicShown(`.st-key-card_decide ${css}`);
  const card = () => window.kneeclinicShown(".st-key-card_decide")[0];
  const choices = () => shown('[class*="st-key-other_"] [data-testid="stButton"] button');
  const fieldOf = (name) => shown(`:is(.${name}, .${name}_filled) input:not([data-left])`).find(window.kneeclinicFilled);
  const reasonOf = (choice) => [...choice.closest('[class*="st-key-other_"]').classList].find((name) => name.startsWith("st-key-other_"))
    .replace("st-key-other_", "st-key-focus_reason_");
  const say = (input, text) => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, input.value + text);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const leave = (inputs) => { for (const one of inputs) one.dataset.left = "1"; };
  const drop = () => {
    clearInterval(ahead?.watch);
    ahead = null;
  };
  const look = () => {
    if (!ahead) return;
    if (ahead.waits === CHOICES) {
      const [first, ...rest] = ahead.typed, choice = choices()[Number(first) - 1];
      if (first && !/^[1-9]$/.test(first)) { drop(); return; }
      if (!choice) return;
      ahead.typed = rest.join("");
      ahead.waits = reasonOf(choice);
      choice.click();
    }
    const input = fieldOf(ahead.waits);
    if (!input) return;
    const typed = ahead.typed;
    drop();
    input.focus();
    if (typed) say(input, typed);
  };
  const rest = () => {
    look();
    if (!ahead) return;
    const still = document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "notRunning";
    ahead.rested = still ? ahead.rested + 1 : 0;
    if (still) for (const one of shown("input[data-left]")) delete one.dataset.left;
    const arrived = ahead.waits === CHOICES && choices().length;
    if (ahead.rested > (arrived || !card() ? FEW_RESTED : MOST_RESTED)) drop();
  };
  const opened = (key) => {
    if (/^[1-9]$/.test(key)) {
      const choice = choices()[Number(key) - 1];
      return choice ? [choice, reasonOf(choice)] : [];
    }
    const [name, waits] = Object.hasOwn(KEYS, key) ? KEYS[key] : [];
    return name && !(waits === CHOICES && choices().length) ? [shown(`.st-key-open_${name} button`)[0], waits] : [];
  };
  window.addEventListener("keydown", (event) => {
    look();
    const at = document.activeElement;
    if (event.key === "Escape") leave(shown("input"));
    if (event.key === "Enter" && !event.isComposing && at?.matches(NOTE)) {
      leave([at]);
      setTimeout(() => {
        at.blur();
        if (at.value === at.dataset.was) shown(".st-key-note_done button")[0]?.click();
      });
    }
    if ((at && ["INPUT", "TEXTAREA"].includes(at.tagName)) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (ahead) {
      if (event.key === "Escape") { drop(); return; }
      if (event.key === "Backspace") ahead.typed = ahead.typed.slice(0, -1);
      if (event.key.length === 1 && (ahead.typed || !event.repeat)) ahead.typed += event.key;
    } else {
      const [button, waits] = event.key.length === 1 && !event.repeat ? opened(event.key.toLowerCase()) : [];
      if (!button || button.disabled) return;
      ahead = { waits, typed: "", rested: 0, watch: setInterval(rest, TICK) };
      if (waits === CHOICES || !fieldOf(waits)) button.click();
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    look();
  }, true);
  document.addEventListener("focusin", (event) => { if (event.target.matches?.(NOTE)) event.target.dataset.was = event.target.value; });
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributeFilter: ["value"] });
})();
"""
