"""FIT files of our own, made by the official encoder: what a watch might write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from garmin_fit_sdk import Encoder, Profile

START = datetime(2026, 3, 24, 7, 0, tzinfo=UTC)
MESSAGES = Profile["mesg_num"]


def a_session(sport: str = "running", *, minutes: float = 30, km: float = 5.0, after: float = 0, **more: Any) -> dict[str, Any]:
    """A session message; `after` = minutes since the start of the file."""
    started = START + timedelta(minutes=after)
    return {
        "timestamp": started + timedelta(minutes=minutes), "start_time": started, "total_elapsed_time": minutes * 60 + 120,
        "total_timer_time": minutes * 60, "total_distance": km * 1000, "sport": sport, "event": "session", "event_type": "stop",
    } | more


def a_record(second: int, **more: Any) -> dict[str, Any]:
    return {"timestamp": START + timedelta(seconds=second)} | more


def a_fit_file(*sessions: dict[str, Any], records: tuple[dict[str, Any], ...] = (), kind: str = "activity") -> bytes:
    encoder = Encoder()
    encoder.write_mesg({"mesg_num": MESSAGES["FILE_ID"], "type": kind, "manufacturer": "development", "time_created": START})
    for record in records:
        encoder.write_mesg({"mesg_num": MESSAGES["RECORD"]} | record)
    for session in sessions:
        encoder.write_mesg({"mesg_num": MESSAGES["SESSION"]} | session)
    return bytes(encoder.close())
