"""Documents on the screen: what can be made for one patient, its preview, and issuing it into the record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from kneeclinic import actions
from kneeclinic.documents.assessment_form import assessment_form_pdf
from kneeclinic.documents.discharge_summary import discharge_summary_pdf
from kneeclinic.documents.handout import handout_pdf
from kneeclinic.documents.letter import referral_letter_pdf
from kneeclinic.documents.progress_report import progress_report_pdf
from kneeclinic.documents.review_sheet import review_sheet_pdf
from kneeclinic.documents.stop_sheet import stop_sheet_pdf
from kneeclinic.documents.visit_note import visit_note_pdf
from kneeclinic.progress.review import weekly_review
from kneeclinic.record import Case, ClinicProfile, DocumentIssued
from kneeclinic.store import observations_of_visit
from kneeclinic.ui.session import Desk
from kneeclinic.vocabulary import DocumentKind, KneeClinicError, Layout, NotFound, Paper, VisitKind


@dataclass(frozen=True)
class Wish:
    """What was chosen: language, layout, paper; for a letter the address and the reason in the clinician's words."""

    language: str
    layout: Layout
    paper: Paper
    to: str = ""
    reason: str = ""


def _house(at: Desk, wish: Wish) -> ClinicProfile:
    """The clinic with the paper that was chosen."""
    return replace(at.clinic.profile, paper=wish.paper)


def _handout(at: Desk, case: Case, wish: Wish) -> bytes:
    actions.check_handout(at.clinic, case)
    return handout_pdf(case, at.clinic.knowledge, at.clinic.today, at.clinic.profile, therapist=_therapist(case),
                       language=wish.language, layout=wish.layout, paper=wish.paper)


def _stop_sheet(at: Desk, case: Case, wish: Wish) -> bytes:
    return stop_sheet_pdf(case, at.clinic.knowledge, at.clinic.today, at.clinic.profile, therapist=_therapist(case),
                          language=wish.language, paper=wish.paper)


def _review(at: Desk, case: Case, wish: Wish) -> bytes:
    found = weekly_review(case, at.clinic.knowledge, at.clinic.today, first_day=at.clinic.profile.week_start)
    return review_sheet_pdf([(case, found)], at.clinic.knowledge, at.clinic.today, _house(at, wish))


def _report(at: Desk, case: Case, wish: Wish) -> bytes:
    return progress_report_pdf(case, at.clinic.knowledge, at.clinic.today, _house(at, wish), therapist=_therapist(case))


def _letter(at: Desk, case: Case, wish: Wish) -> bytes:
    return referral_letter_pdf(case, at.clinic.knowledge, at.clinic.today, _house(at, wish), therapist=_therapist(case),
                               to=wish.to or case.episode.referrer, reason=wish.reason)


def _discharge(at: Desk, case: Case, wish: Wish) -> bytes:
    return discharge_summary_pdf(case, at.clinic.knowledge, at.clinic.today, _house(at, wish), therapist=_therapist(case))


def _visit_note(at: Desk, case: Case, wish: Wish) -> bytes:
    if not case.visits:
        raise NotFound("This episode has no visit yet; start one on the assess page.")
    visit = case.visits[-1]
    entered = observations_of_visit(at.clinic.database, visit.id) if visit.is_signed else None
    return visit_note_pdf(case, visit, at.clinic.knowledge, at.clinic.today, _house(at, wish), entered=entered)


def _form(at: Desk, case: Case, wish: Wish) -> bytes:
    kind = VisitKind.FOLLOW_UP if case.visits else VisitKind.FIRST
    return assessment_form_pdf(at.clinic.knowledge, _house(at, wish), kind)


def _therapist(case: Case) -> str:
    return case.therapist_name(case.episode.therapist)


MAKERS: dict[DocumentKind, tuple[str, Callable[[Desk, Case, Wish], bytes]]] = {
    DocumentKind.HANDOUT: ("Handout with the diary", _handout),
    DocumentKind.STOP_SHEET: ("Stop sheet, no exercises", _stop_sheet),
    DocumentKind.REVIEW_SHEET: ("Weekly review sheet", _review),
    DocumentKind.PROGRESS_REPORT: ("Progress report", _report),
    DocumentKind.REFERRAL_LETTER: ("Letter to a physician", _letter),
    DocumentKind.VISIT_NOTE: ("Note of the last visit", _visit_note),
    DocumentKind.DISCHARGE_SUMMARY: ("Discharge summary", _discharge),
    DocumentKind.ASSESSMENT_FORM: ("Blank assessment form", _form),
}
"""Kind to its name and its maker."""
TO_PATIENTS = (DocumentKind.HANDOUT, DocumentKind.STOP_SHEET)
"""Papers in the patient's language; those for colleagues are in English."""


def make(at: Desk, case: Case, kind: DocumentKind, wish: Wish) -> bytes:
    return MAKERS[kind][1](at, case, wish)


def mark(at: Desk, case: Case) -> str:
    """Changes with everything that a paper of this patient is made from: a kept picture of one is only shown while it is the same."""
    return hashlib.sha256(repr((case, at.clinic.profile, at.clinic.today, at.clinic.knowledge.edition)).encode()).hexdigest()


def file_name(case: Case, kind: DocumentKind, on: object) -> str:
    version = f"-v{case.program.version}" if case.program and kind is DocumentKind.HANDOUT else ""
    return f"{case.patient.number}-{kind.value.replace('_', '-')}{version}-{on}.pdf"


def issue(at: Desk, case: Case, kind: DocumentKind, wish: Wish) -> DocumentIssued:
    """Makes the document and keeps its bytes in the record."""
    data = make(at, case, kind, wish)
    language = wish.language if kind in TO_PATIENTS else "en"
    layout = wish.layout if kind is DocumentKind.HANDOUT else Layout.STANDARD
    return actions.issue_document(at.clinic, at.actor, case.episode.id, kind, data, language=language, layout=layout, paper=wish.paper,
                                  file_name=file_name(case, kind, at.clinic.today))


Issued = tuple[list[DocumentIssued], list[tuple[Case, str]]]


def issue_for_all(at: Desk, cases: tuple[Case, ...], kind: DocumentKind, wish: Wish, tell: Callable[[int, int], None]) -> Issued:
    """One document each; what was issued, and for whom it could not be made, with the reason."""
    done: list[DocumentIssued] = []
    left: list[tuple[Case, str]] = []
    for number, case in enumerate(cases, start=1):
        try:
            own = Wish(case.patient.language, wish.layout, wish.paper) if kind is DocumentKind.HANDOUT else wish
            done.append(issue(at, case, kind, own))
        except (KneeClinicError, NotFound) as no:
            left.append((case, str(no)))
        tell(number, len(cases))
    return done, left
