"""How the clinic does: a few numbers with their intervals and n; groups too small to tell are hidden and say so."""

from __future__ import annotations

import streamlit as st
