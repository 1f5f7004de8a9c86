"""Every paper with its worst cases: read back by position, so that nothing overlaps, is cut off, too small, or alone at the foot of a page."""

from __future__ import annotations

import ctypes
import dataclasses
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from kneeclinic.documents.assessment_form import assessment_form_pdf
from kneeclinic.documents.discharge_summary import discharge_summary_pdf
from kneeclinic.documents.handout import handout_pdf
from kneeclinic.documents.letter import referral_letter_pdf
from kneeclinic.documents.progress_report import progress_report_pdf
from kneeclinic.documents.review_sheet import review_sheet_pdf
from kneeclinic.documents.visit_note import visit_note_pdf
from kneeclinic.progress.review import weekly_review
from kneeclinic.record import Case, ClinicProfile
from kneeclinic.vocabulary import Layout, Paper, TapeComponent, VisitKind
from tests.documents import clinical_builders as clinical
from tests.documents.paper_builders import CLINIC, TODAY, a_program, a_runner, an_item, knowledge, pages_of, some_load, some_tape, text_of

EDGE = 11.3
"""4 mm in points."""
FOOT = 50.0
LEAST = 9.5
LONG = "A note that goes on and on, with O'Brien & <Smith> in it. " * 36
PROFILES = {"plain": CLINIC, "long": ClinicProfile(name="The Riverside and Northern Hills Centre for Knees, Hips and Running Injuries " * 2,
                                                   address="A very long street name 12345, " * 6, phone="+49 (0)30 5550100-1234")}


def the_longest() -> Case:
    """Twelve exercises with the longest words, notes everywhere, all tape, running, the longest name."""
    ids = sorted(knowledge().exercises, key=lambda one: -sum(map(len, knowledge().wording["es"].exercises[one].cues)))[:12]
    items = tuple(an_item(one, note=LONG[:300]) for one in ids)
    old = a_program(*ids[:6])
    new = a_program(items=items, version=2, tape=some_tape(*TapeComponent), load=some_load(), note=LONG[:2000])
    return a_runner(old, new, given_name="Wolfeschlegelsteinhausenbergerdorff" * 4, family_name="Müller-Lüdenscheidt " * 8)


CASES: dict[str, Callable[[], Case]] = {
    "plain": lambda: a_runner(), "longest": the_longest, "empty program": lambda: a_runner(a_program(items=())), "course": clinical.a_course,
    "worst course": clinical.the_worst, "empty course": clinical.an_empty_course,
}


def review(case: Case, profile: ClinicProfile) -> bytes:
    found = [(case, weekly_review(case, knowledge(), TODAY))]
    return review_sheet_pdf(found * 3, knowledge(), TODAY, profile)


PAPERS: dict[str, Callable[[Case, ClinicProfile], bytes]] = {
    **{f"handout {layout} {language} {paper}": (
        lambda case, profile, layout=layout, language=language, paper=paper: handout_pdf(
            case, knowledge(), TODAY, profile, therapist="D. Demo", language=language, layout=layout, paper=paper))
       for layout in Layout for language in ("en", "es") for paper in (Paper.A4, Paper.LETTER)},
    "review pack": review,
    "progress report": lambda case, profile: progress_report_pdf(case, knowledge(), TODAY, profile, therapist="D. Demo"),
    "letter": lambda case, profile: referral_letter_pdf(case, knowledge(), TODAY, profile, therapist="D. Demo", to="Dr. A\n1 Street",
                                                        reason=LONG[:900]),
    "discharge": lambda case, profile: discharge_summary_pdf(case, knowledge(), TODAY, profile, therapist="D. Demo"),
    "visit note": lambda case, profile: visit_note_pdf(case, case.visits[-1], knowledge(), TODAY, profile),
    "first form": lambda case, profile: assessment_form_pdf(knowledge(), profile, VisitKind.FIRST),
    "weekly form": lambda case, profile: assessment_form_pdf(knowledge(), profile, VisitKind.WEEKLY),
}


def combinations() -> Iterator[tuple[str, str, str]]:
    for paper in PAPERS:
        for case in CASES:
            if "form" in paper and case != "plain":
                continue
            if paper.startswith("handout") != (case in ("plain", "longest", "empty program")) and "form" not in paper:
                continue
            yield paper, case, "long" if case in ("longest", "worst course") else "plain"


@cache
def made(paper: str, case: str, profile: str) -> bytes:
    found = CASES[case]()
    if paper == "visit note" and not found.visits:
        pytest.skip("no visit to write of")
    return PAPERS[paper](found, PROFILES[profile])


every_paper = pytest.mark.parametrize(("paper", "case", "profile"), list(combinations()))


@dataclasses.dataclass(frozen=True)
class Printed:
    """A printed piece of text: its box in points, y upwards, and its size."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    bold: bool


def printed(page: pdfium.PdfPage) -> list[Printed]:
    raw, text = pdfium.raw, page.get_textpage()
    found = []
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        left, bottom, right, top = thing.get_bounds()
        height = ctypes.c_float()
        raw.FPDFTextObj_GetFontSize(thing.raw, height)
        words = text.get_text_bounded(left - 0.1, bottom - 0.1, right + 0.1, top + 0.1)
        found.append(Printed(words, left, bottom, right, top, height.value, "Bold" in font_name(thing)))
    return found


def is_frame(path: pdfium.PdfObject) -> bool:
    """Whether all straight lines of a path are level or upright; what a drawing is made of is not."""
    raw, places, x, y = pdfium.raw, [], ctypes.c_float(), ctypes.c_float()
    for number in range(raw.FPDFPath_CountSegments(path.raw)):
        segment = raw.FPDFPath_GetPathSegment(path.raw, number)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        places.append((raw.FPDFPathSegment_GetType(segment), x.value, y.value))
    lines = [(one, two) for one, two in pairwise(places) if two[0] == raw.FPDF_SEGMENT_LINETO]
    return bool(lines) and all(abs(one[1] - two[1]) < 0.1 or abs(one[2] - two[2]) < 0.1 for one, two in lines)


def font_name(thing: pdfium.PdfObject) -> str:
    raw = pdfium.raw
    font = raw.FPDFTextObj_GetFont(thing.raw)
    size = raw.FPDFFont_GetBaseFontName(font, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFFont_GetBaseFontName(font, buffer, size)
    return buffer.value.decode()


@every_paper
def test_no_ink_within_four_millimetres_of_the_edge_and_no_blank_page(paper: str, case: str, profile: str) -> None:
    for number, page in enumerate(pages_of(made(paper, case, profile)), start=1):
        ink, edge = page < 200, int(EDGE)
        for where, strip in (("upper", ink[:edge]), ("lower", ink[-edge:]), ("left", ink[:, :edge]), ("right", ink[:, -edge:])):
            assert not strip.any(), f"page {number}: ink at the {where} edge"
        assert ink.mean() > 0.004, f"page {number} is blank"


@every_paper
def test_no_text_lies_on_another_and_none_leaves_the_margins(paper: str, case: str, profile: str) -> None:
    for number, page in enumerate(pdfium.PdfDocument(made(paper, case, profile)), start=1):
        width, height = page.get_size()
        pieces = sorted((one for one in printed(page) if one.text.strip()), key=lambda one: -one.top)
        for at, one in enumerate(pieces):
            assert one.left >= EDGE and one.right <= width - EDGE and one.bottom >= EDGE and one.top <= height - EDGE, f"page {number}: {one}"
            for other in pieces[at + 1:]:
                if other.top < one.bottom:
                    continue
                wide = min(one.right, other.right) - max(one.left, other.left)
                tall = min(one.top, other.top) - max(one.bottom, other.bottom)
                least = min(one.top - one.bottom, other.top - other.bottom)
                assert wide < 1.5 or tall < 0.45 * least, f"page {number}: {one.text!r} lies on {other.text!r}"


@pytest.mark.parametrize(("paper", "case", "profile"), [one for one in combinations() if one[0].startswith("handout")])
def test_no_frame_cuts_through_a_text(paper: str, case: str, profile: str) -> None:
    for number, page in enumerate(pdfium.PdfDocument(made(paper, case, profile)), start=1):
        frames = [one.get_bounds() for one in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_PATH]) if is_frame(one)]
        frames = [one for one in frames if one[2] - one[0] > 100 and one[3] - one[1] > 20]
        for one in printed(page):
            for left, bottom, right, top in frames:
                apart = one.right < left + 0.5 or one.left > right - 0.5 or one.top < bottom + 0.5 or one.bottom > top - 0.5
                held = left - 0.5 <= one.left and one.right <= right + 0.5 and bottom - 0.5 <= one.bottom and one.top <= top + 0.5
                assert apart or held or not one.text.strip(), f"page {number}: a frame cuts through {one.text!r}"


@pytest.mark.parametrize(("paper", "case", "profile"), [one for one in combinations() if not one[0].startswith("handout")])
def test_no_heading_stands_alone_at_the_foot_of_a_page(paper: str, case: str, profile: str) -> None:
    for number, page in enumerate(pdfium.PdfDocument(made(paper, case, profile)), start=1):
        body = [one for one in printed(page) if one.text.strip() and one.bottom > FOOT]
        if body:
            last = min(body, key=lambda one: one.bottom)
            assert not (last.bold and last.size >= 11.4 and last.left < 60), f"page {number} ends in the heading {last.text!r}"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("case", ["plain", "longest"])
def test_nothing_in_the_standard_layout_is_smaller_than_nine_and_a_half_points(case: str, language: str) -> None:
    for page in pdfium.PdfDocument(made(f"handout standard {language} a4", case, "plain")):
        top = page.get_size()[1]
        small = [one for one in printed(page) if one.text.strip() and one.size < LEAST - 0.01 and FOOT < one.bottom < top - 90]
        assert small == []


def test_large_print_is_eighteen_points_but_for_the_diary_and_the_foot() -> None:
    case, sizes = "plain", []
    for page in pdfium.PdfDocument(made("handout large en a4", case, "plain")):
        sizes += [one.size for one in printed(page) if one.text.strip() and FOOT < one.bottom < page.get_size()[1] - 130]
    assert sorted(sizes)[len(sizes) // 20] >= 12
    assert sum(size >= 17.9 for size in sizes) > 0.7 * len(sizes)


@pytest.mark.parametrize("layout", list(Layout))
def test_the_number_to_call_is_never_cut_off_by_a_long_name(layout: Layout) -> None:
    data = made(f"handout {layout} en a4", "longest", "long")
    assert f": {PROFILES['long'].phone}" in text_of(data)


def test_the_text_comes_out_in_the_order_in_which_it_is_read() -> None:
    words = knowledge().wording["en"].text
    text = text_of(made("handout standard en a4", "longest", "plain"))
    places = [0]
    for one in ("what_changed", "week_title", "pain_rule_title", "tape_step_1", "running_keep", "diary_title"):
        places.append(text.index(words[one], places[-1]))
    for item in the_longest().program.items[:6]:
        spoken = knowledge().words(item.exercise, "en")
        card = text.index(spoken.name, places[2])
        assert card < text.index(" ".join(spoken.cues[0].split())[:20], card), "the name is read before its cues"


@every_paper
def test_a_second_reader_opens_it_and_finds_no_fault(paper: str, case: str, profile: str, tmp_path: Path) -> None:
    if not (shutil.which("qpdf") and shutil.which("pdffonts")):
        pytest.skip("needs the packages qpdf and poppler-utils")
    file = tmp_path / "paper.pdf"
    file.write_bytes(made(paper, case, profile))
    checked = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0 and "WARNING" not in checked.stdout + checked.stderr, checked.stdout + checked.stderr
    fonts = subprocess.run(["pdffonts", str(file)], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert fonts and all(line.split()[-5] == "yes" for line in fonts), "every font is embedded"
    about = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    assert "Title:" in about and f"Pages:           {len(pdfium.PdfDocument(file.read_bytes()))}" in about
