"""Two people tell different parts of one thing in the same moment: both parts stand, and one value stands for one side of a visit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from kneeclinic import actions
from kneeclinic.actions import plans, runs, visits
from kneeclinic.clinic import Clinic
from kneeclinic.record import Episode
from kneeclinic.record.forms import ImagingForm, ObservationForm, PlanForm
from kneeclinic.store import observations_of_visit, read_audit
from kneeclinic.store.plans import read_planned
from kneeclinic.store.runs import read_run
from kneeclinic.store.visits import read_visit
from kneeclinic.vocabulary import Conflict, PlannedState, Side, VisitKind
from tests.actions.conftest import TODAY, Staff, found
from tests.actions.test_at_the_same_moment import meanwhile
from tests.actions.test_weeks_and_reviews import a_run


def test_pain_during_and_pain_next_morning_told_at_once_both_stand(
    clinic: Clinic, staff: Staff, episode: Episode, monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = actions.record_runs(clinic, staff.clinician, episode.id, [a_run()])[0]
    meanwhile(monkeypatch, runs, "write", lambda: actions.annotate_run(clinic, staff.assistant, run.id, pain_during=5))
    told = actions.annotate_run(clinic, staff.clinician, run.id, pain_next_morning=3)
    kept = read_run(clinic.database, run.id)
    assert (kept.pain_during, kept.pain_next_morning) == (5, 3) == (told.pain_during, told.pain_next_morning)
    assert read_audit(clinic.database, action="annotate_run", limit=1)[0].detail["was"][0] == 5


def test_a_visit_that_is_moved_while_it_is_given_to_another_keeps_both(
    clinic: Clinic, staff: Staff, episode: Episode, monkeypatch: pytest.MonkeyPatch,
) -> None:
    day = TODAY + timedelta(days=3)
    planned = actions.plan_visit(clinic, staff.clinician, episode.id, PlanForm(on=day)).id
    meanwhile(monkeypatch, plans, "write", lambda: actions.change_planned(clinic, staff.front_desk, planned, on=day + timedelta(days=4)))
    actions.change_planned(clinic, staff.lead, planned, therapist=staff.lead.account_id)
    kept = read_planned(clinic.database, planned)
    assert (kept.on, kept.therapist) == (day + timedelta(days=4), staff.lead.account_id)


def test_of_two_results_of_one_picture_the_second_is_told_of_the_first(clinic: Clinic, staff: Staff, episode: Episode) -> None:
    ordered = actions.record_imaging(clinic, staff.clinician, episode.id, ImagingForm(kind="mri", ordered_on=TODAY))
    first = ImagingForm(kind="mri", ordered_on=TODAY, done_on=TODAY, result="Cartilage whole.")
    actions.record_imaging(clinic, staff.clinician, episode.id, first, ordered.id, seen=ordered)
    second = ImagingForm(kind="mri", ordered_on=TODAY, done_on=TODAY, result="Effusion, small.")
    with pytest.raises(Conflict, match="Cartilage whole"):
        actions.record_imaging(clinic, staff.lead, episode.id, second, ordered.id, seen=ordered)
    now = clinic.case(episode.id).episode.imaging[0]
    assert now.result == "Cartilage whole."
    assert actions.record_imaging(clinic, staff.lead, episode.id, first, ordered.id, seen=ordered) == now, "the same words twice are no quarrel"
    actions.record_imaging(clinic, staff.lead, episode.id, second, ordered.id, seen=now)
    line = read_audit(clinic.database, action="record_imaging", limit=1)[0]
    assert line.detail["changed"]["result"] == ["Cartilage whole.", "Effusion, small."], "what stood before is in the log"


def test_a_visit_whose_values_are_taken_back_in_the_moment_of_signing_is_not_signed_empty(
    clinic: Clinic, staff: Staff, episode: Episode, monkeypatch: pytest.MonkeyPatch,
) -> None:
    visit = found(clinic, staff.clinician, episode, {"pain_worst": 3})
    (value,) = observations_of_visit(clinic.database, visit)
    signing = visits.write

    def taken_back_first(*words: object, **named: object) -> object:
        monkeypatch.setattr(visits, "write", signing)
        actions.invalidate_observation(clinic, staff.lead, value.id, "Of another knee.")
        return signing(*words, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(visits, "write", taken_back_first)
    with pytest.raises(Conflict, match="taken back in this moment"):
        actions.sign_visit(clinic, staff.clinician, visit)
    assert not read_visit(clinic.database, visit).is_signed


def test_signing_does_not_call_a_visit_done_that_was_moved_in_that_moment(
    clinic: Clinic, staff: Staff, episode: Episode, monkeypatch: pytest.MonkeyPatch,
) -> None:
    planned = actions.plan_visit(clinic, staff.clinician, episode.id, PlanForm(on=TODAY)).id
    visit = found(clinic, staff.clinician, episode, {"pain_worst": 3})
    meanwhile(monkeypatch, visits, "write", lambda: actions.change_planned(clinic, staff.front_desk, planned, on=TODAY + timedelta(days=7)))
    actions.sign_visit(clinic, staff.clinician, visit)
    kept = read_planned(clinic.database, planned)
    assert (kept.on, kept.state) == (TODAY + timedelta(days=7), PlannedState.PLANNED)


@pytest.mark.parametrize("second", [4, 6], ids=["the same value", "another value"])
def test_one_value_stands_for_one_side_whatever_two_windows_of_one_person_save_at_once(
    clinic: Clinic, staff: Staff, episode: Episode, monkeypatch: pytest.MonkeyPatch, second: float,
) -> None:
    visit = actions.start_visit(clinic, staff.clinician, episode.id, VisitKind.FOLLOW_UP, TODAY).id

    def save(value: float) -> Callable[[], object]:
        forms = [ObservationForm(measure="pain_worst", side=Side.RIGHT, value=value)]
        return lambda: actions.record_observations(clinic, staff.clinician, visit, forms, seen={})

    meanwhile(monkeypatch, visits, "write", save(4))
    save(second)()
    standing = [one for one in observations_of_visit(clinic.database, visit) if one.is_valid]
    assert [one.value for one in standing] == [second]


def test_no_amendment_stands_below_a_note_whose_signature_was_taken_back_in_that_moment(
    clinic: Clinic, staff: Staff, episode: Episode, monkeypatch: pytest.MonkeyPatch,
) -> None:
    visit = found(clinic, staff.clinician, episode, {"pain_worst": 3})
    actions.sign_visit(clinic, staff.clinician, visit)
    meanwhile(monkeypatch, visits, "write", lambda: actions.undo_last(clinic, staff.clinician, episode.patient_id))
    with pytest.raises(Conflict, match="taken back in this moment"):
        actions.amend_visit(clinic, staff.lead, visit, "A word more.")
    kept = read_visit(clinic.database, visit)
    assert not kept.is_signed and not kept.amendments
