"""What a screen reader is told: headings, paragraphs, lists, tables and drawings with their words, in the order in which they are read."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFDocument, PDFName, PDFObject
from reportlab.pdfgen.canvas import Canvas

Box = tuple[float, float, float, float]
PACKING = 2
BYTE_ORDER = "\ufeff"


class Element(PDFObject):
    """One node of the structure: what it is, its parts, and for a drawing its words and place."""

    __RefOnly__ = 1

    def __init__(self, kind: str, parent: Element | None, page: int, alt: str = "", box: Box | None = None, language: str = "",
                 scope: str = "") -> None:
        self.kind, self.parent, self.page, self.alt, self.box, self.language, self.scope = kind, parent, page, alt, box, language, scope
        self.kids: list[Element | int] = []

    def format(self, document: PDFDocument) -> bytes:
        kids = " ".join(str(one) if isinstance(one, int) else _reference(document, one) for one in self.kids)
        parent = document.struct_tree if self.parent is None else self.parent
        found = f"<</Type /StructElem /S /{self.kind} /P {_reference(document, parent)} /Pg {_reference(document, document.Pages.pages[self.page])}"
        if self.alt:
            found += f" /Alt {hex_words(self.alt)}"
        if self.language:
            found += f" /Lang ({self.language})"
        if self.scope:
            found += f" /A <</O /Table /Scope /{self.scope}>>"
        elif self.box is not None:
            found += f" /A <</O /Layout /BBox [{' '.join(f'{one:.1f}' for one in self.box)}]>>"
        return f"{found} /K [{kids}]>>".encode("ascii")


class StructTree(PDFObject):
    """The root: the document, and which marked stretch of which page belongs to which element."""

    __RefOnly__ = 1

    def __init__(self, root: Element, marks: list[list[Element]]) -> None:
        self.root, self.marks = root, marks

    def format(self, document: PDFDocument) -> bytes:
        pages = " ".join(f"{number} [{' '.join(_reference(document, one) for one in marked)}]" for number, marked in enumerate(self.marks))
        return (f"<</Type /StructTreeRoot /K {_reference(document, self.root)} /ParentTree <</Nums [{pages}]>> "
                f"/ParentTreeNextKey {len(self.marks)}>>").encode("ascii")


class Metadata(PDFObject):
    """Title and language once more, where readers of today look for them (XMP). It claims no conformance."""

    __RefOnly__ = 1

    def __init__(self, title: str, language: str) -> None:
        self.title, self.language = title, language

    def format(self, document: PDFDocument) -> bytes:
        told = XMP.format(title=escape(self.title), language=escape(self.language)).encode("utf-8")
        return b"<</Type /Metadata /Subtype /XML /Length %d>>\nstream\n" % len(told) + told + b"\nendstream\n"


XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def hex_words(text: str) -> str:
    """Words as a PDF string that holds any script."""
    return f"<{(BYTE_ORDER + text).encode('utf-16-be').hex()}>"


def _reference(document: PDFDocument, thing: PDFObject) -> str:
    number, version = document.idToObjectNumberAndVersion[document.Reference(thing).name]
    return f"{number} {version} R"


class QuickStream(PDFObject):
    """The contents of a page, packed fast: half the time of the whole paper would go into its last tenth of bytes."""

    __RefOnly__ = 1

    def __init__(self, code: str) -> None:
        self.code = code

    def format(self, document: PDFDocument) -> bytes:
        packed = zlib.compress(self.code.encode("latin-1"), PACKING)
        return b"<</Filter /FlateDecode /Length %d>>\nstream\n" % len(packed) + packed + b"\nendstream\n"


class TaggedCanvas(Canvas):
    """A canvas that knows what is being drawn; all that nobody named is decoration."""

    def __init__(self, target: BytesIO, *, size: tuple[float, float], language: str, title: str, font: str) -> None:
        super().__init__(target, pagesize=size, invariant=1, pageCompression=1, pdfVersion=(1, 7), lang=language, initialFontName=font)
        self.setTitle(title)
        self.metadata = Metadata(title, language)
        self.setViewerPreference("DisplayDocTitle", "true")
        self.language = language
        self.root = Element("Document", None, 0)
        self.inside = [self.root]
        self.marks: list[list[Element]] = [[]]
        self.is_marking = False

    @contextmanager
    def group(self, kind: str) -> Iterator[None]:
        """Elements made inside belong to one of this kind, such as a list or a table."""
        self.inside.append(self._element(kind))
        try:
            yield
        finally:
            done = self.inside.pop()
            if not done.kids:
                self.inside[-1].kids.remove(done)

    @contextmanager
    def mark(self, kind: str, alt: str = "", box: Box | None = None, language: str = "", scope: str = "") -> Iterator[None]:
        """What is drawn inside is one element; a mark inside a mark belongs to the outer one."""
        if self.is_marking:
            yield
            return
        element = self._element(kind, alt, box, language, scope)
        marked = self.marks[-1]
        element.kids.append(len(marked))
        self._code.append(f"EMC /{kind} <</MCID {len(marked)}>> BDC")
        marked.append(element)
        self.is_marking = True
        try:
            yield
        finally:
            self.is_marking = False
            self._code.append("EMC /Artifact BMC")

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Nothing that is drawn inside is read aloud."""
        before, self.is_marking = self.is_marking, True
        try:
            yield
        finally:
            self.is_marking = before

    def add_empty(self, kind: str) -> None:
        """An element that shows nothing, such as a box to write into."""
        if not self.is_marking:
            self._element(kind)

    def _element(self, kind: str, alt: str = "", box: Box | None = None, language: str = "", scope: str = "") -> Element:
        element = Element(kind, self.inside[-1], len(self.marks) - 1, alt, box, language, scope)
        self.inside[-1].kids.append(element)
        return element

    def showPage(self) -> None:
        self._code.insert(0, "/Artifact BMC")
        self._code.append("EMC")
        super().showPage()
        page = self._doc.Pages.pages[-1]
        if page.compression:
            page.Contents = QuickStream(page.stream)
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = len(self.marks) - 1, PDFName("S")
        self.marks.append([])

    def save(self) -> None:
        tree = StructTree(self.root, self.marks[:-1])
        document = self._doc
        document.struct_tree = tree
        document.Catalog.StructTreeRoot = tree
        document.Catalog.Metadata = self.metadata
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        super().save()


def is_tagged(canvas: Canvas) -> bool:
    """Whether words drawn now are part of an element, so that a line must end with a blank to stay apart from the next."""
    return isinstance(canvas, TaggedCanvas) and canvas.is_marking


@contextmanager
def tagged(canvas: Canvas, kind: str, scope: str = "") -> Iterator[None]:
    """Marks what is drawn as one element: H1, H2, P, LBody, TH, TD; `scope` of a TH: Column or Row. A plain canvas is left as it is."""
    if isinstance(canvas, TaggedCanvas):
        with canvas.mark(kind, scope=scope):
            yield
    else:
        yield


def empty_cells(canvas: Canvas, count: int) -> None:
    """Cells of a table that hold nothing yet, so that every row has as many as its head."""
    if isinstance(canvas, TaggedCanvas):
        for _ in range(count):
            canvas.add_empty("TD")


@contextmanager
def group(canvas: Canvas, kind: str) -> Iterator[None]:
    """Groups the elements drawn inside: Sect, L, LI, Table, TR."""
    if isinstance(canvas, TaggedCanvas):
        with canvas.group(kind):
            yield
    else:
        yield


@contextmanager
def list_item(canvas: Canvas) -> Iterator[None]:
    """One entry of a list, its number or dot included."""
    with group(canvas, "LI"), tagged(canvas, "LBody"):
        yield


@contextmanager
def figure(canvas: Canvas, alt: str, x: float, y: float, width: float, height: float, language: str = "en") -> Iterator[None]:
    """Marks a drawing that says `alt` to who does not see it; `language` is that of these words."""
    if isinstance(canvas, TaggedCanvas):
        with canvas.mark("Figure", alt, (x, y, x + width, y + height), language if language != canvas.language else ""):
            yield
    else:
        yield


@contextmanager
def decoration(canvas: Canvas) -> Iterator[None]:
    """Heads, feet and marks for machines, which are not read aloud."""
    if isinstance(canvas, TaggedCanvas):
        with canvas.decoration():
            yield
    else:
        yield


