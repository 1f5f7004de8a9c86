"""What our scripts may take hold of: while a part of the page is drawn anew, the frame keeps hidden copies of what stood there before, with the same
names, and now and then leaves one behind. A copy takes neither the cursor nor a press; nor does a field whose words are still on their way."""

from __future__ import annotations

SCRIPT = """window.kneeclinicShown = (css) => [...document.querySelectorAll(css)].filter((one) => !one.closest("[data-retained]"));
window.kneeclinicFilled = (field) => field.value !== "" || !field.closest('[class*="st-key-focus_"][class*="_filled"]');
"""
