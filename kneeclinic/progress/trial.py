"""Does tape or a device help this patient? Up to three tries in one session, the same task without and with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from kneeclinic.knowledge.schema import Measure
from kneeclinic.progress.amounts import counted
from kneeclinic.vocabulary import Refused

TRIES_TO_BE_SURE = 2
"""One try may be the luck of the moment, however large the fall (product default)."""
MOST_TRIES = 3
"""More step-downs in a row sore the knee that is asked (product default)."""


@dataclass(frozen=True)
class TrialEffect:
    """Mean fall of pain with the support (points of ten), its 95 % interval, and what it means: helps, may_help, no_help, worse."""

    n: int
    without: float
    with_it: float
    effect: float
    low: float
    high: float
    finding: str
    words: str


def trial_effect(tries: Sequence[tuple[float, float]], measure: Measure) -> TrialEffect | None:
    """The effect of paired tries (pain without, pain with), judged by the noise and the important change of the pain measure; None for no pair.

    One pair of an unchanged knee lies within the smallest detectable change (SDC); the mean of n pairs within SDC / sqrt(n), tries taken as
    independent. It helps when the mean fall of at least two is important
    and the interval lies above nothing. Raises Refused for more than three pairs.
    """
    if not tries:
        return None
    if len(tries) > MOST_TRIES:
        raise Refused(f"tries: {len(tries)} pairs came; at most {MOST_TRIES} in one session.")
    noise, important = measure.sdc or 0.0, measure.mic or 0.0
    effect = fmean(before - after for before, after in tries)
    half = noise / sqrt(len(tries))
    low, high = effect - half, effect + half
    finding = _finding(len(tries), effect, low, high, important)
    return TrialEffect(len(tries), fmean(one for one, _ in tries), fmean(one for _, one in tries), effect, low, high, finding,
                       _words(finding, len(tries), effect, low, high))


def _finding(n: int, effect: float, low: float, high: float, important: float) -> str:
    if high < 0:
        return "worse"
    if low > 0 and effect >= important and n >= TRIES_TO_BE_SURE:
        return "helps"
    return "may_help" if low > 0 or effect >= important else "no_help"


MEANING = {
    "helps": "It helps this patient.",
    "may_help": "It may help, but not yet beyond noise or not by much: try once more.",
    "no_help": "No clear help: leave it off.",
    "worse": "It makes the pain worse: leave it off.",
}


ONE_TRY = {
    "may_help": "It may help, but this is one try: ask for another before it counts.",
    "no_help": "No clear help in one try: another one, or leave it off.",
    "worse": "It makes the pain worse in one try: leave it off.",
}


def _words(finding: str, n: int, effect: float, low: float, high: float) -> str:
    change = f"Pain {'falls' if effect >= 0 else 'rises'} by {abs(effect):.1f} of 10"
    meaning = ONE_TRY[finding] if n < TRIES_TO_BE_SURE else MEANING[finding]
    return f"{meaning} {change} in {counted(n, 'try', 'tries')} (95 % interval of the fall {low:.1f} to {high:.1f})."
