"""The last action is taken back by who did it, at once and whole, and not when somebody built on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kneeclinic import actions
from kneeclinic.actions.undo import SIGNATURE_WITHIN, WITHIN
from kneeclinic.clinic import Clinic
from kneeclinic.record import Episode, Visit
from kneeclinic.record.forms import GoalForm, ObservationForm, PlanForm, ReviewForm
from kneeclinic.store import observations_of_visit, read_audit, read_observation, read_visit, verify_chain, visit_history
from kneeclinic.vocabulary import Conflict, Decision, DocumentKind, KneeClinicError, NotAllowed, NotFound, PlannedState, Refused, Side, VisitKind
from tests.actions.conftest import TODAY, Staff, audited
from tests.actions.test_programs import CLAM, a_program
from tests.actions.test_weeks_and_reviews import LAST_MONDAY, a_week


def pain(value: float, measure: str = "pain_worst") -> ObservationForm:
    return ObservationForm(measure=measure, side=Side.RIGHT, value=value)


@pytest.fixture
def visit(clinic: Clinic, staff: Staff, episode: Episode) -> Visit:
    return actions.start_visit(clinic, staff.clinician, episode.id, VisitKind.FIRST, TODAY)


def later(clinic: Clinic, minutes: float) -> Clinic:
    return clinic.at(clinic.today, clinic.now + timedelta(minutes=minutes))


def standing(clinic: Clinic, episode: Episode) -> dict[str, object]:
    return {one.measure: one.value for one in clinic.case(episode.id).observations}


def test_saved_values_and_note_leave_the_visit_and_what_they_replaced_stands_again(clinic, staff, visit, episode):
    actions.record_observations(clinic, staff.lead, visit.id, [pain(6)], {"plan": "Hip work."})
    now = later(clinic, 5)
    actions.record_observations(now, staff.clinician, visit.id, [pain(3), pain(2, "pain_usual")], {"plan": "Rest.", "subjective": "Better."})
    offered = actions.last_action(now, staff.clinician, episode.patient_id)
    assert offered is not None and offered.said == "2 values and the note saved"
    undone = actions.undo_last(later(clinic, 6), staff.clinician, episode.patient_id, offered.seq)
    assert {one.measure: one.value for one in undone.values} == {"pain_worst": 3, "pain_usual": 2}
    assert undone.note == {"plan": "Rest.", "subjective": "Better."}
    assert standing(clinic, episode) == {"pain_worst": 6}
    again = clinic.case(episode.id).observations[0]
    assert (again.entered_by, again.entered_at) == (staff.lead.account_id, clinic.now)
    assert read_visit(clinic.database, visit.id).note == {"plan": "Hip work."}
    assert len(observations_of_visit(clinic.database, visit.id)) == 4, "nothing is deleted"
    line = read_audit(clinic.database, action="undo_last")[0]
    assert (line.account_id, line.patient_id, line.detail["undoes"]) == (staff.clinician.account_id, episode.patient_id, offered.seq)
    assert verify_chain(clinic.database).is_whole


def test_one_undo_after_another_goes_back_step_by_step(clinic, staff, visit, episode):
    for minute, value in enumerate((6, 4, 2)):
        actions.record_observations(later(clinic, minute), staff.clinician, visit.id, [pain(value)])
    actions.sign_visit(later(clinic, 4), staff.clinician, visit.id)
    found = []
    for minute in range(5, 10):
        actions.undo_last(later(clinic, minute), staff.clinician, episode.patient_id)
        found.append((read_visit(clinic.database, visit.id).is_signed, standing(clinic, episode).get("pain_worst")))
        if found[-1][1] is None:
            break
    assert found == [(False, 2), (False, 4), (False, 6), (False, None)]


def test_a_signature_is_taken_back_with_the_planned_visit_that_it_did(clinic, staff, visit, episode):
    actions.plan_visit(clinic, staff.lead, episode.id, PlanForm(on=TODAY))
    actions.record_observations(clinic, staff.clinician, visit.id, [pain(6)], {"plan": "Hip work."})
    actions.sign_visit(clinic, staff.clinician, visit.id)
    actions.undo_last(later(clinic, 20), staff.clinician, episode.patient_id)
    again = read_visit(clinic.database, visit.id)
    assert (again.is_signed, again.signed_by, again.signed_at, dict(again.note)) == (False, "", None, {"plan": "Hip work."})
    assert [one.is_signed for one in visit_history(clinic.database, visit.id)][-1] is True, "the signed version is kept"
    assert [one.state for one in clinic.case(episode.id).planned] == [PlannedState.PLANNED]
    actions.record_observations(later(clinic, 21), staff.clinician, visit.id, [pain(5)])
    assert actions.sign_visit(later(clinic, 22), staff.clinician, visit.id).is_signed


@pytest.mark.parametrize("built", ["amended", "program", "document", "review", "visit", "download"])
def test_a_signature_stands_once_something_was_built_on_it(clinic, staff, visit, episode, built):
    past = clinic.at(LAST_MONDAY, clinic.now - timedelta(days=7))
    actions.revise_program(past, staff.lead, episode.id, a_program(CLAM, starts_on=LAST_MONDAY), None)
    actions.record_observations(clinic, staff.clinician, visit.id, [pain(6)])
    actions.sign_visit(clinic, staff.clinician, visit.id)
    now = later(clinic, 1)
    if built == "amended":
        actions.amend_visit(now, staff.lead, visit.id, "Also: new shoes.")
    elif built == "program":
        actions.revise_program(now, staff.lead, episode.id, a_program(), 1)
    elif built == "document":
        actions.issue_document(now, staff.lead, episode.id, DocumentKind.VISIT_NOTE, b"%PDF-1.7")
    elif built == "review":
        actions.decide_review(now, staff.lead, episode.id, ReviewForm(week_start=LAST_MONDAY, decision=Decision.HOLD, reason="As told."), 1)
    elif built == "visit":
        other = actions.start_visit(now, staff.lead, episode.id, VisitKind.FOLLOW_UP, TODAY)
        actions.record_observations(now, staff.lead, other.id, [pain(2)])
        actions.sign_visit(now, staff.lead, other.id)
    else:
        actions.note_download(now, staff.lead, "visit_note", entity_id=visit.id, patient_id=episode.patient_id, detail={"of": visit.id})
    with pytest.raises(Refused, match="Add an amendment"):
        actions.undo_last(later(clinic, 2), staff.clinician, episode.patient_id)
    assert read_visit(clinic.database, visit.id).is_signed and not audited(clinic, "undo_last")


def test_it_is_refused_when_somebody_changed_the_value_since(clinic, staff, visit, episode):
    value = actions.record_observations(clinic, staff.clinician, visit.id, [pain(6)])[0]
    actions.record_observations(later(clinic, 1), staff.lead, visit.id, [pain(4)])
    with pytest.raises(Conflict, match="changed or taken back since"):
        actions.undo_last(later(clinic, 2), staff.clinician, episode.patient_id)
    assert standing(clinic, episode) == {"pain_worst": 4} and not read_observation(clinic.database, value.id).is_valid
    assert not audited(clinic, "undo_last")


def test_it_is_refused_when_somebody_wrote_in_the_note_or_signed_since(clinic, staff, visit, episode):
    actions.record_observations(clinic, staff.clinician, visit.id, [pain(6)], {"plan": "Rest."})
    actions.write_note(later(clinic, 1), staff.lead, visit.id, {"plan": "Hip work."})
    with pytest.raises(Conflict, match="note of this visit was changed"):
        actions.undo_last(later(clinic, 2), staff.clinician, episode.patient_id)
    actions.sign_visit(later(clinic, 3), staff.lead, visit.id)
    with pytest.raises(Refused, match="signed since"):
        actions.undo_last(later(clinic, 4), staff.clinician, episode.patient_id)
    assert standing(clinic, episode) == {"pain_worst": 6} and read_visit(clinic.database, visit.id).note == {"plan": "Hip work."}


def test_nobody_takes_back_what_another_did_and_time_runs_out(clinic, staff, visit, episode):
    actions.record_observations(clinic, staff.clinician, visit.id, [pain(6)])
    with pytest.raises(Refused, match="nothing of yours"):
        actions.undo_last(clinic, staff.lead, episode.patient_id)
    with pytest.raises(NotAllowed):
        actions.undo_last(clinic, staff.front_desk, episode.patient_id)
    late = later(clinic, WITHIN.total_seconds() / 60 + 1)
    assert actions.last_action(late, staff.clinician, episode.patient_id) is None
    actions.sign_visit(clinic, staff.clinician, visit.id)
    tired = later(clinic, SIGNATURE_WITHIN.total_seconds() / 60 + 1)
    assert actions.last_action(tired, staff.clinician, episode.patient_id) is None
    with pytest.raises(Refused, match="long ago"):
        actions.undo_last(tired, staff.clinician, episode.patient_id)
    assert read_visit(clinic.database, visit.id).is_signed


def test_only_the_last_action_is_offered_and_a_click_on_an_older_one_is_told(clinic, staff, visit, episode):
    actions.record_observations(clinic, staff.clinician, visit.id, [pain(6)])
    first = actions.last_action(clinic, staff.clinician, episode.patient_id)
    actions.open_case(clinic, staff.clinician, episode.id)
    assert actions.last_action(clinic, staff.clinician, episode.patient_id).seq == first.seq, "looking is no action"
    actions.record_observations(later(clinic, 1), staff.clinician, visit.id, [pain(5)])
    with pytest.raises(Conflict, match="something else since"):
        actions.undo_last(later(clinic, 2), staff.clinician, episode.patient_id, first.seq)
    actions.plan_visit(later(clinic, 3), staff.clinician, episode.id, PlanForm(on=TODAY + timedelta(days=3)))
    assert actions.last_action(later(clinic, 4), staff.clinician, episode.patient_id) is None


def test_an_assistant_takes_values_back_and_a_lost_right_is_no_way_round(clinic, staff, visit, episode):
    actions.record_observations(clinic, staff.assistant, visit.id, [pain(6)])
    actions.undo_last(clinic, staff.assistant, episode.patient_id)
    assert standing(clinic, episode) == {}
    actions.record_observations(clinic, staff.clinician, visit.id, [pain(6)])
    actions.sign_visit(clinic, staff.clinician, visit.id)
    lowered = replace(staff.clinician, role=staff.assistant.role)
    assert actions.last_action(clinic, lowered, episode.patient_id) is None


def test_a_value_taken_back_with_a_reason_counts_again(clinic, staff, visit, episode):
    value = actions.record_observations(clinic, staff.clinician, visit.id, [pain(6)])[0]
    actions.sign_visit(clinic, staff.clinician, visit.id)
    actions.invalidate_observation(later(clinic, 1), staff.clinician, value.id, "Wrong knee.")
    assert standing(clinic, episode) == {}
    actions.undo_last(later(clinic, 2), staff.clinician, episode.patient_id)
    assert standing(clinic, episode) == {"pain_worst": 6}
    assert read_observation(clinic.database, value.id).invalidated_why == "Wrong knee."


def test_a_visit_begun_by_mistake_goes_and_one_that_held_values_stays(clinic, staff, visit, episode):
    actions.undo_last(clinic, staff.clinician, episode.patient_id)
    with pytest.raises(NotFound):
        read_visit(clinic.database, visit.id)
    other = actions.start_visit(clinic, staff.clinician, episode.id, VisitKind.WEEKLY, TODAY)
    actions.record_observations(later(clinic, 1), staff.lead, other.id, [pain(6)])
    assert actions.last_action(later(clinic, 2), staff.clinician, episode.patient_id) is None, "what cannot be done is not offered"
    with pytest.raises(Refused, match="nothing of yours"):
        actions.undo_last(later(clinic, 2), staff.clinician, episode.patient_id)
    assert read_visit(clinic.database, other.id).id == other.id


def test_a_check_in_a_goal_and_a_decision_are_taken_back_too(clinic, staff, episode):
    past = clinic.at(LAST_MONDAY, clinic.now - timedelta(days=7))
    actions.revise_program(past, staff.lead, episode.id, a_program(CLAM, starts_on=LAST_MONDAY), None)
    actions.record_check_in(clinic, staff.clinician, episode.id, a_week(pain_worst=5))
    actions.record_check_in(later(clinic, 1), staff.clinician, episode.id, a_week(pain_worst=7))
    actions.undo_last(later(clinic, 2), staff.clinician, episode.patient_id)
    assert [one.pain_worst for one in clinic.case(episode.id).check_ins] == [5]
    goal = actions.set_goal(later(clinic, 3), staff.clinician, episode.id,
                            GoalForm(measure="akps", side=Side.RIGHT, target=85, by=TODAY + timedelta(days=60)))
    actions.drop_goal(later(clinic, 4), staff.clinician, episode.id, goal.id)
    actions.undo_last(later(clinic, 5), staff.clinician, episode.patient_id)
    assert [one.dropped_on for one in clinic.case(episode.id).episode.goals] == [None]
    actions.undo_last(later(clinic, 6), staff.clinician, episode.patient_id)
    assert [one.dropped_on for one in clinic.case(episode.id).episode.goals] == [TODAY]
    actions.decide_review(later(clinic, 7), staff.clinician, episode.id,
                          ReviewForm(week_start=LAST_MONDAY, decision=Decision.HOLD, reason="As told."), 1)
    actions.undo_last(later(clinic, 8), staff.clinician, episode.patient_id)
    assert clinic.case(episode.id).reviews == ()


def test_a_check_in_that_a_decision_rests_on_stays(clinic, staff, episode):
    past = clinic.at(LAST_MONDAY, clinic.now - timedelta(days=7))
    actions.revise_program(past, staff.lead, episode.id, a_program(CLAM, starts_on=LAST_MONDAY), None)
    actions.record_check_in(clinic, staff.clinician, episode.id, a_week(pain_worst=5))
    actions.decide_review(later(clinic, 1), staff.lead, episode.id,
                          ReviewForm(week_start=LAST_MONDAY, decision=Decision.HOLD, reason="As told."), 1)
    with pytest.raises(Refused, match="undo that decision first"):
        actions.undo_last(later(clinic, 2), staff.clinician, episode.patient_id)
    assert len(clinic.case(episode.id).check_ins) == 1


def test_when_the_log_cannot_be_written_nothing_is_undone(clinic, staff, visit, episode, monkeypatch):
    actions.record_observations(clinic, staff.clinician, visit.id, [pain(6)])

    def full_disk(*_: object, **__: object) -> None:
        raise KneeClinicError("disk full")

    monkeypatch.setattr("kneeclinic.actions.gate.save_audit", full_disk)
    with pytest.raises(KneeClinicError, match="disk full"):
        actions.undo_last(clinic, staff.clinician, episode.patient_id)
    monkeypatch.undo()
    assert standing(clinic, episode) == {"pain_worst": 6}
