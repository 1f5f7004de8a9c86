"""Files leave by one door only: authorised, in the log, kept by no browser."""

from __future__ import annotations

from datetime import date

import pytest

from kneeclinic import actions, serving
from kneeclinic.record import Dose, ProgramItem
from kneeclinic.record.forms import EpisodeForm, ObservationForm, PatientForm, ProgramForm
from kneeclinic.store import read_audit
from kneeclinic.vocabulary import AffectedSide, DocumentKind, Role, Sex, Side, VisitKind
from kneeclinic.web.downloads import disposition

from .conftest import PASSWORD, Door


@pytest.fixture
def episode(door: Door) -> str:
    """A runner with a one-exercise program."""
    door.sign_in()
    clinic = serving.the_clinic()
    lead = actions.session_actor(clinic, door.session_token)
    number = f"W{door.clock.now:%H%M%S%f}"
    form = PatientForm(number=number, given_name="O'Brien & <Smith>", birth_date=date(1990, 5, 4), sex=Sex.FEMALE)
    patient = actions.register_patient(clinic, lead, form)
    opened = actions.open_episode(clinic, lead, patient.id, EpisodeForm(side=AffectedSide.LEFT, opened_on=clinic.today))
    item = ProgramItem("clamshell", AffectedSide.LEFT, Dose(sets=3, reps=15, days_per_week=3))
    actions.revise_program(clinic, lead, opened.id, ProgramForm(starts_on=clinic.today, items=(item,)), None)
    return opened.id


def test_a_handout_leaves_as_a_pdf_that_no_browser_keeps(door: Door, episode: str) -> None:
    answer = door.client.get(f"/download/handout/{episode}")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF-") and answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith("attachment; filename=\"W") and "program-v1" in answer.headers["content-disposition"]
    assert "Brien" not in answer.headers["content-disposition"]


def test_a_download_is_in_the_log(door: Door, episode: str) -> None:
    before = read_audit(serving.the_clinic().database, limit=1)[0].seq
    door.client.get(f"/download/handout/{episode}")
    found = read_audit(serving.the_clinic().database, limit=5)
    assert any(one.seq > before and one.action == "open_case" and one.entity_id == episode for one in found)


def test_a_blocked_or_paused_patient_gets_no_exercises_on_paper_by_any_download(door: Door, episode: str) -> None:
    clinic = serving.the_clinic()
    lead = actions.session_actor(clinic, door.session_token)
    visit = actions.start_visit(clinic, lead, episode, VisitKind.FOLLOW_UP, clinic.today)
    actions.record_observations(clinic, lead, visit.id, [ObservationForm(measure="locking", side=Side.LEFT, value=1)])
    answer = door.client.get(f"/download/handout/{episode}?layout=pocket")
    assert answer.status_code == 422 and "No handout today: RF2" in answer.text and b"%PDF" not in answer.content
    line = read_audit(clinic.database, action="download_refused", limit=1)[0]
    assert (line.entity_id, line.detail["what"], line.detail["refused"]) == (episode, "handout", "Refused")
    assert line.patient_id == clinic.case(episode).patient.id


def test_every_download_and_every_refusal_is_one_line_of_the_log(door: Door, episode: str) -> None:
    clinic = serving.the_clinic()
    before = read_audit(clinic.database, limit=1)[0].seq
    asked = {f"handout/{episode}": "handout", f"review/{episode}": "review_pack", "review/all": "review_pack", "form/first": "blank_form",
             "export/clinic": "whole_clinic"}
    for path in asked:
        assert door.client.get(f"/download/{path}").status_code == 200
    for path in ("handout/nobody", "document/nothing", "form/last"):
        assert door.client.get(f"/download/{path}").status_code in (404, 422)
    lines = [one for one in read_audit(clinic.database, limit=200) if one.seq > before]
    assert [one.detail["what"] for one in reversed(lines) if one.action == "download"] == list(asked.values())
    assert [one.detail["what"] for one in reversed(lines) if one.action == "download_refused"] == ["handout", "issued", "blank_form"]
    assert all(one.account_id and one.origin for one in lines)


def test_an_issued_document_opens_as_the_same_bytes(door: Door, episode: str) -> None:
    clinic = serving.the_clinic()
    lead = actions.session_actor(clinic, door.session_token)
    data = door.client.get(f"/download/handout/{episode}").content
    issued = actions.issue_document(clinic, lead, episode, DocumentKind.HANDOUT, data, file_name="Niño plan.pdf")
    answer = door.client.get(f"/download/document/{issued.id}")
    assert answer.content == data and "filename*=UTF-8''Ni%C3%B1o%20plan.pdf" in answer.headers["content-disposition"]


@pytest.mark.parametrize("path", ["review/all", "form/first", "form/follow_up", "export/clinic"])
def test_the_other_files_leave_by_the_same_door(door: Door, episode: str, path: str) -> None:
    answer = door.client.get(f"/download/{path}")
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store" and len(answer.content) > 1000
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(("path", "status"), [("handout/0123456789abcdef0123", 404), ("document/nothing", 404), ("form/last", 422),
                                              ("review/all?week=yesterday", 422)])
def test_what_cannot_be_made_says_so_in_one_sentence(door: Door, episode: str, path: str, status: int) -> None:
    answer = door.client.get(f"/download/{path}")
    assert answer.status_code == status and "Traceback" not in answer.text and "This file cannot be made" in answer.text


def test_the_front_desk_gets_no_clinical_file(door: Door, episode: str) -> None:
    clinic = serving.the_clinic()
    lead = actions.session_actor(clinic, door.session_token)
    name = f"desk{door.clock.now:%H%M%S%f}"
    actions.add_account(clinic, lead, name, "Desk", Role.FRONT_DESK, PASSWORD)
    door.sign_in(name=name)
    for path in (f"handout/{episode}", f"review/{episode}", "export/clinic"):
        assert door.client.get(f"/download/{path}").status_code == 403, path


def test_file_names_cannot_break_the_header() -> None:
    hostile = 'a"; filename="b.exe\r\nSet-Cookie: x=1.pdf'
    named = disposition(hostile)
    assert "\r" not in named and "\n" not in named and named.count('"') == 2


def test_whom_a_flag_stops_can_take_the_stop_sheet_and_nobody_else(door: Door, episode: str) -> None:
    clinic = serving.the_clinic()
    lead = actions.session_actor(clinic, door.session_token)
    assert door.client.get(f"/download/handout/{episode}?sheet=stop").status_code == 404
    visit = actions.start_visit(clinic, lead, episode, VisitKind.FOLLOW_UP, clinic.today)
    actions.record_observations(clinic, lead, visit.id, [ObservationForm(measure="locking", side=Side.LEFT, value=1)])
    answer = door.client.get(f"/download/handout/{episode}?sheet=stop&lang=es")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF-") and "-stop-" in answer.headers["content-disposition"]


def test_the_review_pack_leaves_on_the_paper_that_is_asked_for(door: Door, episode: str) -> None:
    for paper, box in (("a4", b"595.2756 841.8898"), ("letter", b"612 792")):
        answer = door.client.get(f"/download/review/{episode}?paper={paper}")
        assert answer.status_code == 200 and b"0 0 " + box in answer.content
    assert door.client.get(f"/download/review/{episode}?paper=a3").status_code == 422


def test_the_line_of_a_download_says_whose_file_left_whatever_the_address_adds(door: Door, episode: str) -> None:
    """Else an address with a choice of that name would write another patient's record into the log, and a printed visit could be signed anew."""
    clinic = serving.the_clinic()
    lead = actions.session_actor(clinic, door.session_token)
    form = PatientForm(number=f"V{door.clock.now:%H%M%S%f}", given_name="Somebody else", birth_date=date(1991, 5, 4), sex=Sex.FEMALE)
    other = actions.register_patient(clinic, lead, form)
    elsewhere = actions.open_episode(clinic, lead, other.id, EpisodeForm(side=AffectedSide.LEFT, opened_on=clinic.today))
    assert door.client.get(f"/download/handout/{episode}?of={elsewhere.id}&what=form&refused=no").status_code == 200
    line = read_audit(clinic.database, action="download", limit=1)[0]
    assert (line.entity_id, line.detail["of"], line.detail["what"]) == (episode, episode, "handout")
    assert line.patient_id == clinic.case(episode).patient.id


def test_an_address_does_not_fill_the_log(door: Door, episode: str) -> None:
    many = "&".join(f"{'x' * 200}{place}={'y' * 200}" for place in range(100))
    assert door.client.get(f"/download/handout/{episode}?{many}").status_code == 200
    line = read_audit(serving.the_clinic().database, action="download", limit=1)[0]
    assert line.entity_id == episode and len(str(line.detail)) < 5_000


def test_a_whole_clinic_leaves_whole_and_nothing_of_it_stays_behind(door: Door, episode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import zipfile

    from kneeclinic.exchange import clinic_zip

    made, export = [], clinic_zip.export_clinic
    monkeypatch.setattr(clinic_zip, "export_clinic", lambda *asked: made.append(export(*asked)) or made[-1])
    folder = serving.the_clinic().path.parent
    before = {one.name for one in folder.iterdir()}
    answer = door.client.get("/download/export/clinic")
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store" and answer.headers["content-type"] == "application/zip"
    assert int(answer.headers["content-length"]) == len(answer.content) == made[0].size
    with zipfile.ZipFile(io.BytesIO(answer.content)) as held:
        assert held.testzip() is None and episode.encode() in held.read("records/episodes.jsonl")
    assert made[0]._file.closed and {one.name for one in folder.iterdir()} == before
