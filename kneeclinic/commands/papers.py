"""Commands that print: the handout of one patient or of all, and the weekly review pack."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kneeclinic.commands.parser import Arguments, Command, Parser, clinic_option, say
from kneeclinic.vocabulary import LANGUAGES, DocumentKind, Layout, Paper, Refused

if TYPE_CHECKING:
    from kneeclinic.clinic import Clinic
    from kneeclinic.record import Case
    from kneeclinic.security.accounts import Actor


def _handout_options(parser: Parser) -> None:
    clinic_option(parser)
    parser.add_argument("--patient", metavar="NUMBER", help="clinic number")
    parser.add_argument("--all", action="store_true", help="one for each open episode")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.pdf", help="file to write; with --all a folder")
    parser.add_argument("--lang", choices=LANGUAGES, help="language (the patient's)")
    parser.add_argument("--layout", choices=[one.value for one in Layout], default=Layout.STANDARD.value)
    parser.add_argument("--paper", choices=[one.value for one in Paper], help="paper (the clinic's)")


def _handout(arguments: Arguments) -> int:
    from kneeclinic import actions
    from kneeclinic.commands.clinic_file import file_word, opened, patient_and_episode, write_bytes
    from kneeclinic.commands.findings import _usage

    if bool(arguments.patient) == arguments.all:
        raise _usage("handout", "give --patient NUMBER or --all, one of the two")
    with opened(arguments.clinic) as (clinic, actor):
        if arguments.patient:
            _, episode = patient_and_episode(clinic, arguments.patient)
            case = actions.open_case(clinic, actor, episode.id)
            if case.program is None or case.program.paused:
                raise Refused(f"--patient {arguments.patient}: there is no program to print; write one first.")
            write_bytes(arguments.output, _issued(clinic, actor, case, arguments, arguments.output.name))
            return 0
        folder: Path = arguments.output
        if folder.exists() and not folder.is_dir():
            raise Refused(f"{folder}: this is a file; with --all name a folder.")
        folder.mkdir(parents=True, exist_ok=True)
        printed, without, blocked = 0, [], []
        for known in clinic.cases():
            if known.program is None or known.program.paused:
                without.append(known.patient.number)
                continue
            case = actions.open_case(clinic, actor, known.episode.id)
            name = f"{file_word(case.patient.number)}-{case.episode.side.value}.pdf"
            try:
                data = _issued(clinic, actor, case, arguments, name)
            except Refused:
                blocked.append(case.patient.number)
                continue
            write_bytes(folder / name, data)
            printed += 1
        say(f"{printed} handouts in {folder}" + (f"; without a program: {', '.join(without)}" if without else "")
            + (f"; none for a red flag: {', '.join(blocked)}" if blocked else ""))
    return 0


def _issued(clinic: Clinic, actor: Actor, case: Case, arguments: Arguments, file_name: str) -> bytes:
    """The PDF; that it was issued is recorded with its bytes."""
    from kneeclinic import actions
    from kneeclinic.documents.handout import handout_pdf

    layout = Layout(arguments.layout)
    paper = Paper(arguments.paper) if arguments.paper else clinic.profile.paper
    language = arguments.lang or case.patient.language
    data = handout_pdf(case, clinic.knowledge, clinic.today, clinic.profile, therapist=case.therapist_name(case.episode.therapist),
                       language=language, layout=layout, paper=paper)
    actions.issue_document(clinic, actor, case.episode.id, DocumentKind.HANDOUT, data, language=language, layout=layout, paper=paper,
                           file_name=file_name)
    return data


def _review_options(parser: Parser) -> None:
    clinic_option(parser)
    parser.add_argument("--week", metavar="DATE", help="a day of the week to review (today)")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.pdf")


def _review(arguments: Arguments) -> int:
    from kneeclinic import actions
    from kneeclinic.commands.clinic_file import opened, write_bytes
    from kneeclinic.documents.review_sheet import review_sheet_pdf
    from kneeclinic.progress.review import weekly_review

    with opened(arguments.clinic) as (clinic, actor):
        day = _last_day(arguments.week, clinic)
        cases = [case for case in clinic.cases() if case.episode.opened_on <= day]
        if not cases:
            raise Refused(f"{arguments.clinic}: no episode is open; there is nothing to review.")
        for case in cases:
            actions.open_case(clinic, actor, case.episode.id)
        entries = [(case, weekly_review(case, clinic.knowledge, day, first_day=clinic.profile.week_start)) for case in cases]
        write_bytes(arguments.output, review_sheet_pdf(entries, clinic.knowledge, day, clinic.profile))
        say(f"{len(entries)} patients in {arguments.output}")
    return 0


def _last_day(week: str | None, clinic: Clinic) -> date:
    """The last day of that week, or today when the week is not over."""
    if week is None:
        return clinic.today
    try:
        day = date.fromisoformat(week)
    except ValueError:
        raise Refused(f"--week {week}: this is no date; write for example {clinic.today}.") from None
    start = day - timedelta(days=(day.weekday() - clinic.profile.week_start) % 7)
    if start > clinic.today:
        raise Refused(f"--week {week}: that week has not begun (today is {clinic.today}).")
    return min(start + timedelta(days=6), clinic.today)


COMMANDS = {
    "handout": Command("the handout of one patient, or of all", _handout_options, _handout),
    "review": Command("the weekly review pack", _review_options, _review),
}
