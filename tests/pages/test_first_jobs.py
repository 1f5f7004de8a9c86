"""The first job of each screen, done as a person does it."""

from __future__ import annotations

from datetime import date, timedelta

from streamlit.testing.v1 import AppTest

from kneeclinic import actions, serving
from kneeclinic.record.forms import PatientForm
from kneeclinic.store import read_audit
from kneeclinic.vocabulary import Sex, VisitKind

from .conftest import Desk, runner, said


def press(at: AppTest, label: str) -> AppTest:
    found = [one for one in at.button if one.label == label]
    assert found, f"no button {label!r} among {[one.label for one in at.button]}"
    return found[0].click().run()


def test_the_caseload_counts_and_opens_the_first_patient(desk: Desk) -> None:
    at = desk.page("caseload")
    table = at.dataframe[0].value
    assert list(table.columns[:3]) == ["Now", "Why", "Name"] and len(table) == len(desk.clinic.cases())
    press(at, "Open")
    assert at.query_params["patient"]


def test_a_patient_is_registered_and_the_first_visit_begins(new_desk: Desk) -> None:
    at = new_desk.page("caseload")
    press(at, "Register the first patient")
    at.text_input[1].set_value("Mara") if at.text_input[0].label == "Search patients" else at.text_input[0].set_value("Mara")
    for one in at.text_input:
        if one.label == "Clinic number":
            one.set_value("KC-1")
    next(one for one in at.date_input if one.label == "Birth date").set_value(date(1990, 5, 4))
    next(one for one in at.segmented_control if one.label == "Sex").set_value("female")
    press(at, "Register patient")
    assert "Step 2 of 2" in said(at)
    next(one for one in at.segmented_control if one.label == "Knee").set_value("right")
    press(at, "Open the episode")
    cases = new_desk.clinic.cases()
    assert len(cases) == 1 and cases[0].patient.given_name == "Mara" and cases[0].visits[0].kind is VisitKind.FIRST
    assert "Red flags" in said(at)


def test_registering_a_second_time_shows_who_is_known_and_goes_on_for_another_person(new_desk: Desk) -> None:
    lead = actions.command_line_actor("test")
    born = date(1990, 5, 4)
    known = actions.register_patient(new_desk.clinic, lead, PatientForm(number="KC-7", given_name="Mara", family_name="Voss", birth_date=born,
                                                                        sex=Sex.FEMALE))
    at = new_desk.page("caseload")
    press(at, next(one.label for one in at.button if one.label in ("Register the first patient", "New patient")))
    for label, text in (("Given name", "Mara"), ("Family name", "Voss"), ("Clinic number", "KC-8")):
        next(one for one in at.text_input if one.label == label).set_value(text)
    next(one for one in at.date_input if one.label == "Birth date").set_value(born)
    next(one for one in at.segmented_control if one.label == "Sex").set_value("female")
    press(at, "Register patient")
    assert "KC\\-7" in said(at) or "KC-7" in said(at), said(at)
    assert new_desk.clinic.database.one("select count(*) from patient") == (1,)
    press(at, "Register patient")
    assert new_desk.clinic.database.one("select count(*) from patient") == (1,), "not without a word"
    assert next(one for one in at.text_input if one.label == "Clinic number").value == "KC-8", "what was typed stands"
    next(one for one in at.checkbox if "another person" in one.label).check()
    press(at, "Register patient")
    assert "Step 2 of 2" in said(at)
    line = read_audit(new_desk.clinic.database, action="register_patient", limit=1)[0]
    assert line.detail["another person than"] == [known.id]


def start_visit(desk: Desk) -> tuple[AppTest, str]:
    episode = runner(desk.clinic)
    at = desk.page("assess", episode)
    press(at, "Start the visit")
    return at, episode


def field(at: AppTest, label: str):
    return next(one for kind in (at.number_input, at.selectbox, at.text_input) for one in kind if one.label == label)


def turn_to(at: AppTest, section: str) -> None:
    radio = next(one for one in at.radio if one.label == "Sections")
    radio.set_value(section).run()


def test_a_value_is_kept_at_once_and_offered_again_after_a_crash(desk: Desk) -> None:
    at, episode = start_visit(desk)
    turn_to(at, "pain")
    side = desk.clinic.case(episode).episode.side.sides[0]
    field(at, f"Worst pain, last 7 days, {side}").set_value(7.0).run()
    assert "Draft saved" in said(at)
    again = desk.page("assess", episode)
    turn_to(again, "pain")
    assert field(again, f"Worst pain, last 7 days, {side}").value == 7.0


def test_a_value_beyond_its_hard_limit_is_refused_with_the_reason(desk: Desk) -> None:
    at, episode = start_visit(desk)
    turn_to(at, "pain")
    side = desk.clinic.case(episode).episode.side.sides[0]
    field(at, f"Worst pain, last 7 days, {side}").set_value(12.0).run()
    assert "Worst pain, last 7 days\\: 12 came; a whole number from 0 to 10 is allowed" in said(at)


def test_a_red_flag_turns_the_head_of_the_page_into_the_action(desk: Desk) -> None:
    at, episode = start_visit(desk)
    side = desk.clinic.case(episode).episode.side.sides[0]
    at.text_input(key="shorthand").set_value(f"stroke_test {side} 2+").run()
    assert any("physician" in one.value for one in at.error)
    assert "No program is suggested" in said(at)
    clinic = serving.the_clinic()
    actions.snooze_alert(clinic, desk.actor, episode, "RF1", clinic.today + timedelta(days=7), "seen by the surgeon yesterday")
    at.run()
    assert not any("physician" in one.value for one in at.error)
    assert any("seen by the surgeon yesterday" in one.value for one in at.warning)
    assert "No program is suggested" not in said(at), "a written reason lifts the block"


def test_shorthand_that_cannot_be_read_says_which_part(desk: Desk) -> None:
    at, _ = start_visit(desk)
    at.text_input(key="shorthand").set_value("worst r 5, bananas 3").run()
    assert any("bananas" in one.value for one in at.error)


def test_values_are_saved_and_the_visit_signed(desk: Desk) -> None:
    at, episode = start_visit(desk)
    side = desk.clinic.case(episode).episode.side.sides[0]
    at.text_input(key="shorthand").set_value(f"pain_worst {side} 3, pain_usual {side} 1").run()
    turn_to(at, "note_and_sign")
    press(at, "Save and sign")
    visit = desk.clinic.case(episode).visits[-1]
    assert visit.is_signed and desk.clinic.case(episode).latest("pain_worst", side).value == 3


def test_a_program_is_built_changed_and_saved(desk: Desk) -> None:
    episode = runner(desk.clinic)
    before = desk.clinic.case(episode).program.version
    at = desk.page("program", episode)
    press(at, "Build from suggestions")
    outs = [one for one in at.button if one.label == "Out"]
    assert outs
    outs[-1].click().run()
    press(at, f"Save version {before + 1}")
    assert desk.clinic.case(episode).program.version == before + 1


def test_a_rejected_suggestion_keeps_its_reason_in_the_program(desk: Desk) -> None:
    from kneeclinic.ui import program_draft

    episode = runner(desk.clinic)
    work = program_draft.reject("R08", ("clamshell_band",), "no band at home")
    form = work(program_draft.ProgramForm(starts_on=desk.clinic.today, items=()), desk.clinic.case(episode))
    assert form.answers[0].answer == "rejected" and form.answers[0].reason == "no band at home"


def test_a_check_in_is_saved(desk: Desk) -> None:
    episode = runner(desk.clinic)
    at = desk.page("check_in", episode)
    next(one for one in at.segmented_control if one.label == "Worst pain").set_value(3).run()
    next(one for one in at.number_input if one.label == "Kilometres in the week").set_value(12.0).run()
    press(at, "Save")
    last = desk.clinic.case(episode).check_ins[-1]
    assert last.pain_worst == 3 and last.km == 12.0


def test_worst_pain_below_usual_pain_is_refused_and_nothing_is_saved(desk: Desk) -> None:
    episode = runner(desk.clinic)
    count = len(desk.clinic.case(episode).check_ins)
    at = desk.page("check_in", episode)
    next(one for one in at.segmented_control if one.label == "Worst pain").set_value(1).run()
    next(one for one in at.segmented_control if one.label == "Usual pain").set_value(5).run()
    press(at, "Save")
    assert any("usual" in one.value for one in at.error) and len(desk.clinic.case(episode).check_ins) == count


def test_the_weekly_review_decides_and_goes_on(desk: Desk) -> None:
    at = desk.page("review")
    accept = next(one for one in at.button if one.label.startswith("Accept"))
    accept.click().run()
    week = desk.clinic.today - timedelta(days=desk.clinic.today.weekday())
    decided = [one for case in desk.clinic.cases() for one in case.reviews if one.week_start == week]
    assert decided and not at.exception


def test_a_handout_is_issued_and_listed(desk: Desk) -> None:
    from kneeclinic.store import documents_of

    episode = runner(desk.clinic)
    at = desk.page("documents", episode)
    press(at, "Issue and keep")
    kept = documents_of(desk.clinic.database, desk.clinic.case(episode).patient.id)
    assert any(one.file_name.endswith(f"{desk.clinic.today}.pdf") for one in kept)
    assert "is issued and kept" in "".join(one.value for one in at.toast)


def test_progress_shows_the_sentence_beside_the_chart(desk: Desk) -> None:
    at = desk.page("progress", runner(desk.clinic))
    assert "values" in said(at) and at.get("plotly_chart")


def test_the_lead_adds_an_account_and_takes_a_backup(lead: Desk) -> None:
    at = lead.page("admin")
    for label, value in (("Name to show", "Dr Bo"), ("Sign-in name", "bo"), ("First password", "a quiet river at noon")):
        next(one for one in at.text_input if one.label == label).set_value(value)
    press(at, "Add the account")
    assert "Dr Bo" in said(at)
    next(one for one in at.segmented_control if one.label == "Part of the house").set_value("Backups").run()
    press(at, "Back up now")
    assert list((lead.clinic.path.parent / "backups").glob("*.duckdb"))


def test_the_clinician_sees_no_accounts(desk: Desk) -> None:
    control = next(one for one in desk.page("admin").segmented_control if one.label == "Part of the house")
    assert "Accounts" not in control.options and "Your account" in control.options


def test_the_library_finds_an_exercise_and_shows_who_says_so(desk: Desk) -> None:
    at = desk.page("library")
    next(one for one in at.text_input if one.label == "Search the library").set_value("clamshel").run()
    next(one for one in at.button if one.key == "x_clamshell").click().run()
    assert "Usual dose" in str([one.value for one in at.table]) and "suggests it when" in said(at)
    assert serving.is_open()
