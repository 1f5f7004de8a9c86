"""What was entered about a patient: frozen values, append-only, never edited in place."""

from kneeclinic.record.case import Case
from kneeclinic.record.episodes import Episode, Goal, Imaging
from kneeclinic.record.papers import DocumentIssued
from kneeclinic.record.people import ClinicProfile, Patient
from kneeclinic.record.programs import (
    DeviceNote,
    Dose,
    LoadPlan,
    Program,
    ProgramItem,
    SuggestionAnswer,
    TapeNote,
    UsualDose,
)
from kneeclinic.record.visits import Amendment, Observation, Visit
from kneeclinic.record.weeks import CheckIn, CheckInDay, PlannedVisit, Review, Run, Snooze

__all__ = [
    "Amendment", "Case", "CheckIn", "CheckInDay", "ClinicProfile", "DeviceNote", "DocumentIssued", "Dose", "Episode",
    "Goal", "Imaging", "LoadPlan", "Observation", "Patient", "PlannedVisit", "Program", "ProgramItem", "Review", "Run",
    "Snooze", "SuggestionAnswer", "TapeNote", "UsualDose", "Visit",
]
