"""The program being written: kept as a draft after every change, so that it is offered again after a refresh or a power cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import streamlit as st

from kneeclinic import actions
from kneeclinic.knowledge import Knowledge
from kneeclinic.record import Case, Dose, Program, ProgramItem, SuggestionAnswer
from kneeclinic.record.forms import ProgramForm
from kneeclinic.rules.phase import phase
from kneeclinic.store import read_draft, usual_doses_of
from kneeclinic.ui import errors, session
from kneeclinic.vocabulary import AffectedSide, Conflict, NotFound

KIND = "program"
FIRST_PROGRAM_WEEKS = 4


def _slot(episode_id: str) -> str:
    return f"_program_{episode_id}"


def read(at: session.Desk, case: Case) -> dict[str, Any]:
    """What is on the desk: `form`, the version it was made from (`base`), the draft's revision (0 = nothing changed yet)."""
    slot = _slot(case.episode.id)
    if slot not in st.session_state:
        stored = read_draft(at.clinic.database, KIND, at.actor.account_id, case.episode.id)
        base = case.program.version if case.program else None
        if stored and stored.payload.get("base") == base:
            st.session_state[slot] = {"form": ProgramForm.model_validate(stored.payload["form"]), "base": base, "revision": stored.revision,
                                      "saved_at": stored.saved_at, "offered": True}
        else:
            st.session_state[slot] = {"form": start(at, case), "base": base, "revision": stored.revision if stored else 0, "saved_at": None,
                                      "offered": False, "changed": False}
    found: dict[str, Any] = st.session_state[slot]
    return found


def start(at: session.Desk, case: Case) -> ProgramForm:
    """The form to begin with: the current version, or an empty one."""
    current = case.program
    if current is None or current.paused:
        return ProgramForm(starts_on=at.clinic.today, items=(), tape=None, devices=(), load=current.load if current else None)
    return ProgramForm(starts_on=max(at.clinic.today, current.starts_on), items=current.items, tape=current.tape, devices=current.devices,
                       load=current.load, note=current.note, template=current.template)


def is_changed(at: session.Desk, case: Case) -> bool:
    form, begun = read(at, case)["form"], start(at, case)
    return bool(form.model_dump() != begun.model_dump())


def change(episode_id: str, work: Callable[[ProgramForm, Case], ProgramForm]) -> None:
    """Applies one change to the form on the desk and keeps the result as a draft."""
    at = session.desk()
    case = at.clinic.case(episode_id)
    held = read(at, case)
    form = work(held["form"], case)
    payload = {"form": form.model_dump(mode="json"), "base": held["base"]}
    try:
        saved = actions.save_draft(at.clinic, at.actor, KIND, episode_id, payload, held["revision"])
    except Conflict:
        st.session_state.pop(_slot(episode_id), None)
        raise
    st.session_state[_slot(episode_id)] = held | {"form": form, "revision": saved.revision, "saved_at": saved.saved_at}


@errors.on_click
def apply(episode_id: str, work: Callable[[ProgramForm, Case], ProgramForm]) -> None:
    """As `change`, for a button."""
    change(episode_id, work)


@errors.on_click
def start_over(episode_id: str) -> None:
    at = session.desk()
    actions.discard_draft(at.clinic, at.actor, KIND, episode_id)
    st.session_state.pop(_slot(episode_id), None)
    _forget_fields(episode_id)


def _forget_fields(episode_id: str) -> None:
    for key in [one for one in st.session_state if str(one).startswith(f"p_{episode_id}_")]:
        del st.session_state[key]


def save(at: session.Desk, case: Case) -> Program:
    """The form as a new version; the draft is done with."""
    held = read(at, case)
    program = actions.revise_program(at.clinic, at.actor, case.episode.id, held["form"], held["base"])
    actions.discard_draft(at.clinic, at.actor, KIND, case.episode.id)
    st.session_state.pop(_slot(case.episode.id), None)
    _forget_fields(case.episode.id)
    return program


def with_draft(at: session.Desk, case: Case, form: ProgramForm) -> Case:
    """The case as it would be with this version saved: for the live picture of the handout."""
    program = Program(
        id="draft", episode_id=case.episode.id, patient_id=case.patient.id, version=(case.program.version if case.program else 0) + 1,
        starts_on=form.starts_on, phase=form.phase if form.phase is not None else phase(case, at.clinic.knowledge, at.clinic.today).number,
        items=tuple(form.items), tape=form.tape, devices=tuple(form.devices), load=form.load, note=form.note, template=form.template,
        edition=at.clinic.knowledge.edition.edition,
    )
    return replace(case, programs=(*case.programs, program))


def side_for(knowledge: Knowledge, exercise_id: str, case: Case) -> AffectedSide:
    return case.episode.side if knowledge.exercise(exercise_id).sided else AffectedSide.BOTH


def habits(at: session.Desk) -> dict[str, Dose]:
    """The doses that this therapist usually begins with."""
    return usual_doses_of(at.clinic.database, at.actor.account_id)


def default_item(at: session.Desk, exercise_id: str, case: Case, *, reason: str = "", rules: tuple[str, ...] = ()) -> ProgramItem:
    """An exercise with the therapist's usual dose, else that of the catalogue."""
    knowledge = at.clinic.knowledge
    if exercise_id not in knowledge.exercises:
        raise NotFound(f"{exercise_id} is not an exercise; look it up in the library.")
    usual = knowledge.exercise(exercise_id).dose
    dose = Dose(sets=usual.sets, reps=usual.reps, hold_s=usual.hold_s, minutes=usual.minutes, days_per_week=usual.days_per_week, tempo=usual.tempo)
    return ProgramItem(exercise_id, side_for(knowledge, exercise_id, case), habits(at).get(exercise_id, dose), reason=reason, rules=rules)


def with_habits(at: session.Desk, items: Iterable[ProgramItem]) -> tuple[ProgramItem, ...]:
    """The items with this therapist's usual doses, the days a week as they were planned."""
    own = habits(at)
    return tuple(replace(one, dose=replace(own[one.exercise], days_per_week=one.dose.days_per_week)) if one.exercise in own else one
                 for one in items)


# ---- changes: each gives back the form with one thing different -----------------------------------------------------------------------


def add(at: session.Desk, exercise_id: str, reason: str, rule: str) -> Callable[[ProgramForm, Case], ProgramForm]:
    def work(form: ProgramForm, case: Case) -> ProgramForm:
        if any(one.exercise == exercise_id for one in form.items):
            return form
        item = default_item(at, exercise_id, case, reason=reason, rules=(rule,) if rule else ())
        answers = (*form.answers, SuggestionAnswer(rule, (exercise_id,), "accepted")) if rule else form.answers
        return form.model_copy(update={"items": (*form.items, item), "answers": answers})

    return work


def reject(rule: str, items: tuple[str, ...], reason: str) -> Callable[[ProgramForm, Case], ProgramForm]:
    def work(form: ProgramForm, _: Case) -> ProgramForm:
        kept = tuple(one for one in form.answers if one.rule != rule or one.items != items)
        return form.model_copy(update={"answers": (*kept, SuggestionAnswer(rule, items, "rejected", reason))})

    return work


def row(item: ProgramItem) -> str:
    """What one row of the program is known by; an exercise may stand there once for each leg. Its place is no name: rows above it come and go
    while a click is on its way."""
    return f"{item.exercise}_{item.side}"


def remove(name: str) -> Callable[[ProgramForm, Case], ProgramForm]:
    return lambda form, _: form.model_copy(update={"items": tuple(one for one in form.items if row(one) != name)})


def move(name: str, by: int) -> Callable[[ProgramForm, Case], ProgramForm]:
    def work(form: ProgramForm, _: Case) -> ProgramForm:
        items = list(form.items)
        place = next((at for at, one in enumerate(items) if row(one) == name), -1)
        target = place + by
        if place >= 0 and 0 <= target < len(items):
            items[place], items[target] = items[target], items[place]
        return form.model_copy(update={"items": tuple(items)})

    return work


def swap(at: session.Desk, name: str, exercise_id: str, reason: str) -> Callable[[ProgramForm, Case], ProgramForm]:
    def work(form: ProgramForm, case: Case) -> ProgramForm:
        old = next((one for one in form.items if row(one) == name), None)
        if old is None:
            return form
        new = default_item(at, exercise_id, case, reason=reason or old.reason, rules=old.rules)
        items = tuple(new if one is old else one for one in form.items)
        answers = form.answers
        if old.rules:
            answers = (*answers, SuggestionAnswer(old.rules[0], (old.exercise, exercise_id), "swapped", reason))
        return form.model_copy(update={"items": items, "answers": answers})

    return work


def edit(name: str, **fields: Any) -> Callable[[ProgramForm, Case], ProgramForm]:
    return lambda form, _: form.model_copy(update={"items": tuple(replace(one, **fields) if row(one) == name else one for one in form.items)})


def without_device(device: str) -> Callable[[ProgramForm, Case], ProgramForm]:
    return lambda form, _: form.model_copy(update={"devices": tuple(one for one in form.devices if one.device != device)})


def put(**fields: Any) -> Callable[[ProgramForm, Case], ProgramForm]:
    """Tape, devices, load, note, start, phase, or all items at once."""
    return lambda form, _: form.model_copy(update=fields)


def from_template(at: session.Desk, template_id: str) -> Callable[[ProgramForm, Case], ProgramForm]:
    """The items of a ready-made program, with its doses, for the side treated; a dose of the therapist's own goes before the catalogue's."""
    template = at.clinic.knowledge.template(template_id)

    def work(form: ProgramForm, case: Case) -> ProgramForm:
        items = []
        for one in template.items:
            item = default_item(at, one.exercise, case, reason=f"Template: {template.label}")
            given = {name: getattr(one, name) for name in ("sets", "reps", "hold_s", "minutes", "days_per_week") if getattr(one, name) is not None}
            items.append(replace(item, dose=replace(item.dose, **given)))
        return form.model_copy(update={"items": tuple(items), "template": template.id})

    return work


def take_up(at: session.Desk, version: Program) -> Callable[[ProgramForm, Case], ProgramForm]:
    """An earlier version as the next one; tape and devices whose time is over are left off."""
    today = at.clinic.today

    def work(form: ProgramForm, _: Case) -> ProgramForm:
        tape = version.tape if version.tape and version.tape.stop_on >= today else None
        devices = tuple(one for one in version.devices if one.stop_on >= today)
        return form.model_copy(update={"items": version.items, "tape": tape, "devices": devices, "load": version.load, "note": version.note,
                                       "template": version.template})

    return work


def default_stop(at: session.Desk, support_id: str) -> Any:
    """The last day that the guideline allows for a support."""
    weeks = at.clinic.knowledge.support(support_id).stop_weeks or FIRST_PROGRAM_WEEKS
    return at.clinic.today + timedelta(weeks=weeks)
