"""Letters on paper: embedded fonts, every script that a shipped or installed font can write, never a box in place of a letter.

All papers of the house share the fonts, and ReportLab reads a font file like a tape with one head: two papers finished in the same moment
got letters of each other, or none. So a font is loaded, shaped with and embedded under one lock.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reportlab.lib.abag import ABag
from reportlab.lib.colors import Color
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import TTFError, TTFont, shapeFragWord
from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents.tagging import hex_words, is_tagged, tagged

SHIPPED = Path(__file__).parent / "fonts"
BODY = "NotoSans"
SCRIPTS = ("NotoSansHebrew", "NotoSansArabic", "NotoSansDevanagari", "NotoSansThai", "NotoSansArmenian", "NotoSansGeorgian")
INSTALLED_FOLDERS = (
    Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts", Path.home() / ".local/share/fonts",
    Path("/Library/Fonts"), Path("/System/Library/Fonts"), Path("C:/Windows/Fonts"),
)
RTL_CLASSES = {"R", "AL", "AN"}
LEADING = 1.28
VARIATION = {chr(code) for code in range(0xFE00, 0xFE10)}
_ONE_AT_A_TIME = threading.RLock()


class _SharedFont(TTFont):
    """A font that many papers embed, each while no other does."""

    def addObjects(self, doc: PDFDocument) -> None:
        with _ONE_AT_A_TIME:
            super().addObjects(doc)


@dataclass(frozen=True)
class Run:
    """A stretch of text that one font can write. `shaped`: needs glyph shaping (Arabic, Indic, Thai …)."""

    font: str
    text: str
    shaped: bool
    rtl: bool


def _register(name: str, path: str) -> TTFont | None:
    """The one font of that name: a second of the same name would take the letters that papers on their way gave to the first."""
    with _ONE_AT_A_TIME:
        return _loaded(name, path)


@lru_cache(maxsize=512)
def _loaded(name: str, path: str) -> TTFont | None:
    try:
        font = _SharedFont(name, path)
        pdfmetrics.registerFont(font)
    except (TTFError, OSError, ValueError, KeyError):
        return None
    return font


@lru_cache(maxsize=64)
def _shipped(family: str, bold: bool) -> TTFont | None:
    name = f"{family}-{'Bold' if bold else 'Regular'}"
    return _register(name, str(SHIPPED / f"{name}.ttf"))


@lru_cache(maxsize=1)
def _installed_files() -> tuple[Path, ...]:
    """TrueType files of the machine, sorted by path so that the choice never changes between two runs."""
    found = {path for folder in INSTALLED_FOLDERS if folder.is_dir() for path in folder.rglob("*.ttf")}
    return tuple(sorted(found))


@lru_cache(maxsize=4096)
def _font_of(character: str, bold: bool) -> str | None:
    """Name of the first font that has the character: body, shipped scripts, then what is installed."""
    code = ord(character)
    for family in (BODY, *SCRIPTS):
        font = _shipped(family, bold)
        if font is not None and code in font.face.charToGlyph:
            return font.fontName
    for path in sorted(_installed_files(), key=lambda one: ("bold" in one.stem.lower()) != bold):
        font = _register(f"Installed-{path.stem}", str(path))
        if font is not None and code in font.face.charToGlyph:
            return font.fontName
    return None


def _is_rtl(character: str) -> bool:
    return unicodedata.bidirectional(character) in RTL_CLASSES


def _needs_shaping(font: str) -> bool:
    return not font.startswith(f"{BODY}-")


def _known(text: str, bold: bool) -> str:
    """`text` in composed form without what no font here can write; every blank is an ordinary one, and none is lost."""
    if text.isascii() and text.isprintable():
        return text
    kept = []
    for one in unicodedata.normalize("NFC", text):
        if one == "\n" or (one.isspace() or unicodedata.category(one)[0] == "Z"):
            kept.append("\n" if one == "\n" else " ")
        elif unicodedata.category(one)[0] != "C" and one not in VARIATION and _font_of(one, bold) is not None:
            kept.append(one)
    return "".join(kept)


def writable(text: str, bold: bool = False) -> str:
    """`text` in composed form without what no font here can write (most emoji), blanks closed up; letters are kept wherever possible."""
    return "\n".join(" ".join(line.split()) for line in _known(text, bold).split("\n"))


@lru_cache(maxsize=8192)
def runs(text: str, bold: bool = False) -> tuple[Run, ...]:
    """The text as runs in the order in which they are drawn from left to right; blanks at either end are kept."""
    base = f"{BODY}-{'Bold' if bold else 'Regular'}"
    _shipped(BODY, bold)
    text = _known(text, bold)
    if text.isascii():
        return (Run(base, text, False, False),) if text else ()
    found: list[Run] = []
    for character in text:
        font = _font_of(character, bold) or base
        neutral = character.isspace() or unicodedata.category(character)[0] in "PSZ"
        rtl = _is_rtl(character) or (neutral and bool(found) and found[-1].rtl)
        if neutral and found and not (rtl and not found[-1].rtl):
            last = found[-1]
            code_known = ord(character) in pdfmetrics.getFont(last.font).face.charToGlyph
            font = last.font if code_known else font
        if found and found[-1].font == font and found[-1].rtl == rtl:
            found[-1] = Run(font, found[-1].text + character, found[-1].shaped, rtl)
        else:
            found.append(Run(font, character, _needs_shaping(font), rtl))
    first_strong = next((one for one in text if unicodedata.bidirectional(one) in RTL_CLASSES | {"L"}), "")
    return tuple(reversed(found)) if first_strong and _is_rtl(first_strong) else tuple(found)


def _shaped(run: Run, size: float) -> object:
    word = [0, (ABag(fontName=run.font, fontSize=size), run.text)]
    with _ONE_AT_A_TIME:  # letters that only shaping knows get a place of their own in the font
        return shapeFragWord(word, features={"kern": True, "liga": True}, force=True)[1][1]


def _run_width(run: Run, size: float) -> float:
    if not run.shaped:
        return float(pdfmetrics.stringWidth(run.text, run.font, size))
    return sum(one.x_advance for one in _shaped(run, size).__shapeData__) * size / 1000  # type: ignore[attr-defined]


def first_font() -> str:
    """The font that a canvas starts with: embedded like the others, so that no paper asks its reader for a font."""
    font = _shipped(BODY, False)
    assert font is not None, "the shipped font is missing"
    return str(font.fontName)


@lru_cache(maxsize=32768)
def width(text: str, size: float, bold: bool = False) -> float:
    """Width in points."""
    return sum(_run_width(run, size) for run in runs(text, bold))


def draw(canvas: Canvas, x: float, y: float, text: str, size: float, *, bold: bool = False, align: str = "left",
         color: Color | None = None) -> None:
    """Draws one line with its baseline at `y`; `align` is left, center or right of `x`. Nothing is interpreted as markup."""
    if not text:
        return
    if align != "left":
        whole = width(text, size, bold)
        x -= whole / 2 if align == "center" else whole
    if color is not None:
        canvas.setFillColor(color)
    with tagged(canvas, "P"):
        _draw_runs(canvas, x, y, text, size, bold)


def _draw_runs(canvas: Canvas, x: float, y: float, text: str, size: float, bold: bool) -> None:
    found = runs(f"{text} " if is_tagged(canvas) else text, bold)
    spoken = any(run.shaped or run.rtl for run in found)
    if spoken:
        canvas.addLiteral(f"/Span <</ActualText {hex_words(f'{text} ')}>> BDC")
    cursor = canvas.beginText(x, y)
    for run in found:
        cursor.setFont(run.font, size)
        cursor.textOut(_shaped(run, size) if run.shaped else run.text)
        if run.shaped:
            x += _run_width(run, size)
            cursor.setTextOrigin(x, y)
        else:
            x += _run_width(run, size)
    canvas.drawText(cursor)
    if spoken:
        canvas.addLiteral("EMC")


def _pieces(word: str, room: float, size: float, bold: bool) -> Iterator[str]:
    """A word that is wider than the line, cut into pieces that fit."""
    piece = ""
    for character in word:
        if piece and width(piece + character, size, bold) > room:
            yield piece
            piece = ""
        piece += character
    yield piece


@lru_cache(maxsize=8192)
def wrap(text: str, room: float, size: float, bold: bool = False) -> tuple[str, ...]:
    """Lines that fit into `room` points; line breaks that were typed are kept, overlong words are cut."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            tried = f"{line} {word}" if line else word
            if width(tried, size, bold) <= room:
                line = tried
                continue
            if line:
                lines.append(line)
            if width(word, size, bold) <= room:
                line = word
                continue
            *whole, line = _pieces(word, room, size, bold)
            lines.extend(whole)
        lines.append(line)
    while lines and not lines[-1]:
        lines.pop()
    return tuple(lines)


def fitted(text: str, room: float, size: float, smallest: float, bold: bool = False) -> tuple[str, float]:
    """The text and the largest size between `smallest` and `size` at which it fits on one line; shortened with … when none does."""
    while size > smallest and width(text, size, bold) > room:
        size -= 0.5
    if width(text, size, bold) <= room:
        return text, size
    cut = text
    while cut and width(cut + "…", size, bold) > room:
        cut = cut[:-1]
    return cut.rstrip() + "…", size


