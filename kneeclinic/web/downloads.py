"""Everything that leaves as a file: each one authorised, written into the audit, and never kept by the browser.

What draws paper is loaded when the first sheet is asked for (or by `server.warm_up`), so that the server answers sooner.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar
from urllib.parse import quote

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from kneeclinic import actions, serving
from kneeclinic.clinic import Clinic
from kneeclinic.exchange.tables import csv_bytes
from kneeclinic.progress.flowsheet import flowsheet, table
from kneeclinic.progress.review import weekly_review
from kneeclinic.progress.unsaved import with_draft
from kneeclinic.security.accounts import Actor
from kneeclinic.security.spool import Spool
from kneeclinic.store import observations_of_visit, read_document, read_draft, read_episode, read_visit
from kneeclinic.vocabulary import KneeClinicError, Layout, NotAllowed, NotFound, Paper, Refused, VisitKind, new_id
from kneeclinic.web import audit_log_filters, plain_pages
from kneeclinic.web.edge import Edge

LOG = logging.getLogger("kneeclinic.web")
PDF, ZIP, CSV = "application/pdf", "application/zip", "text/csv; charset=utf-8"
File = tuple[bytes | Spool, str, str]
"""Bytes (or where they wait, when there are many), media type, file name."""


def disposition(name: str, *, inline: bool = False) -> str:
    """The header that names a file; letters beyond ASCII go in the second form that all browsers read."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name.encode("ascii", "ignore").decode()).strip("-.") or "file"
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


T = TypeVar("T")


def chosen(kind: Callable[[str], T], value: str, what: str) -> T:
    try:
        return kind(value)
    except ValueError as wrong:
        raise Refused(f"{what} {value!r} is not known; go back to the page and choose from the list.") from wrong


def handout(clinic: Clinic, actor: Actor, request: Request) -> File:
    """The handout of the current program, as it would be issued now; issuing itself is done on the documents page.

    With `sheet=stop` the one page for a patient whom a red flag stops.
    """
    from kneeclinic.documents.handout import handout_pdf
    from kneeclinic.documents.stop_sheet import stop_sheet_pdf

    asked = request.query_params
    case = actions.open_case(clinic, actor, request.path_params["episode"])
    if asked.get("sheet") == "stop":
        data = stop_sheet_pdf(
            case, clinic.knowledge, clinic.today, clinic.profile, therapist=case.therapist_name(case.episode.therapist),
            language=asked.get("lang", case.patient.language), paper=chosen(Paper, asked.get("paper", clinic.profile.paper), "Paper"),
        )
        return data, PDF, f"{case.patient.number}-stop-{clinic.today}.pdf"
    if case.program is None:
        raise NotFound("This patient has no program yet. Save one on the program page, then print it.")
    actions.check_handout(clinic, case)
    data = handout_pdf(
        case, clinic.knowledge, clinic.today, clinic.profile, therapist=case.therapist_name(case.episode.therapist),
        language=asked.get("lang", case.patient.language), layout=chosen(Layout, asked.get("layout", "standard"), "Layout"),
        paper=chosen(Paper, asked.get("paper", clinic.profile.paper), "Paper"),
    )
    return data, PDF, f"{case.patient.number}-program-v{case.program.version}-{clinic.today}.pdf"


def review_pack(clinic: Clinic, actor: Actor, request: Request) -> File:
    """The weekly review on paper: all open patients, or the one that is asked for."""
    from kneeclinic.documents.review_sheet import review_sheet_pdf

    asked = request.path_params["episode"]
    episodes = [one.episode.id for one in clinic.cases()] if asked == "all" else [asked]
    week = request.query_params.get("week")
    day = chosen(date.fromisoformat, week, "Week") if week else clinic.today
    if day > clinic.today + timedelta(days=6):
        raise Refused(f"Week: that of {day} has not begun (today is {clinic.today}).")
    entries = []
    for episode in episodes:
        if asked == "all" and day < read_episode(clinic.database, episode).opened_on - timedelta(days=6):
            continue
        case = actions.open_case(clinic, actor, episode)
        if day < case.episode.opened_on - timedelta(days=6):
            raise Refused(f"Week: {day} lies before the episode was opened; choose a later week.")
        entries.append((case, weekly_review(case, clinic.knowledge, day, first_day=clinic.profile.week_start)))
    if not entries:
        raise NotFound("Nobody was in treatment in that week, so there is no review to print.")
    house = replace(clinic.profile, paper=chosen(Paper, request.query_params.get("paper", clinic.profile.paper), "Paper"))
    return review_sheet_pdf(entries, clinic.knowledge, day, house), PDF, f"weekly-review-{day}.pdf"


def issued(clinic: Clinic, actor: Actor, request: Request) -> File:
    """A document that was issued, as the same bytes."""
    document = request.path_params["document"]
    data = actions.open_document(clinic, actor, document)
    return data, PDF, read_document(clinic.database, document).file_name


def visit_note(clinic: Clinic, actor: Actor, request: Request) -> File:
    """The note of one visit: as it was signed, with what was taken back later; or as a draft that says so."""
    from kneeclinic.documents.visit_note import visit_note_pdf

    visit = read_visit(clinic.database, request.path_params["visit"])
    case = actions.open_case(clinic, actor, visit.episode_id)
    entered = observations_of_visit(clinic.database, visit.id) if visit.is_signed else None
    kept = None if visit.is_signed else read_draft(clinic.database, "visit", actor.account_id, visit.id)
    if kept is not None:
        case, visit = with_draft(case, visit, kept.payload, clinic.knowledge, actor.account_id, clinic.now)
    data = visit_note_pdf(case, visit, clinic.knowledge, clinic.today, clinic.profile, entered=entered)
    return data, PDF, f"{case.patient.number}-visit-{visit.on}.pdf"


def flowsheet_table(clinic: Clinic, actor: Actor, request: Request) -> File:
    """All visits side by side, as a table for a spreadsheet."""
    case = actions.open_case(clinic, actor, request.path_params["episode"])
    sheet = flowsheet(case, clinic.knowledge, section=request.query_params.get("section", ""), units=clinic.profile.units)
    return csv_bytes(*table(sheet)), CSV, f"{case.patient.number}-values-{clinic.today}.csv"


MOST_IN_A_PACK = 300


def print_pack(clinic: Clinic, actor: Actor, request: Request) -> File:
    """Documents that were issued, as one file to print; each opening is written into the log."""
    from kneeclinic.documents.finished import pack_pdf

    ids = [one for one in request.path_params["documents"].split("-") if one]
    if len(ids) > MOST_IN_A_PACK:
        raise Refused(f"{len(ids)} documents in one pack are too many; print at most {MOST_IN_A_PACK} at once.")
    return pack_pdf([actions.open_document(clinic, actor, one) for one in ids]), PDF, f"print-pack-{clinic.today}.pdf"


def blank_form(clinic: Clinic, _: Actor, request: Request) -> File:
    from kneeclinic.documents.assessment_form import assessment_form_pdf

    kind = chosen(VisitKind, request.path_params["kind"], "Form")
    return assessment_form_pdf(clinic.knowledge, clinic.profile, kind), PDF, f"assessment-{kind}.pdf"


def whole_clinic(clinic: Clinic, actor: Actor, _: Request) -> File:
    from kneeclinic.exchange.clinic_zip import export_clinic

    return export_clinic(clinic, actor), ZIP, f"kneeclinic-{clinic.today}.zip"


MOST_LINES = 100_000
MOST_CHOICES = 20
"""Of what an address asks for, so many go into the log; no link of ours has more than a few. What the file is of comes from the door alone."""


def audit_log(clinic: Clinic, actor: Actor, request: Request) -> File:
    """The lines of the log that fit the filters, newest first, as a table."""
    asked = request.query_params
    filters = audit_log_filters.from_query(clinic, dict(asked))
    lines = actions.read_log(clinic, actor, limit=MOST_LINES + 1, **filters)
    if len(lines) > MOST_LINES:
        raise Refused(f"More than {MOST_LINES:,} lines of the log fit: a table of them would be cut off without a word. Choose fewer days at a time.")
    return csv_bytes(*audit_log_filters.table(clinic, lines)), CSV, f"log-{clinic.today}.csv"


def subject_of(clinic: Clinic, asked: str) -> dict[str, str]:
    """Which record and which patient a download is about, for the log; nothing when there is no such record."""
    for read in (read_episode, read_document, read_visit):
        try:
            return {"entity_id": asked, "patient_id": read(clinic.database, asked).patient_id}
        except NotFound:
            continue
    return {}


def routes(edge: Edge) -> list[Route]:
    def door(make: Callable[[Clinic, Actor, Request], File]) -> Callable[[Request], object]:
        async def answer(request: Request) -> Response:
            actor = await anyio.to_thread.run_sync(lambda: edge.actor_of(edge.cookies.session_token(request)))
            if actor is None:
                return Response("Sign in first.\n", status_code=401, media_type="text/plain")
            def given() -> File:
                """The file, with the line in the log that it left, or that it did not."""
                clinic, what = serving.the_clinic().seen_by(actor), make.__name__
                asked = {**{name[:60]: value[:60] for name, value in request.query_params.multi_items()[:MOST_CHOICES]},
                         "of": next(iter(request.path_params.values()), "")}
                subject = subject_of(clinic, asked["of"])
                try:
                    file = make(clinic, actor, request)
                except KneeClinicError as no:
                    actions.note_download(clinic, actor, what, detail=asked, refused=type(no).__name__, **subject)
                    raise
                actions.note_download(clinic, actor, what, detail=asked, **subject)
                return file

            try:
                data, kind, name = await anyio.to_thread.run_sync(given)
            except KneeClinicError as no:
                status = 403 if isinstance(no, NotAllowed) else 404 if isinstance(no, NotFound) else 422
                return HTMLResponse(plain_pages.sentence_page("This file cannot be made", str(no), clinic=edge.clinic_name()), status_code=status)
            except Exception:
                fault = new_id()[:8]
                LOG.exception("fault %s: a download failed: %s", fault, make.__name__)
                text = f"Something went wrong while the file was made; nothing was changed. Try again. If it stays, report fault {fault}."
                return HTMLResponse(plain_pages.sentence_page("This file cannot be made", text, clinic=edge.clinic_name()), status_code=500)
            inline = request.query_params.get("show") == "1" and kind == PDF
            headers = {"Content-Disposition": disposition(name, inline=inline), "Cache-Control": "no-store"}
            if isinstance(data, Spool):
                return StreamingResponse(data.sent(), media_type=kind, headers={**headers, "Content-Length": str(data.size)})
            return Response(data, media_type=kind, headers=headers)

        return answer

    return [
        Route("/download/handout/{episode}", door(handout), methods=["GET"]),
        Route("/download/review/{episode}", door(review_pack), methods=["GET"]),
        Route("/download/document/{document}", door(issued), methods=["GET"]),
        Route("/download/pack/{documents}", door(print_pack), methods=["GET"]),
        Route("/download/visit/{visit}", door(visit_note), methods=["GET"]),
        Route("/download/flowsheet/{episode}", door(flowsheet_table), methods=["GET"]),
        Route("/download/form/{kind}", door(blank_form), methods=["GET"]),
        Route("/download/log/table", door(audit_log), methods=["GET"]),
        Route("/download/export/clinic", door(whole_clinic), methods=["GET"]),
    ]
