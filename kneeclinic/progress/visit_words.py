"""The visit note, drafted from the data: what changed since the last signed visit, what was carried, what it means and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.adherence import adherence
from kneeclinic.progress.amounts import (
    change_words,
    counted,
    day_text,
    distance_text,
    dose_words,
    leg_text,
    load_words,
    name_of,
    sentence,
    side_text,
    value_text,
)
from kneeclinic.progress.change import VERDICT_WORDS, ChangeVerdict, judge_case
from kneeclinic.progress.difference import difference
from kneeclinic.progress.goals import goals_status
from kneeclinic.progress.review import KEY_MEASURES
from kneeclinic.progress.series import last_day_told
from kneeclinic.progress.supports import supports_of
from kneeclinic.progress.visit_values import VisitValue, program_at, values_of_visit, visit_before
from kneeclinic.record.case import Case
from kneeclinic.record.programs import Program
from kneeclinic.record.visits import Visit
from kneeclinic.rules.facts import facts_of
from kneeclinic.rules.phase import phase
from kneeclinic.rules.red_flags import RaisedFlag, red_flags
from kneeclinic.vocabulary import Decision, MeasureKind, MeasureSides, PlannedState, Side, Units, Verdict

ALARM = "RED FLAG"
"""How the line of a red flag begins that stops the program."""
PARTS = ("subjective", "objective", "assessment", "plan")
TOLD_SECTIONS = ("red_flags", "injury_screen", "clot_screen", "history", "precautions", "pain", "questionnaires", "load", "requests")
"""What the patient tells; everything else was found by the examiner."""
COMPUTED = ("_lsi", "_deficit", "_difference", "_drop")
"""Computed measures worth a word in a note, by the end of their id."""
GOAL_WORDS = {"reached": "reached", "on_the_way": "on the way", "behind": "behind an even course", "missed": "not reached in time"}
DECISION_WORDS = {
    Decision.PROGRESS: "progress", Decision.HOLD: "hold", Decision.REGRESS: "step back", Decision.REASSESS: "re-assess", Decision.REFER: "refer",
    Decision.DISCHARGE: "plan discharge", Decision.STOP_SUPPORT: "stop tape or orthosis",
}


@dataclass(frozen=True)
class NoteDraft:
    """The four parts, one statement a line. `changed` = values that are first or different, `carried` = values taken over unmeasured."""

    subjective: str
    objective: str
    assessment: str
    plan: str
    changed: int
    carried: int


@dataclass(frozen=True)
class Moment:
    """All that the sentences are made from: the case on the day of the visit, and the last signed visit before it."""

    case: Case
    knowledge: Knowledge
    visit: Visit
    before: Visit | None
    on: date
    units: Units
    values: tuple[VisitValue, ...]


def draft_note(case: Case, knowledge: Knowledge, today: date, visit: Visit, *, units: Units = Units.METRIC) -> NoteDraft:
    """The note of one visit. What was typed stands in it word for word; a sentence that was taken over into it is not drafted a second time.

    Findings are those of the day of the visit, never of a day after it.
    """
    at = Moment(case, knowledge, visit, visit_before(case, visit), min(visit.on, today), units, values_of_visit(case, knowledge, visit))
    drafted = {"subjective": _subjective(at), "objective": _objective(at), "assessment": _assessment(at), "plan": _plan(at)}
    written = {part: _with_typed(lines, part, visit, knowledge) for part, lines in drafted.items()}
    kinds = [one.kind for one in at.values]
    return NoteDraft(**written, changed=kinds.count("first") + kinds.count("changed"), carried=kinds.count("carried"))


def part_of(section: str) -> str:
    """Which of the four parts a section of the assessment belongs to."""
    return "subjective" if section in TOLD_SECTIONS else "objective"


def section_notes(visit: Visit, part: str, knowledge: Knowledge) -> tuple[str, ...]:
    """What was typed under the sections of this part, each after the name of its section."""
    return tuple(
        f"{section.label}: {visit.note[section.id]}" for section in knowledge.sections
        if part_of(section.id) == part and visit.note.get(section.id, "").strip()
    )


def _with_typed(lines: Iterable[str], part: str, visit: Visit, knowledge: Knowledge) -> str:
    typed = visit.note.get(part, "")
    wanted = [*lines, *section_notes(visit, part, knowledge)]
    fresh = [line for line in wanted if line and line not in typed]
    return "\n".join([*fresh, *([typed] if typed.strip() else [])])


def _subjective(at: Moment) -> list[str]:
    lines = [f"{ALARM}, {flag.level.value}: {flag.title} ({_reasons(flag, at.knowledge)})." for flag in _flags(at) if flag.level.blocks]
    lines += _between(at)
    return (lines + _values(at, "subjective")) or ["Nothing new was told."]


def _objective(at: Moment) -> list[str]:
    lines = _values(at, "objective")
    computed = _computed(at)
    if computed:
        lines.append(f"Computed: {'; '.join(computed)}.")
    return lines or ["Nothing was measured at this visit."]


def _between(at: Moment) -> list[str]:
    """What was told between the last signed visit and this one."""
    if at.before is None:
        return []
    since = at.before.on
    weeks = [one for one in at.case.check_ins if one.invalidated_at is None and since < last_day_told(one) <= at.on]
    runs = [one for one in at.case.runs if one.invalidated_at is None and since < one.on <= at.on]
    told = [counted(len(weeks), "check-in") if weeks else "no check-in"]
    starts = {one.week_start for one in weeks}
    done = [one for one in adherence(at.case, at.on).by_week if one.week_start in starts and one.done is not None and one.prescribed]
    if done:
        total, wanted = sum(one.done or 0 for one in done), sum(one.prescribed or 0 for one in done)
        told.append(f"{total} of {wanted} sessions done ({100 * total / wanted:.0f} %)")
    for label, field in (("worst pain told", "pain_worst"), ("next morning", "pain_next_morning")):
        pains = [pain for one in weeks if (pain := getattr(one, field)) is not None]
        if pains:
            told.append(f"{label} {max(pains)}/10")
    if runs:
        whole, longest = sum(run.km for run in runs), max(run.km for run in runs)
        told.append(f"{counted(len(runs), 'run')}, {distance_text(whole, at.units)}, longest {distance_text(longest, at.units)}")
    lines = [f"Since the visit of {day_text(since)}: {', '.join(told)}."]
    return lines + [f"Check-in, week of {day_text(one.week_start)}: {one.note}" for one in weeks if one.note.strip()]


def _values(at: Moment, part: str) -> list[str]:
    """First and changed values by section, then in one line each: negatives, unchanged, carried."""
    mine = [one for one in at.values if part_of(one.measure.section) == part]
    told = [one for one in mine if one.kind in ("first", "changed") and not _is_first_no(one)]
    lines = []
    for section in at.knowledge.sections:
        lines += _line(section.label, [one for one in told if one.measure.section == section.id], at)
    negative = [one for one in mine if _is_first_no(one)]
    if negative:
        lines.append(f"Asked or tested and negative, {_negatives(negative)}.")
    same = [one for one in mine if one.kind == "same"]
    carried = [one for one in mine if one.kind == "carried"]
    lines += _line(f"Measured again without change ({len(same)})", same, at)
    return lines + _line(f"Carried, not measured today ({len(carried)})", carried, at)


def _line(head: str, values: Sequence[VisitValue], at: Moment) -> list[str]:
    """Pain, left: Worst pain 3/10 (was 4/10); … The side stands in the head when all values are of one knee, else before each value."""
    if not values:
        return []
    sides = {one.side for one in values}
    only = sides.pop() if len(sides) == 1 else None
    by_measure: dict[str, list[VisitValue]] = {}
    for one in values:
        by_measure.setdefault(one.measure.id, []).append(one)
    told = [f"{name_of(group[0].measure)} {', '.join(_one_value(one, at, named=only is None) for one in group)}" for group in by_measure.values()]
    where = f", {only.value}" if only not in (None, Side.NONE) else ""
    return [f"{head}{where}: {'; '.join(told)}."]


def _is_first_no(one: VisitValue) -> bool:
    return one.measure.kind is MeasureKind.FLAG and one.kind == "first" and not one.observation.value and not one.observation.note


def _one_value(one: VisitValue, at: Moment, *, named: bool) -> str:
    text = f"{side_text(one.side) if named else ''} {value_text(one.measure, one.observation.value, at.units)}".strip()
    if one.kind == "changed" and one.before is not None:
        text += f" (was {value_text(one.measure, one.before.value, at.units)})"
    elif one.kind == "first" and at.before is not None:
        text += " (first value)"
    elif one.kind == "carried":
        text += f" (of {day_text(one.before.on)})" if one.before is not None else " (day not on record)"
    return f"{text} [{one.observation.note}]" if one.observation.note else text


def _negatives(values: Sequence[VisitValue]) -> str:
    """left: locking, giving way; both knees: swelling; person: fever."""
    sides: dict[str, list[Side]] = {}
    names: dict[str, str] = {}
    for one in values:
        sides.setdefault(one.measure.id, []).append(one.side)
        names[one.measure.id] = one.measure.label[:1].lower() + one.measure.label[1:]
    found: dict[str, list[str]] = {}
    for measure, where in sides.items():
        found.setdefault("both knees" if len(where) > 1 else "person" if where[0] is Side.NONE else where[0].value, []).append(names[measure])
    return "; ".join(f"{where}: {', '.join(told)}" for where, told in found.items())


def _computed(at: Moment) -> list[str]:
    """Computed measures of which a part was measured today, with their value at the last signed visit."""
    fresh = [one.measure.id for one in at.values if one.kind != "carried"]
    now = facts_of(at.case, at.knowledge, at.on)
    then = facts_of(at.case, at.knowledge, at.before.on) if at.before else None
    found = []
    for measure in at.knowledge.measures.values():
        if not measure.derived or not measure.id.endswith(COMPUTED) or not any(measure.id.rsplit("_", 1)[0] in one for one in fresh):
            continue
        for side in at.case.episode.side.sides if measure.sides is MeasureSides.EACH else (Side.NONE,):
            value, old = now.value(measure.id, side), then.value(measure.id, side) if then else None
            if value is not None and value != old:
                was = f" (was {value_text(measure, old, at.units)})" if old is not None else ""
                found.append(f"{name_of(measure)} {side_text(side)}".strip() + f" {value_text(measure, value, at.units)}{was}")
    return found


def _assessment(at: Moment) -> list[str]:
    return [*_flag_lines(at), *_verdict_lines(at), _phase_line(at), *_goal_lines(at)]


def _flags(at: Moment) -> tuple[RaisedFlag, ...]:
    return red_flags(at.case, at.knowledge, at.on)


def _reasons(flag: RaisedFlag, knowledge: Knowledge) -> str:
    return "; ".join(one.sentence(knowledge) for one in flag.because)


def _flag_lines(at: Moment) -> list[str]:
    flags = _flags(at)
    lines = [f"{flag.id}, {flag.level.value}: {flag.title} ({_reasons(flag, at.knowledge)})." for flag in flags]
    if not flags:
        screen = [one for one in at.knowledge.measures.values() if one.section == "red_flags" and not one.derived]
        known = {one.measure for one in at.case.observations if one.is_valid and one.on <= at.on}
        lines.append(f"No red flag is raised by what is on record ({sum(one.id in known for one in screen)} of {len(screen)} screening questions "
                     "have an answer).")
    if at.before is not None:
        gone = [flag for flag in red_flags(at.case, at.knowledge, at.before.on) if flag.id not in {one.id for one in flags}]
        lines += [f"No longer raised since {day_text(at.before.on)}: {flag.id}, {flag.title}." for flag in gone]
    return lines


def _verdict_lines(at: Moment) -> list[str]:
    """A verdict where a value is new since the last visit; the others are named in one line."""
    lines, baseline, standing = [], [], []
    for measure_id in KEY_MEASURES:
        measure = at.knowledge.measure(measure_id)
        for side in at.case.episode.side.sides if measure.sides is MeasureSides.EACH else (Side.NONE,):
            found = judge_case(at.case, at.knowledge, measure_id, side, at.on)
            old = judge_case(at.case, at.knowledge, measure_id, side, at.before.on) if at.before else None
            name = f"{name_of(measure)} {side_text(side)}".strip()
            if found.n == 1 and (old is None or old.n == 0):
                baseline.append(f"{name} {value_text(measure, found.first or 0.0, at.units)}")
            elif found.n > 1 and (old is None or old.n < found.n):
                lines.append(f"{name}: {found.clinician_words}{_was(old, found)}")
            elif found.n > 1:
                standing.append(f"{name} {VERDICT_WORDS[found.verdict]}")
    if baseline:
        lines.append(f"Baseline: {'; '.join(baseline)}.")
    if standing:
        lines.append(f"No new value since the last visit, the verdict stands: {'; '.join(standing)}.")
    return lines


def _was(old: ChangeVerdict | None, found: ChangeVerdict) -> str:
    if old is None or old.verdict in (found.verdict, Verdict.NOT_JUDGED):
        return ""
    return f" At the last visit: {VERDICT_WORDS[old.verdict]}."


def _phase_line(at: Moment) -> str:
    found = phase(at.case, at.knowledge, at.on)
    before = phase(at.case, at.knowledge, at.before.on) if at.before else None
    text = f"Phase {found.number}, {found.label.lower()}"
    if before is not None and before.number != found.number:
        text += f" (phase {before.number} at the last visit)"
    criteria = [f"{label}: {'; '.join(names)}" for label, names in
                (("Met", found.met), ("Not met", found.not_met), ("Not on record", found.missing)) if names]
    return ". ".join([text, *criteria]) + "."


def _goal_lines(at: Moment) -> list[str]:
    found = []
    for one in goals_status(at.case, at.knowledge, at.on):
        measure = at.knowledge.measure(one.goal.measure)
        target = f"{value_text(measure, one.goal.target, at.units)} by {day_text(one.goal.by)}"
        name = f"{name_of(measure)} {side_text(one.goal.side)}".strip()
        now = "no value yet" if one.value is None else f"now {value_text(measure, one.value, at.units)}, {GOAL_WORDS[one.state]}"
        found.append(f"{name} {target}: {now}")
    return [f"Goals: {'; '.join(found)}."] if found else []


def _plan(at: Moment) -> list[str]:
    lines = [f"{flag.id}: {flag.action}" for flag in _flags(at)]
    lines += _decision_lines(at)
    program = program_at(at.case, at.visit)
    old = program_at(at.case, at.before) if at.before else None
    lines += _program_lines(at, old, program)
    if program is not None:
        news = old is None or old.version != program.version
        lines += [one.text(at.on, whole=news) for one in supports_of(program, at.knowledge)]
    planned = [one for one in at.case.planned if one.state is PlannedState.PLANNED and one.on > at.on]
    if planned:
        following = min(planned, key=lambda one: one.on)
        lines.append(f"Next visit: {day_text(following.on)}{f', {following.at}' if following.at else ''} ({following.kind.value.replace('_', '-')}).")
    return lines


def _decision_lines(at: Moment) -> list[str]:
    since = at.before.on if at.before else at.visit.on
    found = [one for one in at.case.reviews if one.undone_at is None and since - timedelta(days=6) <= one.week_start <= at.on]
    found = [one for one in found if one.decided_at is None or since < one.decided_at.date() <= at.on]
    words = [f"{DECISION_WORDS[one.decision]} (week of {day_text(one.week_start, year=False)}"
             + (f"; suggested was {DECISION_WORDS[one.suggested]}; {one.reason})" if one.decision is not one.suggested else ")") for one in found]
    return [f"Decided since the last visit: {', '.join(words)}."] if words else []


def _program_lines(at: Moment, old: Program | None, new: Program | None) -> list[str]:
    if new is None:
        return ["No program yet."]
    head = f"Program version {new.version} from {day_text(new.starts_on)}"
    if new.paused:
        return [f"{head}: paused."]
    if any(flag.level.blocks for flag in _flags(at)):
        return [f"A red flag blocks the program: version {new.version} of {day_text(new.starts_on)} is not to be done until the flag is cleared."]
    if old is None:
        items = [f"{at.knowledge.item_label(one.exercise)}, {leg_text(one.side)}, {dose_words(one.dose, at.units)}" for one in new.items]
        load = load_words(new.load, at.units) if new.load else ""
        return [f"{head} ({counted(len(items), 'exercise')}): {'; '.join(items)}."] + ([sentence(f"Running: {load}")] if load else [])
    if old.version == new.version:
        return [f"Program version {new.version} goes on unchanged ({counted(len(new.items), 'exercise')})."]
    changes = [change_words(one, old.load, new.load, at.units) for one in difference(old, new, at.knowledge)]
    return [f"{head}, changed from version {old.version}: {' '.join(changes) or 'order or notes only.'}"]
