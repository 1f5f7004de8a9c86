"""The weekly review of one patient: the week in numbers, what the rules suggest, and what exactly would change in the program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.adherence import Adherence, adherence
from kneeclinic.progress.change import ChangeVerdict, judge_case
from kneeclinic.progress.difference import Change, difference
from kneeclinic.progress.goals import all_goals_reached
from kneeclinic.progress.load import load_rise
from kneeclinic.progress.off_plan import behind_words, phases_behind, ran_beyond_plan, standing_fluid
from kneeclinic.progress.proposal import proposal
from kneeclinic.progress.series import fitting_side, main_side
from kneeclinic.progress.week import (
    effusion_week,
    green_sessions,
    groc,
    lowest_lsi,
    orthosis_weeks,
    pain_week,
    present_verdict,
    program_week,
    settled,
    tape_weeks,
)
from kneeclinic.record.case import Case
from kneeclinic.record.forms import ProgramForm
from kneeclinic.record.weeks import Review
from kneeclinic.rules import load
from kneeclinic.rules.facts import Facts, facts_of
from kneeclinic.rules.findings import Findings
from kneeclinic.rules.red_flags import RaisedFlag, standing_flags
from kneeclinic.rules.review import ReviewDecision, ReviewFacts, decide
from kneeclinic.rules.suggest import suggest_from
from kneeclinic.vocabulary import Side

KEY_MEASURES = ("pain_worst", "pain_usual", "akps", "koos_pf", "lefs", "psfs", "sane", "tsk11")
"""Verdicts of a review, in this order, of those that were taken."""
LAST_DAY = 6


@dataclass(frozen=True)
class Tile:
    """This week against last: label, unit, the two values; None = not told."""

    label: str
    unit: str
    now: float | str | None
    last: float | str | None


@dataclass(frozen=True)
class WeeklyReview:
    """Everything the review screen and the review sheet show of one patient. `difference` reads the proposal line by line."""

    week_start: date
    facts: ReviewFacts
    decision: ReviewDecision
    verdicts: tuple[ChangeVerdict, ...]
    flags: tuple[RaisedFlag, ...]
    proposal: ProgramForm | None
    difference: tuple[str, ...]
    tiles: tuple[Tile, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    """What to know before accepting, whatever decides: running above the plan, a jump of running, a program of an earlier phase, fluid."""


def weekly_review(case: Case, knowledge: Knowledge, today: date, *, first_day: int = 0) -> WeeklyReview:
    """The review of the week that holds today; weeks begin on `first_day` (0 = Monday)."""
    facts = facts_of(case, knowledge, today)
    findings = suggest_from(facts)
    numbers = _facts(case, knowledge, today, facts, findings.flags)
    decision = decide(numbers, knowledge)
    form = proposal(case, knowledge, numbers, decision, findings, today)
    changes = difference(case.program, form, knowledge) if form else ()
    week_start = today - timedelta(days=(today.weekday() - first_day) % 7)
    return WeeklyReview(week_start, numbers, decision, _verdicts(case, knowledge, today), findings.flags, form,
                        tuple(one.text for one in changes), _tiles(case, knowledge, today, facts), changes, _notes(case, knowledge, today, findings))


def _notes(case: Case, knowledge: Knowledge, today: date, findings: Findings) -> tuple[str, ...]:
    notes = []
    fluid, beyond, rise = standing_fluid(case, knowledge, today), ran_beyond_plan(case, knowledge, today), load_rise(case, knowledge, today)
    if fluid is not None and fluid.days_late(today):
        notes.append(fluid.sentence)
    if beyond is not None:
        notes.append(beyond.sentence)
    if rise.is_warning:
        notes.append(f"Running rose by {rise.percent:.0f} % in two weeks (warned of above {rise.warn_from:g} %): do not raise it this week.")
    if phases_behind(case, findings.phase) and not findings.blocked:
        words = behind_words(case, findings.phase)
        notes.append(f"{words[:1].upper()}{words[1:]}: take the harder exercise, or rebuild it on the program page.")
    return tuple(notes)


def review_facts(case: Case, knowledge: Knowledge, today: date) -> ReviewFacts:
    """One week in the numbers that the review rules read."""
    facts = facts_of(case, knowledge, today)
    return _facts(case, knowledge, today, facts, suggest_from(facts).flags)


def _facts(case: Case, knowledge: Knowledge, today: date, facts: Facts, flags: tuple[RaisedFlag, ...]) -> ReviewFacts:
    grades = knowledge.measure("stroke_test").choices
    now, before = effusion_week(case, knowledge, today)
    worst = pain_week(case, "pain_worst", today)
    verdict = present_verdict(case, knowledge, today)
    tape, orthosis = tape_weeks(case, today), orthosis_weeks(case, knowledge, today)
    return ReviewFacts(
        week=program_week(case, today) or 0,
        blocking_flags=tuple(f"{flag.id} ({flag.title})" for flag in standing_flags(flags, case, today)),
        effusion=None if now is None else grades.index(now),
        effusion_before=None if before is None else grades.index(before),
        worst_pain=worst.now,
        worst_pain_before=worst.last,
        worst_pain_weeks=worst.apart,
        rest_pain=pain_week(case, "pain_rest_24h", today).now,
        adherence=load.adherence_7d(facts, Side.NONE),
        verdict=verdict.verdict,
        verdict_measure=knowledge.measure(verdict.measure).label,
        groc=groc(case, today),
        goals_met_reviews=_reviews_with_goals_met(case, knowledge, today),
        lowest_lsi=lowest_lsi(facts),
        is_settled_24h=settled(case, knowledge, today),
        green_sessions=green_sessions(case, knowledge, today),
        tape_weeks=None if tape is None else round(tape, 1),
        orthosis_weeks=None if orthosis is None else round(orthosis, 1),
    )


def _reviews_with_goals_met(case: Case, knowledge: Knowledge, today: date) -> int:
    """Reviews running, today's included, at which every goal was reached."""
    if not all_goals_reached(case, knowledge, today):
        return 0
    this_week = today - timedelta(days=LAST_DAY)
    earlier = sorted((one for one in case.reviews if one.undone_at is None and one.week_start < this_week), key=lambda one: one.week_start)
    met = 1
    for review in reversed(earlier):
        if not all_goals_reached(case, knowledge, _held_on(review)):
            break
        met += 1
    return met


def _held_on(review: Review) -> date:
    return review.decided_at.date() if review.decided_at else review.week_start + timedelta(days=LAST_DAY)


def _verdicts(case: Case, knowledge: Knowledge, today: date) -> tuple[ChangeVerdict, ...]:
    side = main_side(case, today)
    verdicts = [judge_case(case, knowledge, measure, fitting_side(case, knowledge, measure, side, today), today) for measure in KEY_MEASURES]
    return tuple(one for one in verdicts if one.n)


def _running(facts: Facts) -> tuple[float | None, float | None]:
    """Kilometres of the newest seven days that were told of, and of the seven before; a week that is still running counts when told."""
    weeks = [load.week_km(facts, ago) for ago in range(3)]
    return (weeks[1], weeks[2]) if weeks[0] is None else (weeks[0], weeks[1])


def _done_before(done: Adherence) -> float | None:
    """Per cent of the week before the one that counts as this week's; where this week was not told, what was told last."""
    told = [week for week in done.by_week if week.percent is not None]
    if done.percent_7d is None:
        return told[-1].percent if told else None
    now = told[-1].week_start
    return next((week.percent for week in told if week.week_start == now - timedelta(days=7)), None)


def _tiles(case: Case, knowledge: Knowledge, today: date, facts: Facts) -> tuple[Tile, ...]:
    worst, usual, rest = (pain_week(case, kind, today) for kind in ("pain_worst", "pain_usual", "pain_rest_24h"))
    done = adherence(case, today)
    before = _done_before(done)
    effusion = effusion_week(case, knowledge, today)
    return (
        Tile("Worst pain", "/10", worst.now, worst.last),
        Tile("Usual pain", "/10", usual.now, usual.last),
        Tile("Rest or next morning", "/10", rest.now, rest.last),
        Tile("Sessions done", "%", done.percent_7d, before),
        Tile("Running", "km", *_running(facts)),
        Tile("Fluid", "", *effusion),
    )
