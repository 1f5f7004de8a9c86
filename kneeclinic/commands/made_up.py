"""Commands that make clinics of invented people: the demo, and a large one for benchmarks."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from kneeclinic.commands.parser import Arguments, Command, Parser, say, whole_number


def _demo_options(parser: Parser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the new clinic file")
    parser.add_argument("--patients", type=whole_number(1, 500), default=24, metavar="N", help="runners (24)")
    parser.add_argument("--weeks", type=whole_number(1, 104), default=12, metavar="N", help="weeks behind them (12)")
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="the same seed tells the same stories (7)")


def _demo(arguments: Arguments) -> int:
    from kneeclinic import demo
    from kneeclinic.commands.clinic_file import must_be_new

    must_be_new(arguments.file)
    begun = time.monotonic()
    demo.make_demo(arguments.file, arguments.patients, arguments.weeks, arguments.seed)
    say(f"{arguments.file}: {arguments.patients} invented runners over {arguments.weeks} weeks, made in {time.monotonic() - begun:.0f} s.")
    say(demo.SIGN_IN_HINT)
    return 0


def _generate_options(parser: Parser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the new clinic file")
    parser.add_argument("--patients", type=whole_number(1, 200_000), required=True, metavar="N")
    parser.add_argument("--visits", type=whole_number(1, 500), required=True, metavar="M", help="visits of each patient, 10 values each")
    parser.add_argument("--seed", type=int, default=1, metavar="S")


def _generate(arguments: Arguments) -> int:
    from kneeclinic import actions
    from kneeclinic.commands.clinic_file import must_be_new

    must_be_new(arguments.file)
    begun = time.monotonic()

    def told(done: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{done} of {arguments.patients} patients")
            sys.stderr.flush()

    visits, values = actions.generate_clinic(arguments.file, arguments.patients, arguments.visits, arguments.seed, told=told)
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    say(f"{arguments.file}: {arguments.patients} patients, {visits} visits, {values} values, made in {time.monotonic() - begun:.0f} s.")
    return 0


COMMANDS = {
    "demo": Command("a fictional clinic that tells distinct stories", _demo_options, _demo),
    "generate": Command("a large fictional clinic for benchmarks", _generate_options, _generate),
}
