"""The whole clinic out and in again, and tables that cannot act as formulas."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from kneeclinic import actions
from kneeclinic.actions.whole_clinic import comparable
from kneeclinic.exchange.clinic_zip import export_clinic, import_clinic, read_clinic_zip
from kneeclinic.exchange.runs import import_runs
from kneeclinic.exchange.tables import csv_bytes, neutral
from kneeclinic.progress.flowsheet import flowsheet, table
from kneeclinic.record.forms import ObservationForm
from kneeclinic.store import health, read_audit
from kneeclinic.vocabulary import DocumentKind, NotAllowed, Refused, Side
from tests.actions.conftest import PASSWORD, a_person, asked_of_tape, found
from tests.actions.test_house import PDF
from tests.actions.test_programs import TAPE, a_program
from tests.actions.test_weeks_and_reviews import a_week

from .fit_files import a_fit_file, a_session


def exported(clinic, actor) -> bytes:
    with export_clinic(clinic, actor) as packed:
        data = b"".join(packed.chunks())
    assert len(data) == packed.size
    return data


@pytest.fixture
def packed(clinic, staff, episode):
    found(clinic, staff.clinician, episode, {"pain_worst": 6, "stroke_test": "0", "fpi6": 3})
    asked_of_tape(clinic, staff.clinician, episode)
    actions.revise_patient(clinic, staff.lead, episode.patient_id, a_person(note="=cmd|'/c calc'!A1", family_name="O'Brien & <Smith>"), 1)
    actions.revise_program(clinic, staff.clinician, episode.id, a_program(tape=TAPE), None)
    actions.record_check_in(clinic, staff.clinician, episode.id, a_week())
    import_runs(clinic, staff.clinician, episode.id, [("run.fit", a_fit_file(a_session()))])
    actions.issue_document(clinic, staff.clinician, episode.id, DocumentKind.VISIT_NOTE, PDF)
    actions.restrict_patient(clinic, staff.lead, episode.patient_id, "Works here.")
    return exported(clinic, staff.lead)


def test_what_goes_out_comes_back_whole_and_people_may_sign_in(clinic, staff, packed, tmp_path):
    held = read_clinic_zip(packed)
    with import_clinic(packed, tmp_path / "moved.duckdb", staff.lead) as moved:
        assert health(moved.database).is_good
        back = comparable(actions.read_whole_clinic(moved, staff.lead))
        for name in comparable(held).__dataclass_fields__:
            if name != "audit":
                assert getattr(back, name) == getattr(comparable(held), name), name
        assert actions.sign_in(moved, "clinician", PASSWORD, "x")
        with pytest.raises(NotAllowed, match="restricted"):
            actions.open_case(moved, staff.assistant, held.episodes[0].id)
    assert read_audit(clinic.database, action="export_clinic")


def test_the_tables_open_without_running_anything(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as held:
        rows = list(csv.DictReader(io.StringIO(held.read("csv/patients.csv").decode("utf-8-sig"))))
        observations = list(csv.DictReader(io.StringIO(held.read("csv/observations.csv").decode("utf-8-sig"))))
        assert "health records" in held.read("README.txt").decode()
    assert rows[-1]["note"].startswith("'=")
    assert rows[-1]["family_name"] == "O'Brien & <Smith>"
    before_tape = {"adhesive_allergy", "latex_allergy", "fragile_skin", "skin_sensation_loss"}
    assert {row["measure"] for row in observations} == {"pain_worst", "stroke_test", "fpi6"} | before_tape


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\n=1"])
def test_a_text_that_begins_like_a_formula_is_made_harmless_and_a_number_stays_one(text):
    assert str(neutral(text)).startswith("'")
    assert neutral(-1.5) == -1.5
    assert b"'=1" in csv_bytes(["a"], [["=1"]]) or text


def without(packed: bytes, name: str, data: bytes | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
            elif data is not None:
                new.writestr(one, data)
    return out.getvalue()


@pytest.mark.parametrize(("name", "data", "names"), [
    ("clinic.json", None, "clinic.json"), ("records/visits.jsonl", None, "visits"), ("records/visits.jsonl", b"", "announced"),
    ("records/patients.jsonl", b'{"id": 3}\n', "patients.jsonl, line 1"), ("clinic.json", b'{"format": 99}', "format"), ("clinic.json", b"{", "JSON"),
    ("clinic.json", b'{"format": 1}', "how many"), ("clinic.json", b'{"format": 1, "counts": ["patients"]}', "how many"),
    ("clinic.json", b'{"format": 1, "counts": {"__class__": 1}}', "announced"), ("clinic.json", b"[" * 100_000, "JSON|damaged"),
    ("profile.json", b'{"name": "Riverside", "time_zone": "Nowhere/Never"}', "time_zone"),
    ("profile.json", b'{"name": "Riverside", "week_start": 99}', "week_start"),
])
def test_a_zip_that_lacks_or_bends_something_is_refused_and_no_file_is_left(staff, packed, tmp_path, name, data, names):
    with pytest.raises(Refused, match=names):
        import_clinic(without(packed, name, data), tmp_path / "bad.duckdb", staff.lead)
    assert not (tmp_path / "bad.duckdb").exists()


def test_a_value_that_the_store_refuses_leaves_no_file(staff, packed, tmp_path):
    with zipfile.ZipFile(io.BytesIO(packed)) as held:
        lines = held.read("records/patients.jsonl").splitlines()
        counts = json.loads(held.read("clinic.json"))
    counts["counts"]["patients"] += 1
    twice = without(without(packed, "records/patients.jsonl", b"\n".join([*lines, lines[0]])), "clinic.json", json.dumps(counts).encode())
    with pytest.raises(Exception, match=r"exists already|changed"):
        import_clinic(twice, tmp_path / "bad.duckdb", staff.lead)
    assert not (tmp_path / "bad.duckdb").exists()


def test_only_the_lead_takes_the_clinic_out(clinic, staff):
    with pytest.raises(NotAllowed):
        export_clinic(clinic, staff.clinician)
    with pytest.raises(Refused, match="no ZIP"):
        read_clinic_zip(b"rubbish")


def test_runs_are_imported_for_a_patient_and_known_ones_come_back_as_duplicates(clinic, staff, episode):
    files = [("run.fit", a_fit_file(a_session())), ("ride.fit", a_fit_file(a_session("cycling", after=99))), ("bad.fit", b"x")]
    first = import_runs(clinic, staff.assistant, episode.id, files)
    second = import_runs(clinic, staff.assistant, episode.id, files)
    assert [one.status.value for one in first] == ["imported", "not_a_run", "refused"]
    assert [one.status.value for one in second] == ["duplicate", "not_a_run", "refused"]
    assert len(clinic.case(episode.id).runs) == 1


def test_a_run_of_tomorrow_is_refused_and_one_from_before_the_episode_is_welcome(clinic, staff, episode):
    day = 24 * 60
    results = import_runs(clinic, staff.clinician, episode.id, [
        ("future.fit", a_fit_file(a_session(after=30 * day))), ("before.fit", a_fit_file(a_session(after=-200 * day)))])
    assert [one.status.value for one in results] == ["refused", "imported"]
    assert "future" in results[0].why


def test_a_carried_value_leaves_the_clinic_and_comes_back_marked_as_carried(clinic, staff, episode, tmp_path):
    visit = found(clinic, staff.clinician, episode, {"pain_worst": 6})
    carried = ObservationForm(measure="akps", side=Side.RIGHT, value=70, carried=True)
    actions.record_observations(clinic, staff.clinician, visit, [carried])
    data = exported(clinic, staff.lead)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        rows = list(csv.DictReader(io.StringIO(packed.read("csv/observations.csv").decode("utf-8-sig"))))
    assert {row["measure"]: row["carried"] for row in rows} == {"pain_worst": "0", "akps": "1"}
    with import_clinic(data, tmp_path / "moved.duckdb", staff.lead) as moved:
        assert {one.measure: one.carried for one in moved.case(episode.id).observations} == {"pain_worst": False, "akps": True}
    case = clinic.case(episode.id)
    assert "70/100 (carried)" in csv_bytes(*table(flowsheet(case, clinic.knowledge))).decode("utf-8-sig")
