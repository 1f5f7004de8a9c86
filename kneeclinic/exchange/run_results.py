"""What reading one activity file gave: a run, no run, or a file that cannot be used, each with the reason."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from kneeclinic.record.forms import RunForm
from kneeclinic.vocabulary import KM_RUN, Refused

STRIDES_END = 120.0
"""Above this a cadence is already in steps a minute: nobody takes 120 strides (240 steps) a minute."""
PLAUSIBLE_CADENCE = (60.0, 300.0)
"""Steps a minute; a mean outside it is a sensor that slept, and is left out."""
PLAUSIBLE_KM_H = (2.0, 30.0)
"""The limits of running speed in the gait section, with room below for run-walk intervals."""

SHORTEST_KM = 0.05
"""A watch that was started by mistake (product default)."""


class RunStatus(StrEnum):
    IMPORTED = "imported"
    DUPLICATE = "duplicate"
    NOT_A_RUN = "not_a_run"
    REFUSED = "refused"


@dataclass(frozen=True)
class RunResult:
    """One recorded session of a file, or the file itself when it holds none. `started` carries its time zone; `form` only for a run."""

    file: str
    status: RunStatus
    km: float | None = None
    minutes: float | None = None
    cadence_spm: float | None = None
    climb_m: float | None = None
    descent_m: float | None = None
    started: datetime | None = None
    why: str = ""
    form: RunForm | None = None

    def as_json(self) -> dict[str, object]:
        """The object that `import runs --json` prints."""
        return {
            "file": self.file,
            "status": self.status.value,
            "km": _rounded(self.km, 2),
            "minutes": _rounded(self.minutes, 1),
            "cadence_spm": _rounded(self.cadence_spm, 1),
            "climb_m": _rounded(self.climb_m, 0),
            "descent_m": _rounded(self.descent_m, 0),
            "started": self.started.isoformat(timespec="seconds") if self.started else None,
            "why": self.why,
        }


@dataclass(frozen=True)
class Session:
    """What a reader found in a file before it was judged. Distances in metres, times in seconds, cadence in steps a minute."""

    started: datetime
    seconds: float | None
    metres: float | None
    cadence_spm: float | None = None
    climb_m: float | None = None
    descent_m: float | None = None
    remark: str = ""


def steps_per_minute(cadence: float | None) -> float | None:
    """Files count strides of one foot; the product counts steps of both. None when the figure cannot be a running cadence."""
    if not cadence or cadence <= 0:
        return None
    steps = cadence * 2 if cadence <= STRIDES_END else cadence
    low, high = PLAUSIBLE_CADENCE
    return steps if low <= steps <= high else None


def run_from(file: str, session: Session, zone: tzinfo, data: bytes, source: str) -> RunResult:
    """A run result, or the refusal with its reason when distance, time or date cannot be true."""
    started = session.started.astimezone(zone) if session.started.tzinfo else session.started.replace(tzinfo=zone)
    km = session.metres / 1000 if session.metres is not None else None
    minutes = session.seconds / 60 if session.seconds else None
    if km is None or km <= 0:
        return RunResult(file, RunStatus.NOT_A_RUN, minutes=minutes, started=started, why="the session has no distance")
    if km < SHORTEST_KM:
        return RunResult(file, RunStatus.NOT_A_RUN, km=km, minutes=minutes, started=started, why=f"only {km * 1000:.0f} m were covered")
    refusal = KM_RUN.refusal(km)
    if refusal:
        return RunResult(file, RunStatus.REFUSED, km=km, minutes=minutes, started=started, why=refusal)
    if minutes is not None and minutes > 3000:
        return RunResult(file, RunStatus.REFUSED, km=km, minutes=minutes, started=started, why="the session is longer than 50 hours")
    why = session.remark
    if minutes and not PLAUSIBLE_KM_H[0] <= km * 60 / minutes <= PLAUSIBLE_KM_H[1] and km >= 1:
        speed = km * 60 / minutes
        return RunResult(file, RunStatus.REFUSED, km=km, minutes=minutes, started=started,
                         why=f"{speed:.1f} km/h over {km:.1f} km is no running speed; check the file")
    try:
        form = RunForm(
            started=started.replace(tzinfo=None, microsecond=0), km=round(km, 3), minutes=round(minutes, 2) if minutes else None,
            cadence_spm=round(session.cadence_spm, 1) if session.cadence_spm else None,
            climb_m=session.climb_m if session.climb_m is None else round(session.climb_m, 1),
            descent_m=session.descent_m if session.descent_m is None else round(session.descent_m, 1),
            source=source, file_name=file[-300:], file_hash=hashlib.sha256(data).hexdigest(),
        )
    except ValueError as error:
        return RunResult(file, RunStatus.REFUSED, km=km, minutes=minutes, started=started, why=_first_line(error))
    return RunResult(file, RunStatus.IMPORTED, km, minutes, form.cadence_spm, form.climb_m, form.descent_m, started, why, form)


def refused(file: str, why: str) -> RunResult:
    return RunResult(file, RunStatus.REFUSED, why=why)


def not_a_run(file: str, why: str, session: Session | None = None, zone: tzinfo = UTC) -> RunResult:
    """A session that is no run, or a file without a session. Its figures are shown, and stored nowhere."""
    if session is None:
        return RunResult(file, RunStatus.NOT_A_RUN, why=why)
    started = session.started.astimezone(zone) if session.started.tzinfo else session.started.replace(tzinfo=zone)
    return RunResult(
        file, RunStatus.NOT_A_RUN, km=session.metres / 1000 if session.metres is not None else None,
        minutes=session.seconds / 60 if session.seconds else None, started=started, why=why,
    )


class Unreadable(Refused):
    """The file is damaged, of a type that is not read, or dangerous; the message says which."""


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _first_line(error: ValueError) -> str:
    errors = getattr(error, "errors", None)
    if callable(errors):
        first = errors()[0]
        return f"{'.'.join(str(one) for one in first['loc'])}: {first['msg']}"
    return str(error).splitlines()[0]
