"""What exactly would change in the program after a review: never more than the decision asks for, and nothing that is ruled out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.load import load_rise, run_ceiling, running_threshold
from kneeclinic.progress.off_plan import ran_beyond_plan
from kneeclinic.progress.steps import Ground, loads_the_knee, step_down, step_up
from kneeclinic.progress.week import is_orthosis
from kneeclinic.record.case import Case
from kneeclinic.record.forms import ProgramForm
from kneeclinic.record.programs import DeviceNote, LoadPlan, Program, ProgramItem, TapeNote
from kneeclinic.rules.facts import facts_of
from kneeclinic.rules.findings import Findings
from kneeclinic.rules.half_load import half_the_sets, is_strength
from kneeclinic.rules.load import has_hurt
from kneeclinic.rules.review import ReviewDecision, ReviewFacts
from kneeclinic.rules.running_plan import running_plan
from kneeclinic.vocabulary import Decision

KEEP_DAYS = 2
"""Strength sessions a week after discharge (clinical reference 5.4, WR10)."""
FIRST_STAGE = 1
KM_STEP = 0.5
RECENT_DAYS = 14
"""Runs of longer ago do not say that the knee takes more now (as in `running_week`)."""


def proposal(
    case: Case, knowledge: Knowledge, facts: ReviewFacts, decision: ReviewDecision, findings: Findings, today: date
) -> ProgramForm | None:
    """The program version that the decision would make, or None when nothing would change, nothing runs, or the program is to pause."""
    program = case.program
    if program is None or program.paused or findings.blocked or decision.decision is Decision.REFER:
        return None
    ground = Ground(knowledge, findings.avoided_items, findings.phase, frozenset(case.patient.equipment), impact=decision.rule != "WR2")
    items, load = _clear(program.items, ground), program.load
    if decision.rule == "WR2":
        items, load = _calmed(items, knowledge), _no_running(load)
    elif decision.rule == "WR3":
        items, load = _stepped_back(items, ground), _less_running(load, knowledge, facts, decision)
    elif decision.rule == "WR4":
        items = _fewer(items, knowledge, int(running_threshold(knowledge, "few_items")))
    elif decision.rule == "WR10":
        items = _to_keep(items, knowledge)
    elif decision.rule == "WR6":
        most = int(next(one.thresholds["most_items"] for one in knowledge.reviews if one.id == "WR6"))
        items, load = _progressed(items, load, case, knowledge, ground, most, today)
    load = _within(load, running_plan(findings, facts_of(case, knowledge, today)), always=decision.rule in ("WR3", "WR6"))
    if decision.rule == "WR6" and load != program.load:
        load = _below_ceiling(load, run_ceiling(case, knowledge, today).km)
    stops = {one.rule for one in decision.added}
    tape, devices = (_tape_left(program, facts, knowledge), _devices_left(program, facts, knowledge)) if "WR9" in stops else (
        program.tape, program.devices)
    if (tuple(items), load, tape, devices) == (program.items, program.load, program.tape, program.devices):
        return None
    return ProgramForm(starts_on=max(today, program.starts_on), items=tuple(items), tape=tape, devices=devices, load=load,
                       note=program.note, template=program.template, phase=_phase_after(program, findings))


def _phase_after(program: Program, findings: Findings) -> int:
    """A step or two on the ladder does not make a program of the next phases out of one that was left behind: one phase at most."""
    return min(findings.phase, program.phase + 1)


def _below_ceiling(load: LoadPlan | None, ceiling_km: float | None) -> LoadPlan | None:
    if load is None or load.longest_run_km is None or ceiling_km is None:
        return load
    return replace(load, longest_run_km=min(load.longest_run_km, _half_km(ceiling_km)))


def _clear(items: Sequence[ProgramItem], ground: Ground) -> list[ProgramItem]:
    """Without what is ruled out today, unless the lead overrode it; the exercise below takes its place where there is one."""
    kept: list[ProgramItem] = []
    for at, item in enumerate(items):
        if item.exercise not in ground.avoided or item.override_reason:
            kept.append(item)
            continue
        easier = step_down(item, [*kept, *items[at + 1:]], ground)
        if easier is not None and easier.exercise != item.exercise:
            kept.append(easier)
    return kept


def _calmed(items: Sequence[ProgramItem], knowledge: Knowledge) -> list[ProgramItem]:
    return [half_the_sets(item) if is_strength(knowledge, item) else item
            for item in items if not (item.exercise in knowledge.exercises and knowledge.exercises[item.exercise].impact)]


def _stepped_back(items: Sequence[ProgramItem], ground: Ground) -> list[ProgramItem]:
    stepped: list[ProgramItem] = []
    for at, item in enumerate(items):
        others = [*stepped, *items[at + 1:]]
        below = step_down(item, others, ground) if loads_the_knee(ground.knowledge, item) else None
        stepped.append(below or item)
    return stepped


def _fewer(items: Sequence[ProgramItem], knowledge: Knowledge, most: int) -> list[ProgramItem]:
    """The few that matter most: strength before the rest, in the order of the program."""
    if len(items) <= most:
        return list(items)
    ranked = sorted(range(len(items)), key=lambda at: (not is_strength(knowledge, items[at]), at))
    return [items[at] for at in sorted(ranked[:most])]


def _to_keep(items: Sequence[ProgramItem], knowledge: Knowledge) -> list[ProgramItem]:
    strength = [item for item in items if is_strength(knowledge, item)] or list(items)
    return [replace(item, days=item.days[:KEEP_DAYS], dose=replace(item.dose, days_per_week=min(KEEP_DAYS, item.dose.days_per_week)))
            for item in strength]


def _progressed(
    items: Sequence[ProgramItem], load: LoadPlan | None, case: Case, knowledge: Knowledge, ground: Ground, most: int, today: date
) -> tuple[list[ProgramItem], LoadPlan | None]:
    """One or two items harder, the ones that stood still longest; running counts as one of them and never rises without a green run.

    In a program of an earlier phase the harder exercise comes before more of the same, and what running jumped already is not raised.
    """
    changed, behind = 0, case.program is not None and case.program.phase < ground.phase
    further = load if running_held(case, knowledge, today) else _more_running(load, case, knowledge, today)
    if further != load:
        load, changed = further, 1
    new = list(items)
    for at in _longest_unchanged(items, case, knowledge):
        if changed >= most:
            break
        harder = step_up(new[at], [*new[:at], *new[at + 1:]], ground, ladder_first=behind)
        if harder is not None:
            new[at], changed = harder, changed + 1
    return new, load


def running_held(case: Case, knowledge: Knowledge, today: date) -> bool:
    """No more running this week: it rose by more than is warned of, was far above the plan, is stopped, or hurts at every distance."""
    ceiling = run_ceiling(case, knowledge, today)
    beyond = ran_beyond_plan(case, knowledge, today) is not None
    return beyond or ceiling.hurts or bool(ceiling.stop) or load_rise(case, knowledge, today).is_warning


def _longest_unchanged(items: Sequence[ProgramItem], case: Case, knowledge: Knowledge) -> list[int]:
    """Places of the strength items, the one whose exercise and dose have stood longest first, then in program order."""

    def stands_since(item: ProgramItem) -> int:
        since = len(case.programs)
        for at, version in reversed(list(enumerate(case.programs))):
            if not any(one.exercise == item.exercise and one.side is item.side and one.dose == item.dose for one in version.items):
                break
            since = at
        return since

    return sorted((at for at, item in enumerate(items) if is_strength(knowledge, item)), key=lambda at: (stands_since(items[at]), at))


def _more_running(load: LoadPlan | None, case: Case, knowledge: Knowledge, today: date) -> LoadPlan | None:
    """A stage further, or the weekly rise that is usual, when the last two rated runs of two weeks were tolerated, the morning after too;
    else as it was."""
    wanted, since = int(running_threshold(knowledge, "green_runs_to_rise")), today - timedelta(days=RECENT_DAYS - 1)
    limit = running_threshold(knowledge, "run_pain_most")
    rated = [run for run in case.runs if run.invalidated_at is None and run.pain_during is not None and since <= run.on <= today][-wanted:]
    if load is None or len(rated) < wanted or any(has_hurt(run, limit) for run in rated):
        return load
    last = max(one.stage for one in knowledge.running.stages)
    if load.walk_run_stage is not None and load.walk_run_stage < last:
        return replace(load, walk_run_stage=load.walk_run_stage + 1)
    rise = 1 + running_threshold(knowledge, "weekly_rise_percent") / 100
    return _scaled(load, rise)


def _less_running(load: LoadPlan | None, knowledge: Knowledge, facts: ReviewFacts, decision: ReviewDecision) -> LoadPlan | None:
    """Half of the distance in a flare (worst pain or rest pain high), else the cut for an overload; one stage back."""
    if load is None:
        return None
    limits = next(one.thresholds for one in knowledge.reviews if one.id == decision.rule)
    high = (facts.worst_pain or 0) >= limits["worst_from"] or (facts.rest_pain or 0) > limits["rest_pain_above"]
    left = running_threshold(knowledge, "flare_cut_percent" if high else "overload_cut_percent") / 100
    stage = None if load.walk_run_stage is None else max(FIRST_STAGE, load.walk_run_stage - 1)
    return replace(_scaled(load, left), walk_run_stage=stage)


def _no_running(load: LoadPlan | None) -> LoadPlan | None:
    if load is None:
        return None
    return replace(load, weekly_km=0.0, longest_run_km=None, runs_per_week=0, walk_run_stage=None)


def _within(load: LoadPlan | None, allowed: LoadPlan | None, *, always: bool) -> LoadPlan | None:
    """The plan, never above what the findings allow; where they allow no running at all, also when the decision leaves running alone."""
    if load is None or allowed is None or not (always or allowed.weekly_km == 0):
        return load
    if allowed.weekly_km == 0:
        return _no_running(load)
    return replace(load, weekly_km=_lower(load.weekly_km, allowed.weekly_km), longest_run_km=_lower(load.longest_run_km, allowed.longest_run_km),
                   walk_run_stage=None if load.walk_run_stage is None else min(load.walk_run_stage, allowed.walk_run_stage or load.walk_run_stage))


def _lower(planned: float | None, allowed: float | None) -> float | None:
    """The lower of the two; a plan without the number stays without it."""
    return planned if planned is None or allowed is None else min(planned, allowed)


def _scaled(load: LoadPlan, factor: float) -> LoadPlan:
    """Distances times `factor`, rounded down to half a kilometre so that a cut is a cut and a rise no more than allowed."""
    week = None if load.weekly_km is None else _half_km(load.weekly_km * factor)
    longest = None if load.longest_run_km is None else _half_km(load.longest_run_km * factor)
    return replace(load, weekly_km=week, longest_run_km=longest)


def _half_km(km: float) -> float:
    return round(int(km / KM_STEP + 1e-9) * KM_STEP, 1)


def _tape_left(program: Program, facts: ReviewFacts, knowledge: Knowledge) -> TapeNote | None:
    above = _stop_after(knowledge, "tape_weeks_above")
    return None if facts.tape_weeks is not None and facts.tape_weeks > above else program.tape


def _devices_left(program: Program, facts: ReviewFacts, knowledge: Knowledge) -> tuple[DeviceNote, ...]:
    if facts.orthosis_weeks is None or facts.orthosis_weeks <= _stop_after(knowledge, "orthosis_weeks_above"):
        return program.devices
    return tuple(one for one in program.devices if not is_orthosis(knowledge, one))


def _stop_after(knowledge: Knowledge, name: str) -> float:
    return next(one.thresholds[name] for one in knowledge.reviews if one.id == "WR9")

