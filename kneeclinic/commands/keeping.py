"""Commands that look after the clinic file: who is in it, copy, restore, check."""

from __future__ import annotations

import json
from pathlib import Path

from kneeclinic.commands.parser import Arguments, Command, Parser, clinic_option, json_option, say


def _patients_options(parser: Parser) -> None:
    clinic_option(parser)
    json_option(parser)


def _patients(arguments: Arguments) -> int:
    from kneeclinic import actions
    from kneeclinic.commands.clinic_file import opened
    from kneeclinic.rules.phase import phase
    from kneeclinic.store import all_episode_ids, patient_ids, read_patients

    with opened(arguments.clinic) as (clinic, actor):
        cases = clinic.cases(all_episode_ids(clinic.database))
        actions.note_list(clinic, actor, "command line", patient_ids(clinic.database))
        rows: list[dict[str, object]] = []
        for case in cases:
            number = case.program.phase if case.program is not None else None
            if case.episode.is_open:
                number = phase(case, clinic.knowledge, clinic.today).number
            rows.append({"number": case.patient.number, "episode": case.episode.id, "side": case.episode.side.value, "phase": number,
                         "status": case.episode.status.value, "opened_on": case.episode.opened_on.isoformat()})
        known = {case.patient.id for case in cases}
        rows += [{"number": one.number, "episode": None, "side": None, "phase": None, "status": "no episode", "opened_on": None}
                 for one in read_patients(clinic.database, [one for one in patient_ids(clinic.database) if one not in known])]
    rows.sort(key=lambda row: (str(row["number"]), str(row["opened_on"])))
    if arguments.json:
        say(json.dumps(rows, ensure_ascii=False))
        return 0
    width = max((len(str(row["number"])) for row in rows), default=6)
    for row in rows:
        phase_word = "-" if row["phase"] is None else f"phase {row['phase']}"
        status = str(row["status"]).replace("_", " ")
        say(f"{row['number']:<{width}}  {row['side'] or '-':<5}  {phase_word:<7}  {status:<11}  {row['episode'] or ''}".rstrip())
    return 0


def _backup_options(parser: Parser) -> None:
    clinic_option(parser)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="the new copy")


def _backup(arguments: Arguments) -> int:
    from kneeclinic import actions
    from kneeclinic.commands.clinic_file import must_be_new, opened

    must_be_new(arguments.output)
    with opened(arguments.clinic) as (clinic, actor):
        made = actions.backup(clinic, actor, arguments.output)
        say(f"{made.path}: {made.size_bytes / 1_000_000:.1f} MB, opened again and counted. The same key opens it.")
    return 0


def _restore_options(parser: Parser) -> None:
    parser.add_argument("backup", type=Path, metavar="FILE", help="the backup")
    clinic_option(parser, what="the new clinic file")


def _restore(arguments: Arguments) -> int:
    from kneeclinic import actions
    from kneeclinic.commands.clinic_file import must_be_new, os_actor

    must_be_new(arguments.clinic)
    clinic = actions.restore(arguments.backup, arguments.clinic, os_actor())
    try:
        say(f"{arguments.clinic}: restored.")
    finally:
        clinic.close()
    return 0


def _verify_options(parser: Parser) -> None:
    clinic_option(parser)
    json_option(parser)


def _verify(arguments: Arguments) -> int:
    from kneeclinic.commands.clinic_file import opened
    from kneeclinic.store import health

    with opened(arguments.clinic) as (clinic, _):
        found = health(clinic.database)
    if arguments.json:
        say(json.dumps({"good": found.is_good, "problems": list(found.problems), "counts": found.counts, "log_lines": found.chain.entries,
                        "last_backup_at": found.last_backup_at.isoformat() if found.last_backup_at else None}))
    elif found.is_good:
        say(f"{arguments.clinic}: whole. {sum(found.counts.values())} rows, {found.chain.entries} lines of the log, every seal opens.")
    if not found.is_good:
        import sys

        sys.stderr.write(f"{arguments.clinic}: not whole: {'; '.join(found.problems)}\n")
        return 1
    return 0


COMMANDS = {
    "patients": Command("number, episode, side, phase and status of each patient", _patients_options, _patients),
    "backup": Command("a whole copy, opened again to prove it", _backup_options, _backup),
    "restore": Command("a backup into a new clinic file", _restore_options, _restore),
    "verify": Command("full health check, the log's chain included", _verify_options, _verify),
}
