"""Rules that two people could break together though each alone keeps them, and a seeded history of four hands without a lost change."""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Callable

import pytest

from kneeclinic import actions
from kneeclinic.actions import Actor
from kneeclinic.clinic import Clinic
from kneeclinic.record.forms import GoalForm, PlanForm, ReviewForm
from kneeclinic.security.passwords import hash_password
from kneeclinic.store import episodes_of, patient_history, read_accounts, read_audit, read_patient, verify_chain
from kneeclinic.vocabulary import Conflict, Decision, EpisodeStatus, KneeClinicError, PlannedState, Role, Side, VisitKind
from tests.actions.conftest import PASSWORD, TODAY, Staff, a_person, a_problem, found
from tests.actions.test_programs import a_program
from tests.actions.test_weeks_and_reviews import LAST_MONDAY, a_run

ROUNDS = 6


@pytest.fixture(autouse=True)
def _light_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    one = hash_password(PASSWORD)
    monkeypatch.setattr("kneeclinic.actions.accounts.hash_password", lambda _: one)


def at_once(*doings: Callable[[], object]) -> list[BaseException | None]:
    """All of them in the same moment; what each was told, None = it was done."""
    start, told = threading.Barrier(len(doings)), [None] * len(doings)

    def run(place: int, doing: Callable[[], object]) -> None:
        start.wait()
        try:
            doing()
        except KneeClinicError as no:
            told[place] = no

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(doings)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return told


def test_two_leads_who_disable_each_other_leave_one_lead(clinic: Clinic, staff: Staff) -> None:
    for number in range(ROUNDS):
        other = actions.add_account(clinic, staff.lead, f"lead{number}", "", Role.LEAD, PASSWORD)
        second = Actor.of(other, "test")
        at_once(lambda: actions.disable_account(clinic, staff.lead, other.id), lambda: actions.disable_account(clinic, second, staff.lead.account_id))  # noqa: B023
        active = [one for one in read_accounts(clinic.database) if one.role is Role.LEAD and one.active]
        assert len(active) >= 1
        if staff.lead.account_id not in [one.id for one in active]:
            actions.enable_account(clinic, second, staff.lead.account_id)
            actions.disable_account(clinic, staff.lead, other.id)


def test_one_lead_steps_down_while_the_other_is_disabled_and_one_stays(clinic: Clinic, staff: Staff) -> None:
    other = Actor.of(actions.add_account(clinic, staff.lead, "second", "", Role.LEAD, PASSWORD), "test")
    at_once(lambda: actions.change_role(clinic, staff.lead, staff.lead.account_id, Role.CLINICIAN),
            lambda: actions.change_role(clinic, other, other.account_id, Role.CLINICIAN))
    assert [one for one in read_accounts(clinic.database) if one.role is Role.LEAD and one.active]


def test_one_knee_is_never_treated_in_two_open_episodes(clinic: Clinic, staff: Staff) -> None:
    for number in range(ROUNDS):
        patient = actions.register_patient(clinic, staff.lead, a_person(number=f"E{number}", given_name=f"Ela{number}"))
        told = at_once(*[lambda side=side: actions.open_episode(clinic, staff.lead, patient.id, a_problem(side=side))  # noqa: B023
                         for side in ("right", "both", "right", "left")])
        knees = [knee for one in episodes_of(clinic.database, patient.id) if one.is_open for knee in one.side.sides]
        assert len(knees) == len(set(knees)) and None in told


def test_a_reopened_and_a_new_episode_of_one_knee_do_not_both_stand(clinic: Clinic, staff: Staff) -> None:
    for number in range(ROUNDS):
        patient = actions.register_patient(clinic, staff.lead, a_person(number=f"R{number}", given_name=f"Rea{number}"))
        old = actions.open_episode(clinic, staff.lead, patient.id, a_problem())
        actions.close_episode(clinic, staff.lead, old.id, EpisodeStatus.DISCHARGED, "Done.")
        at_once(lambda: actions.reopen_episode(clinic, staff.lead, old.id, "Again."),  # noqa: B023
                lambda: actions.open_episode(clinic, staff.clinician, patient.id, a_problem()))  # noqa: B023
        assert len([one for one in episodes_of(clinic.database, patient.id) if one.is_open]) == 1


def test_a_clinic_number_is_given_once_however_many_register_at_once(clinic: Clinic, staff: Staff) -> None:
    told = at_once(*[lambda name=name: actions.register_patient(clinic, staff.lead, a_person(number="ONE", given_name=name)) for name in "ABCDEFGH"])
    assert told.count(None) == 1 and all(isinstance(one, Conflict) for one in told if one)


def test_a_week_is_decided_once_and_a_version_is_made_once(clinic: Clinic, staff: Staff, episode) -> None:
    past = clinic.at(LAST_MONDAY)
    actions.revise_program(past, staff.lead, episode.id, a_program(starts_on=LAST_MONDAY), None)
    review = ReviewForm(week_start=LAST_MONDAY, decision=Decision.HOLD, reason="As told.")
    told = at_once(*[lambda: actions.decide_review(clinic, staff.clinician, episode.id, review, 1)] * 4)
    assert told.count(None) == 1 and len(clinic.case(episode.id).reviews) == 1
    version = clinic.case(episode.id).program.version
    told = at_once(*[lambda: actions.revise_program(clinic, staff.lead, episode.id, a_program(), version)] * 4)
    assert told.count(None) == 1
    assert [one.version for one in clinic.case(episode.id).programs] == list(range(1, version + 2))


def test_no_value_joins_a_visit_that_is_signed_in_the_same_moment(clinic: Clinic, staff: Staff, episode) -> None:
    visit = found(clinic, staff.clinician, episode, {"pain_worst": 4}, TODAY)
    for _ in range(2):
        at_once(lambda: actions.sign_visit(clinic, staff.clinician, visit),
                lambda: found(clinic, staff.assistant, episode, {"pain_usual": 2}, TODAY))
    case = clinic.case(episode.id)
    signed = next(one for one in case.visits if one.id == visit)
    entered = [one for one in case.observations if one.visit_id == visit]
    assert signed.is_signed
    order = [one.action for one in reversed(read_audit(clinic.database, limit=200)) if one.entity_id == visit]
    assert "record_observations" not in order[order.index("sign_visit"):], order
    assert len(entered) in (1, 2)


def test_no_agreed_visit_is_left_in_an_episode_that_is_closed_in_the_same_moment(clinic: Clinic, staff: Staff) -> None:
    for number in range(ROUNDS):
        patient = actions.register_patient(clinic, staff.lead, a_person(number=f"C{number}", given_name=f"Cleo{number}"))
        opened = actions.open_episode(clinic, staff.lead, patient.id, a_problem())
        at_once(lambda: actions.close_episode(clinic, staff.lead, opened.id, EpisodeStatus.DISCHARGED, "Done."),  # noqa: B023
                lambda: actions.plan_visit(clinic, staff.front_desk, opened.id, PlanForm(on=TODAY.replace(day=31))))  # noqa: B023
        case = clinic.case(opened.id)
        assert not [one for one in case.planned if one.state is PlannedState.PLANNED]


def test_runs_goals_and_agreed_visits_are_kept_once(clinic: Clinic, staff: Staff, episode) -> None:
    found(clinic, staff.clinician, episode, {"akps": 62})
    run, plan = a_run(), PlanForm(on=TODAY.replace(day=31), at="09:30")
    goal = GoalForm(measure="akps", side=Side.RIGHT, target=85, by=TODAY.replace(month=6))
    told = at_once(*[lambda: actions.start_visit(clinic, staff.clinician, episode.id, VisitKind.WEEKLY, TODAY)] * 4)
    assert told == [None] * 4, "a second click is no error"
    assert at_once(*[lambda: actions.record_runs(clinic, staff.clinician, episode.id, [run])] * 4).count(None) == 1
    at_once(*[lambda: actions.plan_visit(clinic, staff.front_desk, episode.id, plan)] * 4)
    at_once(*[lambda: actions.set_goal(clinic, staff.clinician, episode.id, goal)] * 2)
    case = clinic.case(episode.id)
    assert len(case.runs) == 1
    assert len([one for one in case.visits if one.kind is VisitKind.WEEKLY]) == 1, "one visit begun twice"
    assert len(case.planned) == 1, "one visit agreed twice for one hour"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_in_a_seeded_history_of_four_hands_no_acknowledged_change_is_lost(clinic: Clinic, staff: Staff, seed: int) -> None:
    """Each hand appends its own mark to the telephone field: every acknowledged mark is in the history once, in one unbroken line."""
    patient = actions.register_patient(clinic, staff.lead, a_person(number=f"H{seed}", phone=""))
    acknowledged: list[str] = []
    refused: list[str] = []

    def hand(number: int) -> None:
        rng = random.Random(seed * 100 + number)
        for step in range(6):
            mark = f"{number}{step}"
            for _ in range(60):
                now = read_patient(clinic.database, patient.id)
                form = a_person(number=f"H{seed}", phone=(now.phone + " " + mark).strip())
                try:
                    actions.revise_patient(clinic, staff.clinician, patient.id, form, now.version)
                except Conflict:
                    refused.append(mark)
                    if rng.random() < 0.2:
                        break
                else:
                    acknowledged.append(mark)
                    break

    threads = [threading.Thread(target=hand, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    last = read_patient(clinic.database, patient.id)
    line = [*patient_history(clinic.database, patient.id), last]
    assert sorted(last.phone.split()) == sorted(acknowledged) and len(set(acknowledged)) == len(acknowledged)
    assert [one.version for one in sorted(line, key=lambda one: one.version)] == list(range(1, len(acknowledged) + 2))
    ordered = sorted(line, key=lambda one: one.version)
    assert all(after.phone.startswith(before.phone) for before, after in itertools.pairwise(ordered))
    assert verify_chain(clinic.database).is_whole
