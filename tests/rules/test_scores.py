"""Scores: the exact rule of each instrument, with missing and impossible answers."""

from __future__ import annotations

import pytest

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.rules.scores import score
from kneeclinic.vocabulary import Refused

NO_SCORE = (("stroke_test", "one of 0, trace, 1+, 2+, 3+"), ("pain_location", "one of retropatellar"), ("locking", "0 (no) or 1 (yes)"))
BEST_AKPS = (5, 5, 5, 10, 5, 10, 10, 10, 10, 10, 10, 5, 5)


@pytest.mark.parametrize(
    ("measure", "items", "value"),
    [
        ("akps", BEST_AKPS, 100),
        ("akps", (0,) * 13, 0),
        ("akps", (5, 5, 3, 8, 4, 6, 7, 8, 8, 10, 10, 5, 5), 84),
        ("koos_pf", (0,) * 11, 100),
        ("koos_pf", (4,) * 11, 0),
        ("koos_pf", (2,) * 11, 50),
        ("koos_pf", (1, 1, 1, 1, 1, 1, None, None, None, None, None), 75),
        ("lefs", (4,) * 20, 80),
        ("lefs", (3,) * 18 + (None, None), 60),
        ("psfs", (3, 4, 5), 4),
        ("psfs", (3, 4, 5, 6, 7), 5),
        ("psfs", (3, 4, 5, None, None), 4),
        ("tsk11", (1,) * 11, 11),
        ("tsk11", (4,) * 11, 44),
        ("fpi6", (2,) * 6, 12),
        ("fpi6", (-2,) * 6, -12),
        ("lateral_step_down", (1, 1, 1, 2, 1), 6),
        ("lateral_step_down", (0, 0, 0, 0, 0), 0),
        ("groc", (-3,), -3),
        ("sane", (70,), 70),
    ],
)
def test_the_score_is_that_of_the_instrument(knowledge: Knowledge, measure: str, items: tuple, value: float) -> None:
    assert score(knowledge.measure(measure), items).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("measure", "items", "band"),
    [
        ("fpi6", (-1, -1, -1, -1, -1, 0), "highly supinated"),
        ("fpi6", (-1, -1, -1, -1, 0, 0), "supinated"),
        ("fpi6", (0,) * 6, "neutral"),
        ("fpi6", (1, 1, 1, 1, 1, 0), "neutral"),
        ("fpi6", (1,) * 6, "pronated"),
        ("fpi6", (2, 2, 2, 2, 2, 0), "highly pronated"),
        ("lateral_step_down", (1, 0, 0, 0, 0), "good"),
        ("lateral_step_down", (1, 1, 1, 0, 0), "medium"),
        ("lateral_step_down", (1, 1, 0, 2, 0), "poor"),
        ("tsk11", (2,) * 11, "minimal fear"),
        ("tsk11", (3,) * 9 + (1, 1), "moderate fear"),
        ("tsk11", (4,) * 11, "high fear"),
        ("akps", BEST_AKPS, ""),
    ],
)
def test_the_band_is_named(knowledge: Knowledge, measure: str, items: tuple, band: str) -> None:
    assert score(knowledge.measure(measure), items).band == band


def test_a_scaled_up_score_says_so_and_a_full_one_does_not(knowledge: Knowledge) -> None:
    lefs = knowledge.measure("lefs")
    assert "18 of 20" in score(lefs, (3,) * 18 + (None, None)).note
    assert score(lefs, (3,) * 18 + (None, None)).answered == 18
    assert score(lefs, (3,) * 20).note == ""


@pytest.mark.parametrize(
    ("measure", "items", "words"),
    [
        ("akps", (5, 5, 3, 8, 4, 6, 7, 8, 8, 10, 10, 5, None), "akps: 12 items are answered, all 13 are needed; not answered: item 13"),
        ("akps", (4, *BEST_AKPS[1:]), "akps: item 1 (Limping): 4 is not allowed; allowed: 5, 3, 0"),
        ("akps", BEST_AKPS[:12], "akps: 12 answers came; 13 are allowed"),
        ("akps", (*BEST_AKPS, 5), "akps: 14 answers came; 13 are allowed"),
        ("koos_pf", (1,) * 5 + (None,) * 6, "koos_pf: 5 items are answered, at least 6 of 11 are needed"),
        ("koos_pf", (5,) + (0,) * 10, "koos_pf: item 1"),
        ("lefs", (3,) * 17 + (None,) * 3, "lefs: 17 items are answered, at least 18 of 20 are needed"),
        ("lefs", (3,) * 18, "lefs: 18 answers came; 20 are allowed"),
        ("psfs", (3, 4), "psfs: 2 answers came; 3 to 5 are allowed"),
        ("psfs", (3, 4, None, None, None), "psfs: 2 items are answered, at least 3 of 5 are needed"),
        ("psfs", (1,) * 6, "psfs: 6 answers came; 3 to 5 are allowed"),
        ("tsk11", (0,) + (1,) * 10, "tsk11: item 1"),
        ("fpi6", (3, 0, 0, 0, 0, 0), "fpi6: item 1"),
        ("lateral_step_down", (2, 0, 0, 0, 0), "lateral_step_down: item 1"),
        ("sane", (101,), "sane: 101 is not allowed; allowed: 0 to 100"),
        ("sane", (None,), "sane: no answer is not allowed"),
        ("sane", (1, 2), "sane: 2 values came"),
        ("groc", (1.5,), "groc: 1.5 is not allowed; a whole number"),
        ("groc", (float("nan"),), "groc: nan is not allowed"),
    ],
)
def test_an_answer_that_the_instrument_does_not_allow_is_named(knowledge: Knowledge, measure: str, items: tuple, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        score(knowledge.measure(measure), items)
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(("measure", "allowed"), NO_SCORE)
@pytest.mark.parametrize("value", [0, 1, 5])
def test_a_choice_or_a_yes_or_no_finding_has_no_score(knowledge: Knowledge, measure: str, allowed: str, value: float) -> None:
    with pytest.raises(Refused) as refusal:
        score(knowledge.measure(measure), (value,))
    assert str(refusal.value).startswith(f"{measure}: is no questionnaire")
    assert allowed in str(refusal.value)
