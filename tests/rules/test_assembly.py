"""A program that a person will do: few exercises, those that matter, within minutes and equipment, each with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.record.case import Case
from kneeclinic.record.programs import Dose, LoadPlan, Program, ProgramItem
from kneeclinic.rules.assembly import Assembly, assemble, item_minutes
from kneeclinic.rules.candidates import Limits, walk_down
from kneeclinic.rules.suggest import suggest
from kneeclinic.vocabulary import HOME_EQUIPMENT, AffectedSide
from tests.rules.builders import READY, TODAY, a_runner

WEAK_HIP = (("hip_abduction_force", "right", 150), ("hip_abduction_force", "left", 200))
WEAK_KNEE = (("knee_extension_force", "right", 300), ("knee_extension_force", "left", 400))
IRRITABLE = ("pain_worst", "right", 4)


def a_program(knowledge: Knowledge, case: Case, minutes: float | None = None) -> Assembly:
    return assemble(suggest(case, knowledge, TODAY), case, knowledge, TODAY, minutes)


def ids(program: Assembly) -> list[str]:
    return [item.exercise for item in program.items]


def kinds(program: Assembly, knowledge: Knowledge) -> set[str]:
    return {knowledge.exercise(item.exercise).category for item in program.items}


def test_twenty_minutes_are_the_default_and_are_kept(knowledge: Knowledge) -> None:
    program = a_program(knowledge, a_runner(knowledge, *WEAK_HIP, *WEAK_KNEE, IRRITABLE))
    assert 15 <= program.minutes <= 20
    assert {"hip strength", "knee strength"} <= kinds(program, knowledge)


@pytest.mark.parametrize("minutes", [5, 10])
def test_a_short_program_still_trains_hip_and_knee(knowledge: Knowledge, minutes: int) -> None:
    program = a_program(knowledge, a_runner(knowledge, *WEAK_HIP, *WEAK_KNEE, IRRITABLE), minutes)
    assert program.minutes <= minutes
    assert {"hip strength", "knee strength"} <= kinds(program, knowledge)
    assert any(one.why == "does not fit into the minutes" for one in program.left_out)


def test_the_minutes_of_the_patient_count_where_none_are_given(knowledge: Knowledge) -> None:
    case = a_runner(knowledge, *WEAK_HIP, *WEAK_KNEE, IRRITABLE, minutes=10)
    assert a_program(knowledge, case) == a_program(knowledge, case, 10)


def test_at_most_six_exercises_and_three_when_too_few_are_done(knowledge: Knowledge) -> None:
    stiff = (("slr_passive", "right", 60), ("ely", "right", 100), ("wb_lunge_cm", "right", 6), ("side_plank_hold", "right", 30))
    values = (*WEAK_HIP, *WEAK_KNEE, IRRITABLE, *stiff)
    assert len(a_program(knowledge, a_runner(knowledge, *values), 60).items) == 6
    missed = ({"date": TODAY, "sessions_done": 3, "sessions_prescribed": 10},)
    few = a_program(knowledge, a_runner(knowledge, *values, check_ins=missed), 60)
    assert len(few.items) == 3
    assert "the program holds 3 exercises already" in {one.why for one in few.left_out}


def test_of_exercises_that_train_the_same_the_easiest_stands_for_all(knowledge: Knowledge) -> None:
    program = a_program(knowledge, a_runner(knowledge, *WEAK_HIP, IRRITABLE))
    clamshell = next(item for item in program.items if item.exercise == "clamshell")
    assert clamshell.rules == ("R06", "R08")
    assert "weak" in clamshell.reason
    left_out = {one.item: one.why for one in program.left_out}
    assert left_out["clamshell_band"] == "trains the same as clamshell, which is easier"
    assert left_out["lateral_band_walk"] == "trains the same as side leg lift, which is easier"


def test_what_was_measured_goes_before_the_general_set(knowledge: Knowledge) -> None:
    weak_extensors = (("hip_extension_force", "right", 100), ("hip_extension_force", "left", 200))
    assert ids(a_program(knowledge, a_runner(knowledge, *weak_extensors, IRRITABLE), 10))[-1] == "bridge"
    assert "clamshell" in ids(a_program(knowledge, a_runner(knowledge, *WEAK_HIP, IRRITABLE), 10))


def test_each_exercise_tells_its_rules_reason_side_and_dose(knowledge: Knowledge) -> None:
    program = a_program(knowledge, a_runner(knowledge, *WEAK_HIP))
    clamshell = next(item for item in program.items if item.exercise == "clamshell_band")
    assert clamshell.rules == ("R08",)
    assert clamshell.side is AffectedSide.RIGHT
    assert "weak" in clamshell.reason
    assert (clamshell.dose.sets, clamshell.dose.reps, clamshell.dose.hold_s, clamshell.dose.days_per_week) == (3, 15, 1, 3)


def test_both_knees_are_trained_where_both_made_a_rule_fire(knowledge: Knowledge) -> None:
    both = a_runner(knowledge, ("slr_passive", "right", 60), ("slr_passive", "left", 62), ("ely", "left", 100), side="both")
    sides = {item.exercise: item.side for item in a_program(knowledge, both, 40).items}
    assert sides["hamstring_supine_pull"] is AffectedSide.BOTH
    assert sides["quad_stretch_stand"] is AffectedSide.LEFT


def test_an_exercise_without_its_equipment_goes_back_to_an_easier_one(knowledge: Knowledge) -> None:
    program = a_program(knowledge, a_runner(knowledge, *WEAK_HIP, equipment=("floor", "chair")), 40)
    assert "clamshell" in ids(program)
    left_out = {one.item: one.why for one in program.left_out}
    assert left_out["clamshell_band"] == "needs a loop band; clamshell in its place"
    clamshell = next(item for item in program.items if item.exercise == "clamshell")
    assert "in place of clamshell with band" in clamshell.reason


@pytest.mark.parametrize(
    ("there", "exercise", "why"),
    [
        (("chair",), "seated_hip_er_band", "needs a loop band or a long band"),
        ((), "seated_hip_er_band", "needs a firm chair and a loop band or a long band"),
        (("chair", "long_band"), "seated_hip_er_band", ""),
        (("floor",), "roll_itb", "needs a foam roller or a small firm ball"),
        (("floor", "ball"), "roll_itb", ""),
        (("chair",), "knee_ext_90_45", "needs a gym machine, an ankle weight, a loop band or a long band"),
    ],
)
def test_of_things_that_would_do_one_must_be_there(knowledge: Knowledge, there: tuple, exercise: str, why: str) -> None:
    limits = Limits(frozenset(), 1, frozenset(there), knowledge)
    assert limits.objection(knowledge.exercise(exercise)) == why


def test_a_ball_exercise_is_not_given_without_ball_and_roller(knowledge: Knowledge) -> None:
    tight = a_runner(knowledge, ("ober", "right", -5), equipment=("floor", "wall"))
    program = a_program(knowledge, tight, 40)
    assert "roll_itb" not in ids(program)
    assert {one.item: one.why for one in program.left_out}["roll_itb"].startswith("needs a foam roller or a small firm ball")


def test_an_exercise_of_a_later_phase_goes_back_to_one_of_this_phase(knowledge: Knowledge) -> None:
    left_out = {one.item: one.why for one in a_program(knowledge, a_runner(knowledge, ("lateral_step_down", "right", 2)), 40).left_out}
    assert left_out["lateral_step_down"].startswith("waits for phase 2; ")


def test_an_exercise_for_the_clinic_is_not_taken_home(knowledge: Knowledge) -> None:
    program = a_program(knowledge, a_runner(knowledge, ("pain_resisted_extension", "right", 7)))
    assert "knee_iso_60" in ids(program)
    assert {one.item: one.why for one in program.left_out}["bfr_knee_ext"] == "is done in the clinic only"


def test_walking_down_never_leads_to_more_stress_nor_to_running(knowledge: Knowledge) -> None:
    for phase in range(5):
        limits = Limits(frozenset(), phase, frozenset({"floor", "chair", "wall"}), knowledge)
        for first in knowledge.exercises.values():
            found, why = walk_down(first.id, limits)
            if found is not None and found.id != first.id:
                assert why
                assert found.stress.rank <= first.stress.rank
                assert found.category != "gait and load"


def test_without_any_finding_hip_and_knee_exercise_is_lent_by_the_phase(knowledge: Knowledge) -> None:
    program = a_program(knowledge, a_runner(knowledge))
    assert kinds(program, knowledge) == {"hip strength", "knee strength"}
    assert {item.rules for item in program.items} == {("base",)}


def test_without_equipment_the_base_lends_what_needs_none(knowledge: Knowledge) -> None:
    assert ids(a_program(knowledge, a_runner(knowledge, equipment=()))) == ["mini_squat"]
    sore = a_program(knowledge, a_runner(knowledge, ("pain_rest_24h", "right", 6), equipment=()))
    assert sore.items == ()
    assert {one.item: one.why for one in sore.left_out}["quad_set"] == "needs a mat on the floor and a towel"


def test_what_must_be_avoided_is_replaced_by_something_easier(knowledge: Knowledge) -> None:
    limits = Limits(frozenset({"clamshell_band"}), 2, frozenset(HOME_EQUIPMENT), knowledge)
    found, why = walk_down("clamshell_band", limits)
    assert found is not None
    assert (found.id, why) == ("clamshell", "is to be avoided today")


def test_a_blocked_patient_gets_no_program(knowledge: Knowledge) -> None:
    program = a_program(knowledge, a_runner(knowledge, *WEAK_HIP, ("locking", "left", 1)))
    assert (program.items, program.minutes, program.load) == ((), 0.0, None)
    assert program.left_out[0].why == "a red flag blocks the program"


def test_hard_on_the_knee_comes_first_and_stretches_last(knowledge: Knowledge) -> None:
    case = a_runner(knowledge, *READY, ("lateral_step_down", "right", 2), ("slr_passive", "right", 60))
    program = a_program(knowledge, case, 40)
    first, last = (knowledge.exercise(program.items[place].exercise) for place in (0, -1))
    assert first.stress.value == "moderate"
    assert last.category == "flexibility"


def an_item(exercise: str, side: AffectedSide = AffectedSide.RIGHT, **dose: object) -> ProgramItem:
    return ProgramItem(exercise, side, Dose(**dose))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("item", "minutes"),
    [
        (an_item("clamshell", sets=3, reps=15, hold_s=1), 4.0),
        (an_item("clamshell", AffectedSide.BOTH, sets=3, reps=15, hold_s=1), 7.0),
        (an_item("bridge", AffectedSide.BOTH, sets=2, reps=10, hold_s=3), 2.5),
        (an_item("hamstring_supine_pull", sets=3, hold_s=30), 2.5),
        (an_item("knee_ext_90_45", sets=3, reps=10, tempo="3-0-3"), 4.0),
        (an_item("knee_ext_90_45", sets=3, reps=10, tempo="slow"), 2.5),
        (an_item("walk_base", minutes=25), 25),
        (an_item("dead_bug", AffectedSide.BOTH, sets=3, reps=8, hold_s=2), 5.0),
        (an_item("bird_dog", AffectedSide.BOTH, sets=3, reps=8, hold_s=3), 5.8),
        (an_item("lateral_band_walk", AffectedSide.BOTH, sets=3, reps=10), 4.0),
        (an_item("monster_walk", AffectedSide.BOTH, sets=3, reps=10), 4.0),
        (an_item("sl_stance_reach", sets=3, reps=5), 3.25),
        (an_item("sl_stance_reach", AffectedSide.BOTH, sets=3, reps=5), 5.5),
    ],
)
def test_the_minutes_of_an_exercise_are_work_and_rest(knowledge: Knowledge, item: ProgramItem, minutes: float) -> None:
    assert item_minutes(item, knowledge) == pytest.approx(minutes)


# --- the running of the week


def test_running_is_planned_beside_the_exercises(knowledge: Knowledge) -> None:
    program = a_program(knowledge, a_runner(knowledge, *READY))
    assert "walk_run" not in ids(program)
    assert program.load is not None
    assert (program.load.walk_run_stage, program.load.runs_per_week) == (1, 3)
    assert {one.item: one.why for one in program.left_out}["walk_run"] == "is planned with the running, beside the exercises"


def test_without_a_word_on_running_there_is_no_plan(knowledge: Knowledge) -> None:
    assert a_program(knowledge, a_runner(knowledge, *WEAK_HIP)).load is None


def test_fluid_means_no_running(knowledge: Knowledge) -> None:
    load = a_program(knowledge, a_runner(knowledge, ("stroke_test", "right", "1+"), ("km_week", 30))).load
    assert load is not None
    assert (load.weekly_km, load.runs_per_week) == (0.0, 0)


def test_a_flag_that_limits_means_no_running(knowledge: Knowledge) -> None:
    load = a_program(knowledge, a_runner(knowledge, ("giving_way", "right", 1), ("overstride", "right", 25))).load
    assert load is not None
    assert load.weekly_km == 0.0


def test_the_strictest_cut_counts(knowledge: Knowledge) -> None:
    weeks = tuple({"date": day, "km": km} for day, km in zip(("2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"), (30, 30, 45, 45), strict=True))
    overload = a_program(knowledge, a_runner(knowledge, check_ins=weeks)).load
    assert overload is not None
    assert overload.weekly_km == 21
    flare = a_program(knowledge, a_runner(knowledge, ("pain_worst", "right", 7), check_ins=weeks[2:])).load
    assert flare is not None
    assert (flare.weekly_km, flare.cross_training != "") == (22.5, True)
    entered = a_program(knowledge, a_runner(knowledge, ("pain_worst", "right", 7), ("km_week", 20))).load
    assert entered is not None
    assert entered.weekly_km == 10
    unknown = a_program(knowledge, a_runner(knowledge, ("pain_worst", "right", 7))).load
    assert unknown is not None
    assert unknown.weekly_km is None


def test_a_told_rise_without_weeks_cuts_what_is_run_now(knowledge: Knowledge) -> None:
    load = a_program(knowledge, a_runner(knowledge, ("load_rise_14d", 40), ("km_week", 30))).load
    assert load is not None
    assert load.weekly_km == 21
    nothing_known = a_program(knowledge, a_runner(knowledge, ("load_rise_14d", 40))).load
    assert nothing_known is not None
    assert nothing_known.weekly_km is None


def test_a_novice_with_a_high_body_mass_index_begins_with_three_kilometres(knowledge: Knowledge) -> None:
    load = a_program(knowledge, a_runner(knowledge, ("body_mass", 100), ("height", 175), ("novice_runner", 1))).load
    assert load is not None
    assert load.weekly_km == 3


def test_runs_stay_below_the_pain_threshold(knowledge: Knowledge) -> None:
    run = {"date": TODAY, "km": 5, "pain_during": 2, "settled_within_60_min": True}
    load = a_program(knowledge, a_runner(knowledge, ("pain_running", "right", 4), runs=(run,))).load
    assert load is not None
    assert load.longest_run_km == 4.5
    unknown = a_program(knowledge, a_runner(knowledge, ("pain_running", "right", 4))).load
    assert unknown is not None
    assert unknown.longest_run_km is None


@pytest.mark.parametrize(("pain", "stage"), [(4, 5), (6, 4)])
def test_amber_repeats_the_stage_and_red_goes_back_one(knowledge: Knowledge, pain: int, stage: int) -> None:
    case = a_runner(knowledge, ("pain_running", "right", pain))
    program = Program("p", "case", "case", 1, TODAY, 3, (), load=LoadPlan(walk_run_stage=5))
    load = a_program(knowledge, replace(case, programs=(program,))).load
    assert load is not None
    assert load.walk_run_stage == stage


def test_the_cadence_cue_tells_the_steps_where_the_own_rate_is_known(knowledge: Knowledge) -> None:
    known = a_program(knowledge, a_runner(knowledge, ("overstride", "right", 25), ("cadence", 160))).load
    assert known is not None
    assert known.cadence_cue == "168 to 176 steps a minute (now 160)"
    unknown = a_program(knowledge, a_runner(knowledge, ("overstride", "right", 25))).load
    assert unknown is not None
    assert unknown.cadence_cue == "5 to 10 % more steps a minute"


def test_a_missing_thing_is_named_with_its_article(knowledge: Knowledge) -> None:
    program = a_program(knowledge, a_runner(knowledge, *WEAK_KNEE, IRRITABLE))
    assert {one.item: one.why for one in program.left_out}["leg_press"] == "needs a gym machine; mini squat in its place"
    mini_squat = next(item for item in program.items if item.exercise == "mini_squat")
    assert mini_squat.reason == "A weak quadriceps is a risk factor (in place of leg press, two legs, which needs a gym machine)."


def test_what_is_said_to_stand_in_the_place_of_something_is_in_the_program(knowledge: Knowledge) -> None:
    hip = (("hip_extension_force", "right", 100), ("hip_extension_force", "left", 200), ("pain_worst", "right", 3))
    program = a_program(knowledge, a_runner(knowledge, *hip))
    assert {one.item: one.why for one in program.left_out}["hip_thrust"] == "waits for phase 2; bridge in its place"
    assert "single_leg_bridge" not in ids(program)
    tight = a_program(knowledge, a_runner(knowledge, ("lateral_step_down", "right", 5), ("pain_worst", "right", 7)), 1)
    assert {one.item: one.why for one in tight.left_out}["mini_squat"] == "waits for phase 1"


def test_a_knee_with_fluid_gets_half_of_the_sets(knowledge: Knowledge) -> None:
    stiff = ("slr_passive", "right", 60)
    dry, wet = (a_program(knowledge, a_runner(knowledge, *WEAK_HIP, IRRITABLE, stiff, ("stroke_test", "right", grade)), 60) for grade in ("0", "1+"))
    usual = {item.exercise: item.dose.sets or 0 for item in dry.items}
    for item in wet.items:
        halved = knowledge.exercise(item.exercise).category != "flexibility"
        assert item.dose.sets == (usual[item.exercise] // 2 if halved else usual[item.exercise])
        assert ("until the fluid in the joint has gone" in item.reason) is halved
    assert {"clamshell", "hamstring_supine_pull"} <= set(ids(wet))


def test_no_affected_knee_goes_without_hip_and_knee_exercise(knowledge: Knowledge) -> None:
    case = a_runner(knowledge, ("pain_worst", "left", 4), ("pain_worst", "right", 7), side="both")
    program = a_program(knowledge, case, 40)
    for kind in ("hip strength", "knee strength"):
        of_kind = [item for item in program.items if knowledge.exercise(item.exercise).category == kind]
        assert any(item.side is AffectedSide.BOTH for item in of_kind), kind
    assert next(item for item in program.items if item.exercise == "quad_set").reason.endswith("Both knees hurt, so both legs do it.")


def test_in_a_very_irritable_knee_what_was_measured_goes_before_the_rest_of_the_calming_set(knowledge: Knowledge) -> None:
    weak = a_program(knowledge, a_runner(knowledge, *WEAK_HIP, ("pain_worst", "right", 7)), 10)
    assert "clamshell" in ids(weak)
    assert "glute_set" not in ids(weak)


def test_the_stiffer_ankle_is_stretched_also_where_it_is_the_other_leg(knowledge: Knowledge) -> None:
    program = a_program(knowledge, a_runner(knowledge, ("wb_lunge_cm", "right", 13), ("wb_lunge_cm", "left", 11)), 40)
    assert {item.side for item in program.items if "R20" in item.rules} == {AffectedSide.LEFT}
    stiff = a_program(knowledge, a_runner(knowledge, ("wb_lunge_cm", "right", 7), ("wb_lunge_cm", "left", 6)), 40)
    assert {item.side for item in stiff.items if "R20" in item.rules} == {AffectedSide.RIGHT}
    both = a_program(knowledge, a_runner(knowledge, ("wb_lunge_cm", "right", 7), ("wb_lunge_cm", "left", 5)), 40)
    assert {item.side for item in both.items if "R20" in item.rules} == {AffectedSide.BOTH}
    told = a_program(knowledge, a_runner(knowledge, ("wb_lunge_difference", 2)), 40)
    assert {item.side for item in told.items if "R20" in item.rules} == {AffectedSide.RIGHT}


def test_where_nothing_may_be_done_the_reason_is_told(knowledge: Knowledge) -> None:
    program = a_program(knowledge, a_runner(knowledge, ("breathless", 1), IRRITABLE))
    assert program.items == ()
    assert {one.why for one in program.left_out} == {"is to be avoided today"}


@pytest.mark.parametrize("found", [("cannot_bear_weight", "right", 1), ("breathless", 1)])
def test_who_takes_no_weight_or_is_short_of_breath_runs_nothing_and_is_told_no_other_sport(knowledge: Knowledge, found: tuple) -> None:
    values = (found, ("pain_worst", "right", 7), ("km_week", 20), ("overstride", "right", 25))
    load = a_program(knowledge, a_runner(knowledge, *values)).load
    assert load is not None
    assert (load.weekly_km, load.runs_per_week, load.cross_training, load.cadence_cue) == (0, 0, "", "")


def test_who_runs_thirty_minutes_three_times_a_week_is_not_sent_back_to_the_first_stage(knowledge: Knowledge) -> None:
    runs = tuple({"date": TODAY - timedelta(days=day), "km": 6.0, "minutes": 32, "pain_during": 0} for day in (1, 3, 5))
    case = a_runner(knowledge, *READY, runs=runs)
    assert suggest(case, knowledge, TODAY).phase == 4
    load = a_program(knowledge, case).load
    assert load is not None
    assert load.walk_run_stage is None
    begins = a_program(knowledge, a_runner(knowledge, *READY)).load
    assert begins is not None
    assert begins.walk_run_stage == 1


def test_a_short_program_for_both_knees_trains_hip_and_knee_with_one_set_each(knowledge: Knowledge) -> None:
    case = a_runner(knowledge, ("pain_worst", "left", 7), ("pain_worst", "right", 7), side="both")
    program = a_program(knowledge, case, 5)
    assert kinds(program, knowledge) >= {"hip strength", "knee strength"}
    assert {item.dose.sets for item in program.items} == {1}
    assert program.minutes <= 5
    assert {item.dose.sets for item in a_program(knowledge, case, 40).items} == {3}


def test_with_nothing_but_the_floor_an_irritable_knee_still_gets_a_knee_exercise(knowledge: Knowledge) -> None:
    program = a_program(knowledge, a_runner(knowledge, ("pain_worst", "right", 7), equipment=("floor",)))
    assert "slr_hold" in ids(program)
    assert {one.item: one.why for one in program.left_out}["quad_set"] == "needs a towel"


@pytest.mark.parametrize("pain", [1, 4])
def test_who_cannot_get_to_the_floor_trains_the_hip_at_the_wall(knowledge: Knowledge, pain: int) -> None:
    program = a_program(knowledge, a_runner(knowledge, ("pain_worst", "right", pain), equipment=("wall", "chair")))
    assert "wall_press_abd" in ids(program)
    assert kinds(program, knowledge) == {"hip strength", "knee strength"}
