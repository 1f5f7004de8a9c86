"""How far each goal is: reached, on the way, behind, or without a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kneeclinic.knowledge import Knowledge
from kneeclinic.progress.amounts import day_text
from kneeclinic.progress.series import values_of
from kneeclinic.record.case import Case
from kneeclinic.record.episodes import Goal
from kneeclinic.vocabulary import Better

State = Literal["reached", "on_the_way", "behind", "missed", "no_value"]


@dataclass(frozen=True)
class GoalStatus:
    """`share` of the way from baseline to target, 0 to 1; `expected` share if the way were walked evenly; `value` the newest."""

    goal: Goal
    state: State
    value: float | None
    share: float
    expected: float
    sentence: str


def goals_status(case: Case, knowledge: Knowledge, today: date) -> tuple[GoalStatus, ...]:
    """Every goal that was not dropped, in the order in which they were set."""
    return tuple(goal_status(case, knowledge, goal, today) for goal in active_goals(case, today))


def active_goals(case: Case, today: date) -> tuple[Goal, ...]:
    return tuple(one for one in case.episode.goals if one.set_on <= today and (one.dropped_on is None or one.dropped_on > today))


def all_goals_reached(case: Case, knowledge: Knowledge, today: date) -> bool:
    """True when there is at least one goal and the newest value of each has reached its target."""
    found = goals_status(case, knowledge, today)
    return bool(found) and all(one.state == "reached" for one in found)


def goal_status(case: Case, knowledge: Knowledge, goal: Goal, today: date) -> GoalStatus:
    """Where one goal stands today. Without a stated baseline the last value before the goal was set, else the first, counts as baseline."""
    measure = knowledge.measure(goal.measure)
    name = measure.short or measure.label
    points = values_of(case, knowledge, goal.measure, goal.side, today)
    expected = _share((today - goal.set_on).days, (goal.by - goal.set_on).days)
    if not points:
        return GoalStatus(goal, "no_value", None, 0.0, expected, f"{name}: no value yet.")
    value = points[-1].value
    before = [one.value for one in points if one.on <= goal.set_on] or [points[0].value]
    baseline = goal.baseline if goal.baseline is not None else before[-1]
    sign = _direction(measure.better, baseline, goal.target)
    reached = sign * (value - goal.target) >= 0
    share = 1.0 if reached else min(0.99, _share(value - baseline, goal.target - baseline))
    state: State = "reached" if reached else "missed" if today > goal.by else "on_the_way" if share >= expected else "behind"
    return GoalStatus(goal, state, value, share, expected, _sentence(name, state, value, goal))


def _direction(better: Better, baseline: float, target: float) -> int:
    if better is Better.NEITHER:
        return 1 if target >= baseline else -1
    return 1 if better is Better.HIGHER else -1


def _share(done: float, whole: float) -> float:
    return 1.0 if whole == 0 else min(1.0, max(0.0, done / whole))


def _sentence(name: str, state: State, value: float, goal: Goal) -> str:
    words = {"reached": "reached", "on_the_way": "on the way", "behind": "behind an even course", "missed": "not reached in time"}
    return f"{name}: {value:g} of {goal.target:g} by {day_text(goal.by)}, {words[state]}."
