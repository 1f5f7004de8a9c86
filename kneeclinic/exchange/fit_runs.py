"""Runs out of FIT files, the format of most watches."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from math import isfinite
from typing import Any, cast

from garmin_fit_sdk import Decoder, Stream

from kneeclinic.exchange.elevation import climb_and_descent
from kneeclinic.exchange.run_results import RunResult, Session, Unreadable, not_a_run, run_from, steps_per_minute

Message = dict[Any, Any]
MAGIC = b".FIT"


def looks_like_fit(data: bytes) -> bool:
    return data[8:12] == MAGIC


def read_fit(file: str, data: bytes, zone: tzinfo) -> tuple[RunResult, ...]:
    """One result a session of the file, in its order; a file without a session gives one `not_a_run`. Raises Unreadable when damaged."""
    messages = _messages(data)
    sessions = messages.get("session_mesgs", [])
    if not sessions:
        kind = _words((messages.get("file_id_mesgs") or [{}])[0].get("type")) or "unknown"
        return (not_a_run(file, f"the file holds no recorded activity (its type is {kind})"),)
    records = messages.get("record_mesgs", [])
    return tuple(_result(file, session, records, zone, data) for session in sessions)


def _messages(data: bytes) -> dict[str, list[Message]]:
    data = _without_padding(data)
    try:
        is_fit, is_whole = _decoder(data).is_fit(), _decoder(data).check_integrity()
        messages, errors = _decoder(data).read(merge_heart_rates=False) if is_fit and is_whole else ({}, [])
    except Exception as error:
        raise Unreadable("the file is damaged and cannot be decoded; copy it from the watch again") from error
    if not is_fit:
        raise Unreadable("the header is damaged: this is not a complete FIT file")
    if not is_whole:
        raise Unreadable("the file is cut off or damaged (its checksum does not fit); copy it from the watch again")
    if errors:
        raise Unreadable("the file is damaged: a part of it has no valid header or is cut off; copy it from the watch again")
    return cast(dict[str, list[Message]], messages)


def _without_padding(data: bytes) -> bytes:
    """Some devices fill the last sector with zeros; what stands after the first file is kept when it is anything else."""
    end = data[0] + int.from_bytes(data[4:8], "little") + 2
    return data if data[end:].strip(b"\x00") else data[:end]


def _decoder(data: bytes) -> Decoder:
    """A decoder reads its stream once; each question gets its own."""
    return Decoder(Stream.from_byte_array(bytearray(data)))


def _result(file: str, message: Message, records: list[Message], zone: tzinfo, data: bytes) -> RunResult:
    started = message.get("start_time") or message.get("timestamp")
    sport, detail = _words(message.get("sport")), _words(message.get("sub_sport"))
    if not isinstance(started, datetime):
        return not_a_run(file, f"the session ({sport or 'no sport'}) has no start time")
    session = _session(message, started, _during(message, records, started))
    if not _is_running(sport, detail):
        named = " ".join(one for one in (sport, f"({detail})" if detail and detail != "generic" else "") if one)
        return not_a_run(file, f"the sport of the session is {named or 'not given'}, not running", session, zone)
    return run_from(file, session, zone, data, "fit")


def _is_running(sport: str, detail: str) -> bool:
    """Running of every kind; old treadmills write `fitness equipment (treadmill)`."""
    return sport == "running" or (sport == "fitness equipment" and detail == "treadmill")


def _session(message: Message, started: datetime, records: list[Message]) -> Session:
    climb, descent = message.get("total_ascent"), message.get("total_descent")
    if climb is None or descent is None:
        heights = climb_and_descent([_number(one.get("enhanced_altitude", one.get("altitude"))) for one in records])
        climb = heights[0] if climb is None else climb
        descent = heights[1] if descent is None else descent
    metres = _number(message.get("total_distance"))
    if metres is None and records:
        metres = _number(records[-1].get("distance"))
    seconds = _number(message.get("total_timer_time")) or _number(message.get("total_elapsed_time"))
    return Session(
        started=started if started.tzinfo else started.replace(tzinfo=UTC),
        seconds=seconds, metres=metres, cadence_spm=_cadence(message, records),
        climb_m=_number(climb), descent_m=_number(descent),
    )


def _cadence(message: Message, records: list[Message]) -> float | None:
    """Steps a minute: the session's mean with its fraction, else the mean of the records while moving."""
    whole = _number(message.get("avg_running_cadence", message.get("avg_cadence")))
    if whole:
        return steps_per_minute(whole + (_number(message.get("avg_fractional_cadence")) or 0.0))
    moving = [
        value + (_number(one.get("fractional_cadence")) or 0.0) for one in records if (value := _number(one.get("cadence"))) and value > 0
    ]
    return steps_per_minute(sum(moving) / len(moving)) if moving else None


def _during(message: Message, records: list[Message], started: datetime) -> list[Message]:
    ended = message.get("timestamp")
    if not isinstance(ended, datetime):
        return records
    return [one for one in records if isinstance(at := one.get("timestamp"), datetime) and started <= at <= ended]


def _number(value: object) -> float | None:
    if isinstance(value, list | tuple):
        value = next((one for one in value if isinstance(one, int | float)), None)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return float(value)


def _words(value: object) -> str:
    return str(value).replace("_", " ") if isinstance(value, str | int) else ""
