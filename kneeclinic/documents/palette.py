"""Colours of paper; each also differs in grey, so that a photocopy loses nothing."""

from __future__ import annotations

from reportlab.lib.colors import Color, HexColor

INK: Color = HexColor("#16222b")
QUIET: Color = HexColor("#4d5b64")
LINE: Color = HexColor("#8d9aa2")
FAINT: Color = HexColor("#c9d1d5")
WASH: Color = HexColor("#eef2f3")
ACCENT: Color = HexColor("#0a5c63")
PAPER: Color = HexColor("#ffffff")
