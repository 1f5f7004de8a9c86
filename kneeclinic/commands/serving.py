"""The command that serves the product."""

from __future__ import annotations

from kneeclinic.commands.parser import Arguments, Command, Parser, clinic_option, whole_number


def _options(parser: Parser) -> None:
    clinic_option(parser, required=False)
    parser.add_argument("--port", type=whole_number(1, 65535), metavar="N", help="port of the web server (8501)")
    parser.add_argument("--demo", action="store_true", help="a fictional clinic in a file of its own")


def _serve(arguments: Arguments) -> int:
    from kneeclinic.web.server import serve

    return serve(arguments.clinic, arguments.port, arguments.demo)


COMMANDS = {"serve": Command("the product, in the browser", _options, _serve)}
