"""One line of typing fills many fields, and nothing is guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeclinic.knowledge import Knowledge, load_knowledge
from kneeclinic.rules.shorthand import LONGEST_LINE, read_line
from kneeclinic.rules.validation import check_value
from kneeclinic.vocabulary import MeasureKind, MeasureSides, Side

L, R, N = Side.LEFT, Side.RIGHT, Side.NONE
KNOWLEDGE = load_knowledge()


def understood(line: str) -> list[tuple[str, Side, object]]:
    reading = read_line(KNOWLEDGE, line)
    assert reading.problems == ()
    return [(one.measure, one.side, one.value) for one in reading.values]


def problem(line: str) -> str:
    reading = read_line(KNOWLEDGE, line)
    assert reading.values == ()
    return reading.problems[0].why


def test_the_line_of_a_busy_therapist_is_understood() -> None:
    assert understood("stroke R 1+; fpi L 6 R 8; lsd R 3 L 1; hipabd R 182 L 214; worst R 5; squat R 4; akps R 74") == [
        ("stroke_test", R, "1+"), ("fpi6", L, 6), ("fpi6", R, 8), ("lateral_step_down", R, 3), ("lateral_step_down", L, 1),
        ("hip_abduction_force", R, 182), ("hip_abduction_force", L, 214), ("pain_worst", R, 5), ("pain_squat", R, 4), ("akps", R, 74),
    ]


@pytest.mark.parametrize("line", ["worst r5", "WORST R 5", "Worst  pain right 5", "pain_worst r 5/10", "worst: R = 5", "worst R 5,"])
def test_the_same_value_may_be_typed_in_many_ways(line: str) -> None:
    assert understood(line) == [("pain_worst", R, 5)]


@pytest.mark.parametrize(("line", "expected"), [
    ("cadence 162 steps/min", [("cadence", N, 162)]),
    ("speed 10,5", [("run_speed", N, 10.5)]),
    ("stroke both trace", [("stroke_test", L, "trace"), ("stroke_test", R, "trace")]),
    ("strike L fore R rear", [("foot_strike", L, "forefoot"), ("foot_strike", R, "rearfoot")]),
    ("locks R", [("locking", R, 1)]), ("locks R no L +", [("locking", R, 0), ("locking", L, 1)]),
    ("fear yes", [("avoids_activity", N, 1)]),
    ("ely R 110 deg L 130°", None),
])
def test_units_choices_flags_and_both_knees(line: str, expected: list | None) -> None:
    if expected is None:
        assert "a number is needed" in problem(line)
    else:
        assert understood(line) == expected


@pytest.mark.parametrize(("line", "why"), [
    ("worst 5", "say which knee"), ("worst R", "the value is missing"), ("worst R 11", "0 to 10"), ("worst R 5.5", "whole number"),
    ("wrost R 5", "did you mean pain_worst"), ("zzzz 5", "no measure is called so"), ("worst R five", "a number is needed"),
    ("worst R 5 R 6", "given twice"), ("stroke R 4+", "is allowed"), ("strike R x", "is allowed"), ("locks R maybe", "yes or no"),
    ("5", "no measure is called so"), ("hip_abduction_lsi R 90", "no measure is called so"),
])
def test_what_is_not_understood_is_named_with_the_reason(line: str, why: str) -> None:
    assert why in problem(line)


def test_one_bad_part_does_not_lose_the_good_ones() -> None:
    reading = read_line(KNOWLEDGE, "worst R 5; nonsense; akps R 74")
    assert [one.measure for one in reading.values] == ["pain_worst", "akps"]
    assert [one.part for one in reading.problems] == ["nonsense"]


def test_a_value_given_twice_is_a_problem_and_the_first_stands() -> None:
    reading = read_line(KNOWLEDGE, "worst R 5; worst R 6")
    assert [one.value for one in reading.values] == [5]
    assert "twice" in reading.problems[0].why


def test_an_unusual_value_comes_with_a_question() -> None:
    [one] = read_line(KNOWLEDGE, "cadence 110").values
    assert one.question


def test_a_line_without_end_is_refused_whole() -> None:
    assert "in two" in problem("worst R 5; " * LONGEST_LINE)


NAMES = [name for one in KNOWLEDGE.measures.values() for name in (one.id, one.label, *one.aliases)]
PIECES = st.one_of(st.sampled_from(NAMES), st.sampled_from(["R", "L", "both", ";", ",", "\n", "yes", "no", "1+", "trace", "+", "-", "=", "6/10"]),
                   st.integers(-1000, 10_000).map(str), st.floats().map(str), st.text(max_size=8))


@settings(max_examples=10_000, deadline=None)
@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_ten_thousand_lines_never_raise_and_nothing_beyond_a_limit_comes_out(line: str) -> None:
    for one in read_line(KNOWLEDGE, line).values:
        measure = KNOWLEDGE.measure(one.measure)
        assert not measure.derived
        assert check_value(measure, one.side, one.value).value == one.value
        if measure.hard is not None and measure.kind is not MeasureKind.CHOICE:
            assert measure.hard[0] <= float(one.value) <= measure.hard[1]


def with_another(id: str, **changes: object) -> Knowledge:
    """The knowledge of a clinic that added a measure of its own, made from worst pain."""
    own = KNOWLEDGE.measures["pain_worst"].model_copy(update={"id": id, "label": id, "short": "", "aliases": ()} | changes)
    return replace(KNOWLEDGE, measures={**KNOWLEDGE.measures, id: own})


def test_a_word_that_two_measures_share_is_not_guessed() -> None:
    reading = read_line(with_another("pain_worst_uphill", aliases=("worst",)), "worst R 5")
    assert reading.values == () and "pain_worst or pain_worst_uphill" in reading.problems[0].why


def test_a_measure_of_words_takes_what_was_typed() -> None:
    own = with_another("shoe_model", kind=MeasureKind.TEXT, sides=MeasureSides.NONE, hard=None, soft=None)
    reading = read_line(own, "shoe_model Racer7")
    assert [(one.measure, one.value) for one in reading.values] == [("shoe_model", "Racer7")]
