"""The weekly review names the keys that work, counts in the clinic's units, and passes over nobody when somebody leaves treatment."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from kneeclinic import actions
from kneeclinic.actions.house import ProfileForm
from kneeclinic.knowledge import load_knowledge
from kneeclinic.progress.change import judge
from kneeclinic.record import LoadPlan
from kneeclinic.record.forms import EpisodeForm, PatientForm, ProgramForm, RunForm
from kneeclinic.ui import blocked, check_in_view, review_round, words
from kneeclinic.ui.review_view import verdict_words
from kneeclinic.vocabulary import AffectedSide, EpisodeStatus, Sex, Units

from .conftest import Desk, runner, said


def press(at: AppTest, label: str) -> AppTest:
    return next(one for one in at.button if one.label.startswith(label)).click().run()


def keys_line(at: AppTest) -> str:
    return next(one.value for one in at.caption if one.value.startswith("Keys:"))


def on_screen(desk: Desk, at: AppTest) -> str:
    state = at.session_state[review_round.SLOT]
    return state["queue"][state["at"]]


def goes_to(desk: Desk, wanted) -> AppTest:
    """The review page at the first patient of whom `wanted` holds."""
    at = desk.page("review")
    while not wanted(desk.clinic.case(on_screen(desk, at))):
        press(at, "Next")
    return at


def test_every_key_that_is_named_has_its_button_and_no_other(desk: Desk) -> None:
    at = desk.page("review")
    seen = set()
    while at.session_state[review_round.SLOT]["at"] < len(at.session_state[review_round.SLOT]["queue"]):
        labels, line = [one.label for one in at.button if not one.disabled], keys_line(at)
        assert ("**←**" in line) == ("Previous" in labels) and "**→**" in line
        assert ("**X**" in line) == ("Discharge" in labels)
        assert ("**A**" in line) == any(one.startswith("Accept") for one in labels)
        assert ("**U**" in line) == ("Undo" in labels)
        seen.add("**X**" in line)
        press(at, "Next")
    assert seen == {True, False}, "the demo holds a patient whom a red flag stops and others"
    assert "**A**" not in keys_line(at) and "**W**" in keys_line(at) and "**→**" not in keys_line(at)
    press(at, "To the first who waits")
    for _ in range(len(at.session_state[review_round.SLOT]["queue"])):
        press(at, "Accept")
    assert "Summary" in said(at) and "**W**" not in keys_line(at), "nobody waits any more"


def test_discharge_is_no_choice_and_no_key_while_a_red_flag_stands(desk: Desk) -> None:
    stopped = SimpleNamespace(clinic=desk.clinic)
    at = goes_to(desk, lambda case: bool(blocked.flags(stopped, case)))
    count = int(re.search(r"\*\*1\*\* to \*\*(\d)\*\*", keys_line(at)).group(1))
    press(at, "Decide otherwise")
    offered = [one.label for one in at.button if one.key and one.key.startswith("other_")]
    assert len(offered) == count and {"Discharge", "Progress"}.isdisjoint(offered)
    press(at, "Back")
    press(at, "Accept")
    press(at, "Previous")
    assert "**U**" in keys_line(at) and "**A**" not in keys_line(at) and "**X**" not in keys_line(at)


def test_kilometres_are_told_in_miles_where_the_clinic_counts_so(lead: Desk) -> None:
    episode = runner(lead.clinic)
    program = lead.clinic.case(episode).program
    form = ProgramForm(starts_on=lead.clinic.today, items=program.items, load=replace(program.load or LoadPlan(), weekly_km=10.0))
    actions.revise_program(lead.clinic.at(), lead.actor, episode, form, program.version)
    runs = [RunForm(started=datetime.combine(lead.clinic.today - timedelta(days=ago), time(6)), km=30.0) for ago in (1, 2)]
    actions.record_runs(lead.clinic.at(), lead.actor, episode, runs)
    actions.revise_profile(lead.clinic, lead.actor, ProfileForm(name="Miles", units=Units.IMPERIAL))
    shown = lead.page("caseload")
    whys = " ".join(shown.dataframe[0].value["Why"])
    assert re.search(r"Ran \d+\.\d mi, plan \d+\.\d mi", whys)
    assert " km" not in whys
    review = goes_to(lead, lambda case: case.episode.id == episode)
    assert not re.search(r"\d km\b", said(review).replace("\\", ""))


@pytest.mark.parametrize(("units", "value", "delta"), [(Units.METRIC, "20 km", "+4, was 16 km"), (Units.IMPERIAL, "12.4 mi", "+2.5, was 9.9 mi")])
def test_the_step_of_the_running_tile_is_in_the_unit_of_the_tile(units, value, delta) -> None:
    def page(units: str) -> None:
        from types import SimpleNamespace

        from kneeclinic.progress.review import Tile
        from kneeclinic.ui import review_view
        from kneeclinic.vocabulary import Units

        review_view.tile(SimpleNamespace(units=Units(units)), Tile("Running", "km", 20.0, 16.0))

    at = AppTest.from_function(page, kwargs={"units": units.value}).run()
    assert (at.metric[0].value, at.metric[0].delta) == (value, delta)


def test_a_mean_of_the_latest_values_is_not_called_the_change_from_first_to_last() -> None:
    """68, 78, 66: two less at the end, and the mean of the latest four more than the first."""
    measure = load_knowledge().measure("akps")
    told = verdict_words(judge(measure, [68, 78, 66], [0, 4, 6]))
    assert told.startswith("68 to 66, 3 values; mean of the latest against the first +4.0, 95 % interval")
    assert verdict_words(judge(measure, [60, 70])).startswith("60 to 70, 2 values; change +10.0, 95 % interval")


def test_who_is_closed_in_the_middle_of_the_round_leaves_it_and_nobody_is_passed_over(lead: Desk) -> None:
    at = lead.page("review")
    press(at, "Accept")
    first, *queue = at.session_state[review_round.SLOT]["queue"]
    press(at, "Next")
    there = on_screen(lead, at)
    assert there == queue[1]
    actions.close_episode(lead.clinic.at(), lead.actor, first, EpisodeStatus.DISCHARGED, "Moved on.")
    at.run()
    assert on_screen(lead, at) == there
    press(at, "Next")
    assert on_screen(lead, at) == queue[2]
    again = lead.page("review")
    assert on_screen(lead, again) == queue[2], "a round that was interrupted goes on with the same patient"
    while again.session_state[review_round.SLOT]["at"] < len(queue):
        press(again, "Next")
    assert lead.clinic.case(first).patient.full_name in said(again).replace("\\", ""), "the summary still tells what was decided of who left"


def test_closing_the_patient_on_the_screen_goes_to_the_next(lead: Desk) -> None:
    at = lead.page("review")
    press(at, "Next")
    queue = list(at.session_state[review_round.SLOT]["queue"])
    actions.close_episode(lead.clinic.at(), lead.actor, queue[1], EpisodeStatus.DISCHARGED, "Moved on.")
    at.run()
    assert on_screen(lead, at) == queue[2]


def test_a_check_in_names_the_week_of_the_answers_beside_it_where_weeks_were_left_out(desk: Desk) -> None:
    episode = runner(desk.clinic)
    told = desk.clinic.case(episode).check_ins
    newest, before = told[-1], told[-2]
    assert (newest.week_start - before.week_start).days == 7
    week = newest.week_start + timedelta(days=7)
    last = [one for one in shown(desk, episode, week) if "last week" in one]
    assert len(last) >= 3, "all three pains have their answer of last week beside them"
    actions.invalidate_check_in(desk.clinic.at(), desk.actor, newest.id, "Of another patient.")
    now = shown(desk, episode, week)
    assert not any("last week" in one for one in now)
    assert sum(f"week of {words.day(before.week_start)}" in one for one in now) >= 3


def shown(desk: Desk, episode: str, week) -> list[str]:
    at = desk.page("check_in", episode)
    next(one for one in at.selectbox if one.label == "Week").set_value(week).run()
    return [one.value for one in at.markdown]


def test_who_began_this_week_is_not_asked_for_the_week_before(desk: Desk) -> None:
    clinic = desk.clinic.at()
    patient = actions.register_patient(clinic, desk.actor, PatientForm(
        number="N1", given_name="New", family_name="Runner", birth_date=clinic.today - timedelta(days=9000), sex=Sex.FEMALE))
    episode = actions.open_episode(clinic, desk.actor, patient.id, EpisodeForm(side=AffectedSide.LEFT, opened_on=clinic.today, problem="Stairs."))
    items = clinic.case(runner(clinic)).program.items
    actions.revise_program(clinic, desk.actor, episode.id, ProgramForm(starts_on=clinic.today, items=items[:1]), None)
    at, asked, after = SimpleNamespace(clinic=clinic, actor=desk.actor), [], ""
    for _ in range(len(clinic.cases()) + 1):
        after = check_in_view.next_without_check_in(at, after)
        asked.append(after)
    assert episode.id not in asked
