"""Tables for other programs: CSV whose cells cannot act as formulas when a spreadsheet opens them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import Enum

PIECE = 200_000
"""Characters of a table in memory at once."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def neutral(value: object) -> object:
    """The value as a cell: a text that a spreadsheet would run as a formula gets an apostrophe in front. Numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        value = " ".join(str(neutral(one)) for one in value)
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table in UTF-8 with a mark that spreadsheets know, every cell made neutral."""
    return b"".join(csv_pieces(header, rows))


def csv_pieces(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The same table, some rows at a time."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    out.write("\ufeff")
    writer.writerow(header)
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])
        if out.tell() > PIECE:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()
