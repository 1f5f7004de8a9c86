"""The clinic itself: setting up, settings, papers, drafts, copies, keys; and that the role table guards every verb."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from kneeclinic import actions
from kneeclinic.actions import ProfileForm
from kneeclinic.actions.whole_clinic import comparable
from kneeclinic.clinic import open_clinic
from kneeclinic.record import ClinicProfile
from kneeclinic.record.forms import RunForm
from kneeclinic.security.roles import ACTIONS
from kneeclinic.store import health, read_audit, read_draft, read_profile
from kneeclinic.vocabulary import Conflict, DocumentKind, KneeClinicError, NotAllowed, Refused, Role, VisitKind

from .conftest import PASSWORD, TODAY, a_person, a_problem, audited, found
from .test_programs import a_program
from .test_weeks_and_reviews import a_run, a_week

PDF = b"%PDF-1.7 a page"


def test_a_clinic_is_set_up_once_and_nothing_is_left_when_something_is_refused(tmp_path):
    path = tmp_path / "new.duckdb"
    with pytest.raises(Refused, match="Password"):
        actions.setup_clinic(path, ClinicProfile(name="C"), "lead", "", "short")
    with pytest.raises(Refused, match="time_zone"):
        actions.setup_clinic(path, ClinicProfile(name="C", time_zone="Mars/Base"), "lead", "", PASSWORD)
    assert not path.exists()
    clinic = actions.setup_clinic(path, ClinicProfile(name="C", time_zone="Europe/Berlin"), "lead", "", PASSWORD)
    assert (clinic.profile.name, actions.accounts_of(clinic)[0].role) == ("C", Role.LEAD)
    assert [one.action for one in read_audit(clinic.database)] == ["setup_clinic"]
    clinic.close()
    with pytest.raises(Conflict, match="exists"):
        actions.setup_clinic(path, ClinicProfile(name="D"), "lead", "", PASSWORD)


def test_settings_are_the_leads_and_the_log_keeps_old_and_new(clinic, staff):
    with pytest.raises(NotAllowed):
        actions.revise_profile(clinic, staff.clinician, ProfileForm(name="Mine"))
    with pytest.raises(Refused, match="logo_png"):
        actions.revise_profile(clinic, staff.lead, ProfileForm(name="New", logo_png=b"GIF89a"))
    actions.revise_profile(clinic, staff.lead, ProfileForm(name="New", week_start=6))
    assert clinic.profile.week_start == 6
    assert read_audit(clinic.database, action="revise_profile")[0].detail["changed"]["name"] == ["Test clinic", "New"]


def test_the_sign_off_names_who_and_which_edition(clinic, staff):
    with pytest.raises(NotAllowed):
        actions.sign_off_knowledge(clinic, staff.clinician, "Me")
    with pytest.raises(Refused):
        actions.sign_off_knowledge(clinic, staff.lead, " ")
    profile = actions.sign_off_knowledge(clinic, staff.lead, "Dr. L.")
    assert (profile.knowledge_reviewed_by, profile.knowledge_reviewed_edition) == ("Dr. L.", clinic.knowledge.edition.edition)


def test_a_document_opens_as_the_same_bytes_and_each_opening_is_in_the_log(clinic, staff, episode):
    issued = actions.issue_document(clinic, staff.clinician, episode.id, DocumentKind.HANDOUT, PDF)
    assert actions.open_document(clinic, staff.read_only, issued.id) == PDF
    assert read_audit(clinic.database, action="open_document")[0].patient_id == episode.patient_id
    with pytest.raises(NotAllowed):
        actions.open_document(clinic, staff.front_desk, issued.id)
    with pytest.raises(Refused, match="no PDF"):
        actions.issue_document(clinic, staff.clinician, episode.id, DocumentKind.HANDOUT, b"<html>")


def test_a_blocked_patient_takes_no_handout_home_but_may_take_a_letter(clinic, staff, episode):
    found(clinic, staff.clinician, episode, {"locking": 1})
    with pytest.raises(Refused, match="RF2"):
        actions.issue_document(clinic, staff.lead, episode.id, DocumentKind.HANDOUT, PDF)
    assert actions.issue_document(clinic, staff.lead, episode.id, DocumentKind.REFERRAL_LETTER, PDF).kind is DocumentKind.REFERRAL_LETTER


def test_while_the_program_is_paused_no_handout_leaves(clinic, staff, episode):
    actions.revise_program(clinic, staff.lead, episode.id, a_program(), None)
    case = clinic.case(episode.id)
    actions.check_handout(clinic, case)
    with pytest.raises(Refused, match="paused"):
        actions.check_handout(clinic, replace(case, programs=(replace(case.programs[0], paused=True),)))


def test_a_draft_belongs_to_one_person_and_two_windows_do_not_overwrite_each_other(clinic, staff):
    first = actions.save_draft(clinic, staff.clinician, "assess", "v1", {"pain": 3}, None)
    second = actions.save_draft(clinic, staff.clinician, "assess", "v1", {"pain": 4}, first.revision)
    with pytest.raises(Conflict):
        actions.save_draft(clinic, staff.clinician, "assess", "v1", {"pain": 5}, first.revision)
    assert read_draft(clinic.database, "assess", staff.lead.account_id, "v1") is None
    assert second.payload == {"pain": 4}
    with pytest.raises(Refused, match="draft"):
        actions.save_draft(clinic, staff.clinician, "assess", "v1", {"pain": object()}, second.revision)
    actions.discard_draft(clinic, staff.clinician, "assess", "v1")
    assert read_draft(clinic.database, "assess", staff.clinician.account_id, "v1") is None


def test_a_backup_comes_back_as_a_new_clinic_with_the_same_content(clinic, staff, episode, tmp_path):
    found(clinic, staff.clinician, episode, {"pain_worst": 6})
    made = actions.backup(clinic, staff.lead, tmp_path / "copy.duckdb")
    assert made.size_bytes > 0
    with pytest.raises(NotAllowed):
        actions.backup(clinic, staff.clinician, tmp_path / "copy2.duckdb")
    with actions.restore(tmp_path / "copy.duckdb", tmp_path / "again.duckdb", staff.lead) as restored:
        assert restored.case(episode.id).observations == clinic.case(episode.id).observations
        assert health(restored.database).is_good
        with pytest.raises(Refused, match="exists"):
            actions.restore(tmp_path / "copy.duckdb", tmp_path / "again.duckdb", staff.lead)


def test_after_a_change_of_key_the_old_one_opens_nothing(clinic, staff, tmp_path, monkeypatch):
    old = actions.print_recovery_code(clinic, staff.lead)
    fresh = actions.change_key(clinic, staff.lead)
    assert fresh != old
    clinic.database.close()
    monkeypatch.delenv("KNEECLINIC_KEY_FILE")
    monkeypatch.setenv("KNEECLINIC_KEY", old)
    with pytest.raises(KneeClinicError, match="key"):
        open_clinic(clinic.path)
    monkeypatch.setenv("KNEECLINIC_KEY", fresh)
    with open_clinic(clinic.path) as again:
        assert again.profile.name == "Test clinic"


def test_a_whole_clinic_comes_back_equal_to_the_last_record(clinic, staff, episode, tmp_path):
    visit = found(clinic, staff.clinician, episode, {"pain_worst": 6, "stroke_test": "trace"})
    found(clinic, staff.clinician, episode, {"pain_worst": 4})
    actions.sign_visit(clinic, staff.clinician, visit)
    actions.amend_visit(clinic, staff.clinician, visit, "More.")
    actions.revise_patient(clinic, staff.lead, episode.patient_id, a_person(sport="hurdles", note="=2+2"), 1)
    actions.revise_program(clinic, staff.clinician, episode.id, a_program(), None)
    actions.record_check_in(clinic, staff.clinician, episode.id, a_week())
    actions.record_check_in(clinic, staff.clinician, episode.id, a_week(pain_worst=7))
    actions.record_run_file(clinic, staff.clinician, episode.id, "a.fit", b"\x00\xff", [a_run(source="fit")])
    actions.issue_document(clinic, staff.clinician, episode.id, DocumentKind.VISIT_NOTE, PDF)
    actions.save_draft(clinic, staff.clinician, "assess", visit, {"a": 1}, None)
    held = actions.read_whole_clinic(clinic, staff.lead)
    with actions.write_whole_clinic(tmp_path / "moved.duckdb", held, staff.lead) as moved:
        back = actions.read_whole_clinic(moved, staff.lead)
        assert health(moved.database).is_good
        before, after = comparable(held), comparable(back)
        assert after.audit[: len(before.audit)] == before.audit
        for name in before.__dataclass_fields__:
            if name != "audit":
                assert getattr(after, name) == getattr(before, name), name
        with pytest.raises(Conflict, match="exists"):
            actions.write_whole_clinic(tmp_path / "moved.duckdb", held, staff.lead)


def test_eight_people_who_write_the_next_version_at_once_make_one_and_seven_are_told(clinic, staff, episode):
    actions.revise_program(clinic, staff.clinician, episode.id, a_program(), None)
    answers: list[str] = []

    def write() -> None:
        try:
            actions.revise_program(clinic, staff.clinician, episode.id, a_program(note="mine"), 1)
            answers.append("stored")
        except Conflict:
            answers.append("told")

    threads = [threading.Thread(target=write) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == ["stored"] + ["told"] * 7
    assert len(clinic.case(episode.id).programs) == 2
    assert len(audited(clinic, "revise_program")) == 2


def test_two_windows_do_not_open_two_episodes_of_one_knee(clinic, staff, patient):
    answers: list[str] = []

    def open_one() -> None:
        try:
            actions.open_episode(clinic, staff.clinician, patient.id, a_problem())
            answers.append("opened")
        except Refused:
            answers.append("told")

    threads = [threading.Thread(target=open_one) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == ["opened", "told", "told", "told"]


def test_the_same_run_told_in_two_windows_is_stored_once(clinic, staff, episode):
    answers: list[str] = []

    def tell(form: RunForm) -> None:
        try:
            actions.record_runs(clinic, staff.clinician, episode.id, [form])
            answers.append("stored")
        except Refused:
            answers.append("told")

    threads = [threading.Thread(target=tell, args=(a_run(),)) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == ["stored", "told", "told", "told"]


VERBS = {
    "register_patient": lambda c, a, e: actions.register_patient(c, a, a_person(number="P2")),
    "revise_patient": lambda c, a, e: actions.revise_patient(c, a, e.patient_id, a_person(), 1),
    "import_patients": lambda c, a, e: actions.import_patients(c, a, [a_person(number="P3")]),
    "open_episode": lambda c, a, e: actions.open_episode(c, a, e.patient_id, a_problem(side="left")),
    "start_visit": lambda c, a, e: actions.start_visit(c, a, e.id, VisitKind.WEEKLY, TODAY),
    "revise_program": lambda c, a, e: actions.revise_program(c, a, e.id, a_program(), None),
    "record_check_in": lambda c, a, e: actions.record_check_in(c, a, e.id, a_week()),
    "record_runs": lambda c, a, e: actions.record_runs(c, a, e.id, [a_run()]),
    "record_run_file": lambda c, a, e: actions.record_run_file(c, a, e.id, "x.fit", b"x", [a_run(26, source="fit")]),
    "open_case": lambda c, a, e: actions.open_case(c, a, e.id),
    "save_draft": lambda c, a, e: actions.save_draft(c, a, "k", "s", {}, None),
    "issue_document": lambda c, a, e: actions.issue_document(c, a, e.id, DocumentKind.VISIT_NOTE, PDF),
    "snooze_alert": lambda c, a, e: actions.snooze_alert(c, a, e.id, "plateau", TODAY + timedelta(days=1), "x"),
    "export_clinic": lambda c, a, e: actions.read_whole_clinic(c, a),
    "recluster": lambda c, a, e: actions.recluster(c, a),
    "print_recovery_code": lambda c, a, e: actions.print_recovery_code(c, a),
}


@pytest.mark.parametrize("verb", VERBS)
def test_every_role_may_do_exactly_what_the_table_says(clinic, staff, episode, verb):
    for actor in (staff.read_only, staff.front_desk, staff.assistant, staff.clinician, staff.lead):
        before = len(audited(clinic, "refused"))
        if actor.role in ACTIONS[verb]:
            with suppress(Conflict, Refused):  # a second person does the same thing again: allowed, but not twice
                VERBS[verb](clinic, actor, episode)
            assert len(audited(clinic, "refused")) == before
        else:
            with pytest.raises(NotAllowed):
                VERBS[verb](clinic, actor, episode)
            assert len(audited(clinic, "refused")) == before + 1


def test_the_settings_are_read_once_until_they_are_saved_anew(clinic, staff, monkeypatch):
    asked = []
    monkeypatch.setattr("kneeclinic.clinic.read_profile", lambda db: asked.append(db) or read_profile(db))
    before = clinic.profile
    assert [clinic.profile, clinic.at().profile] == [before, before]
    count = len(asked)
    actions.revise_profile(clinic, staff.lead, ProfileForm(name="Another name"))
    assert clinic.profile.name == "Another name"
    assert (count <= 1, len(asked)) == (True, count + 1)
