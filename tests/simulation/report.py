"""The scores as a table a person can read."""

from __future__ import annotations

from collections.abc import Sequence

from tests.simulation.courses import Kind
from tests.simulation.scores import Score, Seen, calm_rows, decisions, progressed_while_worse, scores, stepped_back_when_worse

HEAD = (f"{'alert':<22}{'stretches':>10}{'caught':>8}{'recall':>8}{'delay':>7}{'weeks':>8}{'right':>7}{'precision':>11}"
        f"{'fresh':>7}{'right':>7}{'prec.':>7}")


def report(seen: Sequence[Seen]) -> str:
    """Recall by stretch of truth, precision by week with the alert and by fresh alert; decisions of the review below."""
    lines = [HEAD, *(_line(one) for one in scores(seen).values()), _line(stepped_back_when_worse(seen), "review steps back")]
    calm, rows, both = calm_rows(seen)
    lines += ["", f"on course: {rows} rows say so, {both} truly ({_share(both, rows)});"
                  f" {calm} weeks truly calm, {_share(both, calm)} say so"]
    lines += ["", "review rule   weeks   fits"]
    lines += [f"{one.rule:<10}{one.weeks:>9}{_percent(one.precision):>7}" for one in decisions(seen)]
    progressed, worse = progressed_while_worse(seen)
    lines += [f"more exercise suggested in {progressed} of {worse} weeks of true worsening"]
    lines += ["", "worsening caught, by kind of course: " + ", ".join(_by_kind(seen))]
    return "\n".join(lines)


def _by_kind(seen: Sequence[Seen]) -> list[str]:
    found = []
    for kind in Kind:
        own = scores([one for one in seen if one.runner.course.kind is kind])["worsening"]
        if own.stretches or own.weeks:
            found.append(f"{kind} {own.caught}/{own.stretches} (false weeks {own.weeks - own.right})")
    return found


def _line(one: Score, name: str = "") -> str:
    delay = "-" if one.delay is None else f"{one.delay:g}"
    return (f"{name or one.alert:<22}{one.stretches:>10}{one.caught:>8}{_percent(one.recall):>8}{delay:>7}{one.weeks:>8}{one.right:>7}"
            f"{_percent(one.precision):>11}{one.fresh:>7}{one.fresh_right:>7}{_percent(one.fresh_precision):>7}")


def _share(part: int, whole: int) -> str:
    return _percent(part / whole if whole else None)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.0f} %"
