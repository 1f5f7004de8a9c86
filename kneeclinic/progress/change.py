"""Has it really changed? The verdict on a measure, with the noise, the important change and the reasons behind it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kneeclinic.knowledge import Knowledge
from kneeclinic.knowledge.schema import Measure
from kneeclinic.progress.noise import Reading, boundary, clearest_reading, standard_error
from kneeclinic.progress.series import values_of
from kneeclinic.record.case import Case
from kneeclinic.vocabulary import Better, MeasureKind, Refused, Side, Verdict

VERDICT_WORDS = {
    Verdict.BETTER: "better",
    Verdict.POSSIBLY_BETTER: "possibly better",
    Verdict.NO_REAL_CHANGE: "no real change",
    Verdict.POSSIBLY_WORSE: "possibly worse",
    Verdict.WORSE: "worse",
    Verdict.NOT_JUDGED: "not judged",
}
"""How a therapist reads each verdict, on every page, chart and sheet."""

PATIENT_WORDS = {
    Verdict.BETTER: "You are really better than when you started.",
    Verdict.POSSIBLY_BETTER: "You may be better. A few more weeks will show.",
    Verdict.NO_REAL_CHANGE: "No clear change so far.",
    Verdict.POSSIBLY_WORSE: "You may be worse. We will watch this closely.",
    Verdict.WORSE: "You are worse than when you started. We will change the plan.",
    Verdict.NOT_JUDGED: "It is too early to say.",
}


@dataclass(frozen=True)
class ChangeVerdict:
    """The verdict on one series and every number behind it, in the measure's unit.

    `change` is last minus first. `reading` is what was judged: the pair, the steady change or the present mean against baseline; `low`
    and `high` are its 95 % interval. `sdc` and `mic` are None where the measure has none; `limit` says that the last value stands at an
    end of the scale.
    """

    measure: str
    n: int
    first: float | None
    last: float | None
    change: float | None
    low: float | None
    high: float | None
    sdc: float | None
    mic: float | None
    verdict: Verdict
    why: str
    limit: str | None
    clinician_words: str
    patient_words: str
    reading: Reading | None = None
    needed: float | None = None
    """How large the reading must be to be beyond noise."""

    def as_json(self) -> dict[str, object]:
        """The stable object that other programs read."""
        names = ("measure", "n", "first", "last", "change", "sdc", "mic", "verdict", "why", "limit")
        return {name: _plain(getattr(self, name)) for name in names}


def judge(measure: Measure, values: Sequence[float], weeks: Sequence[float] | None = None) -> ChangeVerdict:
    """The verdict on values, oldest first, at `weeks` (0, 1, 2 … unless given). The first value is the baseline.

    NaN is a look that did not take place. Of several values at the same time the last counts. Raises Refused for a value that the
    measure does not allow and for weeks that do not match. How noise is reckoned: see `progress.noise`.
    """
    times, looks = _looks(measure, values, weeks)
    n = len(looks)
    first, last = (looks[0], looks[-1]) if looks else (None, None)
    sdc, mic = noise_and_importance(measure, first)
    limit = _limit(measure, last)

    def verdict(found: Verdict, why: str, reading: Reading | None = None, needed: float | None = None) -> ChangeVerdict:
        change = _tidy(last - first) if n > 1 and last is not None and first is not None else None
        low, high = reading.interval if reading else (None, None)
        return ChangeVerdict(
            measure.id, n, first, last, change, _tidy(low), _tidy(high), sdc, mic, found, why, limit,
            _clinician_words(measure, looks, found, why, reading), PATIENT_WORDS[found], reading, _tidy(needed),
        )

    if (reason := _cannot_be_judged(measure, n, sdc, mic)) is not None:
        return verdict(Verdict.NOT_JUDGED, reason)
    if sdc is None:
        return verdict(*_by_importance_alone(measure, looks, mic or 0.0))
    reading = clearest_reading(looks, times, standard_error(sdc, _step(measure)))
    return verdict(*_weighed(measure, looks, reading, sdc, mic, limit), reading, boundary(n) * reading.error)


def judge_case(case: Case, knowledge: Knowledge, measure: str, side: Side, today: date) -> ChangeVerdict:
    """The verdict on what is recorded of one measure and side up to today; sides are never mixed, even when the treated knee changed."""
    points = values_of(case, knowledge, measure, side, today)
    weeks = [(point.on - points[0].on).days / 7 for point in points]
    return judge(knowledge.measure(measure), [point.value for point in points], weeks)


def noise_and_importance(measure: Measure, first: float | None) -> tuple[float | None, float | None]:
    """SDC and MIC of a measure in its unit; where noise grows with the value, the SDC is a share of the first value."""
    sdc = measure.sdc
    if sdc is None and measure.sdc_percent is not None and first is not None:
        sdc = _tidy(abs(first) * measure.sdc_percent / 100)
    return (sdc if sdc else None), (measure.mic if measure.mic else None)


def needed_by_a_pair(measure: Measure, first: float) -> float | None:
    """How far a second value must be from the first to be beyond noise; None where the noise is not known or neither direction is better."""
    sdc, _ = noise_and_importance(measure, first)
    if sdc is None or measure.better is Better.NEITHER:
        return None
    return _tidy(boundary(2) * math.sqrt(2) * standard_error(sdc, _step(measure)))


def _cannot_be_judged(measure: Measure, n: int, sdc: float | None, mic: float | None) -> str | None:
    if measure.better is Better.NEITHER:
        return "Neither direction of this measure is better."
    if n == 0:
        return "No value yet."
    if sdc is None and mic is None:
        return "Neither the noise nor the important change of this measure is known."
    if n == 1:
        return "Only one value: nothing to compare with."
    return None


def _weighed(
    measure: Measure, looks: Sequence[float], reading: Reading, sdc: float, mic: float | None, limit: str | None
) -> tuple[Verdict, str]:
    """Verdict and reason of a measure with known noise. Where the important change is not known, the SDC stands for it."""
    good = _good(measure)
    ends = good * (looks[-1] - looks[0])
    direction = 1 if ends > 0 else -1
    important = mic or sdc
    size, gap = direction * good * reading.change, direction * ends
    beyond_noise = direction * good * reading.z > boundary(len(looks))
    is_important = size >= important
    if beyond_noise and is_important and gap >= important / 2:
        return _named(direction, sure=True), "Beyond noise and at least the important change." if mic else "Beyond noise."
    if gap > 0 and (beyond_noise or is_important or gap >= important):
        return _named(direction, sure=False), _why_only_possibly(len(looks), beyond_noise, is_important, mic)
    return Verdict.NO_REAL_CHANGE, _why_no_change(limit, reading, sdc, mic, ends)


def _by_importance_alone(measure: Measure, looks: Sequence[float], mic: float) -> tuple[Verdict, str]:
    gap = _good(measure) * (looks[-1] - looks[0])
    if abs(gap) < mic:
        return Verdict.NO_REAL_CHANGE, "Less than the important change; the noise of this measure is not known."
    return _named(1 if gap > 0 else -1, sure=False), "At least the important change, but the noise of this measure is not known."


def _named(direction: int, *, sure: bool) -> Verdict:
    if direction > 0:
        return Verdict.BETTER if sure else Verdict.POSSIBLY_BETTER
    return Verdict.WORSE if sure else Verdict.POSSIBLY_WORSE


def _why_only_possibly(n: int, beyond_noise: bool, is_important: bool, mic: float | None) -> str:
    if beyond_noise and is_important:
        return "The course is beyond noise, but the last value has come back towards the first."
    if beyond_noise:
        return "Beyond noise, but less than the important change."
    looks = "a single pair" if n == 2 else f"{n} looks"
    return f"At least the {'important change' if mic else 'SDC'}, but not beyond noise for {looks}."


def _why_no_change(limit: str | None, reading: Reading, sdc: float, mic: float | None, ends: float) -> str:
    if ends == 0 and abs(reading.change) >= (mic or sdc):
        return "It had changed on the way, but the last value is back at the first."
    if limit is not None:
        return f"Within noise; the value stands at the {limit} of the scale, where further change cannot show."
    return "Within noise and less than the important change." if mic else "Within noise."


def _step(measure: Measure) -> float:
    """The step of a scale in whole numbers, 0 for what is measured on a continuous one."""
    return 1.0 if measure.kind in (MeasureKind.SCORE, MeasureKind.INTEGER) and measure.decimals == 0 else 0.0


def _good(measure: Measure) -> int:
    return 1 if measure.better is Better.HIGHER else -1


def _limit(measure: Measure, last: float | None) -> str | None:
    if measure.kind not in (MeasureKind.SCORE, MeasureKind.INTEGER) or measure.hard is None or last is None:
        return None
    low, high = measure.hard
    return "ceiling" if last >= high else "floor" if last <= low else None


def _looks(measure: Measure, values: Sequence[float], weeks: Sequence[float] | None) -> tuple[list[float], list[float]]:
    if weeks is None:
        weeks = range(len(values))
    if len(weeks) != len(values):
        raise Refused(f"{measure.id}: {len(values)} values came with {len(weeks)} dates; give one date for each value.")
    at: dict[float, float] = {}
    for week, value in zip(weeks, values, strict=True):
        if not math.isfinite(week):
            raise Refused(f"{measure.id}: {week} is not a time; give weeks as numbers.")
        if not math.isnan(value):
            at[week] = _allowed(measure, value)
    times = sorted(at)
    return times, [at[time] for time in times]


def _allowed(measure: Measure, value: float) -> float:
    low, high = measure.hard or (-math.inf, math.inf)
    if not math.isfinite(value) or not low <= value <= high:
        span = f"{low:g} to {high:g} is allowed" if measure.hard else "a number is needed"
        raise Refused(f"{measure.id}: {value:g} is not allowed; {span}.")
    return float(value)


def _clinician_words(measure: Measure, looks: Sequence[float], found: Verdict, why: str, reading: Reading | None) -> str:
    if len(looks) < 2:
        return why
    unit = "" if measure.unit in ("", "points") or measure.unit.startswith("/") else f" {measure.unit}"
    text = f"{looks[0]:g} to {looks[-1]:g}{unit} ({len(looks)} values): {VERDICT_WORDS[found]}."
    if reading is not None:
        digits = measure.decimals + 1
        change, low, high = (round(one, digits) + 0.0 for one in (reading.change, *reading.interval))
        what = {"pair": "Change", "steady": "Change by the trend", "present": "Change of the latest mean"}[reading.kind]
        text += f" {what} {change:+g}, 95 % interval {low:g} to {high:g}."
    return f"{text} {why}"


def _tidy(value: float | None) -> float | None:
    """Without the dust of binary fractions."""
    return None if value is None else round(value, 6) + 0.0


def _plain(value: object) -> object:
    """Whole numbers without a point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
