"""The whole matrix: every action of the role table, tried by every role, on a real record."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from kneeclinic import actions
from kneeclinic.actions import Actor, ProfileForm
from kneeclinic.clinic import Clinic, open_clinic
from kneeclinic.record import Episode
from kneeclinic.record.forms import GoalForm, ImagingForm, ObservationForm, PlanForm, ReviewForm
from kneeclinic.security.passwords import hash_password
from kneeclinic.security.roles import ACTIONS, may
from kneeclinic.security.second_factor import SecondFactor
from kneeclinic.security.sessions import Session
from kneeclinic.store import save_session
from kneeclinic.store.second_factors import save_provider_identity, save_second_factor
from kneeclinic.vocabulary import (
    Conflict,
    Decision,
    DocumentKind,
    EpisodeStatus,
    NotAllowed,
    NotFound,
    PlannedState,
    Refused,
    Role,
    Side,
    VisitKind,
    new_id,
)
from tests.actions.conftest import NOW, PASSWORD, TODAY, Staff, a_person, a_problem, audited, found
from tests.actions.test_programs import CLAM, a_program
from tests.actions.test_weeks_and_reviews import LAST_MONDAY, a_run, a_week

PDF = b"%PDF-1.7 a page"
PARTS_OF_NOBODY = {"sign_in", "sign_out", "session_actor", "setup_clinic", "give_code", "give_new_password", "sign_in_by_provider",
                   "show_first_factor", "give_first_code"}
"""Asked before anybody is somebody: the tests of sign-in and of set-up hold them."""
ON_THE_SCREEN = {"see_library", "see_caseload", "see_outcomes", "see_accounts", "see_sessions", "see_audit", "see_health",
                 "see_restricted"}
"""Looked at on pages only: `tests/trust/test_screens_by_role.py` holds them."""
BY_THEIR_OWN_NAME = {"import_runs": "record_run_file", "import_clinic": "restore"}


@dataclass(frozen=True)
class Record:
    """What each try starts from; made once by the lead."""

    episode: Episode
    closed: str
    signed: str
    draft: str
    value: str
    goal: str
    check_in: str
    run: str
    planned: str
    document: str
    review: str
    somebody: str
    gone: str
    session: str
    closed_to_others: str
    glass: str


def made(clinic: Clinic, lead: Actor) -> Record:
    past = clinic.at(LAST_MONDAY, clinic.now - timedelta(days=7))
    patient = actions.register_patient(clinic, lead, a_person())
    episode = actions.open_episode(clinic, lead, patient.id, a_problem())
    actions.revise_program(past, lead, episode.id, a_program(CLAM, starts_on=LAST_MONDAY), None)
    signed = found(past, lead, episode, {"pain_worst": 4, "pain_usual": 2, "akps": 62}, LAST_MONDAY)
    actions.sign_visit(past, lead, signed)
    other = actions.register_patient(clinic, lead, a_person(number="P9", given_name="Otto", family_name="Vale"))
    second = actions.open_episode(clinic, lead, other.id, a_problem())
    actions.revise_program(past, lead, second.id, a_program(CLAM, starts_on=LAST_MONDAY), None)
    review = actions.decide_review(clinic, lead, second.id, ReviewForm(week_start=LAST_MONDAY, decision=Decision.HOLD, reason="As told."), 1)
    third = actions.open_episode(clinic, lead, other.id, a_problem(side="left"))
    actions.close_episode(clinic, lead, third.id, EpisodeStatus.DISCHARGED, "Done.")
    somebody, gone = (actions.add_account(clinic, lead, name, "", Role.READ_ONLY, PASSWORD).id for name in ("somebody", "gone"))
    actions.disable_account(clinic, lead, gone)
    colleague = actions.register_patient(clinic, lead, a_person(number="P7", given_name="Ines", family_name="Reed"))
    actions.restrict_patient(clinic, lead, colleague.id, "Works here.")
    clinic.database.write(lambda tx: save_second_factor(tx, SecondFactor(somebody, "A" * 32, clinic.now, clinic.now)))
    clinic.database.write(lambda tx: save_provider_identity(tx, somebody, "https://id.example", "77", clinic.now))
    glass = actions.break_glass(clinic, Actor(somebody, "Somebody", Role.READ_ONLY, "test"), colleague.id, "On call for the one who treats.").id
    return Record(
        closed_to_others=colleague.id, glass=glass,
        episode=episode, closed=third.id, signed=signed, draft=found(clinic, lead, episode, {"pain_worst": 3}, TODAY),
        value=clinic.case(episode.id).observations[0].id, review=review.id, somebody=somebody, gone=gone, session=session_of(clinic, somebody),
        goal=actions.set_goal(clinic, lead, episode.id, GoalForm(measure="akps", side=Side.RIGHT, target=85, by=date(2026, 6, 1))).id,
        check_in=actions.record_check_in(clinic, lead, episode.id, a_week()).id, run=actions.record_runs(clinic, lead, episode.id, [a_run()])[0].id,
        planned=actions.plan_visit(clinic, lead, episode.id, PlanForm(on=TODAY + timedelta(days=3))).id,
        document=actions.issue_document(clinic, lead, episode.id, DocumentKind.VISIT_NOTE, PDF).id,
    )


def session_of(clinic: Clinic, account_id: str) -> str:
    one = Session(new_id(), new_id(), account_id, "test", clinic.now, clinic.now)
    clinic.database.write(lambda tx: save_session(tx, one))
    return one.id


def broken_glass(at: Record, clinic: Clinic, actor: Actor) -> None:
    """The lead has no glass to break: the record is open to them."""
    if actor.role is Role.LEAD:
        with pytest.raises(Refused, match="open to you already"):
            actions.break_glass(clinic, actor, at.closed_to_others, "On call for the one who treats.")
    else:
        actions.break_glass(clinic, actor, at.closed_to_others, "On call for the one who treats.")


Try = Callable[[Record, Clinic, Actor], object]
TRIES: dict[str, Try] = {
    "open_case": lambda at, c, a: actions.open_case(c, a, at.episode.id),
    "open_document": lambda at, c, a: actions.open_document(c, a, at.document),
    "see_planned": lambda at, c, a: actions.planned_visits(c, a, at.episode.id),
    "register_patient": lambda at, c, a: actions.register_patient(c, a, a_person(number="P2", given_name="Nova", family_name="Bay")),
    "revise_patient": lambda at, c, a: actions.revise_patient(c, a, at.episode.patient_id, a_person(phone="555"), 1),
    "import_patients": lambda at, c, a: actions.import_patients(c, a, [a_person(number="P3", given_name="Ilo", family_name="Cape")]),
    "open_episode": lambda at, c, a: actions.open_episode(c, a, at.episode.patient_id, a_problem(side="left")),
    "revise_episode": lambda at, c, a: actions.revise_episode(c, a, at.episode.id, a_problem(problem="Other."), 1),
    "close_episode": lambda at, c, a: actions.close_episode(c, a, at.episode.id, EpisodeStatus.DISCHARGED, "Done."),
    "reopen_episode": lambda at, c, a: actions.reopen_episode(c, a, at.closed, "Again."),
    "set_goal": lambda at, c, a: actions.set_goal(c, a, at.episode.id, GoalForm(measure="akps", side=Side.RIGHT, target=90, by=date(2026, 7, 1))),
    "drop_goal": lambda at, c, a: actions.drop_goal(c, a, at.episode.id, at.goal),
    "record_imaging": lambda at, c, a: actions.record_imaging(c, a, at.episode.id, ImagingForm(kind="x-ray", ordered_on=TODAY)),
    "start_visit": lambda at, c, a: actions.start_visit(c, a, at.episode.id, VisitKind.WEEKLY, TODAY - timedelta(days=1)),
    "record_observations": lambda at, c, a: actions.record_observations(
        c, a, at.draft, [ObservationForm(measure="pain_usual", side=Side.RIGHT, value=1)]),
    "write_note": lambda at, c, a: actions.write_note(c, a, at.draft, {"plan": "Go on."}),
    "sign_visit": lambda at, c, a: actions.sign_visit(c, a, at.draft),
    "amend_visit": lambda at, c, a: actions.amend_visit(c, a, at.signed, "A word more."),
    "invalidate_observation": lambda at, c, a: actions.invalidate_observation(c, a, at.value, "Of another patient."),
    "undo_last": lambda at, c, a: _noted_and_undone(at, c, a),
    "save_draft": lambda at, c, a: actions.save_draft(c, a, "k", "s", {}, None),
    "discard_draft": lambda at, c, a: actions.discard_draft(c, a, "k", "s"),
    "revise_program": lambda at, c, a: actions.revise_program(c, a, at.episode.id, a_program(), 1),
    "record_check_in": lambda at, c, a: actions.record_check_in(c, a, at.episode.id, a_week(pain_worst=5)),
    "invalidate_check_in": lambda at, c, a: actions.invalidate_check_in(c, a, at.check_in, "Of another patient."),
    "record_runs": lambda at, c, a: actions.record_runs(c, a, at.episode.id, [a_run(26)]),
    "record_run_file": lambda at, c, a: actions.record_run_file(c, a, at.episode.id, "x.fit", b"x", [a_run(27, source="fit")]),
    "annotate_run": lambda at, c, a: actions.annotate_run(c, a, at.run, pain_during=2),
    "invalidate_run": lambda at, c, a: actions.invalidate_run(c, a, at.run, "Was a ride."),
    "decide_review": lambda at, c, a: actions.decide_review(
        c, a, at.episode.id, ReviewForm(week_start=LAST_MONDAY, decision=Decision.HOLD, reason="As told by the patient."), 1),
    "undo_review": lambda at, c, a: actions.undo_review(c, a, at.review),
    "plan_visit": lambda at, c, a: actions.plan_visit(c, a, at.episode.id, PlanForm(on=TODAY + timedelta(days=5))),
    "change_planned": lambda at, c, a: actions.change_planned(c, a, at.planned, state=PlannedState.CANCELLED),
    "snooze_alert": lambda at, c, a: actions.snooze_alert(c, a, at.episode.id, "plateau", TODAY + timedelta(days=1), "On holiday."),
    "issue_document": lambda at, c, a: actions.issue_document(c, a, at.episode.id, DocumentKind.VISIT_NOTE, PDF),
    "revise_profile": lambda at, c, a: actions.revise_profile(c, a, ProfileForm(name="New")),
    "sign_off_knowledge": lambda at, c, a: actions.sign_off_knowledge(c, a, "Dr. L."),
    "add_account": lambda at, c, a: actions.add_account(c, a, "new", "", Role.READ_ONLY, PASSWORD),
    "change_role": lambda at, c, a: actions.change_role(c, a, at.somebody, Role.ASSISTANT),
    "disable_account": lambda at, c, a: actions.disable_account(c, a, at.somebody),
    "enable_account": lambda at, c, a: actions.enable_account(c, a, at.gone),
    "set_password": lambda at, c, a: actions.set_password(c, a, at.somebody, "eleven grey herons wait"),
    "set_own_password": lambda at, c, a: actions.set_password(c, a, a.account_id, "eleven grey herons wait", PASSWORD),
    "set_second_factor": lambda at, c, a: actions.begin_second_factor(c, a, PASSWORD),
    "remove_second_factor": lambda at, c, a: actions.remove_second_factor(c, a, at.somebody),
    "require_second_factor": lambda at, c, a: actions.require_second_factor(c, a, [Role.LEAD]),
    "unlink_provider": lambda at, c, a: actions.unlink_provider(c, a, at.somebody),
    "restrict_patient": lambda at, c, a: actions.restrict_patient(c, a, at.episode.patient_id, "Works here."),
    "lift_restriction": lambda at, c, a: actions.lift_restriction(c, a, at.closed_to_others, "No longer works here."),
    "break_glass": broken_glass,
    "review_glass": lambda at, c, a: actions.review_glass(c, a, at.glass),
    "find_patients": lambda at, c, a: actions.find_patients(c, a, "Vale"),
    "end_session": lambda at, c, a: actions.end_session(c, a, at.session),
    "end_own_session": lambda at, c, a: actions.end_session(c, a, session_of(c, a.account_id)),
    "backup": lambda at, c, a: actions.backup(c, a, c.database.backup_folder / f"{new_id()}.duckdb"),
    "restore": lambda at, c, a: actions.restore(
        actions.backup(c, _lead(c), c.database.backup_folder / f"{new_id()}.duckdb").path, c.path.with_name(f"{new_id()}.duckdb"), a).close(),
    "change_key": lambda at, c, a: actions.change_key(c, a),
    "print_recovery_code": lambda at, c, a: actions.print_recovery_code(c, a),
    "export_clinic": lambda at, c, a: actions.read_whole_clinic(c, a),
    "recluster": lambda at, c, a: actions.recluster(c, a),
    "set_usual_dose": lambda at, c, a: actions.set_usual_dose(c, a, "clamshell", CLAM.dose),
}


def _noted_and_undone(at: Record, clinic: Clinic, actor: Actor) -> object:
    if may(actor.role, "write_note"):
        actions.write_note(clinic, actor, at.draft, {"plan": f"By {actor.name}."})
    return actions.undo_last(clinic, actor, at.episode.patient_id)


BESIDE_THE_CLINIC = {"restore"}
"""Done beside an open clinic: there is no log yet to write a refusal into."""


def _lead(clinic: Clinic) -> Actor:
    return Actor.of(next(one for one in actions.accounts_of(clinic) if one.role is Role.LEAD), "test")


@pytest.fixture(autouse=True)
def _light_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """One hash for all: what is tried here is the table, not argon2."""
    one = hash_password(PASSWORD)
    monkeypatch.setattr("kneeclinic.actions.accounts.hash_password", lambda _: one)


@pytest.fixture(scope="module")
def record(model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Record]:
    """The clinic with its record, made once; each try works on a copy."""
    folder = tmp_path_factory.mktemp("record")
    for file in model.iterdir():
        if file.suffix in (".duckdb", ".key"):
            shutil.copy(file, folder / file.name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KNEECLINIC_KEY_FILE", str(folder / "clinic.key"))
        with open_clinic(folder / "clinic.duckdb", today=TODAY, now=NOW) as clinic:
            return folder, made(clinic, _lead(clinic))


@pytest.fixture
def at(record: tuple[Path, Record]) -> Record:
    return record[1]


@pytest.fixture
def clinic(record: tuple[Path, Record], tmp_path: Path) -> Iterator[Clinic]:
    for name in ("clinic.duckdb", "clinic.key"):
        shutil.copy(record[0] / name, tmp_path / name)
    with open_clinic(tmp_path / "clinic.duckdb", today=TODAY, now=NOW) as opened:
        yield opened


def content(clinic: Clinic) -> dict[str, object]:
    """Every table but the log: how many rows, and a sum over all they hold."""
    tables = [row[0] for row in clinic.database.rows("select table_name from duckdb_tables() where not internal and table_name <> 'audit'")]
    return {one: clinic.database.rows(f"select count(*), bit_xor(hash(t::varchar)) from {one} t")[0] for one in tables}


def test_no_line_of_the_table_is_left_out() -> None:
    assert set(ACTIONS) == set(TRIES) | PARTS_OF_NOBODY | ON_THE_SCREEN | set(BY_THEIR_OWN_NAME)


@pytest.mark.parametrize("action", TRIES)
def test_each_role_does_exactly_what_the_table_lets_it_and_a_refusal_changes_nothing(at: Record, clinic: Clinic, staff: Staff, action: str) -> None:
    everybody = (staff.read_only, staff.front_desk, staff.assistant, staff.clinician, staff.lead)
    for actor in (one for one in everybody if one.role not in ACTIONS[action]):
        before, refusals = content(clinic), len(audited(clinic, "refused"))
        with pytest.raises(NotAllowed, match="may not"):
            TRIES[action](at, clinic, actor)
        if action not in BESIDE_THE_CLINIC:
            assert content(clinic) == before
            line = audited(clinic, "refused")[0]
            assert len(audited(clinic, "refused")) == refusals + 1
            assert (line.account_id, line.detail["action"]) == (actor.account_id, action)
    TRIES[action](at, clinic, staff.lead)
    for actor in (one for one in everybody if one.role in ACTIONS[action] and one is not staff.lead):
        with suppress(Refused, Conflict, NotFound):  # the lead did the same before: not a matter of the role
            TRIES[action](at, clinic, actor)
