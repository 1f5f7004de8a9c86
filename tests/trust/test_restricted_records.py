"""A restricted record: who opens it, who does not, and what breaking the glass leaves behind; every action of the table tried."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from kneeclinic import actions
from kneeclinic.actions import Actor
from kneeclinic.actions import restricted as restricting
from kneeclinic.clinic import Clinic
from kneeclinic.security.restricted import NAME, Restricted
from kneeclinic.store import read_audit
from kneeclinic.vocabulary import Conflict, DocumentKind, NotAllowed, NotFound, Refused, Role
from tests.actions.conftest import TODAY, Staff, a_person, a_problem, audited
from tests.trust.test_role_matrix import PDF, TRIES, Record, _lead, _light_hash, at, clinic, record

__all__ = ["_light_hash", "at", "clinic", "record"]

WHY = "On call for the one who treats."
ABOUT_A_PATIENT = (
    "open_case", "open_document", "see_planned", "revise_patient", "open_episode", "revise_episode", "close_episode", "reopen_episode", "set_goal",
    "drop_goal", "record_imaging", "start_visit", "record_observations", "write_note", "sign_visit", "amend_visit", "invalidate_observation",
    "revise_program", "record_check_in", "invalidate_check_in", "record_runs", "record_run_file", "annotate_run", "invalidate_run",
    "decide_review", "undo_review", "plan_visit", "change_planned", "snooze_alert", "issue_document", "restrict_patient",
)
OF_ANOTHER_PATIENT = {"reopen_episode", "undo_review"}
"""Tried on the second patient of the record."""
OF_NOBODY = {
    "register_patient", "import_patients", "save_draft", "discard_draft", "set_usual_dose", "find_patients", "lift_restriction", "break_glass",
    "review_glass", "undo_last",
}


def in_session(actor: Actor, session_id: str = "s1") -> Actor:
    return replace(actor, session_id=session_id)


def restricted(clinic: Clinic, patient_id: str) -> None:
    actions.restrict_patient(clinic, _lead(clinic), patient_id, "Works here, at their own wish.")


def test_every_action_about_a_patient_is_tried_here() -> None:
    house = {one for one in TRIES if one not in ABOUT_A_PATIENT and one not in OF_NOBODY}
    about_the_house = ("account", "role", "session", "password", "factor", "provider", "profile", "knowledge", "backup", "restore", "key", "code",
                       "clinic", "recluster", "restriction")
    assert not [one for one in house if not any(word in one for word in about_the_house)], "a new action: is it about a patient?"


@pytest.mark.parametrize("action", ABOUT_A_PATIENT)
def test_nobody_but_who_treats_and_the_lead_does_anything_with_a_restricted_record(
    at: Record, clinic: Clinic, staff: Staff, action: str,
) -> None:
    restricted(clinic, at.episode.patient_id)
    if action in OF_ANOTHER_PATIENT:
        restricted(clinic, clinic.database.rows("select patient_id from episode where id = ?", [at.closed])[0][0])
    for actor in (staff.read_only, staff.front_desk, staff.assistant, staff.clinician):
        refusals = len(audited(clinic, "refused"))
        with pytest.raises(NotAllowed):
            TRIES[action](at, clinic, in_session(actor))
        assert len(audited(clinic, "refused")) == refusals + 1
    with suppress(Refused):  # restricting twice
        TRIES[action](at, clinic, staff.lead)


def test_who_treats_the_patient_opens_it_and_a_former_therapist_does_not(clinic: Clinic, staff: Staff) -> None:
    patient = actions.register_patient(clinic, staff.lead, a_person(number="P20"))
    episode = actions.open_episode(clinic, staff.lead, patient.id, a_problem(therapist=staff.clinician.account_id))
    restricted(clinic, patient.id)
    assert actions.open_case(clinic, staff.clinician, episode.id).patient == patient
    form = a_problem(therapist=staff.lead.account_id)
    actions.revise_episode(clinic, staff.lead, episode.id, form, 1)
    with pytest.raises(Restricted):
        actions.open_case(clinic, staff.clinician, episode.id)


def test_a_reason_opens_the_record_for_an_hour_of_this_sign_in(at: Record, clinic: Clinic, staff: Staff) -> None:
    patient, here = at.episode.patient_id, in_session(staff.clinician)
    restricted(clinic, patient)
    for short in ("", "  ", "ok", "because it is "):
        with pytest.raises(Refused, match="at least 15"):
            actions.break_glass(clinic, here, patient, short)
    glass = actions.break_glass(clinic, here, patient, WHY)
    assert actions.open_case(clinic, here, at.episode.id).patient.id == patient
    assert actions.open_document(clinic, here, at.document) == PDF
    for shut in (in_session(staff.clinician, "s2"), in_session(staff.assistant), staff.clinician):
        with pytest.raises(Restricted):
            actions.open_case(clinic, shut, at.episode.id)
    almost = clinic.at(TODAY, clinic.now + timedelta(minutes=59, seconds=59))
    actions.open_case(almost, here, at.episode.id)
    with pytest.raises(Restricted):
        actions.open_case(clinic.at(TODAY, clinic.now + timedelta(minutes=60)), here, at.episode.id)
    (line,) = [one for one in audited(clinic, "break_glass") if one.entity_id == patient]
    assert line.detail["reason"] == WHY and line.patient_id == patient and line.account_id == staff.clinician.account_id
    assert glass.until - glass.at == timedelta(minutes=60)


def test_a_broken_glass_gives_no_role_more_than_it_has(at: Record, clinic: Clinic, staff: Staff) -> None:
    restricted(clinic, at.episode.patient_id)
    for actor in (staff.read_only, staff.front_desk, staff.assistant, staff.clinician):
        actions.break_glass(clinic, in_session(actor), at.episode.patient_id, WHY)
    with pytest.raises(NotAllowed, match="may not open case"):
        actions.open_case(clinic, in_session(staff.front_desk), at.episode.id)
    with pytest.raises(NotAllowed, match="may not sign visit"):
        actions.sign_visit(clinic, in_session(staff.assistant), at.draft)


def test_nobody_makes_themselves_the_therapist_through_a_broken_glass(at: Record, clinic: Clinic, staff: Staff) -> None:
    here = in_session(staff.clinician)
    restricted(clinic, at.episode.patient_id)
    actions.break_glass(clinic, here, at.episode.patient_id, WHY)
    own = a_problem(therapist=here.account_id)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: actions.revise_episode(clinic, here, at.episode.id, own, 1),
        lambda: actions.open_episode(clinic, here, at.episode.patient_id, a_problem(side="left")),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed, match="chosen by the lead"):
            attempt()
    with pytest.raises(Restricted):
        actions.open_case(clinic, in_session(staff.clinician, "tomorrow"), at.episode.id)


def test_lists_show_nobody_else_who_it_is(at: Record, clinic: Clinic, staff: Staff) -> None:
    patient = at.episode.patient_id
    restricted(clinic, patient)
    seen = clinic.seen_by(in_session(staff.clinician))
    assert patient not in {one.patient.id for one in seen.cases()}
    assert patient in {one.patient.id for one in clinic.seen_by(staff.lead).cases()}
    assert len(seen.counted([at.episode.id])) == 1, "figures about many count everybody"
    with pytest.raises(Restricted):
        seen.case(at.episode.id)
    for words in ("Field", "Runa", "P"):
        assert patient not in {one.id for one in actions.find_patients(clinic, staff.clinician, words)}
    (found,) = actions.find_patients(clinic, staff.clinician, " p1 ")
    assert found.full_name == NAME and found.number == "P1"
    assert "Runa" not in str(found) and "Field" not in str(found) and "1995-05-05" not in str(found)
    (known,) = actions.find_patients(clinic, staff.lead, "Runa")
    assert known.given_name == "Runa"
    actions.break_glass(clinic, in_session(staff.clinician), patient, WHY)
    assert patient in {one.patient.id for one in seen.cases()}


def test_the_lead_looks_at_every_broken_glass_but_not_at_their_own(at: Record, clinic: Clinic, staff: Staff) -> None:
    restricted(clinic, at.episode.patient_id)
    glass = actions.break_glass(clinic, in_session(staff.clinician), at.episode.patient_id, WHY)
    seen = actions.review_glass(clinic, staff.lead, glass.id)
    assert (seen.reviewed_by, seen.reviewed_at) == (staff.lead.account_id, clinic.now)
    with pytest.raises(Refused, match="already"):
        actions.review_glass(clinic, staff.lead, glass.id)
    with pytest.raises(NotFound):
        actions.review_glass(clinic, staff.lead, "nothing")
    promoted = replace(staff.clinician, role=Role.LEAD)
    own = actions.break_glass(clinic, in_session(staff.clinician, "s3"), at.episode.patient_id, WHY)
    with pytest.raises(Refused, match="Another lead"):
        actions.review_glass(clinic, promoted, own.id)


def test_of_two_leads_who_look_at_a_glass_in_the_same_moment_the_first_ones_name_stays(
    at: Record, clinic: Clinic, staff: Staff, monkeypatch: pytest.MonkeyPatch,
) -> None:
    restricted(clinic, at.episode.patient_id)
    glass = actions.break_glass(clinic, in_session(staff.clinician), at.episode.patient_id, WHY)
    first = replace(staff.read_only, role=Role.LEAD)
    read = restricting.glass_by_id

    def meanwhile(db: object, glass_id: str) -> object:
        """The first lead looks right after the second one's page was read."""
        found = read(db, glass_id)  # type: ignore[arg-type]
        if db is clinic.database:
            monkeypatch.setattr(restricting, "glass_by_id", read)
            actions.review_glass(clinic, first, glass_id)
        return found

    monkeypatch.setattr(restricting, "glass_by_id", meanwhile)
    with pytest.raises(Refused, match="already"):
        actions.review_glass(clinic, staff.lead, glass.id)
    seen = read(clinic.database, glass.id)
    assert seen is not None and seen.reviewed_by == first.account_id


def test_a_lifted_restriction_opens_the_record_to_everybody_who_treats(at: Record, clinic: Clinic, staff: Staff) -> None:
    restricted(clinic, at.episode.patient_id)
    with pytest.raises(Refused, match="already"):
        restricted(clinic, at.episode.patient_id)
    actions.lift_restriction(clinic, staff.lead, at.episode.patient_id, "No longer works here.")
    assert actions.open_case(clinic, staff.clinician, at.episode.id)
    with pytest.raises(Refused, match="not restricted"):
        actions.lift_restriction(clinic, staff.lead, at.episode.patient_id, "Again.")
    with pytest.raises(NotFound, match="not restricted"):
        actions.break_glass(clinic, staff.clinician, at.episode.patient_id, WHY)


def test_why_a_record_is_restricted_and_why_it_was_opened_stand_nowhere_readable(at: Record, clinic: Clinic, staff: Staff) -> None:
    actions.restrict_patient(clinic, staff.lead, at.episode.patient_id, "Zzqmark restricted")
    actions.break_glass(clinic, in_session(staff.clinician), at.episode.patient_id, "Zzqmark opened on call")
    clinic.database.rows("checkpoint")
    files = [one for one in clinic.path.parent.rglob("*") if one.is_file()]
    assert not [one.name for one in files if b"Zzqmark" in one.read_bytes()]
    assert "Zzqmark" in str(read_audit(clinic.database, action="break_glass", limit=1)[0].detail)


def test_a_document_issued_for_a_restricted_patient_stays_shut_after_the_hour(at: Record, clinic: Clinic, staff: Staff) -> None:
    here = in_session(staff.clinician)
    restricted(clinic, at.episode.patient_id)
    actions.break_glass(clinic, here, at.episode.patient_id, WHY)
    made = actions.issue_document(clinic, here, at.episode.id, DocumentKind.VISIT_NOTE, PDF)
    assert actions.open_document(clinic, here, made.id)
    with pytest.raises(Restricted), suppress(Conflict):
        actions.open_document(clinic.at(TODAY, clinic.now + timedelta(hours=2)), here, made.id)
