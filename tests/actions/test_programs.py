"""What may stand in a program, and who may overrule the findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kneeclinic import actions
from kneeclinic.record import DeviceNote, Dose, LoadPlan, ProgramItem, TapeNote
from kneeclinic.record.forms import ProgramForm
from kneeclinic.store import read_audit, usual_doses_of
from kneeclinic.vocabulary import AffectedSide, Conflict, NotAllowed, NotFound, Refused, Side, TapeComponent

from .conftest import TODAY, asked_of_tape, found

CLAM = ProgramItem("clamshell", AffectedSide.RIGHT, Dose(sets=3, reps=15, days_per_week=3))
TAPE = TapeNote(AffectedSide.RIGHT, (TapeComponent.GLIDE,), "Outside to inside.", "When running.", TODAY, TODAY + timedelta(weeks=4),
                retest_task="step-down", retest_before=6, retest_after=2)


def a_program(*items: ProgramItem, **changes: object) -> ProgramForm:
    return ProgramForm.model_validate({"starts_on": TODAY, "items": items or (CLAM,)} | changes)


def dosed(**changes: object) -> ProgramItem:
    return replace(CLAM, dose=replace(CLAM.dose, **changes))


def test_versions_follow_one_another_and_keep_their_edition_and_phase(clinic, staff, episode):
    first = actions.revise_program(clinic, staff.clinician, episode.id, a_program(), None)
    second = actions.revise_program(clinic, staff.clinician, episode.id, a_program(dosed(reps=12)), 1)
    assert [one.version for one in clinic.case(episode.id).programs] == [1, 2]
    assert first.items[0].dose.reps == 15
    assert second.edition == clinic.knowledge.edition.edition


def test_whoever_started_from_an_old_version_is_told_and_overwrites_nothing(clinic, staff, episode):
    actions.revise_program(clinic, staff.clinician, episode.id, a_program(), None)
    for stale in (None, 2):
        with pytest.raises(Conflict, match="version 1 stands"):
            actions.revise_program(clinic, staff.lead, episode.id, a_program(), stale)
    assert len(clinic.case(episode.id).programs) == 1


@pytest.mark.parametrize(("item", "names"), [
    (dosed(sets=11), "clamshell: Sets: 11"), (dosed(sets=0), "Sets"), (dosed(reps=101), "Repetitions: 101"), (dosed(hold_s=301.0), "Hold"),
    (dosed(days_per_week=15), "Sessions a week"), (dosed(load_kg=301.0), "Load"), (dosed(minutes=301.0), "Minutes"),
    (replace(CLAM, pain_limit=11), "Pain"), (replace(CLAM, days=(0, 0)), "days"), (replace(CLAM, days=(7,)), "days"),
    (replace(CLAM, days=(0, 1, 2, 3)), "4 days are chosen for 3 sessions"), (dosed(sets=None, reps=None), "dose is empty"),
])
def test_a_dose_outside_its_limits_is_refused_by_name(clinic, staff, episode, item, names):
    with pytest.raises(Refused, match=names):
        actions.revise_program(clinic, staff.clinician, episode.id, a_program(item), None)
    assert clinic.case(episode.id).programs == ()


def test_an_unknown_exercise_and_one_that_stands_twice_are_refused(clinic, staff, episode):
    with pytest.raises(NotFound, match="clamshel"):
        actions.revise_program(clinic, staff.clinician, episode.id, a_program(replace(CLAM, exercise="clamshel")), None)
    with pytest.raises(Refused, match="twice"):
        actions.revise_program(clinic, staff.clinician, episode.id, a_program(CLAM, replace(CLAM, side=AffectedSide.BOTH)), None)
    with pytest.raises(Refused, match="empty"):
        actions.revise_program(clinic, staff.clinician, episode.id, ProgramForm(starts_on=TODAY, items=()), None)


@pytest.mark.parametrize("days", [-60, 29])
def test_a_program_starts_within_the_episode_and_not_far_ahead(clinic, staff, episode, days):
    with pytest.raises(Refused, match="starts_on"):
        actions.revise_program(clinic, staff.clinician, episode.id, a_program(starts_on=TODAY + timedelta(days=days)), None)


def test_a_patient_with_a_red_flag_gets_no_program_not_even_from_the_lead(clinic, staff, episode):
    found(clinic, staff.clinician, episode, {"stroke_test": "2+"})
    with pytest.raises(Refused, match=r"No program today\. RF1"):
        actions.revise_program(clinic, staff.lead, episode.id, a_program(replace(CLAM, override_reason="I know better.")), None)
    assert actions.proposed_program(clinic, staff.lead, episode.id) is None


def test_what_the_findings_rule_out_is_refused_with_the_reason_and_the_lead_may_keep_it_with_a_written_one(clinic, staff, episode):
    found(clinic, staff.clinician, episode, {"anticoagulants": 1})
    roll = ProgramItem("roll_quad", AffectedSide.RIGHT, Dose(minutes=2, days_per_week=7))
    with pytest.raises(Refused, match="roll_quad: the findings rule it out"):
        actions.revise_program(clinic, staff.lead, episode.id, a_program(roll), None)
    with pytest.raises(Refused, match="Only the lead"):
        actions.revise_program(clinic, staff.clinician, episode.id, a_program(replace(roll, override_reason="Likes it.")), None)
    actions.revise_program(clinic, staff.lead, episode.id, a_program(replace(roll, override_reason="Agreed with the physician.")), None)
    (override,) = read_audit(clinic.database, action="revise_program")[0].detail["overrides"]
    assert (override["item"], override["reason"]) == ("roll_quad", "Agreed with the physician.")
    assert override["against"]


@pytest.mark.parametrize("side", [Side.RIGHT, Side.LEFT])
def test_a_swollen_knee_gets_no_impact_whoever_asks(clinic, staff, episode, side):
    found(clinic, staff.clinician, episode, {"stroke_test": "1+"}, side=side)
    hop = ProgramItem("dl_hop", AffectedSide.RIGHT, Dose(sets=3, reps=10, days_per_week=2), override_reason="For sport.")
    with pytest.raises(Refused, match=f"no impact while the {side.value} knee is swollen"):
        actions.revise_program(clinic, staff.lead, episode.id, a_program(hop), None)


def test_tape_needs_its_questions_asked_first(clinic, staff, episode):
    with pytest.raises(Refused, match="tape: not asked yet: allergy to plaster or adhesive, allergy to latex"):
        actions.revise_program(clinic, staff.lead, episode.id, a_program(tape=TAPE), None)
    found(clinic, staff.clinician, episode, {"adhesive_allergy": 0, "latex_allergy": 0, "skin_sensation_loss": 0})
    with pytest.raises(Refused, match="not asked yet: fragile or broken skin at the knee"):
        actions.revise_program(clinic, staff.lead, episode.id, a_program(tape=TAPE), None)
    asked_of_tape(clinic, staff.clinician, episode)
    assert actions.revise_program(clinic, staff.clinician, episode.id, a_program(tape=TAPE), None).tape == TAPE


def test_tape_needs_direction_reason_and_an_end_within_four_weeks(clinic, staff, episode):
    asked_of_tape(clinic, staff.clinician, episode)
    for wrong, names in (
        (replace(TAPE, direction=" "), "direction"), (replace(TAPE, components=()), "direction"),
        (replace(TAPE, retest_before=None), "reason"), (replace(TAPE, stop_on=TODAY - timedelta(days=1)), "before the start"),
        (replace(TAPE, stop_on=TODAY + timedelta(days=29)), "4 weeks"), (replace(TAPE, side=AffectedSide.LEFT), "left knee is not treated"),
        (replace(TAPE, retest_after=11), "Pain"),
    ):
        with pytest.raises(Refused, match=names):
            actions.revise_program(clinic, staff.clinician, episode.id, a_program(tape=wrong), None)
    assert actions.revise_program(clinic, staff.clinician, episode.id, a_program(tape=TAPE), None).tape == TAPE


def test_tape_on_a_skin_that_does_not_bear_it_is_refused(clinic, staff, episode):
    asked_of_tape(clinic, staff.clinician, episode)
    found(clinic, staff.clinician, episode, {"adhesive_allergy": 1})
    with pytest.raises(Refused, match="tape_patellar: the findings rule it out"):
        actions.revise_program(clinic, staff.clinician, episode.id, a_program(tape=TAPE), None)


def test_a_brace_is_against_the_guideline_and_needs_its_reason_which_the_log_keeps(clinic, staff, episode):
    brace = DeviceNote("brace_sleeve", AffectedSide.RIGHT, "", "Races.", TODAY, TODAY + timedelta(weeks=2))
    with pytest.raises(Refused, match="brace_sleeve: the reason is missing"):
        actions.revise_program(clinic, staff.clinician, episode.id, a_program(devices=(brace,)), None)
    actions.revise_program(clinic, staff.clinician, episode.id, a_program(devices=(replace(brace, reason="Owns one."),)), None)
    assert read_audit(clinic.database, action="revise_program")[0].detail["overrides"][0]["reason"] == "Owns one."


@pytest.mark.parametrize(("load", "names"), [
    (LoadPlan(weekly_km=301), "301"), (LoadPlan(walk_run_stage=9), "stage 9"), (LoadPlan(weekly_km=10, longest_run_km=12), "longest run"),
    (LoadPlan(rest_days=(7,)), "rest days"), (LoadPlan(runs_per_week=15), "15 runs"),
])
def test_a_load_plan_outside_its_limits_is_refused(clinic, staff, episode, load, names):
    with pytest.raises(Refused, match=names):
        actions.revise_program(clinic, staff.clinician, episode.id, a_program(load=load), None)


def test_a_closed_episode_and_an_assistant_write_no_program(clinic, staff, episode):
    from kneeclinic.vocabulary import EpisodeStatus

    with pytest.raises(NotAllowed):
        actions.revise_program(clinic, staff.assistant, episode.id, a_program(), None)
    actions.close_episode(clinic, staff.clinician, episode.id, EpisodeStatus.DISCHARGED, "Done.")
    with pytest.raises(Refused, match="reopen"):
        actions.revise_program(clinic, staff.clinician, episode.id, a_program(), None)


def test_what_the_rules_propose_is_accepted_by_the_checks(clinic, staff, episode):
    found(clinic, staff.clinician, episode, {"pain_worst": 6, "pain_usual": 3, "hip_abduction_force": 120, "stroke_test": "0", "slr_passive": 60})
    proposal = actions.proposed_program(clinic, staff.clinician, episode.id)
    assert proposal is not None
    assert proposal.items
    assert actions.revise_program(clinic, staff.clinician, episode.id, proposal, None).items == proposal.items


def test_a_therapists_usual_dose_is_kept_for_this_therapist_alone_and_can_be_given_back(clinic, staff):
    actions.set_usual_dose(clinic, staff.clinician, "clamshell", Dose(sets=4, reps=8, hold_s=3, days_per_week=4, load_kg=5, tempo="3-1-3"))
    own = usual_doses_of(clinic.database, staff.clinician.account_id)
    assert own == {"clamshell": Dose(sets=4, reps=8, hold_s=3, days_per_week=4, tempo="3-1-3")}, "the load is the patient's, not a habit"
    assert usual_doses_of(clinic.database, staff.lead.account_id) == {}
    assert read_audit(clinic.database, action="set_usual_dose", limit=1)[0].entity_id == "clamshell"
    actions.set_usual_dose(clinic, staff.clinician, "clamshell", None)
    assert usual_doses_of(clinic.database, staff.clinician.account_id) == {}


def test_a_usual_dose_outside_its_limits_or_of_no_exercise_is_refused(clinic, staff):
    with pytest.raises(Refused, match="clamshell: Sets: 11"):
        actions.set_usual_dose(clinic, staff.clinician, "clamshell", Dose(sets=11, reps=8))
    with pytest.raises(NotFound, match="clamshel"):
        actions.set_usual_dose(clinic, staff.clinician, "clamshel", Dose(sets=1, reps=8))
    with pytest.raises(NotAllowed):
        actions.set_usual_dose(clinic, staff.assistant, "clamshell", Dose(sets=1, reps=8))
