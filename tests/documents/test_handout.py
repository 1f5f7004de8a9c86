"""The sheet that the patient takes home, read back from its PDF."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pypdfium2 as pdfium
import pytest
import segno

from kneeclinic.documents import typeface
from kneeclinic.documents.diary_grid import CODE_MASK, INSET
from kneeclinic.documents.handout import STYLES, handout_pdf
from kneeclinic.documents.handout_parts import Parts
from kneeclinic.documents.speech import Speech
from kneeclinic.record import DeviceNote, Dose
from kneeclinic.rules.running_plan import CROSS_TRAINING
from kneeclinic.vocabulary import AffectedSide, Layout, NotFound, Paper, TapeComponent, Units
from tests.documents.paper_builders import (
    CLINIC,
    SIX,
    TODAY,
    a_program,
    a_runner,
    an_item,
    knowledge,
    pages_of,
    some_load,
    some_tape,
    text_of,
)

NO_MARGIN_POINTS = 11.3
"""4 mm: printers cannot reach the edge of the paper."""


def handout(case=None, **options: object) -> bytes:
    return handout_pdf(case or a_runner(), knowledge(), TODAY, CLINIC, therapist="D. Demo", **options)


def test_the_dose_stands_on_the_sheet_as_it_was_prescribed() -> None:
    item = an_item("clamshell", dose=Dose(sets=4, reps=13, hold_s=7, load_kg=2.5, days_per_week=5))
    text = text_of(handout(a_runner(a_program(items=(item,)))))
    assert "4 x 13" in text
    assert "hold 7 s" in text
    assert "2.5 kg" in text
    assert "5 days a week" in text
    assert "right leg" in text


def test_the_tape_says_where_it_pulls_and_when_it_stops() -> None:
    text = text_of(handout(a_runner(a_program(tape=some_tape(TapeComponent.GLIDE, TapeComponent.TILT)))))
    words = knowledge().wording["en"].text
    assert words["tape_direction_glide"] in text
    assert words["tape_direction_tilt"] in text
    assert "toward the inside" in text
    assert "December 18, 2026" in text
    assert "right knee" in text


@pytest.mark.parametrize("layout", [Layout.STANDARD, Layout.LARGE, Layout.POCKET])
@pytest.mark.parametrize("language", ["en", "es"])
def test_tape_and_insoles_after_their_last_day_are_told_to_stop_and_not_how_they_are_worn(layout: Layout, language: str) -> None:
    words = knowledge().wording[language].text
    tape = dataclasses.replace(some_tape(), started_on=TODAY - timedelta(days=20), stop_on=TODAY - timedelta(days=1))
    insole = DeviceNote("orthosis_prefab", AffectedSide.RIGHT, "rolls in", "all day", tape.started_on, tape.stop_on)
    text = text_of(handout(a_runner(a_program(tape=tape, devices=(insole,))), layout=layout, language=language))
    assert words["tape_stop_now"] in text and words["device_stop_now"] in text
    for gone in ("tape_step_1", "tape_direction_glide", "tape_worn", "orthosis_step_1"):
        assert words[gone] not in text, gone
    last = dataclasses.replace(tape, stop_on=TODAY)
    assert words["tape_stop_now"] not in text_of(handout(a_runner(a_program(tape=last)), layout=layout, language=language))


@pytest.mark.parametrize(("language", "week"), [("en", "Week of Nov 16"), ("es", "Semana del 16 nov")])
def test_the_diary_says_which_week_it_is_for(language: str, week: str) -> None:
    text = text_of(handout(language=language))
    assert week in text
    assert f"{knowledge().wording[language].text['day_short_6']} 22" in text


def test_a_sheet_handed_over_when_the_week_is_nearly_gone_has_the_diary_of_the_next() -> None:
    saturday = TODAY + timedelta(days=1)
    text = text_of(handout_pdf(a_runner(), knowledge(), saturday, CLINIC, therapist="D. Demo"))
    assert "Week of Nov 23" in text and "Sun 29" in text


def test_what_else_keeps_fit_is_said_in_the_language_of_the_sheet() -> None:
    load = dataclasses.replace(some_load(), cross_training=CROSS_TRAINING)
    text = " ".join(text_of(handout(a_runner(a_program(load=load)), language="es")).split())
    assert "Otro deporte: bici con el asiento alto" in text and CROSS_TRAINING not in text


@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_layout_says_every_exercise_and_when_to_stop_in_both_languages(layout: Layout, language: str) -> None:
    text = text_of(handout(layout=layout, language=language))
    words = knowledge().wording[language]
    for exercise in SIX:
        assert words.exercises[exercise].name in text
    assert words.text["stop_and_call"] in text
    assert CLINIC.phone in text


@pytest.mark.parametrize("name", ["O'Brien & <Smith>", "Zoë", "Ωμέγα", "Наталья", "\"Quote\"", "X" * 200])
def test_a_first_name_is_printed_as_typed(name: str) -> None:
    data = handout(a_runner(given_name=name))
    text = text_of(data)
    assert name[:30] in text
    assert "&amp;" not in text
    assert "Aster" not in text, "the family name stays in the clinic"


def test_a_name_that_no_font_can_write_is_replaced_by_the_clinic_number() -> None:
    assert "K-7" in text_of(handout(a_runner(given_name="\U0001f9bf")))


FULL_SETS = {
    "six as tested": SIX, "six with long cues": ("sl_hip_abd", "clamshell", "hip_thrust", "seated_hip_er_band", "leg_press", "itb_tfl_stand"),
}


@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("which", list(FULL_SETS))
def test_six_exercises_with_tape_running_and_diary_fit_on_one_sheet(which: str, language: str, paper: Paper) -> None:
    old = a_program("clamshell", "bridge", "mini_squat")
    new = a_program(*FULL_SETS[which], version=2, tape=some_tape(), load=some_load())
    data = handout(a_runner(old, new), paper=paper, language=language)
    assert len(pdfium.PdfDocument(data)) <= 2
    words, text = knowledge().wording[language].text, text_of(data)
    for part in ("tape_step_6", "running_step_back", "pain_keep_what", "diary_how", "stop_and_call"):
        assert words[part] in text


@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("count", [2, 4, 5])
def test_up_to_five_exercises_stand_together_on_the_front(count: int, paper: Paper) -> None:
    document = pdfium.PdfDocument(handout(a_runner(a_program(*SIX[:count], tape=some_tape(), load=some_load())), paper=paper))
    front = " ".join(document[0].get_textpage().get_text_bounded().split())
    assert len(document) == 2
    assert all(knowledge().words(one, "en").feel[:20] in front for one in SIX[:count])


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_exercise_name_stands_in_the_diary_in_full_and_in_full_size(language: str) -> None:
    """The longest names of the catalogue, twelve of them, so that the numbers have two figures."""
    words = knowledge().wording[language].exercises
    longest = sorted(words, key=lambda one: -typeface.width(words[one].name, 9.5))[:12]
    parts = Parts(a_runner(a_program(*longest)), a_program(*longest), knowledge(), Speech(knowledge(), language, Units.METRIC), TODAY, CLINIC, "D.")
    diary = parts.diary(9.5, 18)
    width = parts.sheet(STYLES[Layout.STANDARD][0], Paper.A4).width
    first = min(one.x for one in diary.cells(width))
    for row in diary.rows:
        assert INSET + diary._number_room() * bool(row.number) + typeface.width(row.label, 9.5, row.written) + 4 <= first
    assert min(one.width for one in diary.cells(width)) >= 36, "a number of two figures can be written into a box"


def test_what_is_left_of_the_sheet_is_given_to_the_diary() -> None:
    """Rows of the diary are at least 6 mm tall, and taller where the page has room."""
    def rows(case) -> set[float]:
        document = pdfium.PdfDocument(handout(case, paper=Paper.LETTER, language="es"))
        page = document[len(document) - 1]
        boxes = [one.get_bounds() for one in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_PATH])]
        return {round(top - bottom) for left, bottom, right, top in boxes if 35 < right - left < 60 and 10 < top - bottom < 30}

    full = rows(a_runner(a_program(*FULL_SETS["six with long cues"], tape=some_tape(), load=some_load())))
    short = rows(a_runner(a_program("clamshell", "bridge")))
    assert min(full) >= 14 and max(short) > max(full)


def test_the_pocket_card_is_one_page_up_to_twelve_exercises() -> None:
    twelve = a_runner(a_program(*list(knowledge().exercises)[:12]))
    assert len(pdfium.PdfDocument(handout(twelve, layout=Layout.POCKET))) == 1


def test_large_print_is_nowhere_smaller_than_the_diary_needs() -> None:
    document = pdfium.PdfDocument(handout(layout=Layout.LARGE))
    assert len(document) > 2


def test_what_changed_is_named_and_marked() -> None:
    old = a_program("clamshell", "bridge", "mini_squat")
    new = a_program("clamshell", "single_leg_bridge", "mini_squat", version=2)
    text = text_of(handout(a_runner(old, new)))
    assert "What changed this week" in text
    assert "Single-leg bridge" in text.split("What changed this week")[1][:200]
    assert "What changed" not in text_of(handout(a_runner(old)))


def test_running_is_printed_in_the_units_of_the_patient() -> None:
    case = a_runner(a_program(load=some_load()))
    assert "12 km" in text_of(handout(case))
    miles = dataclasses.replace(case, patient=dataclasses.replace(case.patient, units=Units.IMPERIAL))
    text = text_of(handout(miles))
    assert "7.5 miles" in text
    assert " km" not in text


@pytest.mark.parametrize(("language", "words"), [("en", ("each way", "on each side", "in 3 directions")),
                                                 ("es", ("en cada sentido", "por cada lado", "en 3 direcciones"))])
@pytest.mark.parametrize("layout", [Layout.STANDARD, Layout.POCKET])
def test_a_set_that_goes_both_ways_says_so_beside_its_dose(language: str, words: tuple[str, ...], layout: Layout) -> None:
    case = a_runner(a_program("lateral_band_walk", "dead_bug", "sl_stance_reach"))
    assert all(one in text_of(handout(case, language=language, layout=layout)) for one in words)
    assert not any(one in text_of(handout(a_runner(a_program("clamshell")), language=language)) for one in words)


def test_the_sheet_names_what_to_lay_out_and_takes_what_is_at_home() -> None:
    both = next(one for one in knowledge().exercises.values() if one.any_equipment == ("roller", "ball"))
    band = a_program("lateral_band_walk", both.id)
    assert "You need: a loop band, a small firm ball" in text_of(handout(a_runner(band, equipment=("ball", "loop_band"))))
    assert "a foam roller or a small firm ball" in text_of(handout(a_runner(band, equipment=())))
    assert "You need" not in text_of(handout(a_runner(a_program("bridge"))))


def test_tape_that_is_new_and_running_that_changed_stand_among_the_changes() -> None:
    old, new = a_program(load=some_load()), a_program(version=2, tape=some_tape(), load=dataclasses.replace(some_load(), weekly_km=14))
    said = text_of(handout(a_runner(old, new))).split("What changed this week")[1][:160]
    assert "New: Tape for your knee" in said and "Harder: Running this week" in said


def test_the_code_of_the_diary_is_the_code_of_program_version_and_week() -> None:
    """Every module is compared, so that any reader of such codes can read it; no name is in it."""
    case, scale = a_runner(a_program("clamshell", "bridge")), 8
    year, week, _ = TODAY.isocalendar()
    wanted = [list(row) for row in segno.make(f"KC1;program1;1;{year}-W{week:02d}", error="m", micro=False, mask=CODE_MASK).matrix_iter(border=2)]
    document = pdfium.PdfDocument(handout(case))
    page = document[len(document) - 1]
    codes = [one.get_bounds() for one in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_PATH])]
    left, _, right, top = next(one for one in codes if 45 < one[2] - one[0] < 60 and abs((one[2] - one[0]) - (one[3] - one[1])) < 0.5)
    grey = page.render(scale=scale, grayscale=True).to_numpy().squeeze()
    side = len(wanted)
    step = (right - left) / (side - 4)
    height = page.get_size()[1]
    seen = [[int(grey[int((height - top + (down - 2 + 0.5) * step) * scale), int((left + (across - 2 + 0.5) * step) * scale)] < 128)
             for across in range(2, side - 2)] for down in range(2, side - 2)]
    assert seen == [row[2:-2] for row in wanted[2:-2]]


def test_the_same_program_gives_the_same_bytes() -> None:
    assert handout() == handout()


def test_without_a_program_there_is_one_clear_sentence() -> None:
    with pytest.raises(NotFound, match="no program yet"):
        handout(dataclasses.replace(a_runner(), programs=()))


LONG_NOTE = "This is a note that goes on and on. " * 56


def worst_cases() -> dict[str, object]:
    longest = sorted(knowledge().exercises, key=lambda one: -sum(map(len, knowledge().wording["es"].exercises[one].cues)))[:12]
    return {
        "longest cues, twelve": a_runner(a_program(*longest)),
        "long note": a_runner(a_program(note=LONG_NOTE[:2000])),
        "long item note": a_runner(a_program(items=(an_item("clamshell", note=LONG_NOTE[:600]), an_item("bridge")))),
        "longest name": a_runner(given_name="W" * 200),
        "everything": a_runner(a_program(tape=some_tape(*TapeComponent), load=some_load(), note="A note.")),
        "one exercise": a_runner(a_program("clamshell")),
        "none": a_runner(a_program(items=())),
        "both legs": a_runner(a_program(items=(an_item("clamshell", side=AffectedSide.BOTH),))),
    }


@pytest.mark.parametrize("which", list(worst_cases()))
@pytest.mark.parametrize("layout", list(Layout))
def test_nothing_leaves_the_paper_and_no_page_is_blank(which: str, layout: Layout) -> None:
    for language in ("en", "es"):
        data = handout(worst_cases()[which], layout=layout, language=language)
        for page in pages_of(data):
            ink = page < 200
            edge = int(NO_MARGIN_POINTS)
            assert not ink[:edge].any(), "ink at the upper edge"
            assert not ink[-edge:].any(), "ink at the lower edge"
            assert not ink[:, :edge].any(), "ink at the left edge"
            assert not ink[:, -edge:].any(), "ink at the right edge"
            assert ink.mean() > 0.004, "a blank page"


def test_fonts_are_embedded_and_title_and_language_are_set() -> None:
    data = handout(language="es")
    assert b"/FontFile2" in data
    assert b"/Lang" in data
    assert "Helvetica" not in {font for page in pdfium.PdfDocument(data) for font in fonts_of(page)}
    assert pdfium.PdfDocument(data).get_metadata_value("Title")


def fonts_of(page: pdfium.PdfPage) -> set[str]:
    found = set()
    for thing in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_TEXT]):
        font = pdfium.raw.FPDFTextObj_GetFont(thing.raw)
        size = pdfium.raw.FPDFFont_GetBaseFontName(font, None, 0)
        import ctypes

        buffer = ctypes.create_string_buffer(size)
        pdfium.raw.FPDFFont_GetBaseFontName(font, buffer, size)
        found.add(buffer.value.decode())
    return found


def test_what_the_catalogue_says_to_clinicians_reaches_the_patient_in_words_of_their_own() -> None:
    """The screen fills direction and wear in with the catalogue's sentences; what a therapist typed is printed as typed."""
    support = knowledge().support("tape_patellar")
    usual = dataclasses.replace(some_tape(), direction=support.directions[TapeComponent.GLIDE], wear=support.wear, retest_task="Step-down")
    text = text_of(handout(a_runner(a_program(tape=usual)), language="es"))
    words = knowledge().wording["es"].text
    assert support.wear not in text and support.directions[TapeComponent.GLIDE] not in text
    assert words["tape_wear_usual"] in text and words["tape_direction_glide"] in text
    assert words["task_step_down"] in text and "Step-down" not in text
    typed = dataclasses.replace(usual, wear="solo al correr", direction="hacia adentro")
    text = text_of(handout(a_runner(a_program(tape=typed)), language="es"))
    assert "solo al correr" in text and "hacia adentro" in text


def test_an_exercise_alone_in_its_row_has_the_whole_width_and_no_half_of_the_sheet_is_empty() -> None:
    page = pdfium.PdfDocument(handout(a_runner(a_program("clamshell", "bridge", "mini_squat"))))[0]
    frames = [one.get_bounds() for one in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_PATH])]
    widths = sorted(round(right - left) for left, bottom, right, top in frames if top - bottom > 100 and right - left > 200)
    assert widths[-1] > 1.9 * widths[0]
