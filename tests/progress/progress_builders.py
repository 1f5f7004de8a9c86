"""Builders for progress and charts: a runner with sensible defaults, and only what a test cares about in sight."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from kneeclinic.knowledge.schema import Measure
from kneeclinic.record import (
    Case,
    CheckIn,
    CheckInDay,
    Dose,
    Episode,
    Goal,
    Observation,
    Patient,
    PlannedVisit,
    Program,
    ProgramItem,
    Review,
    Run,
    Visit,
)
from kneeclinic.vocabulary import AffectedSide, CheckInSource, Decision, PlannedState, Sex, Side, VisitKind, VisitState

START = date(2026, 1, 5)
"""A Monday: the day the episode is opened unless a test says otherwise."""
RIGHT, LEFT, PERSON = Side.RIGHT, Side.LEFT, Side.NONE


def week(number: float) -> date:
    """The day `number` weeks after the start."""
    return START + timedelta(days=round(number * 7))


def a_measure(**fields: Any) -> Measure:
    base = {
        "id": "akps", "source": "crossley2004", "standing": "checked", "label": "AKPS", "section": "questionnaires", "kind": "score",
        "sides": "each", "better": "higher", "sdc": 14, "mic": 10, "hard": (0, 100),
    }
    return Measure(**{**base, **fields})


def worst_pain(**fields: Any) -> Measure:
    base = {"id": "pain_worst", "label": "Worst pain", "kind": "integer", "better": "lower", "sdc": 2, "mic": 2, "hard": (0, 10)}
    return a_measure(**{**base, **fields})


def an_observation(measure: str, value: float | str, on: date = START, side: Side = RIGHT, **fields: Any) -> Observation:
    return Observation(
        id=f"{measure}-{side}-{on}-{value}", visit_id=f"visit-{on}", episode_id="episode", patient_id="patient", measure=measure, side=side,
        value=value, on=on, **fields,
    )


def a_visit(on: date = START, kind: VisitKind = VisitKind.FOLLOW_UP) -> Visit:
    return Visit(id=f"visit-{on}", episode_id="episode", patient_id="patient", kind=kind, on=on, clinician="anna", state=VisitState.SIGNED)


def a_check_in(number: int, **fields: Any) -> CheckIn:
    """The check-in of week `number` (1 = the first), told at the end of its week."""
    base = {"id": f"check-in-{number}", "episode_id": "episode", "patient_id": "patient", "week_start": week(number - 1),
            "source": CheckInSource.TOLD}
    return CheckIn(**{**base, **fields})


def a_day(on: date, *done: str, **fields: Any) -> CheckInDay:
    return CheckInDay(on=on, done=done, **fields)


def an_item(exercise: str = "clamshell", *, side: AffectedSide = AffectedSide.RIGHT, **fields: Any) -> ProgramItem:
    dose_fields = {name: fields.pop(name) for name in list(fields) if name in Dose.__dataclass_fields__}
    dose = Dose(**{"sets": 3, "reps": 15, "hold_s": 1, "days_per_week": 3, **dose_fields})
    return ProgramItem(exercise=exercise, side=side, dose=dose, **fields)


def a_program(*items: ProgramItem, version: int = 1, starts_on: date = START, phase: int = 1, **fields: Any) -> Program:
    return Program(
        id=f"program-{version}", episode_id="episode", patient_id="patient", version=version, starts_on=starts_on, phase=phase,
        items=items or (an_item(),), **fields,
    )


def a_run(on: date, km: float, pain: int | None = None, **fields: Any) -> Run:
    return Run(
        id=f"run-{on}-{km}", patient_id="patient", episode_id="episode", started=datetime(on.year, on.month, on.day, 18), km=km,
        pain_during=pain, **fields,
    )


def a_planned(on: date, state: PlannedState = PlannedState.PLANNED) -> PlannedVisit:
    return PlannedVisit(id=f"planned-{on}", episode_id="episode", patient_id="patient", on=on, therapist="anna",
                        kind=VisitKind.FOLLOW_UP, state=state)


def a_goal(measure: str, target: float, by: date, side: Side = RIGHT, baseline: float | None = None, **fields: Any) -> Goal:
    return Goal(id=f"goal-{measure}", measure=measure, side=side, target=target, by=by, baseline=baseline, set_on=START, **fields)


def a_review(week_start: date, *, decision: Decision = Decision.HOLD, suggested: Decision | None = None, reason: str = "", **fields: Any) -> Review:
    base = {"id": f"review-{week_start}", "episode_id": "episode", "patient_id": "patient", "week_start": week_start, "suggested_rule": "WR5",
            "suggested": suggested or decision, "decision": decision, "because": (), "reason": reason, "clinician": "anna", "edition": "1"}
    return Review(**{**base, **fields})


def a_runner(side: AffectedSide = AffectedSide.RIGHT, *, patient: dict[str, Any] | None = None, episode: dict[str, Any] | None = None,
             **parts: Any) -> Case:
    """A runner with right runner's knee since START; `parts` are the tuples of the case."""
    person = Patient(**{
        "id": "patient", "number": "1001", "given_name": "Rosa", "family_name": "Field", "birth_date": date(1992, 4, 2), "sex": Sex.FEMALE,
        **(patient or {}),
    })
    problem = Episode(**{
        "id": "episode", "patient_id": "patient", "side": side, "opened_on": START, "therapist": "anna", **(episode or {}),
    })
    if "observations" in parts:
        parts["observations"] = tuple(sorted(parts["observations"], key=lambda one: one.on))
    return Case(person, problem, **parts)
