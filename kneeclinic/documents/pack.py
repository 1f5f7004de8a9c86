"""Several papers as one file to print, in the order given."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pypdfium2

from kneeclinic.vocabulary import NotFound


def pack_pdf(papers: Sequence[bytes]) -> bytes:
    """All pages of all papers as one PDF; the papers themselves stay as they are. Raises NotFound for none."""
    if not papers:
        raise NotFound("There is no paper to put into the pack; issue one first.")
    whole = pypdfium2.PdfDocument.new()
    try:
        for data in papers:
            one = pypdfium2.PdfDocument(data)
            whole.import_pages(one)
            one.close()
        target = BytesIO()
        whole.save(target)
    finally:
        whole.close()
    return target.getvalue()
