"""What may stand in a program: known exercises in sensible doses, nothing that the findings rule out, tape and braces with reason and end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from kneeclinic.knowledge import Knowledge
from kneeclinic.record import Case, DeviceNote, LoadPlan, ProgramItem, TapeNote
from kneeclinic.record.forms import ProgramForm
from kneeclinic.rules.red_flags import standing_flags
from kneeclinic.rules.suggest import Findings
from kneeclinic.rules.tape_questions import not_asked
from kneeclinic.vocabulary import (
    DAYS_PER_WEEK,
    HOLD_SECONDS,
    KM_RUN,
    KM_WEEK,
    LOAD_KG,
    PAIN,
    REPS,
    SESSION_MINUTES,
    SETS,
    LimitedNumber,
    Refused,
    Role,
    Side,
)

TAPE = "tape_patellar"
ANSWERS = ("accepted", "swapped", "rejected")
EFFUSION = ("1+", "2+", "3+")
LATEST_START_DAYS = 28
"""A program may be written for the coming weeks, not for a date that is a typing error."""
WEEKDAYS = range(7)
MOST_WALK_RUN_STAGE = 8


@dataclass(frozen=True)
class Override:
    """Something that the findings rule out and the lead put in all the same, with the reason; it goes into the audit."""

    item: str
    against: tuple[str, ...]
    reason: str


def check_program(form: ProgramForm, case: Case, findings: Findings, knowledge: Knowledge, today: date, role: Role) -> tuple[Override, ...]:
    """What the lead overrode. Raises Refused, naming item and reason, at the first thing that may not be."""
    _check_dates(form, case, today)
    is_empty = not form.items and form.tape is None and not form.devices and form.load is None
    if findings.blocked:
        raised = next(iter(standing_flags(findings.flags, case, today)), None)
        if not is_empty:
            because = f"{raised.id}, {raised.title}: {raised.action}" if raised else "a red flag stands"
            raise Refused(f"No program today. {because}")
        return ()
    if is_empty and not form.note:
        raise Refused("items: the program is empty; choose an exercise, a load plan or a taping note.")
    _check_no_item_twice(form.items)
    swollen = _swollen_side(case)
    overrides = []
    avoided = {one.item: one.because for one in findings.avoid}
    for item in form.items:
        exercise = knowledge.exercise(item.exercise)
        check_dose(item)
        if exercise.impact and swollen:
            raise Refused(f"{item.exercise}: no impact while the {swollen[0].value} knee is swollen (stroke test {swollen[1]}).")
        if item.exercise in avoided:
            overrides.append(_override(item.exercise, avoided[item.exercise], item.override_reason, role))
    if form.tape is not None:
        overrides += _check_tape(form.tape, case, knowledge, avoided, role)
    for device in form.devices:
        overrides += _check_device(device, knowledge, avoided)
    if form.load is not None:
        _check_load(form.load)
    for answer in form.answers:
        if answer.answer not in ANSWERS:
            raise Refused(f"{answer.rule}: {answer.answer!r} is no answer to a suggestion; use {', '.join(ANSWERS)}.")
    if form.template and form.template not in knowledge.templates:
        raise Refused(f"template: {form.template!r} does not exist; choose one of {', '.join(knowledge.templates)}.")
    return tuple(overrides)


def check_dose(item: ProgramItem) -> None:
    """Raises Refused when a dose is outside its limits; the sentence begins with the exercise."""
    dose = item.dose
    numbers: tuple[tuple[LimitedNumber, float | None], ...] = (
        (SETS, dose.sets), (REPS, dose.reps), (HOLD_SECONDS, dose.hold_s), (SESSION_MINUTES, dose.minutes),
        (DAYS_PER_WEEK, dose.days_per_week), (LOAD_KG, dose.load_kg), (PAIN, item.pain_limit),
    )
    _refuse_outside(item.exercise, numbers)
    if dose.sets is None and dose.reps is None and dose.hold_s is None and dose.minutes is None:
        raise Refused(f"{item.exercise}: the dose is empty; give sets and repetitions, a hold or minutes.")
    if any(day not in WEEKDAYS for day in item.days) or len(set(item.days)) != len(item.days):
        raise Refused(f"{item.exercise}: days {list(item.days)} are not days of the week; use 0 (Monday) to 6 (Sunday), each once.")
    if len(item.days) > dose.days_per_week:
        raise Refused(f"{item.exercise}: {len(item.days)} days are chosen for {dose.days_per_week} sessions a week; change one of the two.")


def _check_dates(form: ProgramForm, case: Case, today: date) -> None:
    start = form.starts_on
    if start < case.episode.opened_on:
        raise Refused(f"starts_on: {start} is before the episode was opened ({case.episode.opened_on}).")
    if start > today + timedelta(days=LATEST_START_DAYS):
        raise Refused(f"starts_on: {start} is more than {LATEST_START_DAYS} days ahead; enter a nearer date.")
    if case.program is not None and start < case.program.starts_on:
        raise Refused(f"starts_on: {start} is before version {case.program.version} began ({case.program.starts_on}).")


def _check_no_item_twice(items: Iterable[ProgramItem]) -> None:
    seen: dict[str, set[Side]] = {}
    for item in items:
        sides = set(item.side.sides)
        if seen.setdefault(item.exercise, set()) & sides:
            raise Refused(f"{item.exercise}: it stands in the program twice for the same leg; keep one.")
        seen[item.exercise] |= sides


def _swollen_side(case: Case) -> tuple[Side, str] | None:
    for side in (Side.LEFT, Side.RIGHT):
        latest = case.latest("stroke_test", side)
        if latest is not None and latest.value in EFFUSION:
            return side, str(latest.value)
    return None


def _override(item: str, because: tuple[str, ...], reason: str, role: Role) -> Override:
    why = "; ".join(because)
    if not reason.strip():
        raise Refused(f"{item}: the findings rule it out ({why}). The lead clinician may keep it with a written reason.")
    if role is not Role.LEAD:
        raise Refused(f"{item}: the findings rule it out ({why}). Only the lead clinician may override this.")
    return Override(item, because, reason.strip())


def _check_tape(tape: TapeNote, case: Case, knowledge: Knowledge, avoided: dict[str, tuple[str, ...]], role: Role) -> list[Override]:
    if not set(tape.side.sides) <= set(case.episode.side.sides):
        raise Refused(f"tape: the {tape.side.value} knee is not treated in this episode ({case.episode.side.value}).")
    if not tape.components or not tape.direction.strip():
        raise Refused("tape: component and direction of pull are missing.")
    _refuse_outside("tape", ((PAIN, tape.retest_before), (PAIN, tape.retest_after)))
    if (tape.retest_before is None or tape.retest_after is None) and not tape.note.strip():
        raise Refused("tape: the reason is missing; give pain before and after on the test task, or write a note.")
    _check_period("tape", tape.started_on, tape.stop_on, knowledge.support(TAPE).stop_weeks)
    stood = case.program is not None and case.program.tape is not None and case.program.tape.started_on == tape.started_on
    if not stood and (open_questions := not_asked(case)):
        labels = ", ".join(knowledge.measure(one).label.lower() for one in open_questions)
        raise Refused(f"tape: not asked yet: {labels}. Ask first; the answers are written on the tape tab of the program page.")
    if TAPE in avoided:
        return [_override(TAPE, avoided[TAPE], tape.note, role)]
    return []


def _check_device(device: DeviceNote, knowledge: Knowledge, avoided: dict[str, tuple[str, ...]]) -> list[Override]:
    """A brace is against the guideline and an orthosis often not indicated: allowed with the reason, which the audit keeps."""
    support = knowledge.support(device.device)
    if support.kind == "tape":
        raise Refused(f"{device.device}: tape has its own note; use the taping note.")
    if not device.reason.strip():
        guideline = f" The guideline (grade {support.grade}): {support.guideline}" if support.kind == "brace" else ""
        raise Refused(f"{device.device}: the reason is missing.{guideline}")
    _check_period(device.device, device.started_on, device.stop_on, support.stop_weeks)
    if device.device in avoided or not support.recommended:
        return [Override(device.device, avoided.get(device.device, (support.guideline,)), device.reason.strip())]
    return []


def _check_period(what: str, start: date, stop: date, most_weeks: int | None) -> None:
    if stop < start:
        raise Refused(f"{what}: the stop date {stop} is before the start {start}.")
    if most_weeks is not None and stop > start + timedelta(weeks=most_weeks):
        raise Refused(f"{what}: it ends after {most_weeks} weeks at the latest ({start + timedelta(weeks=most_weeks)}); {stop} came.")


def _check_load(load: LoadPlan) -> None:
    _refuse_outside("load", ((KM_WEEK, load.weekly_km), (KM_RUN, load.longest_run_km)))
    if load.walk_run_stage is not None and not 1 <= load.walk_run_stage <= MOST_WALK_RUN_STAGE:
        raise Refused(f"load: walk-run stage {load.walk_run_stage} does not exist; choose 1 to {MOST_WALK_RUN_STAGE}.")
    if load.runs_per_week is not None and not 0 <= load.runs_per_week <= 14:
        raise Refused(f"load: {load.runs_per_week} runs a week are not allowed; enter 0 to 14.")
    if load.weekly_km is not None and load.longest_run_km is not None and load.longest_run_km > load.weekly_km:
        raise Refused(f"load: the longest run ({load.longest_run_km:g} km) is longer than the whole week ({load.weekly_km:g} km).")
    if any(day not in WEEKDAYS for day in load.rest_days):
        raise Refused(f"load: rest days {list(load.rest_days)} are not days of the week; use 0 (Monday) to 6 (Sunday).")


def _refuse_outside(what: str, numbers: Iterable[tuple[LimitedNumber, float | None]]) -> None:
    for limit, value in numbers:
        refusal = None if value is None else limit.refusal(value)
        if refusal:
            raise Refused(f"{what}: {refusal}")
