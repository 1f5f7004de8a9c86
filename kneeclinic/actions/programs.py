"""Writing a new version of a program; old versions stay as they were."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from kneeclinic.actions.gate import permit, write
from kneeclinic.actions.program_checks import Override, check_program
from kneeclinic.clinic import Clinic
from kneeclinic.record import Case, Program
from kneeclinic.record.forms import ProgramForm
from kneeclinic.rules.phase import phase
from kneeclinic.rules.suggest import Findings, suggest
from kneeclinic.security.accounts import Actor
from kneeclinic.store.cases import read_case
from kneeclinic.store.programs import save_program
from kneeclinic.vocabulary import Conflict, Refused, new_id


def revise_program(clinic: Clinic, actor: Actor, episode_id: str, form: ProgramForm, expected_version: int | None) -> Program:
    """The new version. `expected_version`: the version it was made from, None for the first.

    Refused, with the reason: a patient blocked by a red flag, an item that the findings rule out, a dose outside its limits.
    """
    permit(clinic, actor, "revise_program", "episode", episode_id)
    case = read_case(clinic.database, episode_id)
    program, overrides = next_version(clinic, actor, case, form, expected_version)
    write(clinic, actor, "revise_program", "program", program.id, program_detail(program, overrides),
          lambda tx: save_program(tx, program), patient_id=case.patient.id)
    return program


def next_version(
    clinic: Clinic, actor: Actor, case: Case, form: ProgramForm, expected_version: int | None, *, paused: bool = False,
) -> tuple[Program, tuple[Override, ...]]:
    """The checked version, not yet stored, and what the lead overrode in it."""
    if not case.episode.is_open:
        raise Refused(f"The episode is {case.episode.status.value.replace('_', ' ')}; reopen it before a new program.")
    current = case.program.version if case.program else None
    if expected_version != current:
        stands = f"version {current} stands" if current else "there is no program yet"
        raise Conflict(f"The program was changed by somebody else: {stands}, you started from {expected_version or 'none'}. Load it again.")
    findings: Findings = suggest(case, clinic.knowledge, clinic.today)
    overrides = check_program(form, case, findings, clinic.knowledge, clinic.today, actor.role)
    number = form.phase if form.phase is not None else phase(case, clinic.knowledge, clinic.today).number
    is_pause = paused or findings.blocked
    program = Program(
        id=new_id(), episode_id=case.episode.id, patient_id=case.patient.id, version=(current or 0) + 1, starts_on=form.starts_on,
        phase=number, items=tuple(form.items), tape=form.tape, devices=tuple(form.devices), load=form.load, answers=tuple(form.answers),
        note=form.note, template=form.template, edition=clinic.knowledge.edition.edition, paused=is_pause,
        entered_by=actor.account_id, entered_at=clinic.now,
    )
    return program, overrides


def program_detail(program: Program, overrides: tuple[Override, ...]) -> dict[str, Any]:
    """What the audit keeps of a version: its number, its edition, and each override with its reason."""
    return {
        "episode": program.episode_id, "version": program.version, "edition": program.edition, "phase": program.phase,
        "items": [item.exercise for item in program.items], "paused": program.paused, "overrides": [asdict(one) for one in overrides],
    }
