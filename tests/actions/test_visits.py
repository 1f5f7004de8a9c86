"""A visit from its first value to the signature."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kneeclinic import actions
from kneeclinic.record.forms import ObservationForm, PlanForm
from kneeclinic.store import observations_of_visit, read_audit, read_observation, read_visit
from kneeclinic.vocabulary import Conflict, KneeClinicError, NotAllowed, PlannedState, Refused, Side, VisitKind

from .conftest import TODAY, audited, found


def pain(value: object, measure: str = "pain_worst", side: Side = Side.RIGHT) -> ObservationForm:
    return ObservationForm(measure=measure, side=side, value=value)


@pytest.fixture
def visit(clinic, staff, episode):
    return actions.start_visit(clinic, staff.clinician, episode.id, VisitKind.FIRST, TODAY)


def test_values_are_stored_with_who_entered_them_and_the_edition(clinic, staff, visit):
    stored = actions.record_observations(clinic, staff.assistant, visit.id, [pain(6), pain("trace", "stroke_test")])
    assert [(one.measure, one.value) for one in stored] == [("pain_worst", 6.0), ("stroke_test", "trace")]
    assert read_observation(clinic.database, stored[0].id).entered_by == staff.assistant.account_id
    assert visit.edition == clinic.knowledge.edition.edition


@pytest.mark.parametrize(("form", "names"), [
    (pain(11), "pain_worst: 11"), (pain(-1), "pain_worst"), (pain(2.5), "pain_worst"), (pain("much"), "pain_worst"),
    (pain(5, side=Side.NONE), "side"), (ObservationForm(measure="psfs", side=Side.LEFT, value=5), "psfs"),
    (pain(3, "pain_worts"), "pain_worst"), (pain(90, "hip_abduction_lsi"), "computed|derived|hip_abduction_lsi"),
    (ObservationForm(measure="stroke_test", side=Side.RIGHT, value="4+"), "stroke_test"),
    (ObservationForm(measure="fpi6", side=Side.RIGHT, items=(3, 0, 0, 0, 0, 0)), "item 1"), (pain(None), "pain_worst"),
])
def test_a_value_that_is_not_allowed_is_named_and_none_of_the_others_is_stored(clinic, staff, visit, form, names):
    with pytest.raises(Refused, match=names):
        actions.record_observations(clinic, staff.clinician, visit.id, [pain(2, "pain_usual"), form], {"plan": "x"})
    assert observations_of_visit(clinic.database, visit.id) == ()
    assert read_visit(clinic.database, visit.id).note == {}
    assert not audited(clinic, "record_observations")


def test_the_worst_pain_is_never_below_the_usual_of_the_same_visit_also_when_they_come_one_by_one(clinic, staff, visit):
    actions.record_observations(clinic, staff.clinician, visit.id, [pain(5, "pain_usual")])
    with pytest.raises(Refused, match="pain_worst"):
        actions.record_observations(clinic, staff.clinician, visit.id, [pain(3)])


def test_entering_a_value_again_keeps_the_old_one_as_invalid_and_the_same_value_changes_nothing(clinic, staff, visit, episode):
    first = actions.record_observations(clinic, staff.clinician, visit.id, [pain(6)])[0]
    assert actions.record_observations(clinic, staff.clinician, visit.id, [pain(6)])[0].id == first.id
    second = actions.record_observations(clinic, staff.clinician, visit.id, [pain(4)])[0]
    old = read_observation(clinic.database, first.id)
    assert old.invalidated_by == staff.clinician.account_id
    assert [one.id for one in clinic.case(episode.id).observations] == [second.id]
    assert len(observations_of_visit(clinic.database, visit.id)) == 2


def test_a_visit_lies_between_the_first_day_and_today(clinic, staff, episode):
    with pytest.raises(Refused, match="future"):
        actions.start_visit(clinic, staff.clinician, episode.id, VisitKind.WEEKLY, TODAY + timedelta(days=1))
    with pytest.raises(Refused, match="opened"):
        actions.start_visit(clinic, staff.clinician, episode.id, VisitKind.WEEKLY, date(2026, 3, 1))


def test_a_second_click_gives_the_same_draft(clinic, staff, visit, episode):
    assert actions.start_visit(clinic, staff.clinician, episode.id, VisitKind.FIRST, TODAY).id == visit.id


def test_signing_locks_values_and_note_and_only_amendments_join(clinic, staff, visit, episode):
    value = actions.record_observations(clinic, staff.clinician, visit.id, [pain(6)], {"plan": "Hip work."})[0]
    signed = actions.sign_visit(clinic, staff.clinician, visit.id)
    assert (signed.is_signed, signed.signed_by, signed.edition) == (True, staff.clinician.account_id, clinic.knowledge.edition.edition)
    for late in (
        lambda: actions.record_observations(clinic, staff.clinician, visit.id, [pain(1)]),
        lambda: actions.write_note(clinic, staff.clinician, visit.id, {"plan": "Other."}),
        lambda: actions.sign_visit(clinic, staff.clinician, visit.id),
    ):
        with pytest.raises(Refused, match="signed"):
            late()
    actions.amend_visit(clinic, staff.clinician, visit.id, "Also: shoes are new.")
    stored = read_visit(clinic.database, visit.id)
    assert stored.note == {"plan": "Hip work."}
    assert [one.text for one in stored.amendments] == ["Also: shoes are new."]
    assert read_observation(clinic.database, value.id).value == 6


def test_an_empty_visit_is_not_signed_and_an_assistant_signs_none(clinic, staff, visit):
    with pytest.raises(Refused, match="nothing to sign"):
        actions.sign_visit(clinic, staff.clinician, visit.id)
    actions.record_observations(clinic, staff.assistant, visit.id, [pain(6)])
    with pytest.raises(NotAllowed):
        actions.sign_visit(clinic, staff.assistant, visit.id)
    assert not read_visit(clinic.database, visit.id).is_signed


def test_a_signed_visit_does_the_planned_one_of_its_day(clinic, staff, visit, episode):
    actions.plan_visit(clinic, staff.clinician, episode.id, PlanForm(on=TODAY))
    actions.record_observations(clinic, staff.clinician, visit.id, [pain(6)])
    actions.sign_visit(clinic, staff.clinician, visit.id)
    assert [one.state for one in clinic.case(episode.id).planned] == [PlannedState.DONE]


def test_an_amendment_waits_for_the_signature_and_has_words(clinic, staff, visit, episode):
    with pytest.raises(Refused, match="not signed"):
        actions.amend_visit(clinic, staff.clinician, visit.id, "x")
    done = found(clinic, staff.lead, episode, {"pain_worst": 3}, date(2026, 3, 20))
    actions.sign_visit(clinic, staff.lead, done)
    with pytest.raises(Refused, match="text"):
        actions.amend_visit(clinic, staff.lead, done, " ")


def test_a_value_taken_back_stays_in_the_record_with_its_reason_and_counts_no_more(clinic, staff, episode):
    visit_id = found(clinic, staff.clinician, episode, {"pain_worst": 9})
    value = observations_of_visit(clinic.database, visit_id)[0]
    with pytest.raises(Refused, match="why"):
        actions.invalidate_observation(clinic, staff.clinician, value.id, "")
    actions.invalidate_observation(clinic, staff.clinician, value.id, "Wrong knee.")
    assert read_observation(clinic.database, value.id).invalidated_why == "Wrong knee."
    assert clinic.case(episode.id).observations == ()
    with pytest.raises(Refused, match="already"):
        actions.invalidate_observation(clinic, staff.clinician, value.id, "Again.")


def test_an_unknown_part_of_a_note_is_refused(clinic, staff, visit):
    with pytest.raises(Refused, match="diagnosis_code"):
        actions.write_note(clinic, staff.clinician, visit.id, {"diagnosis_code": "x"})


def test_reading_a_case_is_in_the_log(clinic, staff, episode):
    actions.open_case(clinic, staff.read_only, episode.id)
    line = read_audit(clinic.database, action="open_case")[0]
    assert (line.account_id, line.entity_id, line.patient_id) == (staff.read_only.account_id, episode.id, episode.patient_id)
    with pytest.raises(NotAllowed):
        actions.open_case(clinic, staff.front_desk, episode.id)


def test_when_the_audit_cannot_be_written_the_values_are_not_stored_either(clinic, staff, visit, monkeypatch):
    def full_disk(*_: object, **__: object) -> None:
        raise KneeClinicError("disk full")

    monkeypatch.setattr("kneeclinic.actions.gate.save_audit", full_disk)
    with pytest.raises(KneeClinicError, match="disk full"):
        actions.record_observations(clinic, staff.clinician, visit.id, [pain(6)])
    monkeypatch.undo()
    assert observations_of_visit(clinic.database, visit.id) == ()


def test_a_value_that_somebody_else_entered_meanwhile_is_never_overwritten_unseen(clinic, staff, visit, episode):
    theirs = actions.record_observations(clinic, staff.lead, visit.id, [pain(8)])[0]
    with pytest.raises(Conflict, match=r"pain_worst .right.: somebody else entered 8.0 .* here stands 5"):
        actions.record_observations(clinic, staff.clinician, visit.id, [pain(2, "pain_usual"), pain(5)], {"plan": "Rest."}, seen={})
    assert {one.measure: one.value for one in clinic.case(episode.id).observations} == {"pain_worst": 8}
    assert read_visit(clinic.database, visit.id).note == {} and len(audited(clinic, "record_observations")) == 1
    actions.record_observations(clinic, staff.clinician, visit.id, [pain(5)], seen={"pain_worst|right": theirs.id})
    assert {one.measure: one.value for one in clinic.case(episode.id).observations} == {"pain_worst": 5}
    assert not read_observation(clinic.database, theirs.id).is_valid


def test_an_equal_value_of_somebody_else_and_an_own_older_one_are_no_conflict(clinic, staff, visit):
    theirs = actions.record_observations(clinic, staff.lead, visit.id, [pain(8)])[0]
    assert actions.record_observations(clinic, staff.clinician, visit.id, [pain(8)], seen={})[0].id == theirs.id
    own = actions.record_observations(clinic, staff.clinician, visit.id, [pain(3, "pain_usual")], seen={})[0]
    assert actions.record_observations(clinic, staff.clinician, visit.id, [pain(4, "pain_usual")], seen={})[0].id != own.id


def test_values_for_a_visit_that_was_signed_meanwhile_are_refused_whole(clinic, staff, visit, episode):
    actions.record_observations(clinic, staff.lead, visit.id, [pain(8)])
    actions.sign_visit(clinic, staff.lead, visit.id)
    with pytest.raises(Refused, match="is signed; take a value back with a reason, or add an amendment"):
        actions.record_observations(clinic, staff.clinician, visit.id, [pain(5)], {"plan": "Rest."}, seen={})
    assert {one.measure: one.value for one in clinic.case(episode.id).observations} == {"pain_worst": 8}


def test_a_note_that_somebody_else_changed_in_the_same_moment_is_a_conflict(clinic, staff, visit, monkeypatch):
    """Both read version 1; the one who writes second is told."""
    from kneeclinic.actions import visits

    real, done = visits.write, []

    def overtaken(*arguments, **named):
        if not done:
            done.append(True)
            actions.write_note(clinic, staff.lead, visit.id, {"plan": "Hip work."})
        return real(*arguments, **named)

    monkeypatch.setattr(visits, "write", overtaken)
    with pytest.raises(Conflict, match="changed by somebody else"):
        actions.record_observations(clinic, staff.clinician, visit.id, [pain(5)], {"plan": "Rest."}, seen={})
    assert read_visit(clinic.database, visit.id).note == {"plan": "Hip work."} and observations_of_visit(clinic.database, visit.id) == ()


@pytest.mark.parametrize("at", ["\u00b2:30", "1:\u00b30", "24:00", "000007:30", "7:3", "7.30", "\u0661\u0662:30"])
def test_what_is_no_time_of_day_is_refused_in_a_sentence(clinic, staff, episode, at):
    planned = actions.plan_visit(clinic, staff.clinician, episode.id, PlanForm(on=TODAY + timedelta(days=1), at="7:30"))
    with pytest.raises(Refused, match="is no time"):
        actions.change_planned(clinic, staff.clinician, planned.id, at=at)
