"""The weekly review: each row decides at its limit and not before, in the order of the table."""

from __future__ import annotations

import pytest

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.rules.review import ReviewFacts, decide
from kneeclinic.vocabulary import Decision, Verdict

STILL = Verdict.NO_REAL_CHANGE
GREEN = {"worst_pain": 1, "adherence": 80, "green_sessions": 2}


@pytest.mark.parametrize(
    ("rule", "decision", "facts"),
    [
        ("WR1", Decision.REFER, {"blocking_flags": ("RF2",), "effusion": 3, **GREEN}),
        ("WR2", Decision.REGRESS, {"effusion": 2, "worst_pain": 8}),
        ("WR2", Decision.REGRESS, {"effusion": 1, "effusion_before": 0, **GREEN}),
        ("WR6", Decision.PROGRESS, {"effusion": 1, "effusion_before": 1, **GREEN}),
        ("WR6", Decision.PROGRESS, {"effusion": 1, **GREEN}),
        ("WR3", Decision.REGRESS, {"worst_pain": 4, "worst_pain_before": 2, "is_settled_24h": True}),
        ("WR5", Decision.HOLD, {"worst_pain": 4, "worst_pain_before": 3, "is_settled_24h": True}),
        ("WR3", Decision.REGRESS, {"rest_pain": 6}),
        ("WR11", Decision.HOLD, {"rest_pain": 5}),
        ("WR3", Decision.REGRESS, {"worst_pain": 6}),
        ("WR8", Decision.REFER, {"week": 8, "adherence": 60, "verdict": STILL}),
        ("WR7", Decision.REASSESS, {"week": 7, "adherence": 60, "verdict": STILL}),
        ("WR7", Decision.REASSESS, {"week": 4, "adherence": 60, "verdict": Verdict.WORSE, "groc": 1}),
        ("WR11", Decision.HOLD, {"week": 4, "adherence": 60, "verdict": STILL, "groc": 2}),
        ("WR11", Decision.HOLD, {"week": 4, "adherence": 60, "verdict": Verdict.POSSIBLY_BETTER}),
        ("WR11", Decision.HOLD, {"week": 4, "adherence": 60, "verdict": Verdict.NOT_JUDGED}),
        ("WR11", Decision.HOLD, {"week": 3, "adherence": 60, "verdict": STILL}),
        ("WR11", Decision.HOLD, {"week": 9, "verdict": STILL}),
        ("WR4", Decision.HOLD, {"week": 9, "adherence": 59, "verdict": STILL}),
        ("WR10", Decision.DISCHARGE, {"goals_met_reviews": 2, "lowest_lsi": 90, **GREEN}),
        ("WR6", Decision.PROGRESS, {"goals_met_reviews": 2, "lowest_lsi": 89, **GREEN}),
        ("WR6", Decision.PROGRESS, {"goals_met_reviews": 1, "lowest_lsi": 95, **GREEN}),
        ("WR6", Decision.PROGRESS, {"goals_met_reviews": 2, **GREEN}),
        ("WR5", Decision.HOLD, {"worst_pain": 3, "is_settled_24h": True, "adherence": 90}),
        ("WR5", Decision.HOLD, {"worst_pain": 5, "is_settled_24h": True, "adherence": 90}),
        ("WR11", Decision.HOLD, {"worst_pain": 3, "is_settled_24h": None, "adherence": 90}),
        ("WR11", Decision.HOLD, {"worst_pain": 3, "is_settled_24h": False, "adherence": 90}),
        ("WR11", Decision.HOLD, {**GREEN, "adherence": 79}),
        ("WR11", Decision.HOLD, {**GREEN, "green_sessions": 1}),
        ("WR11", Decision.HOLD, {}),
    ],
)
def test_the_first_row_that_matches_decides(knowledge: Knowledge, rule: str, decision: Decision, facts: dict) -> None:
    found = decide(ReviewFacts(**{"week": 2, **facts}), knowledge)
    assert (found.rule, found.decision) == (rule, decision)
    assert found.because and found.then and found.title


@pytest.mark.parametrize(
    ("facts", "added"),
    [
        ({"tape_weeks": 4, "orthosis_weeks": 6}, ()),
        ({"tape_weeks": 4.5}, ("tape for 4.5 weeks",)),
        ({"tape_weeks": 5, "orthosis_weeks": 7}, ("tape for 5 weeks", "orthosis for 7 weeks")),
        ({}, ()),
    ],
)
@pytest.mark.parametrize("week", [{"blocking_flags": ("RF4",)}, GREEN, {}])
def test_worn_out_supports_are_added_to_whatever_is_decided(knowledge: Knowledge, facts: dict, added: tuple, week: dict) -> None:
    found = decide(ReviewFacts(week=5, **facts, **week), knowledge)
    assert tuple(line for one in found.added for line in one.because) == added
    assert all(one.rule == "WR9" and one.decision is Decision.STOP_SUPPORT for one in found.added)


def test_when_nothing_decides_the_review_says_what_is_missing(knowledge: Knowledge) -> None:
    nothing = decide(ReviewFacts(week=2), knowledge).because
    assert nothing == ("no check-in with the sessions done", "no worst pain of the week", "no second value of the main questionnaire")
    between = decide(ReviewFacts(week=2, adherence=70, worst_pain=4, verdict=Verdict.BETTER), knowledge).because
    assert between == (
        "70 % of the sessions done, between too few and enough to progress", "not told whether pain settled within 24 hours",
    )
    all_known = ReviewFacts(week=2, adherence=90, worst_pain=4, is_settled_24h=False, verdict=Verdict.BETTER)
    assert decide(all_known, knowledge).because == ("worst pain 4 did not settle within 24 hours", "no pain told with a session")
    for green, told in ((0, "the last session was not green"), (1, "too few sessions green running (1)")):
        settled = ReviewFacts(week=2, adherence=90, worst_pain=2, is_settled_24h=True, verdict=Verdict.BETTER, green_sessions=green)
        assert decide(settled, knowledge).because == (told,)


def test_a_rise_to_a_trace_says_that_two_readings_differ_by_as_much_and_one_to_1_plus_does_not(knowledge: Knowledge) -> None:
    trace = decide(ReviewFacts(week=2, effusion=1, effusion_before=0), knowledge)
    assert (trace.rule, trace.because) == ("WR2", (
        "a grade more fluid in the joint than at the test before", "one grade may be the reading, so the next test decides"))
    clear = decide(ReviewFacts(week=2, effusion=2, effusion_before=0), knowledge)
    assert clear.because == ("fluid of grade 1+ or more in the joint", "more fluid in the joint than at the test before")
