"""The log of the server: one JSON object a line, enough to find a fault by its id, and no word of a record."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kneeclinic.ui import errors
from kneeclinic.vocabulary import Refused
from kneeclinic.web import logs
from kneeclinic.web.server import script_error

ROOT = Path(__file__).resolve().parents[2]
NAME = "Guadalupe Hernández, 1984-05-17"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the loggers of the product and of a library write, through the server's own formatter."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logs.Lines())
    loggers = [logging.getLogger(name) for name in ("kneeclinic", "somelibrary")]
    for one in loggers:
        one.addHandler(handler)
    yield text
    for one in loggers:
        one.removeHandler(handler)


def lines(text: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(one) for one in text.getvalue().splitlines()]


def broken() -> None:
    try:
        {}[NAME]
    except KeyError as inner:
        raise ValueError(f"{NAME} has no knee") from inner


def caught() -> Exception:
    try:
        broken()
    except ValueError as fault:
        return fault
    raise AssertionError


def test_a_fault_of_a_screen_is_found_by_its_id_and_tells_no_word_of_the_record(written: io.StringIO) -> None:
    shown = errors.sentence(caught())
    assert NAME not in shown and "Traceback" not in shown
    fault = shown.rsplit(" ", 1)[1].rstrip(".")
    (line,) = lines(written)
    assert fault in str(line["says"]) and line["level"] == "error"
    assert line["fault"] == ["ValueError", "KeyError"]
    through = line["through"]
    assert isinstance(through, list) and through[-1].startswith("tests/web/test_logs.py:") and through[-1].endswith(" broken")
    assert "Guadalupe" not in written.getvalue() and "1984" not in written.getvalue()


def test_what_the_last_net_catches_is_logged_the_same_way(written: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []
    monkeypatch.setattr("kneeclinic.web.server.st.error", lambda text, **_: shown.append(text))
    assert script_error(caught())
    (line,) = lines(written)
    fault = shown[0].rsplit(" ", 1)[1].rstrip(".")
    assert fault in str(line["says"]) and "Guadalupe" not in written.getvalue() + shown[0]


def test_what_a_library_says_is_not_repeated_for_it_may_quote(written: io.StringIO) -> None:
    logging.getLogger("somelibrary").error("cannot handle %s", NAME)
    logging.getLogger("somelibrary").error(f"cannot handle {NAME}", exc_info=caught())
    one, other = lines(written)
    assert str(one["said_at"]).startswith("tests/web/test_logs.py:") and "says" not in one
    assert other["fault"] == ["ValueError", "KeyError"]
    assert "Guadalupe" not in written.getvalue()


def test_a_refusal_with_a_way_on_is_nobodys_fault_and_not_logged(written: io.StringIO) -> None:
    assert errors.sentence(Refused(f"{NAME}: enter a date.")) == f"{NAME}: enter a date."
    assert written.getvalue() == ""


PROCESS = """
import logging, sys, threading, warnings
import streamlit as st
from streamlit.logger import get_logger
get_logger("streamlit.before")
from kneeclinic.web import logs
logs.start()
get_logger("streamlit.after").warning("SECRET %s", "SECRET")
get_logger("streamlit.before").error("SECRET")
logging.getLogger("uvicorn.error").error("SECRET")
logging.getLogger("kneeclinic.web").warning("the clinic is open")
logging.getLogger("kneeclinic.web").info("not worth a line")
warnings.warn("SECRET")
def work(): raise ValueError("SECRET")
one = threading.Thread(target=work); one.start(); one.join()
class Odd:
    def __del__(self): raise ValueError("SECRET")
Odd()
raise LookupError("SECRET")
"""


def test_every_voice_of_a_server_process_speaks_in_these_lines() -> None:
    ran = subprocess.run([sys.executable, "-c", PROCESS], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, env={**os.environ})
    assert "SECRET" not in ran.stderr + ran.stdout and "Traceback" not in ran.stderr
    said = [json.loads(one) for one in ran.stderr.splitlines()]
    assert [one["from"] for one in said] == [
        "streamlit.after", "streamlit.before", "uvicorn.error", "kneeclinic.web", "py.warnings", "kneeclinic.web", "kneeclinic.web", "kneeclinic.web"]
    assert [one.get("fault") for one in said[-3:]] == [["ValueError"], ["ValueError"], ["LookupError"]]
    assert all(one["level"] in ("warning", "error", "critical") and one["at"] for one in said)
