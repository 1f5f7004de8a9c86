"""Every fault that can be made in a knowledge file is named with file, entry, field and what is allowed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_knowledge import World, a_measure, a_rule, an_exercise, faults_in, small, when, write

from kneeclinic.knowledge import KnowledgeFaults, load_knowledge

Change = Callable[[World], Any]
PAIN, HIP = "measures/pain.toml", "exercises/hip.toml"


def entry(file: str, table: str, number: int, /, **fields: Any) -> Change:
    """Writes fields over an entry; None takes a field away."""

    def change(world: World) -> None:
        target = world[file][table][number]
        target.update(fields)
        for name, value in fields.items():
            if value is None:
                del target[name]

    return change


def added(file: str, table: str, new: dict[str, Any]) -> Change:
    return lambda world: world[file][table].append(new)


def measure(number: int, /, **fields: Any) -> Change:
    return entry(PAIN, "measure", number, **fields)


def rule(**fields: Any) -> Change:
    return entry("rules.toml", "rule", 0, **fields)


def score(**fields: Any) -> Change:
    return measure(6, **fields)


def test_the_small_world_has_no_fault(tmp_path: Path) -> None:
    assert faults_in(write(tmp_path, small())) == ()


ITEMS = [{"label": "Arms", "allowed": [0, 1]}, {"label": "Knee", "allowed": [0, 1, 2]}]
CASES: list[tuple[str, Change, tuple[str, str, str, str]]] = [
    # shape
    ("unknown field", measure(0, colour="red"), (PAIN, "worst", "colour", "is an unknown field; allowed: id, source")),
    (
        "unknown inner field",
        score(items=[{**ITEMS[0], "weight": 2}, ITEMS[1]]),
        (PAIN, "quality", "items[0].weight", "allowed: label, allowed, labels"),
    ),
    ("missing field", measure(0, label=None), (PAIN, "worst", "label", "is missing")),
    ("blank where something must be said", measure(0, label=" "), (PAIN, "worst", "label", "is blank")),
    ("date where a text belongs", measure(0, unit=date(2026, 1, 1)), (PAIN, "worst", "unit", "is not allowed")),
    ("rule without a number", rule(id="first"), ("rules.toml", "first", "id", "'first' is not allowed")),
    ("wrong type", measure(0, sdc="two"), (PAIN, "worst", "sdc", "'two' is not allowed: input should be a valid number")),
    ("number as text", entry(HIP, "exercise", 0, level="1"), (HIP, "bridge", "level", "should be a valid integer")),
    ("wrong word", measure(0, kind="nummer"), (PAIN, "worst", "kind", "allowed: 'number', 'integer'")),
    ("unknown scoring", score(scoring="summ"), (PAIN, "quality", "scoring", "allowed: '', 'sum', 'mean', 'koos' or 'lefs'")),
    ("truth as condition", rule(when=when("worst", ">=", True, "affected")), ("rules.toml", "R01", "when.any[0].value", "True is not allowed")),
    ("no number", measure(0, sdc=float("nan")), (PAIN, "worst", "sdc", "finite number")),
    ("entry without id", measure(0, id=None), (PAIN, "measure 1", "id", "is missing")),
    ("id of two words", measure(0, id="worst pain"), (PAIN, "worst pain", "id", "should match pattern")),
    ("date that is none", lambda world: world["edition.toml"].update(date="soon"), ("edition.toml", "", "date", "should be a valid date")),
    # files
    ("missing file", lambda world: world.pop("advice.toml"), ("advice.toml", "", "", "is missing")),
    ("missing edition", lambda world: world.pop("edition.toml"), ("edition.toml", "", "", "is missing")),
    ("missing language", lambda world: world.pop("wording/es.toml"), ("wording/es.toml", "", "", "is missing")),
    ("empty folder", lambda world: world.pop(HIP), ("exercises", "", "", "holds no TOML file")),
    ("no poses", lambda world: world.pop("poses/hip.toml"), ("poses", "", "", "holds no TOML file")),
    ("stray file", lambda world: world.update({"rulez.toml": {}}), ("rulez.toml", "", "", "is not a knowledge file; files: advice.toml")),
    ("stray language", lambda world: world.update({"wording/de.toml": {}}), ("wording/de.toml", "", "", "languages: en, es")),
    ("stray table", lambda world: world[HIP].update(measure=[]), (HIP, "measure", "", "does not belong into this file; allowed: [[exercise]]")),
    ("one table", lambda world: world["advice.toml"].update(advice={"id": "a"}), ("advice.toml", "advice", "", "write [[advice]] for each entry")),
    ("table missing", lambda world: world["rules.toml"].pop("precaution"), ("rules.toml", "", "", "holds no [[precaution]]")),
    ("entry no table", lambda world: world["advice.toml"]["advice"].append("x"), ("advice.toml", "advice 3", "", "should be an object")),
    # ids and sources
    ("id twice", added(PAIN, "measure", a_measure("worst")), (PAIN, "worst", "id", "stands there 2 times; the first is in measures/pain.toml")),
    (
        "exercise as support",
        entry("supports.toml", "support", 0, id="bridge"),
        ("supports.toml", "bridge", "id", "the first is in exercises/hip.toml"),
    ),
    ("unknown source", rule(source="hearsay"), ("rules.toml", "R01", "source", "'hearsay' is not in sources.toml")),
    ("source of the future", entry("sources.toml", "source", 0, year=2030), ("sources.toml", "a_book", "year", "1800 to the year of the edition")),
    # measures
    ("unknown section", measure(0, section="pane"), (PAIN, "worst", "section", "sections: pain")),
    (
        "unused section",
        added("measures/sections.toml", "section", {"id": "gait", "label": "Gait"}),
        ("measures/sections.toml", "gait", "id", "without a measure"),
    ),
    ("soft outside hard", measure(0, soft=[0, 12]), (PAIN, "worst", "soft", "0 to 12 reaches outside the hard limits 0 to 10")),
    ("limits turned round", measure(0, hard=[10, 0], soft=[0, 8]), (PAIN, "worst", "hard", "10 is not below 0")),
    ("no hard limits", measure(0, hard=None), (PAIN, "worst", "hard", "is missing; a number needs hard and soft limits")),
    ("no soft limits", measure(0, soft=None), (PAIN, "worst", "soft", "is missing; a number needs hard and soft limits")),
    ("no reason", measure(0, limit_reason=None), (PAIN, "worst", "limit_reason", "is missing")),
    ("limits of a flag", measure(2, hard=[0, 1]), (PAIN, "locking", "hard", "is not for a flag")),
    ("one choice", measure(3, choices=["low"], choice_labels=["Low"]), (PAIN, "place", "choices", "a choice needs two or more")),
    ("choice twice", measure(3, choices=["low", "low"]), (PAIN, "place", "choices", "hold the same choice twice")),
    ("labels of choices", measure(3, choice_labels=["Low"]), (PAIN, "place", "choice_labels", "are 1; 2 choices need as many")),
    ("choices of a number", measure(0, choices=["a", "b"]), (PAIN, "worst", "choices", "are not for a number")),
    ("negative change", measure(0, sdc=-1, change_source="a_book"), (PAIN, "worst", "sdc", "-1 is not allowed; a change is above 0")),
    ("change of a flag", measure(2, mic=1, change_source="a_book"), (PAIN, "locking", "mic", "is not for a flag")),
    ("two noises", measure(0, sdc=1, sdc_percent=5, change_source="a_book"), (PAIN, "worst", "sdc_percent", "stands beside sdc")),
    ("change without source", measure(0, sdc=1, mic=2), (PAIN, "worst", "change_source", "is missing; sdc and mic must rest on a source")),
    ("change of hearsay", measure(0, sdc=1, change_source="hearsay"), (PAIN, "worst", "change_source", "'hearsay' is not in sources.toml")),
    ("items of a number", measure(0, items=ITEMS), (PAIN, "worst", "items", "only a score has it")),
    ("score without items", score(items=[], min_answered=None, bands=[]), (PAIN, "quality", "items", "a score has items")),
    ("score without scoring", score(scoring=""), (PAIN, "quality", "scoring", "is missing; allowed: sum, mean, lefs, koos")),
    ("too many answers", score(min_answered=3), (PAIN, "quality", "min_answered", "must be given, 1 to 2")),
    (
        "labels of points",
        score(items=[{**ITEMS[0], "labels": ["good"]}, ITEMS[1]]),
        (PAIN, "quality", "items[0].labels", "are 1; 2 allowed points need as many"),
    ),
    (
        "points in disorder",
        score(items=[ITEMS[0], {"label": "Knee", "allowed": [0, 2, 1]}]),
        (PAIN, "quality", "items[1].allowed", "list each point once"),
    ),
    (
        "worst answer first",
        score(items=[ITEMS[0], {"label": "Knee", "allowed": [2, 1, 0]}]),
        (PAIN, "quality", "items[1].allowed", "list the best answer first"),
    ),
    ("sum beyond limits", score(hard=[0, 5], bands=[]), (PAIN, "quality", "hard", "0 to 5 is not what the items add up to, 0 to 3")),
    (
        "gap between bands",
        score(bands=[{"low": 0, "high": 0, "label": "a"}, {"low": 2, "high": 3, "label": "b"}]),
        (PAIN, "quality", "bands[1].low", "a gap or an overlap after 0"),
    ),
    ("band turned round", score(bands=[{"low": 3, "high": 0, "label": "a"}]), (PAIN, "quality", "bands[0]", "3 is above 0")),
    (
        "bands too short",
        score(bands=[{"low": 0, "high": 2, "label": "a"}]),
        (PAIN, "quality", "bands", "run over 0 to 2, not over the hard limits 0 to 3"),
    ),
    ("derived in a visit", measure(1, visit_kinds=["first"]), (PAIN, "age", "visit_kinds", "a derived measure is computed")),
    ("no way to measure", measure(0, how=""), (PAIN, "worst", "how", "say how it is measured")),
    ("alias in capitals", measure(0, aliases=["Worst"]), (PAIN, "worst", "aliases", "'Worst' is not allowed")),
    ("label of another", measure(0, label="Age", aliases=["worst"]), (PAIN, "worst", "label", "'Age' already means age")),
    ("alias of another", measure(0, aliases=["age"]), (PAIN, "worst", "aliases", "'age' already means age")),
    # exercises and what names them
    ("unknown equipment", entry(HIP, "exercise", 0, equipment=["flor"]), (HIP, "bridge", "equipment", "'flor' is unknown; allowed: floor")),
    ("knee range", entry(HIP, "exercise", 0, knee_range=[90, 10]), (HIP, "bridge", "knee_range", "[low, high] within 0 to 170")),
    ("too many sets", entry(HIP, "exercise", 0, dose={"sets": 30, "days_per_week": 3}), (HIP, "bridge", "dose.sets", "enter 1 to 10")),
    (
        "range without start",
        entry(HIP, "exercise", 0, dose={"reps_max": 8, "days_per_week": 3}),
        (HIP, "bridge", "dose.reps_max", "8 must be above reps"),
    ),
    ("wrong end", entry(HIP, "exercise", 0, end="alone"), (HIP, "bridge", "end", "with 1 harder and 0 easier it is 'easiest'")),
    (
        "harder of nothing",
        entry(HIP, "exercise", 0, harder=["high_bridge", "hihg_bridge"]),
        (HIP, "bridge", "harder", "'hihg_bridge' is no exercise"),
    ),
    ("harder of itself", entry(HIP, "exercise", 0, harder=["high_bridge", "bridge"]), (HIP, "bridge", "harder", "names the exercise itself")),
    ("level does not rise", entry(HIP, "exercise", 1, level=1), (HIP, "bridge", "harder", "high_bridge has level 1; it must be above level 1")),
    ("level does not fall", entry(HIP, "exercise", 1, level=1), (HIP, "high_bridge", "easier", "bridge has level 1; it must be below level 1")),
    (
        "no way back",
        entry(HIP, "exercise", 1, easier=[], end="alone"),
        (HIP, "bridge", "harder", "high_bridge has no way back: bridge is missing in its easier"),
    ),
    (
        "circle",
        entry(HIP, "exercise", 1, harder=["bridge"], end=""),
        (HIP, "bridge", "harder", "goes round in a circle: bridge leads back to itself"),
    ),
    (
        "template of nothing",
        entry("templates.toml", "template", 0, items=[{"exercise": "brigde"}]),
        ("templates.toml", "start", "items[0].exercise", "is no exercise"),
    ),
    (
        "template dose",
        entry("templates.toml", "template", 0, items=[{"exercise": "bridge", "reps": 500}]),
        ("templates.toml", "start", "items[0].reps", "enter 1 to 100"),
    ),
    (
        "template twice",
        entry("templates.toml", "template", 0, items=[{"exercise": "bridge"}] * 2),
        ("templates.toml", "start", "items", "'bridge' stands there twice"),
    ),
    ("phase base", entry("phases.toml", "phase", 0, base=["brigde"]), ("phases.toml", "phase_0", "base", "'brigde' is no exercise")),
    # supports
    (
        "unknown component",
        entry("supports.toml", "support", 0, components=["slide"], directions={"slide": "In."}),
        ("supports.toml", "tape", "components", "allowed: glide, tilt"),
    ),
    (
        "direction missing",
        entry("supports.toml", "support", 0, directions={}),
        ("supports.toml", "tape", "directions", "must name each component once: glide"),
    ),
    ("tape without an end", entry("supports.toml", "support", 0, stop_weeks=None), ("supports.toml", "tape", "kind", "tape needs components")),
    ("tape for years", entry("supports.toml", "support", 0, stop_weeks=100), ("supports.toml", "tape", "stop_weeks", "1 to 52 weeks")),
    # rules
    ("empty condition", rule(when={}), ("rules.toml", "R01", "when", "is empty")),
    ("unknown measure", rule(when=when("wrost", ">=", 6, "affected")), ("rules.toml", "R01", "when.any[0].measure", "'wrost' is no measure")),
    (
        "unknown measure in a flag",
        entry("red_flags.toml", "red_flag", 0, when=when("lokking", "==", 1)),
        ("red_flags.toml", "RF1", "when.any[0].measure", "no measure"),
    ),
    ("side of the person", rule(when=when("age", ">=", 8, "affected")), ("rules.toml", "R01", "when.any[0].side", "age is a value of the person")),
    ("no side of a knee", rule(when=when("worst", ">=", 6)), ("rules.toml", "R01", "when.any[0].side", "worst has a value for each knee")),
    (
        "more than a choice",
        rule(when=when("place", ">=", "low", "any")),
        ("rules.toml", "R01", "when.any[0].op", "'>=' is not allowed for place, a choice; allowed: == != in"),
    ),
    ("more than a flag", rule(when=when("locking", ">=", 1, "any")), ("rules.toml", "R01", "when.any[0].op", "a flag; allowed: == !=")),
    ("text in a rule", rule(when=when("remark", "==", "x", "any")), ("rules.toml", "R01", "when.any[0].op", "a text; allowed: none")),
    (
        "beyond hard limits",
        rule(when=when("worst", ">=", 11, "affected")),
        ("rules.toml", "R01", "when.any[0].value", "11.0 is not allowed for worst; hard limits 0 to 10"),
    ),
    ("never true", rule(when=when("worst", ">", 10, "affected")), ("rules.toml", "R01", "when.any[0].value", "it can never be true")),
    ("never true below", rule(when=when("worst", "<", 0, "affected")), ("rules.toml", "R01", "when.any[0].value", "it can never be true")),
    ("no such choice", rule(when=when("grade", ">=", "hihg", "any")), ("rules.toml", "R01", "when.any[0].value", "choices: low, high")),
    ("no flag value", rule(when=when("locking", "==", 2, "any")), ("rules.toml", "R01", "when.any[0].value", "a flag is 0 or 1")),
    ("word for a number", rule(when=when("worst", ">=", "six", "affected")), ("rules.toml", "R01", "when.any[0].value", "a number is needed")),
    ("list without in", rule(when=when("place", "==", ["low"], "any")), ("rules.toml", "R01", "when.any[0].value", "a list needs op 'in'")),
    ("in without list", rule(when=when("place", "in", "low", "any")), ("rules.toml", "R01", "when.any[0].value", "must be a list")),
    ("unknown exercise", rule(gives=[{"kind": "exercise", "items": ["brigde"]}]), ("rules.toml", "R01", "gives[0].items", "'brigde' is no exercise")),
    (
        "unknown support",
        rule(gives=[{"kind": "support", "items": ["tap"]}]),
        ("rules.toml", "R01", "gives[0].items", "'tap' is no support or advice"),
    ),
    ("unknown advice", rule(gives=[{"kind": "load", "items": ["less"]}]), ("rules.toml", "R01", "gives[0].items", "'less' is no advice")),
    (
        "advice of another kind",
        rule(gives=[{"kind": "load", "items": ["see_doctor"]}]),
        ("rules.toml", "R01", "gives[0].items", "is advice of kind 'refer'; under 'load' it must be load"),
    ),
    (
        "removal of nothing",
        rule(avoid=[{"items": ["tap"], "because": "skin"}]),
        ("rules.toml", "R01", "avoid[0].items", "'tap' is no exercise, support or advice"),
    ),
    ("empty removal", rule(avoid=[{"because": "skin"}]), ("rules.toml", "R01", "avoid[0]", "takes nothing out")),
    (
        "gives and avoids",
        rule(avoid=[{"items": ["bridge"], "because": "back"}]),
        ("rules.toml", "R01", "avoid", "'bridge' is given by the same rule"),
    ),
    ("instead of nothing", rule(instead={"bridge": "brigde"}), ("rules.toml", "R01", "instead", "'brigde' is no exercise")),
    ("yields to nothing", rule(yields_to=["R99"]), ("rules.toml", "R01", "yields_to", "'R99' is no rule")),
    ("weaker side of a tick", rule(weaker_side_of="locking"), ("rules.toml", "R01", "weaker_side_of", "no number that is measured on each leg")),
    ("weaker side of nothing", rule(weaker_side_of="lunge"), ("rules.toml", "R01", "weaker_side_of", "'lunge' is no number")),
    (
        "advice about nothing",
        entry("advice.toml", "advice", 0, about=["tap"]),
        ("advice.toml", "see_doctor", "about", "'tap' is no exercise or support"),
    ),
    ("rule without effect", rule(gives=[]), ("rules.toml", "R01", "gives", "is missing; a rule gives")),
    (
        "fault in the second row",
        added("rules.toml", "rule", a_rule(row="b", source="hearsay")),
        ("rules.toml", "R01 b", "source", "not in sources.toml"),
    ),
    (
        "precaution without effect",
        entry("rules.toml", "precaution", 0, avoid=[]),
        ("rules.toml", "skin", "avoid", "takes something out or asks something"),
    ),
    (
        "order twice",
        added("reviews.toml", "review", {**small()["reviews.toml"]["review"][0], "id": "WR2"}),
        ("reviews.toml", "WR2", "order", "1 is the order of WR1 already"),
    ),
    ("phase missing", lambda world: world["phases.toml"]["phase"].pop(), ("phases.toml", "[[phase]]", "number", "4 missing; needed: 0, 1, 2, 3, 4")),
    ("phase twice", entry("phases.toml", "phase", 4, number=3), ("phases.toml", "phase_4", "number", "3 stands there 2 times")),
    ("stage missing", lambda world: world["running.toml"]["stage"].pop(), ("running.toml", "[[stage]]", "stage", "8 missing")),
    (
        "stage wrongly added",
        entry("running.toml", "stage", 0, total_min=99),
        ("running.toml", "stage_1", "total_min", "99 is not the sum of the stage, 4"),
    ),
    (
        "gap between zones",
        entry("running.toml", "pain_zone", 1, low=4),
        ("running.toml", "amber", "low", "4 leaves a gap or an overlap after 2 of green"),
    ),
    ("zones too short", entry("running.toml", "pain_zone", 2, high=9), ("running.toml", "green", "low", "must reach from 0 to 10")),
    # words and pictures
    (
        "no words",
        lambda world: world["wording/es.toml"]["exercises"].pop("bridge"),
        ("wording/es.toml", "exercises.bridge", "", "has no words in this language"),
    ),
    (
        "words left over",
        lambda world: world["wording/en.toml"]["exercises"].update(leap=world["wording/en.toml"]["exercises"]["bridge"]),
        ("wording/en.toml", "exercises.leap", "", "are words of no exercise"),
    ),
    (
        "two cues",
        lambda world: world["wording/en.toml"]["exercises"].update(bridge={"name": "B", "cues": ["a", "b"], "mistake": "m", "feel": "f"}),
        ("wording/en.toml", "exercises.bridge", "cues", "at least 3 items"),
    ),
    (
        "message without words",
        added("education.toml", "education", {"id": "shoes", "topic": "Shoes.", "source": "a_book", "standing": "checked"}),
        ("wording/en.toml", "education.shoes", "", "has no words"),
    ),
    ("empty message", lambda world: world["wording/en.toml"]["education"].update(rest=" "), ("wording/en.toml", "education.rest", "", "is empty")),
    ("wrong language", lambda world: world["wording/es.toml"].update(language="en"), ("wording/es.toml", "", "language", "this file must say 'es'")),
    ("no language", lambda world: world["wording/es.toml"].pop("language"), ("wording/es.toml", "", "language", "is missing")),
    (
        "sentences no table",
        lambda world: world["wording/es.toml"].update(text="x", education="y"),
        ("wording/es.toml", "", "text", "should be an object"),
    ),
    ("sentence missing", lambda world: world["wording/es.toml"]["text"].pop("bye"), ("wording/es.toml", "text.bye", "", "is missing; en has it")),
    (
        "sentence is a number",
        lambda world: world["wording/es.toml"]["text"].update(bye=3),
        ("wording/es.toml", "text.bye", "", "should be a valid string"),
    ),
    (
        "field missing",
        lambda world: world["wording/es.toml"]["text"].update(hello="Para"),
        ("wording/es.toml", "text.hello", "", "lacks {name}, which another language has"),
    ),
    (
        "open brace",
        lambda world: world["wording/es.toml"]["text"].update(bye="Adiós {"),
        ("wording/es.toml", "text.bye", "", "braces that do not hold a plain name"),
    ),
    (
        "more than a name",
        lambda world: world["wording/es.toml"]["text"].update(bye="{x.y}"),
        ("wording/es.toml", "text.bye", "", "braces that do not hold a plain name"),
    ),
    ("no pose", lambda world: world["poses/hip.toml"].pop("bridge"), ("poses", "bridge", "", "has no pose")),
    (
        "pose of nothing",
        lambda world: world["poses/hip.toml"].update(leap=world["poses/hip.toml"]["bridge"]),
        ("poses", "leap", "", "is a pose of no exercise"),
    ),
    (
        "pose out of shape",
        lambda world: world["poses/hip.toml"]["bridge"].update(view="below"),
        ("poses/hip.toml", "bridge", "view", "'side', 'front', 'rear' or 'top'"),
    ),
]


@pytest.mark.parametrize(("change", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_fault_is_named_with_file_entry_field_and_what_is_allowed(tmp_path: Path, change: Change, expected: tuple[str, str, str, str]) -> None:
    world = small()
    change(world)
    found = faults_in(write(tmp_path, world))
    file, name, field, words = expected
    assert any((one.file, one.entry, one.field) == (file, name, field) and words in one.problem for one in found), "\n".join(map(str, found))


RIGHT: list[tuple[str, Change]] = [
    ("two rows of a rule share an id", added("rules.toml", "rule", a_rule())),
    ("an ordered choice may be compared", rule(when=when("grade", ">=", "high", "any"))),
    ("a choice may be one of several", rule(when=when("place", "in", ["low", "high"], "any"))),
    ("a number may be one of several", rule(when=when("worst", "in", [1, 2], "any"))),
    ("a support may be given", rule(gives=[{"kind": "support", "items": ["tape"]}])),
    ("advice against a thing is advice", rule(gives=[{"kind": "advice", "items": ["no_tape"]}], avoid=[{"items": ["tape"], "because": "skin"}])),
    ("referral is given by advice", rule(gives=[{"kind": "refer", "items": ["see_doctor"]}])),
    ("a mean runs from its worst to its best item point", score(scoring="mean", hard=[0, 1.5], soft=[0, 1.5], bands=[])),
    ("koos turns the points round", score(scoring="koos", better="higher", hard=[62.5, 100], soft=[70, 100], bands=[])),
    ("a score without a better side may list either way", score(better="neither", items=[ITEMS[0], {"label": "Knee", "allowed": [2, 1, 0]}])),
    ("a precaution may only ask", entry("rules.toml", "precaution", 0, avoid=[], asks="What did the surgeon say?")),
    ("an exercise may stand alone", lambda world: (added(HIP, "exercise", an_exercise("leap"))(world), also_named(world, "leap"))),
    ("a range of repetitions", entry(HIP, "exercise", 0, dose={"reps": 8, "reps_max": 10, "days_per_week": 3})),
]


def also_named(world: World, id: str) -> None:
    for place in (world["wording/en.toml"]["exercises"], world["wording/es.toml"]["exercises"], world["poses/hip.toml"]):
        place[id] = place["bridge"]


@pytest.mark.parametrize("change", [case[1] for case in RIGHT], ids=[case[0] for case in RIGHT])
def test_what_is_right_is_not_called_a_fault(tmp_path: Path, change: Change) -> None:
    world = small()
    change(world)
    assert faults_in(write(tmp_path, world)) == ()


def test_a_file_that_is_no_toml_is_named_with_its_line_and_hides_no_other_fault(tmp_path: Path) -> None:
    folder = write(tmp_path, small())
    (folder / "sources.toml").write_text('[[source]]\nid = "a_book\n', encoding="utf-8")
    (folder / "advice.toml").write_bytes(b'[[advice]]\nid = "caf\xe9"\n')
    (folder / "poses" / "more.toml").write_text("[bridge\n", encoding="utf-8")
    found = faults_in(folder)
    assert [fault.file for fault in found] == ["advice.toml", "poses/more.toml", "sources.toml"], "no fault may follow from a file that is unread"
    assert "is not UTF-8 text (at line 2)" in found[0].problem
    assert "line 2" in found[2].problem


def test_a_pose_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path, small())
    (folder / "poses" / "more.toml").write_bytes(b"# caf\xe9\n")
    found = faults_in(folder)
    assert [fault.file for fault in found] == ["poses/more.toml"]
    assert "utf-8" in found[0].problem


def test_naming_an_entry_of_the_wrong_shape_is_no_second_fault(tmp_path: Path) -> None:
    world = small()
    del world[PAIN]["measure"][0]["label"]
    del world[HIP]["exercise"][0]["target"]
    del world["phases.toml"]["phase"][2]["label"]
    del world["advice.toml"]["advice"][0]["text"]
    rule(gives=[{"kind": "refer", "items": ["see_doctor"]}])(world)
    found = faults_in(write(tmp_path, world))
    assert {(fault.entry, fault.field) for fault in found} == {("worst", "label"), ("bridge", "target"), ("phase_2", "label"), ("see_doctor", "text")}


def test_an_edition_out_of_shape_is_the_only_fault(tmp_path: Path) -> None:
    world = small()
    world["edition.toml"] = {"date": "2026-01-01"}
    assert [(fault.file, fault.field) for fault in faults_in(write(tmp_path, world))] == [("edition.toml", "edition")]


def test_the_message_counts_the_faults_and_lists_each_in_a_line(tmp_path: Path) -> None:
    world = small()
    world["rules.toml"]["rule"][0]["source"] = "hearsay"
    with pytest.raises(KnowledgeFaults, match="hold 1 fault; correct") as one:
        load_knowledge(write(tmp_path / "one", world))
    assert str(one.value).splitlines()[1] == "  rules.toml, R01, source: 'hearsay' is not in sources.toml"
    world["rules.toml"]["rule"][0]["grade"] = "Z"
    del world["edition.toml"]
    with pytest.raises(KnowledgeFaults, match="hold 2 faults; correct"):
        load_knowledge(write(tmp_path / "two", world))


def test_a_folder_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeFaults, match="there is no such folder"):
        load_knowledge(tmp_path / "nowhere")
