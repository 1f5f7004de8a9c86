"""Who needs me today, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from progress_builders import (
    LEFT,
    PERSON,
    RIGHT,
    START,
    a_check_in,
    a_goal,
    a_planned,
    a_program,
    a_run,
    a_runner,
    a_visit,
    an_observation,
    week,
    worst_pain,
)

from kneeclinic.progress.amounts import day_text
from kneeclinic.progress.caseload import CALM, LOOK, REASON_IDS, RED, TODAY, caseload, caseload_row
from kneeclinic.progress.plateau import stands_still, still_hurts
from kneeclinic.progress.series import Point
from kneeclinic.record import DeviceNote, LoadPlan, Snooze, TapeNote
from kneeclinic.vocabulary import AffectedSide, EpisodeStatus, PlannedState, Side, TapeComponent, Verdict


def weeks_of(*pains, **fields):
    given = {"sessions_done": 13, "sessions_prescribed": 14, **fields}
    return tuple(a_check_in(number, pain_worst=pain, **given) for number, pain in enumerate(pains, 1))


def a_steady_runner(*pains, **parts):
    parts.setdefault("programs", (a_program(),))
    parts.setdefault("check_ins", weeks_of(*(pains or (5, 4, 3, 2))))
    return a_runner(**parts)


def reason(case, knowledge, today=None):
    row = caseload_row(case, knowledge, today or week(4))
    return row.reason_id, row.severity, row.reason


def test_a_patient_on_course_says_so_with_numbers(knowledge):
    assert reason(a_steady_runner(), knowledge) == ("on_course", CALM, "On course: worst pain 2/10, 93 % of sessions done.")


def test_a_red_flag_comes_before_everything(knowledge):
    case = a_steady_runner(2, 2, 2, 6, observations=[an_observation("locking", 1, week(3))])
    found = reason(case, knowledge)
    assert found[:2] == ("red_flag", RED)
    assert found[2] == "Refer: true locking. Locking or a block to straightening."
    assert caseload_row(case, knowledge, week(4)).all_reasons[:2] == ("red_flag", "worsening")


def test_a_red_flag_is_told_by_what_was_found_and_not_by_the_age(knowledge):
    found = [an_observation(name, 1, week(3)) for name in ("limp", "hip_ir_loss", "obligate_er")]
    case = a_steady_runner(observations=found, patient={"birth_date": date(2012, 1, 1)})
    said = reason(case, knowledge)[2]
    assert said.startswith("Send today: limp, less inward turn of the hip") and "Age" not in said and said.endswith("hip sign.")


def test_a_limiting_flag_asks_for_today_and_several_are_counted(knowledge):
    case = a_steady_runner(observations=[an_observation("giving_way", 1, week(3))])
    assert reason(case, knowledge)[:2] == ("red_flag", TODAY)
    two = a_steady_runner(observations=[an_observation("giving_way", 1, week(3)), an_observation("locking", 1, week(3)),
                                        an_observation("numbness_or_back_pattern", 1, week(3))])
    assert "(and 1 more flag)" in reason(two, knowledge)[2]


def test_worsening_names_the_rise(knowledge):
    assert reason(a_steady_runner(2, 2, 2, 5), knowledge) == ("worsening", TODAY, "Worst pain up 3 in a week, to 5/10.")


def test_a_worse_questionnaire_is_worsening_too(knowledge):
    case = a_steady_runner(observations=[an_observation("akps", 80), an_observation("akps", 55, week(4))])
    assert reason(case, knowledge) == ("worsening", TODAY, "Anterior knee pain scale worse: 80 to 55 over 2 values.")


@pytest.mark.parametrize(("late", "words"), [(1, "1 day overdue"), (5, "5 days overdue")])
def test_an_agreed_visit_that_did_not_happen_is_overdue(knowledge, late, words):
    case = a_steady_runner(planned=(a_planned(week(4) - timedelta(days=late)), a_planned(week(1), PlannedState.DONE), a_planned(week(6))))
    row = caseload_row(case, knowledge, week(4))
    assert (row.reason_id, row.overdue_days, row.next_visit) == ("overdue", late, week(6))
    assert words in row.reason


def test_fluid_that_was_not_tested_again_within_three_days_is_overdue(knowledge):
    tested = week(4) - timedelta(days=5)
    case = a_steady_runner(observations=[an_observation("stroke_test", "1+", tested)])
    words = f"Fluid 1+ on {day_text(tested, year=False)}: test again was due {day_text(tested + timedelta(days=3), year=False)}."
    assert reason(case, knowledge) == ("overdue", TODAY, words)
    assert reason(case, knowledge, tested + timedelta(days=3))[0] != "overdue"
    late = replace(case, planned=(a_planned(week(4) - timedelta(days=2)),))
    assert reason(late, knowledge)[2] == f"{words} Visit of {day_text(week(4) - timedelta(days=2), year=False)} is 2 days overdue."
    again = replace(case, observations=(*case.observations, an_observation("stroke_test", "trace", tested + timedelta(days=2))))
    assert reason(again, knowledge)[0] == "on_course"


@pytest.mark.parametrize(("planned", "km", "severity", "words"), [
    (0.0, 20.0, TODAY, "Ran 20 km, plan 0 km."), (12.0, 20.0, LOOK, "Ran 20 km, plan 12 km."), (16.0, 20.0, None, ""), (2.0, 4.9, None, ""),
    (None, 20.0, None, ""),
])
def test_running_far_above_the_plan_is_told(knowledge, planned, km, severity, words):
    case = a_steady_runner(programs=(a_program(load=LoadPlan(weekly_km=planned)),), runs=(a_run(week(4) - timedelta(days=2), km, 1),))
    found = {one.id: one for one in caseload_row(case, knowledge, week(4)).alerts}
    if severity is None:
        assert "low_adherence" not in found
    else:
        assert (found["low_adherence"].severity, found["low_adherence"].sentence) == (severity, words)


def test_a_plan_that_was_cut_today_blames_nobody_for_the_week_before(knowledge):
    programs = (a_program(load=LoadPlan(weekly_km=20)), a_program(version=2, starts_on=week(4), load=LoadPlan(weekly_km=0)))
    case = a_steady_runner(programs=programs, runs=(a_run(week(4) - timedelta(days=2), 20, 1),))
    assert reason(case, knowledge)[0] == "on_course"


def test_running_though_none_is_planned_comes_before_what_can_wait(knowledge):
    case = a_steady_runner(4, 4, 5, 4, programs=(a_program(load=LoadPlan(weekly_km=0)),), runs=(a_run(week(4) - timedelta(days=2), 9, 1),))
    row = caseload_row(case, knowledge, week(4))
    assert (row.reason_id, [one.id for one in row.alerts]) == ("low_adherence", ["low_adherence", "plateau"])


READY = (("hip_abduction_force", RIGHT, 190), ("hip_abduction_force", LEFT, 200), ("knee_extension_force", RIGHT, 390),
         ("knee_extension_force", LEFT, 400), ("walk_30_pain", PERSON, 1), ("stroke_test", RIGHT, "0"), ("lateral_step_down", RIGHT, 1))


def test_a_program_of_an_earlier_phase_is_told_and_one_far_behind_asks_for_a_look(knowledge):
    found = [an_observation(measure, value, week(4), side) for measure, side, value in READY]
    said = {phase: reason(a_steady_runner(observations=found, programs=(a_program(phase=phase),)), knowledge) for phase in (0, 2, 3)}
    assert said[0] == ("on_course", LOOK, "Program written for phase 0, now phase 3: rebuild it.")
    assert said[2] == ("on_course", CALM, "On course: worst pain 2/10, 93 % of sessions done, program written for phase 2, now phase 3.")
    assert "phase" not in said[3][2]


def test_fourteen_silent_days_are_named(knowledge):
    case = a_steady_runner()
    assert reason(case, knowledge, week(4) + timedelta(days=12))[0] == "on_course"
    assert reason(case, knowledge, week(4) + timedelta(days=15)) == ("stopped_checking_in", TODAY, "No check-in for 16 days.")


def test_a_visit_or_a_run_breaks_the_silence_and_one_who_never_spoke_is_named(knowledge):
    today = week(4) + timedelta(days=15)
    assert reason(a_steady_runner(visits=(a_visit(week(5)),)), knowledge, today)[0] == "on_course"
    assert reason(a_steady_runner(runs=(a_run(week(5), 5),)), knowledge, today)[0] == "on_course"
    assert reason(a_steady_runner(check_ins=()), knowledge)[2] == "Never checked in, no word for 28 days."
    assert reason(a_runner(), knowledge) == ("on_course", CALM, "No program yet.")


def test_weeks_that_hardly_move_are_a_plateau(knowledge):
    assert reason(a_steady_runner(4, 4, 5, 4), knowledge)[::2] == ("plateau", "Worst pain 4, 4, 5, 4 over 3 weeks: hardly moves.")
    assert reason(a_steady_runner(6, 4, 4, 5, 4, 4), knowledge, week(6))[::2] == ("plateau", "Worst pain 4, 4, 5, 4, 4 over 4 weeks: hardly moves.")


def test_a_slow_gain_is_no_plateau_though_noise_could_explain_it(knowledge):
    for pains in ((5, 5, 4, 4), (6, 5, 5, 5, 4)):
        told = tuple(a_check_in(at, pain_worst=pain) for at, pain in enumerate(pains, start=1))
        assert reason(a_steady_runner(check_ins=told), knowledge, week(len(pains)))[0] == "on_course"


def test_who_gets_worse_stands_on_no_plateau(knowledge):
    rising = tuple(a_check_in(at, pain_worst=pain) for at, pain in enumerate((3, 3, 4, 5), start=1))
    assert reason(a_steady_runner(check_ins=rising), knowledge)[0] == "on_course"
    risen = caseload([a_steady_runner(3, 3, 3, 3, 8)], knowledge, week(5))[0]
    assert "worsening" in risen.all_reasons and "plateau" not in risen.all_reasons


def test_a_plateau_asks_for_work_over_the_weeks_not_for_the_last_one_alone(knowledge):
    idle = a_steady_runner(programs=(a_program(starts_on=week(1)),), check_ins=tuple(
        a_check_in(at, pain_worst=4, sessions_done=done, sessions_prescribed=14) for at, done in enumerate((4, 4, 4, 12), start=1)))
    assert reason(idle, knowledge)[0] == "on_course"
    slack = a_steady_runner(check_ins=tuple(a_check_in(at, pain_worst=4, sessions_done=done, sessions_prescribed=14)
                                            for at, done in enumerate((14, 14, 14, 7), start=1)))
    assert "plateau" in caseload([slack], knowledge, week(4))[0].all_reasons
    untold = a_steady_runner(check_ins=tuple(a_check_in(at, pain_worst=4) for at in (1, 2, 3, 4)))
    assert reason(untold, knowledge)[0] == "plateau"


def test_a_measure_without_an_important_change_knows_no_plateau():
    points = [Point(week(at), 4, "check-in") for at in range(5)]
    assert stands_still(points, worst_pain())
    assert not stands_still(points, worst_pain(mic=None))


def test_pain_of_long_ago_does_not_hurt_now():
    points = [Point(week(at), 6, "check-in") for at in range(5)]
    assert still_hurts(points, week(4), 2.5)
    assert not still_hurts(points, week(8), 2.5)


def test_low_pain_a_fall_or_too_few_values_are_no_plateau(knowledge):
    assert reason(a_steady_runner(2, 2, 2, 2), knowledge)[0] == "on_course"
    assert reason(a_steady_runner(6, 5, 4, 3), knowledge)[0] == "on_course"
    assert reason(a_steady_runner(4, 4), knowledge, week(2))[0] == "on_course"
    crowded = a_steady_runner(4, observations=[an_observation("pain_worst", 4, START + timedelta(days=at)) for at in (1, 3)])
    assert reason(crowded, knowledge, week(1))[0] == "on_course"


def test_a_gain_in_the_questionnaire_is_no_plateau(knowledge):
    gained = [an_observation("akps", 60), an_observation("akps", 62, week(2)), an_observation("akps", 85, week(4))]
    assert reason(a_steady_runner(4, 4, 4, 4, observations=gained), knowledge)[0] == "on_course"
    stuck = [an_observation("akps", 60), an_observation("akps", 62, week(2)), an_observation("akps", 60, week(4))]
    assert reason(a_steady_runner(4, 4, 4, 4, observations=stuck), knowledge)[0] == "plateau"


def test_a_questionnaire_that_got_really_worse_is_named_with_its_values(knowledge):
    worse = [an_observation("akps", value, week(at)) for at, value in enumerate((85, 75, 65, 55))]
    assert reason(a_steady_runner(3, 3, 3, observations=worse), knowledge, week(3)) == (
        "worsening", TODAY, "Anterior knee pain scale worse: 85 to 55 over 4 values.")


def test_weeks_of_faithful_work_without_gain_are_a_plateau_as_the_review_says(knowledge):
    values = [an_observation("akps", 60), an_observation("akps", 61, week(5))]
    stuck = a_steady_runner(6, 6, 5, 4, 4, 3, observations=values)
    assert reason(stuck, knowledge, week(6)) == ("plateau", LOOK, "No real gain in 6 weeks of faithful work: AKPS 60 to 61.")
    for gain in (an_observation("groc", 3, week(5), side=Side.NONE), an_observation("akps", 90, week(6))):
        assert reason(a_steady_runner(6, 6, 5, 4, 4, 3, observations=[*values, gain]), knowledge, week(6))[0] == "on_course"


def test_too_few_sessions_are_named(knowledge):
    case = a_steady_runner(check_ins=weeks_of(4, 3, 2, 1, sessions_done=6))
    assert reason(case, knowledge) == ("low_adherence", LOOK, "43 % of sessions done in the last week (below 60 %).")


def test_tape_and_orthosis_past_their_time_are_named(knowledge):
    tape = TapeNote(AffectedSide.RIGHT, (TapeComponent.GLIDE,), "inwards", "sport", START, week(4))
    orthosis = DeviceNote("orthosis_prefab", AffectedSide.RIGHT, "pronation", "all day", START, week(6))
    taped = a_steady_runner(5, 4, 3, 2, 2, programs=(a_program(tape=tape),))
    assert reason(taped, knowledge, week(5)) == ("support_overdue", LOOK, "Tape for 5 weeks (stop at 4).")
    propped = a_steady_runner(5, 4, 3, 2, 2, 1, 1, programs=(a_program(devices=(orthosis,)),))
    assert reason(propped, knowledge, week(7))[2] == "Orthosis for 7 weeks (stop at 6)."
    assert reason(propped, knowledge, week(6))[0] == "on_course"


def test_the_stop_date_that_was_written_down_is_remembered(knowledge):
    tape = TapeNote(AffectedSide.RIGHT, (TapeComponent.GLIDE,), "inwards", "sport", week(1), week(2))
    sleeve = DeviceNote("brace_sleeve", AffectedSide.RIGHT, "owns it", "sport", week(1), week(3))
    worn = a_steady_runner(5, 4, 3, 2, 2, programs=(a_program(tape=tape, devices=(sleeve,)),))
    assert reason(worn, knowledge, week(2))[0] == "on_course", "the last day itself is still allowed"
    assert reason(worn, knowledge, week(3)) == ("support_overdue", LOOK, f"Tape was to stop on {day_text(week(2), year=False)} (7 days ago).")
    bare = a_steady_runner(5, 4, 3, 2, 2, 2, programs=(a_program(devices=(sleeve,)),))
    assert "sleeve" in reason(bare, knowledge, week(4))[2].lower()


def test_reached_goals_or_full_return_are_near_discharge(knowledge):
    case = a_steady_runner(observations=[an_observation("akps", 60), an_observation("akps", 90, week(4))],
                           episode={"goals": (a_goal("akps", 85, week(8)),)})
    assert reason(case, knowledge) == ("near_discharge", LOOK, "All goals reached: plan the discharge.")
    free = a_steady_runner(programs=(a_program(phase=4),), observations=[
        an_observation("walk_30_pain", 0, week(4), PERSON), an_observation("stroke_test", "0", week(4)),
        *(an_observation(f"{test}_force", 200, week(4), side) for test in ("hip_abduction", "knee_extension") for side in (LEFT, "right")),
    ], runs=tuple(a_run(week(4) - timedelta(days=at), 6, 0, minutes=35) for at in (0, 2, 4)))
    assert reason(free, knowledge)[2] == "Runs freely (phase 4): look at the goals and plan the discharge."


def test_a_paused_episode_is_left_in_peace(knowledge):
    case = a_steady_runner(4, 4, 4, 4, check_ins=weeks_of(4, 4, 4, 4, sessions_done=1), episode={"status": EpisodeStatus.PAUSED})
    assert reason(case, knowledge, week(8)) == ("on_course", CALM, "Episode paused.")


def test_one_who_told_nothing_lately_says_so(knowledge):
    assert reason(a_steady_runner(check_ins=(), visits=(a_visit(week(4)),)), knowledge)[2] == "On course: no pain told lately."


def a_nap(alert, until, at=None):
    return Snooze("snooze", "episode", alert, until, "on holiday", "anna", at)


def test_a_reason_put_to_sleep_gives_way_to_the_next_until_its_day(knowledge):
    case = a_steady_runner(2, 2, 2, 5, planned=(a_planned(week(3)),), snoozes=(a_nap("worsening", week(5)),))
    row = caseload_row(case, knowledge, week(4))
    assert (row.reason_id, row.snoozed_until, row.snoozed_reason) == ("overdue", week(5), "on holiday")
    assert caseload_row(replace(case, snoozes=(a_nap("worsening", week(4)),)), knowledge, week(4)).reason_id == "worsening"
    assert caseload_row(replace(case, snoozes=(a_nap("on_course", week(9)),)), knowledge, week(4)).snoozed_until is None


def test_a_red_flag_wakes_when_something_new_was_found_since(knowledge):
    flagged = [an_observation("locking", 1, week(3))]
    slept = a_nap("red_flag", week(6), datetime(2026, 1, 27, 12))
    assert reason(a_steady_runner(observations=flagged, snoozes=(slept,)), knowledge)[0] == "on_course"
    more = [*flagged, an_observation("pain_worst", 2, week(4))]
    assert reason(a_steady_runner(observations=more, snoozes=(slept,)), knowledge)[0] == "red_flag"
    assert reason(a_steady_runner(observations=flagged, snoozes=(a_nap("red_flag", week(6)),)), knowledge)[0] == "red_flag"


def test_the_list_is_in_the_order_of_what_a_minute_is_worth(knowledge):
    tape = TapeNote(AffectedSide.RIGHT, (TapeComponent.GLIDE,), "inwards", "sport", START - timedelta(days=14), week(4))
    people = {
        "red_flag": a_steady_runner(observations=[an_observation("locking", 1, week(3))]),
        "worsening": a_steady_runner(2, 2, 2, 5),
        "overdue": a_steady_runner(planned=(a_planned(week(3)),)),
        "stopped_checking_in": a_steady_runner(5, 4),
        "plateau": a_steady_runner(4, 4, 4, 4),
        "low_adherence": a_steady_runner(check_ins=weeks_of(4, 3, 2, 1, sessions_done=6)),
        "support_overdue": a_steady_runner(programs=(a_program(tape=tape),)),
        "near_discharge": a_steady_runner(observations=[an_observation("akps", 90, week(4))], episode={"goals": (a_goal("akps", 85, week(8)),)}),
        "on_course": a_steady_runner(),
    }
    closed = a_steady_runner(episode={"status": EpisodeStatus.DISCHARGED})
    rows = caseload([closed, *reversed(people.values())], knowledge, week(4))
    assert [row.reason_id for row in rows] == list(people) == list(REASON_IDS)


def test_of_two_alike_the_heavier_comes_first(knowledge):
    more, less = a_steady_runner(2, 2, 2, 7, 7), a_steady_runner(2, 2, 2, 5)
    more = replace(more, check_ins=more.check_ins[:4], patient=replace(more.patient, family_name="Zimmer"))
    assert [row.name for row in caseload([less, more], knowledge, week(4))] == ["Rosa Zimmer", "Rosa Field"]


def test_a_row_holds_what_the_list_shows(knowledge):
    row = caseload_row(a_steady_runner(), knowledge, week(4))
    assert (row.name, row.number, row.age, row.side, row.phase, row.week) == ("Rosa Field", "1001", 33, AffectedSide.RIGHT, 1, 5)
    assert row.pain_points == (5, 4, 3, 2)
    assert [round(one) for one in row.adherence_points] == [93] * 4
    assert (row.verdict, row.measure) == (Verdict.BETTER, "pain_worst")
    assert (row.next_visit, row.overdue_days, row.therapist) == (None, 0, "anna")
