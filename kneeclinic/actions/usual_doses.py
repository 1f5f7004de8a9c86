"""A therapist's own usual dose of an exercise, which new programs of this therapist begin with."""

from __future__ import annotations

from dataclasses import replace

from kneeclinic.actions.gate import permit, write
from kneeclinic.actions.program_checks import check_dose
from kneeclinic.clinic import Clinic
from kneeclinic.record import Dose, ProgramItem, UsualDose
from kneeclinic.security.accounts import Actor
from kneeclinic.store.usual_doses import save_usual_dose, save_usual_dose_forgotten
from kneeclinic.vocabulary import AffectedSide


def set_usual_dose(clinic: Clinic, actor: Actor, exercise: str, dose: Dose | None) -> None:
    """Keeps the actor's usual dose of an exercise; None goes back to the catalogue's.

    Raises NotFound for an unknown exercise, Refused for a dose outside its limits. The load is left out: it is a patient's, not a habit.
    """
    permit(clinic, actor, "set_usual_dose", "exercise", exercise)
    clinic.knowledge.exercise(exercise)
    if dose is None:
        write(clinic, actor, "set_usual_dose", "exercise", exercise, {"dose": None},
              lambda tx: save_usual_dose_forgotten(tx, actor.account_id, exercise))
        return
    check_dose(ProgramItem(exercise, AffectedSide.BOTH, dose))
    usual = UsualDose(actor.account_id, exercise, replace(dose, load_kg=None), clinic.now)
    detail = {"sets": dose.sets, "reps": dose.reps, "hold_s": dose.hold_s, "minutes": dose.minutes, "days_per_week": dose.days_per_week}
    write(clinic, actor, "set_usual_dose", "exercise", exercise, detail, lambda tx: save_usual_dose(tx, usual, clinic.now))
