"""What would change a suggestion: tried out, not guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.rules.because import Because
from kneeclinic.rules.suggest import suggest
from kneeclinic.rules.what_if import WhatIf, _beyond, what_if
from kneeclinic.vocabulary import Side
from tests.rules.builders import TODAY, a_runner


def changes(knowledge: Knowledge, *values: tuple, **patient: object) -> dict[tuple[str, str, str], WhatIf]:
    found = what_if(a_runner(knowledge, *values, **patient), knowledge, TODAY)
    return {(one.effect, one.rule, one.measure): one for one in found}


def test_the_single_change_that_silences_a_rule_is_told(knowledge: Knowledge) -> None:
    one = changes(knowledge, ("pain_worst", "right", 7))[("removes", "R05", "pain_worst")]
    assert (one.side, one.value, one.becomes, one.distance) == (Side.RIGHT, 7, 5, 2)
    assert one.sentence == "R05 would fall silent if Worst pain, last 7 days, right were 5/10 (now 7/10)."


def test_two_reasons_that_each_suffice_leave_no_single_change(knowledge: Knowledge) -> None:
    found = changes(knowledge, ("tsk11", 31), ("avoids_activity", 1))
    assert not [key for key in found if key[:2] == ("removes", "R37")]
    assert ("removes", "R37", "tsk11") in changes(knowledge, ("tsk11", 31))


def test_two_rows_of_a_rule_are_both_looked_at(knowledge: Knowledge) -> None:
    found = changes(knowledge, ("symptom_months", "right", 5), ("akps", "right", 60))
    assert not [key for key in found if key[:2] == ("removes", "R41")]
    assert changes(knowledge, ("akps", "right", 60))[("removes", "R41", "akps")].becomes == 70


def test_a_flag_a_choice_and_an_ordered_choice_can_be_turned(knowledge: Knowledge) -> None:
    assert changes(knowledge, ("avoids_activity", 1))[("removes", "R37", "avoids_activity")].becomes == 0
    tilt = changes(knowledge, ("patellar_tilt", "right", "hypomobile"))[("removes", "R21", "patellar_tilt")]
    assert (tilt.becomes, tilt.distance) == ("normal", None)
    assert changes(knowledge, ("stroke_test", "right", "1+"))[("removes", "R02", "stroke_test")].becomes == "trace"


def test_a_rule_that_nearly_fired_says_how_far_it_was(knowledge: Knowledge) -> None:
    found = changes(knowledge, ("pain_worst", "right", 5), ("slr_passive", "right", 72), ("tsk11", 12))
    near = found[("adds", "R05", "pain_worst")]
    assert (near.value, near.becomes, near.distance) == (5, 6, 1)
    assert found[("adds", "R17", "slr_passive")].becomes == 69
    assert ("adds", "R37", "tsk11") not in found


def test_a_near_value_that_would_not_suffice_is_not_told(knowledge: Knowledge) -> None:
    assert ("adds", "R34", "pain_usual") not in changes(knowledge, ("pain_usual", "right", 3))


@pytest.mark.parametrize(
    ("measure", "op", "threshold", "becomes"),
    [
        ("pain_worst", ">=", 0, None), ("pain_worst", ">=", 6, 5), ("pain_worst", "<=", 2, 3), ("pain_worst", "<", 2, 2),
        ("pain_worst", "==", 2, 1), ("pain_worst", "in", (1, 2), None), ("locking", "==", 0, 1), ("foot_strike", "in", ("rearfoot",), "midfoot"),
        ("pain_worst", "!=", 2, 2), ("fppa", ">=", 10, 9),
    ],
)
def test_the_nearest_value_on_the_other_side_of_a_limit(
    knowledge: Knowledge, measure: str, op: str, threshold: float, becomes: float | str | None
) -> None:
    assert _beyond(Because(measure, Side.RIGHT, 2.0, op, threshold), knowledge.measure(measure)) == becomes


def test_a_reason_without_another_side_is_left_out(knowledge: Knowledge) -> None:
    rule = next(one for one in knowledge.rules if one.id == "R32")
    condition = rule.when.any[0].model_copy(update={"value": 30, "op": "<="})
    always = rule.model_copy(update={"when": rule.when.model_copy(update={"any": (condition,)})})
    changed = replace(knowledge, rules=(always,))
    assert what_if(a_runner(knowledge, ("trunk_lean_forward", 30)), changed, TODAY) == ()


def test_a_missing_value_is_never_near(knowledge: Knowledge) -> None:
    assert what_if(a_runner(knowledge), knowledge, TODAY) == ()


def test_what_the_record_of_the_patient_tells_is_not_turned(knowledge: Knowledge) -> None:
    found = changes(knowledge, ("hip_abduction_force", "right", 147), ("body_mass", 60), ("limp", "right", 1), age=16)
    assert {key[2] for key in found} <= {"hip_abduction_bw"}
    blocked = changes(knowledge, ("locking", "right", 1))
    assert {key[2] for key in blocked} == {"locking"}


def test_removals_come_first_and_near_misses_by_distance(knowledge: Knowledge) -> None:
    found = what_if(a_runner(knowledge, ("pain_worst", "right", 5), ("slr_passive", "right", 74), ("fpi6", "right", 4)), knowledge, TODAY)
    effects = [one.effect for one in found]
    assert effects == sorted(effects, reverse=True)
    distances = [one.distance or 0 for one in found if one.effect == "adds"]
    assert distances == sorted(distances)


@pytest.mark.parametrize("pain", range(11))
def test_a_told_change_does_change_the_findings(knowledge: Knowledge, pain: int) -> None:
    values = (("pain_usual", "right", 0), ("pain_kneeling", "right", 4), ("pain_running", "right", pain), ("fppa", "right", pain + 5))
    for one in what_if(a_runner(knowledge, *values), knowledge, TODAY):
        changed = [row for row in values if (row[0], row[1]) != (one.measure, one.side.value)]
        rules = suggest(a_runner(knowledge, *changed, (one.measure, one.side.value, one.becomes)), knowledge, TODAY).rules
        assert (one.rule in rules) == (one.effect == "adds")


def test_what_would_lift_a_block_is_told_and_nothing_that_is_not_suggested(knowledge: Knowledge) -> None:
    found = changes(knowledge, ("locking", "right", 1), ("pain_worst", "right", 6))
    assert set(found) == {("removes", "R01", "locking")}
    assert found[("removes", "R01", "locking")].sentence == "R01 would fall silent if True locking, right were no (now yes)."
    clot = changes(knowledge, ("calf_swelling", "left", 1), ("breathless", 1))
    assert set(clot) == {("removes", "R01", "calf_swelling")}
    assert not changes(knowledge, ("locking", "right", 1), ("fever_hot_joint", "left", 1))


def test_the_first_row_of_a_rule_names_it(knowledge: Knowledge) -> None:
    near = changes(knowledge, ("pain_resisted_extension", "right", 5))[("adds", "R12", "pain_resisted_extension")]
    assert near.sentence.startswith("R12 (pushing the knee straight hurts too much to load) would speak")
