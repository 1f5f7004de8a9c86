"""The patient page: a second problem, goals that are given up, a picture and what came of it, an ending and a new beginning."""

from __future__ import annotations

from datetime import timedelta

from streamlit.testing.v1 import AppTest

from kneeclinic import actions
from kneeclinic.record.forms import GoalForm, ImagingForm
from kneeclinic.store import episodes_of
from kneeclinic.vocabulary import EpisodeStatus, Side

from .conftest import Desk, runner, said


def part(at: AppTest, name: str) -> AppTest:
    return next(one for one in at.segmented_control if one.label == "Change or add").set_value(name).run()


def press(at: AppTest, label: str) -> AppTest:
    found = [one for one in at.button if one.label == label]
    assert found, f"no button {label!r} among {[one.label for one in at.button]}"
    return found[0].click().run()


def named(found: object, label: str):
    return next(one for one in found if one.label == label)  # type: ignore[attr-defined]


def test_the_result_joins_the_picture_that_was_ordered(desk: Desk) -> None:
    episode = runner(desk.clinic)
    picture = actions.record_imaging(desk.clinic, desk.actor, episode, ImagingForm(kind="mri", ordered_on=desk.clinic.today - timedelta(5)))
    at = part(desk.page("patient", episode), "Imaging")
    named(at.selectbox, "Picture").set_value(picture.id).run()
    named(at.date_input, "Done on").set_value(desk.clinic.today)
    named(at.text_area, "Result").set_value("No cartilage defect.")
    press(at, "Save the picture")
    found = desk.clinic.case(episode).episode.imaging
    assert [(one.id, one.result, one.done_on) for one in found] == [(picture.id, "No cartilage defect.", desk.clinic.today)]
    assert "No cartilage defect" in said(at)


def test_a_result_that_somebody_else_wrote_meanwhile_is_told_and_stays_and_no_typed_word_is_lost(desk: Desk) -> None:
    episode, today = runner(desk.clinic), desk.clinic.today
    picture = actions.record_imaging(desk.clinic, desk.actor, episode, ImagingForm(kind="mri", ordered_on=today - timedelta(5)))
    at = part(desk.page("patient", episode), "Imaging")
    named(at.selectbox, "Picture").set_value(picture.id).run()
    elsewhere = ImagingForm(kind="mri", ordered_on=today - timedelta(5), done_on=today, result="Cartilage whole.")
    actions.record_imaging(desk.clinic, desk.actor, episode, elsewhere, picture.id)
    named(at.text_area, "Result").set_value("Effusion, small.")
    press(at, "Save the picture")
    assert "Somebody else wrote about this picture meanwhile (Cartilage whole.); nothing was saved" in said(at)
    assert desk.clinic.case(episode).episode.imaging[0].result == "Cartilage whole."
    assert named(at.text_area, "Result").value == "Effusion, small."
    named(at.selectbox, "Picture").set_value("").run()
    named(at.selectbox, "Picture").set_value(picture.id).run()
    assert named(at.text_area, "Result").value == "Cartilage whole."
    named(at.text_area, "Result").set_value("Cartilage whole. Effusion, small.")
    press(at, "Save the picture")
    assert desk.clinic.case(episode).episode.imaging[0].result == "Cartilage whole. Effusion, small."


def test_a_picture_taken_before_it_was_ordered_is_refused_in_a_sentence(desk: Desk) -> None:
    episode = runner(desk.clinic)
    at = part(desk.page("patient", episode), "Imaging")
    named(at.date_input, "Done on").set_value(desk.clinic.today - timedelta(5))
    press(at, "Record imaging")
    assert [one.value for one in at.error] == ["Done on: the picture cannot be taken before it was ordered."]
    assert desk.clinic.case(episode).episode.imaging == ()


def test_a_goal_is_shown_with_its_baseline_and_given_up_on_the_page(desk: Desk) -> None:
    episode = runner(desk.clinic)
    side = desk.clinic.case(episode).episode.side.sides[0]
    for goal in desk.clinic.case(episode).episode.goals:
        if not goal.dropped_on:
            actions.drop_goal(desk.clinic, desk.actor, episode, goal.id)
    goal = actions.set_goal(desk.clinic, desk.actor, episode,
                            GoalForm(measure="pain_worst", side=side, target=0, by=desk.clinic.today + timedelta(60)))
    at = part(desk.page("patient", episode), "Goal")
    assert goal.baseline is not None
    bar = next(one for one in at.get("progress") if "Worst pain" in str(one.proto.text))
    assert f"from {goal.baseline:.0f}/10" in bar.proto.text.replace("\\", "")
    press(at, "Drop this goal")
    assert next(one for one in desk.clinic.case(episode).episode.goals if one.id == goal.id).dropped_on == desk.clinic.today


def test_the_other_knee_gets_an_episode_of_its_own_and_the_first_stays_within_reach(desk: Desk) -> None:
    case = next(one for one in desk.clinic.cases() if len(one.episode.side.sides) == 1)
    other = "left" if case.episode.side.sides[0] is Side.RIGHT else "right"
    at = part(desk.page("patient", case.episode.id), "Other problems")
    named(at.segmented_control, "Knee").set_value(other)
    named(at.text_area, "The problem in a few words").set_value("The other knee since a fall.")
    press(at, "Open the episode")
    found = {one.side.value: one for one in episodes_of(desk.clinic.database, case.patient.id)}
    assert set(found) == {case.episode.side.value, other}
    assert "The other knee since a fall" in said(at)
    part(at, "Other problems")
    next(one for one in at.button if one.key == f"episode_{case.episode.id}").click().run()
    assert "The other knee since a fall" not in said(at)


def test_a_second_episode_of_the_same_knee_is_refused(desk: Desk) -> None:
    case = next(one for one in desk.clinic.cases() if len(one.episode.side.sides) == 1)
    at = part(desk.page("patient", case.episode.id), "Other problems")
    named(at.segmented_control, "Knee").set_value(case.episode.side.value)
    press(at, "Open the episode")
    assert at.error[0].value.startswith("Knee: an episode for the") and len(episodes_of(desk.clinic.database, case.patient.id)) == 1


def test_an_episode_is_closed_with_a_reason_and_opened_again(desk: Desk) -> None:
    episode = runner(desk.clinic)
    at = part(desk.page("patient", episode), "Close or reopen")
    named(at.segmented_control, "How it ends").set_value(EpisodeStatus.DISCHARGED)
    press(at, "Close the episode")
    assert at.error[0].value.startswith("Reason: ")
    named(at.text_input, "Reason").set_value("Runs without pain.")
    press(at, "Close the episode")
    assert desk.clinic.case(episode).episode.status is EpisodeStatus.DISCHARGED
    at = part(desk.page("patient", episode), "Close or reopen")
    named(at.text_input, "Why it is opened again").set_value("Pain came back.").run()
    press(at, "Reopen the episode")
    assert desk.clinic.case(episode).episode.is_open
