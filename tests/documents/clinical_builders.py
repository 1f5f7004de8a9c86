"""Runners for the papers that go to colleagues: a plain one, and the worst that a record can hold."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

from kneeclinic.record import Amendment, Case, CheckIn, ClinicProfile, DeviceNote, Dose, Goal, Imaging, Observation, ProgramItem, Visit
from kneeclinic.vocabulary import AffectedSide, CauseGroup, CheckInSource, Paper, Side, TapeComponent, Units, VisitKind, VisitState
from tests.documents.paper_builders import CLINIC, SIX, TODAY, a_program, a_runner, some_load, some_tape

FIRST_DAY = TODAY - timedelta(days=42)
SHARP = "O'Brien & <Smith> \"A\" <b>not bold</b> &amp; {x} %s"
LONG = "Pain, no pain & <more> pain. " * 70
LONGEST = " ".join(["Maximiliana-Theodora Konstantinopolitanska"] * 4)


def seen(measure: str, value: float | str, days_ago: int = 0, side: Side = Side.RIGHT, **changes: Any) -> Observation:
    on = TODAY - timedelta(days=days_ago)
    return dataclasses.replace(
        Observation(f"{measure}{side}{days_ago}", f"visit{days_ago}", "episode", "patient", measure, side, value, on), **changes,
    )


def a_visit(days_ago: int = 0, kind: VisitKind = VisitKind.FOLLOW_UP, **changes: Any) -> Visit:
    on = TODAY - timedelta(days=days_ago)
    signed = datetime(on.year, on.month, on.day, 14, 3, tzinfo=UTC)
    return dataclasses.replace(
        Visit(f"visit{days_ago}", "episode", "patient", kind, on, "therapist", VisitState.SIGNED, signed_by="therapist", signed_at=signed,
              edition="2026.11", entered_at=signed), **changes,
    )


def a_draft(**changes: Any) -> Visit:
    return a_visit(state=VisitState.DRAFT, signed_by="", signed_at=None, edition="", **changes)


def a_week(weeks_ago: int, worst: int, done: int = 15) -> CheckIn:
    monday = TODAY - timedelta(days=TODAY.weekday(), weeks=weeks_ago)
    return CheckIn(f"week{weeks_ago}", "episode", "patient", monday, CheckInSource.TOLD, done, 18, 2, worst, 2, km=12)


def a_course(*visits: Visit, observations: tuple[Observation, ...] | None = None, **changes: Any) -> Case:
    """A runner with right runner's knee, seen three times in six weeks, better on pain and knee function."""
    fortnight_ago = TODAY - timedelta(days=14)
    tape = dataclasses.replace(some_tape(), started_on=fortnight_ago)
    case = a_runner(a_program(*SIX, starts_on=FIRST_DAY), a_program(*SIX[:5], version=2, tape=tape, load=some_load(), starts_on=fortnight_ago))
    episode = dataclasses.replace(
        case.episode, opened_on=FIRST_DAY, problem="Pain when running downhill.", onset_on=FIRST_DAY - timedelta(days=60),
        goals=(Goal("goal", "akps", Side.RIGHT, 88, TODAY + timedelta(days=40), 60, FIRST_DAY, "Half marathon"),),
    )
    found = (
        seen("pain_worst", 7, 42), seen("akps", 60, 42), seen("lefs", 52, 42, Side.NONE), seen("stroke_test", "0", 42),
        seen("hip_abduction_force", 120, 42), seen("hip_abduction_force", 160, 42, Side.LEFT),
        seen("pain_worst", 5, 14), seen("akps", 72, 14), seen("pain_worst", 2), seen("akps", 88), seen("stroke_test", "trace"),
        seen("lefs", 52, 0, Side.NONE, carried=True), seen("hip_abduction_force", 150), seen("hip_abduction_force", 162, 0, Side.LEFT),
    )
    case = dataclasses.replace(
        case, episode=episode, visits=visits or (a_visit(42, VisitKind.FIRST), a_visit(14), a_visit()), observations=observations or found,
        check_ins=tuple(a_week(ago, worst) for ago, worst in ((3, 5), (2, 4), (1, 3))), names={"therapist": "Anna Moss, PT", "other": "Ben Reed"},
    )
    return dataclasses.replace(case, **changes)


def an_empty_course() -> Case:
    """A patient who was only registered."""
    case = a_runner()
    return dataclasses.replace(case, programs=(), names={"therapist": "Anna Moss, PT"})


def the_worst(**changes: Any) -> Case:
    """Longest names, 2,000 characters in every text, both knees, tape, orthosis, imaging, many versions, every flag."""
    case = a_course()
    patient = dataclasses.replace(case.patient, given_name=LONGEST, family_name=f"{LONGEST} {SHARP}", number="K" * 40)
    episode = dataclasses.replace(
        case.episode, side=AffectedSide.BOTH, problem=LONG, referrer=LONGEST, closing_reason=LONG, icd10=("M22.2X1", "M22.2X2"),
        cause_groups=tuple(CauseGroup), primary_cause=CauseGroup.FOOT, imaging=(Imaging("i", "x-ray", FIRST_DAY, TODAY, LONG),) * 3,
        goals=tuple(Goal(f"g{n}", "akps", Side.LEFT, 88, TODAY, 60, FIRST_DAY, LONG) for n in range(3)),
    )
    note = dict.fromkeys(("subjective", "objective", "assessment", "plan", "strength", "pain"), LONG)
    amendments = tuple(Amendment(str(n), "visit0", LONG, "other", datetime(2026, 11, 20, 9, n, tzinfo=UTC)) for n in range(4))
    visit = a_visit(note=note, amendments=amendments)
    device = DeviceNote("orthosis_prefab", AffectedSide.BOTH, LONG, LONG, FIRST_DAY, TODAY, LONG)
    tape = dataclasses.replace(some_tape(*TapeComponent), note=LONG)
    items = tuple(ProgramItem(one, AffectedSide.BOTH, Dose(3, 12, 3, 5, 3, 2.5, "3-0-1"), note=LONG) for one in SIX)
    programs = tuple(
        dataclasses.replace(a_program(version=n, starts_on=FIRST_DAY + timedelta(days=3 * n), items=items), tape=tape if n % 2 else None,
                            devices=(device,), note=LONG, load=dataclasses.replace(some_load(), note=LONG)) for n in range(1, 12)
    )
    flags = tuple(seen(one, 1, 0, side, note=LONG) for one in ("locking", "fever_hot_joint", "calf_swelling") for side in (Side.LEFT, Side.RIGHT))
    start = {"pain_worst": 5, "pain_usual": 2, "akps": 70, "koos_pf": 60, "sane": 60}
    values = tuple(seen(one, value + ago % 3, ago, side) for one, value in start.items()
                   for side in (Side.LEFT, Side.RIGHT) for ago in (42, 35, 28, 21, 14, 7, 0))
    observations = tuple(sorted((*flags, *values, seen("pain_location", "lateral", 0), *case.observations[:4]), key=lambda one: one.on))
    return dataclasses.replace(case, patient=patient, episode=episode, visits=(a_visit(42), a_visit(14), visit), observations=observations,
                               programs=programs, names={"therapist": LONGEST, "other": LONGEST}, **changes)


def an_imperial_clinic() -> ClinicProfile:
    return dataclasses.replace(CLINIC, units=Units.IMPERIAL, paper=Paper.LETTER)


def a_wordy_clinic() -> ClinicProfile:
    return dataclasses.replace(CLINIC, name=LONGEST, address=f"{LONGEST}\n{LONGEST}\n{SHARP}", phone="555-0100 " * 6)


__all__ = [
    "FIRST_DAY", "LONG", "LONGEST", "SHARP", "TODAY", "a_course", "a_draft", "a_visit", "a_week", "a_wordy_clinic", "an_empty_course",
    "an_imperial_clinic", "seen", "the_worst",
]
