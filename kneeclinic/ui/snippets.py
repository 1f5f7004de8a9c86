"""Pieces of text that a therapist writes often: kept for this person alone, put into the note by one click."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kneeclinic import actions
from kneeclinic.store import read_draft
from kneeclinic.ui import drafts, errors, field_names, session
from kneeclinic.vocabulary import Refused

KIND, SUBJECT = "snippets", "own"
LONGEST, MOST = 2_000, 60


def own(at: session.Desk) -> tuple[dict[str, str], int]:
    """Name to text, and the revision they were read with."""
    kept = read_draft(at.clinic.database, KIND, at.actor.account_id, SUBJECT)
    return (dict(kept.payload.get("texts", {})), kept.revision) if kept else ({}, 0)


def offer(at: session.Desk, visit_id: str, parts: Mapping[str, str]) -> None:
    """Choose one and where it goes; or keep a new one."""
    with st.popover("Snippets", icon=":material/short_text:", on_change="rerun", key="snippets") as opened:
        if not opened.open:
            return
        texts, _ = own(at)
        into = st.segmented_control("Into", list(parts), default="plan", required=True, format_func=parts.__getitem__, key="snippet_into", wrap=True)
        for name, text in texts.items():
            with st.container(horizontal=True, gap="small"):
                st.button(name, key=f"snip_{name}", on_click=insert, args=(visit_id, str(into), text), help=text, width="stretch")
                st.button("Remove", key=f"unsnip_{name}", on_click=keep, args=(name, ""), type="tertiary")
        if not texts:
            st.caption("No snippet yet. Keep one below; only you see it.")
        with st.form("new_snippet", border=False, clear_on_submit=True):
            name = st.text_input("Name of the snippet", max_chars=40)
            text = st.text_area("Its text", max_chars=LONGEST, height=68)
            if st.form_submit_button("Keep the snippet"):
                with errors.calmly():
                    store(at, name, text)
                    st.rerun()


def store(at: session.Desk, name: str, text: str) -> None:
    """Keeps or, with an empty text, removes one. Raises Refused without a name or above the number that can be overseen."""
    texts, revision = own(at)
    if not name.strip():
        raise Refused("Name of the snippet: give it a short name to find it by.")
    if text.strip():
        if len(texts) >= MOST and name.strip() not in texts:
            raise Refused(f"There are {MOST} snippets already; remove one first.")
        texts[name.strip()] = text.strip()
    else:
        texts.pop(name, None)
    actions.save_draft(at.clinic, at.actor, KIND, SUBJECT, {"texts": texts}, revision)


@errors.on_click
def keep(name: str, text: str) -> None:
    store(session.desk(), name, text)


@errors.on_click
def insert(visit_id: str, part: str, text: str) -> None:
    """Below what stands in that part."""
    from kneeclinic.ui import visit_note

    at = session.desk()
    _, written = visit_note.texts(at, visit_id)
    drafts.change(at, visit_id, note={part: f"{written[part]}\n{text}".strip()}, said="a snippet")
    field_names.note_anew(visit_id, part)
