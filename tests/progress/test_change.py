"""Has it really changed? One verdict a series, with the numbers behind it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from progress_builders import a_measure, worst_pain

from kneeclinic.progress.change import PATIENT_WORDS, VERDICT_WORDS, judge, needed_by_a_pair
from kneeclinic.progress.noise import boundary, standard_error
from kneeclinic.vocabulary import Better, Refused, Verdict

AKPS = a_measure()
STRENGTH = a_measure(id="hip_abduction_force", label="Hip abduction", kind="number", unit="N", sdc=None, mic=None, sdc_percent=15,
                     hard=(10, 1500))
FEAR = a_measure(id="tsk11", label="Fear", better="lower", sdc=None, mic=4, hard=(11, 44))
GIRTH = a_measure(id="girth_joint_line", label="Girth", kind="number", better="neither", sdc=1, mic=None, hard=(20, 70))


@pytest.mark.parametrize(
    ("measure", "values", "expected"),
    [
        (AKPS, [62, 66], Verdict.NO_REAL_CHANGE),
        (AKPS, [62, 72], Verdict.POSSIBLY_BETTER),
        (AKPS, [62, 76], Verdict.POSSIBLY_BETTER),
        (AKPS, [62, 82], Verdict.BETTER),
        (AKPS, [62, 42], Verdict.WORSE),
        (AKPS, [62, 51], Verdict.POSSIBLY_WORSE),
        (AKPS, [62, 65, 68, 72, 75, 78, 82], Verdict.BETTER),
        (AKPS, [62, 80, 82, 81, 83, 80, 82], Verdict.BETTER),
        (AKPS, [62, 61, 63, 62, 72, 78, 84], Verdict.BETTER),
        (AKPS, [62, 60, 63, 61, 64, 62, 63], Verdict.NO_REAL_CHANGE),
        (worst_pain(), [6, 4], Verdict.POSSIBLY_BETTER),
        (worst_pain(), [6, 3], Verdict.BETTER),
        (worst_pain(), [3, 6], Verdict.WORSE),
        (worst_pain(), [6, 5, 5, 4, 4, 3, 2], Verdict.BETTER),
        (STRENGTH, [100, 110], Verdict.NO_REAL_CHANGE),
        (STRENGTH, [100, 116], Verdict.POSSIBLY_BETTER),
        (STRENGTH, [100, 120], Verdict.BETTER),
        (STRENGTH, [100, 80], Verdict.WORSE),
        (FEAR, [30, 28], Verdict.NO_REAL_CHANGE),
        (FEAR, [30, 20], Verdict.POSSIBLY_BETTER),
        (FEAR, [20, 30], Verdict.POSSIBLY_WORSE),
    ],
)
def test_a_series_gets_the_verdict_that_its_numbers_carry(measure, values, expected):
    assert judge(measure, values).verdict is expected


def test_more_looks_can_show_a_change_that_a_pair_cannot():
    assert judge(AKPS, [62, 77]).verdict is Verdict.POSSIBLY_BETTER
    assert judge(AKPS, [62, 77, 77, 77]).verdict is Verdict.BETTER


def test_beyond_noise_but_less_than_important_is_only_possibly_better():
    verdict = judge(a_measure(sdc=4, mic=10), [62, 68])
    assert (verdict.verdict, verdict.why) == (Verdict.POSSIBLY_BETTER, "Beyond noise, but less than the important change.")


def test_one_bad_value_after_a_good_course_is_not_hidden():
    assert judge(AKPS, [62, 80, 82, 81, 83, 82, 62]).verdict is Verdict.NO_REAL_CHANGE
    assert "back at the first" in judge(AKPS, [62, 80, 82, 81, 83, 82, 62]).why
    assert judge(AKPS, [62, 90, 90, 90, 90, 90, 66]).verdict is Verdict.POSSIBLY_BETTER
    assert "come back" in judge(AKPS, [62, 90, 90, 90, 90, 90, 66]).why
    assert judge(worst_pain(), [5, 3, 3, 2, 2, 3, 7]).verdict in (Verdict.POSSIBLY_WORSE, Verdict.WORSE)


@pytest.mark.parametrize(
    ("measure", "values", "why"),
    [
        (AKPS, [], "No value yet."),
        (AKPS, [62], "Only one value"),
        (AKPS, [62, math.nan], "Only one value"),
        (GIRTH, [38, 41], "Neither direction"),
        (a_measure(sdc=None, mic=None), [62, 90], "Neither the noise nor the important change"),
        (a_measure(sdc=None, mic=None, sdc_percent=15), [0, 90], "Neither the noise nor the important change"),
    ],
)
def test_what_cannot_be_judged_says_why(measure, values, why):
    verdict = judge(measure, values)
    assert verdict.verdict is Verdict.NOT_JUDGED
    assert verdict.why.startswith(why)


@pytest.mark.parametrize(
    ("measure", "values", "limit"),
    [(AKPS, [95, 100], "ceiling"), (AKPS, [62, 80], None), (worst_pain(), [1, 0], "floor"), (worst_pain(), [9, 10], "ceiling"),
     (STRENGTH, [100, 1500], None), (AKPS, [], None)],
)
def test_the_end_of_the_scale_is_named(measure, values, limit):
    assert judge(measure, values).limit == limit


def test_a_value_at_the_end_of_the_scale_says_that_further_change_cannot_show():
    assert "ceiling" in judge(AKPS, [95, 100]).why


def test_the_json_holds_exactly_the_agreed_fields():
    assert judge(AKPS, [62, 65, 76]).as_json() == {
        "measure": "akps", "n": 3, "first": 62, "last": 76, "change": 14, "sdc": 14, "mic": 10, "verdict": "possibly_better",
        "why": "At least the important change, but not beyond noise for 3 looks.", "limit": None,
    }
    assert judge(AKPS, [62.5]).as_json()["first"] == 62.5


def test_noise_of_a_strength_test_is_a_share_of_the_first_value():
    assert judge(STRENGTH, [200, 230]).sdc == 30
    assert judge(STRENGTH, [200, 230]).mic is None


def test_a_missing_look_and_a_second_value_of_the_same_day_leave_the_rest_as_it_was():
    plain = judge(AKPS, [62, 70, 80], [0, 2, 3])
    assert judge(AKPS, [62, math.nan, 70, 80], [0, 1, 2, 3]) == plain
    assert judge(AKPS, [62, 75, 70, 80], [0, 2, 2, 3]) == plain
    assert judge(AKPS, [70, 62, 80], [2, 0, 3]) == plain


@pytest.mark.parametrize(
    ("values", "weeks", "named"),
    [([62, 620], None, "620"), ([62, math.inf], None, "inf"), ([62, -1], None, "-1"), ([62, 70], [0], "one date"),
     ([62, 70], [0, math.nan], "not a time")],
)
def test_what_the_measure_does_not_allow_is_refused_by_name(values, weeks, named):
    with pytest.raises(Refused, match="akps") as refused:
        judge(AKPS, values, weeks)
    assert named in str(refused.value)


def test_a_measure_without_limits_still_refuses_what_is_no_number():
    with pytest.raises(Refused, match="a number is needed"):
        judge(a_measure(hard=None), [1, math.inf])


def test_the_interval_of_a_pair_is_the_change_give_or_take_the_sdc():
    verdict = judge(STRENGTH, [100, 130])
    assert verdict.low == pytest.approx(15)
    assert verdict.high == pytest.approx(45)
    assert judge(FEAR, [30, 20]).low is None


def test_every_verdict_has_words_for_therapist_and_patient():
    assert set(VERDICT_WORDS) == set(PATIENT_WORDS) == set(Verdict)
    verdict = judge(AKPS, [62, 65, 68, 72, 75, 78, 82])
    assert verdict.clinician_words.startswith("62 to 82 (7 values): better. Change by the trend +19.9")
    assert judge(AKPS, [62]).clinician_words == "Only one value: nothing to compare with."
    assert judge(FEAR, [30, 20]).clinician_words == (
        "30 to 20 (2 values): possibly better. At least the important change, but the noise of this measure is not known.")


SERIES = st.lists(st.integers(0, 100), min_size=2, max_size=14)
MIRROR = {Verdict.BETTER: Verdict.WORSE, Verdict.POSSIBLY_BETTER: Verdict.POSSIBLY_WORSE, Verdict.NO_REAL_CHANGE: Verdict.NO_REAL_CHANGE}
MIRROR |= {after: before for before, after in MIRROR.items()}


@given(SERIES)
def test_worse_is_the_mirror_of_better(values):
    assert judge(AKPS, [100 - value for value in values]).verdict is MIRROR[judge(AKPS, values).verdict]


@given(SERIES)
def test_a_measure_where_lower_is_better_reads_the_mirrored_series_alike(values):
    lower = a_measure(better=Better.LOWER)
    assert judge(lower, [100 - value for value in values]).verdict is judge(AKPS, values).verdict


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_pair_within_the_sdc_is_never_called_better_or_worse(first, last):
    if abs(last - first) <= 14:
        assert judge(AKPS, [first, last]).verdict not in (Verdict.BETTER, Verdict.WORSE)


@given(st.integers(0, 40), st.integers(0, 100), st.integers(2, 10))
def test_repeating_the_last_value_never_takes_better_back(first, last, times):
    if judge(AKPS, [first, last]).verdict is Verdict.BETTER:
        assert judge(AKPS, [first] + [last] * times).verdict is Verdict.BETTER


@given(SERIES, st.integers(-20, 20))
def test_moving_every_value_by_the_same_amount_changes_nothing(values, by):
    free = a_measure(hard=None)
    assert judge(free, [value + by for value in values]).verdict is judge(free, values).verdict


@given(SERIES, st.floats(0.1, 10))
def test_stretching_time_changes_nothing(values, factor):
    assert judge(AKPS, values, [factor * week for week in range(len(values))]).verdict is judge(AKPS, values).verdict


def test_a_pair_needs_more_than_the_sdc_and_rounding_only_adds_noise():
    assert boundary(2) * math.sqrt(2) * standard_error(14) > 14
    assert standard_error(2, step=1) > standard_error(2)


@pytest.mark.parametrize("value", [3.0, 7.0, 61.0])
@pytest.mark.parametrize("days", [(0, 6, 16), (0, 7, 13, 20, 29), (0, 3, 4)])
def test_equal_values_have_no_slope_whatever_their_dates(value, days):
    """No dust of binary fractions may choose which reading, and so which interval, is shown."""
    found = judge(a_measure(), [value] * len(days), [day / 7 for day in days])
    assert found.reading.kind == "present"
    assert found.reading.change == 0
    assert found.verdict is Verdict.NO_REAL_CHANGE


def test_a_pair_is_told_how_far_apart_it_must_be_and_nothing_where_nobody_knows() -> None:
    known = needed_by_a_pair(a_measure(sdc=14, mic=10), 60)
    assert known is not None
    assert judge(a_measure(sdc=14, mic=10), [60, 60 + math.ceil(known)]).verdict is Verdict.BETTER
    assert judge(a_measure(sdc=14, mic=10), [60, 60 + math.floor(known) - 1]).verdict is not Verdict.BETTER
    assert needed_by_a_pair(a_measure(sdc=None, mic=10), 60) is None
    assert needed_by_a_pair(a_measure(sdc=14, mic=10, better=Better.NEITHER), 60) is None
