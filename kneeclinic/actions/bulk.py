"""A large invented clinic for benchmarks: many visits at once, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from kneeclinic.actions.accounts import new_account
from kneeclinic.actions.gate import write
from kneeclinic.actions.house import setup_clinic
from kneeclinic.clinic import Clinic
from kneeclinic.record import ClinicProfile, Episode, Patient
from kneeclinic.security.accounts import Account, Actor
from kneeclinic.store import Transaction, save_account, save_episodes, save_patients
from kneeclinic.store.inventing import InventedCourse, InventedMeasure, save_invented_visits
from kneeclinic.vocabulary import AffectedSide, EpisodeStatus, Role, Sex, Side

VALUES_PER_VISIT = 10
BATCH = 500
"""Patients in one transaction."""
THERAPISTS = 50
MEASURES: tuple[tuple[str, bool, float, float, float], ...] = (
    ("pain_worst", True, 6, -4, 1), ("pain_usual", True, 3, -2, 0.5), ("pain_stairs_down", True, 5, -4, 1), ("pain_squat", True, 5, -4, 1),
    ("akps", True, 62, 24, 3), ("hip_abduction_force", True, 130, 30, 8), ("knee_extension_force", True, 330, 60, 15),
    ("lateral_step_down", True, 3, -2, 0.6), ("km_week", False, 15, 15, 3), ("psfs", False, 4, 4, 0.7),
)
"""Measure, has sides, value at the start, change over the course, spread."""
LIMITS = {"akps": (0, 100), "lateral_step_down": (0, 6), "psfs": (0, 10), "km_week": (0, 300)}
WHOLE = frozenset({"pain_worst", "pain_usual", "pain_stairs_down", "pain_squat", "akps", "lateral_step_down"})
COURSE = tuple(
    InventedMeasure(name, sided, start, change, spread, *LIMITS.get(name, (0, 10) if name.startswith("pain") else (10, 1500)), name in WHOLE)
    for name, sided, start, change, spread in MEASURES[:VALUES_PER_VISIT]
)
GIVEN = [a + b for a in ("Ma", "Jo", "Le", "An", "Ti", "Sa", "Ro", "El", "Ka", "No") for b in ("ra", "nas", "lia", "mi", "dor", "vin", "sa", "rik")]
FAMILY = [a + b + c for a in ("Al", "Ber", "Cor", "Dal", "Fen", "Gar", "Hol", "Ker", "Lin", "Mor") for b in ("ba", "de", "ki", "lo", "nu")
          for c in ("man", "sen", "ton", "ova", "ley", "rez", "dal", "wick")]
"""Syllables put together: 80 given and 400 family names, as often the same as in a real clinic."""
PASSWORD = "large invented clinic"  # noqa: S105 (of a clinic that holds nobody)


def generate_clinic(
    path: Path, patients: int, visits: int, seed: int, *, told: Callable[[int], None] | None = None,
) -> tuple[int, int]:
    """Makes a new clinic file with so many invented patients and visits each; returns visits and values stored.

    Written in batches through the store, one audit line a batch: what a clinic does by hand goes through the verbs one by one.
    """
    profile = ClinicProfile(name="Large invented clinic", is_demo=True)
    clinic = setup_clinic(path, profile, "lead", "Lead of the invented clinic", PASSWORD, origin="generate")
    rng = Random(seed)
    try:
        actor, therapists = _staff(clinic, rng)
        ids = sorted(_id(rng) for _ in range(patients))
        count = 0
        for first in range(0, patients, BATCH):
            batch = [_patient(place, ids[place], clinic, visits, therapists, rng) for place in range(first, min(patients, first + BATCH))]
            count += _store(clinic, actor, batch, visits, seed)
            if told:
                told(first + len(batch))
        return patients * visits, count
    finally:
        clinic.database.close()


Made = tuple[Patient, Episode, InventedCourse]


def _store(clinic: Clinic, actor: Actor, batch: list[Made], visits: int, seed: int) -> int:
    edition = clinic.knowledge.edition.edition

    def change(tx: Transaction) -> int:
        save_patients(tx, [made[0] for made in batch])
        save_episodes(tx, [made[1] for made in batch])
        return save_invented_visits(tx, [made[2] for made in batch], COURSE, visits, seed=seed, edition=edition)

    return write(clinic, actor, "import_clinic", "clinic", "", {"patients": len(batch)}, change)


def _staff(clinic: Clinic, rng: Random) -> tuple[Actor, list[str]]:
    base = new_account(clinic.now, "therapist", "Therapist", Role.CLINICIAN, PASSWORD)
    staff = [
        Account(_id(rng), f"therapist{place:02d}", f"Invented therapist {place:02d}", Role.CLINICIAN, True, base.password_hash, clinic.now)
        for place in range(1, THERAPISTS + 1)
    ]
    actor = Actor("generate", "generate", Role.LEAD, "generate")

    def change(tx: Transaction) -> None:
        for one in staff:
            save_account(tx, one)

    write(clinic, actor, "add_account", "account", "", {"accounts": len(staff)}, change)
    return actor, [one.id for one in staff]


def _patient(place: int, patient_id: str, clinic: Clinic, visits: int, therapists: list[str], rng: Random) -> Made:
    therapist = therapists[place % len(therapists)]
    opened = clinic.today - timedelta(days=7 * visits + rng.randint(0, 400))
    entered = _instant(opened)
    patient = Patient(
        id=patient_id, number=f"G{place + 1:06d}", given_name=rng.choice(GIVEN), family_name=rng.choice(FAMILY),
        birth_date=date(opened.year - rng.randint(16, 60), rng.randint(1, 12), rng.randint(1, 28)),
        sex=rng.choice((Sex.FEMALE, Sex.MALE)), consent_on=opened, entered_by=therapist, entered_at=entered,
    )
    side = rng.choice((AffectedSide.LEFT, AffectedSide.RIGHT))
    is_open = rng.random() < 0.4
    closed = None if is_open else opened + timedelta(days=7 * visits)
    episode = Episode(
        id=_id(rng), patient_id=patient.id, side=side, opened_on=opened, therapist=therapist, problem="Invented.",
        status=EpisodeStatus.OPEN if is_open else EpisodeStatus.DISCHARGED, closed_on=closed,
        closing_reason="" if is_open else "Invented ending.", entered_by=therapist, entered_at=entered,
    )
    return patient, episode, InventedCourse(episode.id, patient.id, Side(side.value), therapist, opened, rng.uniform(0.0, 1.2))


def _id(rng: Random) -> str:
    return f"{rng.getrandbits(80):020x}"


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)
