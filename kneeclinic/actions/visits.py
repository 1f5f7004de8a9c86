"""A visit from its first value to the signature, and what may still be added after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from kneeclinic.actions.gate import not_before, not_in_future, permit, write, written_reason
from kneeclinic.clinic import Clinic
from kneeclinic.knowledge.body_chart import NOTE_PART as BODY_CHART
from kneeclinic.knowledge.body_chart import read_spots
from kneeclinic.record import Amendment, Observation, Visit
from kneeclinic.record.forms import NOTE_LENGTH, ObservationForm
from kneeclinic.rules.validation import check_together, check_value, find_measure
from kneeclinic.security.accounts import Actor
from kneeclinic.store.episodes import read_episode
from kneeclinic.store.observations import observations_of_visit, read_observation, save_invalidated, save_observations
from kneeclinic.store.plans import planned_by_episode, save_planned
from kneeclinic.store.reading import Reader
from kneeclinic.store.transactions import Transaction
from kneeclinic.store.visits import read_visit, save_amendment, save_visit, visits_of
from kneeclinic.vocabulary import Conflict, PlannedState, Refused, Side, VisitKind, VisitState, new_id

NOTE_PARTS = ("subjective", "objective", "assessment", "plan")


def start_visit(clinic: Clinic, actor: Actor, episode_id: str, kind: VisitKind, on: date) -> Visit:
    """A draft visit of that day. The same person's draft of the same day and kind is given back rather than made twice."""
    permit(clinic, actor, "start_visit", "episode", episode_id)
    episode = read_episode(clinic.database, episode_id)
    if not episode.is_open:
        raise Refused(f"The episode is {episode.status.value.replace('_', ' ')}; reopen it before a new visit.")
    not_in_future("on", on, clinic.today)
    not_before("on", on, episode.opened_on, "the day the episode was opened")

    def standing(db: Reader) -> Visit | None:
        return next((one for one in visits_of(db, episode_id)
                     if one.on == on and one.kind is kind and not one.is_signed and one.clinician == actor.account_id), None)

    if (known := standing(clinic.database)) is not None:
        return known
    visit = Visit(
        id=new_id(), episode_id=episode_id, patient_id=episode.patient_id, kind=kind, on=on, clinician=actor.account_id,
        edition=clinic.knowledge.edition.edition, entered_by=actor.account_id, entered_at=clinic.now,
    )

    def change(tx: Transaction) -> None:
        if not read_episode(tx, episode_id).is_open:
            raise Refused("The episode was closed in this moment; no visit was begun.")
        if standing(tx) is not None:
            raise Conflict("This visit was begun in another window in the same moment; load the page again.")
        save_visit(tx, visit)

    try:
        write(clinic, actor, "start_visit", "visit", visit.id, {"episode": episode_id, "on": str(on), "kind": kind.value}, change,
              patient_id=visit.patient_id)
    except Conflict:
        if (known := standing(clinic.database)) is not None:
            return known
        raise
    return visit


def record_observations(
    clinic: Clinic, actor: Actor, visit_id: str, forms: Sequence[ObservationForm], note: Mapping[str, str] | None = None,
    *, seen: Mapping[str, str] | None = None,
) -> tuple[Observation, ...]:
    """The stored values of a draft visit, in the order given. All or none: one refused value stores nothing.

    A value that stands in this visit already is left alone when it is the same, and invalidated in favour of the new one when it differs.
    `seen`: for "measure|side" the id of the value that the person saw in the visit; Conflict when somebody else's other value stands there now.
    """
    permit(clinic, actor, "record_observations", "visit", visit_id)
    visit = _draft(clinic.database, visit_id)
    standing = {(one.measure, one.side): one for one in observations_of_visit(clinic.database, visit_id) if one.is_valid}
    found: dict[tuple[str, Side], Observation] = {}
    for form in forms:
        one = _observation(clinic, actor, visit, form)
        key = (one.measure, one.side)
        if key in found:
            raise Refused(f"{one.measure}: two values for the same side ({one.side.value}) came at once; keep one.")
        found[key] = one
    check_together((one.measure, one.side, one.value) for one in {**standing, **found}.values())
    fresh = _new_among(found, standing)
    words = _note(clinic, note) if note is not None else None
    detail: dict[str, Any] = {"note": words is not None, "version": visit.version + 1 if words is not None else None}

    def change(tx: Transaction) -> None:
        """Looked at where it is written: the same form may be saved from two windows, and one value stands for one side of a visit."""
        _draft(tx, visit_id)
        now = observations_of_visit(tx, visit_id)
        if seen is not None:
            _nobody_else_wrote(now, fresh, seen)
        standing.clear()
        standing.update({(one.measure, one.side): one for one in now if one.is_valid})
        check_together((one.measure, one.side, one.value) for one in {**standing, **found}.values())
        fresh[:] = _new_among(found, standing)
        replaced = [standing[one.measure, one.side] for one in fresh if (one.measure, one.side) in standing]
        detail.update(measures=sorted({one.measure for one in fresh}), values=[one.id for one in fresh], replaced=[old.id for old in replaced])
        for old in replaced:
            save_invalidated(tx, old.id, at=clinic.now, by=actor.account_id, why="entered again in the same visit", patient_id=old.patient_id)
        if fresh:
            save_observations(tx, fresh)
        if words is not None:
            save_visit(tx, replace(visit, note={**visit.note, **words}, version=visit.version + 1, entered_by=actor.account_id))

    if fresh or words is not None:
        write(clinic, actor, "record_observations", "visit", visit_id, detail, change, patient_id=visit.patient_id)
    return tuple(standing[key] if key in standing and one not in fresh else one for key, one in found.items())


def write_note(clinic: Clinic, actor: Actor, visit_id: str, sections: Mapping[str, str]) -> Visit:
    """The visit with these parts of its note replaced; only while it is a draft."""
    permit(clinic, actor, "write_note", "visit", visit_id)
    visit = _draft(clinic.database, visit_id)
    words = _note(clinic, sections)
    written = replace(visit, note={**visit.note, **words}, version=visit.version + 1, entered_by=actor.account_id)
    write(clinic, actor, "write_note", "visit", visit_id, {"parts": sorted(words), "version": written.version}, lambda tx: save_visit(tx, written),
          patient_id=visit.patient_id)
    return written


def sign_visit(clinic: Clinic, actor: Actor, visit_id: str) -> Visit:
    """The visit, locked: from now on only amendments. A planned visit of that day is done with it."""
    permit(clinic, actor, "sign_visit", "visit", visit_id)
    visit = read_visit(clinic.database, visit_id)
    if visit.is_signed:
        raise Refused(f"The visit of {visit.on} was signed on {visit.signed_at:%Y-%m-%d}; add an amendment instead.")
    values = [one for one in observations_of_visit(clinic.database, visit_id) if one.is_valid]
    if not values and not any(text.strip() for text in visit.note.values()):
        raise Refused(f"The visit of {visit.on} holds no value and no note; there is nothing to sign.")
    signed = replace(
        visit, state=VisitState.SIGNED, signed_by=actor.account_id, signed_at=clinic.now, version=visit.version + 1,
        edition=clinic.knowledge.edition.edition,
    )
    detail: dict[str, Any] = {"edition": signed.edition, "version": signed.version}

    def change(tx: Transaction) -> None:
        if values and not any(one.is_valid for one in observations_of_visit(tx, visit_id)) and not any(text.strip() for text in visit.note.values()):
            raise Conflict(f"The values of the visit of {visit.on} were taken back in this moment; nothing was signed. Look at it again.")
        save_visit(tx, signed)
        agreed = planned_by_episode(tx, [visit.episode_id])[visit.episode_id]
        done = [one for one in agreed if one.on == visit.on and one.state is PlannedState.PLANNED]
        for one in done:
            save_planned(tx, replace(one, state=PlannedState.DONE, entered_by=actor.account_id, entered_at=clinic.now))
        detail["planned"] = [one.id for one in done]

    write(clinic, actor, "sign_visit", "visit", visit_id, detail, change, patient_id=visit.patient_id)
    return signed


def amend_visit(clinic: Clinic, actor: Actor, visit_id: str, text: str) -> Amendment:
    """Words added below a signed note, with name and time."""
    permit(clinic, actor, "amend_visit", "visit", visit_id)
    visit = read_visit(clinic.database, visit_id)
    if not visit.is_signed:
        raise Refused("The visit is not signed yet; write in its note.")
    words = written_reason("text", text, "an amendment")
    if len(words) > NOTE_LENGTH:
        raise Refused(f"text: {len(words)} characters are too many; at most {NOTE_LENGTH}.")
    amendment = Amendment(new_id(), visit_id, words, actor.account_id, clinic.now)

    def change(tx: Transaction) -> None:
        if not read_visit(tx, visit_id).is_signed:
            raise Conflict("The signature was taken back in this moment; write in the note.")
        save_amendment(tx, visit, amendment)

    write(clinic, actor, "amend_visit", "visit", visit_id, {"amendment": amendment.id}, change, patient_id=visit.patient_id)
    return amendment


def invalidate_observation(clinic: Clinic, actor: Actor, observation_id: str, why: str) -> Observation:
    """The value as invalid from now on: it stays in the record with the reason, and no finding uses it."""
    permit(clinic, actor, "invalidate_observation", "observation", observation_id)
    observation = read_observation(clinic.database, observation_id)
    if not observation.is_valid:
        raise Refused(f"{observation.measure}: this value was taken back already ({observation.invalidated_why}).")
    words = written_reason("why", why, "taking a value back")
    detail = {"measure": observation.measure, "visit": observation.visit_id, "why": words}
    patient = observation.patient_id
    write(clinic, actor, "invalidate_observation", "observation", observation_id, detail,
          lambda tx: save_invalidated(tx, observation_id, at=clinic.now, by=actor.account_id, why=words, patient_id=patient), patient_id=patient)
    return replace(observation, invalidated_at=clinic.now, invalidated_by=actor.account_id, invalidated_why=words)


def _draft(db: Reader, visit_id: str) -> Visit:
    visit = read_visit(db, visit_id)
    if visit.is_signed:
        raise Refused(f"The visit of {visit.on} is signed; take a value back with a reason, or add an amendment.")
    return visit


def _observation(clinic: Clinic, actor: Actor, visit: Visit, form: ObservationForm) -> Observation:
    measure = find_measure(clinic.knowledge, form.measure)
    if measure.derived:
        raise Refused(f"{form.measure}: it is computed from other values and cannot be entered.")
    checked = check_value(measure, form.side, form.value, form.items)
    items = tuple(checked.items) if checked.items is not None else None
    return Observation(
        id=new_id(), visit_id=visit.id, episode_id=visit.episode_id, patient_id=visit.patient_id, measure=form.measure, side=form.side,
        value=checked.value, on=visit.on, items=items, note=form.note, carried=form.carried,
        entered_by=actor.account_id, entered_at=clinic.now,
    )


def _nobody_else_wrote(now: Sequence[Observation], fresh: Sequence[Observation], seen: Mapping[str, str]) -> None:
    mine = {(one.measure, one.side): one for one in fresh}
    for one in now:
        new = mine.get((one.measure, one.side))
        if new is None or not one.is_valid or one.entered_by == new.entered_by or one.value == new.value:
            continue
        if seen.get(f"{one.measure}|{one.side.value}", "") != one.id:
            raise Conflict(f"{one.measure} ({one.side.value}): somebody else entered {one.value} in the meantime, here stands {new.value}. "
                           "Nothing was saved; look at both and choose one.")


def _new_among(found: Mapping[tuple[str, Side], Observation], standing: Mapping[tuple[str, Side], Observation]) -> list[Observation]:
    """Those values that do not stand in the visit already."""
    return [one for key, one in found.items() if key not in standing or not _same(standing[key], one)]


def _same(old: Observation, new: Observation) -> bool:
    return (old.value, old.items, old.note, old.carried) == (new.value, new.items, new.note, new.carried)


def _note(clinic: Clinic, sections: Mapping[str, str]) -> dict[str, str]:
    known = {*NOTE_PARTS, BODY_CHART, *(one.id for one in clinic.knowledge.sections)}
    unknown = [name for name in sections if name not in known]
    if unknown:
        raise Refused(f"note: {', '.join(unknown)} is no part of a note; use {', '.join(NOTE_PARTS)} or a section id.")
    long = [name for name, text in sections.items() if len(text) > NOTE_LENGTH]
    if long:
        raise Refused(f"note: {', '.join(long)} is longer than {NOTE_LENGTH} characters; shorten it.")
    read_spots(sections.get(BODY_CHART, ""))
    return dict(sections)
