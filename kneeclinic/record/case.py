"""Everything that is known of one episode, as one frozen value: what rules, progress, charts and documents are handed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from kneeclinic.record.episodes import Episode
from kneeclinic.record.people import Patient
from kneeclinic.record.programs import Program
from kneeclinic.record.visits import Observation, Visit
from kneeclinic.record.weeks import CheckIn, PlannedVisit, Review, Run, Snooze
from kneeclinic.vocabulary import Side


@dataclass(frozen=True)
class Case:
    """One episode with all that belongs to it. Every tuple is oldest first and holds only what was not invalidated.

    `observations` are those of the whole patient that belong to this episode, ordered by (on, entered_at).
    """

    patient: Patient
    episode: Episode
    visits: tuple[Visit, ...] = ()
    observations: tuple[Observation, ...] = ()
    programs: tuple[Program, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()
    runs: tuple[Run, ...] = ()
    planned: tuple[PlannedVisit, ...] = ()
    reviews: tuple[Review, ...] = ()
    snoozes: tuple[Snooze, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    """Account id to the name to show."""

    @property
    def program(self) -> Program | None:
        """The current version, or None."""
        return self.programs[-1] if self.programs else None

    def series(self, measure: str, side: Side, until: date | None = None) -> tuple[Observation, ...]:
        """All valid values of one measure on one side, oldest first, up to and including `until`."""
        return tuple(_of(self.observations, measure, side, until))

    def latest(self, measure: str, side: Side, until: date | None = None) -> Observation | None:
        """The newest valid value, or None; absent is never zero."""
        found = self.series(measure, side, until)
        return found[-1] if found else None

    def therapist_name(self, account_id: str) -> str:
        return self.names.get(account_id, account_id)


def _of(observations: Iterable[Observation], measure: str, side: Side, until: date | None) -> Iterable[Observation]:
    return (
        one
        for one in observations
        if one.measure == measure and one.side == side and one.is_valid and (until is None or one.on <= until)
    )
