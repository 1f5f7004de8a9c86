"""Recall and precision of each alert against the truth of the simulated caseload."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.caseload import REASON_IDS, caseload
from kneeclinic.progress.review import weekly_review
from tests.simulation import truth
from tests.simulation.courses import IMPORTANT_PAIN
from tests.simulation.runners import WEEKS, Runner, look_day, runners

PATIENCE = {
    "red_flag": 3, "worsening": 2, "overdue": 1, "stopped_checking_in": 2, "plateau": 2, "low_adherence": 2, "support_overdue": 1,
    "near_discharge": 4,
}
"""Weeks from onset within which an alert must come: a red flag waits for the next visit, goals for the next questionnaire."""
ALSO_RIGHT = {"red_flag": truth.FLUID, "worsening": truth.WORSE_SCALE, "low_adherence": truth.POOR_WEEK}
"""A second truth that makes an alert right."""
KNOWN_WITHOUT_WORD = ("overdue", "stopped_checking_in", "support_overdue")
"""Alerts that need nothing from the patient; the others are not asked of weeks of which nobody told anything."""


@dataclass(frozen=True)
class Seen:
    """One runner, week 1 first: what was true, which reasons held, which led the row, which review rule decided, which were added."""

    runner: Runner
    true: tuple[frozenset[str], ...]
    raised: tuple[frozenset[str], ...]
    leading: tuple[str, ...]
    rules: tuple[str, ...] = ()
    added: tuple[frozenset[str], ...] = ()
    traces: tuple[bool, ...] = ()
    """Whether WR2 decided by a rise to a trace alone, which one reading in twenty of a dry knee is."""


@dataclass(frozen=True)
class Score:
    """Stretches of truth that were `caught`, and weeks with an alert that were `right`; `fresh` alerts are those not up the week before."""

    alert: str
    stretches: int
    caught: int
    delays: tuple[int, ...]
    weeks: int
    right: int
    fresh: int
    fresh_right: int

    @property
    def recall(self) -> float | None:
        return self.caught / self.stretches if self.stretches else None

    @property
    def precision(self) -> float | None:
        return self.right / self.weeks if self.weeks else None

    @property
    def fresh_precision(self) -> float | None:
        return self.fresh_right / self.fresh if self.fresh else None

    @property
    def delay(self) -> float | None:
        """Median weeks from onset to alert, of those that were caught."""
        return median(self.delays) if self.delays else None


def watch(people: Sequence[Runner], knowledge: Knowledge, weeks: int = WEEKS, *, reviewed: bool = True) -> list[Seen]:
    """Every runner on every Monday: the truth, the row of the caseload and the decision of the weekly review."""
    rows: list[dict[str, tuple[frozenset[str], str]]] = []
    reviews: list[dict[str, tuple[str, frozenset[str], bool]]] = []
    for week in range(1, weeks + 1):
        day = look_day(week)
        cases = [one.case_on(day) for one in people]
        rows.append({row.patient_id: (frozenset(row.all_reasons), row.reason_id) for row in caseload(cases, knowledge, day)})
        reviews.append({})
        for case in cases if reviewed else ():
            review = weekly_review(case, knowledge, day)
            decision, grade = review.decision, review.facts.effusion
            is_trace = decision.rule == "WR2" and grade is not None and grade < FLUID_FROM
            reviews[-1][case.patient.id] = decision.rule, frozenset(one.rule for one in decision.added), is_trace
    found = []
    for one in people:
        own = [week[one.patient.id] for week in rows]
        decided = [week[one.patient.id] for week in reviews] if reviewed else []
        found.append(Seen(
            one, tuple(truth.states(one, week) for week in range(1, weeks + 1)), tuple(raised for raised, _ in own),
            tuple(leading for _, leading in own), tuple(rule for rule, _, _ in decided), tuple(added for _, added, _ in decided),
            tuple(is_trace for _, _, is_trace in decided),
        ))
    return found


def scores(seen: Sequence[Seen]) -> dict[str, Score]:
    """The score of every reason of the caseload but on course, which says that there is none."""
    return {alert: score(alert, seen, lambda one, at, alert=alert: alert in one.raised[at]) for alert in REASON_IDS if alert in PATIENCE}


def score(alert: str, seen: Sequence[Seen], is_up: Callable[[Seen, int], bool]) -> Score:
    """`is_up` tells whether the alert was up for a runner in a week, counted from 0; `alert` names the truth it is held against."""
    delays: list[int] = []
    stretches = weeks = right = fresh = fresh_right = 0
    for one in seen:
        up = [is_up(one, at) for at in range(len(one.true))]
        holds = [alert in states for states in one.true]
        fits = [holds[at] or ALSO_RIGHT.get(alert) in states for at, states in enumerate(one.true)]
        for at in (at for at, is_raised in enumerate(up) if is_raised):
            is_right = fits[at] or (at > 0 and fits[at - 1])
            is_fresh = at == 0 or not up[at - 1]
            weeks, right = weeks + 1, right + is_right
            fresh, fresh_right = fresh + is_fresh, fresh_right + (is_right and is_fresh)
        for onset, _ in truth.spells(holds):
            last = onset + PATIENCE[alert]
            raised = next((week for week in range(onset, min(last, len(up)) + 1) if up[week - 1]), None)
            if raised is None and (last > len(up) or not _could_be_known(alert, one, onset, last)):
                continue
            stretches += 1
            delays += [] if raised is None else [raised - onset]
    return Score(alert, stretches, len(delays), tuple(delays), weeks, right, fresh, fresh_right)


def _could_be_known(alert: str, one: Seen, onset: int, last: int) -> bool:
    if alert in KNOWN_WITHOUT_WORD:
        return True
    stayed = [week for week in range(onset, last + 1) if not one.runner.course.weeks[week - 1].gone]
    return len(stayed) > 0 and one.runner.was_heard_of(onset, last)


@dataclass(frozen=True)
class Decided:
    """How often a review rule decided, and how often that fitted the truth of the week or of the week before."""

    rule: str
    weeks: int
    right: int

    @property
    def precision(self) -> float | None:
        return self.right / self.weeks if self.weeks else None


def decisions(seen: Sequence[Seen]) -> list[Decided]:
    decided: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for one in seen:
        for at, rule in enumerate(one.rules):
            named = TRACE if one.traces[at] else rule
            for name in {named, *one.added[at]} & set(FITS):
                decided[name] += 1
                right[name] += any(FITS[name](one, week) for week in (at, at - 1) if week >= 0)
    return [Decided(rule, decided[rule], right[rule]) for rule in FITS]


def progressed_while_worse(seen: Sequence[Seen]) -> tuple[int, int]:
    """Weeks in which more exercise was suggested to a runner who truly got worse, of the weeks in which somebody did."""
    worse = [(one, at) for one in seen for at, states in enumerate(one.true) if "worsening" in states]
    return sum(one.rules[at] == "WR6" for one, at in worse), len(worse)


def stepped_back_when_worse(seen: Sequence[Seen]) -> Score:
    """The weekly review as an alert of worsening: regress, reassess or refer."""
    return score("worsening", seen, lambda one, at: one.rules[at] in ("WR1", "WR2", "WR3", "WR7", "WR8"))


def calm_rows(seen: Sequence[Seen]) -> tuple[int, int, int]:
    """Weeks in which nothing was the matter, rows that said so, and both."""
    calm = rows = both = 0
    for one in seen:
        for states, leading in zip(one.true, one.leading, strict=True):
            is_calm = not states - {truth.POOR_WEEK, truth.FLUID}
            calm, rows, both = calm + is_calm, rows + (leading == "on_course"), both + (leading == "on_course" and is_calm)
    return calm, rows, both


def _pain(low: float, high: float) -> Callable[[Seen, int], bool]:
    return lambda one, at: low <= one.runner.course.weeks[at].worst <= high


def _has(*names: str) -> Callable[[Seen, int], bool]:
    return lambda one, at: any(name in one.true[at] for name in names)


def _flared(one: Seen, at: int) -> bool:
    return _has("worsening", truth.WORSE_SCALE)(one, at) or one.runner.course.weeks[at].worst >= 6 - truth.ROUNDS_TO


def _without_gain(one: Seen, at: int) -> bool:
    return truth.is_without_gain(one.runner, at + 1) and one.runner.course.weeks[at].adherence >= truth.ENOUGH_ADHERENCE


def _may_progress(one: Seen, at: int) -> bool:
    week = one.runner.course.weeks[at]
    return week.worst < 2 + IMPORTANT_PAIN / 2 and week.adherence >= 0.7 and "worsening" not in one.true[at]


TRACE = "WR2 trace"
"""WR2 by a rise from nothing to a trace. The true joints of the simulation fill at once to 1+ and only fall through a trace, so hardly any of
these weeks can fit: what is measured is how often a dry knee is misread."""
FLUID_FROM = 2
"""Position of 1+ in the grades of the stroke test."""

FITS: dict[str, Callable[[Seen, int], bool]] = {
    "WR1": _has("red_flag", truth.FLUID), "WR2": _has(truth.FLUID), TRACE: _has(truth.FLUID), "WR3": _flared, "WR8": _without_gain,
    "WR7": _without_gain,
    "WR4": _has("low_adherence", truth.POOR_WEEK), "WR10": _has("near_discharge"), "WR5": _pain(2.5, 5.5), "WR6": _may_progress,
    "WR9": _has("support_overdue"),
}
"""When a decision of the review fits the truth; WR11 says that something is missing and is right whenever it is."""


def simulate(knowledge: Knowledge, patients: int, seed: int) -> list[Seen]:
    return watch(runners(knowledge, patients, WEEKS, seed), knowledge)
