"""Limits: what is impossible is refused by name, what is unusual is asked about."""

from __future__ import annotations

import pytest

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.rules.validation import check_together, check_value, find_measure
from kneeclinic.vocabulary import KM_RUN, PAIN, SETS, MeasureKind, Refused, Side


@pytest.mark.parametrize(
    ("measure", "side", "value", "kept"),
    [
        ("pain_worst", "right", 10, 10.0),
        ("pain_worst", Side.LEFT, 0, 0.0),
        ("stroke_test", "left", "trace", "trace"),
        ("stroke_test", "left", 0, "0"),
        ("locking", "right", True, 1.0),
        ("locking", "right", 0, 0.0),
        ("tsk11", None, 30, 30.0),
        ("fpi6", "right", -12, -12.0),
        ("body_mass", "none", 62.5, 62.5),
        ("hip_abduction_lsi", "right", 84, 84.0),
    ],
)
def test_an_allowed_value_is_kept(knowledge: Knowledge, measure: str, side: object, value: object, kept: object) -> None:
    assert check_value(knowledge.measure(measure), side, value).value == kept  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("measure", "side", "value", "words"),
    [
        ("pain_worst", "right", 11, "pain_worst: 11 came; a whole number from 0 to 10"),
        ("pain_worst", "right", -1, "pain_worst: -1 came"),
        ("pain_worst", "right", 3.5, "pain_worst: 3.5 came; a whole number"),
        ("pain_worst", "right", "five", "pain_worst: 'five' came"),
        ("pain_worst", "right", True, "pain_worst: True came"),
        ("pain_worst", "right", None, "pain_worst: nothing came"),
        ("pain_worst", "right", float("nan"), "pain_worst: nan came"),
        ("pain_worst", "both", 3, "pain_worst: side: 'both' came; left or right is allowed"),
        ("pain_worst", "", 3, "pain_worst: side: no side came"),
        ("tsk11", "left", 30, "tsk11: side: 'left' came; no side is allowed"),
        ("stroke_test", "left", "4+", "stroke_test: '4+' came; 0, trace, 1+, 2+, 3+ are allowed"),
        ("locking", "left", 2, "locking: 2 came; 0 (no) or 1 (yes) is allowed"),
        ("locking", "left", "yes", "locking: 'yes' came"),
        ("hip_abduction_force", "left", 9, "hip_abduction_force: 9 came; a number from 10 to 1500 N is allowed"),
        ("akps", "left", 67.5, "akps: 67.5 came; a whole number from 0 to 100"),
        ("body_mass", None, "x" * 200, "…"),
    ],
)
def test_an_impossible_value_is_refused_in_one_line(knowledge: Knowledge, measure: str, side: object, value: object, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_value(knowledge.measure(measure), side, value)  # type: ignore[arg-type]
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 200


def test_an_unusual_value_is_asked_about_and_a_usual_one_is_not(knowledge: Knowledge) -> None:
    force = knowledge.measure("hip_abduction_force")
    assert "500 N is unusual (50 to 350 expected)" in (check_value(force, "left", 500).question or "")
    assert check_value(force, "left", 200).question is None


def test_a_text_is_kept_up_to_its_length(knowledge: Knowledge) -> None:
    words = knowledge.measure("pain_worst").model_copy(update={"id": "words", "kind": MeasureKind.TEXT})
    assert check_value(words, "left", "worse on stairs").value == "worse on stairs"
    for wrong in ("x" * 2001, 3):
        with pytest.raises(Refused, match=r"words: .* a text of at most 2000 characters"):
            check_value(words, "left", wrong)


def test_answers_make_the_score_and_must_agree_with_a_total(knowledge: Knowledge) -> None:
    fpi = knowledge.measure("fpi6")
    assert check_value(fpi, "left", None, (1, 1, 1, 1, 1, 1)).value == 6
    assert check_value(fpi, "left", 6, (1, 1, 1, 1, 1, 1)).items == (1, 1, 1, 1, 1, 1)
    with pytest.raises(Refused, match="fpi6: 7 came as the total; the items add up to 6"):
        check_value(fpi, "left", 7, (1, 1, 1, 1, 1, 1))
    with pytest.raises(Refused, match="fpi6: item 2: 'x' came"):
        check_value(fpi, "left", None, (1, "x", 1, 1, 1, 1))  # type: ignore[arg-type]
    with pytest.raises(Refused, match="pain_worst: items came"):
        check_value(knowledge.measure("pain_worst"), "left", None, (1,))


def test_a_scaled_up_score_is_asked_about(knowledge: Knowledge) -> None:
    assert "18 of 20" in (check_value(knowledge.measure("lefs"), None, None, (3,) * 18 + (None, None)).question or "")


@pytest.mark.parametrize(
    ("id", "near"),
    [("pain_wurst", "pain_worst"), ("hip_abduction", "hip_abduction_force"), ("Kujala", "akps"), ("stroketest", "stroke_test")],
)
def test_an_unknown_measure_is_refused_with_what_comes_near(knowledge: Knowledge, id: str, near: str) -> None:
    with pytest.raises(Refused, match="is no measure; did you mean") as refusal:
        find_measure(knowledge, id)
    assert near in str(refusal.value)


@pytest.mark.parametrize("id", ["", "zzzzqqq"])
def test_a_name_that_resembles_nothing_is_refused_without_a_guess(knowledge: Knowledge, id: str) -> None:
    with pytest.raises(Refused, match="is no measure"):
        find_measure(knowledge, id)


def test_what_the_record_of_the_patient_tells_is_not_entered(knowledge: Knowledge) -> None:
    with pytest.raises(Refused, match="age: is taken from the patient's record"):
        find_measure(knowledge, "age")


def test_worst_pain_below_usual_pain_is_refused_on_the_same_knee_only() -> None:
    check_together([("pain_usual", Side.LEFT, 5.0), ("pain_worst", Side.RIGHT, 3.0)])
    check_together([("pain_usual", Side.LEFT, 5.0), ("pain_worst", Side.LEFT, 5.0)])
    with pytest.raises(Refused, match="pain_worst, left: 3 came; 5 or more is allowed"):
        check_together([("pain_usual", Side.LEFT, 5.0), ("pain_worst", Side.LEFT, 3.0)])


def test_a_number_without_a_unit_is_refused_without_a_hole_in_the_sentence() -> None:
    assert SETS.refusal(99) == "Sets: 99 is not allowed; enter 1 to 10."
    assert SETS.question(7) == "Sets: 7 is unusual (1 to 5 expected). Is it right?"
    assert PAIN.refusal(11) == "Pain: 11/10 is not allowed; enter 0 to 10."
    assert KM_RUN.refusal(500) == "Distance: 500 km is not allowed; enter 0 to 200 km."
