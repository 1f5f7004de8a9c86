"""Blocks on pages: each block says how tall it is, a flow puts them on pages, nothing overlaps and no heading stands alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.palette import INK, LINE, QUIET
from kneeclinic.documents.tagging import TaggedCanvas, decoration, tagged
from kneeclinic.vocabulary import Paper

MOST_OF_A_PAGE = 0.6
"""Share of a page that must be free for a block to begin there that is kept whole but that no page holds."""
SIZES: dict[Paper, tuple[float, float]] = {Paper.A4: A4, Paper.LETTER: LETTER}


class Block:
    """A part of a page. Heights and widths in points; `top` is the upper edge, y grows upwards."""

    keep_with_next = False
    starts_page = False
    keeps_whole = False
    """Goes to a new page rather than over two; cut only where no page holds it."""

    def height(self, width: float) -> float:
        raise NotImplementedError

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        raise NotImplementedError

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """The block as two, the first no taller than `room`; None when it cannot be cut."""
        return None

    def least(self, width: float) -> float:
        """Height of the smallest part that may stand at the foot of a page."""
        height = self.height(width)
        if self.keeps_whole:
            return height
        return min(height, 40) if self.split(width, max(height / 2, 40)) is not None else height


@dataclass(frozen=True)
class Space(Block):
    points: float

    def height(self, width: float) -> float:
        return self.points

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        return None


@dataclass(frozen=True)
class Words(Block):
    """Plain text, wrapped; splits between lines."""

    text: str
    size: float = 10
    bold: bool = False
    quiet: bool = False
    keep_with_next: bool = False
    starts_page: bool = False

    def lines(self, width: float) -> tuple[str, ...]:
        return typeface.wrap(self.text, width, self.size, self.bold)

    def height(self, width: float) -> float:
        return len(self.lines(width)) * self.size * typeface.LEADING

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        y = top - self.size
        with tagged(canvas, "P"):
            for line in self.lines(width):
                typeface.draw(canvas, x, y, line, self.size, bold=self.bold, color=QUIET if self.quiet else INK)
                y -= self.size * typeface.LEADING

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        lines = self.lines(width)
        fit = int(room // (self.size * typeface.LEADING))
        if fit < 2 or len(lines) - fit < 1:
            return None
        if len(lines) - fit == 1 and fit > 2:
            fit -= 1
        first, rest = "\n".join(lines[:fit]), "\n".join(lines[fit:])
        return Words(first, self.size, self.bold, self.quiet), Words(rest, self.size, self.bold, self.quiet)


@dataclass(frozen=True)
class Heading(Block):
    """A heading with a thin rule above it; never the last thing on a page."""

    text: str
    size: float = 13
    keep_with_next: bool = True
    starts_page: bool = False

    def height(self, width: float) -> float:
        return len(typeface.wrap(self.text, width, self.size, True)) * self.size * typeface.LEADING + 5

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        y = top - self.size - 1
        with tagged(canvas, "H2"):
            for line in typeface.wrap(self.text, width, self.size, True):
                typeface.draw(canvas, x, y, line, self.size, bold=True, color=INK)
                y -= self.size * typeface.LEADING


@dataclass(frozen=True)
class Row(Block):
    """Blocks side by side in equal columns, top-aligned."""

    blocks: tuple[Block, ...]
    columns: int
    gap: float = 12

    def column(self, width: float) -> float:
        return (width - self.gap * (self.columns - 1)) / self.columns

    def height(self, width: float) -> float:
        return max(one.height(self.column(width)) for one in self.blocks)

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        column = self.column(width)
        tallest = self.height(width)
        for number, block in enumerate(self.blocks):
            left = x + number * (column + self.gap)
            stretch = getattr(block, "draw_stretched", None)
            if stretch is not None:
                stretch(canvas, left, top, column, tallest)
            else:
                block.draw(canvas, left, top, column)


@dataclass(frozen=True)
class Sheet:
    """What every page of a document has: paper, margins, head and foot."""

    paper: Paper
    title: str
    author: str
    language: str
    head: Callable[[Canvas, float, float, float, int], None]
    head_height: float
    later_head_height: float
    foot: Callable[[int, int], tuple[str, str]]
    subject: str = ""
    margin: float = 12 * mm
    foot_height: float = 16
    gap: float = 9
    foot_size: float = 9

    @property
    def size(self) -> tuple[float, float]:
        return SIZES[self.paper]

    @property
    def width(self) -> float:
        return self.size[0] - 2 * self.margin

    def room(self, page: int) -> float:
        head = self.head_height if page == 1 else self.later_head_height
        return self.size[1] - 2 * self.margin - head - self.foot_height


Heights = dict[int, tuple[Block, float]]
"""Heights that were worked out already, by identity of the block, which is kept so that its identity stays taken."""


def paged(blocks: Sequence[Block], sheet: Sheet, known: Heights | None = None) -> list[list[Block]]:
    """Blocks of each page; a block that is too tall is split, a kept block goes along with the next one. `known` spares measuring twice."""
    known = {} if known is None else known
    pages: list[list[Block]] = [[]]
    left = sheet.room(1)
    waiting = list(blocks)
    while waiting:
        block = waiting.pop(0)
        if isinstance(block, Space) and not pages[-1]:
            continue
        if block.starts_page and pages[-1]:
            pages.append([])
            left = sheet.room(len(pages))
        if id(block) not in known:
            known[id(block)] = (block, block.height(sheet.width))
        height = known[id(block)][1]
        needed = height + (_kept_height(waiting, sheet.width, sheet.gap) if block.keep_with_next else 0)
        if needed <= left or (not pages[-1] and height <= left):
            pages[-1].append(block)
            left -= height + sheet.gap
            continue
        fresh = sheet.room(len(pages) + 1)
        moves = block.keeps_whole and bool(pages[-1]) and (height <= fresh or left < fresh * MOST_OF_A_PAGE)
        halves = None if moves else block.split(sheet.width, left)
        if halves is not None:
            pages[-1].append(halves[0])
            waiting.insert(0, halves[1])
        elif not pages[-1]:
            raise ValueError(f"{type(block).__name__} is taller ({height:.0f} pt) than a whole page ({left:.0f} pt)")
        else:
            waiting.insert(0, block)
        pages.append([])
        left = sheet.room(len(pages))
    return [page for page in pages if page]


def _kept_height(waiting: Sequence[Block], width: float, gap: float) -> float:
    """Height of what must stand with a heading: the next block, or its first lines."""
    if not waiting:
        return 0
    following = waiting[0]
    if following.keep_with_next:
        return gap + following.height(width) + _kept_height(waiting[1:], width, gap)
    return gap + following.least(width)


def lay_out(blocks: Sequence[Block], sheet: Sheet, gap: float | None = None, known: Heights | None = None) -> bytes:
    """The document as PDF bytes, byte-identical for identical input; fonts embedded, title and language set, tagged for screen readers."""
    if gap is not None:
        sheet = replace(sheet, gap=gap)
    target = BytesIO()
    canvas = TaggedCanvas(target, size=sheet.size, language=sheet.language, title=sheet.title, font=typeface.first_font())
    canvas.setAuthor(sheet.author)
    canvas.setSubject(sheet.subject or sheet.title)
    canvas.setCreator("KneeClinic")
    known = Heights() if known is None else known
    pages = paged(blocks, sheet, known)
    for number, page in enumerate(pages, start=1):
        top = sheet.size[1] - sheet.margin
        sheet.head(canvas, sheet.margin, top, sheet.width, number)
        y = top - (sheet.head_height if number == 1 else sheet.later_head_height)
        for block in page:
            block.draw(canvas, sheet.margin, y, sheet.width)
            y -= (known[id(block)][1] if id(block) in known else block.height(sheet.width)) + sheet.gap
        with decoration(canvas):
            _foot(canvas, sheet, number, len(pages))
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def with_fewest_pages(versions: Iterable[tuple[Sequence[Block], Sheet]]) -> tuple[Sequence[Block], Sheet]:
    """Of versions that say the same, roomiest first, the first that needs the fewest pages: no page carries only a signature."""
    found = [(len(paged(blocks, sheet)), place, (blocks, sheet)) for place, (blocks, sheet) in enumerate(versions)]
    return min(found, key=lambda one: one[:2])[2]


def _foot(canvas: Canvas, sheet: Sheet, number: int, count: int) -> None:
    left, right = sheet.foot(number, count)
    y = sheet.margin
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.line(sheet.margin, y + sheet.foot_size + 3, sheet.margin + sheet.width, y + sheet.foot_size + 3)
    taken = typeface.width(right, sheet.foot_size)
    text, size = typeface.fitted(left, sheet.width - taken - 20, sheet.foot_size, 7)
    typeface.draw(canvas, sheet.margin, y, text, size, color=QUIET)
    typeface.draw(canvas, sheet.margin + sheet.width, y, right, sheet.foot_size, align="right", color=QUIET)


def wrap_after(words: str, room: float, taken: float, size: float, bold: bool = False) -> tuple[str, ...]:
    """Wraps words whose first line has `taken` points less room; the first line may stay empty when no word fits beside the lead."""
    words = "\n".join(" ".join(line.split()) for line in words.split("\n"))
    if not taken:
        return typeface.wrap(words, room, size, bold)
    first = typeface.wrap(words, max(room - taken, 1), size, bold)
    if len(first) <= 1:
        return first
    head = first[0]
    rest = words[len(head):].lstrip()
    return (head, *typeface.wrap(rest, room, size, bold))
