"""How every command reads its words: options before, between or after values, one line for a mistake, exit code 2."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

Arguments = argparse.Namespace


class Parser(argparse.ArgumentParser):
    """An argument parser that tells a usage mistake in one line."""

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"{self.prog}: {message}; see `{self.prog} --help`.\n")
        raise SystemExit(2)

    def read(self, words: Sequence[str]) -> Arguments:
        """The arguments; values may stand anywhere between options, `-` and negative numbers are values."""
        return self.parse_intermixed_args(list(words))


@dataclass(frozen=True)
class Command:
    """One command: its line in the overview, its options, what it does. `run` returns the exit code."""

    about: str
    options: Callable[[Parser], None]
    run: Callable[[Arguments], int]


def clinic_option(parser: Parser, *, what: str = "the clinic file", required: bool = True) -> None:
    parser.add_argument("--clinic", type=Path, required=required, metavar="FILE", help=what)


def json_option(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON for a program to read")


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """A type for whole numbers between two limits."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{value} is not allowed, enter {low} to {high}")
        return value

    return read
