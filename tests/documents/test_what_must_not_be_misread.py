"""What a tired patient could misread on a handout: a note beside the wrong exercise, half of the steps, running that is off."""

from __future__ import annotations

import ctypes
import dataclasses
from itertools import pairwise

import pypdfium2 as pdfium
import pytest

from kneeclinic.documents.diary_grid import DiaryGrid
from kneeclinic.documents.exercise_card import LARGE
from kneeclinic.documents.handout import STYLES, handout_pdf
from kneeclinic.documents.handout_parts import Parts
from kneeclinic.documents.layout import paged
from kneeclinic.documents.panels import Line, Panel
from kneeclinic.documents.speech import Speech
from kneeclinic.documents.worn_panels import device_panel, tape_panel
from kneeclinic.record import Case, DeviceNote, Observation
from kneeclinic.vocabulary import AffectedSide, Layout, Paper, Side, TapeComponent, Units

from .paper_builders import CLINIC, SIX, TODAY, a_program, a_runner, an_item, knowledge, some_load, some_tape, text_of


def pages(case: Case, layout: Layout = Layout.STANDARD, language: str = "en") -> list[str]:
    data = handout_pdf(case, knowledge(), TODAY, CLINIC, therapist="Linden", layout=layout, language=language)
    return [" ".join(one.get_textpage().get_text_bounded().split()) for one in pdfium.PdfDocument(data)]


def say(key: str, language: str = "en", **fields: object) -> str:
    return knowledge().text(key, language, **fields)


def with_fluid(case: Case) -> Case:
    fluid = Observation(id="o", visit_id="v", episode_id="episode", patient_id="patient", measure="stroke_test", side=Side.RIGHT, value="1+",
                        on=TODAY)
    return dataclasses.replace(case, observations=(fluid,))


@pytest.mark.parametrize("layout", [Layout.LARGE, Layout.SINGLE, Layout.STANDARD])
def test_the_note_of_an_exercise_stands_on_the_page_of_its_card(layout: Layout) -> None:
    items = tuple(an_item(one, note=f"Mind number {place} here, slowly and with a straight back, as we did it together")
                  for place, one in enumerate((*SIX, "calf_raise", "wall_squat"), start=1))
    for page in pages(a_runner(a_program(items=items)), layout):
        for place, item in enumerate(items, start=1):
            if f"Mind number {place} here" in page:
                assert knowledge().words(item.exercise, "en").cues[0].split(".")[0] in page, f"note {place} strayed from its card"


def test_a_note_that_no_page_holds_beside_its_card_goes_over_with_the_name_of_the_exercise() -> None:
    case = a_runner(a_program(items=(an_item("clamshell"),)))
    parts = Parts(case, case.program, knowledge(), Speech(knowledge(), "en", Units.METRIC), TODAY, CLINIC, "Linden")
    card = dataclasses.replace(parts.card(an_item("clamshell"), LARGE, 4), note="Slowly. " * 400)
    sheet = parts.sheet(STYLES[Layout.LARGE][0], Paper.A4)
    first, *rest = paged([card], sheet)
    assert len(first) == 1 and rest[0][0].text.startswith(f"4. {card.name}: Slowly.")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("components", [(TapeComponent.GLIDE,), tuple(TapeComponent)])
@pytest.mark.parametrize("layout", [Layout.LARGE, Layout.SINGLE, Layout.STANDARD])
def test_neither_the_steps_of_taping_nor_its_directions_go_over_two_pages(
    layout: Layout, components: tuple[TapeComponent, ...], language: str,
) -> None:
    case = a_runner(a_program(*SIX, tape=some_tape(*components), load=some_load()))
    told = pages(case, layout, language)
    with_steps = [one for one in told if say("tape_step_1", language) in one]
    assert len(with_steps) == 1 and say("tape_title", language) in with_steps[0]
    for step in range(1, 7):
        assert say(f"tape_step_{step}", language) in with_steps[0]
    directions = [one for one in told if say("tape_direction_glide", language) in one]
    assert len(directions) == 1 and all(say(f"tape_direction_{one.value}", language) in directions[0] for one in components)
    assert say("tape_take_off_if", language)[:30] in directions[0]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("parts", range(1, 5))
@pytest.mark.parametrize("note", ["", "Skin was red last time; use the soft tape first and look at it each evening before you go to bed. " * 3])
def test_the_numbered_steps_of_taping_stand_in_one_column(parts: int, language: str, note: str) -> None:
    tape = dataclasses.replace(some_tape(*list(TapeComponent)[:parts]), note=note)
    panel = tape_panel(tape, Speech(knowledge(), language, Units.METRIC), 9.5, 92, 2, 1.25, 8)
    columns = panel._in_columns(527)
    assert len(columns) == 2
    assert [one.number for column in columns for one in column if one.number] == list(range(1, 7))
    assert sum(any(one.number for one in column) for column in columns) == 1


@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize("language", ["en", "es"])
def test_while_there_is_fluid_no_day_of_the_week_and_no_card_asks_for_running(layout: Layout, language: str) -> None:
    plan = dataclasses.replace(some_load(), walk_run_stage=None)
    calm = a_runner(a_program("clamshell", "continuous_run", "dl_hop", load=plan))
    dose = an_item("continuous_run").dose
    asked = (f"{say('week_run', language)} 3.5 km", say("minutes", language, minutes=f"{dose.minutes:g}"))
    told = " ".join(pages(calm, layout, language))
    stopped = " ".join(pages(with_fluid(calm), layout, language))
    assert asked[1] in told and asked[1] not in stopped
    assert asked[0] not in stopped and (layout is Layout.POCKET or asked[0] in told)
    assert stopped.count(say("not_now", language)) == 2 and say("not_now", language) not in told
    assert knowledge().words("dl_hop", language).cues[1][:25] not in stopped


def test_exercises_that_do_not_land_go_on_while_there_is_fluid() -> None:
    case = a_runner(a_program(*SIX))
    assert say("not_now") not in " ".join(pages(with_fluid(case)))


@pytest.mark.parametrize(("limit", "said"), [(2, ""), (4, "Pain up to 4 of 10 is fine here."), (0, "This one should not hurt.")])
def test_a_limit_of_pain_that_is_not_the_general_rule_stands_on_the_card(limit: int, said: str) -> None:
    text = " ".join(pages(a_runner(a_program(items=(an_item("clamshell", pain_limit=limit),)))))
    assert said in text
    assert ("fine here" in text or "should not hurt" in text) is bool(said)


def test_shoes_have_no_last_day_on_paper_and_an_insole_has() -> None:
    speech = Speech(knowledge(), "en", Units.METRIC)
    shoes, insole = (DeviceNote(one, AffectedSide.BOTH, "", "", TODAY, TODAY, "") for one in ("footwear_comfort", "orthosis_prefab"))
    assert device_panel(shoes, speech, 9.5, 92, 1.25, 8).aside == ""
    assert device_panel(insole, speech, 9.5, 92, 1.25, 8).aside == "Last day: November 20, 2026"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("count", [1, 6, 12])
def test_the_pocket_card_says_of_each_exercise_how_often(count: int, language: str) -> None:
    many = (*SIX, "calf_raise", "wall_squat", "hamstring_supine_pull", "quad_stretch_stand", "sl_stance_reach", "roll_itb")[:count]
    case = a_runner(a_program(*many))
    text, speech = " ".join(pages(case, Layout.POCKET, language)), Speech(knowledge(), language, Units.METRIC)
    for days in {speech.days(one) for one in case.program.items}:
        assert text.count(days) >= sum(speech.days(one) == days for one in case.program.items)
    assert say("call_emergency", language) in text


def test_small_pages_of_the_pocket_card_that_no_exercise_takes_hold_the_steps_of_taping() -> None:
    text = " ".join(pages(a_runner(a_program("clamshell", "bridge", tape=some_tape(), load=some_load())), Layout.POCKET))
    assert all(say(f"tape_step_{step}") in text for step in range(1, 7)) and say("running_keep") in text


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_diary_of_large_print_has_large_letters_and_days_of_one_size(language: str) -> None:
    data = handout_pdf(a_runner(a_program(*SIX)), knowledge(), TODAY, CLINIC, therapist="Linden", layout=Layout.LARGE, language=language)
    assert say("diary_title", language) in text_of(data)
    case = a_runner(a_program(*SIX))
    parts = Parts(case, case.program, knowledge(), Speech(knowledge(), language, Units.METRIC), TODAY, CLINIC, "Linden")
    grid = dataclasses.replace(parts.diary(13, 20), size=18, row=45)
    assert isinstance(grid, DiaryGrid) and grid._day_size(520) >= 14
    document = pdfium.PdfDocument(data)
    last = document[len(document) - 1]
    sizes = [round(pdfium_size(one), 1) for one in last.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_TEXT])]
    assert sorted(sizes)[len(sizes) // 4] >= 14


def pdfium_size(thing: pdfium.PdfObject) -> float:
    size = ctypes.c_float()
    pdfium.raw.FPDFTextObj_GetFontSize(thing.raw, size)
    return size.value


def test_rows_of_the_diary_still_stand_one_under_the_other_when_days_take_two_lines() -> None:
    case = a_runner(a_program(*SIX))
    parts = Parts(case, case.program, knowledge(), Speech(knowledge(), "es", Units.METRIC), TODAY, CLINIC, "Linden")
    grid = dataclasses.replace(parts.diary(13, 20), size=18, row=45)
    tops = sorted({one.y for one in grid.cells(520)})
    assert all(later - earlier == pytest.approx(45) for earlier, later in pairwise(tops))
    assert tops[-1] + 45 <= grid.height(520)


def test_a_panel_of_one_long_text_may_still_go_over_to_the_next_page() -> None:
    assert not Panel("Note", (Line("Words. " * 400),)).keeps_whole


def test_large_print_is_packed_into_the_fewest_pages_without_parting_a_panel() -> None:
    insole = DeviceNote("orthosis_prefab", AffectedSide.RIGHT, "Foot rolls in", "while running", TODAY, TODAY, "")
    load = dataclasses.replace(some_load(), footwear_note="The pair that feels most comfortable; change between two pairs", note="Flat ground")
    program = a_program("clamshell_band", "donkey_kick", "slr_hold", "bridge", "lateral_step_down", "side_plank_knees", devices=(insole,), load=load)
    case = a_runner(program)
    data = handout_pdf(case, knowledge(), TODAY, CLINIC, therapist="Linden", layout=Layout.LARGE, paper=Paper.LETTER)
    assert len(pdfium.PdfDocument(data)) <= 7
    told = pages(case, Layout.LARGE)
    assert sum(say("running_title") in one for one in told) == 1 == sum(say("orthosis_title") in one for one in told)


@pytest.mark.parametrize("layout", [Layout.LARGE, Layout.SINGLE, Layout.STANDARD])
@pytest.mark.parametrize("components", [(TapeComponent.GLIDE,), (TapeComponent.GLIDE, TapeComponent.TILT)])
def test_with_both_knees_taped_each_knee_has_its_drawing_inside_the_frame(layout: Layout, components: tuple[TapeComponent, ...]) -> None:
    tape = dataclasses.replace(some_tape(*components), side=AffectedSide.BOTH)
    case = a_runner(a_program(*SIX, tape=tape, load=some_load()))
    parts = Parts(case, case.program, knowledge(), Speech(knowledge(), "en", Units.METRIC), TODAY, CLINIC, "Linden")
    style = STYLES[layout][0]
    panel = parts.supports(style)[0]
    shown = [one.alt_text.lower() for one in panel.scenes]
    assert sum("left knee" in one for one in shown) == sum("right knee" in one for one in shown) >= 1
    width = parts.sheet(style, Paper.LETTER).width
    drawn = sum(panel._figure_width(one) + 8 for one in panel.scenes) if panel._figures_above() else panel._figure_room()[0]
    assert drawn <= width - 2 * panel.pad and panel._room(width) > 150
    assert len(pages(case, layout)) == len(pages(a_runner(a_program(*SIX, tape=some_tape(*components), load=some_load())), layout))
