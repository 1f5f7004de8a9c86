"""Reasons in the words of a clinician: each value once, its limits as a range, both knees in one line."""

from __future__ import annotations

from kneeclinic.knowledge import Knowledge
from kneeclinic.rules.because import Because, told
from kneeclinic.vocabulary import Side


def test_two_limits_of_one_value_are_one_range(knowledge: Knowledge) -> None:
    age = (Because("age", Side.NONE, 14.0, ">=", 8.0), Because("age", Side.NONE, 14.0, "<=", 15.0))
    assert told(age, knowledge) == ("Age: 14 years (8 to 15 years)",)
    pain = (Because("pain_worst", Side.LEFT, 5.0, ">=", 3.0), Because("pain_worst", Side.LEFT, 5.0, "<=", 5.0))
    (line,) = told(pain, knowledge)
    assert line.endswith("(3 to 5/10)") and line.count("left") == 1


def test_the_same_on_both_knees_is_said_once_and_different_values_stay_apart(knowledge: Knowledge) -> None:
    same = tuple(Because("locking", side, 1.0, "==", 1.0) for side in (Side.LEFT, Side.RIGHT))
    (line,) = told(same, knowledge)
    assert ", both: yes" in line
    apart = (Because("pain_worst", Side.LEFT, 5.0, ">=", 3.0), Because("pain_worst", Side.RIGHT, 6.0, ">=", 3.0))
    assert len(told(apart, knowledge)) == 2
    carried = (Because("pain_worst", Side.LEFT, 5.0, ">=", 3.0), Because("pain_worst", Side.RIGHT, 5.0, ">=", 3.0, carried=True))
    assert len(told(carried, knowledge)) == 2, "a carried value is not told as measured"


def test_the_count_of_red_flags_is_not_told_beside_the_values_behind_it(knowledge: Knowledge) -> None:
    count, behind = Because("blocking_flags", Side.NONE, 1.0, ">=", 1.0), Because("locking", Side.LEFT, 1.0, "==", 1.0)
    assert told((count, behind), knowledge) == told((behind,), knowledge)
    assert told((count,), knowledge), "alone it still says why"


def test_limits_that_make_no_range_are_all_told(knowledge) -> None:
    (line,) = told([Because("pain_worst", Side.RIGHT, 5.0, ">", 3), Because("pain_worst", Side.RIGHT, 5.0, "<", 8)], knowledge)
    assert "above 3" in line and "below 8" in line and ", " in line.rpartition("(")[2]
