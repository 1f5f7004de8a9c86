"""Why a patient needs a minute today: an ordered list of questions, each answered with the numbers behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.adherence import Adherence, adherence
from kneeclinic.progress.amounts import counted, day_text, listed
from kneeclinic.progress.change import ChangeVerdict, judge
from kneeclinic.progress.goals import all_goals_reached
from kneeclinic.progress.load import running_threshold
from kneeclinic.progress.off_plan import behind_words, phases_behind, ran_beyond_plan, standing_fluid
from kneeclinic.progress.plateau import is_faithful, stands_still, still_hurts, window
from kneeclinic.progress.rise import Rise, clear_rise
from kneeclinic.progress.series import Point, last_day_told, main_side, pain_series, values_of
from kneeclinic.progress.week import PainWeek, groc, main_verdict, orthosis_weeks, pain_week, present_verdict, program_week, tape_weeks
from kneeclinic.record.case import Case
from kneeclinic.rules import load
from kneeclinic.rules.because import Because, shown
from kneeclinic.rules.facts import Facts, facts_of
from kneeclinic.rules.phase import PhaseFinding, phase
from kneeclinic.rules.red_flags import RaisedFlag, raised
from kneeclinic.vocabulary import EpisodeStatus, FlagLevel, MeasureKind, PlannedState, Verdict

ROUNDS_TO = 0.5
"""A mean of 2.5 is an amber 3."""
LAST_PHASE = 4
FLUID_FIRST = 1000
"""Fluid that was not tested again comes before any visit that is late."""

ABOVE_ADHERENCE = 100
"""Too much running comes before too few sessions: it harms sooner."""
FAR_BEHIND = 2
"""So many phases behind, a program asks for a look; one phase is told beside the course."""
TELLING_MOST = 3
FLAG_ACT = {FlagLevel.EMERGENCY: "Send today", FlagLevel.REFER: "Refer", FlagLevel.LIMIT: "No impact"}
"""What a flag asks for, before what was found: a narrow column shows the beginning of a sentence."""

RED, TODAY, LOOK, CALM = 3, 2, 1, 0
"""What a reason asks for: stop and act, act today, have a look, nothing."""


@dataclass(frozen=True, eq=False)
class Glance:
    """Everything the questions ask of one case on one day, each computed once and only when asked."""

    case: Case
    knowledge: Knowledge
    today: date

    @cached_property
    def facts(self) -> Facts:
        return facts_of(self.case, self.knowledge, self.today)

    @cached_property
    def flags(self) -> tuple[RaisedFlag, ...]:
        return raised(self.facts)

    @cached_property
    def phase(self) -> PhaseFinding:
        return phase(self.facts, self.knowledge, self.today)

    @cached_property
    def pain(self) -> PainWeek:
        return pain_week(self.case, "pain_worst", self.today)

    @cached_property
    def pain_points(self) -> tuple[Point, ...]:
        return tuple(point for point in pain_series(self.case, "pain_worst") if point.on <= self.today)

    @cached_property
    def clear_rise(self) -> Rise | None:
        return clear_rise(self.pain_points, self.knowledge.measure("pain_worst"), self.today)

    @cached_property
    def verdict(self) -> ChangeVerdict:
        return main_verdict(self.case, self.knowledge, self.today)

    @cached_property
    def adherence(self) -> Adherence:
        return adherence(self.case, self.today)

    @cached_property
    def is_paused(self) -> bool:
        return self.case.episode.status is EpisodeStatus.PAUSED

    def limit(self, rule: str, name: str) -> float:
        """A threshold of a weekly review rule."""
        return next(one.thresholds[name] for one in self.knowledge.reviews if one.id == rule)

    @cached_property
    def due_on(self) -> date | None:
        """The oldest visit that was agreed and is neither done nor cancelled."""
        return min((one.on for one in self.case.planned if one.state is PlannedState.PLANNED), default=None)

    @cached_property
    def overdue_days(self) -> int:
        return max(0, (self.today - self.due_on).days) if self.due_on else 0


@dataclass(frozen=True)
class Reason:
    """One answer: `weight` orders reasons of one kind, the heavier first."""

    id: str
    severity: int
    sentence: str
    weight: float = 0.0


def red_flag(at: Glance) -> Reason | None:
    serious = [flag for flag in at.flags if flag.level is not FlagLevel.INFORM]
    if not serious:
        return None
    flag = serious[0]
    telling = [one for one in flag.because if one.measure != "age"] or flag.because
    found = listed(dict.fromkeys(_finding(at.knowledge, one) for one in telling[:TELLING_MOST]))
    more = f" (and {counted(len(serious) - 1, 'more flag')})" if len(serious) > 1 else ""
    weight = float(list(FlagLevel)[::-1].index(flag.level))
    title = f"{flag.title[:1].lower()}{flag.title[1:]}"
    told = f"{found}. {flag.title}" if found else title
    return Reason("red_flag", RED if flag.level.blocks else TODAY, f"{FLAG_ACT[flag.level]}: {told}{more}.", weight)


def _finding(knowledge: Knowledge, because: Because) -> str:
    """One finding in few words: the name of what is present, the number of what was measured."""
    measure = knowledge.measure(because.measure)
    name = f"{measure.label[:1].lower()}{measure.label[1:]}" if measure.label[1:2].islower() else measure.label
    return name if measure.kind is MeasureKind.FLAG and because.value else f"{name} {shown(measure, because.value)}"


def worsening(at: Glance) -> Reason | None:
    rise, in_a_week, now = at.clear_rise, at.pain.rise, at.pain.now
    if rise is not None:
        if in_a_week is not None and in_a_week >= at.limit("WR3", "worst_rise"):
            when = "a week" if at.pain.apart <= 1 else f"{at.pain.apart} weeks"
            return Reason("worsening", TODAY, f"Worst pain up {in_a_week:g} in {when}, to {now:g}/10.", in_a_week)
        when = "this week" if rise.weeks == 1 else f"in the last {rise.weeks} weeks"
        return Reason("worsening", TODAY, f"Worst pain up {rise.size:.1f}, to {rise.now:.1f}/10 {when}.", rise.size)
    if at.verdict.verdict is Verdict.WORSE and at.verdict.first is not None and at.verdict.last is not None:
        name = at.knowledge.measure(at.verdict.measure).label
        return Reason("worsening", TODAY, f"{name} worse: {at.verdict.first:g} to {at.verdict.last:g} over {at.verdict.n} values.", 1)
    return None


def overdue(at: Glance) -> Reason | None:
    fluid = standing_fluid(at.case, at.knowledge, at.today)
    late = fluid.days_late(at.today) if fluid else 0
    visit = f"Visit of {day_text(at.due_on, year=False)} is {_days(at.overdue_days)} overdue." if at.overdue_days and at.due_on else ""
    if fluid is not None and late:
        return Reason("overdue", TODAY, " ".join(one for one in (fluid.sentence, visit) if one), FLUID_FIRST + late)
    return Reason("overdue", TODAY, visit, at.overdue_days) if visit else None


def stopped_checking_in(at: Glance) -> Reason | None:
    if at.is_paused or program_week(at.case, at.today) is None:
        return None
    told = [last_day_told(one) for one in load.check_ins(at.facts)] + [one.on for one in at.case.runs if one.on <= at.today]
    seen = [one.on for one in at.case.visits if one.on <= at.today]
    begun = min(one.starts_on for one in at.case.programs)
    silent = (at.today - min(at.today, max([begun, *told, *seen]))).days
    if silent < running_threshold(at.knowledge, "silent_days"):
        return None
    what = "No check-in" if told else "Never checked in, no word"
    return Reason("stopped_checking_in", TODAY, f"{what} for {silent} days.", silent)


def plateau(at: Glance) -> Reason | None:
    """Weeks of pain that hardly moves, or weeks of faithful work without gain, while it still hurts. Who gets worse stands on no plateau."""
    least = at.limit("WR5", "worst_from") - ROUNDS_TO
    if at.is_paused or not still_hurts(at.pain_points, at.today, least) or worsening(at) is not None:
        return None
    return _flat_pain(at) or _no_gain(at)


def _no_gain(at: Glance) -> Reason | None:
    """The same question as the weekly review asks (WR7)."""
    limits, week = next(one.thresholds for one in at.knowledge.reviews if one.id == "WR7"), program_week(at.case, at.today)
    percent, feels, verdict = at.adherence.percent_7d, groc(at.case, at.today), present_verdict(at.case, at.knowledge, at.today)
    judged = verdict.verdict not in (Verdict.NOT_JUDGED, Verdict.BETTER, Verdict.POSSIBLY_BETTER)
    if week is None or week < limits["week_from"] or percent is None or percent < limits["adherence_from"] or not judged:
        return None
    if feels is not None and feels >= limits["groc_gain"]:
        return None
    measure = at.knowledge.measure(verdict.measure)
    course = f"{measure.short or measure.label} {verdict.first:g} to {verdict.last:g}"
    return Reason("plateau", LOOK, f"No real gain in {week} weeks of faithful work: {course}.")


def _flat_pain(at: Glance) -> Reason | None:
    days = running_threshold(at.knowledge, "plateau_days")
    points = window(at.pain_points, at.today, days)
    faithful = is_faithful(at.adherence.by_week, at.today, days, at.limit("WR7", "adherence_from"))
    if not faithful or not stands_still(points, at.knowledge.measure("pain_worst")):
        return None
    if at.verdict.measure != "pain_worst" and _leading_gained(at):
        return None
    course, weeks = ", ".join(f"{point.value:g}" for point in points), round((points[-1].on - points[0].on).days / 7)
    return Reason("plateau", LOOK, f"Worst pain {course} over {weeks} weeks: hardly moves.", points[-1].value)


def _leading_gained(at: Glance) -> bool:
    """The leading measure has really changed for the better within the weeks looked at."""
    points = values_of(at.case, at.knowledge, at.verdict.measure, main_side(at.case, at.today), at.today)
    measure = at.knowledge.measure(at.verdict.measure)
    recent = [point.value for point in points if point.on >= at.today - timedelta(days=running_threshold(at.knowledge, "plateau_days"))]
    return judge(measure, recent).verdict in (Verdict.BETTER, Verdict.POSSIBLY_BETTER)


def low_adherence(at: Glance) -> Reason | None:
    """Not what was agreed: clearly more run than planned, or too few sessions done. Who runs though none is planned is asked today."""
    percent, warn = at.adherence.percent_7d, at.limit("WR4", "adherence_below")
    if at.is_paused:
        return None
    beyond = ran_beyond_plan(at.case, at.knowledge, at.today)
    if beyond is not None:
        return Reason("low_adherence", LOOK if beyond.planned else TODAY, beyond.sentence, ABOVE_ADHERENCE + beyond.km - beyond.planned)
    if percent is None or percent >= warn:
        return None
    return Reason("low_adherence", LOOK, f"{percent:.0f} % of sessions done in the last week (below {warn:g} %).", warn - percent)


def support_overdue(at: Glance) -> Reason | None:
    tape, orthosis = tape_weeks(at.case, at.today), orthosis_weeks(at.case, at.knowledge, at.today)
    most_tape, most_orthosis = at.limit("WR9", "tape_weeks_above"), at.limit("WR9", "orthosis_weeks_above")
    if tape is not None and tape > most_tape:
        return Reason("support_overdue", LOOK, f"Tape for {_weeks(tape)} (stop at {most_tape:g}).", tape)
    if orthosis is not None and orthosis > most_orthosis:
        return Reason("support_overdue", LOOK, f"Orthosis for {_weeks(orthosis)} (stop at {most_orthosis:g}).", orthosis)
    return _stop_date_passed(at)


def _stop_date_passed(at: Glance) -> Reason | None:
    """Tape or a device that is still in the program after the day on which it was to stop; the longest over it first."""
    program = at.case.program
    if program is None or at.is_paused:
        return None
    worn = [(program.tape.stop_on, "Tape")] if program.tape else []
    worn += [(one.stop_on, at.knowledge.item_label(one.device)) for one in program.devices]
    over = min(((stop, label) for stop, label in worn if stop < at.today), default=None)
    if over is None:
        return None
    days = (at.today - over[0]).days
    return Reason("support_overdue", LOOK, f"{over[1]} was to stop on {day_text(over[0], year=False)} ({counted(days, 'day')} ago).", days / 7)


def near_discharge(at: Glance) -> Reason | None:
    if all_goals_reached(at.case, at.knowledge, at.today):
        return Reason("near_discharge", LOOK, "All goals reached: plan the discharge.", 1)
    if at.phase.number == LAST_PHASE:
        return Reason("near_discharge", LOOK, "Runs freely (phase 4): look at the goals and plan the discharge.")
    return None


def on_course(at: Glance) -> Reason:
    if at.is_paused:
        return Reason("on_course", CALM, "Episode paused.")
    if at.case.program is None:
        return Reason("on_course", CALM, "No program yet.")
    if (left := _left_behind(at)) is not None:
        return left
    parts = [f"worst pain {at.pain.now:g}/10" if at.pain.now is not None else "no pain told lately"]
    parts += [f"{at.adherence.percent_7d:.0f} % of sessions done"] if at.adherence.percent_7d is not None else []
    parts += [behind_words(at.case, at.phase.number)] if phases_behind(at.case, at.phase.number) else []
    return Reason("on_course", CALM, f"On course: {', '.join(parts)}.")


def _left_behind(at: Glance) -> Reason | None:
    """The knee does well and its program does not follow: nothing is wrong, and a look is due."""
    behind = phases_behind(at.case, at.phase.number)
    over = any(flag.level.blocks for flag in at.flags) or all_goals_reached(at.case, at.knowledge, at.today)
    if behind < FAR_BEHIND or over:
        return None
    words = behind_words(at.case, at.phase.number)
    return Reason("on_course", LOOK, f"{words[:1].upper()}{words[1:]}: rebuild it.", behind)


QUESTIONS: tuple[Callable[[Glance], Reason | None], ...] = (
    red_flag, worsening, overdue, stopped_checking_in, plateau, low_adherence, support_overdue, near_discharge,
)
"""In the order of what a minute is worth."""
REASON_IDS = (*(question.__name__ for question in QUESTIONS), "on_course")


def reasons(at: Glance) -> Iterator[Reason]:
    """Every reason that holds, what asks for today first and then in the order of the questions, on course last; the first awake is shown."""
    found = [one for question in QUESTIONS if (one := question(at)) is not None]
    yield from sorted(found, key=lambda one: -one.severity)
    yield on_course(at)


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _weeks(weeks: float) -> str:
    return f"{weeks:.0f} weeks" if weeks >= 2 else f"{weeks * 7:.0f} days"
