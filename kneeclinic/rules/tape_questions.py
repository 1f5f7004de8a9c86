"""What must be asked before tape goes on: allergy to adhesive and latex, the skin, and its feeling."""

from __future__ import annotations

from kneeclinic.record.case import Case
from kneeclinic.vocabulary import Side

TAPE_QUESTIONS = ("adhesive_allergy", "latex_allergy", "fragile_skin", "skin_sensation_loss")
"""Measures of the person that the precautions on tape look at."""


def tape_answers(case: Case) -> dict[str, bool | None]:
    """Each question with its newest answer; None = never asked."""
    found = {one: case.latest(one, Side.NONE) for one in TAPE_QUESTIONS}
    return {name: None if one is None else bool(one.number) for name, one in found.items()}


def not_asked(case: Case) -> tuple[str, ...]:
    return tuple(name for name, answer in tape_answers(case).items() if answer is None)
