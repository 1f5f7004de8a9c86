"""Sessions done and kilometres run."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from progress_builders import START, a_check_in, a_day, a_program, a_run, a_runner, an_item, week

from kneeclinic.progress.adherence import adherence, program_on
from kneeclinic.progress.isotonic import rising_fit
from kneeclinic.progress.load import descent_threshold, load_history, load_rise, pain_threshold, running_threshold


def test_adherence_is_told_by_week_and_not_told_is_not_zero():
    case = a_runner(check_ins=(a_check_in(1, sessions_done=7, sessions_prescribed=14), a_check_in(2), a_check_in(3, sessions_done=14,
                    sessions_prescribed=14)))
    found = adherence(case, week(3))
    assert [one.percent for one in found.by_week] == [50, None, 100]
    assert found.percent_7d == 100
    assert adherence(a_runner(), week(3)).percent_7d is None


def test_adherence_by_exercise_counts_the_days_that_were_ticked():
    program = a_program(an_item("clamshell"), an_item("bridge", days_per_week=2))
    days = (a_day(START, "clamshell", "bridge"), a_day(week(0.5), "clamshell"))
    case = a_runner(programs=(program,), check_ins=(a_check_in(1, days=days), a_check_in(2, sessions_done=3)))
    found = adherence(case, week(2))
    assert (found.by_exercise["clamshell"].done, found.by_exercise["clamshell"].prescribed) == (2, 3)
    assert found.by_exercise["bridge"].percent == 50
    assert found.by_week[0].percent == 60


@pytest.mark.parametrize(("begins", "due"), [(0, 13), (3, 6), (6, 2)])
def test_the_week_in_which_the_program_began_asks_only_for_the_days_since(begins, due):
    """Daily, three a week as the patient likes, three on Monday, Wednesday and Sunday."""
    items = (an_item("clamshell", days_per_week=7), an_item("bridge", days_per_week=3), an_item("step_up_10", days_per_week=3, days=(0, 2, 6)))
    case = a_runner(programs=(a_program(*items, starts_on=START + timedelta(days=begins)),), check_ins=(a_check_in(1, sessions_done=2),))
    assert adherence(case, week(1)).by_week[0].prescribed == due
    later = replace(case, programs=(*case.programs, a_program(*items, version=2, starts_on=week(1) + timedelta(days=5))),
                    check_ins=(a_check_in(2, sessions_done=2),))
    assert adherence(later, week(2)).by_week[0].prescribed == 13, "only the first version counts from its day"


def test_days_before_the_first_program_are_not_held_against_anybody():
    case = a_runner(programs=(a_program(starts_on=week(4)),), check_ins=(a_check_in(1, days=(a_day(START, "clamshell"),)),))
    assert adherence(case, week(2)).by_exercise == {}
    assert program_on(case, week(1)) is None


def test_load_history_ends_today_and_leaves_silent_weeks_open():
    case = a_runner(runs=(a_run(week(0), 5), a_run(week(2), 8)))
    assert [one.km for one in load_history(case, week(2), weeks=3)] == [5, None, 8]
    assert load_history(case, week(2))[-1].last_day == week(2)


def test_a_rise_above_thirty_per_cent_in_two_weeks_is_a_warning(knowledge):
    calm = a_runner(runs=tuple(a_run(week(at), 10) for at in range(4)))
    fast = a_runner(runs=tuple(a_run(week(at), km) for at, km in enumerate((10, 10, 15, 15))))
    assert not load_rise(calm, knowledge, week(3)).is_warning
    assert load_rise(fast, knowledge, week(3)).percent == 50
    assert load_rise(fast, knowledge, week(3)).is_warning
    assert not load_rise(a_runner(), knowledge, week(3)).is_warning


def runs_of(pairs, **fields):
    return tuple(a_run(START + timedelta(days=2 * at), km, pain, **fields) for at, (km, pain) in enumerate(pairs))


def test_the_pain_threshold_is_where_rising_pain_passes_two(knowledge):
    case = a_runner(runs=runs_of([(3, 0), (4, 1), (5, 1), (6, 2), (7, 3), (8, 4), (9, 5), (10, 6), (6, 2), (5, 2)], settled_within_60_min=True))
    found = pain_threshold(case, knowledge, week(4))
    assert found is not None and found.km is not None
    assert 5.5 <= found.km <= 7
    assert found.low <= found.km <= found.high
    assert found.tolerated_km == 6
    assert found.ceiling_km == pytest.approx(5.4)
    assert found.sentence.startswith(f"Up to {found.km:.1f} km (")
    assert "stayed at 2/10 or below and settled." in found.sentence
    assert found.sentence.endswith("Ceiling of next week's longest run: 5.4 km (90 % of 6.0 km, where pain begins).")
    assert [pain for _, pain in found.steps] == sorted(pain for _, pain in found.steps)


def test_a_knee_that_recovers_is_not_held_to_the_short_painful_runs_of_weeks_ago(knowledge):
    """Two runs a week, each week longer and less painful: counted alike, pain would be above 2/10 at every distance."""
    weeks = [(3.0, 5), (3.4, 5), (3.8, 4), (4.2, 3), (4.8, 2), (5.4, 1), (6.0, 0), (6.6, 0)]
    runs = tuple(a_run(week(at) + timedelta(days=day), km + day / 10, pain, settled_within_60_min=pain < 4)
                 for at, (km, pain) in enumerate(weeks) for day in (1, 4))
    case = a_runner(runs=runs)
    assert sum(pain for _, pain in weeks) / len(weeks) > 2
    found = pain_threshold(case, knowledge, week(8))
    assert found.within
    assert found.ceiling_km == pytest.approx(0.9 * 7.0)
    assert "walk-run or rest" not in found.sentence


def test_a_knee_that_got_worse_is_not_praised_for_the_long_runs_of_weeks_ago(knowledge):
    early = [a_run(week(at) + timedelta(days=day), 8 + at + day / 10, 1, settled_within_60_min=True) for at in range(5) for day in (1, 4)]
    late = [a_run(week(6 + at) + timedelta(days=day), 4 + at + day / 10, 4) for at in range(2) for day in (1, 4)]
    found = pain_threshold(a_runner(runs=(*early, *late)), knowledge, week(8))
    assert not found.within and found.ceiling_km is None


def test_the_day_of_looking_does_not_move_the_threshold(knowledge):
    """Every run ages alike: only new runs, and old ones that leave the window, change what is expected."""
    pairs = [(3, 0), (4, 1), (5, 1), (6, 2), (7, 3), (8, 4), (9, 5), (10, 6), (6, 2), (5, 2)]
    case = a_runner(runs=runs_of(pairs, settled_within_60_min=True))
    found = [pain_threshold(case, knowledge, week(4) + timedelta(days=late)) for late in (0, 3, 9)]
    assert found[0].km == pytest.approx(found[1].km) == pytest.approx(found[2].km)


def test_the_threshold_is_not_shown_from_few_runs_or_runs_of_one_length(knowledge):
    few = a_runner(runs=runs_of([(3, 0), (4, 1), (5, 3)]))
    alike = a_runner(runs=runs_of([(5, pain) for pain in (0, 1, 2, 3, 4, 3, 2, 1)]))
    silent = a_runner(runs=runs_of([(3 + at, None) for at in range(10)]))
    old = a_runner(runs=runs_of([(3 + at, 1) for at in range(10)]))
    assert [pain_threshold(case, knowledge, week(4)) for case in (few, alike, silent)] == [None] * 3
    assert pain_threshold(old, knowledge, week(30)) is None


def test_without_a_crossing_the_sentence_says_on_which_side_all_runs_are(knowledge):
    below = pain_threshold(a_runner(runs=runs_of([(3 + at, 1) for at in range(8)])), knowledge, week(4))
    above = pain_threshold(a_runner(runs=runs_of([(3 + at, 5) for at in range(8)])), knowledge, week(4))
    assert below.km is None and below.within and "up to 10.0 km" in below.sentence
    assert above.km is None and not above.within and "from 3.0 km on" in above.sentence


def test_next_mornings_pain_counts_when_it_is_worse(knowledge):
    runs = tuple(a_run(START + timedelta(days=at), 3 + at, 1, pain_next_morning=6) for at in range(8))
    assert not pain_threshold(a_runner(runs=runs), knowledge, week(4)).within


def test_the_interval_of_the_threshold_holds_the_true_distance_in_most_courses(knowledge):
    chance, held, told, courses = random.Random(5), 0, 0, 60
    for _ in range(courses):
        pairs = []
        for _ in range(18):
            km = chance.choice([2, 3, 4, 5, 6, 7, 8, 9, 10])
            pairs.append((km, min(10, max(0, round(2 + 0.7 * (km - 6) + chance.gauss(0, 0.8))))))
        found = pain_threshold(a_runner(runs=runs_of(pairs)), knowledge, week(6))
        if found is not None and found.km is not None:
            told += 1
            held += found.low <= 6 <= found.high
    assert told >= 0.95 * courses
    assert held >= 0.85 * told


def test_an_unknown_running_number_is_an_error(knowledge):
    with pytest.raises(StopIteration):
        running_threshold(knowledge, "no_such_number")


def test_invalid_runs_do_not_count(knowledge):
    runs = tuple(a_run(START + timedelta(days=at), 3 + at, 1, invalidated_at=datetime(2026, 2, 1)) for at in range(10))
    assert pain_threshold(a_runner(runs=runs), knowledge, week(4)) is None


NUMBERS = st.lists(st.floats(-50, 50), min_size=1, max_size=12)


@given(NUMBERS)
def test_the_fit_never_falls_and_keeps_the_mean(values):
    fitted = rising_fit(values, [1.0] * len(values))
    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(fitted))
    assert sum(fitted) == pytest.approx(sum(values), abs=1e-6)


@given(NUMBERS)
def test_a_rising_series_is_its_own_fit(values):
    assert rising_fit(sorted(values), [1.0] * len(values)) == sorted(values)


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 3)), min_size=1, max_size=8))
def test_a_weight_counts_like_so_many_equal_points(pairs):
    values, weights = [float(value) for value, _ in pairs], [float(weight) for _, weight in pairs]
    long = rising_fit([value for value, weight in pairs for _ in range(weight)], [1.0] * sum(weight for _, weight in pairs))
    short = [value for value, (_, weight) in zip(rising_fit(values, weights), pairs, strict=True) for _ in range(weight)]
    assert short == pytest.approx(long)


def test_a_run_that_did_not_settle_was_not_tolerated(knowledge):
    settled = a_runner(runs=runs_of([(3 + at, 1) for at in range(8)], settled_within_60_min=True))
    unsettled = a_runner(runs=runs_of([(3 + at, 1) for at in range(8)], settled_within_60_min=False))
    assert pain_threshold(settled, knowledge, week(4)).within
    assert not pain_threshold(unsettled, knowledge, week(4)).within


def test_the_ceiling_is_a_share_of_the_shorter_of_curve_and_longest_tolerated_run(knowledge):
    pairs = [(3, 1), (3.5, 2), (4, 3), (4.5, 3), (5, 4), (5.5, 3), (6, 4), (7, 5), (8, 1)]
    found = pain_threshold(a_runner(runs=runs_of(pairs, settled_within_60_min=True)), knowledge, week(4))
    assert found.tolerated_km == 8
    assert found.km < 4.5
    assert found.ceiling_km == pytest.approx(0.9 * found.km)


def test_downhill_metres_have_a_threshold_of_their_own(knowledge):
    def hilly(pains, metres=(0, 20, 40, 60, 80, 100, 120, 140)):
        return a_runner(runs=tuple(a_run(START + timedelta(days=2 * at), 5, pain, descent_m=down, settled_within_60_min=True)
                                   for at, (pain, down) in enumerate(zip(pains, metres, strict=True))))

    found = descent_threshold(hilly((0, 1, 1, 2, 3, 4, 5, 5)), knowledge, week(4))
    assert 55 <= found.metres <= 85
    assert found.low <= found.metres <= found.high
    assert found.sentence.startswith("Downhill, up to")
    assert "does not pass" in descent_threshold(hilly((1,) * 8), knowledge, week(4)).sentence
    assert descent_threshold(hilly((0, 1, 1, 2, 3, 4, 5, 5), (10, 12, 14, 16, 18, 20, 22, 24)), knowledge, week(4)) is None
    assert descent_threshold(a_runner(runs=runs_of([(3 + at, at % 5) for at in range(9)])), knowledge, week(4)) is None
