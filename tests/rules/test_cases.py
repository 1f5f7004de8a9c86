"""Fictional patients, one file each: what was found, and what a clinician expects to follow from it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from kneeclinic.exchange.case_file import read_case
from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.rules.assembly import assemble
from kneeclinic.rules.suggest import as_json, suggest
from kneeclinic.vocabulary import Refused

CASES = sorted((Path(__file__).parent.parent / "cases").glob("*.toml"))
RULES = {f"R{number:02d}" for number in range(1, 46)}
FLAGS = {f"RF{number}" for number in range(1, 13)}


def expected(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8"))["expected"]


ACCEPTED = [path for path in CASES if "refused" not in expected(path)]
REFUSED = [path for path in CASES if "refused" in expected(path)]


def name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", ACCEPTED, ids=name)
def test_the_findings_of_a_fictional_patient_are_those_a_clinician_expects(path: Path, knowledge: Knowledge) -> None:
    want = expected(path)
    case, today = read_case(path, knowledge)
    findings = suggest(case, knowledge, today)
    told = json.loads(json.dumps(as_json(findings)))
    items = [item for one in told["suggestions"] for item in one["items"]]

    assert sorted(set(findings.rules)) == sorted(want["rules"])
    assert [f"{one.id}:{one.level.value}" for one in findings.flags] == want["red_flags"]
    assert told["phase"] == want["phase"]
    assert told["blocked"] == want["blocked"]
    if "avoid" in want:
        assert sorted(one["item"] for one in told["avoid"]) == sorted(want["avoid"])
    if "suggested" in want:
        assert set(want["suggested"]) <= set(items)
    assert not set(want.get("not_suggested", ())) & set(items)
    if "held" in want:
        assert sorted({one["item"] for one in told["held"]}) == sorted(want["held"])
    if "kinds" in want:
        assert sorted({one["kind"] for one in told["suggestions"]}) == sorted(want["kinds"])
    if "program" in want:
        program = assemble(findings, case, knowledge, today)
        assert set(want["program"]) <= {knowledge.exercise(item.exercise).category for item in program.items}
    reasons = {one["rule"]: [] for one in told["suggestions"]} | {one["id"]: one["because"] for one in told["red_flags"]}
    for one in told["suggestions"]:
        reasons[one["rule"]] += one["because"]
    for reason in want.get("because", ()):
        wanted = {key: reason[key] for key in ("measure", "side", "value", "op", "threshold")}
        assert wanted in reasons[reason["rule"]]


@pytest.mark.parametrize("path", REFUSED, ids=name)
def test_an_impossible_finding_is_refused_in_one_line(path: Path, knowledge: Knowledge) -> None:
    with pytest.raises(Refused) as refusal:
        read_case(path, knowledge)
    assert "\n" not in str(refusal.value)
    assert expected(path)["refused"] in str(refusal.value)


def test_every_rule_and_every_red_flag_fires_in_some_case() -> None:
    fired = {rule for path in ACCEPTED for rule in expected(path)["rules"]}
    raised = {flag.split(":")[0] for path in ACCEPTED for flag in expected(path)["red_flags"]}
    assert fired == RULES
    assert raised == FLAGS


def test_every_case_tells_its_story_in_a_sentence() -> None:
    for path in CASES:
        story = tomllib.loads(path.read_text(encoding="utf-8"))["story"]
        assert re.search(r"\w+ .*[.!]$", story), path.name
