"""When something cannot be done: one calm sentence and the way on; a traceback goes to the log under a short id, never to the screen."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec

import streamlit as st
from pydantic import ValidationError

from kneeclinic import serving
from kneeclinic.record.form_words import fault_text, in_words
from kneeclinic.vocabulary import Conflict, KneeClinicError, NotAllowed, new_id

LOG = logging.getLogger("kneeclinic.ui")
P = ParamSpec("P")
SAID = "_said"
"""Session state: what the last callback has to say on the next run."""


def sentence(problem: Exception) -> str:
    """What a person is told: the product's own words, a form's first fault, or a fault id."""
    if isinstance(problem, KneeClinicError):
        return plain(str(problem))
    if isinstance(problem, ValidationError):
        return fault_text(problem)
    fault = new_id()[:8]
    LOG.error("fault %s: %s", fault, type(problem).__name__, exc_info=problem)
    return f"Something went wrong; nothing was saved. Try again. If it stays, report fault {fault}."


def plain(text: str) -> str:
    """A refusal with the words of the screen in place of the names of fields, measures and exercises."""
    try:
        known = serving.the_clinic().knowledge
    except KneeClinicError:
        return in_words(text)
    return in_words(text, {one.id: one.label for one in known.measures.values()} | {one: known.item_label(one) for one in known.exercises})


def show(problem: Exception) -> None:
    text = sentence(problem)
    if isinstance(problem, Conflict):
        st.warning(text, icon=":material/sync_problem:")
    elif isinstance(problem, NotAllowed):
        st.warning(text, icon=":material/lock:")
    else:
        st.error(text, icon=":material/error:")


@contextmanager
def calmly() -> Iterator[None]:
    """Around a part of a page: a problem is shown in its place and the rest of the page stands."""
    try:
        yield
    except (st.errors.StreamlitAPIException, KneeClinicError, ValidationError) as problem:
        show(problem)
    except Exception as problem:  # every fault becomes a sentence here; streamlit's own control flow is not an Exception
        show(problem)


def say(text: str, *, kind: str = "done") -> None:
    """Keeps a sentence for the next run: `done` becomes a toast, `problem` stays on the page."""
    st.session_state.setdefault(SAID, []).append((kind, text))


def show_said() -> None:
    for kind, text in st.session_state.pop(SAID, []):
        if kind == "done":
            st.toast(text, icon=":material/check_circle:")
        else:
            st.error(text, icon=":material/error:")


def on_click(work: Callable[P, object]) -> Callable[P, None]:
    """Makes a callback that cannot break the page: a problem is said on the next run."""
    @functools.wraps(work)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            work(*args, **kwargs)
        except Exception as problem:  # a callback outside this net would show streamlit's own red box
            say(sentence(problem), kind="problem")

    return wrapped
