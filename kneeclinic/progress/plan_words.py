"""The plan of a visit note in words: what a red flag asks for, what was decided, what changed in the program, what is worn until when."""

from __future__ import annotations

from datetime import timedelta

from kneeclinic.progress.amounts import change_words, counted, day_text, dose_words, leg_text, load_words, sentence
from kneeclinic.progress.difference import difference
from kneeclinic.progress.supports import supports_of
from kneeclinic.progress.visit_values import Moment, program_at
from kneeclinic.record.programs import Program
from kneeclinic.rules.red_flags import standing_flags
from kneeclinic.vocabulary import Decision, PlannedState

DECISION_WORDS = {
    Decision.PROGRESS: "progress", Decision.HOLD: "hold", Decision.REGRESS: "step back", Decision.REASSESS: "re-assess", Decision.REFER: "refer",
    Decision.DISCHARGE: "plan discharge", Decision.STOP_SUPPORT: "stop tape or orthosis",
}


def plan_lines(at: Moment) -> list[str]:
    """What comes next, one statement a line: red flags first, then decisions, program, supports and the next visit."""
    lines = [f"{flag.id}: {flag.action}" for flag in at.flags]
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
    if standing_flags(at.flags, at.case, at.on):
        return [f"A red flag blocks the program: version {new.version} of {day_text(new.starts_on)} is not to be done until the flag is cleared."]
    if old is None:
        items = [f"{at.knowledge.item_label(one.exercise)}, {leg_text(one.side)}, "
                 f"{dose_words(one.dose, at.units, at.knowledge.exercise(one.exercise))}" for one in new.items]
        load = load_words(new.load, at.units) if new.load else ""
        return [f"{head} ({counted(len(items), 'exercise')}): {'; '.join(items)}."] + ([sentence(f"Running: {load}")] if load else [])
    if old.version == new.version:
        return [f"Program version {new.version} goes on unchanged ({counted(len(new.items), 'exercise')})."]
    changes = [change_words(one, old.load, new.load, at.units) for one in difference(old, new, at.knowledge)]
    return [f"{head}, changed from version {old.version}: {' '.join(changes) or 'order or notes only.'}"]
