"""Records with sensible defaults, so that a test shows only what matters to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

from kneeclinic.record import (
    Amendment,
    CheckIn,
    CheckInDay,
    ClinicProfile,
    DeviceNote,
    DocumentIssued,
    Dose,
    Episode,
    Goal,
    Imaging,
    LoadPlan,
    Observation,
    Patient,
    PlannedVisit,
    Program,
    ProgramItem,
    Review,
    Run,
    Snooze,
    SuggestionAnswer,
    TapeNote,
    Visit,
)
from kneeclinic.security import Account, Actor
from kneeclinic.store import Database, Transaction, save_audit, save_episode, save_observations, save_patient, save_visit
from kneeclinic.vocabulary import (
    AffectedSide,
    CauseGroup,
    CheckInSource,
    Decision,
    DocumentKind,
    Layout,
    Paper,
    Role,
    Sex,
    Side,
    TapeComponent,
    VisitKind,
    VisitState,
    new_id,
)

NOW = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
DAY = date(2026, 3, 2)
LEAD = Actor("acc-lead", "Ada Lead", Role.LEAD, "127.0.0.1")
_numbers = count(1)


def a_patient(**changes: Any) -> Patient:
    return Patient(**{
        "id": new_id(), "number": f"K-{next(_numbers)}", "given_name": "Ruth", "family_name": "Miller", "birth_date": date(1991, 7, 4),
        "sex": Sex.FEMALE, "entered_by": "acc-lead", "entered_at": NOW, **changes,
    })


def an_episode(patient: Patient, **changes: Any) -> Episode:
    return Episode(**{
        "id": new_id(), "patient_id": patient.id, "side": AffectedSide.LEFT, "opened_on": DAY, "therapist": "acc-lead",
        "entered_by": "acc-lead", "entered_at": NOW, **changes,
    })


def a_visit(episode: Episode, **changes: Any) -> Visit:
    return Visit(**{
        "id": new_id(), "episode_id": episode.id, "patient_id": episode.patient_id, "kind": VisitKind.FOLLOW_UP, "on": DAY,
        "clinician": "acc-lead", "entered_by": "acc-lead", "entered_at": NOW, **changes,
    })


def an_observation(visit: Visit, **changes: Any) -> Observation:
    return Observation(**{
        "id": new_id(), "visit_id": visit.id, "episode_id": visit.episode_id, "patient_id": visit.patient_id, "measure": "pain_worst",
        "side": Side.LEFT, "value": 5.0, "on": visit.on, "entered_by": "acc-lead", "entered_at": NOW, **changes,
    })


def a_program(episode: Episode, **changes: Any) -> Program:
    return Program(**{
        "id": new_id(), "episode_id": episode.id, "patient_id": episode.patient_id, "version": 1, "starts_on": DAY, "phase": 1,
        "items": (ProgramItem("clamshell", AffectedSide.LEFT, Dose(3, 12)),), "entered_by": "acc-lead", "entered_at": NOW, **changes,
    })


def a_full_program(episode: Episode, text: str = "words", **changes: Any) -> Program:
    """Everything a version can hold, with `text` in every free text."""
    return a_program(episode, **{
        "items": (
            ProgramItem(
                "clamshell", AffectedSide.LEFT, Dose(3, 12, 2.5, None, 4, 1.25, text), (0, 2, 4), 3, text, text, ("R01", "R02"), text,
            ),
            ProgramItem("bridge", AffectedSide.BOTH, Dose(minutes=5.0)),
        ),
        "tape": TapeNote(AffectedSide.LEFT, (TapeComponent.GLIDE, TapeComponent.TILT), text, text, DAY, DAY + timedelta(20), text, 6, 3, text,
                         ((6, 3), (5, 3), (6, 2))),
        "devices": (DeviceNote("brace", AffectedSide.LEFT, text, text, DAY, DAY + timedelta(30), text), DeviceNote(
            "insert", AffectedSide.BOTH, "", "", DAY, DAY + timedelta(40), "", ((4, 4),))),
        "load": LoadPlan(12.5, 5.0, 3, 4, (5, 6), text, text, text, text),
        "answers": (SuggestionAnswer("R01", ("clamshell",), "accepted"), SuggestionAnswer("R09", (), "rejected", text)),
        "note": text, "template": "T1", "edition": "2026.1", "paused": True, **changes,
    })


def a_check_in(episode: Episode, **changes: Any) -> CheckIn:
    return CheckIn(**{
        "id": new_id(), "episode_id": episode.id, "patient_id": episode.patient_id, "week_start": DAY, "source": CheckInSource.TOLD,
        "sessions_done": 6, "sessions_prescribed": 9, "pain_usual": 2, "pain_worst": 5, "pain_next_morning": 1, "tape_days": 3, "km": 12.5,
        "days": (CheckInDay(DAY, ("clamshell", "bridge"), 2, 5, 1, True, 4.0), CheckInDay(DAY + timedelta(1))),
        "entered_by": "acc-lead", "entered_at": NOW, **changes,
    })


def a_run(episode: Episode, **changes: Any) -> Run:
    return Run(**{
        "id": new_id(), "patient_id": episode.patient_id, "episode_id": episode.id, "started": datetime(2026, 3, 3, 7, 15), "km": 5.2,
        "minutes": 31.5, "cadence_spm": 168.0, "climb_m": 40.0, "descent_m": 41.0, "pain_during": 2, "pain_next_morning": 0,
        "settled_within_60_min": True, "source": "file", "file_hash": "ab" * 32, "entered_by": "acc-lead", "entered_at": NOW, **changes,
    })


def a_planned(episode: Episode, **changes: Any) -> PlannedVisit:
    return PlannedVisit(**{
        "id": new_id(), "episode_id": episode.id, "patient_id": episode.patient_id, "on": DAY + timedelta(7), "therapist": "acc-lead",
        "kind": VisitKind.WEEKLY, "at": "09:30", "entered_by": "acc-lead", "entered_at": NOW, **changes,
    })


def a_review(episode: Episode, **changes: Any) -> Review:
    return Review(**{
        "id": new_id(), "episode_id": episode.id, "patient_id": episode.patient_id, "week_start": DAY, "suggested_rule": "WR6",
        "suggested": Decision.PROGRESS, "decision": Decision.HOLD, "because": ("Worst pain 5 (above 4)",), "reason": "new shoes",
        "clinician": "acc-lead", "edition": "2026.1", "decided_at": NOW, **changes,
    })


def a_snooze(episode: Episode, **changes: Any) -> Snooze:
    return Snooze(**{
        "id": new_id(), "episode_id": episode.id, "alert": "no_check_in", "until": DAY + timedelta(9), "reason": "on holiday",
        "by": "acc-lead", "at": NOW, **changes,
    })


def a_goal(**changes: Any) -> Goal:
    return Goal(**{
        "id": new_id(), "measure": "akps", "side": Side.NONE, "target": 90.0, "by": date(2026, 6, 1), "baseline": 62.0, "set_on": DAY, **changes,
    })


def an_imaging(**changes: Any) -> Imaging:
    return Imaging(**{"id": new_id(), "kind": "mri", "ordered_on": DAY, **changes})


def an_amendment(visit: Visit, **changes: Any) -> Amendment:
    return Amendment(**{"id": new_id(), "visit_id": visit.id, "text": "also the right knee", "by": "acc-lead", "at": NOW, **changes})


def a_document(episode: Episode, data: bytes, **changes: Any) -> DocumentIssued:
    return DocumentIssued(**{
        "id": new_id(), "kind": DocumentKind.HANDOUT, "episode_id": episode.id, "patient_id": episode.patient_id, "program_id": "",
        "language": "es", "layout": Layout.LARGE, "paper": Paper.LETTER, "sha256": sha256(data).hexdigest(), "file_name": "program.pdf",
        "issued_by": "acc-lead", "issued_at": NOW, **changes,
    })


def an_account(**changes: Any) -> Account:
    return Account(**{
        "id": new_id(), "name": f"ada{next(_numbers)}", "display_name": "Ada Lead", "role": Role.LEAD, "active": True, "password_hash": "x",
        "created_at": NOW, **changes,
    })


def a_profile(**changes: Any) -> ClinicProfile:
    return ClinicProfile(**{"name": "Knee House", **changes})


def a_whole_episode(**changes: Any) -> Episode:
    """An episode with a value in every field, for a patient built beside it."""
    return an_episode(a_patient(), **{
        "side": AffectedSide.BOTH, "problem": "stairs", "onset_on": DAY - timedelta(60),
        "cause_groups": (CauseGroup.OVERUSE, CauseGroup.FOOT), "primary_cause": CauseGroup.FOOT, "icd10": ("M22.2X1",), "referrer": "Dr Lee",
        **changes,
    })


def save_a_day(db: Database, number: str) -> str:
    """A new patient with episode, visit, ten values and the line of the log in one transaction; the id of the visit."""
    patient = a_patient(number=number)
    episode = an_episode(patient)
    visit = a_visit(episode)

    def change(tx: Transaction) -> None:
        save_patient(tx, patient)
        save_episode(tx, episode)
        save_visit(tx, visit)
        save_observations(tx, [an_observation(visit, measure=f"m{one}") for one in range(10)])
        save_audit(tx, LEAD, "start_visit", "visit", visit.id, None, NOW)

    db.write(change)
    return visit.id


def saved_visit(db: Database, *, number: str | None = None, values: int = 0, signed: bool = False, **patient: Any) -> Visit:
    """A patient with one episode and one visit in the store, with so many values."""
    one = a_patient(**({"number": number} if number else {}), **patient)
    episode = an_episode(one)
    visit = a_visit(episode, state=VisitState.SIGNED if signed else VisitState.DRAFT)

    def change(tx: Any) -> None:
        save_patient(tx, one)
        save_episode(tx, episode)
        save_visit(tx, visit)
        save_observations(tx, [an_observation(visit, measure=f"m{index}", value=float(index)) for index in range(values)])

    db.write(change)
    return visit
