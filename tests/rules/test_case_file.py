"""A case file: what it may hold, what it means, and one clear line where it cannot be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kneeclinic.exchange.case_file import read_case
from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.vocabulary import HOME_EQUIPMENT, AffectedSide, Refused, Side

PATIENT = '[patient]\nage = 34\nsex = "female"\nside = "both"\n'


def a_file(folder: Path, text: str) -> Path:
    path = folder / "case.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_full_file_becomes_a_case(tmp_path: Path, knowledge: Knowledge) -> None:
    path = a_file(tmp_path, '\ufeffstory = "A story."\n' + PATIENT + '''minutes = 15
equipment = ["floor", "chair"]
[[observation]]
measure = "pain_worst"
side = "left"
value = 5
date = 2026-03-01
[[observation]]
measure = "koos_pf"
side = "left"
items = [1, 1, 1, 1, 1, 1, "-", "-", "-", "-", "-"]
date = 2026-03-01T09:30:00
[[observation]]
measure = "tsk11"
value = 20
[[check_in]]
date = "2026-03-15"
sessions_done = 4
sessions_prescribed = 9
pain_usual = 2
pain_worst = 4
km = 12.5
[[run]]
date = 2026-03-14
km = 5
pain_during = 1
settled_within_60_min = true
''')
    case, today = read_case(path, knowledge)
    assert today == date(2026, 3, 15)
    assert (case.patient.age_on(today), case.patient.minutes_a_day, case.patient.equipment) == (34, 15, ("floor", "chair"))
    assert case.episode.side is AffectedSide.BOTH
    assert case.episode.opened_on == date(2026, 3, 1)
    assert [(one.measure, one.value, one.on.day) for one in case.observations] == [("pain_worst", 5, 1), ("koos_pf", 75, 1), ("tsk11", 20, 15)]
    assert case.observations[1].items == (1, 1, 1, 1, 1, 1, None, None, None, None, None)
    assert len(case.visits) == 2
    assert (case.check_ins[0].week_start, case.check_ins[0].week_end) == (date(2026, 3, 9), date(2026, 3, 15))
    assert case.runs[0].on == date(2026, 3, 14)
    assert case.latest("pain_worst", Side.LEFT).visit_id == case.visits[0].id  # type: ignore[union-attr]


def test_a_bare_patient_is_a_case_with_what_a_home_has(tmp_path: Path) -> None:
    case, today = read_case(a_file(tmp_path, PATIENT + "\n"))
    assert case.patient.equipment == HOME_EQUIPMENT
    assert case.patient.minutes_a_day == 20
    assert case.observations == ()
    assert today == date.today()


def test_today_may_be_told_also_on_the_29th_of_february(tmp_path: Path, knowledge: Knowledge) -> None:
    case, today = read_case(a_file(tmp_path, 'today = "2028-02-29"\n' + PATIENT), knowledge)
    assert today == date(2028, 2, 29)
    assert case.patient.age_on(today) == 34
    odd, day = read_case(a_file(tmp_path, "today = 2028-02-29\n" + PATIENT.replace("34", "33")), knowledge)
    assert odd.patient.age_on(day) == 33


OBSERVED = '[[observation]]\nmeasure = "pain_worst"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("patient = [", "case.toml: is not TOML"),
        ("", "patient: is missing"),
        (PATIENT + "[tests]\n", "tests: is no part of a case file; allowed: patient, observation"),
        (PATIENT.replace("34", "7"), "patient.age: 7 came; a whole number from 8 to 100 is allowed."),
        (PATIENT.replace("34", "34.5"), "patient.age: 34.5 came"),
        (PATIENT.replace("female", "woman"), "patient.sex: 'woman' came; should be 'female', 'male' or 'other'"),
        (PATIENT.replace("both", "middle"), "patient.side: 'middle' came"),
        (PATIENT.replace("age = 34\n", ""), "patient.age: is missing"),
        (PATIENT + "weight = 60\n", "patient.weight: is no field here; allowed: age, sex, side"),
        (PATIENT + 'equipment = ["trampoline"]\n', "patient.equipment: trampoline came; allowed: floor"),
        (PATIENT + "observation = 3\n".join(["", ""]), "patient.observation: is no field here"),
        ("run = 3\n" + PATIENT, "run: must be written as [[run]]"),
        (PATIENT + OBSERVED + 'side = "left"\n', "pain_worst: nothing came; a value is needed"),
        (PATIENT + OBSERVED + 'side = "left"\nvalue = 11\n', "pain_worst: 11 came"),
        (PATIENT + OBSERVED + "side = 3\nvalue = 4\n", "pain_worst.side: 3 came"),
        (PATIENT + "[[observation]]\nvalue = 3\n", "observation 1.measure: is missing"),
        (PATIENT + OBSERVED + 'side = "left"\nvalue = 4\ndate = "soon"\n', "pain_worst.date: 'soon' came"),
        ("today = 2026-03-01\n" + PATIENT + OBSERVED + 'side = "left"\nvalue = 4\ndate = 2026-03-02\n', "date: 2026-03-02 came; 2026-03-01"),
        ('today = "soon"\n' + PATIENT, "today: soon came; a date such as"),
        ("today = 3\n" + PATIENT, "today: 3 came"),
        (PATIENT + "[[check_in]]\ndate = 2026-03-02\npain_usual = 5\npain_worst = 4\n", "check_in 2026-03-02: pain_worst: 4 came; 5"),
        (PATIENT + "[[check_in]]\ndate = 2026-03-02\npain_worst = 11\n", "check_in 1.pain_worst: 11 came; a whole number from 0 to 10 is allowed."),
        (PATIENT + "[[run]]\ndate = 2026-03-02\nkm = -1\n", "run 1.km: -1 came; a number from 0 to 200 is allowed."),
        (PATIENT + OBSERVED + 'side = "left"\nvalue = 4\ndate = 20260302\n', "pain_worst.date: 20260302 came; a date such as"),
        (PATIENT + OBSERVED + 'side = "left"\nvalue = 4\ndate = 2999-01-01\n', "date: 2999-01-01 came; "),
        (PATIENT + "[[check_in]]\ndate = 2999-01-01\n", "(today) or earlier is allowed"),
        (PATIENT + "[[run]]\ndate = 2999-01-01\nkm = 3\n", "(today) or earlier is allowed"),
        (PATIENT + "[[run]]\ndate = 0001-01-01\nkm = 3\n", "date: 0001-01-01 came; 1900-01-01 or later"),
        ("today = 0001-01-01\n" + PATIENT, "today: 0001-01-01 came"),
        (PATIENT + '[[run]]\ndate = 2026-03-02\nkm = "3"\n', "run 1.km: '3' came"),
        (PATIENT + '[[run]]\ndate = 2026-03-02\nkm = 3\nsettled_within_60_min = "yes"\n', "60_min: 'yes' came; true or false is allowed"),
        (PATIENT + 'equipment = "floor"\n', "patient.equipment: 'floor' came; should be a list"),
        ("a = " + "[" * 5000 + "]" * 5000 + "\n" + PATIENT, "too many brackets"),
        (PATIENT + OBSERVED + 'side = "left"\nvalue = ' + "9" * 5000 + "\n", "case.toml: is not TOML"),
        ("story = \"" + "x" * 1_000_001 + "\"\n" + PATIENT, "larger than 1,000,000 bytes"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(tmp_path: Path, knowledge: Knowledge, text: str, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_case(a_file(tmp_path, text), knowledge)
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path, knowledge: Knowledge) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        read_case(tmp_path / "nobody.toml", knowledge)
    (tmp_path / "picture.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Refused, match="is not TOML"):
        read_case(str(tmp_path / "picture.toml"), knowledge)
