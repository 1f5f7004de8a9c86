"""The sheet of a patient whom a red flag stops: one page, both languages, no exercise on it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pypdfium2 as pdfium
import pytest

from kneeclinic.documents.stop_sheet import stop_sheet_pdf
from kneeclinic.record import Case
from kneeclinic.record.visits import Observation
from kneeclinic.record.weeks import Snooze
from kneeclinic.rules.red_flags import red_flags
from kneeclinic.vocabulary import FlagLevel, NotFound, Side
from tests.documents.paper_builders import CLINIC, SIX, TODAY, a_runner, knowledge, text_of


def with_values(case: Case, *values: tuple[str, Side, float | str]) -> Case:
    found = tuple(Observation(f"o{number}", "visit", "episode", "patient", measure, side, value, TODAY)
                  for number, (measure, side, value) in enumerate(values))
    return dataclasses.replace(case, observations=found)


def sheet(case: Case, language: str = "en") -> bytes:
    return stop_sheet_pdf(case, knowledge(), TODAY, CLINIC, therapist="D. Demo", language=language)


LOCKED = ("locking", Side.RIGHT, 1)


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_says_stop_until_when_whom_to_call_and_no_exercise(language: str) -> None:
    data = sheet(with_values(a_runner(), LOCKED), language)
    text, words = text_of(data), knowledge().wording[language]
    for key in ("stop_sheet_title", "stop_until_rf2", "stop_when_soon", "stop_do_none", "stop_help_breath", "stop_help_fever"):
        assert words.text[key] in text, key
    assert CLINIC.phone in text and "Demo" in text
    assert not any(words.exercises[one].name in text for one in SIX)
    assert len(pdfium.PdfDocument(data)) == 1


def test_an_emergency_is_seen_today_and_several_flags_still_fit_one_page() -> None:
    many = (LOCKED, ("fever_hot_joint", Side.RIGHT, 1), ("stroke_test", Side.RIGHT, "3+"), ("calf_swelling", Side.LEFT, 1),
            ("extensor_gap", Side.RIGHT, 1))
    data = sheet(with_values(a_runner(), *many), "es")
    assert knowledge().wording["es"].text["stop_when_today"] in text_of(data)
    assert len(pdfium.PdfDocument(data)) == 1


@pytest.mark.parametrize("flag", sorted({one.id for one in knowledge().red_flags if one.level.blocks}))
def test_every_flag_that_blocks_has_its_sentence_in_both_languages(flag: str) -> None:
    for language in ("en", "es"):
        assert f"stop_until_{flag.lower()}" in knowledge().wording[language].text


def test_without_a_standing_flag_there_is_no_sheet_and_a_flag_set_aside_stands_no_more_until_it_is_found_anew() -> None:
    with pytest.raises(NotFound):
        sheet(a_runner())
    locked = with_values(a_runner(), LOCKED)
    assert red_flags(locked, knowledge(), TODAY)
    now = datetime.combine(TODAY, datetime.min.time(), UTC)
    nap = Snooze("nap", "episode", "RF2", TODAY + timedelta(days=14), "Seen by the surgeon", "anna", now)
    with pytest.raises(NotFound):
        sheet(dataclasses.replace(locked, snoozes=(nap,)))
    earlier = dataclasses.replace(nap, at=now - timedelta(days=2))
    assert sheet(dataclasses.replace(locked, snoozes=(earlier,))).startswith(b"%PDF-"), "the value was entered after the flag was set aside"
    assert sheet(dataclasses.replace(locked, snoozes=(dataclasses.replace(nap, until=TODAY - timedelta(days=1)),)))


def test_an_emergency_is_never_set_aside_but_goes_when_the_finding_is_entered_as_it_is_now() -> None:
    hot = with_values(a_runner(), ("fever_hot_joint", Side.RIGHT, 1))
    (flag,) = (one for one in red_flags(hot, knowledge(), TODAY) if one.level is FlagLevel.EMERGENCY)
    nap = Snooze("nap", "episode", flag.id, TODAY + timedelta(days=14), "Seen by the physician", "anna",
                 datetime.combine(TODAY, datetime.min.time(), UTC))
    assert sheet(dataclasses.replace(hot, snoozes=(nap,))).startswith(b"%PDF-")
    with pytest.raises(NotFound):
        sheet(with_values(a_runner(), ("fever_hot_joint", Side.RIGHT, 0)))
