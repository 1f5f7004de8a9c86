"""The round of the weekly review: who comes in which order, where it stands, and notes not yet decided; it goes on where it stopped."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from kneeclinic import actions
from kneeclinic.record import Case
from kneeclinic.store import drafts_of, read_draft
from kneeclinic.ui import check_in_view, kept, session
from kneeclinic.vocabulary import Conflict

KIND, SLOT, FROM_ELSEWHERE = "review_round", "_review_round", "_review_from_elsewhere"
Round = dict[str, Any]
"""`week`, `queue` (episode ids), `at` (number in the queue), `left` (who went out of treatment on the way), `notes` by episode, `revision`."""


def week(at: session.Desk) -> date:
    """The week under review: the one that today falls in."""
    return check_in_view.week_of(at.clinic.today, at.clinic.profile.week_start)


def decided(case: Case, on: date) -> bool:
    return any(one.week_start == on and one.undone_at is None for one in case.reviews)


def the_round(at: session.Desk) -> Round:
    """This week's round of this person, as it was left."""
    on = week(at).isoformat()
    now: Round | None = st.session_state.get(SLOT)
    if now is None or now["week"] != on:
        stored = read_draft(at.clinic.database, KIND, at.actor.account_id, on)
        payload = stored.payload if stored else {}
        now = {"week": on, "queue": list(payload.get("queue", [])), "at": int(payload.get("at", 0)), "notes": dict(payload.get("notes", {})),
               "left": list(payload.get("left", [])), "revision": stored.revision if stored else 0}
        st.session_state[SLOT] = now
        if stored is None and at.may("discard_draft"):
            for old in drafts_of(at.clinic.database, at.actor.account_id):
                if old.kind == KIND and old.subject_id < on:
                    actions.discard_draft(at.clinic, at.actor, KIND, old.subject_id)
    return now


def keep(at: session.Desk, now: Round) -> None:
    """Stores where the round stands, so that a refresh or another day goes on there."""
    if not at.may("save_draft"):
        return
    payload = {part: now[part] for part in ("queue", "at", "notes", "left")}
    try:
        saved = actions.save_draft(at.clinic, at.actor, KIND, now["week"], payload, now["revision"])
    except Conflict:
        stored = read_draft(at.clinic.database, KIND, at.actor.account_id, now["week"])
        saved = actions.save_draft(at.clinic, at.actor, KIND, now["week"], payload, stored.revision if stored else None)
    now["revision"] = saved.revision


def queue(at: session.Desk, cases: dict[str, Case]) -> list[str]:
    """Open episodes, the most urgent first; kept for the length of the round, so that nobody jumps while decisions fall.

    Who leaves treatment in the middle of the round leaves the queue, and nobody behind them is passed over.
    """
    now = the_round(at)
    waiting = [one for one in now["queue"] if one in cases]
    now["left"] = [one for one in now["left"] if one not in cases] + [one for one in now["queue"] if one not in cases]
    now["at"] -= sum(one not in cases for one in now["queue"][:now["at"]])
    if len(waiting) < len(cases):
        known = set(waiting)
        waiting += [row.episode_id for row in kept.rows(at, cases.values()) if row.episode_id not in known]
    now["queue"] = waiting
    return waiting


def left_treatment(at: session.Desk) -> tuple[Case, ...]:
    """Who was in this week's round and has been closed since."""
    return at.clinic.cases(the_round(at)["left"])


def place(at: session.Desk, waiting: list[str]) -> int:
    """Which patient of the queue is on the desk; after the last, the length of the queue. Who comes from a patient's page gets that patient."""
    now = the_round(at)
    asked = session.open_episode_id()
    if st.session_state.pop(FROM_ELSEWHERE, False) and asked in waiting:
        now["at"] = waiting.index(asked)
    now["at"] = max(0, min(now["at"], len(waiting)))
    return int(now["at"])


def bring_into_context(waiting: list[str], here: int) -> None:
    """The patient under review is the one in the frame; the page is drawn anew at most once for it."""
    turned = st.session_state.pop("_review_turned", "")
    if here < len(waiting) and session.open_episode_id() != waiting[here]:
        session.choose(waiting[here])
        if turned != waiting[here]:
            st.session_state["_review_turned"] = waiting[here]
            st.rerun()


def go(step: int) -> None:
    at = session.desk()
    jump(max(0, the_round(at)["at"] + step))


def jump(number: int) -> None:
    at = session.desk()
    now = the_round(at)
    now["at"] = min(number, len(now["queue"]))
    if now["at"] < len(now["queue"]):
        session.choose(now["queue"][now["at"]])
    keep(at, now)


def go_to_undecided() -> None:
    """The first patient that still waits for a decision; after the last, the summary."""
    at = session.desk()
    on, queued = week(at), the_round(at)["queue"]
    cases = {one.episode.id: one for one in at.clinic.cases(queued)}
    jump(next((number for number, one in enumerate(queued) if one in cases and not decided(cases[one], on)), len(queued)))


def note_of(at: session.Desk, episode_id: str) -> str:
    return str(the_round(at)["notes"].get(episode_id, ""))


def put_note(episode_id: str, text: str) -> None:
    """Keeps the note until the decision takes it along; empty takes it away."""
    at = session.desk()
    now = the_round(at)
    now["notes"] = {one: kept_text for one, kept_text in now["notes"].items() if one != episode_id} | ({episode_id: text} if text.strip() else {})
    keep(at, now)
