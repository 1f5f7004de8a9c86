"""The visit note, drafted from the data: what changed since the last signed visit, what was carried, what it means and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.adherence import adherence
from kneeclinic.progress.amounts import counted, day_text, distance_text, name_of, side_text, value_text
from kneeclinic.progress.change import VERDICT_WORDS, ChangeVerdict, judge_case
from kneeclinic.progress.goals import goals_status
from kneeclinic.progress.plan_words import plan_lines
from kneeclinic.progress.review import KEY_MEASURES
from kneeclinic.progress.series import last_day_told
from kneeclinic.progress.value_words import computed_words, part_of, value_lines
from kneeclinic.progress.visit_values import Moment, values_of_visit, visit_before
from kneeclinic.record.case import Case
from kneeclinic.record.visits import Visit
from kneeclinic.rules.because import told
from kneeclinic.rules.phase import phase
from kneeclinic.rules.red_flags import RaisedFlag, red_flags
from kneeclinic.vocabulary import MeasureSides, Side, Units, Verdict

ALARM = "RED FLAG"
"""How the line of a red flag begins that stops the program."""
PARTS = ("subjective", "objective", "assessment", "plan")
GOAL_WORDS = {"reached": "reached", "on_the_way": "on the way", "behind": "behind an even course", "missed": "not reached in time"}


@dataclass(frozen=True)
class NoteDraft:
    """The four parts, one statement a line. `changed` = values that are first or different, `carried` = values taken over unmeasured."""

    subjective: str
    objective: str
    assessment: str
    plan: str
    changed: int
    carried: int


def draft_note(case: Case, knowledge: Knowledge, today: date, visit: Visit, *, units: Units = Units.METRIC) -> NoteDraft:
    """The note of one visit. What was typed stands in it word for word; a sentence that was taken over into it is not drafted a second time.

    Findings are those of the day of the visit, never of a day after it.
    """
    on = min(visit.on, today)
    at = Moment(case, knowledge, visit, visit_before(case, visit), on, units, values_of_visit(case, knowledge, visit), red_flags(case, knowledge, on))
    drafted = {"subjective": _subjective(at), "objective": _objective(at), "assessment": _assessment(at), "plan": plan_lines(at)}
    written = {part: _with_typed(lines, part, visit, knowledge) for part, lines in drafted.items()}
    kinds = [one.kind for one in at.values]
    return NoteDraft(**written, changed=kinds.count("first") + kinds.count("changed"), carried=kinds.count("carried"))


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
    lines = [f"{ALARM}, {flag.level.value}: {flag.title} ({_reasons(flag, at.knowledge)})." for flag in at.flags if flag.level.blocks]
    lines += _between(at)
    return (lines + value_lines(at, "subjective")) or ["Nothing new was told."]


def _objective(at: Moment) -> list[str]:
    lines = value_lines(at, "objective")
    computed = computed_words(at)
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


def _assessment(at: Moment) -> list[str]:
    return [*_flag_lines(at), *_verdict_lines(at), _phase_line(at), *_goal_lines(at)]


def _reasons(flag: RaisedFlag, knowledge: Knowledge) -> str:
    return "; ".join(told(flag.because, knowledge))


def _flag_lines(at: Moment) -> list[str]:
    flags = at.flags
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
