"""This week against last week: the few numbers from which a patient is reviewed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.adherence import facts_of_weeks
from kneeclinic.progress.change import ChangeVerdict, judge_case
from kneeclinic.progress.series import Point, fitting_side, last_day_told, main_side, pain_series, values_of
from kneeclinic.record.case import Case
from kneeclinic.record.programs import DeviceNote, TapeNote
from kneeclinic.record.weeks import CheckIn
from kneeclinic.rules import load
from kneeclinic.rules.derived import STRENGTH_TESTS
from kneeclinic.rules.facts import Facts
from kneeclinic.vocabulary import Side, Verdict

FRESH_DAYS = 13
"""Older pain says nothing of this week (product default): a weekly rhythm with one late answer."""
BEFORE_DAYS = 21
STALE_DAYS = 14
"""A main measure older than this gives way to a fresher one when a week is decided (product default)."""
SESSIONS_OF_A_WEEK_TOLD = 2
EFFUSION_BEFORE_DAYS = 14
LEADING = (("akps", "koos_pf"), ("lefs",), ("pain_worst",))
"""The measure a course is judged by: the first group of which one was taken twice."""
GAIN = (Verdict.BETTER, Verdict.POSSIBLY_BETTER)

Zone = Literal["green", "amber", "red"]


@dataclass(frozen=True)
class PainWeek:
    """The worst told within the newest seven days that were told of, and within the seven before; None = not told.

    `apart`: weeks between the two; more than one where nothing was told in between.
    """

    now: float | None
    last: float | None
    apart: int = 1

    @property
    def rise(self) -> float | None:
        return None if self.now is None or self.last is None else self.now - self.last


def pain_week(case: Case, kind: str, today: date) -> PainWeek:
    """`kind` as in `pain_series`. Pain older than 13 days is not this week's; the comparison reaches back 21 days at most."""
    points = [point for point in pain_series(case, kind) if point.on <= today]
    if not points or (today - points[-1].on).days > FRESH_DAYS:
        return PainWeek(None, points[-1].value if points else None)
    newest = points[-1].on
    now = _worst(points, newest - timedelta(days=6), newest)
    last = _worst(points, newest - timedelta(days=13), newest - timedelta(days=7))
    if last is not None:
        return PainWeek(now, last)
    earlier = [point for point in points if newest - timedelta(days=BEFORE_DAYS) <= point.on < newest - timedelta(days=6)]
    return PainWeek(now, earlier[-1].value, round((newest - earlier[-1].on).days / 7)) if earlier else PainWeek(now, None)


def _worst(points: Iterable[Point], first: date, last: date) -> float | None:
    return max((point.value for point in points if first <= point.on <= last), default=None)


def effusion_week(case: Case, knowledge: Knowledge, today: date) -> tuple[str | None, str | None]:
    """Grade of the newest stroke test and of the one before it on the same knee (14 days at most); of the worse knee. None = not tested.

    Both knees are looked at, whichever is treated; of two with the same grade the one that rose. A grade stands until the next test,
    however old it is; a rise is news for 13 days only, so that one test read a grade too high does not halve the load for weeks.
    """
    order = knowledge.measure("stroke_test").choices
    found = []
    for side in (Side.LEFT, Side.RIGHT):
        tests = case.series("stroke_test", side, today)
        if tests:
            is_news = (today - tests[-1].on).days <= FRESH_DAYS
            before = [one for one in tests[:-1] if is_news and 0 < (tests[-1].on - one.on).days <= EFFUSION_BEFORE_DAYS]
            found.append((str(tests[-1].value), str(before[-1].value) if before else None))
    return max(found, key=lambda pair: (order.index(pair[0]), pair[1] is not None, -order.index(pair[1] or order[0])), default=(None, None))


def main_verdict(case: Case, knowledge: Knowledge, today: date) -> ChangeVerdict:
    """The verdict a course is judged by: AKPS or KOOS-PF, else LEFS, else worst pain; the more hopeful where both of a pair were taken.

    A measure taken once only gives way to the next; with nothing taken twice the verdict on worst pain says so.
    """
    side = main_side(case, today)
    verdict = None
    for group in LEADING:
        verdicts = [judge_case(case, knowledge, measure, fitting_side(case, knowledge, measure, side, today), today) for measure in group]
        judged = [one for one in verdicts if one.verdict is not Verdict.NOT_JUDGED]
        if judged:
            return min(judged, key=lambda one: list(Verdict).index(one.verdict))
        verdict = verdicts[0]
    assert verdict is not None
    return verdict


def present_verdict(case: Case, knowledge: Knowledge, today: date) -> ChangeVerdict:
    """The verdict that a week is decided by: `main_verdict`, unless its last value is older than two weeks and a later group was taken since.

    A questionnaire of a month ago says nothing of this week: a flare that is long over would still be "no gain".
    """
    main = main_verdict(case, knowledge, today)
    if _is_fresh(case, knowledge, main.measure, today):
        return main
    for group in LEADING:
        judged = [judge_case(case, knowledge, measure, fitting_side(case, knowledge, measure, main_side(case, today), today), today)
                  for measure in group if _is_fresh(case, knowledge, measure, today)]
        judged = [one for one in judged if one.verdict is not Verdict.NOT_JUDGED]
        if judged:
            return min(judged, key=lambda one: list(Verdict).index(one.verdict))
    return main


def _is_fresh(case: Case, knowledge: Knowledge, measure: str, today: date) -> bool:
    points = values_of(case, knowledge, measure, fitting_side(case, knowledge, measure, main_side(case, today), today), today)
    return bool(points) and (today - points[-1].on).days <= STALE_DAYS


def groc(case: Case, today: date) -> float | None:
    """The newest global rating of change, -7 to +7, or None when never asked."""
    found = case.latest("groc", Side.NONE, today)
    return found.number if found else None


def lowest_lsi(facts: Facts) -> float | None:
    """The lowest strength symmetry known, in per cent, or None."""
    values = [facts.number(f"{test}_lsi", side) for test in STRENGTH_TESTS for side in facts.sides]
    return min((value for value in values if value is not None), default=None)


@dataclass(frozen=True)
class Session:
    """Pain of one session and of the morning after; `is_day`: told as a whole day, which holds the runs of that day."""

    on: date
    pain: float
    morning: float | None
    is_day: bool = False

    def joined(self, run: Session) -> Session:
        """The worse of the two."""
        mornings = [one for one in (self.morning, run.morning) if one is not None]
        return Session(self.on, max(self.pain, run.pain), max(mornings, default=None), is_day=True)


def zones(case: Case, knowledge: Knowledge, today: date) -> tuple[Zone, ...]:
    """Pain zones of the sessions of the last two weeks, oldest first; a session is a day with exercises or a run whose pain was told.

    A week told as one number speaks for two sessions: the worst pain of the week is the worst of each of them. A run on a day that was told
    is part of that day's session, not one more.
    """
    since = today - timedelta(days=FRESH_DAYS)
    told: list[Session] = []
    for week in load.check_ins(facts_of_weeks(case, today)):
        told += _sessions(week)
    places = {one.on: at for at, one in enumerate(told) if one.is_day}
    for run in case.runs:
        if run.invalidated_at is not None or run.pain_during is None or run.on > today:
            continue
        ran = Session(run.on, float(run.pain_during), _number(run.pain_next_morning))
        if run.on in places:
            told[places[run.on]] = told[places[run.on]].joined(ran)
        else:
            told.append(ran)
    recent = sorted((one for one in told if one.on >= since), key=lambda one: one.on)
    return tuple(zone_of(knowledge, one.pain, one.morning) for one in recent)


def green_sessions(case: Case, knowledge: Knowledge, today: date) -> int | None:
    """How many of the last sessions running were green; None when no session was told of."""
    found = zones(case, knowledge, today)
    return next((at for at, zone in enumerate(reversed(found)) if zone != "green"), len(found)) if found else None


def _sessions(week: CheckIn) -> list[Session]:
    days = [Session(day.on, float(day.pain_worst), _number(day.pain_next_morning), is_day=True) for day in week.days
            if day.pain_worst is not None and (day.done or day.km)]
    if days or week.pain_worst is None or not (week.sessions_done or week.km):
        return days
    return [Session(last_day_told(week), float(week.pain_worst), _number(week.pain_next_morning))] * SESSIONS_OF_A_WEEK_TOLD


def zone_of(knowledge: Knowledge, pain: float, next_morning: float | None = None) -> Zone:
    """The zone of a pain; next morning's pain can make it worse, never better."""
    worst = max(pain, next_morning or 0)
    bounds = {one.zone: one.high for one in knowledge.pain_zones}
    return "green" if worst <= bounds["green"] else "amber" if worst <= bounds["amber"] else "red"


def settled(case: Case, knowledge: Knowledge, today: date) -> bool | None:
    """Whether the newest week's pain was back to usual (or green) next morning; None = not told."""
    weeks = [week for week in load.check_ins(facts_of_weeks(case, today)) if (today - last_day_told(week)).days <= FRESH_DAYS]
    for week in reversed(weeks):
        mornings = [one for one in (week.pain_next_morning, *(day.pain_next_morning for day in week.days)) if one is not None]
        if mornings:
            usual = float(week.pain_usual or 0)
            return max(mornings) <= max(usual, next(one.high for one in knowledge.pain_zones if one.zone == "green"))
    return None


def tape_weeks(case: Case, today: date) -> float | None:
    """Weeks since the tape of the current program was first laid, without a break over versions; None without tape."""
    program = case.program
    if program is None or program.tape is None:
        return None
    return _weeks_since(_unbroken([one.tape for one in case.programs]), today)


def orthosis_weeks(case: Case, knowledge: Knowledge, today: date) -> float | None:
    """As `tape_weeks`, for the orthosis worn longest."""
    program = case.program
    worn = [one for one in program.devices if is_orthosis(knowledge, one)] if program else []
    weeks = [
        _weeks_since(_unbroken([next((old for old in version.devices if old.device == one.device), None) for version in case.programs]), today)
        for one in worn
    ]
    return max(weeks, default=None)


def is_orthosis(knowledge: Knowledge, device: DeviceNote) -> bool:
    return knowledge.support(device.device).kind == "orthosis"


def _unbroken(notes: Sequence[TapeNote | DeviceNote | None]) -> list[date]:
    started = []
    for note in reversed(notes):
        if note is None:
            break
        started.append(note.started_on)
    return started


def _weeks_since(started: Sequence[date], today: date) -> float:
    return max(0.0, (today - min(started)).days / 7)


def program_week(case: Case, today: date) -> int | None:
    """Whole weeks since the first program began; None before it."""
    begun = [one.starts_on for one in case.programs if one.starts_on <= today]
    return (today - min(begun)).days // 7 if begun else None


def _number(value: int | None) -> float | None:
    return None if value is None else float(value)
