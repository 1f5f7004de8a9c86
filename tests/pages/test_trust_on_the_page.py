"""One's own account, restricted records and the log, as a person at the desk meets them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from kneeclinic import actions, demo
from kneeclinic.clinic import Clinic
from kneeclinic.security.second_factor import code_at
from kneeclinic.store import read_audit, read_patient
from kneeclinic.store.restrictions import read_glasses, read_restrictions
from kneeclinic.store.second_factors import read_second_factor
from kneeclinic.ui import words
from kneeclinic.vocabulary import Role

from .conftest import Desk, runner, said
from .test_first_jobs import press


def part(desk: Desk, name: str) -> AppTest:
    at = desk.page("admin")
    if at.get("button_group") and at.segmented_control[0].value != name:
        at.segmented_control[0].set_value(name).run()
    return at


def field(at: AppTest, label: str, place: int = 0):
    return [one for one in (*at.text_input, *at.text_area) if one.label == label][place]


def of_another(clinic: Clinic, desk: Desk) -> str:
    """An open episode that is not treated by who sits at the desk; given to the lead when there is none."""
    episode = runner(clinic)
    lead = actions.command_line_actor("test")
    case = clinic.case(episode)
    if case.episode.therapist == desk.actor.account_id:
        other = next(one for one in actions.accounts_of(clinic) if one.name == demo.LEAD_NAME)
        values = {name: getattr(case.episode, name) for name in actions_form_fields()}
        from kneeclinic.record.forms import EpisodeForm

        actions.revise_episode(clinic, lead, episode, EpisodeForm(**values | {"therapist": other.id}), case.episode.version)
    return episode


def actions_form_fields() -> tuple[str, ...]:
    from kneeclinic.record.forms import EpisodeForm

    return tuple(EpisodeForm.model_fields)


def names(at: AppTest) -> list[str]:
    """The people of the caseload's table, without their ages."""
    return [str(one).rpartition(",")[0] for one in at.dataframe[0].value["Name"]]


def test_the_own_password_asks_for_the_current_one(desk: Desk) -> None:
    at = part(desk, "Your account")
    for label, value in (("Current password", "not this one"), ("New password", "nine wet boots dry"), ("New password again", "nine wet boots dry")):
        field(at, label).set_value(value)
    press(at, "Change the password")
    assert any("current password is wrong" in one.value for one in at.warning)
    assert actions.step_of(desk.clinic, desk.token) == "" and actions.session_actor(desk.clinic.at(now=datetime.now(UTC)), desk.token)
    for label, value in (("Current password", demo.PASSWORD), ("New password", "nine wet boots dry"), ("New password again", "nine wet boots dry")):
        field(at, label).set_value(value)
    press(at, "Change the password")
    assert actions.session_actor(desk.clinic.at(now=datetime.now(UTC)), desk.token) is None


def test_a_second_factor_is_set_on_the_page_and_its_codes_are_shown_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kneeclinic.security.second_factor.RECOVERY_CODES", 2)
    at = part(desk, "Your account")
    field(at, "Current password", 1).set_value(demo.PASSWORD)
    press(at, "Set a second factor")
    kept = read_second_factor(desk.clinic.database, desk.actor.account_id)
    assert kept is not None and kept.secret in at.code[0].value.replace(" ", "")
    field(at, "**2.** Type the code that the app shows now").set_value("000000")
    press(at, "Confirm")
    assert any("not the code" in one.value for one in at.error)
    field(at, "**2.** Type the code that the app shows now").set_value(code_at(kept.secret, datetime.now(UTC)))
    press(at, "Confirm")
    codes = at.code[0].value.split()
    assert len(codes) == 2 and "shown this once" in said(at)
    press(at, "I have them in a safe place")
    assert not at.code and "recovery codes are left" in said(at)
    half = actions.sign_in(desk.clinic.at(now=datetime.now(UTC)), demo.CLINICIAN_NAME, demo.PASSWORD, "test")
    assert actions.step_of(desk.clinic.at(now=datetime.now(UTC)), half) == "code"
    assert actions.give_code(desk.clinic.at(now=datetime.now(UTC)), half, codes[0], "test")


def test_the_lead_sees_who_has_a_second_factor_and_takes_a_lost_one_away(lead: Desk, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kneeclinic.security.second_factor.RECOVERY_CODES", 1)
    clinic = desk.clinic.at(now=datetime.now(UTC))
    secret = actions.begin_second_factor(clinic, desk.actor, demo.PASSWORD).secret
    actions.confirm_second_factor(clinic, desk.actor, code_at(secret, clinic.now))
    at = part(lead, "Accounts")
    assert "second factor" in said(at)
    from kneeclinic.ui import admin_view

    actions.remove_second_factor(clinic, lead.actor, desk.actor.account_id)
    assert "phonelink" not in said(part(lead, "Accounts")) and admin_view.PARTS


def test_somebody_elses_restricted_record_opens_with_a_reason_only(desk: Desk, lead: Desk) -> None:
    clinic = desk.clinic
    episode = of_another(clinic, desk)
    patient = clinic.case(episode).patient
    actions.restrict_patient(clinic, lead.actor, patient.id, "Works here.")
    listed = desk.page("caseload")
    assert patient.full_name not in names(listed) and patient.full_name not in said(listed)
    assert [one for one in listed.button if one.label.startswith("No") and words.safe(patient.number) in one.label]
    for screen in ("patient", "assess", "program", "progress", "check_in", "documents"):
        at = desk.page(screen, episode)
        assert "Restricted record" in said(at) and patient.family_name not in said(at) and not at.exception, screen
    field(at, "Why you need this record now").set_value("ok")
    press(at, "Open the record")
    assert any("at least 15" in one.value for one in at.error) and not read_glasses(clinic.database)
    field(at, "Why you need this record now").set_value("On call for the one who treats.")
    press(at, "Open the record")
    assert patient.full_name in said(at)
    assert read_glasses(clinic.database)[0].reason == "On call for the one who treats."
    assert patient.full_name in names(lead.page("caseload"))


def test_a_search_for_the_name_tells_nobody_else_that_this_person_is_a_patient(desk: Desk, lead: Desk) -> None:
    clinic = desk.clinic
    patient = clinic.case(of_another(clinic, desk)).patient
    actions.restrict_patient(clinic, lead.actor, patient.id, "Works here.")
    at = desk.page("library")
    for text, shown in ((patient.family_name, False), (patient.given_name, False), (patient.number, True)):
        at.text_input(key="people_search_0").set_value(text).run()
        hits = [one.label for one in at.button if words.safe(patient.number) in one.label]
        assert bool(hits) is shown, text
        assert not [one for one in at.button if patient.family_name in one.label]


def test_the_lead_restricts_looks_at_what_was_opened_and_lifts(lead: Desk, desk: Desk) -> None:
    clinic = lead.clinic
    patient = clinic.case(of_another(clinic, desk)).patient
    at = part(lead, "Restricted")
    field(at, "Clinic number of the patient").set_value("nobody")
    field(at, "Why, in a few words").set_value("Works here.")
    press(at, "Restrict the record")
    assert any("Nobody has the clinic number" in one.value for one in at.error)
    field(at, "Clinic number of the patient").set_value(patient.number)
    field(at, "Why, in a few words").set_value("Works here.")
    press(at, "Restrict the record")
    assert [one.patient_id for one in read_restrictions(clinic.database)] == [patient.id]
    actions.break_glass(clinic.at(now=datetime.now(UTC)), desk.actor, patient.id, "On call for the one who treats.")
    assert [one for one in lead.page("caseload").button if "to look at" in one.label]
    at = part(lead, "Restricted")
    assert words.safe("On call for the one who treats.") in said(at) and "open now" in said(at)
    press(at, "Looked at")
    assert read_glasses(clinic.database)[0].reviewed_by == lead.actor.account_id
    assert not [one for one in lead.page("caseload").button if "to look at" in one.label]


def test_the_log_is_filtered_by_person_patient_action_and_day(lead: Desk) -> None:
    clinic = lead.clinic
    patient = clinic.case(runner(clinic)).patient
    lead.page("patient", runner(clinic))
    at = part(lead, "Log")
    assert len(at.dataframe[0].value) > 3
    field(at, "Patient (clinic number)").set_value(patient.number).run()
    table = at.dataframe[0].value
    assert set(table["Patient"]) == {patient.number} and "open case" in set(table["Did"])
    field(at, "Patient (clinic number)").set_value("nobody").run()
    assert "No line fits" in said(at)
    press(at, "Check the whole log")
    assert any("whole" in one.value for one in at.success)


def test_what_a_list_showed_is_one_line_of_the_log_and_coming_back_to_a_patient_another(desk: Desk) -> None:
    clinic = desk.clinic
    since = read_audit(clinic.database, limit=1)[0].seq
    at = desk.page("caseload")
    at.run()
    lines = [one for one in read_audit(clinic.database, action="see_list", limit=20) if one.seq > since]
    assert len(lines) == 1 and lines[0].detail["list"] == "caseload"
    assert set(lines[0].detail["patients"]) == {one.patient.id for one in clinic.cases()}
    first, second = (one.episode.id for one in clinic.cases()[:2])
    for episode in (first, first, second, first):
        at.query_params["patient"] = episode
        at.session_state["_open_episode"] = episode
        at.run()
    opened = [one.entity_id for one in reversed(read_audit(clinic.database, action="open_case", limit=20)) if one.seq > since]
    assert opened == [first, second, first]
    assert read_patient(clinic.database, clinic.case(first).patient.id)


def test_a_record_on_the_screen_closes_with_the_role_that_opened_it(desk: Desk, lead: Desk) -> None:
    """What was opened a minute ago is asked for again with the role of now, and the refusal is in the log."""
    case = desk.clinic.case(runner(desk.clinic))
    at = desk.page("patient", case.episode.id)
    assert case.patient.full_name in said(at)
    actions.change_role(desk.clinic, lead.actor, desk.actor.account_id, Role.FRONT_DESK)
    at.run()
    assert case.patient.full_name not in said(at)
    refused = read_audit(desk.clinic.database, action="refused", limit=1)
    assert refused and refused[0].detail["action"] == "open_case"


def test_the_lead_says_which_roles_must_have_a_second_factor(lead: Desk) -> None:
    at = part(lead, "Accounts")
    next(one for one in at.get("button_group") if one.label == "Roles that must have one").set_value([Role.CLINICIAN])
    next(one for one in at.button if one.form_id == "needed_factors" and one.label == "Save").click().run()
    assert lead.clinic.profile.second_factor_roles == (Role.CLINICIAN,)
    assert "sets a second factor at the next sign-in" in said(at)
