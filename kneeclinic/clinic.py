"""The clinic as everything else is handed it: its file, its knowledge, and what day and time it is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kneeclinic.knowledge import Knowledge, load_knowledge
from kneeclinic.security.accounts import Actor
from kneeclinic.security.keys import Keys, OuterKey, load_or_create_keys, remember_key
from kneeclinic.security.restricted import Restricted, may_open
from kneeclinic.store import Case, ClinicProfile, Database, open_episode_ids, read_case, read_cases, read_profile
from kneeclinic.store.restrictions import guarded
from kneeclinic.vocabulary import MeasureKind, NotFound, zone_named


@dataclass(frozen=True)
class Clinic:
    """`today` is the clinic's own date; `now` is the instant in UTC, with its zone. `viewer` is who looks: restricted records that are not
    theirs to open stay out of what they are handed; nobody (the server itself, a command) is handed everything."""

    database: Database
    knowledge: Knowledge
    today: date
    now: datetime
    viewer: Actor | None = None

    @property
    def profile(self) -> ClinicProfile:
        """As stored just now; raises NotFound until the clinic was set up. Kept until it is saved anew, which touches everything."""
        return _profile_of(self.database)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the clinic."""
        return zone_named(self.profile.time_zone)

    @property
    def keys(self) -> Keys:
        return self.database.keys

    @property
    def path(self) -> Path:
        return self.database.path

    def case(self, episode_id: str) -> Case:
        """One episode with all that belongs to it; raises NotFound, or Restricted when it is not for this viewer. Not written in the log:
        `actions.open_case` is."""
        case = read_case(self.database, episode_id)
        if not self.opens(case.patient.id):
            raise Restricted(case.patient.id)
        return case

    def cases(self, episode_ids: Iterable[str] | None = None) -> tuple[Case, ...]:
        """All open (and paused) episodes, oldest first, or those named; restricted ones only for whom they are."""
        found = self.counted(open_episode_ids(self.database) if episode_ids is None else episode_ids)
        if self.viewer is None or not guarded(self.database).therapists:
            return found
        return tuple(one for one in found if self.opens(one.patient.id))

    def counted(self, episode_ids: Iterable[str]) -> tuple[Case, ...]:
        """Those episodes, whoever looks: for figures about many, from which nobody is told by name."""
        return read_cases(self.database, episode_ids)

    def opens(self, patient_id: str) -> bool:
        """May the viewer open this patient's record at this moment?"""
        if self.viewer is None:
            return True
        held = guarded(self.database)
        therapists = held.therapists.get(patient_id)
        return therapists is None or may_open(self.viewer, therapists, held.glasses.get(patient_id, ()), self.now)

    def seen_by(self, viewer: Actor) -> Clinic:
        """The same clinic as this person may see it."""
        return replace(self, viewer=viewer)

    def at(self, today: date | None = None, now: datetime | None = None) -> Clinic:
        """The same clinic at another moment; without arguments, at this one. Ask once a request."""
        instant = now or datetime.now(UTC)
        return replace(self, today=today or _day_of(self.database, instant), now=instant)

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> Clinic:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_clinic(
    path: Path | str, *, create: bool = False, today: date | None = None, now: datetime | None = None, knowledge: Knowledge | None = None,
    keys: OuterKey | Keys | None = None, read_only: bool = False,
) -> Clinic:
    """Opens the clinic file with its key and the knowledge; `create` makes both when they are missing.

    Raises NotFound, WrongKey, ClinicBusy, KnowledgeFaults … each with one sentence.
    """
    file = Path(path).expanduser().resolve()
    if not file.exists() and not create:
        raise NotFound(f"There is no clinic file at {file}; check the name, or set up a new clinic.")
    known = knowledge or load_knowledge()
    coded = frozenset(id_ for id_, one in known.measures.items() if one.kind is MeasureKind.CHOICE)
    outer = keys or load_or_create_keys(file, create=create and not file.exists())
    database = Database.open(file, outer, create=create, read_only=read_only, coded_measures=coded)
    if isinstance(outer, OuterKey) and outer.others and database.outer_key:
        remember_key(file, database.outer_key)
    instant = now or datetime.now(UTC)
    return Clinic(database, known, today or _day_of(database, instant), instant)


def _profile_of(database: Database) -> ClinicProfile:
    return database.kept_lists.or_read("profile", (), lambda: read_profile(database))


def _day_of(database: Database, instant: datetime) -> date:
    """The clinic's date at this instant; UTC until the clinic was set up."""
    try:
        name = _profile_of(database).time_zone
    except NotFound:
        name = "UTC"
    return instant.astimezone(zone_named(name)).date()
