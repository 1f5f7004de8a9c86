"""What changed between two versions of a program."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from progress_builders import a_program, an_item, week

from kneeclinic.progress.difference import difference, dose_text
from kneeclinic.record import DeviceNote, Dose, LoadPlan, TapeNote
from kneeclinic.record.forms import ProgramForm
from kneeclinic.vocabulary import AffectedSide, TapeComponent


def lines(old, new, knowledge):
    return [(one.kind, one.what, one.text) for one in difference(old, new, knowledge)]


def test_a_first_program_is_all_new(knowledge):
    assert lines(None, a_program(an_item("clamshell")), knowledge) == [("new", "clamshell", "New: Clamshell, 3 x 15, 1 s, 3 / week.")]


def test_the_same_program_has_no_difference(knowledge):
    program = a_program(an_item("clamshell"), an_item("bridge"))
    assert lines(program, ProgramForm(starts_on=week(1), items=program.items), knowledge) == []


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [({"reps": 12}, {"reps": 15}, "harder"), ({"sets": 3}, {"sets": 2}, "easier"), ({"load_kg": None}, {"load_kg": 2}, "harder"),
     ({"sets": 3, "reps": 10}, {"sets": 2, "reps": 15}, "changed"), ({"tempo": ""}, {"tempo": "3-0-3"}, "changed")],
)
def test_a_dose_becomes_harder_easier_or_just_other(knowledge, before, after, kind):
    found = difference(a_program(an_item("clamshell", **before)), a_program(an_item("clamshell", **after)), knowledge)
    assert [one.kind for one in found] == [kind]
    assert found[0].before == dose_text(an_item(**before).dose)


def test_a_neighbour_on_the_ladder_is_a_swap_not_a_stop_and_a_start(knowledge):
    easy, hard = a_program(an_item("clamshell")), a_program(an_item("clamshell_band"))
    assert lines(easy, hard, knowledge) == [("harder", "clamshell_band", "Harder: Clamshell with band instead of Clamshell, 3 x 15, 1 s, 3 / week.")]
    assert lines(hard, easy, knowledge)[0][0] == "easier"


def test_another_exercise_is_new_and_the_old_one_stopped(knowledge):
    found = lines(a_program(an_item("clamshell")), a_program(an_item("dead_bug")), knowledge)
    assert [one[:2] for one in found] == [("new", "dead_bug"), ("stopped", "clamshell")]


def test_an_exercise_that_stays_is_never_taken_for_a_swap(knowledge):
    found = lines(a_program(an_item("bridge")), a_program(an_item("glute_set"), an_item("bridge")), knowledge)
    assert [one[:2] for one in found] == [("new", "glute_set")]


def test_several_rungs_down_are_still_one_line(knowledge):
    found = lines(a_program(an_item("split_squat")), a_program(an_item("mini_squat")), knowledge)
    assert [one[:2] for one in found] == [("easier", "mini_squat")]


def test_two_legs_of_one_exercise_are_kept_apart(knowledge):
    left, right = an_item("clamshell", side=AffectedSide.LEFT), an_item("clamshell")
    more = an_item("clamshell", reps=20)
    assert [one.kind for one in difference(a_program(left, right), a_program(left, more), knowledge)] == ["harder"]
    other_leg = difference(a_program(right), a_program(replace(left, side=AffectedSide.BOTH)), knowledge)
    assert [one.text for one in other_leg] == ["Changed: Clamshell, right leg becomes both legs."]
    assert "becomes left leg" in difference(a_program(right), a_program(left), knowledge)[0].text


def test_days_pain_limit_and_note_are_told(knowledge):
    item = an_item("clamshell", note="slowly")
    changed = replace(item, days=(0, 2), pain_limit=3, note="")
    assert difference(a_program(item), a_program(changed), knowledge)[0].text == "Changed: Clamshell, days: Mon Wed; pain up to 3/10; note removed."
    assert "days: any; pain up to 2/10; new note" in difference(a_program(changed), a_program(item), knowledge)[0].text
    harder = replace(changed, dose=replace(changed.dose, reps=20))
    assert difference(a_program(item), a_program(harder), knowledge)[0].text.startswith("Harder: Clamshell, 3 x 15, 1 s, 3 / week becomes 3 x 20")


def test_an_exercise_that_left_the_catalogue_still_has_a_name(knowledge):
    assert lines(a_program(an_item("old_exercise")), a_program(an_item("clamshell")), knowledge)[1][2] == "Stopped: old exercise."
    assert lines(None, a_program(an_item("old_exercise")), knowledge)[0][2].startswith("New: old exercise")


@pytest.mark.parametrize(
    ("dose", "text"),
    [(Dose(sets=3, reps=15), "3 x 15, 3 / week"), (Dose(sets=3, hold_s=30), "3 x 30 s, 3 / week"),
     (Dose(minutes=5, days_per_week=7), "5 min, 7 / week"),
     (Dose(reps=10, load_kg=2.5), "10 x, 2.5 kg, 3 / week")],
)
def test_a_dose_is_written_in_signs(dose, text):
    assert dose_text(dose) == text


def test_tape_on_changed_and_off(knowledge):
    tape = TapeNote(AffectedSide.RIGHT, (TapeComponent.GLIDE,), "inwards", "sport", week(0), week(4))
    bare, taped = a_program(), a_program(tape=tape)
    assert lines(bare, taped, knowledge) == [("new", "tape_patellar", "New: tape, until 2 Feb 2026.")]
    assert lines(taped, bare, knowledge) == [("stopped", "tape_patellar", "Stopped: tape.")]
    sooner = a_program(tape=replace(tape, stop_on=tape.stop_on - timedelta(days=7), wear="hard days"))
    assert lines(taped, sooner, knowledge) == [("changed", "tape_patellar", "Changed: tape, stop on 26 Jan 2026; wear: hard days.")]
    assert lines(taped, a_program(tape=replace(tape, note="new roll")), knowledge)[0][2] == "Changed: tape, other note."


def test_devices_on_changed_and_off(knowledge):
    worn = DeviceNote("orthosis_prefab", AffectedSide.RIGHT, "pronation", "all day", week(0), week(6))
    bare, propped = a_program(), a_program(devices=(worn,))
    assert [one[0] for one in lines(bare, propped, knowledge)] == ["new"]
    assert [one[0] for one in lines(propped, bare, knowledge)] == ["stopped"]
    assert [one[0] for one in lines(propped, a_program(devices=(replace(worn, stop_on=week(5)),)), knowledge)] == ["changed"]
    assert lines(propped, propped, knowledge) == []


@pytest.mark.parametrize(
    ("old", "new", "kind", "text"),
    [
        (None, LoadPlan(weekly_km=12), "new", "New running plan: km a week: 12."),
        (LoadPlan(weekly_km=12), LoadPlan(weekly_km=13), "harder", "Running plan: km a week: 12 to 13."),
        (LoadPlan(weekly_km=12, longest_run_km=6), LoadPlan(weekly_km=6), "easier",
         "Running plan: km a week: 12 to 6; km longest run: no longer set."),
        (LoadPlan(weekly_km=12, walk_run_stage=3), LoadPlan(weekly_km=14, walk_run_stage=2), "changed",
         "Running plan: km a week: 12 to 14; walk-run stage: 3 to 2."),
        (LoadPlan(weekly_km=12), LoadPlan(weekly_km=12, rest_days=(0,)), "changed", "Running plan: rest days, other training or note."),
        (LoadPlan(weekly_km=12), None, "stopped", "Stopped: running plan."),
    ],
)
def test_running_up_down_and_off(knowledge, old, new, kind, text):
    assert lines(a_program(load=old), a_program(load=new), knowledge) == [(kind, "load", text)]
