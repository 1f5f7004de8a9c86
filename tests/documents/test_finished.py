"""Papers that are made already: as one file, as pictures, and by many threads at once."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from kneeclinic.documents.finished import pack_pdf, page_pictures
from kneeclinic.documents.handout import handout_pdf
from kneeclinic.vocabulary import NotFound
from tests.documents.paper_builders import CLINIC, TODAY, a_runner, knowledge, text_of


def test_a_pack_holds_every_page_of_every_paper_in_order() -> None:
    papers = [handout_pdf(a_runner(given_name=name), knowledge(), TODAY, CLINIC, therapist="D. Demo") for name in ("Ash", "Birch", "Cedar")]
    whole = pack_pdf(papers)
    assert len(pdfium.PdfDocument(whole)) == sum(len(pdfium.PdfDocument(one)) for one in papers)
    text = text_of(whole)
    assert text.index("For Ash") < text.index("For Birch") < text.index("For Cedar")
    assert b"/FontFile2" in whole


@pytest.mark.parametrize("languages", [("en", "en"), ("es", "es", "en"), ("es",)])
def test_a_pack_has_a_title_and_the_language_of_most_of_its_papers_and_no_reader_finds_a_fault(languages: tuple[str, ...], tmp_path: Path) -> None:
    if not (shutil.which("qpdf") and shutil.which("pdfinfo")):
        pytest.skip("needs the packages qpdf and poppler-utils")
    papers = [handout_pdf(a_runner(), knowledge(), TODAY, CLINIC, therapist="D. Demo", language=one) for one in languages]
    file = tmp_path / "pack.pdf"
    file.write_bytes(pack_pdf(papers, "Visits of today, Año"))
    checked = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0 and "WARNING" not in checked.stdout + checked.stderr, checked.stdout + checked.stderr
    about = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Title: +Visits of today, Año\n", about)
    whole = pdfium.PdfDocument(file.read_bytes())
    assert whole.get_metadata_value("Title") == "Visits of today, Año"
    assert len(whole) == sum(len(pdfium.PdfDocument(one)) for one in papers)
    shown = subprocess.run(["qpdf", "--json", "--json-key=qpdf", str(file)], capture_output=True, text=True, check=True).stdout
    assert f'"/Lang": "u:{languages[0]}"' in shown


def test_an_empty_pack_is_refused() -> None:
    with pytest.raises(NotFound, match="no paper"):
        pack_pdf([])


def test_pages_become_pictures_of_the_width_asked_for() -> None:
    data = handout_pdf(a_runner(), knowledge(), TODAY, CLINIC, therapist="D. Demo")
    pictures = [Image.open(BytesIO(one)) for one in page_pictures(data, most=4, width=500)]
    assert len(pictures) == len(pdfium.PdfDocument(data))
    for one in pictures:
        assert one.width in (500, 501) and one.height > one.width
        assert len(set(one.convert("L").resize((40, 56)).get_flattened_data())) > 10
    assert len(page_pictures(data, most=1)) == 1


CROWD = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
from kneeclinic.documents.finished import pack_pdf, page_pictures
data = open(sys.argv[1], "rb").read()
start = threading.Barrier(8)
def one(number):
    start.wait()
    for _ in range(12):
        page_pictures(data, most=2, width=400)
        pack_pdf([data, data])
    return page_pictures(data, most=1, width=400)[0]
with ThreadPoolExecutor(8) as pool:
    print(len(set(pool.map(one, range(8)))))
"""


def test_eight_who_look_at_papers_at_once_do_not_end_the_server(tmp_path: Path) -> None:
    """In a process of its own: what goes wrong here ends the process that it goes wrong in."""
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(handout_pdf(a_runner(), knowledge(), TODAY, CLINIC, therapist="D. Demo"))
    ran = subprocess.run([sys.executable, "-c", CROWD, str(paper)], capture_output=True, text=True, timeout=120, check=False)
    assert (ran.returncode, ran.stdout.strip()) == (0, "1"), ran.stderr[-500:]
