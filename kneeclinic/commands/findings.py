"""Commands that need no clinic: check the knowledge, score a questionnaire, suggest for one case, judge a series."""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kneeclinic.commands.parser import Arguments, Command, Parser, json_option, say
from kneeclinic.vocabulary import MeasureKind, Refused

if TYPE_CHECKING:
    from kneeclinic.knowledge.schema import Measure


def _no_options(parser: Parser) -> None:
    del parser


def _check(_: Arguments) -> int:
    from kneeclinic.figures.drawable import check_drawable
    from kneeclinic.knowledge import load_knowledge

    known = load_knowledge()
    check_drawable(known.poses)
    say(f"Edition {known.edition.edition}: {len(known.measures)} measures, {len(known.exercises)} exercises, {len(known.supports)} supports, "
        f"{len(known.rules)} rule rows, {len(known.red_flags)} red-flag rows, {len(known.sources)} sources. No fault.")
    return 0


def _score_options(parser: Parser) -> None:
    parser.add_argument("measure", metavar="MEASURE", help="id of the questionnaire, for example akps")
    parser.add_argument("items", nargs="+", metavar="ITEM", help="points of each item in order; - = not answered")
    json_option(parser)


def _score(arguments: Arguments) -> int:
    from kneeclinic.knowledge import load_knowledge
    from kneeclinic.rules.scores import score

    measure = load_knowledge().measure(arguments.measure)
    result = score(measure, [_item(measure.id, place, text) for place, text in enumerate(arguments.items, start=1)])
    if arguments.json:
        say(json.dumps({"measure": result.measure, "score": _whole(result.value), "band": result.band or None, "answered": result.answered}))
    else:
        unit = f" {measure.unit}" if measure.unit else ""
        band = f", {result.band}" if result.band else ""
        note = f"; {result.note}" if result.note else ""
        say(f"{measure.label}: {_whole(round(result.value, 2)):g}{unit}{band} ({result.answered} of {len(arguments.items)} answered{note})")
    return 0


def _item(measure: str, place: int, text: str) -> float | None:
    if text == "-":
        return None
    return _number(f"{measure}: item {place}", text)


def _suggest_options(parser: Parser) -> None:
    parser.add_argument("case", type=Path, metavar="CASE.toml", help="one fictional patient")
    json_option(parser)


def _suggest(arguments: Arguments) -> int:
    from kneeclinic.exchange.case_file import read_case
    from kneeclinic.knowledge import load_knowledge
    from kneeclinic.rules.because import told
    from kneeclinic.rules.suggest import as_json, suggest

    known = load_knowledge()
    case, today = read_case(arguments.case, known)
    findings = suggest(case, known, today)
    if arguments.json:
        say(json.dumps(as_json(findings), ensure_ascii=False))
        return 0
    say(f"Phase {findings.phase}" + (", no program today: refer" if findings.blocked else ""))
    for flag in findings.flags:
        say(f"{flag.id} {flag.level.value}: {flag.title}. {flag.action}")
    for one in findings.suggestions:
        because = "; ".join(told(one.because, known))
        say(f"{one.rule} {one.kind.value}: {', '.join(known.item_label(item) for item in one.items)} (because: {because or one.why})")
    for out in findings.avoid:
        say(f"avoid {known.item_label(out.item)} (because: {'; '.join(out.because)})")
    return 0


def _change_options(parser: Parser) -> None:
    parser.add_argument("measure", metavar="MEASURE", help="id of the measure, for example akps")
    parser.add_argument("values", nargs="*", metavar="VALUE", help="oldest first; the first is the baseline")
    parser.add_argument("--series", type=Path, metavar="FILE.csv", help="one series a row, without header; one verdict a line")
    json_option(parser)


def _change(arguments: Arguments) -> int:
    from kneeclinic.commands.clinic_file import read_bytes
    from kneeclinic.knowledge import load_knowledge
    from kneeclinic.progress.change import judge

    if bool(arguments.values) == bool(arguments.series):
        raise _usage("change", "give values or --series FILE.csv, one of the two")
    measure = load_knowledge().measure(arguments.measure)
    if arguments.series is None:
        values = [_number(measure.id, text) for text in arguments.values]
        verdict = judge(measure, values)
        _say_fractions(measure, values)
        if arguments.json:
            say(json.dumps(verdict.as_json()))
        else:
            say(f"{measure.label}: {verdict.clinician_words}")
        return 0
    try:
        text = read_bytes(arguments.series).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{arguments.series}: the file is not UTF-8 text.") from None
    verdicts, told = [], []
    for line, row in enumerate(csv.reader(text.splitlines()), start=1):
        cells = [cell.strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        try:
            values = [_number(measure.id, cell) for cell in cells]
            verdicts.append(judge(measure, values))
            told += values
        except Refused as error:
            raise Refused(f"{arguments.series}, line {line}: {error}") from None
    if not verdicts:
        raise Refused(f"{arguments.series}: the file holds no series; write one series a row, values divided by commas.")
    for verdict in verdicts:
        say(json.dumps(verdict.as_json()))
    _say_fractions(measure, told)
    return 0


def _say_fractions(measure: Measure, values: Sequence[float]) -> None:
    """Beside the verdict, not in it: a fraction on a scale of whole numbers may be a mean that was meant, or a slip."""
    is_whole = measure.kind in (MeasureKind.INTEGER, MeasureKind.SCORE) and measure.decimals == 0
    odd = [value for value in values if value != int(value)] if is_whole else []
    if odd:
        more = f" and {len(odd) - 1} more" if len(odd) > 1 else ""
        sys.stderr.write(f"{measure.id}: a scale of whole numbers; {odd[0]:g}{more} judged as given.\n")


NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
"""As numbers are written in a form; Python itself also takes 1_0 and the digits of other scripts."""


def _number(what: str, text: str) -> float:
    if not NUMBER.fullmatch(text):
        raise Refused(f"{what}: {text!r} is not a number.")
    value = float(text)
    if not math.isfinite(value):
        raise Refused(f"{what}: {text!r} is not a number that can be used.")
    return value


def _whole(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _usage(command: str, text: str) -> SystemExit:
    sys.stderr.write(f"python -m kneeclinic {command}: {text}; see `python -m kneeclinic {command} --help`.\n")
    return SystemExit(2)


COMMANDS = {
    "knowledge check": Command("load and cross-check every knowledge file", _no_options, _check),
    "score": Command("score one questionnaire", _score_options, _score),
    "suggest": Command("red flags and suggestions, with reasons, for one fictional patient", _suggest_options, _suggest),
    "change": Command("has it really changed? the verdict on a series", _change_options, _change),
}
