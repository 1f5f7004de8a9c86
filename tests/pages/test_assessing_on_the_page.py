"""The assess page as a therapist uses it: saving, signing, taking back, snippets, amendments, and what is carried."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from kneeclinic import actions
from kneeclinic.record.forms import EpisodeForm, ObservationForm, PatientForm
from kneeclinic.rules.suggest import suggest
from kneeclinic.store import observations_of_visit, read_draft, read_visit
from kneeclinic.ui import findings_view, session, snippets
from kneeclinic.vocabulary import AffectedSide, Refused, Sex, Side, VisitKind

from .conftest import Desk, runner, said


def press(at: AppTest, label: str) -> AppTest:
    found = [one for one in at.button if one.label == label]
    assert found, f"no button {label!r} among {[one.label for one in at.button]}"
    return found[0].click().run()


def text_of(at: AppTest, part: str):
    """The text under a section, or a part of the note; its name changes when the product fills it anew."""
    return next(one for one in at.text_area if one.key.startswith("note_") and one.key.partition("~")[0].endswith(f"_{part}"))


def open_section(at: AppTest, section: str) -> AppTest:
    return next(one for one in at.radio if one.label == "Sections").set_value(section).run()


def begun(desk: Desk, kind: VisitKind = VisitKind.WEEKLY) -> tuple[AppTest, str, str]:
    """The assess page with a visit of today, its episode and the visit."""
    episode = runner(desk.clinic)
    visit = actions.start_visit(desk.clinic.at(), desk.actor, episode, kind, desk.clinic.today)
    return desk.page("assess", episode), episode, visit.id


def type_line(at: AppTest, line: str) -> AppTest:
    return next(one for one in at.text_input if one.label == "Shorthand").set_value(line).run()


def valid(desk: Desk, visit_id: str) -> dict[tuple[str, Side], object]:
    return {(one.measure, one.side): one.value for one in observations_of_visit(desk.clinic.database, visit_id) if one.is_valid}


def in_the_form(desk: Desk, visit_id: str) -> dict[str, dict]:
    kept = read_draft(desk.clinic.database, "visit", desk.actor.account_id, visit_id)
    return dict(kept.payload["values"]) if kept else {}


def test_what_was_saved_is_taken_back_into_the_form(desk: Desk) -> None:
    at, _, visit = begun(desk)
    type_line(at, "worst L 5 R 1; stroke L 1+")
    press(at, "Save values")
    assert len(valid(desk, visit)) == 3 and in_the_form(desk, visit) == {}
    press(at, "Undo: 3 values saved")
    assert valid(desk, visit) == {}
    assert {key: one["value"] for key, one in in_the_form(desk, visit).items()} == {
        "pain_worst|left": 5, "pain_worst|right": 1, "stroke_test|left": "1+"}
    assert "in the form of the visit again" in " ".join(one.value for one in at.toast)
    press(at, "Save values")
    assert len(valid(desk, visit)) == 3


def test_a_signature_is_taken_back_beside_the_note_and_given_again(desk: Desk) -> None:
    at, _, visit = begun(desk)
    type_line(at, "worst L 5 R 1")
    open_section(at, "note_and_sign")
    press(at, "Save and sign")
    assert "signed by" in said(at)
    press(at, "Undo: the signature")
    assert not read_visit(desk.clinic.database, visit).is_signed and len(valid(desk, visit)) == 2
    press(at, "Save and sign")
    assert read_visit(desk.clinic.database, visit).is_signed


def test_words_that_the_record_wrote_by_itself_follow_the_values_again_after_an_undo(desk: Desk) -> None:
    at, *_ = begun(desk)
    type_line(at, "worst L 5 R 1")
    open_section(at, "note_and_sign")
    text_of(at, "plan").set_value("Hip work, my own words.").run()
    press(at, "Save and sign")
    press(at, "Undo: the signature")
    press(at, "Undo: 2 values and the note saved")
    type_line(at, "worst L 8")
    assert text_of(at, "plan").value == "Hip work, my own words."
    assert "8/10" in text_of(at, "subjective").value


def test_the_patient_page_offers_the_undo_too(desk: Desk) -> None:
    at, episode, visit = begun(desk)
    type_line(at, "worst L 5 R 1")
    press(at, "Save values")
    other = desk.page("patient", episode)
    press(other, "Undo: 2 values saved")
    assert valid(desk, visit) == {} and len(in_the_form(desk, visit)) == 2


def test_a_visit_begun_by_mistake_is_taken_back_and_the_page_asks_for_another(desk: Desk) -> None:
    at, episode, visit = begun(desk)
    press(at, "Undo: the visit begun")
    assert not at.exception and visit not in {one.id for one in desk.clinic.case(episode).visits}
    assert any(one.label == "Start the visit" for one in at.button)


def test_a_signed_note_is_shown_locked_with_its_amendments_below(desk: Desk) -> None:
    at, *_ = begun(desk)
    type_line(at, "worst L 5 R 1")
    open_section(at, "note_and_sign")
    text_of(at, "plan").set_value("Hip work.").run()
    press(at, "Save and sign")
    assert [one.label for one in at.text_area if not one.disabled] == ["Amendment"]
    next(one for one in at.text_area if one.label == "Amendment").set_value("Also: new shoes.")
    press(at, "Add the amendment")
    told = said(at).replace("\\", "")
    assert told.index("Hip work.") < told.index("amended") < told.index("Also: new shoes.")
    assert desk.actor.name in told[told.index("amended"):]
    open_section(at, "pain")
    assert at.number_input and all(one.disabled for one in at.number_input)


def test_a_visit_that_somebody_signed_meanwhile_shows_what_was_signed_and_keeps_what_was_typed(desk: Desk, lead: Desk) -> None:
    at, episode, visit = begun(desk)
    side = desk.clinic.case(episode).episode.side.value
    type_line(at, f"worst {side} 5; usual {side} 2")
    other = Side(side)
    actions.record_observations(lead.clinic.at(), lead.actor, visit, [ObservationForm(measure="pain_worst", side=other, value=8)])
    actions.sign_visit(lead.clinic.at(), lead.actor, visit)
    at.run()
    shown = {one.label: one.value for one in at.number_input}
    assert shown[f"Worst pain, last 7 days, {side}"] == 8 and shown[f"Usual pain, last 7 days, {side}"] is None
    assert all(one.disabled and not one.placeholder for one in at.number_input), "a ghost in a locked field looks like a value"
    assert "signed while you had unsaved entries" in said(at)
    assert not any(one.label.startswith("Undo") for one in at.button)
    press(at, "Add them as an amendment")
    amended = read_visit(desk.clinic.database, visit).amendments[0].text
    assert "Usual pain, last 7 days" in amended and "2/10" in amended
    assert valid(desk, visit) == {("pain_worst", other): 8} and in_the_form(desk, visit) == {}


def test_a_signed_value_is_taken_back_with_a_reason_that_stays_on_the_page(desk: Desk) -> None:
    at, _, visit = begun(desk)
    type_line(at, "worst L 5 R 1")
    open_section(at, "note_and_sign")
    press(at, "Save and sign")
    press(at, "Take it back")
    assert "choose the value first" in said(at)
    box = next(one for one in at.selectbox if one.label == "Take a value back")
    wrong = next(one.id for one in observations_of_visit(desk.clinic.database, visit) if one.side is Side.LEFT)
    box.set_value(wrong)
    next(one for one in at.text_input if one.label == "Why it is wrong").set_value("Of the other knee.")
    press(at, "Take it back")
    assert valid(desk, visit) == {("pain_worst", Side.RIGHT): 1}
    told = said(at).replace("\\", "")
    assert "Taken back after signing" in told and "Of the other knee." in told


def test_snippets_belong_to_one_therapist_and_go_below_what_is_written(desk: Desk, lead: Desk) -> None:
    mine = session.Desk(desk.clinic.at(), desk.actor, desk.token)
    snippets.store(mine, "Ice", "Ice after runs.")
    snippets.store(mine, "Home", "Home program shown again.")
    assert list(snippets.own(mine)[0]) == ["Ice", "Home"]
    assert snippets.own(session.Desk(lead.clinic.at(), lead.actor, lead.token))[0] == {}
    snippets.store(mine, "Ice", "")
    assert list(snippets.own(mine)[0]) == ["Home"]
    with pytest.raises(Refused, match="short name"):
        snippets.store(mine, " ", "Text without a name.")


def test_draft_again_puts_what_is_new_in_front_and_keeps_what_was_written(desk: Desk) -> None:
    at, *_ = begun(desk)
    open_section(at, "note_and_sign")
    text_of(at, "subjective").set_value("She says the stairs are worse.").run()
    type_line(at, "worst L 7 R 1")
    press(at, "Draft again")
    text = text_of(at, "subjective").value
    assert "7/10" in text and "She says the stairs are worse." in text


def test_the_other_knee_without_pain_is_one_press_that_touches_no_filled_field(desk: Desk) -> None:
    at, episode, visit = begun(desk)
    treated = desk.clinic.case(episode).episode.side.value
    other = "right" if treated == "left" else "left"
    type_line(at, f"worst {other[0].upper()} 2")
    button = next(one for one in at.button if one.label.endswith("knee: all 0"))
    assert other in button.label.casefold()
    button.click().run()
    found = {key: one["value"] for key, one in in_the_form(desk, visit).items()}
    assert found.pop(f"pain_worst|{other}") == 2
    assert len(found) == 5 and set(found.values()) == {0.0} and all(key.endswith(other) for key in found)
    press(at, "Undo")
    assert list(in_the_form(desk, visit)) == [f"pain_worst|{other}"]


def test_a_refused_value_is_mended_by_hand_and_never_becomes_no_pain_or_the_last_value(desk: Desk) -> None:
    at, episode, visit = begun(desk)
    other = Side.RIGHT if desk.clinic.case(episode).episode.side.value == "left" else Side.LEFT
    open_section(at, "pain")
    name = f"{desk.clinic.knowledge.measure('pain_worst').label}, {other.value}"
    next(one for one in at.number_input if one.label == name).set_value(45.0).run()
    assert "45 came" in said(at)
    next(one for one in at.button if one.label.endswith("knee: all 0")).click().run()
    press(at, "Carry last values")
    assert f"pain_worst|{other.value}" not in in_the_form(desk, visit) and len(in_the_form(desk, visit)) > 3
    assert "45 came" in said(at)


def test_with_both_knees_treated_what_is_still_open_becomes_no_pain_on_both(desk: Desk) -> None:
    clinic = desk.clinic
    patient = actions.register_patient(clinic, desk.actor, PatientForm(number="TWO1", given_name="Tova", birth_date=date(1990, 5, 1), sex=Sex.FEMALE))
    episode = actions.open_episode(clinic, desk.actor, patient.id, EpisodeForm(side=AffectedSide.BOTH, problem="Both knees", opened_on=clinic.today))
    visit = actions.start_visit(clinic.at(), desk.actor, episode.id, VisitKind.WEEKLY, clinic.today).id
    at = desk.page("assess", episode.id)
    type_line(at, "worst L 4 R 3")
    assert not [one for one in at.button if one.label.endswith("knee: all 0")]
    press(at, "All else: 0")
    found = {key: one["value"] for key, one in in_the_form(desk, visit).items()}
    assert (found.pop("pain_worst|left"), found.pop("pain_worst|right")) == (4, 3)
    assert len(found) == 10 and set(found.values()) == {0.0}
    press(at, "Undo")
    assert sorted(in_the_form(desk, visit)) == ["pain_worst|left", "pain_worst|right"]


def test_the_short_list_names_a_rule_once_with_all_it_gives(desk: Desk) -> None:
    found = 0
    for case in desk.clinic.cases():
        given = suggest(case, desk.clinic.knowledge, desk.clinic.today).suggestions
        short = findings_view.by_rule(given)
        assert len({(one.rule, one.because) for one in short}) == len(short)
        assert {item for one in short for item in one.items} == {item for one in given for item in one.items}
        found += len(given) - len(short)
    assert found, "no rule of the demo gives both an exercise and advice"


@pytest.fixture
def carried(desk: Desk) -> tuple[Desk, str, str]:
    """A visit with worst pain carried from the one before, saved; the episode and the visit."""
    episode = runner(desk.clinic)
    visit = actions.start_visit(desk.clinic, desk.actor, episode, VisitKind.WEEKLY, desk.clinic.today)
    side = desk.clinic.case(episode).episode.side.sides[0]
    last = desk.clinic.case(episode).latest("pain_worst", side)
    assert last is not None
    actions.record_observations(desk.clinic, desk.actor, visit.id,
                                [ObservationForm(measure="pain_worst", side=side, value=last.value, carried=True)])
    return desk, episode, visit.id


def test_a_carried_value_says_so_on_the_assess_page(carried: tuple[Desk, str, str]) -> None:
    desk, episode, _ = carried
    at = open_section(desk.page("assess", episode), "pain")
    assert "carried, of " in said(at)
    open_section(at, "all_visits")
    assert any("(carried)" in str(cell) for cell in at.dataframe[0].value.to_numpy().ravel())


def test_a_carried_value_says_so_on_the_patient_page(carried: tuple[Desk, str, str]) -> None:
    desk, episode, _ = carried
    rows = next(one.value for one in desk.page("patient", episode).dataframe if "Measure" in one.value)
    assert "carried" in " ".join(str(one) for one in rows[rows["Measure"] == "Worst pain, last 7 days"].to_numpy().ravel())


def test_unit_and_limits_stand_at_the_field_a_soft_limit_asks_and_a_hard_one_refuses(desk: Desk) -> None:
    at, _, visit = begun(desk, VisitKind.FIRST)
    open_section(at, "gait")
    cadence = desk.clinic.knowledge.measure("cadence")
    assert cadence.hard and cadence.soft
    assert f"{cadence.hard[0]:g} to {cadence.hard[1]:g} {cadence.unit}" in said(at).replace("\\", "")
    field = next(one for one in at.number_input if one.label == cadence.label)
    field.set_value(cadence.hard[1] + 1).run()
    told = said(at).replace("\\", "")
    assert f"{cadence.label}:" in told and "allowed" in told and "cadence|none" not in in_the_form(desk, visit)
    next(one for one in at.number_input if one.label == cadence.label).set_value((cadence.soft[1] + cadence.hard[1]) / 2 // 1).run()
    assert in_the_form(desk, visit)["cadence|none"]["question"]
    press(at, "Save values")
    assert "Confirm or correct it first" in said(at) and ("cadence", Side.NONE) not in valid(desk, visit), "an unusual value waits to be confirmed"
    press(at, "It is right")
    press(at, "Save values")
    assert ("cadence", Side.NONE) in valid(desk, visit)
