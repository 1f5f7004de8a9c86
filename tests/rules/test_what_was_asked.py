"""Silence is no answer: what was asked is counted, what tape needs to know is named, what was set aside stands or lapses."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.record import Case
from kneeclinic.record.weeks import Snooze
from kneeclinic.rules.asked import asked, unasked_words
from kneeclinic.rules.red_flags import red_flags, set_aside
from kneeclinic.rules.suggest import suggest
from kneeclinic.rules.tape_questions import not_asked, tape_answers
from tests.rules.builders import TODAY, a_runner


def test_nothing_asked_is_told_apart_from_nothing_found(knowledge: Knowledge) -> None:
    silent, denied = a_runner(knowledge), a_runner(knowledge, ("fever_hot_joint", "right", 0), ("calf_swelling", "left", 0))
    assert asked(silent, knowledge, "red_flags").words.startswith("Red flags: not asked yet (0 of ")
    found = asked(denied, knowledge, "red_flags")
    assert (found.have, found.words) == (2, f"Red flags: 2 of {found.total} asked")
    assert unasked_words(silent, knowledge) == "Not asked: red flags, injury screen, clot screen, precautions."
    assert "Asked in part: red flags 2 of " in unasked_words(denied, knowledge)
    rows = [(one.id, *(("right",) if one.sides == "each" else ()), 0) for one in knowledge.measures.values()
            if one.section in ("red_flags", "injury_screen", "clot_screen", "precautions") and not one.derived]
    assert unasked_words(a_runner(knowledge, *rows), knowledge) == ""


def test_what_tape_needs_to_know_is_asked_by_name(knowledge: Knowledge) -> None:
    case = a_runner(knowledge, ("latex_allergy", 0), ("fragile_skin", 1))
    assert tape_answers(case) == {"adhesive_allergy": None, "latex_allergy": False, "fragile_skin": True, "skin_sensation_loss": None}
    assert not_asked(case) == ("adhesive_allergy", "skin_sensation_loss")


def aside(case: Case, flag: str, *, days_ago: int = 0, for_days: int = 7) -> Case:
    at = datetime.combine(TODAY - timedelta(days=days_ago), time(9))
    return replace(case, snoozes=(Snooze("s", "case", flag, TODAY + timedelta(days=for_days), "seen by the physician", "lead", at),))


def test_a_flag_that_was_set_aside_lifts_the_block_and_nothing_else(knowledge: Knowledge) -> None:
    case = a_runner(knowledge, ("stroke_test", "right", "2+"), ("pain_worst", "right", 4))
    assert suggest(case, knowledge, TODAY).blocked
    found = suggest(aside(case, "RF1"), knowledge, TODAY)
    assert not found.blocked
    assert {"no_impact", "cut_load_half"} <= {item for one in found.suggestions for item in one.items}
    assert {"walk_run", "dl_hop", "tape_patellar"} <= found.avoided_items


@pytest.mark.parametrize("lapsed", [{"for_days": -1}, {"days_ago": 1}, {"days_ago": -1}])
def test_it_lapses_on_its_day_and_with_a_new_finding(knowledge: Knowledge, lapsed: dict[str, int]) -> None:
    case = a_runner(knowledge, ("locking", "right", 1))
    flag, = red_flags(case, knowledge, TODAY)
    assert set_aside(aside(case, "RF2"), flag, TODAY) is not None
    assert set_aside(aside(case, "RF2", **lapsed), flag, TODAY) is None
    assert set_aside(aside(case, "RF4"), flag, TODAY) is None


def test_an_emergency_is_never_set_aside(knowledge: Knowledge) -> None:
    case = a_runner(knowledge, ("fever_hot_joint", "right", 1))
    assert suggest(aside(case, "RF4"), knowledge, TODAY).blocked
