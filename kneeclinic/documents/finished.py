"""Papers that are made already: several as one file to print, or their pages as pictures.

PDFium may be used by one thread at a time in the whole process; a second one ends the server. So it is imported here alone, every use
holds one lock, and whatever was opened is closed before the lock is let go: nothing is left for the garbage collector of another thread.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from contextlib import ExitStack, closing
from io import BytesIO

import pypdfium2
from PIL.Image import Image

from kneeclinic.vocabulary import NotFound

_ONE_AT_A_TIME = threading.Lock()
LANGUAGE = re.compile(rb"/Lang\s*\((\w+)\)")
TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s*(\d+)\s*%%EOF\s*$", re.DOTALL)
PAGES = re.compile(rb"/Pages (\d+) 0 R")
REFERENCE = {name: re.compile(rb"/%s (\d+) 0 R" % name.encode()) for name in ("Root", "Info")}


def pack_pdf(papers: Sequence[bytes], title: str = "") -> bytes:
    """All pages of all papers as one PDF; the papers themselves stay as they are. Raises NotFound for none."""
    if not papers:
        raise NotFound("There is no paper to put into the pack; issue one first.")
    target = BytesIO()
    with _ONE_AT_A_TIME, closing(pypdfium2.PdfDocument.new()) as whole:
        for data in papers:
            with closing(pypdfium2.PdfDocument(data)) as one:
                whole.import_pages(one)
        whole.save(target)
    return _named(target.getvalue(), title or f"{len(papers)} papers to print", _language(papers))


def _language(papers: Sequence[bytes]) -> str:
    """The language of most of the papers."""
    found = [one.group(1).decode() for data in papers if (one := LANGUAGE.search(data))]
    return max(dict.fromkeys(found), key=found.count, default="en")


def _named(data: bytes, title: str, language: str) -> bytes:
    """The same file with its title and language, which PDFium does not write: a second edition of two objects, put at the end."""
    trailer = TRAILER.search(data)
    if trailer is None:
        return data
    root, info = (int(REFERENCE[name].search(trailer.group(1)).group(1)) for name in ("Root", "Info"))  # type: ignore[union-attr]
    pages = PAGES.search(data, data.rindex(b"\n%d 0 obj" % root)).group(1)  # type: ignore[union-attr]
    words = b"FEFF" + title.encode("utf-16-be").hex().upper().encode()
    new = {
        root: b"<</Type/Catalog /Pages %s 0 R /Lang(%s) /ViewerPreferences<</DisplayDocTitle true>>>>" % (pages, language.encode()),
        info: b"<</Title<%s> /Creator(KneeClinic)>>" % words,
    }
    out, places = bytearray(data), {}
    for number, body in sorted(new.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n" + b"".join(b"%d 1\n%010d 00000 n\r\n" % one for one in sorted(places.items()))
    return bytes(out + b"trailer\n<<%s /Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (trailer.group(1), trailer.group(2), start))


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
