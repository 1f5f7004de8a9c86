"""A runner with a program, and readers of what was printed."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from functools import cache

import numpy as np
import pypdfium2 as pdfium

from kneeclinic.knowledge import Knowledge, load_knowledge
from kneeclinic.record import Case, ClinicProfile, Dose, Episode, LoadPlan, Patient, Program, ProgramItem, TapeNote
from kneeclinic.vocabulary import AffectedSide, Sex, TapeComponent

TODAY = date(2026, 11, 20)
CLINIC = ClinicProfile(name="Demo Knee Clinic", address="1 Sample Street", phone="555-0100")
SIX = ("clamshell", "donkey_kick", "slr_hold", "bridge", "mini_squat", "side_plank_knees")


@cache
def knowledge() -> Knowledge:
    return load_knowledge()


def an_item(exercise: str, **changes: object) -> ProgramItem:
    facts = knowledge().exercise(exercise)
    dose = Dose(facts.dose.sets, facts.dose.reps, facts.dose.hold_s, facts.dose.minutes, facts.dose.days_per_week)
    side = AffectedSide.RIGHT if facts.sided else AffectedSide.BOTH
    return dataclasses.replace(ProgramItem(exercise, side, dose, rules=("R08",), reason="because"), **changes)


def a_program(*exercises: str, version: int = 1, **changes: object) -> Program:
    items = tuple(an_item(one) for one in exercises or SIX)
    return dataclasses.replace(Program(f"program{version}", "episode", "patient", version, TODAY, 1, items), **changes)


def some_tape(*components: TapeComponent) -> TapeNote:
    return TapeNote(AffectedSide.RIGHT, components or (TapeComponent.GLIDE,), "toward the inside", "while running", TODAY,
                    TODAY + timedelta(days=28), "step-down", 6, 2)


def some_load() -> LoadPlan:
    return LoadPlan(weekly_km=12, longest_run_km=5, runs_per_week=3, walk_run_stage=2, rest_days=(1, 5), cross_training="bike")


def a_runner(*programs: Program, **changes: object) -> Case:
    patient = Patient("patient", "K-7", "Demo", "Aster", date(1989, 1, 2), Sex.FEMALE)
    patient = dataclasses.replace(patient, **changes)
    episode = Episode("episode", "patient", AffectedSide.RIGHT, TODAY - timedelta(days=24), "therapist")
    return Case(patient, episode, programs=programs or (a_program(),))


def text_of(data: bytes) -> str:
    """Everything that a reader can take out of the PDF, blanks made single."""
    document = pdfium.PdfDocument(data)
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


def pages_of(data: bytes, scale: float = 1.0) -> list[np.ndarray]:
    """Each page as grey values, 255 = paper."""
    return [page.render(scale=scale, grayscale=True).to_numpy().squeeze() for page in pdfium.PdfDocument(data)]
