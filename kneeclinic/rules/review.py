"""The weekly review: an ordered list of questions about one week, where the first that is answered yes decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.knowledge.schema import ReviewRule
from kneeclinic.vocabulary import Decision, Verdict


@dataclass(frozen=True)
class ReviewFacts:
    """One week in numbers; None = not on record, which is never taken as zero.

    `week`: weeks since the program began. `effusion`: highest stroke test of the affected knees as its position in the choices
    (0 none, 1 trace, 2 = 1+ …). `verdict`: on AKPS or KOOS-PF, else LEFS, else worst pain. `goals_met_reviews`: reviews running,
    this one included, at which all goals were met. `lowest_lsi`: per cent, the lowest strength symmetry on record.
    `is_settled_24h`: pain after exercise back within 24 hours. `green_sessions`: last sessions running with green pain.
    """

    week: int
    blocking_flags: tuple[str, ...] = ()
    effusion: int | None = None
    effusion_before: int | None = None
    worst_pain: float | None = None
    worst_pain_before: float | None = None
    rest_pain: float | None = None
    adherence: float | None = None
    verdict: Verdict | None = None
    verdict_measure: str = ""
    groc: float | None = None
    goals_met_reviews: int = 0
    lowest_lsi: float | None = None
    is_settled_24h: bool | None = None
    green_sessions: int | None = None
    tape_weeks: float | None = None
    orthosis_weeks: float | None = None
    worst_pain_weeks: int = 1
    """Weeks between the two worst pains: more than one where nothing was told in between."""


@dataclass(frozen=True)
class ReviewDecision:
    """What the week suggests, by which rule and because of what; `added` joins it whatever it is."""

    rule: str
    decision: Decision
    title: str
    because: tuple[str, ...]
    then: str
    added: tuple[ReviewDecision, ...] = ()


Limits = dict[str, float]
Question = Callable[[ReviewFacts, Limits], tuple[str, ...]]


def decide(facts: ReviewFacts, knowledge: Knowledge) -> ReviewDecision:
    """The first row that matches, in the order of the knowledge, with every row that is added to any decision."""
    rows = sorted(knowledge.reviews, key=lambda row: row.order)
    added = tuple(_decision(row, because) for row in rows if row.added and (because := _answer(row, facts)))
    first = next((row, because) for row in rows if not row.added and (because := _answer(row, facts)))
    return _decision(*first, added)


def _answer(row: ReviewRule, facts: ReviewFacts) -> tuple[str, ...]:
    return QUESTIONS[row.id](facts, row.thresholds)


def _decision(row: ReviewRule, because: tuple[str, ...], added: tuple[ReviewDecision, ...] = ()) -> ReviewDecision:
    return ReviewDecision(row.id, row.decision, row.title, because, row.then, added)


def is_blocked(facts: ReviewFacts, limits: Limits) -> tuple[str, ...]:
    return tuple(f"red flag {flag}" for flag in facts.blocking_flags)


def has_fluid(facts: ReviewFacts, limits: Limits) -> tuple[str, ...]:
    """Fluid of 1+ or more, or a grade more than at the test before; of a trace it is said that two readings differ by as much."""
    now, before = facts.effusion, facts.effusion_before
    if now is None:
        return ()
    because = []
    if now >= limits["effusion_from"]:
        because.append("fluid of grade 1+ or more in the joint")
    if before is not None and now - before >= limits["effusion_rise"]:
        more = "a grade more fluid" if now - before == 1 else "more fluid"
        because.append(f"{more} in the joint than at the test before")
        if now < limits["effusion_from"]:
            because.append("one grade may be the reading, so the next test decides")
    return tuple(because)


def has_flared(facts: ReviewFacts, limits: Limits) -> tuple[str, ...]:
    because = []
    worst, before = facts.worst_pain, facts.worst_pain_before
    if worst is not None and before is not None and worst - before >= limits["worst_rise"]:
        when = "a week" if facts.worst_pain_weeks <= 1 else f"{facts.worst_pain_weeks} weeks"
        because.append(f"worst pain up from {before:g} to {worst:g} in {when}")
    if facts.rest_pain is not None and facts.rest_pain > limits["rest_pain_above"]:
        because.append(f"pain at rest or after 24 hours {facts.rest_pain:g}")
    if worst is not None and worst >= limits["worst_from"]:
        because.append(f"worst pain {worst:g}")
    return tuple(because)


def is_without_gain(facts: ReviewFacts, limits: Limits) -> tuple[str, ...]:
    """Faithful for long enough, judged, and neither better nor possibly better; a global rating of +2 or more is a gain."""
    judged = facts.verdict not in (None, Verdict.NOT_JUDGED, Verdict.BETTER, Verdict.POSSIBLY_BETTER)
    feels_better = facts.groc is not None and facts.groc >= limits["groc_gain"]
    faithful = facts.adherence is not None and facts.adherence >= limits["adherence_from"]
    if facts.week < limits["week_from"] or not judged or feels_better or not faithful or facts.verdict is None:
        return ()
    what = f"no gain in {facts.verdict_measure}" if facts.verdict_measure else "no gain"
    return (f"{what} by week {facts.week} ({facts.verdict.value.replace('_', ' ')})", f"{facts.adherence:.0f} % of the sessions done")


def is_too_little_done(facts: ReviewFacts, limits: Limits) -> tuple[str, ...]:
    if facts.adherence is None or facts.adherence >= limits["adherence_below"]:
        return ()
    return (f"{facts.adherence:.0f} % of the sessions done",)


def has_arrived(facts: ReviewFacts, limits: Limits) -> tuple[str, ...]:
    even = facts.lowest_lsi is not None and facts.lowest_lsi >= limits["lsi_from"]
    if facts.goals_met_reviews < limits["reviews_with_goals_met"] or not even:
        return ()
    return (f"goals met at {facts.goals_met_reviews} reviews running", f"lowest strength symmetry {facts.lowest_lsi:.0f} %")


def is_amber_and_settles(facts: ReviewFacts, limits: Limits) -> tuple[str, ...]:
    worst = facts.worst_pain
    if worst is None or not facts.is_settled_24h or not limits["worst_from"] <= worst <= limits["worst_to"]:
        return ()
    return (f"worst pain {worst:g}", "settled within 24 hours")


def is_all_green(facts: ReviewFacts, limits: Limits) -> tuple[str, ...]:
    green = facts.green_sessions is not None and facts.green_sessions >= limits["green_sessions"]
    if not green or facts.adherence is None or facts.adherence < limits["adherence_from"]:
        return ()
    return (f"last {facts.green_sessions} sessions green", f"{facts.adherence:.0f} % of the sessions done")


def is_anything_else(facts: ReviewFacts, limits: Limits) -> tuple[str, ...]:
    """Always yes, and says what is missing."""
    missing = []
    if facts.adherence is None:
        missing.append("no check-in with the sessions done")
    elif facts.adherence < limits["adherence_from"]:
        missing.append(f"{facts.adherence:.0f} % of the sessions done, between too few and enough to progress")
    if facts.worst_pain is None:
        missing.append("no worst pain of the week")
    elif facts.is_settled_24h is None:
        missing.append("not told whether pain settled within 24 hours")
    if facts.verdict in (None, Verdict.NOT_JUDGED):
        missing.append("no second value of the main questionnaire")
    return tuple(missing) or _not_ready(facts)


def _not_ready(facts: ReviewFacts) -> tuple[str, ...]:
    """Everything is known, and it is not enough to progress."""
    because = [f"worst pain {facts.worst_pain:g} did not settle within 24 hours"] if facts.is_settled_24h is False else []
    if facts.green_sessions is None:
        return (*because, "no pain told with a session")
    green = "the last session was not green" if facts.green_sessions == 0 else f"too few sessions green running ({facts.green_sessions})"
    return (*because, green)


def is_worn_too_long(facts: ReviewFacts, limits: Limits) -> tuple[str, ...]:
    because = []
    if facts.tape_weeks is not None and facts.tape_weeks > limits["tape_weeks_above"]:
        because.append(f"tape for {facts.tape_weeks:g} weeks")
    if facts.orthosis_weeks is not None and facts.orthosis_weeks > limits["orthosis_weeks_above"]:
        because.append(f"orthosis for {facts.orthosis_weeks:g} weeks")
    return tuple(because)


QUESTIONS: dict[str, Question] = {
    "WR1": is_blocked,
    "WR2": has_fluid,
    "WR3": has_flared,
    "WR8": is_without_gain,
    "WR7": is_without_gain,
    "WR4": is_too_little_done,
    "WR10": has_arrived,
    "WR5": is_amber_and_settles,
    "WR6": is_all_green,
    "WR11": is_anything_else,
    "WR9": is_worn_too_long,
}
