"""Pain that was told between visits: a check-in or a run speaks beside the value entered at a visit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kneeclinic.rules.load import check_ins, runs_within
from kneeclinic.vocabulary import Side

if TYPE_CHECKING:
    from kneeclinic.rules.facts import Facts

RECENT_DAYS = 7
Word = tuple[date, float]


def _said(facts: Facts, measure: str, side: Side, told: Iterable[Word]) -> float | None:
    """Of what was said in the last seven days the highest; when all is older, the newest (the higher of two on one day)."""
    own = facts.newest(measure, side)
    words = list(told) if side in facts.sides else []
    if own is not None and own.number is not None:
        words.append((own.on, own.number))
    if not words:
        return None
    since = facts.today - timedelta(days=RECENT_DAYS - 1)
    recent = [value for on, value in words if on >= since]
    return max(recent) if recent else max(words)[1]


def _of_check_ins(measure: str, field: str) -> Callable[[Facts, Side], float | None]:
    def of(facts: Facts, side: Side) -> float | None:
        words = [(min(one.week_end, facts.today), getattr(one, field)) for one in check_ins(facts)]
        return _said(facts, measure, side, [(on, float(value)) for on, value in words if value is not None])

    return of


def _pain_running(facts: Facts, side: Side) -> float | None:
    runs = [(run.on, float(run.pain_during)) for run in runs_within(facts, RECENT_DAYS) if run.pain_during is not None]
    return _said(facts, "pain_running", side, runs[-1:])


TOLD: dict[str, Callable[[Facts, Side], float | None]] = {
    "pain_worst": _of_check_ins("pain_worst", "pain_worst"),
    "pain_usual": _of_check_ins("pain_usual", "pain_usual"),
    "pain_rest_24h": _of_check_ins("pain_rest_24h", "pain_next_morning"),
    "pain_running": _pain_running,
}
