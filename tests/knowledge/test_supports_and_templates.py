"""Supports say when they stop, templates hold the doses of the article, and nothing claims more than its source."""

from __future__ import annotations

import pytest

from kneeclinic.knowledge import load_knowledge
from kneeclinic.knowledge.schema import TemplateItem
from kneeclinic.vocabulary import HOME_EQUIPMENT, Standing, TapeComponent

KNOWLEDGE = load_knowledge()


def dose(item: TemplateItem) -> tuple[int | None, int | None, float | None, float | None, int]:
    """Sets, repetitions, hold from, hold to, days a week: what the item says, else what the exercise says."""
    default = KNOWLEDGE.exercise(item.exercise).dose
    hold = item.hold_s or default.hold_s
    return (
        item.sets or default.sets,
        item.reps or default.reps,
        hold,
        item.hold_s or default.hold_s_max or hold,
        item.days_per_week or default.days_per_week,
    )


def test_the_hip_starter_is_four_exercises_of_three_times_fifteen_and_the_raise_is_held_three_to_four_seconds() -> None:
    items = KNOWLEDGE.template("hip_starter").items
    assert [item.exercise for item in items] == ["clamshell", "donkey_kick", "fire_hydrant", "slr_hold"]
    assert [dose(item)[:2] for item in items] == [(3, 15)] * 4
    assert dose(items[3])[2:4] == (3, 4)
    assert "band just above the knees" in KNOWLEDGE.template("hip_starter").description


def test_the_hip_starter_offers_a_band() -> None:
    for id in ("donkey_kick", "fire_hydrant"):
        assert "loop_band" in KNOWLEDGE.exercise(id).optional_equipment
    assert "clamshell_band" in KNOWLEDGE.exercise("clamshell").harder


def test_daily_mobility_is_every_day_three_stretches_and_a_ball_on_four_places() -> None:
    items = KNOWLEDGE.template("daily_mobility").items
    assert [item.exercise for item in items[:3]] == ["hamstring_supine_pull", "lunge_hip_flexor", "figure_four"]
    assert {item.exercise for item in items[3:]} == {"ball_glute", "roll_itb", "roll_quad", "roll_hamstring"}
    assert {dose(item)[4] for item in items} == {7}


@pytest.mark.parametrize("phase", range(4))
def test_each_phase_up_to_running_has_a_template_that_fits_it(phase: int) -> None:
    templates = [template for template in KNOWLEDGE.templates.values() if template.phase == phase and template.standing is Standing.PRODUCT_DEFAULT]
    assert templates
    for template in templates:
        exercises = [KNOWLEDGE.exercise(item.exercise) for item in template.items]
        assert len(exercises) <= 6, "short programs are done, long ones are not"
        assert all(exercise.phase_from <= phase for exercise in exercises)
        assert phase == 3 or not any(exercise.impact for exercise in exercises)
        trained = [exercise.trains for exercise in exercises]
        assert len(set(trained)) == len(trained), "no two exercises train the same"


def test_templates_can_be_done_at_home() -> None:
    for template in KNOWLEDGE.templates.values():
        assert [item.exercise for item in template.items if not KNOWLEDGE.exercise(item.exercise).possible_with(HOME_EQUIPMENT)] == [], template.id


def test_tape_names_four_components_the_half_and_the_four_weeks() -> None:
    tape = KNOWLEDGE.support("tape_patellar")
    assert set(tape.components) == set(TapeComponent) == set(tape.directions)
    assert "50 %" in tape.retest
    assert tape.stop_weeks == 4
    assert tape.grade == "B"
    assert tape.recommended


@pytest.mark.parametrize("id", ["brace_sleeve", "brace_strap", "brace_realign"])
def test_a_brace_is_advised_against_and_the_other_view_is_told(id: str) -> None:
    brace = KNOWLEDGE.support(id)
    assert (brace.kind, brace.grade, brace.recommended) == ("brace", "B", False)
    assert "article" in brace.other_view


def test_an_orthosis_is_worn_in_and_ends_after_six_weeks() -> None:
    orthosis = KNOWLEDGE.support("orthosis_prefab")
    assert (orthosis.grade, orthosis.stop_weeks) == ("A", 6)
    assert len(orthosis.wear_in) >= 3
    assert "matthews_2020" in orthosis.other_view


def test_the_guideline_and_what_comes_from_memory_are_not_called_read() -> None:
    assert KNOWLEDGE.source("cpg_2019").seen == "summary"
    for id in ("kujala_1993", "wells_dvt", "noehren_2011", "bramah_2018", "stratford_1995", "woby_2005", "product_default", "common_practice"):
        assert KNOWLEDGE.source(id).seen == "not seen", id


def test_a_product_default_is_never_called_checked() -> None:
    for entry in (*KNOWLEDGE.measures.values(), *KNOWLEDGE.exercises.values(), *KNOWLEDGE.rules, *KNOWLEDGE.red_flags, *KNOWLEDGE.reviews):
        if entry.source in ("product_default", "common_practice"):
            assert entry.standing is not Standing.CHECKED, entry.id
