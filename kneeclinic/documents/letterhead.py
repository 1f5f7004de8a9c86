"""The head and foot that every document of a clinic shares."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from kneeclinic.documents import typeface
from kneeclinic.documents.layout import Sheet
from kneeclinic.documents.palette import ACCENT, INK, QUIET
from kneeclinic.documents.tagging import decoration, figure, tagged
from kneeclinic.record import ClinicProfile
from kneeclinic.vocabulary import Paper

LOGO = 30.0


def letterhead(profile: ClinicProfile, title: str, *, subtitle: str, language: str, today: date | None = None,
               paper: Paper | None = None, scale: float = 1.0, page_text: str = "Page {page} of {pages}", right: tuple[str, ...] = (),
               margin: float | None = None, later: str = "", name_first: bool = False) -> Sheet:
    """A sheet whose first page carries clinic, logo, title and subtitle, later pages one line (`later`, or clinic and title).

    `right` = lines at the right edge of the first page; `name_first`: its first line is whom the paper is for.
    """
    big, small = 17 * scale, 9.5 * scale
    own_row = scale > 1.5
    """In large print the title has the whole width, below the logo and what stands at the right."""
    above = max(LOGO if profile.logo_png else 0.0, small * 1.3 * max(1, len(right))) if own_row else small
    drop = above + big * (1.0 if own_row else 1.2)

    def head(canvas: Canvas, x: float, top: float, width: float, page: int) -> None:
        if page > 1:
            text, size = typeface.fitted(later or f"{profile.name}  ·  {title}", width, small, 7, False)
            with decoration(canvas):
                typeface.draw(canvas, x, top - small, text, size, color=QUIET)
            return
        left = x
        if profile.logo_png:
            picture = ImageReader(BytesIO(profile.logo_png))
            across, down = picture.getSize()
            wide = min(LOGO * across / max(1, down), LOGO * 4)
            with figure(canvas, profile.name, x, top - LOGO, wide, LOGO):
                canvas.drawImage(picture, x, top - LOGO, wide, LOGO, preserveAspectRatio=True, mask="auto")
            left += wide + 8
        edge = min(max([typeface.width(one, small + 1, name_first) for one in right], default=0.0), width * 0.45)
        room = x + width - left - (edge + 16 if right else 0)
        name, size = typeface.fitted(profile.name, room, small + 1, 7.5, True)
        typeface.draw(canvas, left, top - small, name, size, bold=True, color=ACCENT)
        heading, size = typeface.fitted(title, width if own_row else room, big, 10, True)
        with tagged(canvas, "H1"):
            typeface.draw(canvas, x if own_row else left, top - drop, heading, size, bold=True, color=INK)
        if subtitle:
            text, size = typeface.fitted(subtitle, width, small, 7.5)
            typeface.draw(canvas, x, top - drop - small * 1.7, text, size, color=INK)
        for number, line in enumerate(right):
            named = name_first and number == 0
            text, size = typeface.fitted(line, width * 0.45, small + (1 if named else 0), 7.5, named)
            typeface.draw(canvas, x + width, top - small - number * small * 1.3, text, size, bold=named, align="right",
                          color=INK if named else QUIET)
        canvas.setStrokeColor(ACCENT)
        canvas.setLineWidth(1.4)
        y = top - drop - (small * 2.4 if subtitle else small * 0.9)
        canvas.line(x, y, x + width, y)

    def foot(page: int, pages: int) -> tuple[str, str]:
        contact = "  ·  ".join(one for one in (profile.name, profile.address.replace("\n", ", "), profile.phone) if one)
        return contact, page_text.format(page=page, pages=pages)

    extra = {} if margin is None else {"margin": margin}
    return Sheet(
        paper=paper or profile.paper, title=title, author=profile.name, language=language, head=head,
        head_height=drop + (small * 2.4 if subtitle else small * 0.9) + 8, later_head_height=small + 8,
        foot=foot, subject=f"{title}, {today.isoformat()}" if today else title,
        foot_size=9 * min(scale, 1.3), foot_height=16 * min(scale, 1.3), **extra,
    )
