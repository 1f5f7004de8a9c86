"""How a runner's knee truly does, week by week, before anybody measures it: seven kinds of course with known truth.

Shares, sizes and speeds were fixed before the first score was read. They are assumptions of a plausible caseload, not data of a clinic.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

IMPORTANT_PAIN = 2.0
"""Important change of worst pain, 0-10."""
IMPORTANT_AKPS = 10.0
AKPS_PER_PAIN = (4.0, 6.0)
"""AKPS points that go with one point of worst pain: the two important changes stand in the ratio of 5."""
FLARES_WITH_FLUID = 0.4


class Kind(StrEnum):
    RESPONDER = "responder"
    SLOW = "slow"
    PLATEAU = "plateau"
    FLARE = "flare"
    WRONG_DIAGNOSIS = "wrong diagnosis"
    DROP_OUT = "drop-out"
    NON_ADHERENT = "non-adherent"


SHARES = {
    Kind.RESPONDER: 28, Kind.SLOW: 18, Kind.PLATEAU: 13, Kind.FLARE: 14, Kind.WRONG_DIAGNOSIS: 7, Kind.DROP_OUT: 10, Kind.NON_ADHERENT: 10,
}
"""Of a hundred runners."""


@dataclass(frozen=True)
class TrueWeek:
    """One week as it really was. `adherence`: share of sessions done; `symmetry` in per cent; `sign`: a red flag is there to be found.

    `fluid`: what the irritated joint holds, as a position in the grades of the stroke test (0 none, 1 trace, 2 = 1+).
    """

    worst: float
    akps: float
    adherence: float
    symmetry: float
    km: float
    sign: bool = False
    gone: bool = False
    fluid: int = 0

    @property
    def usual(self) -> float:
        return max(0.0, 0.6 * self.worst - 0.4)

    @property
    def rest(self) -> float:
        """Pain at rest or next morning."""
        return max(0.0, self.worst - 2.5)

    @property
    def running(self) -> float:
        return max(0.0, 0.8 * self.worst - 0.5)

    @property
    def step_down(self) -> float:
        """Faults in the lateral step-down, 0-6."""
        return min(6.0, max(0.0, (100 - self.symmetry) / 8))


@dataclass(frozen=True)
class Course:
    """One runner's truth; `weeks[0]` is the first week of the episode."""

    kind: Kind
    weeks: tuple[TrueWeek, ...]


def kinds(patients: int) -> list[Kind]:
    """The kind of each runner, in their shares, spread evenly."""
    ladder = [kind for kind, share in SHARES.items() for _ in range(share)]
    return [ladder[(at * 37) % len(ladder)] for at in range(patients)]


def a_course(kind: Kind, weeks: int, chance: Random) -> Course:
    worst = _pain(kind, weeks, chance)
    slope, akps = chance.uniform(*AKPS_PER_PAIN), chance.uniform(60, 74)
    adherence = _adherence(kind, weeks, chance)
    even, gain = chance.uniform(70, 90), chance.uniform(1.0, 2.5)
    km, step = chance.choice((0.0, chance.uniform(6, 30))), chance.uniform(0.0, 0.06)
    course = [
        TrueWeek(
            worst=worst[at], akps=min(100.0, max(0.0, akps + slope * (worst[0] - worst[at]))), adherence=adherence[at],
            symmetry=min(99.0, even + gain * at * adherence[at]), km=km * (1 + step) ** at,
        )
        for at in range(weeks)
    ]
    return Course(kind, tuple(_with_events(kind, course, chance)))


def _pain(kind: Kind, weeks: int, chance: Random) -> list[float]:
    """Worst pain of each week."""
    if kind is Kind.DROP_OUT:
        kind = chance.choice((Kind.RESPONDER, Kind.SLOW, Kind.PLATEAU))
    start = chance.uniform(4.5, 7.5)
    if kind is Kind.RESPONDER:
        return _settling(start, chance.uniform(0.5, 1.5), chance.uniform(2.5, 5.0), weeks)
    if kind is Kind.SLOW:
        speed = chance.uniform(0.25, 0.45)
        return [max(1.0, start - speed * at) for at in range(weeks)]
    if kind is Kind.PLATEAU:
        stop, speed = chance.randint(1, 4), chance.uniform(0.4, 0.7)
        return [max(3.0, start - speed * min(at, stop)) for at in range(weeks)]
    if kind is Kind.NON_ADHERENT:
        speed = chance.uniform(0.0, 0.2)
        return [start - speed * at for at in range(weeks)]
    if kind is Kind.WRONG_DIAGNOSIS:
        turn, speed = chance.randint(2, 6), chance.uniform(0.4, 0.8)
        return [min(9.5, start + speed * max(0, at - turn)) for at in range(weeks)]
    calm = _settling(start, chance.uniform(1.0, 2.5), chance.uniform(3.0, 6.0), weeks)
    return _flared(calm, chance)


def _settling(start: float, end: float, slowness: float, weeks: int) -> list[float]:
    return [end + (start - end) * math.exp(-at / slowness) for at in range(weeks)]


def _flared(calm: list[float], chance: Random) -> list[float]:
    """A flare of 2.5 to 4.5 points that comes within a week or two, stays for two or three and fades in two."""
    onset, size, slow = chance.randint(3, len(calm) - 4), chance.uniform(2.5, 4.5), chance.random() < 0.4
    stay = chance.randint(2, 3)
    shape = [*([0.5] if slow else []), *([1.0] * stay), 0.5, 0.2]
    return [min(10.0, pain + size * (shape[at - onset] if 0 <= at - onset < len(shape) else 0.0)) for at, pain in enumerate(calm)]


def _adherence(kind: Kind, weeks: int, chance: Random) -> list[float]:
    usual = chance.uniform(0.72, 0.95)
    if kind is not Kind.NON_ADHERENT:
        return [usual] * weeks
    fades, low = chance.randint(0, 5), chance.uniform(0.15, 0.5)
    return [usual if at < fades else low for at in range(weeks)]


def _with_events(kind: Kind, course: list[TrueWeek], chance: Random) -> list[TrueWeek]:
    if kind is Kind.FLARE:
        rises = [course[at].worst - course[at - 1].worst for at in range(1, len(course))]
        jump = rises.index(max(rises)) + 1
        loaded = [replace(one, km=1.5 * one.km) if at in (jump - 1, jump) else one for at, one in enumerate(course)]
        return _with_fluid(loaded, jump)
    if kind is Kind.WRONG_DIAGNOSIS and chance.random() < 0.6:
        since = chance.randint(3, len(course) - 3)
        return [replace(one, sign=at >= since) for at, one in enumerate(course)]
    if kind is Kind.DROP_OUT:
        since = chance.randint(2, len(course) - 4)
        return [replace(one, gone=at >= since) for at, one in enumerate(course)]
    return course


def _with_fluid(course: list[TrueWeek], jump: int) -> list[TrueWeek]:
    """In two of five flares the joint holds fluid: 1+ while the flare is high, a trace for two weeks after. The lot is drawn of its own."""
    own = Random(f"fluid {course[0].worst}")
    if own.random() >= FLARES_WITH_FLUID:
        return course
    high = [at for at in range(jump, min(jump + 3, len(course))) if course[at].worst > course[jump].worst - IMPORTANT_PAIN]
    last = high[-1]
    return [replace(one, fluid=2) if at in high else replace(one, fluid=1) if last < at <= last + 2 else one for at, one in enumerate(course)]
