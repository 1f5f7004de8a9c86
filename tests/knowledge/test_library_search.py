"""The library is searched by name, target, equipment, phase and finding, and forgives a typing mistake."""

from __future__ import annotations

import pytest

from kneeclinic.knowledge import Knowledge, load_knowledge
from kneeclinic.knowledge.search import resting_on, search


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def ids(knowledge: Knowledge, text: str, kind: str) -> list[str]:
    return [one.id for one in search(knowledge, text)[kind]]


def test_without_a_word_everything_stands_in_its_order(knowledge: Knowledge) -> None:
    found = search(knowledge, "  ")
    assert [one.id for one in found["exercise"]] == list(knowledge.exercises)
    assert found["rule"] == knowledge.rules and found["red_flag"] == knowledge.red_flags and found["review"] == knowledge.reviews
    assert len(found["source"]) == len(knowledge.sources) and len(found["support"]) == len(knowledge.supports)


@pytest.mark.parametrize(("text", "kind", "first"), [
    ("clamshell", "exercise", "clamshell"),
    ("clamshel", "exercise", "clamshell"),
    ("clmashell", "exercise", "clamshell"),
    ("Bird-Dog", "exercise", "bird_dog"),
    ("knee akps", "measure", "akps"),
    ("anteror knee pain scale", "measure", "akps"),
    ("RF6", "red_flag", "RF6"),
    ("R08", "rule", "R08"),
    ("WR1", "review", "WR1"),
    ("Willy 2019", "source", "cpg_2019"),
])
def test_the_best_fit_comes_first_also_when_mistyped(knowledge: Knowledge, text: str, kind: str, first: str) -> None:
    assert ids(knowledge, text, kind)[0] == first


def test_a_muscle_finds_what_trains_it(knowledge: Knowledge) -> None:
    found = ids(knowledge, "soleus", "exercise")
    assert found and all("soleus" in knowledge.exercises[one].target or "soleus" in one for one in found)


def test_a_thing_at_home_finds_what_is_done_with_it(knowledge: Knowledge) -> None:
    found = ids(knowledge, "roller", "exercise")
    assert "roller" in {word for one in found for word in (*knowledge.exercises[one].equipment, *knowledge.exercises[one].any_equipment,
                                                           *knowledge.exercises[one].optional_equipment)}


def test_a_phase_finds_the_exercises_that_begin_there(knowledge: Knowledge) -> None:
    found = set(ids(knowledge, "phase 3", "exercise"))
    begin = {one.id for one in knowledge.exercises.values() if one.phase_from == 3}
    assert begin and begin <= found and not any(knowledge.exercises[one].phase_from == 0 and one in found for one in ("glute_set", "quad_set"))


def test_a_finding_finds_what_is_suggested_for_it(knowledge: Knowledge) -> None:
    found = set(ids(knowledge, "hip abduction symmetry", "exercise"))
    given = {item for rule in knowledge.rules if rule.id == "R08" for gives in rule.gives for item in gives.items if item in knowledge.exercises}
    assert given and given <= found and len(found) < len(knowledge.exercises)


def test_the_other_word_for_a_finding_finds_its_rules_and_flags(knowledge: Knowledge) -> None:
    assert ids(knowledge, "effussion", "rule") and "RF1" in ids(knowledge, "effusion", "red_flag")


def test_every_word_must_fit(knowledge: Knowledge) -> None:
    assert not any(search(knowledge, "clamshell zzzzzz").values())


def test_short_words_and_numbers_are_not_corrected(knowledge: Knowledge) -> None:
    assert not any(search(knowledge, "xip").values()) and not any(search(knowledge, "7777").values())


def test_every_exercise_is_found_first_by_its_own_name(knowledge: Knowledge) -> None:
    for one in knowledge.exercises:
        found = ids(knowledge, knowledge.item_label(one), "exercise")
        assert one in found[:4], one


def test_a_source_tells_what_rests_on_it(knowledge: Knowledge) -> None:
    found = resting_on(knowledge, "cpg_2019")
    assert found and all(fact.source == "cpg_2019" for _, fact in found)
    assert {kind for kind, _ in found} >= {"rule", "measure"}
    assert resting_on(knowledge, "nobody") == ()
