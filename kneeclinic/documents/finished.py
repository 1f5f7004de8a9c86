"""Papers that are made already: several as one file to print, or their pages as pictures.

PDFium may be used by one thread at a time in the whole process; a second one ends the server. So it is imported here alone, every use
holds one lock, and whatever was opened is closed before the lock is let go: nothing is left for the garbage collector of another thread.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import ExitStack, closing
from io import BytesIO

import pypdfium2
from PIL.Image import Image

from kneeclinic.vocabulary import NotFound

_ONE_AT_A_TIME = threading.Lock()


def pack_pdf(papers: Sequence[bytes]) -> bytes:
    """All pages of all papers as one PDF; the papers themselves stay as they are. Raises NotFound for none."""
    if not papers:
        raise NotFound("There is no paper to put into the pack; issue one first.")
    target = BytesIO()
    with _ONE_AT_A_TIME, closing(pypdfium2.PdfDocument.new()) as whole:
        for data in papers:
            with closing(pypdfium2.PdfDocument(data)) as one:
                whole.import_pages(one)
        whole.save(target)
    return target.getvalue()


def page_count(data: bytes) -> int:
    """Pages of a PDF."""
    with _ONE_AT_A_TIME, closing(pypdfium2.PdfDocument(data)) as document:
        return len(document)


def page_pictures(data: bytes, *, most: int = 4, width: int = 620) -> list[bytes]:
    """The first pages of a PDF as PNG files, `width` pixels wide."""
    pictures = []
    with _ONE_AT_A_TIME, closing(pypdfium2.PdfDocument(data)) as document:
        for number in range(min(most, len(document))):
            with ExitStack() as opened:
                page = opened.enter_context(closing(document[number]))
                bitmap = opened.enter_context(closing(page.render(scale=width / page.get_width())))
                pictures.append(bitmap.to_pil().copy())
    return [_png(one) for one in pictures]


def _png(picture: Image) -> bytes:
    out = BytesIO()
    picture.save(out, format="PNG", optimize=False)
    return out.getvalue()
