"""Whether tape or a device helps is judged against noise, with the number of tries in it."""

from __future__ import annotations

import random

import pytest

from kneeclinic.progress.trial import trial_effect
from kneeclinic.vocabulary import Refused


@pytest.fixture
def pain(knowledge):
    return knowledge.measure("tape_trial_before")


@pytest.mark.parametrize(("tries", "finding"), [
    ([(6, 3)], "may_help"), ([(6, 3), (6, 3)], "helps"),
    ([(6, 4)], "may_help"), ([(6, 4), (6, 4), (5, 3)], "helps"), ([(6, 5)], "no_help"), ([(4, 4), (5, 5)], "no_help"),
    ([(3, 6)], "worse"), ([(5, 4), (5, 4), (4, 3)], "no_help"), ([(6, 4), (5, 4), (5, 4)], "may_help"),
])
def test_what_the_tries_mean(pain, tries, finding):
    assert trial_effect(tries, pain).finding == finding


def test_more_tries_narrow_the_interval_by_their_root(pain):
    one, three = trial_effect([(6, 3)], pain), trial_effect([(6, 3)] * 3, pain)
    assert (one.low, one.high) == (1, 5)
    assert three.high - three.low == pytest.approx((one.high - one.low) / 3**0.5)
    assert "3.0 of 10 in 3 tries (95 % interval of the fall 1.8 to 4.2)" in three.words


def test_one_try_is_called_one_try_and_asks_for_another(pain):
    assert trial_effect([(8, 2)], pain).words.startswith("It may help, but this is one try: ask for another")
    assert "one try" not in trial_effect([(8, 2), (7, 2)], pain).words
    assert all("one try" in trial_effect([one], pain).words for one in ((6, 5), (2, 6)))


def test_no_try_says_nothing_and_a_fourth_is_refused(pain):
    assert trial_effect([], pain) is None
    with pytest.raises(Refused, match="at most 3"):
        trial_effect([(6, 3)] * 4, pain)


def test_a_support_without_effect_is_said_to_help_in_few_of_a_thousand_trials(pain):
    chance, spread = random.Random(4), pain.sdc / 1.96 / 2**0.5
    told = [[(round(5 + chance.gauss(0, spread)), round(5 + chance.gauss(0, spread))) for _ in range(3)] for _ in range(1000)]
    assert sum(trial_effect(one, pain).finding == "helps" for one in told) <= 25
