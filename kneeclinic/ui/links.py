"""Links to the download doors, which check who asks and write down what left."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote, urlencode

import streamlit as st


def download(label: str, path: str, *, icon: str = ":material/download:", primary: bool = False, key: str | None = None, help: str | None = None,
             disabled: bool = False, width: Literal["content", "stretch"] = "content", shortcut: str | None = None, **query: str) -> None:
    """A button that fetches a file through `/download/...`."""
    url = "/download/" + "/".join(quote(one, safe="") for one in path.split("/"))
    asked = {name: value for name, value in query.items() if value}
    st.link_button(label, url + (f"?{urlencode(asked)}" if asked else ""), icon=icon, type="primary" if primary else "secondary", key=key,
                   help=help, disabled=disabled, width=width, shortcut=shortcut)
