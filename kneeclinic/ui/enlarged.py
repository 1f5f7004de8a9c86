"""A paper in large: its pages over the whole screen, one under the other, to be read before it is printed."""

from __future__ import annotations

import streamlit as st

from kneeclinic.documents.finished import page_pictures
from kneeclinic.ui import pictures

MOST_PAGES = 20
WIDTH = 1240
"""Pixels of a page: 150 dots an inch, so that the smallest letters are read on a small screen."""


def button(data: bytes, what: str, *, key: str) -> None:
    """One click shows all pages of the paper as large as the screen allows."""
    if st.button("Enlarge", key=key, icon=":material/zoom_in:", type="tertiary", help=f"{what} over the whole screen; Esc closes it"):
        _sheet(data, what)


@st.dialog("As it will be printed", width="large", icon=":material/zoom_in:")
def _sheet(data: bytes, what: str) -> None:
    for number, page in enumerate(page_pictures(data, most=MOST_PAGES, width=WIDTH), start=1):
        with st.container(border=True, gap=None, key=f"card_large_{number}"):
            st.image(pictures.png_uri(page), width="stretch", alt=f"{what} in large, page {number}")
