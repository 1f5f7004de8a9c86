"""The script that makes the list of pages sound to a screen reader: its groups break the list apart, so the links speak for themselves."""

from __future__ import annotations

SCRIPT = """(() => {
  if (window.kneeclinicList) return;
  window.kneeclinicList = true;
  const mend = () => {
    for (const one of document.querySelectorAll('[data-testid="stSidebarNavItems"]:not([role]), [data-testid="stSidebarNavItems"] li:not([role])'))
      one.setAttribute("role", "none");
  };
  mend();
  new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
})();
"""
