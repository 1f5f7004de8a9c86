"""Several papers as one file."""

from __future__ import annotations

import pypdfium2 as pdfium
import pytest

from kneeclinic.documents.handout import handout_pdf
from kneeclinic.documents.pack import pack_pdf
from kneeclinic.vocabulary import NotFound
from tests.documents.paper_builders import CLINIC, TODAY, a_runner, knowledge, text_of


def test_a_pack_holds_every_page_of_every_paper_in_order() -> None:
    papers = [handout_pdf(a_runner(given_name=name), knowledge(), TODAY, CLINIC, therapist="D. Demo") for name in ("Ash", "Birch", "Cedar")]
    whole = pack_pdf(papers)
    assert len(pdfium.PdfDocument(whole)) == sum(len(pdfium.PdfDocument(one)) for one in papers)
    text = text_of(whole)
    assert text.index("For Ash") < text.index("For Birch") < text.index("For Cedar")
    assert b"/FontFile2" in whole


def test_an_empty_pack_is_refused() -> None:
    with pytest.raises(NotFound, match="no paper"):
        pack_pdf([])
