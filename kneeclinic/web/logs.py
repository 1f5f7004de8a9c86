"""What the server says about itself, one JSON object a line on the error output: never a value, a name or any other word of a record."""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import streamlit.logger
import uvicorn.config

ROOT = Path(__file__).resolve().parents[2]
OWN = "kneeclinic"
MOST_LINES = 12
LOG = logging.getLogger("kneeclinic.web")


def start() -> None:
    """From now on every logger of this process, the libraries' too, speaks in these lines, and so does a fault that nobody caught."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    handler.setLevel(logging.WARNING)
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.WARNING)
    for name in [*logging.root.manager.loggerDict]:
        _join(logging.getLogger(name))
    streamlit.logger.setup_formatter = _join  # those that are made later
    uvicorn.config.LOGGING_CONFIG["loggers"].clear()  # would bring back writers of its own
    logging.captureWarnings(True)
    sys.excepthook = lambda kind, fault, trace: LOG.critical("stopped by a fault", exc_info=(kind, fault, trace))
    threading.excepthook = lambda told: LOG.error("a fault in a thread", exc_info=(told.exc_type, told.exc_value, told.exc_traceback))  # type: ignore[arg-type]
    sys.unraisablehook = lambda told: LOG.error("a fault while putting away", exc_info=(told.exc_type, told.exc_value, told.exc_traceback))  # type: ignore[arg-type]


def _join(logger: logging.Logger) -> None:
    logger.handlers[:] = []
    logger.propagate = True


class Lines(logging.Formatter):
    """Our own sentences as they are: they hold ids and places only. Of a library's only where it was said: it may quote what it was handed.
    Of a fault its kind and the lines it went through, never its message."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"), "level": record.levelname.lower(),
            "from": record.name,
        }
        if record.name.split(".")[0] == OWN:
            line["says"] = record.getMessage()
        else:
            line["said_at"] = f"{_short(record.pathname)}:{record.lineno}"
        if record.exc_info and record.exc_info[1] is not None:
            line["fault"] = kinds(record.exc_info[1])
            line["through"] = lines_of(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def kinds(fault: BaseException) -> list[str]:
    """What kind of fault it is, and which one caused it."""
    found: list[str] = []
    cause: BaseException | None = fault
    while cause is not None and len(found) < 5:
        found.append(type(cause).__name__)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return found


def lines_of(trace: TracebackType | None) -> list[str]:
    """File and line of our own steps, the innermost last, and of the library's step in which it ended."""
    steps = [(frame.f_code.co_filename, line, frame.f_code.co_name) for frame, line in traceback.walk_tb(trace)]
    own = [f"{_short(file)}:{line} {name}" for file, line, name in steps if _is_ours(file)]
    if steps and not _is_ours(steps[-1][0]):
        own.append(f"{_short(steps[-1][0])}:{steps[-1][1]}")
    return own[-MOST_LINES:]


def _is_ours(file: str) -> bool:
    return Path(file).is_relative_to(ROOT) and "site-packages" not in file


def _short(file: str) -> str:
    """A path of ours from the project on, a library's from its package on."""
    path = Path(file)
    if _is_ours(file):
        return path.relative_to(ROOT).as_posix()
    return "/".join(path.parts[path.parts.index("site-packages") + 1:]) if "site-packages" in path.parts else path.name
