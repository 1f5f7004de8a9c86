"""Taking a patient on, and the course of a problem."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kneeclinic import actions
from kneeclinic.record.forms import GoalForm, ImagingForm
from kneeclinic.store import episode_history, episodes_of, patient_by_number, patient_history, read_audit, read_patient
from kneeclinic.vocabulary import AffectedSide, Conflict, EpisodeStatus, NotAllowed, NotFound, PlannedState, Refused, Side

from .conftest import TODAY, a_person, a_problem, audited, found


def test_a_patient_is_stored_and_the_log_says_who_did_it(clinic, staff):
    patient = actions.register_patient(clinic, staff.front_desk, a_person())
    assert read_patient(clinic.database, patient.id).given_name == "Runa"
    line = read_audit(clinic.database, action="register_patient")[0]
    assert (line.account_id, line.entity_id, line.patient_id) == (staff.front_desk.account_id, patient.id, patient.id)


@pytest.mark.parametrize(("changes", "names"), [
    ({"birth_date": date(2026, 3, 31)}, "birth_date"), ({"birth_date": date(2020, 1, 1)}, "8 to 100"), ({"birth_date": date(1900, 1, 1)}, "8 to 100"),
    ({"consent_on": date(2026, 4, 1)}, "consent_on"), ({"consent_on": date(1990, 1, 1)}, "consent_on"),
])
def test_a_person_who_cannot_be_is_refused_and_nothing_is_stored(clinic, staff, changes, names):
    with pytest.raises(Refused, match=names):
        actions.register_patient(clinic, staff.clinician, a_person(**changes))
    assert patient_by_number(clinic.database, "P1") is None
    assert not audited(clinic, "register_patient")


def test_a_clinic_number_belongs_to_one_patient_however_it_is_typed(clinic, staff, patient):
    with pytest.raises(Conflict, match=r"P1|p1"):
        actions.register_patient(clinic, staff.clinician, a_person(number=" p1 ", given_name="Other"))


def test_the_same_names_and_birth_date_are_asked_about_before_a_second_record_begins(clinic, staff, patient):
    again = a_person(number="P2", given_name="FIELD", family_name="runa")
    with pytest.raises(actions.KnownPerson, match="known under number P1") as told:
        actions.register_patient(clinic, staff.front_desk, again, besides=())
    assert [one.id for one in told.value.twins] == [patient.id] and patient_by_number(clinic.database, "P2") is None
    other = actions.register_patient(clinic, staff.front_desk, again, besides=[patient.id])
    assert audited(clinic, "register_patient")[0].detail["another person than"] == [patient.id]
    with pytest.raises(actions.KnownPerson) as third:
        actions.register_patient(clinic, staff.front_desk, a_person(number="P3"), besides=[patient.id])
    assert [one.id for one in third.value.twins] == [other.id], "who came since was not asked about"
    assert actions.register_patient(clinic, staff.front_desk, a_person(number="P4", birth_date=date(1995, 5, 6)), besides=())


def test_registering_tells_nobody_that_a_restricted_person_is_a_patient(clinic, staff, patient):
    actions.restrict_patient(clinic, staff.lead, patient.id, "Works here.")
    with pytest.raises(actions.KnownPerson):
        actions.register_patient(clinic, staff.lead, a_person(number="P2"), besides=())
    assert actions.register_patient(clinic, staff.front_desk, a_person(number="P2"), besides=())


def test_who_may_only_read_registers_nobody_and_the_refusal_is_in_the_log(clinic, staff):
    with pytest.raises(NotAllowed, match="read only"):
        actions.register_patient(clinic, staff.read_only, a_person())
    line = read_audit(clinic.database, action="refused")[0]
    assert line.detail["action"] == "register_patient"
    assert line.account_id == staff.read_only.account_id


def test_a_revised_patient_keeps_the_version_before_and_the_log_both_values(clinic, staff, patient):
    actions.revise_patient(clinic, staff.clinician, patient.id, a_person(sport="hurdles"), patient.version)
    assert [one.version for one in patient_history(clinic.database, patient.id)] == [1]
    assert read_audit(clinic.database, action="revise_patient")[0].detail["changed"] == {"sport": ["", "hurdles"]}


def test_the_second_of_two_people_who_revise_a_patient_is_told(clinic, staff, patient):
    actions.revise_patient(clinic, staff.clinician, patient.id, a_person(sport="hurdles"), 1)
    with pytest.raises(Conflict, match="version 2, you had 1"):
        actions.revise_patient(clinic, staff.lead, patient.id, a_person(sport="chess"), 1)
    assert read_patient(clinic.database, patient.id).sport == "hurdles"


@pytest.mark.parametrize(("changes", "names"), [
    ({"opened_on": TODAY + timedelta(days=1)}, "opened_on"), ({"onset_on": date(1990, 1, 1)}, "onset_on"), ({"icd10": ("knee",)}, "icd10"),
    ({"opened_on": date(1990, 1, 1)}, "opened_on"),
])
def test_an_episode_with_a_date_or_code_that_cannot_be_is_refused(clinic, staff, patient, changes, names):
    with pytest.raises(Refused, match=names):
        actions.open_episode(clinic, staff.clinician, patient.id, a_problem(**changes))
    assert episodes_of(clinic.database, patient.id) == ()


def test_an_unknown_therapist_is_refused(clinic, staff, patient):
    with pytest.raises(NotFound):
        actions.open_episode(clinic, staff.clinician, patient.id, a_problem(therapist="nobody"))


def test_one_knee_is_treated_in_one_open_episode(clinic, staff, patient, episode):
    with pytest.raises(Refused, match="right"):
        actions.open_episode(clinic, staff.clinician, patient.id, a_problem(side=AffectedSide.BOTH))
    assert actions.open_episode(clinic, staff.clinician, patient.id, a_problem(side=AffectedSide.LEFT)).side is AffectedSide.LEFT


def test_closing_needs_a_reason_and_cancels_what_was_agreed(clinic, staff, episode):
    from kneeclinic.record.forms import PlanForm

    actions.plan_visit(clinic, staff.front_desk, episode.id, PlanForm(on=TODAY + timedelta(days=3)))
    with pytest.raises(Refused, match="reason"):
        actions.close_episode(clinic, staff.clinician, episode.id, EpisodeStatus.DISCHARGED, "  ")
    closed = actions.close_episode(clinic, staff.clinician, episode.id, EpisodeStatus.DISCHARGED, "Goals met.")
    case = clinic.case(episode.id)
    assert (closed.status, case.episode.closed_on) == (EpisodeStatus.DISCHARGED, TODAY)
    assert [one.state for one in case.planned] == [PlannedState.CANCELLED]
    assert [one.status for one in episode_history(clinic.database, episode.id)] == [EpisodeStatus.OPEN]


def test_a_paused_episode_keeps_its_visits_and_opens_again(clinic, staff, episode):
    from kneeclinic.record.forms import PlanForm

    actions.plan_visit(clinic, staff.clinician, episode.id, PlanForm(on=TODAY + timedelta(days=3)))
    assert actions.close_episode(clinic, staff.clinician, episode.id, EpisodeStatus.PAUSED, "On holiday.").closed_on is None
    assert clinic.case(episode.id).planned[0].state is PlannedState.PLANNED
    assert actions.reopen_episode(clinic, staff.clinician, episode.id, "Back.").status is EpisodeStatus.OPEN


def test_an_episode_is_not_reopened_beside_another_of_the_same_knee(clinic, staff, patient, episode):
    actions.close_episode(clinic, staff.clinician, episode.id, EpisodeStatus.DISCHARGED, "Done.")
    actions.open_episode(clinic, staff.clinician, patient.id, a_problem())
    with pytest.raises(Refused, match="right"):
        actions.reopen_episode(clinic, staff.clinician, episode.id, "Again.")


def test_a_goal_takes_todays_value_as_its_baseline_and_must_lie_ahead(clinic, staff, episode):
    found(clinic, staff.clinician, episode, {"akps": 62})
    with pytest.raises(Refused, match="reached already"):
        actions.set_goal(clinic, staff.clinician, episode.id, GoalForm(measure="akps", side=Side.RIGHT, target=60, by=date(2026, 6, 1)))
    with pytest.raises(Refused, match="akps"):
        actions.set_goal(clinic, staff.clinician, episode.id, GoalForm(measure="akps", side=Side.RIGHT, target=120, by=date(2026, 6, 1)))
    with pytest.raises(Refused, match="by"):
        actions.set_goal(clinic, staff.clinician, episode.id, GoalForm(measure="akps", side=Side.RIGHT, target=85, by=date(2026, 3, 1)))
    goal = actions.set_goal(clinic, staff.clinician, episode.id, GoalForm(measure="akps", side=Side.RIGHT, target=85, by=date(2026, 6, 1)))
    assert clinic.case(episode.id).episode.goals == (goal,)
    assert goal.baseline == 62
    assert actions.drop_goal(clinic, staff.clinician, episode.id, goal.id).dropped_on == TODAY
    with pytest.raises(NotFound):
        actions.drop_goal(clinic, staff.clinician, episode.id, "another")


def test_a_picture_is_ordered_and_its_result_joins_it(clinic, staff, episode):
    asked = actions.record_imaging(clinic, staff.clinician, episode.id, ImagingForm(kind="x-ray", ordered_on=TODAY))
    actions.record_imaging(clinic, staff.clinician, episode.id,
                           ImagingForm(kind="x-ray", ordered_on=TODAY, done_on=TODAY, result="No fracture."), asked.id)
    assert [one.result for one in clinic.case(episode.id).episode.imaging] == ["No fracture."]
    assert audited(clinic, "record_imaging")[0].detail["changed"]["result"] == ["", "No fracture."]
    with pytest.raises(Refused, match="done_on"):
        actions.record_imaging(clinic, staff.clinician, episode.id,
                               ImagingForm(kind="mri", ordered_on=TODAY, done_on=TODAY + timedelta(days=1)))
