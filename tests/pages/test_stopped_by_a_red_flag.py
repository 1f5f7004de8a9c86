"""Whom a red flag stops gets no exercises from any place, but the act, a letter and the stop sheet; a written reason lifts it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kneeclinic import actions
from kneeclinic.clinic import Clinic
from kneeclinic.record import Case
from kneeclinic.rules.red_flags import red_flags, standing_flags
from kneeclinic.rules.suggest import suggest
from kneeclinic.ui import papers, session
from kneeclinic.ui.words import safe
from kneeclinic.vocabulary import DocumentKind, Layout, Paper, Refused

from .conftest import Desk, said


def stopped(clinic: Clinic) -> Case:
    """Somebody with a program whom a red flag stops today."""
    return next(one for one in clinic.cases() if one.program and standing_flags(red_flags(one, clinic.knowledge, clinic.today), one, clinic.today))


def aside(desk: Desk, case: Case) -> None:
    for flag in red_flags(case, desk.clinic.knowledge, desk.clinic.today):
        if flag.level.blocks:
            actions.snooze_alert(desk.clinic, desk.actor, case.episode.id, flag.id, desk.clinic.today + timedelta(days=14), "Seen by the physician.")


def links(at) -> list[str]:
    return [one.proto.url for one in at.get("link_button")]


def exercises(case: Case, clinic: Clinic) -> list[str]:
    return [clinic.knowledge.wording[case.patient.language].exercises[one.exercise].name for one in case.program.items]


@pytest.mark.parametrize("page", ["patient", "program", "documents"])
def test_no_page_offers_the_handout_and_each_offers_the_stop_sheet(desk: Desk, page: str) -> None:
    case = stopped(desk.clinic)
    at = desk.page(page, case.episode.id)
    assert not at.exception
    handouts = [one for one in links(at) if f"handout/{case.episode.id}" in one]
    assert handouts and all("sheet=stop" in one for one in handouts)


def test_the_patient_page_says_that_the_program_is_paused_and_speaks_of_no_phase_work(desk: Desk) -> None:
    case = stopped(desk.clinic)
    words = said(desk.page("patient", case.episode.id))
    flag = next(one for one in red_flags(case, desk.clinic.knowledge, desk.clinic.today) if one.level.blocks)
    assert f"paused: red flag {flag.id}" in words and safe(flag.action) in words
    assert "No phase work while a red flag stands." in words
    assert not any(one.content in words for one in desk.clinic.knowledge.phases)


def test_the_program_page_offers_neither_template_nor_adding_but_the_letter(desk: Desk) -> None:
    case = stopped(desk.clinic)
    at = desk.page("program", case.episode.id)
    labels = [one.label for one in at.button]
    assert not any(word in label for word in ("Build from suggestions", "Save version") for label in labels)
    assert not any(one.key.startswith(("template_", "add_")) for one in at.button if one.key)
    assert "Letter to a physician" in labels and "Handout, live" not in said(at)
    next(one for one in at.button if one.label == "Letter to a physician").click().run()
    assert at.session_state["document_kind"] is DocumentKind.REFERRAL_LETTER


def test_a_print_pack_leaves_out_whom_a_flag_stops_and_says_so(desk: Desk) -> None:
    case = stopped(desk.clinic)
    at = session.Desk(desk.clinic, desk.actor, desk.token)
    wish = papers.Wish("en", Layout.STANDARD, Paper.A4)
    done, left = papers.issue_for_all(at, desk.clinic.cases(), DocumentKind.HANDOUT, wish, lambda *_: None)
    assert case.episode.id in {one.episode.id for one, _ in left}
    assert case.episode.id not in {one.episode_id for one in done} and done
    assert "stop sheet" in next(why for one, why in left if one.episode.id == case.episode.id)
    made = papers.issue(at, case, DocumentKind.STOP_SHEET, wish)
    assert made.kind is DocumentKind.STOP_SHEET


def test_a_written_reason_lifts_the_block_on_every_way(desk: Desk) -> None:
    case = stopped(desk.clinic)
    with pytest.raises(Refused, match="No handout today"):
        actions.check_handout(desk.clinic, case)
    aside(desk, case)
    case = desk.clinic.case(case.episode.id)
    actions.check_handout(desk.clinic, case)
    assert not suggest(case, desk.clinic.knowledge, desk.clinic.today).blocked
    at = desk.page("program", case.episode.id)
    assert "Handout, live" in said(at) and "Set aside: Seen by the physician" in "\n".join(one.value for one in at.warning)
