"""Why something was found: one value, compared with one limit, as a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.knowledge.schema import Measure
from kneeclinic.record.visits import Value
from kneeclinic.vocabulary import MeasureKind, Side

CARRIED = ", carried"
COUNTED = "blocking_flags"
"""The count of flags that block, which says nothing beside the values behind them."""
Threshold = float | str | tuple[float | str, ...]

_WORDS = {"<": "below {}", "<=": "{} or less", ">": "above {}", ">=": "{} or more", "==": "{}", "!=": "not {}", "in": "{}"}


@dataclass(frozen=True)
class Because:
    """One comparison that holds: the value of a measure on a knee (or of the person) against a limit of the knowledge."""

    measure: str
    side: Side
    value: Value
    op: str
    threshold: Threshold
    carried: bool = False
    """Taken over from an earlier visit (for a computed value: what it is made of), not measured anew."""

    def sentence(self, knowledge: Knowledge) -> str:
        """For the clinician, e.g. "Hip abduction symmetry, right: 82 % (below 90 %)"; a flag reads "Locking, left: yes"."""
        measure = knowledge.measure(self.measure)
        where = "" if self.side is Side.NONE else f", {self.side.value}"
        mark = CARRIED if self.carried else ""
        head = f"{measure.label}{where}: {shown(measure, self.value)}"
        if measure.kind is MeasureKind.FLAG or (self.op == "==" and self.value == self.threshold):
            return head + mark
        if isinstance(self.threshold, tuple):
            limit = " or ".join(shown(measure, one) for one in self.threshold)
        else:
            limit = shown(measure, self.threshold)
        return f"{head} ({_WORDS[self.op].format(limit)}){mark}"


def told(reasons: Iterable[Because], knowledge: Knowledge) -> tuple[str, ...]:
    """The reasons as a clinician would say them: each value once with all its limits, both knees in one line where they are alike.

    "Age: 14 years (8 years or more)" and "(15 years or less)" become "Age: 14 years (8 to 15 years)". The count of red flags is not told where
    the values behind them are.
    """
    kept = list(dict.fromkeys(reasons))
    kept = [one for one in kept if one.measure != COUNTED] or kept
    limits: dict[tuple[str, Side, Value, bool], dict[tuple[str, Threshold], None]] = {}
    for one in kept:
        limits.setdefault((one.measure, one.side, one.value, one.carried), {})[one.op, one.threshold] = None
    done: set[tuple[str, Side, Value, bool]] = set()
    lines: list[str] = []
    for key, found in limits.items():
        if key in done:
            continue
        name, side, value, carried = key
        other = (name, {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}.get(side, side), value, carried)
        twin = other != key and limits.get(other) == found
        done |= {key, other} if twin else {key}
        one = Because(name, side, value, *next(iter(found)), carried)
        lines.append(_line(one, list(found), "both" if twin else side.value, knowledge))
    return tuple(lines)


def _line(one: Because, limits: list[tuple[str, Threshold]], where: str, knowledge: Knowledge) -> str:
    measure = knowledge.measure(one.measure)
    sentence = one.sentence(knowledge)
    if len(limits) > 1 and sentence.endswith(")" + (CARRIED if one.carried else "")):
        head = sentence[:sentence.rindex(" (")]
        sentence = f"{head} ({_range(measure, limits)}){CARRIED if one.carried else ''}"
    return sentence if one.side is Side.NONE else sentence.replace(f", {one.side.value}: ", f", {where}: ", 1)


def _range(measure: Measure, limits: list[tuple[str, Threshold]]) -> str:
    """3 to 5 where the value lies between two limits, else all of them with a comma between."""
    by_op = dict(limits)
    low, high = by_op.get(">="), by_op.get("<=")
    if len(limits) == 2 and isinstance(low, int | float) and isinstance(high, int | float):
        return f"{low:g} to {shown(measure, high)}"
    words = [_WORDS[op].format(" or ".join(shown(measure, part) for part in limit) if isinstance(limit, tuple) else shown(measure, limit))
             for op, limit in limits]
    return ", ".join(words)


def shown(measure: Measure, value: Value) -> str:
    """A value as a clinician reads it: with its unit, yes or no for a flag, the label for a choice."""
    if measure.kind is MeasureKind.FLAG:
        return "yes" if value else "no"
    if isinstance(value, str):
        labels = dict(zip(measure.choices, measure.choice_labels, strict=False))
        return labels.get(value, value)
    number = f"{value:.{max(measure.decimals, 0)}f}"
    if float(number) != value:
        number = f"{value:.{measure.decimals + 1}f}"
    unit = measure.unit.removesuffix("s") if value == 1 and len(measure.unit) > 1 else measure.unit
    if not unit:
        return number
    return f"{number}{unit}" if unit.startswith("/") else f"{number} {unit}"
