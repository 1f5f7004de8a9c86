"""Colours of paper; each also differs in grey, so that a photocopy loses nothing. Text is pure black: one ink, sharp on every printer."""

from __future__ import annotations

from reportlab.lib.colors import Color, HexColor

INK: Color = HexColor("#000000")
QUIET: Color = HexColor("#3f4a51")
LINE: Color = HexColor("#8d9aa2")
FAINT: Color = HexColor("#c9d1d5")
WASH: Color = HexColor("#eef2f3")
ACCENT: Color = HexColor("#00474f")
PAPER: Color = HexColor("#ffffff")
