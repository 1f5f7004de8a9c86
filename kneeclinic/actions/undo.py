"""The last action, taken back by who did it: while nothing was built on it, and not for long after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from kneeclinic.actions.gate import permit, write
from kneeclinic.actions.reviews import undo_review
from kneeclinic.clinic import Clinic
from kneeclinic.record import Episode, Observation, Visit
from kneeclinic.security.accounts import Actor
from kneeclinic.security.audit import AuditEntry
from kneeclinic.security.roles import may
from kneeclinic.store.audit import read_audit
from kneeclinic.store.check_ins import check_ins_by_episode, read_check_in, save_check_in_invalidated
from kneeclinic.store.documents import documents_of
from kneeclinic.store.episodes import read_episode, save_goal
from kneeclinic.store.observations import observations_of_visit, read_observation, save_invalidated, save_observations
from kneeclinic.store.plans import read_planned, save_planned
from kneeclinic.store.programs import programs_of
from kneeclinic.store.reading import Reader
from kneeclinic.store.reviews import reviews_by_episode
from kneeclinic.store.transactions import Transaction
from kneeclinic.store.visits import read_visit, save_unsigned, save_visit, save_withdrawn, visit_history, visits_of
from kneeclinic.vocabulary import Conflict, PlannedState, Refused, VisitState, new_id

WITHIN = timedelta(hours=12)
"""A working day: what was saved in the morning is corrected in the evening, not a week later."""
SIGNATURE_WITHIN = timedelta(minutes=30)
LOOKED_AT = frozenset({"open_case", "open_document", "download", "download_refused", "refused", "sign_in", "sign_out"})
"""Lines of the log that are no change and so never the last action."""
BY_ITSELF = "decide_review"
"""Has an undo of its own, with its own line in the log."""


@dataclass(frozen=True)
class LastAction:
    """What this person did last on this patient and may take back until `until`. `now_called`: a value that an undo brought back has a new id."""

    seq: int
    action: str
    entity_id: str
    at: datetime
    until: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)
    now_called: Mapping[str, str] = field(default_factory=dict)

    @property
    def said(self) -> str:
        count = len(self.detail.get("values", ()))
        values = f"{count} value{'' if count == 1 else 's'}"
        return {
            "record_observations": (f"{values} and the note saved" if self.detail.get("note") else f"{values} saved") if count else "the note saved",
            "write_note": "the note saved", "sign_visit": "the signature", "invalidate_observation": "a value taken back",
            "start_visit": "the visit begun", "record_check_in": "the check-in saved", "set_goal": "the goal set", "drop_goal": "the goal dropped",
            BY_ITSELF: "the decision of the review",
        }[self.action]


@dataclass(frozen=True)
class Undone:
    """What was taken back: the values and the texts leave the visit and are handed to the form, so that no word is lost."""

    last: LastAction
    visit_id: str = ""
    values: tuple[Observation, ...] = ()
    note: Mapping[str, str] = field(default_factory=dict)


def last_action(clinic: Clinic, actor: Actor, patient_id: str) -> LastAction | None:
    """The newest change by this person on this patient, when it can be taken back now; else None."""
    lines = read_audit(clinic.database, account_id=actor.account_id, patient_id=patient_id, since=clinic.now - WITHIN, limit=60)
    gone: set[int] = set()
    called: dict[str, str] = {}
    for line in lines:
        if line.action == "undo_last":
            gone.add(int(line.detail["undoes"]))
            called = {**line.detail.get("restored", {}), **called}
        elif line.action not in LOOKED_AT and line.seq not in gone and line.action != "undo_review":
            return _offered(clinic, actor, line, called)
    return None


def _offered(clinic: Clinic, actor: Actor, line: AuditEntry, called: Mapping[str, str]) -> LastAction | None:
    if line.action not in _HOW and line.action != BY_ITSELF:
        return None
    needed = "undo_review" if line.action == BY_ITSELF else "undo_last"
    until = line.at + (SIGNATURE_WITHIN if line.action == "sign_visit" else WITHIN)
    if clinic.now > until or not (may(actor.role, needed) and may(actor.role, line.action)):
        return None
    if line.action == "start_visit" and not _is_empty(clinic.database, line.entity_id):
        return None
    return LastAction(line.seq, line.action, line.entity_id, line.at, until, line.detail, called)


def _is_empty(db: Reader, visit_id: str) -> bool:
    """A draft that never held a value or a word."""
    visit = read_visit(db, visit_id)
    return not (visit.is_signed or observations_of_visit(db, visit_id) or any(text.strip() for text in visit.note.values()))


def undo_last(clinic: Clinic, actor: Actor, patient_id: str, seq: int | None = None) -> Undone:
    """The last action of this person on this patient as taken back, with its own line in the log, all in one transaction.

    `seq`: the action that was on the screen; Conflict when it is not the last one any more, or when somebody changed or used what it made.
    """
    permit(clinic, actor, "undo_last", "patient", patient_id)
    last = last_action(clinic, actor, patient_id)
    if last is None:
        raise Refused("undo: there is nothing of yours to take back here; it was long ago, or something else was done since. "
                      "Correct the record instead.")
    if seq is not None and seq != last.seq:
        raise Conflict(f"You did something else since ({last.said}); nothing was taken back. Look again.")
    if last.action == BY_ITSELF:
        undo_review(clinic, actor, last.entity_id)
        return Undone(last)
    permit(clinic, actor, last.action, "patient", patient_id)
    detail: dict[str, Any] = {"undoes": last.seq, "action": last.action}

    def change(tx: Transaction) -> Undone:
        undone, restored = _HOW[last.action](_Hand(clinic, actor, tx), last)
        if restored:
            detail["restored"] = restored
        return undone

    return write(clinic, actor, "undo_last", "patient", last.entity_id, detail, change, patient_id=patient_id)


@dataclass(frozen=True)
class _Hand:
    """Who does it, and in which transaction."""

    clinic: Clinic
    actor: Actor
    tx: Transaction

    def draft(self, visit_id: str) -> Visit:
        visit = read_visit(self.tx, visit_id)
        if visit.is_signed:
            raise Refused(f"The visit of {visit.on} was signed since; nothing was taken back. Take a value back with a reason, or add an amendment.")
        return visit

    def back(self, old: Observation) -> Observation:
        """The value as it stood, once more; who measured it, and when, stays."""
        return replace(old, id=new_id(), invalidated_at=None, invalidated_by="", invalidated_why="")


Answer = tuple[Undone, dict[str, str]]


def _values(hand: _Hand, last: LastAction) -> Answer:
    """Values and note leave the visit; what they replaced stands again."""
    visit = hand.draft(last.entity_id)
    known = {one.id: one for one in observations_of_visit(hand.tx, visit.id)}
    mine = [known[_now(last, one)] for one in last.detail.get("values", ()) if _now(last, one) in known]
    for one in mine:
        if not one.is_valid:
            raise Conflict(f"{one.measure} ({one.side.value}) was changed or taken back since; nothing was undone. Look at the visit again.")
    for one in mine:
        save_invalidated(hand.tx, one.id, at=hand.clinic.now, by=hand.actor.account_id, why="undone right after it was saved")
    back = {one: hand.back(known[_now(last, one)]) for one in last.detail.get("replaced", ()) if _now(last, one) in known}
    if back:
        save_observations(hand.tx, list(back.values()))
    words = _note_back(hand, visit, last)
    return Undone(last, visit.id, tuple(mine), words), {old: one.id for old, one in back.items()}


def _note(hand: _Hand, last: LastAction) -> Answer:
    visit = hand.draft(last.entity_id)
    return Undone(last, visit.id, note=_note_back(hand, visit, last)), {}


def _note_back(hand: _Hand, visit: Visit, last: LastAction) -> dict[str, str]:
    """The note as it was before; returns the texts that leave it."""
    version = last.detail.get("version")
    if version is None:
        return {}
    before = next((one for one in visit_history(hand.tx, visit.id) if one.version == version - 1), None)
    now = next((one for one in (*visit_history(hand.tx, visit.id), visit) if one.version == version), None)
    if before is None or now is None or dict(now.note) != dict(visit.note):
        raise Conflict("The note of this visit was changed since; nothing was undone. Look at the visit again.")
    save_visit(hand.tx, replace(visit, note=before.note, version=visit.version + 1))
    return {part: text for part, text in now.note.items() if before.note.get(part, "") != text}


def _signature(hand: _Hand, last: LastAction) -> Answer:
    """The visit is a draft again, with its values and its note; a planned visit that it did is planned again."""
    visit = read_visit(hand.tx, last.entity_id)
    if not visit.is_signed or visit.signed_by != hand.actor.account_id or visit.version != last.detail["version"]:
        raise Conflict(f"The visit of {visit.on} is no longer as you signed it; nothing was undone. Look at it again.")
    used = _built_on(hand, visit)
    if used:
        raise Refused(f"The signature of the visit of {visit.on} stands: {used}. Add an amendment instead.")
    save_unsigned(hand.tx, replace(visit, state=VisitState.DRAFT, signed_by="", signed_at=None, version=visit.version + 1))
    for one in (read_planned(hand.tx, planned) for planned in last.detail.get("planned", ())):
        if one.state is PlannedState.DONE:
            save_planned(hand.tx, replace(one, state=PlannedState.PLANNED, entered_by=hand.actor.account_id, entered_at=hand.clinic.now))
    return Undone(last, visit.id), {}


def _built_on(hand: _Hand, visit: Visit) -> str:
    """What was done since on the strength of the signed visit; nothing when it may be opened again."""
    tx, since = hand.tx, visit.signed_at
    if since is None:
        return ""
    if visit.amendments:
        return "it was amended since"
    if any(one.signed_at and one.signed_at > since for one in visits_of(tx, visit.episode_id)):
        return "a later visit was signed since"
    if any(one.entered_at and one.entered_at > since for one in programs_of(tx, visit.episode_id)):
        return "the program was changed since"
    if any(one.decided_at and one.decided_at > since for one in reviews_by_episode(tx, [visit.episode_id])[visit.episode_id]):
        return "a weekly review was decided since"
    if any(one.issued_at > since for one in documents_of(tx, visit.patient_id)):
        return "a document was issued since"
    given = read_audit(tx, action="download", patient_id=visit.patient_id, since=since)
    if any(line.detail.get("of") in (visit.id, visit.episode_id) for line in given):
        return "it was printed or downloaded since"
    return ""


def _value_back(hand: _Hand, last: LastAction) -> Answer:
    """A value that was taken back with a reason counts again."""
    old = read_observation(hand.tx, _now(last, last.entity_id))
    standing = any(one.is_valid and (one.measure, one.side) == (old.measure, old.side) for one in observations_of_visit(hand.tx, old.visit_id))
    if old.is_valid or standing:
        raise Conflict(f"{old.measure} ({old.side.value}) was entered anew since; nothing was undone.")
    back = hand.back(old)
    save_observations(hand.tx, [back])
    return Undone(last, old.visit_id), {last.entity_id: back.id}


def _visit(hand: _Hand, last: LastAction) -> Answer:
    """A visit begun by mistake goes, as long as it holds nothing."""
    visit = hand.draft(last.entity_id)
    if not _is_empty(hand.tx, visit.id):
        raise Refused(f"The visit of {visit.on} holds values or a note, also those taken back; it stays in the record.")
    save_withdrawn(hand.tx, visit)
    return Undone(last, visit.id), {}


def _check_in(hand: _Hand, last: LastAction) -> Answer:
    one = read_check_in(hand.tx, last.entity_id)
    standing = next((other for other in check_ins_by_episode(hand.tx, [one.episode_id])[one.episode_id] if other.week_start == one.week_start), None)
    if standing is None or standing.id != one.id:
        raise Conflict(f"The week of {one.week_start} was told anew or taken back since; nothing was undone.")
    if any(review.decided_at and review.decided_at > last.at for review in reviews_by_episode(hand.tx, [one.episode_id])[one.episode_id]):
        raise Refused(f"A weekly review was decided after the check-in of the week of {one.week_start}; undo that decision first.")
    save_check_in_invalidated(hand.tx, one.id, hand.clinic.now)
    return Undone(last), {}


def _goal(hand: _Hand, last: LastAction) -> Answer:
    """A goal that was set is dropped; one that was dropped stands again."""
    episode: Episode = read_episode(hand.tx, last.entity_id)
    goal = next((one for one in episode.goals if one.id == last.detail.get("goal")), None)
    dropped = last.action == "drop_goal"
    if goal is None or bool(goal.dropped_on) is not dropped:
        raise Conflict("The goal was changed since; nothing was undone.")
    save_goal(hand.tx, episode, replace(goal, dropped_on=None if dropped else hand.clinic.today))
    return Undone(last), {}


def _now(last: LastAction, value_id: str) -> str:
    """The id under which the value stands since an undo brought it back."""
    while value_id in last.now_called:
        value_id = last.now_called[value_id]
    return value_id


_HOW: dict[str, Callable[[_Hand, LastAction], Answer]] = {
    "record_observations": _values, "write_note": _note, "sign_visit": _signature, "invalidate_observation": _value_back, "start_visit": _visit,
    "record_check_in": _check_in, "set_goal": _goal, "drop_goal": _goal,
}
