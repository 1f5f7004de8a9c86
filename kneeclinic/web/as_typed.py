"""The script that sends a note while it is typed: a text area by itself reports only when it is left."""

from __future__ import annotations

PAUSE_MS = 400
"""So long after the last key: with the way to the store it stays well under a second."""

SCRIPT = """(() => {
  if (window.kneeclinicAsTyped) return;
  window.kneeclinicAsTyped = true;
  const waiting = new WeakMap();
  const send = (note) => {
    if (!note.isConnected) return;
    note.dispatchEvent(new KeyboardEvent("keydown",
      { key: "Enter", code: "Enter", keyCode: 13, which: 13, ctrlKey: true, bubbles: true, cancelable: true }));
  };
  document.addEventListener("input", (event) => {
    const note = event.target;
    if (!(note instanceof HTMLTextAreaElement) || event.isComposing || !note.closest('[class*="st-key-note_"]')) return;
    clearTimeout(waiting.get(note));
    waiting.set(note, setTimeout(send, PAUSE, note));
  });
})();
""".replace("PAUSE", str(PAUSE_MS))
