"""Documents on the screen: what can be made for one patient, its preview, and issuing it into the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kneeclinic import actions
from kneeclinic.documents.handout import handout_pdf
from kneeclinic.documents.review_sheet import review_sheet_pdf
from kneeclinic.progress.review import weekly_review
from kneeclinic.record import Case, DocumentIssued
from kneeclinic.ui.session import Desk
from kneeclinic.vocabulary import DocumentKind, KneeClinicError, Layout, NotFound, Paper


@dataclass(frozen=True)
class Wish:
    """What was chosen: language, layout, paper."""

    language: str
    layout: Layout
    paper: Paper


def _handout(at: Desk, case: Case, wish: Wish) -> bytes:
    return handout_pdf(case, at.clinic.knowledge, at.clinic.today, at.clinic.profile, therapist=case.therapist_name(case.episode.therapist),
                       language=wish.language, layout=wish.layout, paper=wish.paper)


def _review(at: Desk, case: Case, _: Wish) -> bytes:
    found = weekly_review(case, at.clinic.knowledge, at.clinic.today, first_day=at.clinic.profile.week_start)
    return review_sheet_pdf([(case, found)], at.clinic.knowledge, at.clinic.today, at.clinic.profile)


MAKERS: dict[DocumentKind, tuple[str, Callable[[Desk, Case, Wish], bytes]]] = {
    DocumentKind.HANDOUT: ("Handout with the diary", _handout),
    DocumentKind.REVIEW_SHEET: ("Weekly review sheet", _review),
}
"""Kind to its name and its maker; letters join this table as they are written."""


def make(at: Desk, case: Case, kind: DocumentKind, wish: Wish) -> bytes:
    return MAKERS[kind][1](at, case, wish)


def file_name(case: Case, kind: DocumentKind, on: object) -> str:
    version = f"-v{case.program.version}" if case.program and kind is DocumentKind.HANDOUT else ""
    return f"{case.patient.number}-{kind.value.replace('_', '-')}{version}-{on}.pdf"


def issue(at: Desk, case: Case, kind: DocumentKind, wish: Wish) -> DocumentIssued:
    """Makes the document and keeps its bytes in the record."""
    data = make(at, case, kind, wish)
    return actions.issue_document(at.clinic, at.actor, case.episode.id, kind, data, language=wish.language, layout=wish.layout, paper=wish.paper,
                                  file_name=file_name(case, kind, at.clinic.today))


def issue_for_all(at: Desk, cases: tuple[Case, ...], kind: DocumentKind, wish: Wish, tell: Callable[[int, int], None]) -> tuple[list[DocumentIssued],
                                                                                                                               list[tuple[Case, str]]]:
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
