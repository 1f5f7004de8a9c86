"""The packaged knowledge loads whole and quickly, is read anew when a byte changes, and names twenty planted faults at once."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

import pytest
from small_knowledge import faults_in, small, write

from kneeclinic.knowledge import Knowledge, load_knowledge
from kneeclinic.knowledge.check import counts
from kneeclinic.knowledge.loader import PACKAGED, _knowledge_of
from kneeclinic.vocabulary import LANGUAGES, NotFound


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge(PACKAGED)


def test_the_packaged_knowledge_loads_with_all_that_the_clinic_needs(knowledge: Knowledge) -> None:
    found = counts(knowledge)
    assert found["exercises"] == found["poses"] == 84
    assert found["phases"] == 5
    assert found["red flags"] == 12
    assert found["rules"] == 45
    assert found["reviews"] == 11
    assert found["running stages"] == 8
    assert found["supports"] == 6
    assert found["languages"] == len(LANGUAGES)
    assert found["measures"] == len(knowledge.measures) > found["derived measures"] > 20


def test_every_row_keeps_the_order_in_which_it_is_read(knowledge: Knowledge) -> None:
    assert [phase.number for phase in knowledge.phases] == [0, 1, 2, 3, 4]
    assert [stage.stage for stage in knowledge.running.stages] == list(range(1, 9))
    assert [zone.zone for zone in knowledge.pain_zones] == ["green", "amber", "red"]
    assert [review.order for review in knowledge.reviews] == sorted(review.order for review in knowledge.reviews)
    places = [section.id for section in knowledge.sections]
    assert places[0] == "red_flags", "red flags come first on the form"
    order = [places.index(measure.section) for measure in knowledge.measures.values()]
    assert order == sorted(order)


def test_reading_everything_anew_takes_less_than_150_ms_and_an_unchanged_folder_a_tenth_of_it() -> None:
    traced = 4 if sys.gettrace() else 1  # a coverage run pays for every line
    anew, unchanged = [], []
    for _ in range(3):
        _knowledge_of.cache_clear()
        anew.append(seconds_to_load())
        unchanged.append(seconds_to_load())
    assert min(anew) < 0.150 * traced
    assert min(unchanged) < 0.015 * traced


def seconds_to_load() -> float:
    start = time.process_time()
    load_knowledge(PACKAGED)
    return time.process_time() - start


def test_the_same_bytes_give_the_same_knowledge_and_a_changed_byte_a_new_one(tmp_path: Path) -> None:
    folder = write(tmp_path, small())
    first = load_knowledge(folder)
    assert load_knowledge(folder) is first
    file = folder / "advice.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("See a doctor", "Call a doctor"), encoding="utf-8")
    assert load_knowledge(folder).item_label("see_doctor") == "Call a doctor"


def test_the_environment_names_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNEECLINIC_KNOWLEDGE", str(write(tmp_path, small())))
    assert load_knowledge().edition.edition == "1"
    monkeypatch.delenv("KNEECLINIC_KNOWLEDGE")
    assert load_knowledge().edition.edition != "1"


def test_the_packaged_edition_claims_no_review(knowledge: Knowledge) -> None:
    assert knowledge.edition.reviewed_by == ""


def test_every_id_opens_its_entry(knowledge: Knowledge) -> None:
    assert knowledge.measure("akps").short == "AKPS"
    assert knowledge.exercise("clamshell").level >= 1
    assert knowledge.support("tape_patellar").stop_weeks == 4
    assert knowledge.template("hip_starter").phase == 1
    assert knowledge.source("cpg_2019").seen == "summary"


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda k: k.measure("pain_wrost"), "There is no measure 'pain_wrost'. Did you mean pain_worst"),
        (lambda k: k.exercise("zzz"), "There is no exercise 'zzz'."),
        (lambda k: k.support("tape"), "There is no support 'tape'."),
        (lambda k: k.item_label("clamshel"), "There is no exercise, support or advice 'clamshel'. Did you mean clamshell"),
        (lambda k: k.words("clamshell", "de"), "There is no language 'de'."),
        (lambda k: k.text("nothing_like_it", "en"), "There is no sentence 'nothing_like_it'."),
    ],
)
def test_an_unknown_id_is_answered_with_the_nearest_ones(knowledge: Knowledge, ask, sentence: str) -> None:
    with pytest.raises(NotFound) as error:
        ask(knowledge)
    assert str(error.value).startswith(sentence)


def test_an_item_has_a_name_whether_exercise_support_or_advice(knowledge: Knowledge) -> None:
    assert knowledge.item_label("tape_patellar") == "Kneecap taping"
    assert knowledge.item_label("clamshell") == knowledge.words("clamshell", "en").name
    advice = next(iter(knowledge.advice.values()))
    assert knowledge.item_label(advice.id) == advice.label


def test_a_sentence_is_filled_in_and_says_what_it_needs(tmp_path: Path) -> None:
    knowledge = load_knowledge(write(tmp_path, small()))
    assert knowledge.text("hello", "es", name="{Ana} & <b>") == "For {Ana} & <b>", "what a person typed is never read as a field"
    with pytest.raises(NotFound, match="'hello' needs the field 'name'"):
        knowledge.text("hello", "en")


PLANTED: list[tuple[str, str, str, tuple[str, str, str]]] = [
    ("measures/pain.toml", 'id = "pain_usual"', 'id = "pain_usual"\ncolour = "red"', ("measures/pain.toml", "pain_usual", "colour")),
    (
        "measures/pain.toml",
        'id = "pain_worst"\nlabel = "Worst pain, last 7 days"',
        'id = "pain_worst"',
        ("measures/pain.toml", "pain_worst", "label"),
    ),
    ("measures/load.toml", "hard = [0, 300]", "hard = [0, 100]", ("measures/load.toml", "km_week", "soft")),
    ("measures/gait.toml", 'id = "cadence"', 'id = "run_speed"', ("measures/gait.toml", "run_speed", "id")),
    ("measures/foot.toml", 'source = "nielsen_2009"', 'source = "hearsay"', ("measures/foot.toml", "navicular_drop", "source")),
    (
        "measures/questionnaires.toml",
        "allowed = [10, 8, 5, 0]",
        "allowed = [10, 5, 8, 0]",
        ("measures/questionnaires.toml", "akps", "items[3].allowed"),
    ),
    ("measures/questionnaires.toml", 'scoring = "koos"\n', "", ("measures/questionnaires.toml", "koos_pf", "scoring")),
    ("measures/questionnaires.toml", 'scoring = "lefs"', 'scoring = "guess"', ("measures/questionnaires.toml", "lefs", "scoring")),
    ("measures/strength.toml", 'section = "strength"', 'section = "power"', ("measures/strength.toml", "body_mass", "section")),
    ("measures/flexibility.toml", "sdc = 1.0", 'sdc = "one"', ("measures/flexibility.toml", "wb_lunge_cm", "sdc")),
    ("measures/patella.toml", 'aliases = ["tilt"]', 'aliases = ["kujala"]', ("measures/questionnaires.toml", "akps", "aliases")),
    ("supports.toml", 'components = ["glide", ', 'components = ["slide", ', ("supports.toml", "tape_patellar", "components")),
    ("templates.toml", 'exercise = "knee_iso_60"', 'exercise = "knee_iso_6O"', ("templates.toml", "calm_down", "items[0].exercise")),
    ("education.toml", 'id = "footwear"', 'id = "shoes"', ("wording/es.toml", "education.shoes", "")),
    ("edition.toml", "date = ", "day = ", ("edition.toml", "", "date")),
    ("advice.toml", "[[advice]]", "[[advices]]", ("advice.toml", "advices", "")),
]
A_BAD_RULE = """
[[rule]]
id = "X01"
title = "x"
precedence = "adjunct"
grade = "A"
why = "x"
source = "cpg_2019"
standing = "checked"
gives = [{ kind = "exercise", items = ["clam"] }]
when = { all = [
    { measure = "pain_wurst", side = "affected", op = ">=", value = 6 },
    { measure = "bmi", side = "affected", op = ">", value = 30 },
    { measure = "foot_strike", side = "any", op = ">=", value = "rearfoot" },
    { measure = "akps", side = "any", op = "<", value = 170 },
    { measure = "pain_location", side = "any", op = "==", value = "back" },
] }
"""
APPENDED: list[tuple[str, str, tuple[str, str, str]]] = [
    ("rules.toml", A_BAD_RULE, ("rules.toml", "X01", "when.all[0].measure")),
    (
        "reviews.toml",
        '[[review]]\nid = "WRX"\norder = 1\ntitle = "x"\ndecision = "hold"\nthen = "x"\nsource = "cpg_2019"\nstanding = "checked"\n',
        ("reviews.toml", "WRX", "order"),
    ),
    ("measures/trials.toml", "[[measure]\n", ("measures/trials.toml", "", "")),
]
ALSO = [
    ("rules.toml", "X01", "when.all[1].side"),
    ("rules.toml", "X01", "when.all[2].op"),
    ("rules.toml", "X01", "when.all[3].value"),
    ("rules.toml", "X01", "when.all[4].value"),
    ("rules.toml", "X01", "gives[0].items"),
]


def test_twenty_four_faults_of_different_kinds_are_all_named_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "knowledge"
    shutil.copytree(PACKAGED, folder)
    for name, old, new, _ in PLANTED:
        file = folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{name} no longer holds {old!r}; plant the fault elsewhere"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
    for name, more, _ in APPENDED:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write("\n" + more)
    found = {(fault.file, fault.entry, fault.field) for fault in faults_in(folder)}
    expected = [fault[-1] for fault in (*PLANTED, *APPENDED)] + ALSO
    assert len(expected) == 24
    assert not [fault for fault in expected if fault not in found]
