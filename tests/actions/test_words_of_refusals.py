"""A form that cannot be saved says where, what and what to do, in the words of the screen; ends never lie before their beginnings."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from pydantic import BaseModel, ValidationError

from kneeclinic import actions
from kneeclinic.actions import ProfileForm
from kneeclinic.record import TapeNote, forms
from kneeclinic.record.form_words import FIELDS, fault_sentences, fault_text, in_words
from kneeclinic.record.forms import CheckInForm, EpisodeForm, Form, GoalForm, ImagingForm, PatientForm, PlanForm
from kneeclinic.ui import errors
from kneeclinic.vocabulary import AffectedSide, EpisodeStatus, KneeClinicError, Side, TapeComponent, VisitKind

from .conftest import TODAY, a_person, a_problem
from .test_programs import CLAM, a_program

FORMS = [one for one in vars(forms).values() if isinstance(one, type) and issubclass(one, Form) and one is not Form] + [ProfileForm]
MACHINERY = ("should", "valid ", "validation", "Field required", "Value error", "pydantic", "Input ", "instance of", "type=", "NoneType", "{",
             "<class", "object at")
WRONG = [None, "", "x" * 30_000, "no", -5, 10_000_000, 2.5, [], {}, object(), "2026-13-45", float("nan"), float("inf"), ["x", 3], date(1, 1, 1), True]


def told(form: type[BaseModel], values: dict[str, object]) -> tuple[str, ...]:
    try:
        form.model_validate(values)
    except ValidationError as error:
        return fault_sentences(error)
    return ()


@pytest.mark.parametrize("form", FORMS, ids=lambda one: one.__name__)
def test_no_fault_of_any_form_speaks_of_the_machinery(form: type[BaseModel]) -> None:
    found = {one for name in form.model_fields for wrong in WRONG for one in told(form, {name: wrong})}
    found |= set(told(form, {"unknown_field": 1}))
    assert len(found) > len(form.model_fields)
    for one in found:
        assert one[0].isupper() and one.endswith("."), one
        assert not any(word in one for word in MACHINERY), one
        assert not re.search(r"\b[a-z]+_[a-z]", one), f"the name of a field instead of its word: {one}"
        assert "; " in one or ". " in one or ": " in one, f"it does not say what to do: {one}"


@pytest.mark.parametrize("form", FORMS, ids=lambda one: one.__name__)
def test_every_field_of_every_form_has_a_word(form: type[BaseModel]) -> None:
    assert set(form.model_fields) <= set(FIELDS)


@pytest.mark.parametrize(("values", "sentence"), [
    ({"given_name": "x" * 201}, "Given name: 201 characters are too many; at most 200 fit. Shorten it."),
    ({"given_name": " "}, "Given name: this is empty; write something."),
    ({"birth_date": "2.3.1990"}, "Birth date: “2.3.1990” is no day; write it as year-month-day, for example 2026-03-02."),
    ({"minutes_a_day": 500}, "Minutes a day for exercises: 500 is too high; enter 90 or less."),
    ({"minutes_a_day": "much"}, "Minutes a day for exercises: “much” is no whole number; enter digits only."),
])
def test_the_sentence_names_the_field_as_the_screen_does(values: dict[str, object], sentence: str) -> None:
    good = {"number": "P1", "given_name": "Runa", "birth_date": date(1995, 5, 5), "sex": "female"}
    assert told(PatientForm, good | values) == (sentence,)


def test_several_faults_are_told_at_once() -> None:
    with pytest.raises(ValidationError) as caught:
        PatientForm.model_validate({"number": "", "given_name": "", "birth_date": "?", "sex": "?", "minutes_a_day": 1})
    assert fault_text(caught.value).count(": ") == 3 and "2 more fields need a look." in fault_text(caught.value)


def test_a_refusal_of_the_record_is_shown_in_the_words_of_the_screen() -> None:
    assert in_words("opened_on: 2026-04-01 is in the future; enter a date up to today (2026-03-30).").startswith("First seen on: 2026-04-01 is")
    assert in_words("pain_worst: 11 came; 0 to 10 is allowed.", {"pain_worst": "Worst pain, last 7 days"}) == (
        "Worst pain, last 7 days: 11 came; 0 to 10 is allowed.")
    assert errors.sentence(KneeClinicError("by: 2026-01-01 is before today (2026-03-30); correct one of the two.")).startswith("By: ")


def closed_early(clinic, staff, episode):
    past = clinic.at(date(2026, 3, 10), clinic.now)
    actions.close_episode(past, staff.lead, episode.id, EpisodeStatus.DISCHARGED, "Done.")
    return actions.revise_episode(clinic, staff.lead, episode.id, a_problem(opened_on=date(2026, 3, 20)), 2)


def taped(clinic, staff, episode, stop: date):
    tape = TapeNote(AffectedSide.RIGHT, (TapeComponent.GLIDE,), "inwards", "during runs", TODAY, stop, retest_before=5, retest_after=2)
    return actions.revise_program(clinic, staff.lead, episode.id, a_program(CLAM, tape=tape), None)


Late = Callable[[object, object, object], object]
BACKWARDS: dict[str, tuple[Late, str]] = {
    "episode opened after it was closed": (closed_early, r"opened_on: 2026-03-20 is after the day the episode was closed \(2026-03-10\)"),
    "episode opened in the future": (lambda c, s, e: actions.open_episode(
        c, s.lead, e.patient_id, a_problem(side="left", opened_on=TODAY + timedelta(1))),
                                     "opened_on: .* is in the future"),
    "episode opened before birth": (lambda c, s, e: actions.revise_episode(c, s.lead, e.id, a_problem(opened_on=date(1990, 1, 1)), 1),
                                    "opened_on: .* before the birth date"),
    "problem begins after it was seen": (lambda c, s, e: EpisodeForm(side="left", opened_on=TODAY, onset_on=TODAY + timedelta(3)), "Began on"),
    "picture taken before it was ordered": (lambda c, s, e: ImagingForm(kind="mri", ordered_on=TODAY, done_on=TODAY - timedelta(1)),
                                            "cannot be taken before it was ordered"),
    "picture ordered in the future": (lambda c, s, e: actions.record_imaging(
        c, s.lead, e.id, ImagingForm(kind="mri", ordered_on=TODAY + timedelta(1))), "ordered_on: .* future"),
    "picture ordered before birth": (lambda c, s, e: actions.record_imaging(
        c, s.lead, e.id, ImagingForm(kind="mri", ordered_on=date(1980, 1, 1))), "ordered_on: .* before the birth date"),
    "goal in the past": (lambda c, s, e: actions.set_goal(
        c, s.lead, e.id, GoalForm(measure="akps", side=Side.RIGHT, target=90, by=TODAY - timedelta(1))), "by: .* is before today"),
    "tape that stops before it starts": (lambda c, s, e: taped(c, s, e, TODAY - timedelta(1)), "tape: .*(before|stop)"),
    "visit before the episode": (lambda c, s, e: actions.start_visit(c, s.lead, e.id, VisitKind.WEEKLY, date(2026, 3, 1)),
                                 "on: 2026-03-01 is before the day the episode was opened"),
    "visit planned in the past": (lambda c, s, e: actions.plan_visit(c, s.lead, e.id, PlanForm(on=TODAY - timedelta(1))), "on: .* is before today"),
    "program that starts before the episode": (lambda c, s, e: actions.revise_program(
        c, s.lead, e.id, a_program(CLAM, starts_on=date(2026, 3, 1)), None), "starts_on: 2026-03-01 is before the episode was opened"),
    "check-in of a week before the episode": (lambda c, s, e: actions.record_check_in(
        c, s.lead, e.id, CheckInForm(week_start=date(2026, 2, 16))), "week_start: .* ends before the episode was opened"),
    "day outside its week": (lambda c, s, e: CheckInForm(week_start=date(2026, 3, 23), days=({"on": date(2026, 4, 3)},)), "is not in the week"),
    "alert that sleeps into the past": (lambda c, s, e: actions.snooze_alert(c, s.lead, e.id, "plateau", TODAY - timedelta(1), "Away."), "until: "),
    "consent before birth": (lambda c, s, e: actions.register_patient(
        c, s.lead, a_person(number="P7", given_name="Ida", consent_on=date(1990, 1, 1))), "consent_on: .* before the birth date"),
}


@pytest.mark.parametrize("case", BACKWARDS)
def test_an_end_before_its_beginning_is_refused_in_one_sentence(clinic, staff, episode, case: str) -> None:
    attempt, expected = BACKWARDS[case]
    with pytest.raises((KneeClinicError, ValidationError)) as caught:
        attempt(clinic, staff, episode)
    told_on_screen = errors.sentence(caught.value)
    said = str(caught.value) if isinstance(caught.value, KneeClinicError) else told_on_screen
    assert re.search(expected, said), said
    assert told_on_screen.endswith(".") and told_on_screen[0].isupper() and not any(word in told_on_screen for word in MACHINERY), told_on_screen
