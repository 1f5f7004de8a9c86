"""Each screen does its first job, has its empty state, and hides everything when the session ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from kneeclinic import actions, serving
from kneeclinic.ui import pages
from kneeclinic.vocabulary import Role

from .conftest import PASSWORD, Desk, runner, said

ALL = [one.name for one in pages.SCREENS]
OF_A_PATIENT = ["assess", "program", "progress", "check_in"]


@pytest.mark.parametrize("name", ALL)
def test_every_screen_draws_a_patient_without_a_fault(desk: Desk, name: str) -> None:
    at = desk.page(name, runner(desk.clinic))
    assert not at.exception and "report fault" not in said(at), said(at)[-600:]


@pytest.mark.parametrize("name", ALL)
def test_every_screen_has_its_empty_state(new_desk: Desk, name: str) -> None:
    at = new_desk.page(name)
    assert not at.exception and not at.error and "report fault" not in said(at), said(at)[-600:]
    assert len(said(at)) > 40


@pytest.mark.parametrize("name", OF_A_PATIENT)
def test_a_screen_of_a_patient_says_to_choose_one_first(new_desk: Desk, name: str) -> None:
    assert "Choose a patient first" in said(new_desk.page(name))


@pytest.mark.parametrize("name", ["patient", *OF_A_PATIENT])
def test_an_unknown_patient_is_one_sentence(desk: Desk, name: str) -> None:
    at = desk.page(name, "00000000000000000000")
    assert not at.exception and "report fault" not in said(at)


@pytest.mark.parametrize("name", ALL)
def test_after_sixteen_quiet_minutes_no_screen_shows_anybody(desk: Desk, name: str) -> None:
    names = [case.patient.family_name for case in desk.clinic.cases()]
    at = desk.page(name, runner(desk.clinic))
    serving.keep_open(desk.clinic, clock=lambda: datetime.now(UTC) + timedelta(minutes=16))
    at.run()
    assert "You are signed out" in said(at)
    assert not any(one in said(at) for one in names) and not at.dataframe and not at.button


def test_a_page_that_is_open_hides_itself_when_the_session_ends(desk: Desk) -> None:
    episode = runner(desk.clinic)
    at = desk.page("patient", episode)
    name = desk.clinic.case(episode).patient.family_name
    assert name in said(at)
    actions.sign_out(serving.the_clinic(), desk.token)
    at.run()
    assert name not in said(at) and "You are signed out" in said(at) and "_open_episode" not in at.session_state


def test_an_invented_session_is_nobody(desk: Desk) -> None:
    desk.token = "x" * 43
    assert "You are signed out" in said(desk.page("caseload"))


def test_the_frame_names_the_patient_the_clinician_and_the_end_of_the_session(desk: Desk) -> None:
    episode = runner(desk.clinic)
    case = desk.clinic.case(episode)
    text = said(desk.page("patient", episode))
    assert case.patient.full_name in text and "week" in text and "phase" in text
    assert "Session ends at" in text and desk.actor.name in text.replace("\\", "")


def test_opening_a_record_is_in_the_log_once_a_session(desk: Desk) -> None:
    from kneeclinic.store import read_audit

    episode = runner(desk.clinic)
    at = desk.page("patient", episode)
    at.run()
    found = read_audit(desk.clinic.database, action="open_case", entity_id=episode)
    assert len(found) == 1


def test_the_front_desk_sees_no_findings(lead: Desk) -> None:
    actions.add_account(serving.the_clinic(), lead.actor, "porter", "Porter", Role.FRONT_DESK, PASSWORD)
    porter = Desk(lead.clinic, "porter", PASSWORD)
    text = said(porter.page("caseload"))
    assert "Welcome" in text and "red flag" not in text
    at = porter.page("patient", runner(lead.clinic))
    assert not at.exception and "Key values" not in said(at)


def test_the_search_forgives_a_typing_error(desk: Desk) -> None:
    case = desk.clinic.cases()[0]
    wrong = case.patient.family_name[:-2] + case.patient.family_name[-1] + case.patient.family_name[-2]
    at = desk.page("caseload")
    at.text_input(key="people_search_0").set_value(wrong).run()
    assert any(case.patient.number in one.label.replace("\\", "") for one in at.button)


@pytest.mark.parametrize(("page", "control", "parts"), [
    ("admin", "Part of the house", ["Sessions", "Log", "Settings", "Health", "Your account", "About"]),
    ("library", "Part of the library", ["Measures", "Tape and braces", "Rules", "Precautions", "Red flags", "Phases and running",
                                          "Weekly review", "Sources", "Edition"]),
])
def test_every_part_of_a_page_draws_without_a_fault(lead: Desk, page: str, control: str, parts: list[str]) -> None:
    at = lead.page(page)
    for part in parts:
        next(one for one in at.segmented_control if one.label == control).set_value(part).run()
        assert not at.exception and not at.error and "report fault" not in said(at), part


def test_the_parts_of_a_program_draw_without_a_fault(desk: Desk) -> None:
    at = desk.page("program", runner(desk.clinic))
    for part in ("Tape", "Brace, orthosis", "Running", "Note, start"):
        next(one for one in at.segmented_control if one.label == "Part of the program").set_value(part).run()
        assert not at.exception and not at.error and "report fault" not in said(at), part


def test_every_section_of_the_assessment_draws_without_a_fault(desk: Desk) -> None:
    episode = runner(desk.clinic)
    at = desk.page("assess", episode)
    next(one for one in at.button if one.label == "Start the visit").click().run()
    for section in next(one for one in at.radio if one.label == "Sections").options:
        assert section
    for section in [*(one.id for one in desk.clinic.knowledge.sections if one.id not in ("injury_screen", "clot_screen", "precautions", "foot")),
                    "note_and_sign"]:
        next(one for one in at.radio if one.label == "Sections").set_value(section).run()
        assert not at.exception and "report fault" not in said(at), section
        for toggle in at.toggle:
            toggle.set_value(True).run()
            assert not at.exception and "report fault" not in said(at), section


def test_every_document_is_drawn_or_says_why_not(desk: Desk) -> None:
    at = desk.page("documents", runner(desk.clinic))
    for kind in ("review_sheet", "progress_report", "referral_letter", "visit_note", "discharge_summary"):
        next(one for one in at.radio if one.label == "Document").set_value(kind).run()
        assert not at.exception and "report fault" not in said(at), kind
        assert any(one.label == "Issue and keep" for one in at.button), kind


def test_every_change_on_the_patient_page_draws_without_a_fault(desk: Desk) -> None:
    at = desk.page("patient", runner(desk.clinic))
    for part in ("Next visit", "Goal", "Imaging", "Person", "Episode", "Close or reopen"):
        next(one for one in at.segmented_control if one.label == "Change or add").set_value(part).run()
        assert not at.exception and not at.error and "report fault" not in said(at), part


def test_typed_text_is_never_read_as_markup(new_desk: Desk) -> None:
    from kneeclinic.ui.words import safe

    assert safe("**bold** [x](y) <b> :red[z] $a$") == r"\*\*bold\*\* \[x\]\(y\) \<b\> \:red\[z\] \$a\$"


def search_library(desk: Desk, part: str, text: str) -> AppTest:
    at = desk.page("library")
    next(one for one in at.segmented_control if one.label == "Part of the library").set_value(part).run()
    at.text_input(key="library_search").set_value(text).run()
    assert not at.exception and not at.error
    return at


@pytest.mark.parametrize(("part", "text", "expected"), [
    ("Exercises", "rolller", "Roll"),
    ("Measures", "anteror knee", "Anterior knee pain scale"),
    ("Tape and braces", "brace", "Guideline"),
    ("Rules", "effussion", "When"),
    ("Precautions", "blod thinners", "ball and roller"),
    ("Red flags", "ottawa", "RF3"),
    ("Phases and running", "stage 3", "run 3 min, walk 2 min, 5 times"),
    ("Phases and running", "load tolerance", "adherence 70 % or more"),
    ("Phases and running", "amber", "back within 24 hours"),
    ("Phases and running", "ceiling", "90 %"),
    ("Weekly review", "WR1", "WR1"),
])
def test_the_library_is_searched_in_every_part_and_tells_the_source(desk: Desk, part: str, text: str, expected: str) -> None:
    at = search_library(desk, part, text)
    words_shown = said(at) + " ".join(one.label for one in at.button)
    assert expected in words_shown.replace("\\", "") and "found here" in words_shown
    assert part == "Exercises" or "Source: " in words_shown


@pytest.mark.parametrize(("part", "text", "expected"), [
    ("Rules", "R02", "Repeat the stroke test within 72 hours"),
    ("Rules", "R23", "Silent where R22 or R24 speaks"),
    ("Rules", "R38", "In place of what is taken out: Fire hydrant: Clamshell"),
    ("Rules", "R07", "Must hold on every affected knee"),
    ("Rules", "R41", "Looks at the first value"),
    ("Precautions", "breathless", "“Short of breath or chest pain” is ticked, take out every exercise"),
    ("Precautions", "knee surgery", "limits that the surgeon set"),
    ("Red flags", "RF7", "on one and the same knee"),
    ("Weekly review", "WR7", "week from 4, adherence from 60"),
    ("Measures", "tsk11", "Achilles pain"),
    ("Measures", "akps", "What counts as a change"),
    ("Measures", "hip abd", "15 % of the value"),
])
def test_what_is_signed_off_can_be_read(desk: Desk, part: str, text: str, expected: str) -> None:
    assert expected in said(search_library(desk, part, text)).replace("\\", "")


def test_what_is_in_no_part_of_the_library_says_so(desk: Desk) -> None:
    assert "Nothing found here" in said(search_library(desk, "Rules", "zzzzzzzz"))


def test_the_library_tells_a_hit_in_another_part(desk: Desk) -> None:
    assert "elsewhere: Exercises" in said(search_library(desk, "Rules", "clamshell")).replace("\\", "")


NAVIGATION = {
    Role.LEAD: set(ALL),
    Role.CLINICIAN: set(ALL),
    Role.ASSISTANT: set(ALL) - {"outcomes"},
    Role.READ_ONLY: set(ALL),
    Role.FRONT_DESK: {"caseload", "patient", "library", "admin"},
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_led_only_to_the_pages_it_may_open(role: Role, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages.st, "Page", lambda path, *, url_path, **_: url_path)
    assert {name for group in pages.navigation(role).values() for name in group} == NAVIGATION[role]


@pytest.mark.parametrize("name", sorted(NAVIGATION[Role.FRONT_DESK]))
def test_the_front_desk_meets_no_patient_on_any_page(lead: Desk, name: str) -> None:
    actions.add_account(serving.the_clinic(), lead.actor, "porter", "Porter", Role.FRONT_DESK, PASSWORD)
    at = Desk(lead.clinic, "porter", PASSWORD).page(name, runner(lead.clinic))
    assert not at.exception and "report fault" not in said(at)
    assert lead.clinic.case(runner(lead.clinic)).patient.family_name not in said(at) and not at.get("plotly_chart")


@pytest.mark.parametrize(("name", "write"), [("assess", "Start the visit"), ("check_in", "Save"), ("documents", "Issue and keep")])
def test_who_may_only_read_is_offered_nothing_to_write(lead: Desk, name: str, write: str) -> None:
    actions.add_account(serving.the_clinic(), lead.actor, "reader", "Reader", Role.READ_ONLY, PASSWORD)
    labels = [one.label for one in Desk(lead.clinic, "reader", PASSWORD).page(name, runner(lead.clinic)).button if not one.disabled]
    assert write not in labels


def test_an_exercise_of_the_library_names_what_it_needs_in_words(new_desk: Desk) -> None:
    from kneeclinic.knowledge import load_knowledge
    from kneeclinic.ui.library_exercises import needs

    knowledge = load_knowledge()
    said_of = {one.id: needs(knowledge, one) for one in knowledge.exercises.values()}
    assert said_of["knee_ext_90_45"] == "a firm chair and a gym machine, an ankle weight, a loop band or a long band"
    assert said_of["sl_stance"] == "nothing"
