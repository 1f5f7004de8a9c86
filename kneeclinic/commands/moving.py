"""Commands that bring records in and take the whole clinic out."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kneeclinic.commands.parser import Arguments, Command, Parser, clinic_option, json_option, say


def _export_options(parser: Parser) -> None:
    clinic_option(parser)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.zip")


def _export(arguments: Arguments) -> int:
    from kneeclinic.commands.clinic_file import folder_must_exist, opened, write_pieces
    from kneeclinic.exchange.clinic_zip import export_clinic

    folder_must_exist(arguments.output)
    with opened(arguments.clinic) as (clinic, actor), export_clinic(clinic, actor) as packed:
        write_pieces(arguments.output, packed.chunks())
        size = packed.size
    say(f"{arguments.output}: the whole clinic, {size / 1_000_000:.1f} MB, in plain text. Keep it safe.")
    return 0


def _import_clinic_options(parser: Parser) -> None:
    parser.add_argument("zip", type=Path, metavar="FILE.zip")
    clinic_option(parser, what="the new clinic file")


def _import_clinic(arguments: Arguments) -> int:
    from kneeclinic.commands.clinic_file import must_be_new, os_actor, read_bytes
    from kneeclinic.exchange.clinic_zip import import_clinic
    from kneeclinic.store import count_patients

    data = read_bytes(arguments.zip, most=4_000_000_000)
    must_be_new(arguments.clinic)
    clinic = import_clinic(data, arguments.clinic, os_actor())
    try:
        say(f"{arguments.clinic}: {count_patients(clinic.database)} patients.")
    finally:
        clinic.close()
    return 0


def _import_patients_options(parser: Parser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    clinic_option(parser)
    parser.add_argument("--partial", action="store_true", help="store the good rows although others are refused")
    json_option(parser)


def _import_patients(arguments: Arguments) -> int:
    from kneeclinic.commands.clinic_file import opened, read_bytes
    from kneeclinic.exchange.patients import import_patients, read_patients_csv

    rows = read_patients_csv(read_bytes(arguments.file))
    with opened(arguments.clinic) as (clinic, actor):
        rows = import_patients(clinic, actor, rows, partial=arguments.partial)
    refused = [row for row in rows if not row.accepted]
    stored = 0 if refused and not arguments.partial else len(rows) - len(refused)
    if arguments.json:
        say(json.dumps([row.as_json() for row in rows], ensure_ascii=False))
    else:
        for row in rows:
            if not row.accepted:
                say(f"line {row.line} ({row.number or 'no number'}): refused, {row.why}")
        say(f"{stored} patients stored, {len(refused)} rows refused.")
    if refused and not arguments.partial:
        first = refused[0]
        sys.stderr.write(f"{arguments.file}: nothing was stored; {len(refused)} of {len(rows)} rows refused, the first in line {first.line}: "
                         f"{first.why}. --partial stores the good ones.\n")
        return 1
    return 0


def _import_runs_options(parser: Parser) -> None:
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="FIT, GPX, TCX, CSV, or a ZIP of them")
    clinic_option(parser)
    parser.add_argument("--patient", required=True, metavar="NUMBER", help="clinic number")
    json_option(parser)


def _import_runs(arguments: Arguments) -> int:
    from kneeclinic.commands.clinic_file import opened, patient_and_episode, read_bytes
    from kneeclinic.exchange.runs import RunStatus, import_runs

    files = [(path.name, read_bytes(path)) for path in arguments.files]
    with opened(arguments.clinic) as (clinic, actor):
        _, episode = patient_and_episode(clinic, arguments.patient)
        results = import_runs(clinic, actor, episode.id, files)
    if arguments.json:
        say(json.dumps([one.as_json() for one in results], ensure_ascii=False))
    else:
        for one in results:
            figures = [f"{one.km:.1f} km"] if one.km is not None else []
            figures += [f"{one.minutes:.0f} min"] if one.minutes is not None else []
            figures += [f"{one.cadence_spm:.0f} steps/min"] if one.cadence_spm is not None else []
            when = f" {one.started:%Y-%m-%d %H:%M}" if one.started else ""
            told = ", ".join(figures)
            say(f"{one.file}: {one.status.value.replace('_', ' ')}{when}{', ' + told if told else ''}{': ' + one.why if one.why else ''}")
    refused = [one for one in results if one.status is RunStatus.REFUSED]
    if refused:
        sys.stderr.write(f"{len(refused)} of {len(results)} refused, the first: {refused[0].file}: {refused[0].why}\n")
    return 1 if len(refused) == len(results) else 0


COMMANDS = {
    "export clinic": Command("the whole clinic into one ZIP", _export_options, _export),
    "import clinic": Command("a whole clinic from such a ZIP into a new clinic file", _import_clinic_options, _import_clinic),
    "import patients": Command("patients from a CSV table, all or none", _import_patients_options, _import_patients),
    "import runs": Command("activity files of one patient", _import_runs_options, _import_runs),
}
