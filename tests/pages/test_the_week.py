"""The pages of the week: the caseload and its views, a check-in of which nothing is lost, runs by the file, the round of the review."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from kneeclinic import actions
from kneeclinic.progress.caseload import REASON_IDS
from kneeclinic.record.forms import RunForm
from kneeclinic.store import read_draft
from kneeclinic.ui import caseload_filters, caseload_view, check_in_draft, check_in_view, kept, pages, review_round
from kneeclinic.vocabulary import Decision

from .conftest import Desk, runner, said

GPX = """<?xml version="1.0"?><gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><type>running</type><trkseg>{}</trkseg></trk></gpx>"""


def press(at: AppTest, label: str) -> AppTest:
    found = [one for one in at.button if one.label == label]
    assert found, f"no button {label!r} among {[one.label for one in at.button]}"
    return found[0].click().run()


def named(elements: object, label: str):
    return next(one for one in elements if one.label == label)


def names_shown(at: AppTest) -> list[str]:
    return [one.rsplit(",", 1)[0] for one in at.dataframe[0].value["Name"]]


# ---- caseload


def test_a_word_on_the_list_leaves_only_who_has_it(desk: Desk) -> None:
    at = desk.page("caseload")
    everybody = names_shown(at)
    named(at.text_input, "Find on this list").set_value(everybody[-1].split()[-1]).run()
    assert names_shown(at) == [everybody[-1]]
    named(at.text_input, "Find on this list").set_value("zzz").run()
    assert "Nobody fits these filters" in said(at)


def test_the_pills_of_reasons_and_phases_filter(desk: Desk) -> None:
    at = desk.page("caseload")
    row = at.dataframe[0].value.iloc[0]
    named(at.pills, "Phase").set_value([int(row["Phase"])]).run()
    assert set(at.dataframe[0].value["Phase"]) == {row["Phase"]}
    reasons = kept.rows(SimpleNamespace(clinic=desk.clinic), desk.clinic.cases())
    named(at.pills, "Phase").set_value([])
    named(at.pills, "Reason").set_value([reasons[0].reason_id]).run()
    assert set(at.dataframe[0].value["Why"]) == {one.reason for one in reasons if one.reason_id == reasons[0].reason_id}


def test_a_view_is_kept_for_the_person_and_taken_again(desk: Desk) -> None:
    at = desk.page("caseload")
    phase = int(at.dataframe[0].value["Phase"].iloc[0])
    named(at.pills, "Phase").set_value([phase]).run()
    here = SimpleNamespace(clinic=desk.clinic, actor=desk.actor)
    stored = {"views": {"Mine first": {"whose": caseload_filters.ALL, "phase": [phase], "reason": [], "find": "", "status": None}}}
    actions.save_draft(here.clinic, here.actor, caseload_filters.KIND, caseload_filters.SUBJECT, stored, None)
    again = desk.page("caseload")
    everybody = len(again.dataframe[0].value)
    named(again.pills, "View").set_value("Mine first").run()
    assert set(again.dataframe[0].value["Phase"]) == {phase} and len(again.dataframe[0].value) < everybody
    named(again.pills, "View").set_value(None).run()
    assert len(again.dataframe[0].value) == everybody


def test_each_alert_opens_the_data_behind_it(desk: Desk) -> None:
    at = desk.page("caseload")
    row = kept.rows(SimpleNamespace(clinic=desk.clinic), desk.clinic.cases())[0]
    page, word = caseload_view.BEHIND[row.reason_id]
    press(at, word)
    assert at.query_params["patient"] in (row.episode_id, [row.episode_id])
    assert pages.BY_NAME[page].question.split(".")[0] in said(at) or page == "patient"


def test_every_alert_has_a_page_behind_it() -> None:
    assert set(caseload_view.BEHIND) == set(REASON_IDS) - {"on_course"} and set(caseload_filters.REASON_WORD) == set(REASON_IDS)
    assert {page for page, _ in caseload_view.BEHIND.values()} <= set(pages.BY_NAME)


def test_a_row_is_computed_again_only_when_its_record_changed(desk: Desk) -> None:
    here, made = SimpleNamespace(clinic=desk.clinic), []
    first, other = desk.clinic.cases()[:2]

    def find() -> object:
        made.append(1)
        return object()

    one = kept.of_case("test", first, here, find)
    assert kept.of_case("test", desk.clinic.case(first.episode.id), here, find) is one and len(made) == 1
    kept.of_case("test", other, here, find)
    actions.plan_visit(desk.clinic, desk.actor, other.episode.id, _plan(desk))
    assert kept.of_case("test", desk.clinic.case(first.episode.id), here, find) is one
    kept.of_case("test", desk.clinic.case(other.episode.id), here, find)
    assert len(made) == 3
    tomorrow = SimpleNamespace(clinic=desk.clinic.at(desk.clinic.today + timedelta(days=1), desk.clinic.now))
    assert kept.of_case("test", first, tomorrow, find) is not one


def _plan(desk: Desk):
    from kneeclinic.record.forms import PlanForm

    return PlanForm(on=desk.clinic.today + timedelta(days=40), at="09:15")


# ---- check-in


def sheet_of(desk: Desk, episode: str) -> check_in_draft.Sheet:
    case = desk.clinic.case(episode)
    return check_in_draft.Sheet(episode, check_in_view.start_week(SimpleNamespace(clinic=desk.clinic), case))


def test_every_tap_of_a_check_in_survives_a_refresh(desk: Desk) -> None:
    episode = runner(desk.clinic)
    sheet = sheet_of(desk, episode)
    at = desk.page("check_in", episode)
    named(at.segmented_control, "Worst pain").set_value(4).run()
    named(at.segmented_control, "Next morning").set_value(1).run()
    press(at, "All as planned")
    named(at.text_area, "Note on the week").set_value("Stairs at work").run()
    stored = read_draft(desk.clinic.database, check_in_draft.KIND, desk.actor.account_id, sheet.subject)
    assert stored is not None and stored.payload["answers"]["pain_worst"] == 4 and stored.payload["answers"]["done"]
    again = desk.page("check_in", episode)
    assert "Not saved yet" in said(again)
    assert named(again.segmented_control, "Worst pain").value == 4
    assert named(again.text_area, "Note on the week").value == "Stairs at work"
    press(again, "Save")
    saved = desk.clinic.case(episode).check_ins[-1]
    assert (saved.pain_worst, saved.pain_next_morning, saved.note) == (4, 1, "Stairs at work")
    assert saved.sessions_done and sum(len(day.done) for day in saved.days) == saved.sessions_done
    assert read_draft(desk.clinic.database, check_in_draft.KIND, desk.actor.account_id, sheet.subject) is None
    assert "told already" in said(desk.page("check_in", episode))


def test_start_over_throws_the_kept_answers_away(desk: Desk) -> None:
    episode = runner(desk.clinic)
    at = desk.page("check_in", episode)
    named(at.segmented_control, "Worst pain").set_value(9).run()
    again = desk.page("check_in", episode)
    press(again, "Start over")
    assert named(again.segmented_control, "Worst pain").value is None and "Not saved yet" not in said(again)


def test_sessions_without_days_and_a_planned_week(desk: Desk) -> None:
    episode = runner(desk.clinic)
    at = desk.page("check_in", episode)
    named(at.number_input, "Or sessions in all").set_value(7).run()
    press(at, "Save")
    assert desk.clinic.case(episode).check_ins[-1].sessions_done == 7


def test_planned_days_are_those_of_the_program_or_spread_over_the_week(desk: Desk) -> None:
    dates = [date(2026, 3, 2) + timedelta(days=one) for one in range(7)]
    item = next(one for case in desk.clinic.cases() if case.program for one in case.program.items)
    from dataclasses import replace

    named_days = replace(item, days=(0, 3))
    assert check_in_view.planned_days(named_days, dates) == [dates[0], dates[3]]
    for count in range(1, 8):
        found = check_in_view.planned_days(replace(item, days=(), dose=replace(item.dose, days_per_week=count)), dates)
        assert len(set(found)) == count and found == sorted(found)


def test_a_zip_of_runs_is_imported_file_by_file_with_originals_by_their_own_hash(desk: Desk) -> None:
    from kneeclinic.exchange.runs import import_runs
    from kneeclinic.store import read_run_file

    episode = runner(desk.clinic)
    start = datetime(2026, 1, 5, 7)
    points = "".join(f'<trkpt lat="{46 + at * 0.0009:.5f}" lon="15"><time>{(start + timedelta(seconds=36 * at)).isoformat()}Z</time></trkpt>'
                     for at in range(51))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr("a.gpx", GPX.format(points))
        packed.writestr("b.fit", b"nothing")
    before = len(desk.clinic.case(episode).runs)
    found = import_runs(desk.clinic, desk.actor, episode, [("week.zip", data.getvalue())])
    assert [(one.file, one.status.value) for one in found] == [("week.zip/a.gpx", "imported"), ("week.zip/b.fit", "refused")]
    runs = desk.clinic.case(episode).runs
    assert len(runs) == before + 1
    new = next(one for one in runs if one.file_name.endswith("a.gpx"))
    assert read_run_file(desk.clinic.database, new.file_hash)[1] == GPX.format(points).encode()
    again = import_runs(desk.clinic, desk.actor, episode, [("week.zip", data.getvalue())])
    assert again[0].status.value == "duplicate"


def test_the_distance_of_the_week_is_that_of_its_runs(desk: Desk) -> None:
    episode = runner(desk.clinic)
    sheet = sheet_of(desk, episode)
    started = datetime.combine(sheet.week, datetime.min.time()).replace(hour=7)
    actions.record_runs(desk.clinic, desk.actor, episode, [RunForm(started=started, km=4.2, pain_during=2)])
    at = desk.page("check_in", episode)
    assert named(at.number_input, "Kilometres in the week").value == pytest.approx(
        sum(one.km for one in desk.clinic.case(episode).runs if one.on in sheet.dates), abs=0.05)


# ---- review


def test_the_review_goes_on_where_it_stopped_and_keeps_notes(desk: Desk) -> None:
    at = desk.page("review")
    press(at, "Next")
    first = at.session_state[review_round.SLOT]["queue"][1]
    press(at, "Note")
    field = next(one for one in at.text_input if one.label.startswith("Note, kept"))
    field.set_value("Ask about shoes").run()
    again = desk.page("review")
    assert again.session_state[review_round.SLOT]["at"] == 1 and "Ask about shoes" in said(again).replace("\\", "")
    press(again, next(one.label for one in again.button if one.label.startswith("Accept")))
    review = desk.clinic.case(first).reviews[-1]
    assert review.note == "Ask about shoes" and review.decision is review.suggested
    assert "Ask about shoes" not in str(again.session_state[review_round.SLOT]["notes"])


def test_another_decision_needs_its_reason(desk: Desk) -> None:
    at = desk.page("review")
    episode = at.session_state[review_round.SLOT]["queue"][0]
    count = len(desk.clinic.case(episode).reviews)
    press(at, "Decide otherwise")
    press(at, "Discharge" if any(one.label == "Discharge" for one in at.button) else "Hold")
    submit = next(one for one in at.button if one.label.startswith("Decide: "))
    submit.click().run()
    assert len(desk.clinic.case(episode).reviews) == count and any("reason" in one.value for one in at.error)
    next(one for one in at.text_input if one.label.startswith("Why")).set_value("Done with running")
    next(one for one in at.button if one.label.startswith("Decide: ")).click().run()
    assert desk.clinic.case(episode).reviews[-1].decision in (Decision.DISCHARGE, Decision.HOLD)
    assert desk.clinic.case(episode).reviews[-1].reason == "Done with running"


def test_a_decision_is_undone_on_the_page(desk: Desk) -> None:
    at = desk.page("review")
    episode = at.session_state[review_round.SLOT]["queue"][0]
    press(at, next(one.label for one in at.button if one.label.startswith("Accept")))
    press(at, "Previous")
    press(at, "Undo")
    week = review_round.week(SimpleNamespace(clinic=desk.clinic))
    assert not any(review_round.decided(case, week) for case in desk.clinic.cases() if case.episode.id == episode)
    assert any(one.label.startswith("Accept") for one in at.button)


def test_the_letter_is_written_on_the_documents_page(desk: Desk) -> None:
    at = desk.page("review")
    press(at, "Letter")
    assert named(at.radio, "Document").value == "referral_letter"
