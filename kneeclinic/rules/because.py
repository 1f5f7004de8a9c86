"""Why something was found: one value, compared with one limit, as a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from kneeclinic.knowledge.catalogue import Knowledge
from kneeclinic.knowledge.schema import Measure
from kneeclinic.record.visits import Value
from kneeclinic.vocabulary import MeasureKind, Side

CARRIED = ", carried"
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
