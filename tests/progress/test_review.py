"""The weekly review: the numbers, the decision, and exactly what would change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from progress_builders import (
    LEFT,
    PERSON,
    RIGHT,
    START,
    a_check_in,
    a_goal,
    a_program,
    a_run,
    a_runner,
    an_item,
    an_observation,
    week,
)

from kneeclinic.progress.review import review_facts, weekly_review
from kneeclinic.progress.steps import Ground, all_below, loads_the_knee, step_down, step_up
from kneeclinic.record import DeviceNote, LoadPlan, Review, TapeNote
from kneeclinic.rules.half_load import half_the_sets, is_strength
from kneeclinic.vocabulary import HOME_EQUIPMENT, AffectedSide, Decision, TapeComponent, Verdict

ITEMS = (an_item("clamshell"), an_item("mini_squat", reps=12, hold_s=None), an_item("bridge", reps=12, hold_s=3),
         an_item("hamstring_supine_pull", sets=3, reps=1, hold_s=30, days_per_week=7))


def check_ins(*pains, **fields):
    given = {"sessions_done": 13, "sessions_prescribed": 14, "pain_usual": 1, "pain_next_morning": 1, **fields}
    return tuple(a_check_in(number, pain_worst=pain, **given) for number, pain in enumerate(pains, 1))


def a_patient(*pains, **parts):
    parts.setdefault("programs", (a_program(*ITEMS),))
    parts.setdefault("check_ins", check_ins(*(pains or (5, 4, 2, 1))))
    return a_runner(**parts)


def reviewed(case, knowledge, today=None):
    return weekly_review(case, knowledge, today or week(len(case.check_ins)))


def names(form):
    return [item.exercise for item in form.items]


def a_review(number, decided_on, **fields):
    return Review(f"review-{number}", "episode", "patient", week(number - 1), "WR6", Decision.PROGRESS, Decision.PROGRESS, (), "", "anna", "e",
                  decided_at=datetime(decided_on.year, decided_on.month, decided_on.day, 9), **fields)


def test_the_facts_of_a_week_come_from_where_they_are_recorded(knowledge):
    case = a_patient(6, 5, 3, observations=[
        an_observation("stroke_test", "trace", week(2)), an_observation("stroke_test", "0", week(3)), an_observation("groc", 3, week(3), PERSON),
        an_observation("hip_abduction_force", 190, week(3)), an_observation("hip_abduction_force", 200, week(3), LEFT),
    ])
    facts = review_facts(case, knowledge, week(3))
    assert (facts.week, facts.worst_pain, facts.worst_pain_before, facts.rest_pain) == (3, 3, 5, 1)
    assert (facts.effusion, facts.effusion_before, facts.groc, facts.lowest_lsi) == (0, 1, 3, 95)
    assert (facts.adherence, facts.is_settled_24h, facts.green_sessions) == (pytest.approx(92.857, abs=0.01), True, 0)
    assert (facts.verdict, facts.verdict_measure) == (Verdict.BETTER, knowledge.measure("pain_worst").label)


def test_nothing_on_record_is_held_and_nothing_is_invented(knowledge):
    found = reviewed(a_runner(), knowledge, week(1))
    assert (found.decision.rule, found.proposal, found.difference, found.verdicts) == ("WR11", None, (), ())
    assert found.facts.week == 0 and found.facts.adherence is None and found.facts.worst_pain is None


def test_the_week_begins_on_the_clinics_first_day(knowledge):
    assert reviewed(a_patient(), knowledge, week(4) + timedelta(days=3)).week_start == week(4)
    assert weekly_review(a_patient(), knowledge, week(4) + timedelta(days=3), first_day=6).week_start == week(4) - timedelta(days=1)


def test_a_red_flag_refers_and_proposes_nothing(knowledge):
    found = reviewed(a_patient(observations=[an_observation("locking", 1, week(3))]), knowledge)
    assert (found.decision.rule, found.decision.decision, found.proposal) == ("WR1", Decision.REFER, None)
    assert found.facts.blocking_flags[0].startswith("RF2")


def test_all_green_progresses_one_or_two_items_never_all(knowledge):
    found = reviewed(a_patient(), knowledge)
    assert (found.decision.rule, found.decision.decision) == ("WR6", Decision.PROGRESS)
    changed = [item for item in found.proposal.items if item not in ITEMS]
    assert 1 <= len(changed) <= 2
    assert len(found.difference) == len(changed)
    assert all(line.startswith("Harder: ") for line in found.difference)
    assert found.proposal.items[3] == ITEMS[3]


def test_the_items_that_stood_still_longest_go_first(knowledge):
    fresh = (replace(ITEMS[0], dose=replace(ITEMS[0].dose, reps=14)), *ITEMS[1:])
    case = a_patient(programs=(a_program(*ITEMS), a_program(*fresh, version=2, starts_on=week(2))))
    found = reviewed(case, knowledge)
    assert found.proposal.items[0] == fresh[0]
    assert found.proposal.items[1] != fresh[1]


def test_the_longest_run_is_never_raised_above_the_ceiling_of_the_runs_so_far(knowledge):
    green = tuple(a_run(week(3) + timedelta(days=at), 5, 1, settled_within_60_min=True) for at in (1, 3))
    found = reviewed(a_patient(programs=(a_program(*ITEMS, load=LoadPlan(weekly_km=10, longest_run_km=5)),), runs=green), knowledge)
    assert (found.proposal.load.weekly_km, found.proposal.load.longest_run_km) == (11, 4.5)


def test_progress_in_a_week_of_a_jump_or_far_above_the_plan_raises_no_running_and_says_so(knowledge):
    """WR6 asks for green sessions and work done and stands; running is left alone."""
    plan = LoadPlan(weekly_km=15)
    jumped = tuple(a_run(week(1 + at), km, 1, settled_within_60_min=True) for at, km in enumerate((5, 5, 8, 9)))
    beyond = tuple(a_run(week(3) + timedelta(days=at), 11, 1, settled_within_60_min=True) for at in (1, 3))
    for runs, words in ((jumped, "Running rose by "), (beyond, "Ran 22 km, plan 15 km.")):
        found = reviewed(a_patient(programs=(a_program(*ITEMS, load=plan),), runs=runs), knowledge)
        assert found.decision.rule == "WR6"
        assert found.proposal.load.weekly_km <= plan.weekly_km
        assert any(one.startswith(words) for one in found.notes)
    assert reviewed(a_patient(), knowledge).notes == ()


def test_a_program_left_behind_takes_the_ladder_and_does_not_pass_for_one_of_the_present_phase(knowledge):
    ready = (("hip_abduction_force", RIGHT, 190), ("hip_abduction_force", LEFT, 200), ("knee_extension_force", RIGHT, 390),
             ("knee_extension_force", LEFT, 400), ("walk_30_pain", PERSON, 1), ("stroke_test", RIGHT, "0"), ("lateral_step_down", RIGHT, 1))
    seen = [an_observation(measure, value, week(4), side) for measure, side, value in ready]
    items = (an_item("clamshell", reps=12), an_item("bridge", reps=10))
    for behind, names_after in ((3, {"clamshell", "bridge"}), (0, {"clamshell_band", "single_leg_bridge"})):
        case = a_patient(observations=seen, programs=(a_program(*items, phase=behind),), patient={"equipment": HOME_EQUIPMENT})
        found = reviewed(case, knowledge)
        assert found.decision.rule == "WR6" and set(names(found.proposal)) == names_after
        assert found.proposal.phase == min(3, behind + 1)
        assert bool(found.notes) == (behind == 0)
    assert found.notes == ("Program written for phase 0, now phase 3: take the harder exercise, or rebuild it on the program page.",)


def test_running_counts_as_one_of_the_two_and_rises_by_ten_per_cent_after_two_green_runs(knowledge):
    plan = LoadPlan(weekly_km=15, longest_run_km=6)
    green = tuple(a_run(week(3) + timedelta(days=at), 7.5, 1, settled_within_60_min=True) for at in (1, 3))
    found = reviewed(a_patient(programs=(a_program(*ITEMS, load=plan),), runs=green), knowledge)
    assert (found.proposal.load.weekly_km, found.proposal.load.longest_run_km) == (16.5, 6.5)
    assert sum(item not in ITEMS for item in found.proposal.items) == 1
    unrated = reviewed(a_patient(programs=(a_program(*ITEMS, load=plan),)), knowledge)
    assert unrated.proposal.load == plan


@pytest.mark.parametrize(("since", "pain"), [(3, {"pain_during": 1, "pain_next_morning": 4}), (1, {"pain_during": 1, "settled_within_60_min": True}),
                                             (3, {"pain_during": 1, "settled_within_60_min": False})])
def test_runs_that_hurt_next_morning_or_are_long_ago_raise_no_running(knowledge, since, pain):
    """The sessions are green and the work is done: one exercise goes further, running does not."""
    plan = LoadPlan(weekly_km=15, longest_run_km=6)
    runs = tuple(replace(a_run(week(since) + timedelta(days=at), 7.5, 1), **pain) for at in (1, 3))
    found = reviewed(a_patient(programs=(a_program(*ITEMS, load=plan),), runs=runs), knowledge)
    assert found.decision.rule == "WR6"
    assert found.proposal.load == plan
    assert sum(item not in ITEMS for item in found.proposal.items) == 2


def test_a_walk_run_plan_goes_one_stage_further(knowledge):
    green = tuple(a_run(week(3) + timedelta(days=at), 3, 1, settled_within_60_min=True) for at in (1, 3))
    at_three = reviewed(a_patient(programs=(a_program(*ITEMS, load=LoadPlan(walk_run_stage=3)),), runs=green), knowledge)
    assert at_three.proposal.load.walk_run_stage == 4
    last = reviewed(a_patient(programs=(a_program(*ITEMS, load=LoadPlan(walk_run_stage=8, weekly_km=10)),), runs=green), knowledge)
    assert (last.proposal.load.walk_run_stage, last.proposal.load.weekly_km) == (8, 11)


def test_a_flare_steps_the_knee_work_back_and_halves_the_running(knowledge):
    items = (an_item("clamshell_band"), an_item("wall_squat", reps=10, hold_s=5), an_item("dead_bug", reps=8))
    case = a_patient(4, 3, 7, programs=(a_program(*items, load=LoadPlan(weekly_km=15, longest_run_km=6, walk_run_stage=4)),))
    found = reviewed(case, knowledge)
    assert (found.decision.rule, found.decision.decision) == ("WR3", Decision.REGRESS)
    assert found.proposal.items[0] == items[0]
    below = found.proposal.items[1]
    assert below.exercise in all_below(knowledge, "wall_squat")
    assert f"Easier: {knowledge.item_label(below.exercise)} instead of Wall squat" in found.difference[0]
    assert found.proposal.items[2] == items[2]
    assert (found.proposal.load.weekly_km, found.proposal.load.longest_run_km, found.proposal.load.walk_run_stage) == (7.5, 3, 3)


def test_a_rise_that_stays_low_cuts_the_running_by_thirty_per_cent(knowledge):
    case = a_patient(1, 1, 3, programs=(a_program(*ITEMS, load=LoadPlan(weekly_km=10)),))
    assert reviewed(case, knowledge).proposal.load.weekly_km == 7
    assert reviewed(a_patient(1, 1, 3), knowledge).proposal.load is None


def test_swelling_takes_out_impact_and_halves_the_sets(knowledge):
    items = (an_item("bridge", sets=4), an_item("sl_hop", reps=6), an_item("hamstring_supine_pull", sets=3, reps=1, hold_s=30))
    case = a_patient(observations=[an_observation("stroke_test", "1+", week(4))],
                     programs=(a_program(*items, load=LoadPlan(weekly_km=15, longest_run_km=6, walk_run_stage=4)),))
    found = reviewed(case, knowledge)
    assert (found.decision.rule, found.decision.decision) == ("WR2", Decision.REGRESS)
    assert names(found.proposal) == ["bridge", "hamstring_supine_pull"]
    assert found.proposal.items[0].dose.sets == 2
    assert found.proposal.load == LoadPlan(weekly_km=0, runs_per_week=0)
    assert reviewed(replace(case, programs=(a_program(*items),)), knowledge).proposal.load is None


def test_too_few_sessions_leave_the_three_that_matter_most(knowledge):
    case = a_patient(check_ins=check_ins(3, 2, 1, sessions_done=5), programs=(a_program(ITEMS[3], *ITEMS[:3]),))
    found = reviewed(case, knowledge)
    assert found.decision.rule == "WR4"
    assert names(found.proposal) == ["clamshell", "mini_squat", "bridge"]
    short = replace(case, programs=(a_program(*ITEMS[:2]),))
    assert reviewed(short, knowledge).proposal is None


def test_goals_met_at_two_reviews_keep_strength_twice_a_week(knowledge):
    strong = [an_observation(f"{test}_force", 200, week(3), side) for test in ("hip_abduction", "knee_extension") for side in (LEFT, RIGHT)]
    case = a_patient(observations=[an_observation("akps", 60), an_observation("akps", 90, week(2)), *strong],
                     episode={"goals": (a_goal("akps", 85, week(8)),)}, reviews=(a_review(3, week(3)),))
    found = reviewed(case, knowledge)
    assert (found.decision.rule, found.decision.decision, found.facts.goals_met_reviews) == ("WR10", Decision.DISCHARGE, 2)
    assert names(found.proposal) == ["clamshell", "mini_squat", "bridge"]
    assert {item.dose.days_per_week for item in found.proposal.items} == {2}


def test_reviews_before_the_goals_were_met_or_undone_do_not_count(knowledge):
    case = a_patient(observations=[an_observation("akps", 60), an_observation("akps", 90, week(3))],
                     episode={"goals": (a_goal("akps", 85, week(8)),)},
                     reviews=(a_review(2, week(2)), a_review(3, week(3)), a_review(1, week(1)), a_review(4, week(4), undone_at=datetime(2026, 2, 2))))
    assert review_facts(case, knowledge, week(4)).goals_met_reviews == 2
    undated = replace(case, reviews=(replace(case.reviews[1], decided_at=None),))
    assert review_facts(undated, knowledge, week(4)).goals_met_reviews == 1


def test_amber_that_settles_is_held_without_a_new_version(knowledge):
    found = reviewed(a_patient(5, 4, 4), knowledge)
    assert (found.decision.rule, found.proposal) == ("WR5", None)


def test_faithful_weeks_without_gain_ask_for_another_look(knowledge):
    unchanged = [an_observation("akps", 60), an_observation("akps", 61, week(4))]
    assert reviewed(a_patient(5, 4, 4, 4, observations=unchanged), knowledge).decision.rule == "WR7"
    assert reviewed(a_patient(*[4] * 8, observations=unchanged), knowledge).decision.rule == "WR8"
    pleased = [*unchanged, an_observation("groc", 3, week(4), PERSON)]
    assert reviewed(a_patient(5, 4, 4, 4, observations=pleased), knowledge).decision.rule == "WR5"


def test_tape_past_four_weeks_is_taken_out_whatever_is_decided(knowledge):
    tape = TapeNote(AffectedSide.RIGHT, (TapeComponent.GLIDE,), "inwards", "sport", START, week(4))
    case = a_patient(5, 4, 4, 4, 4, programs=(a_program(*ITEMS, tape=tape),))
    found = reviewed(case, knowledge)
    assert [one.rule for one in found.decision.added] == ["WR9"]
    assert found.proposal.tape is None
    assert found.difference == ("Stopped: tape.",)
    assert reviewed(replace(case, check_ins=case.check_ins[:3]), knowledge).proposal is None


def test_an_orthosis_past_six_weeks_goes_and_other_supports_stay(knowledge):
    orthosis = DeviceNote("orthosis_prefab", AffectedSide.RIGHT, "pronation", "all day", START, week(6))
    sleeve = DeviceNote("brace_sleeve", AffectedSide.RIGHT, "owns it", "sport", START, week(4))
    tape = TapeNote(AffectedSide.RIGHT, (TapeComponent.GLIDE,), "inwards", "sport", week(5), week(8))
    found = reviewed(a_patient(*[4] * 7, programs=(a_program(*ITEMS, devices=(orthosis, sleeve), tape=tape),)), knowledge)
    assert found.proposal.devices == (sleeve,)
    assert found.proposal.tape == tape


def test_what_the_findings_rule_out_leaves_the_program(knowledge):
    kneeling = a_patient(observations=[an_observation("pain_kneeling", 5, week(3))], programs=(a_program(an_item("fire_hydrant"), *ITEMS),))
    found = reviewed(kneeling, knowledge)
    assert "fire_hydrant" not in names(found.proposal)
    kept = replace(kneeling, programs=(a_program(an_item("fire_hydrant", override_reason="thick pad"), *ITEMS),))
    assert "fire_hydrant" in names(reviewed(kept, knowledge).proposal)


def test_a_paused_program_is_not_changed(knowledge):
    assert reviewed(a_patient(programs=(a_program(*ITEMS, paused=True),)), knowledge).proposal is None


def test_the_tiles_set_this_week_against_last(knowledge):
    case = a_patient(5, 4, 2, 1, runs=(a_run(week(3), 5), a_run(week(2), 4)))
    tiles = {one.label: (one.now, one.last) for one in reviewed(case, knowledge, week(4) - timedelta(days=1)).tiles}
    assert tiles["Worst pain"] == (1, 2)
    assert tiles["Running"] == (5, 4)
    assert tiles["Fluid"] == (None, None)
    silent = {one.label: (one.now, one.last) for one in reviewed(case, knowledge, week(9)).tiles}
    assert silent["Sessions done"] == (None, pytest.approx(92.857, abs=0.01))


def test_verdicts_of_the_review_are_those_of_what_was_measured(knowledge):
    found = reviewed(a_patient(observations=[an_observation("akps", 60), an_observation("lefs", 50, side=PERSON)]), knowledge)
    assert [one.measure for one in found.verdicts] == ["pain_worst", "pain_usual", "akps", "lefs"]


def ground(knowledge, *, avoided=(), phase=4, equipment=HOME_EQUIPMENT, impact=True):
    return Ground(knowledge, frozenset(avoided), phase, frozenset(equipment), impact)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (an_item("bridge", sets=3, reps=8, hold_s=3), {"reps": 10}),
        (an_item("bridge", sets=2, reps=12, hold_s=3), {"sets": 3}),
        (an_item("slr_hold", reps=15, hold_s=3), {"hold_s": 4}),
        (an_item("quad_set", reps=10, hold_s=5), {"hold_s": 10}),
        (an_item("clamshell", load_kg=2), {"load_kg": 2.5}),
        (an_item("clamshell", load_kg=20), {"load_kg": 21.5}),
    ],
)
def test_a_step_up_raises_the_dose_within_its_range_first(knowledge, item, expected):
    harder = step_up(item, (), ground(knowledge))
    assert harder.exercise == item.exercise
    for name, value in expected.items():
        assert getattr(harder.dose, name) == value


def test_at_the_top_of_the_dose_the_next_exercise_comes(knowledge):
    assert step_up(an_item("clamshell"), (), ground(knowledge)).exercise == "clamshell_band"


@pytest.mark.parametrize("barred", [{"avoided": ("clamshell_band",)}, {"equipment": ("floor",)}, {"phase": -1}])
def test_a_barred_ladder_leaves_more_repetitions_up_to_twenty(knowledge, barred):
    harder = step_up(an_item("clamshell"), (), ground(knowledge, **barred))
    assert (harder.exercise, harder.dose.reps) == ("clamshell", 17)
    assert step_up(an_item("clamshell", reps=20), (), ground(knowledge, **barred)) is None


def test_nothing_is_put_beside_its_double(knowledge):
    band = an_item("clamshell_band")
    assert step_up(an_item("clamshell"), (band,), ground(knowledge)).exercise == "clamshell"


def test_minutes_rise_within_their_range(knowledge):
    timed = next(one for one in knowledge.exercises.values() if one.dose.minutes and one.dose.minutes_max)
    item = an_item(timed.id, sets=None, reps=None, hold_s=None, minutes=timed.dose.minutes)
    assert step_up(item, (), ground(knowledge)).dose.minutes == timed.dose.minutes + 1


def test_an_unknown_exercise_has_no_step(knowledge):
    gone = an_item("old_exercise", sets=None)
    assert step_up(gone, (), ground(knowledge)) is None
    assert step_down(gone, (), ground(knowledge)) is None
    assert not loads_the_knee(knowledge, gone) and not is_strength(knowledge, gone)


def test_a_step_down_takes_the_easier_exercise_else_a_set(knowledge):
    assert step_down(an_item("clamshell_band"), (), ground(knowledge)).exercise == "clamshell"
    assert step_down(an_item("clamshell_band"), (an_item("clamshell"), an_item("glute_set")), ground(knowledge)).dose.sets == 2
    assert step_down(an_item("quad_set", sets=1), (), ground(knowledge)) is None


def test_half_of_the_sets_is_at_least_one():
    assert [half_the_sets(an_item(sets=sets)).dose.sets for sets in (4, 3, 2, 1, None)] == [2, 1, 1, 1, None]


def test_impact_is_not_stepped_into_where_it_is_ruled_out(knowledge):
    hop = knowledge.exercise("sl_hop")
    assert not ground(knowledge, impact=False).allows(hop, ())


def test_the_ladder_down_is_walked_until_something_is_allowed(knowledge):
    below = all_below(knowledge, "lateral_step_down")
    assert below[0] in knowledge.exercise("lateral_step_down").easier
    assert {knowledge.exercise(one).category for one in below} == {"knee strength"}
    barred = ground(knowledge, avoided=below[:2])
    assert step_down(an_item("lateral_step_down"), (), barred).exercise in below[2:]


def test_running_never_rises_above_what_the_findings_allow(knowledge):
    numb = [an_observation("numbness_or_back_pattern", 1, week(3))]
    plan = LoadPlan(weekly_km=15, longest_run_km=6, walk_run_stage=4)
    held = a_patient(5, 4, 4, observations=numb, programs=(a_program(*ITEMS, load=plan),))
    assert reviewed(held, knowledge).proposal.load == LoadPlan(weekly_km=0, runs_per_week=0)
    hurting = tuple(a_run(week(2) + timedelta(days=at), 6, pain, settled_within_60_min=pain < 3) for at, pain in ((1, 1), (3, 1), (6, 4)))
    capped = reviewed(a_patient(2, 2, 5, runs=hurting, programs=(a_program(*ITEMS, load=plan),)), knowledge)
    assert capped.decision.rule == "WR3"
    assert capped.proposal.load.longest_run_km <= 0.9 * 6
    assert capped.proposal.load.walk_run_stage == 3


def test_what_is_ruled_out_gives_its_place_to_the_exercise_below(knowledge):
    kneeling = a_patient(observations=[an_observation("pain_kneeling", 5, week(3))], programs=(a_program(an_item("bird_dog"), ITEMS[0]),))
    assert names(reviewed(kneeling, knowledge).proposal)[0] == "dead_bug"


def test_a_program_at_its_top_has_nothing_to_progress(knowledge):
    top = a_patient(programs=(a_program(an_item("glute_set", sets=3, reps=20, hold_s=5), an_item("bridge", reps=20)),))
    plain = reviewed(top, knowledge)
    assert plain.decision.rule == "WR6"
    assert len(plain.difference) <= 2
    stretches = a_patient(programs=(a_program(ITEMS[3]),))
    assert reviewed(stretches, knowledge).proposal is None
    unknown = a_patient(programs=(a_program(an_item("clamshell", reps=20), an_item("clamshell_band", reps=20)),))
    assert reviewed(unknown, knowledge) is not None


def test_repetitions_rise_to_the_top_of_their_range(knowledge):
    ranged = next(one for one in knowledge.exercises.values() if one.dose.reps and one.dose.reps_max and one.dose.reps_max > one.dose.reps)
    harder = step_up(an_item(ranged.id, reps=ranged.dose.reps), (), ground(knowledge))
    assert harder.dose.reps == min(ranged.dose.reps_max, ranged.dose.reps + 2)


def test_running_of_the_newest_week_that_was_told_stands_beside_the_one_before(knowledge):
    case = a_runner(programs=(a_program(),), runs=tuple(a_run(week(at) + timedelta(days=1), km) for at, km in enumerate((10, 12, 14))))

    def running(on):
        return next((one.now, one.last) for one in weekly_review(case, knowledge, on).tiles if one.label == "Running")

    assert running(week(3)) == (14, 12)
    assert running(week(3) + timedelta(days=4)) == (14, 12), "nothing told of this week yet"
    assert running(week(5) + timedelta(days=4)) == (None, None), "silent for two weeks"


def test_a_week_of_which_nobody_told_is_not_taken_for_last_week(knowledge):
    """Sessions of five weeks ago are no comparison for this week; where this week was not told they are what was told last."""
    program = (a_program(an_item("clamshell", days_per_week=4)),)
    first, newest = (a_check_in(number, sessions_done=done, pain_worst=2) for number, done in ((1, 4), (6, 2)))
    def done(case, on):
        return next((tile.now, tile.last) for tile in weekly_review(case, knowledge, on).tiles if tile.label == "Sessions done")
    assert done(a_runner(programs=program, check_ins=(first, newest)), week(6)) == (50, None)
    assert done(a_runner(programs=program, check_ins=(first, replace(newest, week_start=week(1)))), week(2)) == (50, 100)
    assert done(a_runner(programs=program, check_ins=(first, newest)), week(9)) == (None, 50)
