"""What the patient was given to do: versions, never edited in place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kneeclinic.vocabulary import AffectedSide, TapeComponent

SPREAD: dict[int, tuple[int, ...]] = {
    1: (2,), 2: (1, 4), 3: (0, 2, 4), 4: (0, 1, 3, 5), 5: (0, 1, 2, 3, 4), 6: (0, 1, 2, 3, 4, 5), 7: (0, 1, 2, 3, 4, 5, 6),
}
"""Days of the week (0 = Monday) for so many sessions, as much rest between as there can be."""


@dataclass(frozen=True)
class Dose:
    """How much of an exercise: seconds, minutes, kilograms, sessions a week; None = does not apply."""

    sets: int | None = None
    reps: int | None = None
    hold_s: float | None = None
    minutes: float | None = None
    days_per_week: int = 3
    load_kg: float | None = None
    tempo: str = ""


@dataclass(frozen=True)
class UsualDose:
    """The dose one therapist begins an exercise with, in place of that of the catalogue."""

    account_id: str
    exercise: str
    dose: Dose
    set_at: datetime | None = None


@dataclass(frozen=True)
class ProgramItem:
    """One exercise for one leg or both. `days`: 0 = Monday … 6 = Sunday, () = the patient chooses. `rules`: why it is here."""

    exercise: str
    side: AffectedSide
    dose: Dose
    days: tuple[int, ...] = ()
    pain_limit: int = 2
    note: str = ""
    reason: str = ""
    rules: tuple[str, ...] = ()
    override_reason: str = ""

    @property
    def planned_days(self) -> tuple[int, ...]:
        """The days it is due: those chosen, else spread over the week with rest between (0 = Monday)."""
        return self.days or SPREAD[min(7, max(1, self.dose.days_per_week))]


@dataclass(frozen=True)
class TapeNote:
    """Patellar tape: the pull, when worn, what the re-test showed (NPRS), and when it stops. `tries`: pain without and with, at most three pairs."""

    side: AffectedSide
    components: tuple[TapeComponent, ...]
    direction: str
    wear: str
    started_on: date
    stop_on: date
    retest_task: str = ""
    retest_before: int | None = None
    retest_after: int | None = None
    note: str = ""
    tries: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class DeviceNote:
    """A brace, strap, sleeve or foot orthosis: which (support id), why, when worn, when it stops. `tries`: pain without and with it."""

    device: str
    side: AffectedSide
    reason: str
    wear: str
    started_on: date
    stop_on: date
    note: str = ""
    tries: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class LoadPlan:
    """This week's running: kilometres, the walk-run stage (1-8), longest run, rest days (0 = Monday), what else to do."""

    weekly_km: float | None = None
    longest_run_km: float | None = None
    runs_per_week: int | None = None
    walk_run_stage: int | None = None
    rest_days: tuple[int, ...] = ()
    cross_training: str = ""
    cadence_cue: str = ""
    footwear_note: str = ""
    note: str = ""


@dataclass(frozen=True)
class SuggestionAnswer:
    """What the therapist did with one suggestion: accepted, swapped, rejected; with the reason."""

    rule: str
    items: tuple[str, ...]
    answer: str
    reason: str = ""


@dataclass(frozen=True)
class Program:
    """One version of a program, from `starts_on` until the next version."""

    id: str
    episode_id: str
    patient_id: str
    version: int
    starts_on: date
    phase: int
    items: tuple[ProgramItem, ...]
    tape: TapeNote | None = None
    devices: tuple[DeviceNote, ...] = ()
    load: LoadPlan | None = None
    answers: tuple[SuggestionAnswer, ...] = ()
    note: str = ""
    template: str = ""
    edition: str = ""
    paused: bool = False
    entered_by: str = ""
    entered_at: datetime | None = None
