"""Runs out of a table: our own columns, or the list that running sites export."""

from __future__ import annotations

import csv
import io
from datetime import datetime, tzinfo

from kneeclinic.exchange.run_results import RunResult, Session, Unreadable, not_a_run, refused, run_from, steps_per_minute
from kneeclinic.record.forms import RunForm

COLUMNS: dict[str, tuple[str, ...]] = {
    "started": ("started", "date", "start", "start time", "activity date", "day"),
    "km": ("km", "distance", "distance_km", "distance (km)"),
    "miles": ("miles", "mi", "distance (mi)"),
    "minutes": ("minutes", "min", "time", "duration", "moving time", "elapsed time"),
    "cadence": ("cadence_spm", "cadence", "avg run cadence", "average cadence"),
    "climb": ("climb_m", "climb", "total ascent", "elevation gain"),
    "descent": ("descent_m", "descent", "total descent", "elevation loss"),
    "kind": ("activity type", "type", "sport"),
    "pain_during": ("pain_during",),
    "pain_next_morning": ("pain_next_morning",),
    "settled": ("settled_within_60_min",),
    "note": ("note",),
}
DATE_SHAPES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%b %d, %Y, %I:%M:%S %p", "%d.%m.%Y", "%d.%m.%Y %H:%M")
KM_PER_MILE = 1.609344
MOST_ROWS = 5_000
PAINS = tuple(str(one) for one in range(11))
YES, NO = {"1", "yes", "true", "y"}, {"0", "no", "false", "n"}


def read_run_csv(file: str, data: bytes, zone: tzinfo) -> tuple[RunResult, ...]:
    """One result a row, the line named in each refusal. Raises Unreadable when there is no header with a date and a distance."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("the table is not UTF-8 text; save it as CSV UTF-8") from error
    if "\x00" in text:
        raise Unreadable("the file is no text; save the table as CSV UTF-8")
    first_line = text.split("\n", 1)[0]
    separator = ";" if first_line.count(";") > first_line.count(",") else ","
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise Unreadable(f"the table cannot be read ({error})") from error
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    places = _places(rows[0]) if rows else {}
    if "started" not in places or not {"km", "miles"} & set(places):
        raise Unreadable("the first line must name the columns, at least date and km")
    if len(rows) > MOST_ROWS:
        raise Unreadable(f"the table has {len(rows)} rows; at most {MOST_ROWS} are read at once")
    if len(rows) == 1:
        return (not_a_run(file, "the table has no rows"),)
    return tuple(_row(file, line, row, places, zone, data) for line, row in enumerate(rows[1:], start=2))


def _places(header: list[str]) -> dict[str, int]:
    names = [cell.strip().lower() for cell in header]
    found = {}
    for column, words in COLUMNS.items():
        place = next((names.index(word) for word in words if word in names), None)
        if place is not None:
            found[column] = place
    return found


def _row(file: str, line: int, row: list[str], places: dict[str, int], zone: tzinfo, data: bytes) -> RunResult:
    cells = {column: row[place].strip() if place < len(row) else "" for column, place in places.items()}
    try:
        started = _moment(cells["started"])
        metres = _metres(cells)
        seconds = _seconds(cells.get("minutes", ""))
        session = Session(
            started, seconds, metres, steps_per_minute(_number("cadence", cells.get("cadence", ""))),
            _number("climb", cells.get("climb", "")), _number("descent", cells.get("descent", "")),
        )
        kind = cells.get("kind", "")
        if kind and "run" not in kind.lower():
            return not_a_run(file, f"line {line}: the activity is {kind}", session, zone)
        result = run_from(file, session, zone, data, "csv")
        return _with_answers(result, cells, line)
    except ValueError as error:
        return refused(file, f"line {line}: {error}")
    except OverflowError:
        return refused(file, f"line {line}: date: {cells['started']!r} lies at the end of the calendar")


def _with_answers(result: RunResult, cells: dict[str, str], line: int) -> RunResult:
    """Pain and note of the row join the run; a refusal names the line."""
    if result.form is None:
        return RunResult(**{**result.__dict__, "why": f"line {line}: {result.why}"})
    settled = cells.get("settled", "").lower()
    if settled and settled not in YES | NO:
        raise ValueError(f"settled_within_60_min: {settled!r} is not yes or no")
    form = result.form.model_copy(update={
        "pain_during": _pain("pain_during", cells), "pain_next_morning": _pain("pain_next_morning", cells),
        "settled_within_60_min": None if not settled else settled in YES, "note": cells.get("note", "")[:2000],
    })
    return RunResult(**{**result.__dict__, "form": RunForm.model_validate(form.model_dump())})


def _pain(name: str, cells: dict[str, str]) -> int | None:
    text = cells.get(name, "")
    if not text:
        return None
    if text not in PAINS:
        raise ValueError(f"{name}: {text!r} is not a whole number from 0 to 10")
    return PAINS.index(text)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for shape in DATE_SHAPES:
        try:
            return datetime.strptime(text, shape)  # noqa: DTZ007 (the clinic's zone is added where the run is made)
        except ValueError:
            continue
    raise ValueError(f"date: {text!r} is no date; write 2026-03-31 or 2026-03-31 18:30")


def _metres(cells: dict[str, str]) -> float | None:
    km, miles = _number("km", cells.get("km", "")), _number("miles", cells.get("miles", ""))
    if km is not None:
        return km * 1000
    return None if miles is None else miles * KM_PER_MILE * 1000


def _seconds(text: str) -> float | None:
    """`47`, `47.2` are minutes; `47:12` minutes and seconds; `1:02:30` hours, minutes and seconds."""
    if not text:
        return None
    if ":" not in text:
        minutes = _number("minutes", text)
        return None if minutes is None else minutes * 60
    parts = [_number("minutes", part) or 0.0 for part in text.split(":")]
    if len(parts) > 3:
        raise ValueError(f"minutes: {text!r} is no time; write 47 or 1:02:30")
    return sum(part * 60 ** power for power, part in enumerate(reversed(parts)))


def _number(name: str, text: str) -> float | None:
    text = text.strip()
    if not text or text in ("--", "-"):
        return None
    try:
        value = float(text.replace(",", ".") if "." not in text else text.replace(",", ""))
    except ValueError:
        raise ValueError(f"{name}: {text!r} is not a number") from None
    if value != value or not 0 <= value < 1e6:
        raise ValueError(f"{name}: {text} is not allowed; enter 0 or more")
    return value
