"""What leaves as a file keeps to the restriction of a record; and the log itself leaves as a table."""

from __future__ import annotations

import csv
import io

import pytest

from kneeclinic import actions, serving
from kneeclinic.store import patient_by_number, read_audit
from kneeclinic.vocabulary import DocumentKind, Role, VisitKind
from kneeclinic.web import downloads

from .conftest import PASSWORD, Door
from .test_downloads import episode
from .test_every_door import a_page

__all__ = ["episode"]


@pytest.fixture
def outsider(door: Door, episode: str) -> tuple[str, str]:
    """A record restricted by the lead, and another clinician before the doors. Patient's id and that clinician's name."""
    clinic = serving.the_clinic()
    lead = actions.session_actor(clinic, door.session_token)
    patient = clinic.case(episode).patient
    actions.restrict_patient(clinic, lead, patient.id, "Works here.")
    name = f"other{door.clock.now:%H%M%S%f}"
    actions.add_account(clinic, lead, name, "Dr Other", Role.CLINICIAN, PASSWORD)
    door.client.cookies.clear()
    door.sign_in(name)
    return patient.id, name


def test_no_file_of_a_restricted_record_leaves_without_a_reason(door: Door, episode: str, outsider: tuple[str, str]) -> None:
    clinic = serving.the_clinic()
    patient_id, _ = outsider
    lead = actions.command_line_actor("test")
    document = actions.issue_document(clinic, lead, episode, DocumentKind.VISIT_NOTE, a_page()).id
    visit = actions.start_visit(clinic, lead, episode, VisitKind.FOLLOW_UP, clinic.today).id
    paths = [f"handout/{episode}", f"review/{episode}", f"flowsheet/{episode}", f"visit/{visit}", f"document/{document}", f"pack/{document}"]
    for path in paths:
        answer = door.client.get(f"/download/{path}")
        assert answer.status_code == 403 and "restricted" in answer.text and "Brien" not in answer.text, path
        line = read_audit(clinic.database, limit=1)[0]
        assert (line.action, line.detail["refused"], line.patient_id) == ("download_refused", "Restricted", patient_id)
    actor = actions.session_actor(clinic, door.session_token)
    actions.break_glass(clinic, actor, patient_id, "On call for the one who treats.")
    for path in paths:
        assert door.client.get(f"/download/{path}").status_code == 200, path
    door.clock.pass_(minutes=14)
    for _ in range(5):
        door.client.get("/", headers={"accept": "text/html"})
        door.clock.pass_(minutes=10)
    for path in paths:
        assert door.client.get(f"/download/{path}").status_code == 403, path


def test_the_pack_of_all_leaves_out_who_is_restricted(door: Door, episode: str, outsider: tuple[str, str]) -> None:
    answer = door.client.get("/download/review/all")
    assert answer.status_code in (200, 404)
    opened = [one.patient_id for one in read_audit(serving.the_clinic().database, action="open_case", limit=50)
              if one.account_id == actions.session_actor(serving.the_clinic(), door.session_token).account_id]
    assert outsider[0] not in opened


def test_a_refused_review_does_not_tell_when_treatment_began(door: Door, episode: str, outsider: tuple[str, str]) -> None:
    answer = door.client.get(f"/download/review/{episode}?week=2020-01-01")
    assert answer.status_code == 403 and "restricted" in answer.text and "was opened" not in answer.text


def lines_of(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_log_leaves_as_a_table_that_the_filters_made(door: Door, episode: str) -> None:
    clinic = serving.the_clinic()
    number = clinic.case(episode).patient.number
    door.client.get(f"/download/handout/{episode}")
    found = lines_of(door.client.get(f"/download/log/table?number={number}"))
    assert {"register_patient", "open_episode", "revise_program", "open_case", "download"} <= {one["did"] for one in found}
    assert {one["patient number"] for one in found} == {number}
    assert [int(one["line"]) for one in found] == sorted((int(one["line"]) for one in found), reverse=True)
    only = lines_of(door.client.get(f"/download/log/table?did=open_case&since={clinic.today}&until={clinic.today}"))
    assert {one["did"] for one in only} == {"open_case"}
    assert lines_of(door.client.get("/download/log/table?until=2020-01-01")) == []
    assert read_audit(clinic.database, action="download", limit=1)[0].detail["what"] == "audit_log"
    assert "Brien" not in door.client.get(f"/download/log/table?number={number}").text


def test_a_table_of_the_log_is_whole_or_none(door: Door, episode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off in silence it would be taken for all that was done."""
    today = serving.the_clinic().today
    whole = len(lines_of(door.client.get(f"/download/log/table?since={today}")))
    monkeypatch.setattr(downloads, "MOST_LINES", whole)
    refused = door.client.get(f"/download/log/table?since={today}")
    assert refused.status_code == 422 and f"More than {whole} lines" in refused.text and "fewer days" in refused.text
    assert len(lines_of(door.client.get(f"/download/log/table?since={today}&did=add_account"))) <= whole


@pytest.mark.parametrize(("query", "status"), [("since=yesterday", 422), ("number=nobody-has-this", 404)])
def test_a_filter_that_means_nothing_says_so(door: Door, episode: str, query: str, status: int) -> None:
    answer = door.client.get(f"/download/log/table?{query}")
    assert answer.status_code == status and "This file cannot be made" in answer.text


def test_a_detail_that_begins_like_a_formula_is_made_harmless_in_the_table(door: Door, episode: str) -> None:
    clinic = serving.the_clinic()
    lead = actions.session_actor(clinic, door.session_token)
    patient = patient_by_number(clinic.database, clinic.case(episode).patient.number)
    actions.restrict_patient(clinic, lead, patient.id, "=HYPERLINK(1)")
    raw = door.client.get("/download/log/table?did=restrict_patient").text
    assert "=HYPERLINK" in raw
    for row in csv.reader(io.StringIO(raw.lstrip("\ufeff"))):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]
