"""This week against last week."""

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
    a_day,
    a_program,
    a_run,
    a_runner,
    an_item,
    an_observation,
    week,
)

from kneeclinic.progress.caseload import caseload_row
from kneeclinic.progress.review import weekly_review
from kneeclinic.progress.week import (
    PainWeek,
    effusion_week,
    green_sessions,
    groc,
    lowest_lsi,
    main_verdict,
    orthosis_weeks,
    pain_week,
    present_verdict,
    program_week,
    settled,
    tape_weeks,
    zone_of,
    zones,
)
from kneeclinic.record import DeviceNote, TapeNote
from kneeclinic.rules.facts import facts_of
from kneeclinic.vocabulary import AffectedSide, TapeComponent, Verdict


def test_a_rise_is_seen_even_when_the_review_is_held_some_days_after_the_check_in():
    case = a_runner(check_ins=(a_check_in(1, pain_worst=3), a_check_in(2, pain_worst=6)))
    for late in range(8):
        found = pain_week(case, "pain_worst", week(2) + timedelta(days=late))
        assert (found.now, found.last, found.rise) == (6, 3, 3)


def test_pain_of_this_week_is_the_worst_that_was_told_in_it():
    case = a_runner(observations=[an_observation("pain_worst", 5, week(2) - timedelta(days=4))],
                    check_ins=(a_check_in(1, pain_worst=3), a_check_in(2, pain_worst=4)))
    assert (pain_week(case, "pain_worst", week(2)).now, pain_week(case, "pain_worst", week(2)).last) == (5, 3)


def test_a_missed_week_is_bridged_and_old_pain_is_not_this_weeks():
    case = a_runner(check_ins=(a_check_in(1, pain_worst=3), a_check_in(3, pain_worst=5)))
    assert pain_week(case, "pain_worst", week(3)).rise == 2
    assert pain_week(case, "pain_worst", week(6)).now is None
    assert pain_week(case, "pain_worst", week(6)).last == 5
    assert pain_week(case, "pain_worst", week(6)).rise is None
    lone = a_runner(check_ins=(a_check_in(1, pain_worst=3), a_check_in(6, pain_worst=5)))
    assert pain_week(lone, "pain_worst", week(6)).last is None
    assert pain_week(a_runner(), "pain_worst", week(6)).last is None


def test_effusion_of_the_worse_knee_is_set_against_the_test_before(knowledge):
    case = a_runner(observations=[
        an_observation("stroke_test", "0", week(1)), an_observation("stroke_test", "trace", week(2)),
        an_observation("stroke_test", "1+", week(1), side=LEFT), an_observation("stroke_test", "2+", week(2), side=LEFT),
    ])
    assert effusion_week(case, knowledge, week(2)) == ("2+", "1+")
    assert effusion_week(case, knowledge, START) == (None, None)
    old = a_runner(observations=[an_observation("stroke_test", "0"), an_observation("stroke_test", "1+", week(5))])
    assert effusion_week(old, knowledge, week(9)) == ("1+", None)


def test_the_course_is_judged_by_akps_or_koos_pf_then_lefs_then_pain(knowledge):
    def judged(*observations, **parts):
        found = main_verdict(a_runner(observations=list(observations), **parts), knowledge, week(8))
        return found.measure, found.verdict

    pain = tuple(a_check_in(number, pain_worst=worst) for number, worst in enumerate((7, 7, 6, 4, 3, 2), 1))
    once, gone = an_observation("akps", 62), an_observation("akps", 64, week(6))
    assert judged(once, check_ins=pain) == ("pain_worst", Verdict.BETTER)
    assert judged(once, gone, check_ins=pain) == ("akps", Verdict.NO_REAL_CHANGE)
    assert judged(once, gone, an_observation("koos_pf", 40), an_observation("koos_pf", 80, week(6))) == ("koos_pf", Verdict.BETTER)
    assert judged(once, an_observation("lefs", 50, side=PERSON), an_observation("lefs", 51, week(6), side=PERSON))[0] == "lefs"
    assert judged(once) == ("pain_worst", Verdict.NOT_JUDGED)


def test_groc_and_lowest_symmetry_are_the_newest_known(knowledge):
    case = a_runner(observations=[
        an_observation("groc", 2, week(2), side=PERSON), an_observation("hip_abduction_force", 150),
        an_observation("hip_abduction_force", 200, side=LEFT), an_observation("knee_extension_force", 400),
        an_observation("knee_extension_force", 420, side=LEFT),
    ])
    assert groc(case, week(3)) == 2
    assert groc(case, START) is None
    assert lowest_lsi(facts_of(case, knowledge, week(3))) == 75
    assert lowest_lsi(facts_of(a_runner(), knowledge, week(3))) is None


@pytest.mark.parametrize(("pain", "morning", "zone"), [(0, None, "green"), (2, 2, "green"), (2, 4, "amber"), (3, None, "amber"), (5, 1, "amber"),
                                                       (6, None, "red"), (1, 7, "red")])
def test_next_morning_can_make_a_zone_worse_never_better(knowledge, pain, morning, zone):
    assert zone_of(knowledge, pain, morning) == zone


def test_sessions_come_from_days_runs_and_weeks_told_as_one_number(knowledge):
    days = (a_day(week(1), "clamshell", pain_worst=4), a_day(week(1) + timedelta(days=2), "clamshell", pain_worst=1),
            a_day(week(1) + timedelta(days=3), pain_worst=9))
    by_day = a_runner(check_ins=(a_check_in(2, days=days),), runs=(a_run(week(1) + timedelta(days=4), 5, 2), a_run(week(1), 4)))
    assert zones(by_day, knowledge, week(2)) == ("amber", "green", "green")
    assert green_sessions(by_day, knowledge, week(2)) == 2
    as_one = a_runner(check_ins=(a_check_in(1, pain_worst=2, sessions_done=9, sessions_prescribed=12),))
    assert green_sessions(as_one, knowledge, week(1)) == 2
    assert green_sessions(as_one, knowledge, week(5)) is None
    assert green_sessions(a_runner(check_ins=(a_check_in(1, pain_worst=2),)), knowledge, week(1)) is None


def test_settled_means_back_to_usual_or_green_next_morning(knowledge):
    def told(**fields):
        return settled(a_runner(check_ins=(a_check_in(1, pain_worst=6, **fields),)), knowledge, week(1))

    assert told(pain_usual=3, pain_next_morning=3) is True
    assert told(pain_usual=1, pain_next_morning=2) is True
    assert told(pain_usual=2, pain_next_morning=4) is False
    assert told() is None
    assert told(days=(a_day(START, pain_next_morning=5),)) is False


def tape(start, stop=None):
    return TapeNote(AffectedSide.RIGHT, (TapeComponent.GLIDE,), "inwards", "sport", start, stop or start + timedelta(weeks=4))


def test_tape_is_counted_from_when_it_was_first_laid_without_a_break(knowledge):
    versions = (a_program(version=1, tape=tape(week(0))), a_program(version=2, starts_on=week(2), tape=tape(week(2))))
    assert tape_weeks(a_runner(programs=versions), week(5)) == 5
    broken = (a_program(version=1, tape=tape(week(0))), a_program(version=2, starts_on=week(1)),
              a_program(version=3, starts_on=week(3), tape=tape(week(3))))
    assert tape_weeks(a_runner(programs=broken), week(5)) == 2
    assert tape_weeks(a_runner(programs=broken[:2]), week(5)) is None
    assert tape_weeks(a_runner(), week(5)) is None


def test_an_orthosis_is_counted_and_a_brace_is_not(knowledge):
    def device(name):
        return DeviceNote(name, AffectedSide.RIGHT, "pronation", "all day", week(0), week(6))

    worn = a_runner(programs=(a_program(devices=(device("orthosis_prefab"), device("brace_sleeve"))),))
    assert orthosis_weeks(worn, knowledge, week(7)) == 7
    assert orthosis_weeks(a_runner(programs=(a_program(devices=(device("brace_sleeve"),)),)), knowledge, week(7)) is None
    assert orthosis_weeks(a_runner(), knowledge, week(7)) is None


def test_the_week_of_the_program_counts_from_the_first_version():
    case = a_runner(programs=(a_program(starts_on=week(1)), a_program(version=2, starts_on=week(4))))
    assert (program_week(case, week(5)), program_week(case, week(0))) == (4, None)


def test_an_invalid_run_is_no_session(knowledge):
    case = a_runner(runs=(a_run(week(1), 5, 2, invalidated_at=datetime(2026, 1, 20)),))
    assert zones(case, knowledge, week(1)) == ()


def test_a_run_on_a_day_that_was_told_is_no_session_more(knowledge):
    """One green day with its run is one session: two are asked for before anything gets harder."""
    days = (a_day(START, "clamshell", pain_worst=4), a_day(START + timedelta(days=2), "clamshell", pain_worst=1, km=5))
    run = a_run(START + timedelta(days=2), 5, 1)
    case = a_runner(check_ins=(a_check_in(1, days=days),), runs=(run,))
    assert zones(case, knowledge, week(1)) == ("amber", "green")
    assert green_sessions(case, knowledge, week(1)) == 1
    sore = a_runner(check_ins=(a_check_in(1, days=days),), runs=(replace(run, pain_during=2, pain_next_morning=6),))
    assert zones(sore, knowledge, week(1)) == ("amber", "red"), "the worse of what the day and the run tell"
    alone = a_runner(check_ins=(a_check_in(1, days=days),), runs=(a_run(START + timedelta(days=4), 5, 1),))
    assert green_sessions(alone, knowledge, week(1)) == 2


def test_a_rise_over_missed_weeks_says_over_how_many(knowledge):
    case = a_runner(programs=(a_program(an_item()),), check_ins=(a_check_in(1, pain_worst=2), a_check_in(4, pain_worst=5)))
    assert pain_week(case, "pain_worst", week(4)) == PainWeek(5, 2, 3)
    because = weekly_review(case, knowledge, week(4)).decision.because
    assert because == ("worst pain up from 2 to 5 in 3 weeks",)
    assert caseload_row(case, knowledge, week(4)).reason == "Worst pain up 3 in 3 weeks, to 5/10."
    weekly = a_runner(programs=(a_program(an_item()),), check_ins=(a_check_in(3, pain_worst=2), a_check_in(4, pain_worst=5)))
    assert weekly_review(weekly, knowledge, week(4)).decision.because == ("worst pain up from 2 to 5 in a week",)


def test_a_rise_of_fluid_in_one_knee_is_not_hidden_by_an_equal_grade_that_stands_in_the_other(knowledge):
    old = [an_observation("stroke_test", "trace", week(number), LEFT) for number in (0, 1)]
    new = [an_observation("stroke_test", grade, week(number), RIGHT) for number, grade in ((0, "0"), (1, "trace"))]
    assert effusion_week(a_runner(observations=[*old, *new]), knowledge, week(1)) == ("trace", "0")
    mirrored = [replace(one, side=RIGHT if one.side is LEFT else LEFT) for one in (*old, *new)]
    assert effusion_week(a_runner(observations=mirrored), knowledge, week(1)) == ("trace", "0")


def test_a_stroke_test_repeated_on_one_day_is_one_look(knowledge):
    twice = [an_observation("stroke_test", grade, week(1), entered_at=datetime(2026, 1, 12, hour)) for grade, hour in (("0", 9), ("trace", 10))]
    assert effusion_week(a_runner(observations=twice), knowledge, week(1)) == ("trace", None)
    before = an_observation("stroke_test", "trace", START)
    assert effusion_week(a_runner(observations=[before, *twice]), knowledge, week(1)) == ("trace", "trace")


def test_a_rise_of_fluid_is_news_for_two_weeks_and_a_grade_stands_until_the_next_test(knowledge):
    case = a_runner(observations=[an_observation("stroke_test", "0"), an_observation("stroke_test", "trace", week(1))])
    assert effusion_week(case, knowledge, week(1)) == ("trace", "0")
    assert effusion_week(case, knowledge, week(1) + timedelta(days=13)) == ("trace", "0")
    assert effusion_week(case, knowledge, week(1) + timedelta(days=14)) == ("trace", None)


def test_a_questionnaire_of_a_month_ago_gives_way_to_the_pain_of_the_week(knowledge):
    flared = [an_observation("akps", 60), an_observation("akps", 58, week(4))]
    told = tuple(a_check_in(at, pain_worst=pain) for at, pain in enumerate((6, 6, 5, 6, 4, 3, 2, 2, 1), start=1))
    case = a_runner(observations=flared, check_ins=told)
    assert present_verdict(case, knowledge, week(6)) == main_verdict(case, knowledge, week(6)), "two weeks old still speaks"
    late = present_verdict(case, knowledge, week(9))
    assert (late.measure, late.verdict) == ("pain_worst", Verdict.BETTER)
    assert main_verdict(case, knowledge, week(9)).measure == "akps"


def test_of_an_old_and_a_fresh_questionnaire_the_fresh_one_speaks(knowledge):
    values = [an_observation("akps", 60), an_observation("akps", 61, week(4)), an_observation("koos_pf", 50), an_observation("koos_pf", 52, week(9))]
    assert present_verdict(a_runner(observations=values), knowledge, week(9)).measure == "koos_pf"


def test_an_old_questionnaire_stands_where_nothing_fresher_was_taken_twice(knowledge):
    values = [an_observation("akps", 60), an_observation("akps", 61, week(4))]
    assert present_verdict(a_runner(observations=values), knowledge, week(9)).measure == "akps"
    once = a_runner(observations=values, check_ins=(a_check_in(9, pain_worst=4),))
    assert present_verdict(once, knowledge, week(9)).measure == "akps"
