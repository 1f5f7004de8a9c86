"""Check-ins, runs, the weekly decision, agreed visits and sleeping alerts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from kneeclinic import actions
from kneeclinic.record.forms import CheckInDayForm, CheckInForm, PlanForm, ReviewForm, RunForm
from kneeclinic.store import read_audit, read_check_in, read_run_file
from kneeclinic.vocabulary import Conflict, Decision, NotAllowed, NotFound, PlannedState, Refused

from .conftest import TODAY, asked_of_tape, audited, found
from .test_programs import CLAM, TAPE, a_program, dosed

LAST_MONDAY = date(2026, 3, 23)


def a_week(**changes: object) -> CheckInForm:
    return CheckInForm.model_validate({"week_start": LAST_MONDAY, "pain_worst": 3, "pain_usual": 1} | changes)


def a_run(day: int = 24, **changes: object) -> RunForm:
    return RunForm.model_validate({"started": datetime(2026, 3, day, 7), "km": 5.0, "minutes": 30} | changes)


def test_days_make_the_totals_and_the_program_says_what_was_due(clinic, staff, episode):
    past = clinic.at(LAST_MONDAY, clinic.now - timedelta(days=7))
    actions.revise_program(past, staff.clinician, episode.id, a_program(starts_on=LAST_MONDAY), None)
    days = (CheckInDayForm(on=LAST_MONDAY, done=("clamshell",), pain_worst=4, km=3), CheckInDayForm(on=LAST_MONDAY + timedelta(days=2), km=4))
    week = actions.record_check_in(clinic, staff.assistant, episode.id, CheckInForm(week_start=LAST_MONDAY, days=days))
    assert (week.sessions_done, week.sessions_prescribed, week.pain_worst, week.km) == (1, 3, 4, 7)


def test_a_second_check_in_of_a_week_takes_its_place_and_the_first_stays(clinic, staff, episode):
    first = actions.record_check_in(clinic, staff.clinician, episode.id, a_week())
    second = actions.record_check_in(clinic, staff.clinician, episode.id, a_week(pain_worst=5))
    assert clinic.case(episode.id).check_ins == (second,)
    assert read_check_in(clinic.database, first.id).pain_worst == 3
    actions.invalidate_check_in(clinic, staff.clinician, second.id, "Of another patient.")
    assert clinic.case(episode.id).check_ins[0].id == first.id


@pytest.mark.parametrize(("changes", "names"), [
    ({"week_start": TODAY + timedelta(days=7)}, "not begun"), ({"week_start": LAST_MONDAY + timedelta(days=1)}, "Tuesday"),
    ({"week_start": date(2026, 2, 16)}, "before the episode"), ({"sessions_done": 3, "sessions_prescribed": 0}, "sessions_done"),
    ({"days": ({"on": LAST_MONDAY, "pain_worst": 1, "pain_usual": 2},)}, "pain_worst"),
    ({"days": ({"on": LAST_MONDAY}, {"on": LAST_MONDAY})}, "twice"),
])
def test_a_week_that_cannot_be_is_refused(clinic, staff, episode, changes, names):
    with pytest.raises(Refused, match=names):
        actions.record_check_in(clinic, staff.clinician, episode.id, a_week(**changes))
    assert clinic.case(episode.id).check_ins == ()


def test_more_sessions_than_days_for_each_exercise_are_a_slip_of_the_finger(clinic, staff, episode):
    actions.revise_program(clinic, staff.clinician, episode.id, a_program(CLAM, starts_on=LAST_MONDAY), None)
    with pytest.raises(Refused, match="30 came; at most 7 are possible"):
        actions.record_check_in(clinic, staff.clinician, episode.id, a_week(sessions_done=30))
    assert actions.record_check_in(clinic, staff.clinician, episode.id, a_week(sessions_done=7)).sessions_done == 7


def test_an_exercise_that_does_not_exist_is_not_ticked(clinic, staff, episode):
    with pytest.raises(NotFound, match="clam"):
        actions.record_check_in(clinic, staff.clinician, episode.id, a_week(days=({"on": LAST_MONDAY, "done": ("clam",)},)))


def test_days_to_come_are_refused_in_a_week_that_has_begun(clinic, staff, episode):
    with pytest.raises(Refused, match="future"):
        actions.record_check_in(clinic, staff.clinician, episode.id, CheckInForm(week_start=TODAY, days=({"on": TODAY + timedelta(days=1)},)))


def test_runs_are_stored_once_and_all_or_none(clinic, staff, episode):
    actions.record_runs(clinic, staff.assistant, episode.id, [a_run()])
    with pytest.raises(Refused, match="recorded already"):
        actions.record_runs(clinic, staff.assistant, episode.id, [a_run(25), a_run()])
    with pytest.raises(Refused, match="future"):
        actions.record_runs(clinic, staff.assistant, episode.id, [a_run(26), a_run(31)])
    with pytest.raises(Refused, match="km"):
        actions.record_runs(clinic, staff.assistant, episode.id, [a_run(26, km=0)])
    assert len(clinic.case(episode.id).runs) == 1


def test_a_run_file_keeps_its_bytes_and_tells_duplicates(clinic, staff, episode):
    data = b"as it came from the watch"
    forms = [a_run(24, source="fit", file_hash="x"), a_run(26, source="fit", file_hash="x")]
    answers = actions.record_run_file(clinic, staff.clinician, episode.id, "week.fit", data, [*forms, a_run(31, source="fit")])
    assert [one.outcome for one in answers] == ["stored", "stored", "refused"]
    again = actions.record_run_file(clinic, staff.clinician, episode.id, "copy.fit", data, forms)
    assert [one.outcome for one in again] == ["duplicate", "duplicate"]
    digest = read_audit(clinic.database, action="record_run_file")[0].detail["file_sha256"]
    assert read_run_file(clinic.database, digest) == ("week.fit", data)
    assert len(clinic.case(episode.id).runs) == 2


def test_the_same_run_from_a_second_device_is_a_duplicate_and_another_run_of_the_day_is_not(clinic, staff, episode):
    actions.record_runs(clinic, staff.clinician, episode.id, [a_run()])
    from_phone = a_run(started=datetime(2026, 3, 24, 7, 0, 40), km=5.1, source="gpx")
    evening = a_run(started=datetime(2026, 3, 24, 18), km=5.0, source="gpx")
    answers = actions.record_run_file(clinic, staff.clinician, episode.id, "phone.gpx", b"x", [from_phone, evening])
    assert [one.outcome for one in answers] == ["duplicate", "stored"]


def test_pain_is_told_of_a_run_afterwards_and_a_run_is_taken_back_with_a_reason(clinic, staff, episode):
    (run,) = actions.record_runs(clinic, staff.clinician, episode.id, [a_run(note="flat")])
    told = actions.annotate_run(clinic, staff.assistant, run.id, pain_during=3, settled_within_60_min=True)
    assert (told.pain_during, told.note) == (3, "flat")
    assert clinic.case(episode.id).runs[0].pain_during == 3
    with pytest.raises(Refused, match="pain_next_morning"):
        actions.annotate_run(clinic, staff.assistant, run.id, pain_next_morning=11)
    actions.invalidate_run(clinic, staff.clinician, run.id, "Was a ride.")
    assert clinic.case(episode.id).runs == ()


def green_week(clinic, staff, episode) -> None:
    """A program of last week, done, with little pain: the rules suggest to progress."""
    past = clinic.at(date(2026, 3, 16), clinic.now - timedelta(days=14))
    found(past, staff.clinician, episode, {"pain_worst": 2, "pain_usual": 1, "stroke_test": "0"}, date(2026, 3, 16))
    actions.revise_program(past, staff.clinician, episode.id, a_program(dosed(), starts_on=date(2026, 3, 16)), None)
    for monday in (date(2026, 3, 16), LAST_MONDAY):
        days = tuple(CheckInDayForm(on=monday + timedelta(days=day), done=("clamshell",), pain_worst=1, pain_usual=0, pain_next_morning=0)
                     for day in (0, 2, 4))
        actions.record_check_in(clinic, staff.clinician, episode.id, CheckInForm(
            week_start=monday, pain_worst=1, pain_usual=0, pain_next_morning=0, days=days))


def test_a_review_that_progresses_makes_the_next_version_in_the_same_step(clinic, staff, episode):
    green_week(clinic, staff, episode)
    found_ = actions.proposed_review(clinic, staff.clinician, episode.id)
    assert found_.decision.decision is Decision.PROGRESS
    assert found_.proposal is not None
    review = actions.decide_review(clinic, staff.clinician, episode.id, ReviewForm(week_start=LAST_MONDAY, decision=Decision.PROGRESS), 1)
    case = clinic.case(episode.id)
    assert case.program is not None
    assert (case.program.version, case.program.id, case.program.items) == (2, review.program_id, found_.proposal.items)
    assert (review.suggested_rule, review.edition) == (found_.decision.rule, clinic.knowledge.edition.edition)
    assert read_audit(clinic.database, action="decide_review")[0].detail["program"]["version"] == 2


def test_when_the_version_cannot_be_stored_the_decision_is_not_either(clinic, staff, episode):
    green_week(clinic, staff, episode)
    with pytest.raises(Conflict):
        actions.decide_review(clinic, staff.clinician, episode.id, ReviewForm(week_start=LAST_MONDAY, decision=Decision.PROGRESS), 7)
    bad = ReviewForm(week_start=LAST_MONDAY, decision=Decision.PROGRESS, program=a_program(dosed(sets=50)))
    with pytest.raises(Refused, match="Sets"):
        actions.decide_review(clinic, staff.clinician, episode.id, bad, 1)
    case = clinic.case(episode.id)
    assert (case.reviews, len(case.programs)) == ((), 1)
    assert not audited(clinic, "decide_review")


def test_another_decision_than_the_suggested_needs_its_reason_and_changes_nothing_by_itself(clinic, staff, episode):
    green_week(clinic, staff, episode)
    with pytest.raises(Refused, match="reason"):
        actions.decide_review(clinic, staff.clinician, episode.id, ReviewForm(week_start=LAST_MONDAY, decision=Decision.HOLD))
    review = actions.decide_review(clinic, staff.clinician, episode.id,
                                   ReviewForm(week_start=LAST_MONDAY, decision=Decision.HOLD, reason="Moves house."))
    assert (review.reason, review.suggested, review.program_id) == ("Moves house.", Decision.PROGRESS, "")
    assert len(clinic.case(episode.id).programs) == 1


def test_a_week_is_decided_once_and_undoing_brings_the_program_back(clinic, staff, episode):
    green_week(clinic, staff, episode)
    form = ReviewForm(week_start=LAST_MONDAY, decision=Decision.PROGRESS)
    review = actions.decide_review(clinic, staff.clinician, episode.id, form)
    with pytest.raises(Conflict, match="undo"):
        actions.decide_review(clinic, staff.clinician, episode.id, form)
    actions.undo_review(clinic, staff.clinician, review.id)
    case = clinic.case(episode.id)
    assert [one.version for one in case.programs] == [1, 2, 3]
    assert case.programs[2].items == case.programs[0].items
    assert case.reviews == ()
    with pytest.raises(Refused, match="undone already"):
        actions.undo_review(clinic, staff.clinician, review.id)
    actions.decide_review(clinic, staff.clinician, episode.id, form)


def test_referring_pauses_the_program(clinic, staff, episode):
    green_week(clinic, staff, episode)
    found(clinic, staff.clinician, episode, {"stroke_test": "2+"})
    actions.decide_review(clinic, staff.clinician, episode.id, ReviewForm(week_start=LAST_MONDAY, decision=Decision.REFER))
    program = clinic.case(episode.id).program
    assert program is not None
    assert (program.paused, program.items, program.tape) == (True, (), None)


@pytest.mark.parametrize(("week", "names"), [(LAST_MONDAY + timedelta(days=1), "first day"), (TODAY + timedelta(days=7), "not begun"),
                                             (date(2026, 2, 16), "before the day the episode"), (date(2026, 3, 9), "before the program")])
def test_a_review_is_of_a_week_of_the_program(clinic, staff, episode, week, names):
    green_week(clinic, staff, episode)
    with pytest.raises(Refused, match=names):
        actions.decide_review(clinic, staff.clinician, episode.id, ReviewForm(week_start=week, decision=Decision.PROGRESS))


def test_visits_are_agreed_for_days_to_come_moved_and_noted_as_missed(clinic, staff, episode):
    with pytest.raises(Refused, match="on"):
        actions.plan_visit(clinic, staff.front_desk, episode.id, PlanForm(on=TODAY - timedelta(days=1)))
    with pytest.raises(Refused, match="at"):
        actions.plan_visit(clinic, staff.front_desk, episode.id, PlanForm(on=TODAY, at="25:00"))
    planned = actions.plan_visit(clinic, staff.front_desk, episode.id, PlanForm(on=TODAY + timedelta(days=1), at="09:30"))
    with pytest.raises(Refused, match="already"):
        actions.plan_visit(clinic, staff.front_desk, episode.id, PlanForm(on=TODAY + timedelta(days=1), at="09:30"))
    with pytest.raises(Refused, match="still to come"):
        actions.change_planned(clinic, staff.front_desk, planned.id, state=PlannedState.MISSED)
    moved = actions.change_planned(clinic, staff.front_desk, planned.id, on=TODAY)
    assert actions.change_planned(clinic, staff.front_desk, moved.id, state=PlannedState.MISSED).state is PlannedState.MISSED


def test_an_alert_sleeps_with_a_reason_and_not_for_ever(clinic, staff, episode):
    for until, reason, names in ((TODAY, "x", "until"), (TODAY + timedelta(days=57), "x", "until"), (TODAY + timedelta(days=3), " ", "reason")):
        with pytest.raises(Refused, match=names):
            actions.snooze_alert(clinic, staff.clinician, episode.id, "plateau", until, reason)
    for alert in ("", "on_course", "plateaux", "RF99", "red_flag; x"):
        with pytest.raises(Refused, match="alert"):
            actions.snooze_alert(clinic, staff.clinician, episode.id, alert, TODAY + timedelta(days=3), "x")
    with pytest.raises(NotAllowed):
        actions.snooze_alert(clinic, staff.assistant, episode.id, "plateau", TODAY + timedelta(days=3), "x")
    actions.snooze_alert(clinic, staff.clinician, episode.id, "plateau", TODAY + timedelta(days=3), "On holiday.")
    assert clinic.case(episode.id).snoozes[0].reason == "On holiday."


def test_tape_that_stands_may_be_carried_into_the_next_version(clinic, staff, episode):
    asked_of_tape(clinic, staff.clinician, episode)
    actions.revise_program(clinic, staff.clinician, episode.id, a_program(tape=TAPE), None)
    assert actions.revise_program(clinic, staff.clinician, episode.id, a_program(CLAM, tape=TAPE), 1).tape == TAPE
