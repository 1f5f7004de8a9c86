"""The running of the week that follows from the findings: how far, which stage, which cue, how many days off."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.record.programs import LoadPlan
from kneeclinic.rules.facts import Facts
from kneeclinic.rules.findings import Findings
from kneeclinic.rules.load import shortest_painful_km, week_km
from kneeclinic.rules.red_flags import RaisedFlag
from kneeclinic.vocabulary import FlagLevel, Side

PERCENT = 100
FULL_RETURN = 4  # the phase of those who run 30 minutes three times a week


def running_plan(findings: Findings, facts: Facts) -> LoadPlan | None:
    """A plan where a rule or a red flag speaks of running, else None. The strictest of several cuts counts; no cut ever adds distance."""
    given = {item for one in findings.suggestions for item in one.items}
    limits = {one.id: one.value for one in facts.knowledge.running.thresholds}
    if no_running(findings.flags, given, facts.knowledge):
        other_sport = "" if OTHER_SPORT & findings.avoided_items else CROSS_TRAINING
        return LoadPlan(weekly_km=0.0, runs_per_week=0, cross_training=other_sport, note=NO_IMPACT)
    if not given & SPEAKS_OF_RUNNING:
        return None
    ceiling = None
    if "run_ceiling_90" in given and (tolerated := facts.number("pain_threshold_km", Side.NONE)) is not None:
        painful = shortest_painful_km(facts)
        ceiling = round(min(tolerated, tolerated if painful is None else painful) * limits["ceiling_percent"] / PERCENT, 1)
    return LoadPlan(
        weekly_km=_weekly_km(given, facts, limits),
        longest_run_km=ceiling,
        runs_per_week=int(limits["runs_per_week"]),
        walk_run_stage=_stage(given, findings.phase, facts),
        cross_training=CROSS_TRAINING if given & CALLS_FOR_OTHER_SPORT else "",
        cadence_cue=_cadence(facts, limits) if "cadence_drill" in given else "",
    )


def no_running(flags: Iterable[RaisedFlag], given: Collection[str], knowledge: Knowledge) -> bool:
    """Whether a red flag that does more than inform, or an advice that was given, leaves no running."""
    return any(flag.level is not FlagLevel.INFORM for flag in flags) or any(one.id in given for one in knowledge.advice.values() if one.stops_running)


CALLS_FOR_OTHER_SPORT = frozenset({"two_rest_days", "cut_run_half", "cut_to_70_percent"})
SPEAKS_OF_RUNNING = frozenset({
    "walk_run", "cadence_drill", "cut_run_half", "cut_to_70_percent", "repeat_stage", "back_one_stage", "two_rest_days",
    "first_week_3_km", "no_impact", "run_ceiling_90",
})
NO_IMPACT = "No running or jumping for now."
CROSS_TRAINING = "bicycle with a high saddle, deep water, flat walking"
OTHER_SPORT = frozenset({"bike_easy", "pool_run", "walk_base"})
"""The same as exercises: where one of them is to be avoided, no other sport is named."""


def _weekly_km(given: set[str], facts: Facts, limits: dict[str, float]) -> float | None:
    """Kilometres of this week after every cut that was suggested; None where no distance is known and none is set."""
    entered = facts.number("km_week", Side.NONE)
    lately = week_km(facts, 0)
    now = lately if lately is not None else entered
    options = []
    if "cut_run_half" in given and now is not None:
        options.append(now * limits["flare_cut_percent"] / PERCENT)
    if "cut_to_70_percent" in given:
        before = [km for km in (week_km(facts, 2), week_km(facts, 1)) if km is not None]
        prior = before[0] if before else now
        if prior is not None:
            options.append(min(prior, now if now is not None else prior) * limits["overload_cut_percent"] / PERCENT)
    if "first_week_3_km" in given:
        options.append(limits["first_week_km"])
    return round(min(options), 1) if options else None


def _stage(given: set[str], phase: int, facts: Facts) -> int | None:
    """The stage of the walk-run table: the first for who begins, the same or one back for who is on one; none for who runs 30 minutes already."""
    plan = facts.case.program.load if facts.case.program else None
    current = plan.walk_run_stage if plan else None
    if current is None:
        return 1 if "walk_run" in given and phase < FULL_RETURN else None
    return max(1, current - 1) if "back_one_stage" in given else current


def _cadence(facts: Facts, limits: dict[str, float]) -> str:
    """Own step rate plus five to ten per cent, in steps a minute where it is on record."""
    low, high = limits["cadence_rise_low_percent"], limits["cadence_rise_high_percent"]
    own = facts.number("cadence", Side.NONE)
    if own is None:
        return f"{low:g} to {high:g} % more steps a minute"
    return f"{own * (1 + low / PERCENT):.0f} to {own * (1 + high / PERCENT):.0f} steps a minute (now {own:.0f})"
