"""Finds the command that was asked for and runs it; whatever goes wrong ends in one clear line, never in a traceback."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from kneeclinic.commands.parser import Command, Parser
from kneeclinic.vocabulary import KneeClinicError

PROGRAM = "python -m kneeclinic"
DEBUG = "KNEECLINIC_DEBUG"
"""Set to 1, an unexpected fault shows its traceback; for engineers."""

MODULES: dict[str, str] = {
    "serve": "serving", "demo": "made_up", "generate": "made_up", "knowledge check": "findings", "score": "findings",
    "suggest": "findings", "change": "findings", "figure": "drawings", "patients": "keeping", "handout": "papers", "review": "papers",
    "backup": "keeping", "restore": "keeping", "verify": "keeping", "export clinic": "moving", "import clinic": "moving",
    "import patients": "moving", "import runs": "moving", "user add": "people", "user list": "people", "user disable": "people",
    "user enable": "people", "user password": "people", "user require-second-factor": "people",
    "user remove-second-factor": "people",
}
GROUPS = {name.split()[0] for name in MODULES if " " in name}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command. Exit code 0 done, 1 a problem with the data or the request, 2 wrong usage."""
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(words)
        sys.stdout.flush()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
    except KneeClinicError as error:
        return _problem(_lines(error))
    except KeyboardInterrupt:
        return _problem("Stopped; what was not finished was not stored.")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        what = error.filename or "What was asked for could not be written"
        return _problem(f"{what}: {error.strerror or error}; check the disk and the rights, and try again.")
    except Exception as error:
        if os.environ.get(DEBUG) == "1":
            raise
        return _problem(f"A fault of the program ({type(error).__name__}{_place(error)}); please report it. {DEBUG}=1 shows more.")
    return code


def command_of(name: str) -> Command:
    """The command, its module loaded only now."""
    return import_module(f"kneeclinic.commands.{MODULES[name]}").COMMANDS[name]


def _run(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        _overview()
        return 0 if words else 2
    if words[0] == "--version":
        from kneeclinic import __version__

        sys.stdout.write(f"KneeClinic {__version__}\n")
        return 0
    name, rest = words[0], words[1:]
    if name in GROUPS:
        members = [one.split()[1] for one in MODULES if one.startswith(f"{name} ")]
        if rest and rest[0] in ("-h", "--help"):
            _overview(name)
            return 0
        if not rest or rest[0] not in members:
            sys.stderr.write(f"{PROGRAM} {name}: choose one of {', '.join(members)}; see `{PROGRAM} {name} --help`.\n")
            return 2
        name, rest = f"{name} {rest[0]}", rest[1:]
    if name not in MODULES:
        sys.stderr.write(f"{PROGRAM}: there is no command {name!r}; see `{PROGRAM} --help`.\n")
        return 2
    command = command_of(name)
    parser = Parser(prog=f"{PROGRAM} {name}", description=command.about, allow_abbrev=False)
    command.options(parser)
    return command.run(parser.read(rest))


def _overview(group: str = "") -> None:
    names = [one for one in MODULES if not group or one.startswith(f"{group} ")]
    width = max(len(one) for one in names)
    lines = [f"usage: {PROGRAM} {group + ' ' if group else ''}COMMAND …   (each with --help)", ""]
    lines += [f"  {one:<{width}}  {command_of(one).about}" for one in names]
    sys.stdout.write("\n".join(lines) + "\n")


def _place(error: BaseException) -> str:
    """The last line of ours that it went through; its message may quote a record and stays unsaid."""
    steps = [one for one in traceback.extract_tb(error.__traceback__) if "kneeclinic" in one.filename and "site-packages" not in one.filename]
    return f" at {Path(steps[-1].filename).name}:{steps[-1].lineno}" if steps else ""


def _problem(text: str) -> int:
    sys.stderr.write(text.rstrip() + "\n")
    return 1


def _lines(error: KneeClinicError) -> str:
    """One line; only the faults of knowledge files come as a list, one a line."""
    faults = getattr(error, "faults", None)
    if faults:
        return str(error)
    return " ".join(str(error).split()) or type(error).__name__
