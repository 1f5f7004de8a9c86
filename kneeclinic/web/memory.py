"""What is loaded to stay is not searched for waste after every click: such a search holds up everybody who works at that moment."""

from __future__ import annotations

import gc
import time
from itertools import count

import anyio

LOOK_EVERY_S = 60
WORTH_MS = 6.0
"""Streamlit searches all memory after every run of a page or of a part of it. What stays is set apart anew when that takes longer than this."""
ROUNDS = 15
"""After so many looks it is set apart anew in any case: what a window held that was closed since is gone within a quarter of an hour."""


def settle() -> None:
    """Sets apart what is held now: code, knowledge, what is kept of the record. What became waste goes first, also of what was set apart before,
    so no more than one round of it is ever held."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def search_ms() -> float:
    """How long everybody waits for one search, in milliseconds of the processor."""
    began = time.thread_time()
    gc.collect()
    return (time.thread_time() - began) * 1_000


async def keep_settled() -> None:
    """Now and once a minute until the server stops: what was loaded or read meanwhile is set apart when searching it takes too long."""
    for look in count():
        if look % ROUNDS == 0 or search_ms() > WORTH_MS:
            settle()
        await anyio.sleep(LOOK_EVERY_S)
