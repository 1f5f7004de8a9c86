"""A day is the clinic's day: what is told in its evening was told today, wherever Greenwich stands; and a run told by its day alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kneeclinic import actions
from kneeclinic.actions.house import ProfileForm
from kneeclinic.progress.caseload import caseload_row
from kneeclinic.progress.series import last_day_told, pain_series
from kneeclinic.progress.week import pain_week
from kneeclinic.record.forms import CheckInForm, ReviewForm, RunForm
from kneeclinic.rules.red_flags import red_flags, set_aside
from kneeclinic.vocabulary import Decision

from .conftest import TODAY, found

EVENING = {"America/Los_Angeles": 20, "Pacific/Auckland": 8, "Europe/Berlin": 0, "UTC": 23}
"""An hour of the clinic's day at which its date and that of Greenwich differ (of UTC: the last one)."""


@pytest.fixture(params=sorted(EVENING))
def there(request, clinic, staff, episode):
    """The clinic in that time zone, at that hour of its today."""
    actions.revise_profile(clinic, staff.lead, ProfileForm(name="Test clinic", time_zone=request.param))
    now = datetime(TODAY.year, TODAY.month, TODAY.day, EVENING[request.param], 30, tzinfo=ZoneInfo(request.param)).astimezone(UTC)
    return clinic.at(TODAY, now)


def test_a_week_told_at_any_hour_counts_at_once_and_on_the_day_it_was_told(there, staff, episode):
    actions.record_check_in(there, staff.clinician, episode.id, CheckInForm(week_start=TODAY - timedelta(days=TODAY.weekday()), pain_worst=7))
    case = there.case(episode.id)
    assert last_day_told(case.check_ins[0]) == TODAY
    assert pain_week(case, "pain_worst", TODAY).now == 7
    assert [point.on for point in pain_series(case, "pain_worst")] == [TODAY]


def test_a_flag_that_is_set_aside_and_a_reason_that_is_put_to_sleep_rest_at_once_at_any_hour(there, staff, episode):
    found(there, staff.clinician, episode, {"night_rest_pain": 1, "stroke_test": "2+"})
    before = there.case(episode.id)
    row = caseload_row(before, there.knowledge, TODAY)
    assert row.reason_id == "red_flag"
    flag = next(one for one in red_flags(before, there.knowledge, TODAY) if one.level.value == "refer")
    until = TODAY + timedelta(days=7)
    for alert in ("red_flag", flag.id):
        actions.snooze_alert(there, staff.lead, episode.id, alert, until, "Seen by the surgeon this morning.")
    after = there.case(episode.id)
    assert set_aside(after, flag, TODAY) is not None
    assert caseload_row(after, there.knowledge, TODAY).snoozed_until == until


def test_a_decision_was_held_on_the_day_of_the_clinic(there, staff, episode):
    monday = TODAY - timedelta(days=TODAY.weekday())
    made = actions.proposed_review(there, staff.lead, episode.id).decision.decision
    actions.decide_review(there, staff.lead, episode.id, ReviewForm(week_start=monday, decision=made))
    [review] = there.case(episode.id).reviews
    assert review.decision in Decision
    assert review.decided_at.date() == TODAY
    assert review.decided_at == there.now


def a_told(**changes: object) -> RunForm:
    return RunForm.model_validate({"started": datetime(2026, 3, 24, 12), "km": 5.0} | changes)


@pytest.mark.parametrize("told", [a_told(), a_told(started=datetime(2026, 3, 24, 12, 5)), a_told(started=datetime(2026, 3, 24), source="csv")])
def test_a_run_that_was_told_by_its_day_is_not_counted_again_when_the_file_comes(clinic, staff, episode, told):
    actions.record_runs(clinic, staff.assistant, episode.id, [told])
    file = a_told(started=datetime(2026, 3, 24, 7, 10, 3), km=5.12, source="fit", file_hash="x")
    [answer] = actions.record_run_file(clinic, staff.clinician, episode.id, "a.fit", b"watch", [file])
    assert (answer.outcome, len(clinic.case(episode.id).runs)) == ("duplicate", 1)


def test_other_runs_stay_two_runs(clinic, staff, episode):
    actions.record_runs(clinic, staff.assistant, episode.id, [a_told(), a_told(started=datetime(2026, 3, 24, 12, 5))])
    forms = [a_told(started=at, km=km, source="fit", file_hash=str(km)) for at, km in (
        (datetime(2026, 3, 24, 7, 10), 8.0), (datetime(2026, 3, 24, 18, 10), 8.0), (datetime(2026, 3, 25, 7, 10), 5.0))]
    for form in forms:
        [answer] = actions.record_run_file(clinic, staff.clinician, episode.id, "a.fit", form.file_hash.encode() + bytes([form.started.hour]), [form])
        assert answer.outcome == "stored"
    assert [run.started.date() for run in clinic.case(episode.id).runs] == [date(2026, 3, 24)] * 4 + [date(2026, 3, 25)]
