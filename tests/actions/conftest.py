"""A clinic with a lead, a clinician and one runner, on a fixed day; no key of the person running the tests is touched."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kneeclinic import actions
from kneeclinic.actions import Actor
from kneeclinic.clinic import Clinic, open_clinic
from kneeclinic.record import ClinicProfile, Episode, Patient
from kneeclinic.record.forms import EpisodeForm, ObservationForm, PatientForm
from kneeclinic.rules.tape_questions import TAPE_QUESTIONS
from kneeclinic.vocabulary import AffectedSide, Role, Sex, Side, VisitKind

TODAY = date(2026, 3, 30)
NOW = datetime(2026, 3, 30, 10, 0, tzinfo=UTC)
PASSWORD = "seven plum trees stand"


@pytest.fixture(autouse=True)
def _own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("KNEECLINIC_KEY_FILE", str(tmp_path / "clinic.key"))
    for name in ("KNEECLINIC_KEY", "KNEECLINIC_KEYRING"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One clinic made once; each test works on a copy with the same key."""
    folder = tmp_path_factory.mktemp("model")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KNEECLINIC_KEY_FILE", str(folder / "clinic.key"))
        clinic = actions.setup_clinic(folder / "clinic.duckdb", ClinicProfile(name="Test clinic"), "lead", "Lead", PASSWORD, now=NOW)
        lead = Actor.of(actions.accounts_of(clinic)[0], "test")
        for role in (Role.CLINICIAN, Role.ASSISTANT, Role.FRONT_DESK, Role.READ_ONLY):
            actions.add_account(clinic.at(TODAY, NOW), lead, role.value, "", role, PASSWORD)
        clinic.close()
    return folder


@pytest.fixture
def clinic(model: Path, tmp_path: Path) -> Iterator[Clinic]:
    for file in model.iterdir():
        if file.suffix in (".duckdb", ".key"):
            shutil.copy(file, tmp_path / file.name)
    with open_clinic(tmp_path / "clinic.duckdb", today=TODAY, now=NOW) as opened:
        yield opened


@dataclass(frozen=True)
class Staff:
    lead: Actor
    clinician: Actor
    assistant: Actor
    front_desk: Actor
    read_only: Actor


@pytest.fixture
def staff(clinic: Clinic) -> Staff:
    named = {one.name: Actor.of(one, "test") for one in actions.accounts_of(clinic)}
    return Staff(*(named[role.value] for role in (Role.LEAD, Role.CLINICIAN, Role.ASSISTANT, Role.FRONT_DESK, Role.READ_ONLY)))


def a_person(**changes: object) -> PatientForm:
    values = {"number": "P1", "given_name": "Runa", "family_name": "Field", "birth_date": date(1995, 5, 5), "sex": Sex.FEMALE}
    return PatientForm.model_validate(values | changes)


def a_problem(**changes: object) -> EpisodeForm:
    values = {"side": AffectedSide.RIGHT, "opened_on": date(2026, 3, 2), "problem": "Pain on stairs."}
    return EpisodeForm.model_validate(values | changes)


@pytest.fixture
def patient(clinic: Clinic, staff: Staff) -> Patient:
    return actions.register_patient(clinic, staff.clinician, a_person())


@pytest.fixture
def episode(clinic: Clinic, staff: Staff, patient: Patient) -> Episode:
    return actions.open_episode(clinic, staff.clinician, patient.id, a_problem())


def found(clinic: Clinic, actor: Actor, episode: Episode, values: dict[str, float | str], on: date = TODAY, *, side: Side = Side.RIGHT) -> str:
    """A visit of that day with these values of one knee (or of the person); returns its id."""
    visit = actions.start_visit(clinic, actor, episode.id, VisitKind.FOLLOW_UP, on)
    forms = []
    for measure, value in values.items():
        sided = clinic.knowledge.measure(measure).sides.value == "each"
        forms.append(ObservationForm(measure=measure, side=side if sided else Side.NONE, value=value))
    actions.record_observations(clinic, actor, visit.id, forms)
    return visit.id


def asked_of_tape(clinic: Clinic, actor: Actor, episode: Episode) -> None:
    """Allergy, skin and feeling were asked, none of them."""
    found(clinic, actor, episode, dict.fromkeys(TAPE_QUESTIONS, 0))


def audited(clinic: Clinic, action: str) -> list[object]:
    from kneeclinic.store import read_audit

    return list(read_audit(clinic.database, action=action, limit=1000))
